import Glibc

/// glibc's `iconv`, to UTF-8.
enum Iconv {
    static func knows(_ charset: String) -> Bool {
        guard let handle = unsafe open(charset) else { return false }
        unsafe iconv_close(handle)
        return true
    }

    /// - Parameters:
    ///   - charset: A name made of letters, digits and `-_.:+` alone, so that no `//` option can come in.
    ///   - isLenient: Bytes that stand for nothing become U+FFFD; otherwise they make the result nil.
    /// - Returns: The text without a byte order mark; nil for a charset that iconv does not know.
    static func decode(_ bytes: [UInt8], from charset: String, isLenient: Bool) -> String? {
        guard let handle = unsafe open(charset) else { return nil }
        defer { unsafe iconv_close(handle) }
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count + bytes.count / 2)
        // A name or a short text needs no large buffer; no character takes more than a few bytes.
        var chunk = [UInt8](repeating: 0, count: min(max(bytes.count * 2, 64), 64 * 1024))
        var consumed = 0
        while consumed < bytes.count {
            let (taken, made, failure) = unsafe step(handle, bytes, consumed, &chunk)
            consumed += taken
            output.append(contentsOf: chunk[..<made])
            // E2BIG: the chunk is full. EILSEQ, EINVAL: bytes that stand for nothing, or a character that is cut.
            guard failure == EILSEQ || failure == EINVAL else {
                if failure == 0 || failure == E2BIG { continue }
                return nil
            }
            guard isLenient else { return nil }
            output.append(contentsOf: [0xEF, 0xBF, 0xBD])
            consumed += 1
        }
        let (_, made, _) = unsafe step(handle, nil, 0, &chunk)
        output.append(contentsOf: chunk[..<made])
        if output.starts(with: [0xEF, 0xBB, 0xBF]) { output.removeFirst(3) }
        return String(decoding: output, as: UTF8.self)
    }

    private static func open(_ charset: String) -> iconv_t? {
        guard !charset.isEmpty else { return nil }
        let handle = unsafe iconv_open("UTF-8", charset)
        return unsafe Int(bitPattern: handle) == -1 ? nil : handle
    }

    /// One call of `iconv`; without `bytes` it asks for what the state still holds.
    private static func step(
        _ handle: iconv_t,
        _ bytes: [UInt8]?,
        _ start: Int,
        _ chunk: inout [UInt8]
    ) -> (taken: Int, made: Int, failure: Int32) {
        let room = chunk.count
        return unsafe chunk.withUnsafeMutableBytes { output in
            var target = unsafe output.baseAddress?.assumingMemoryBound(to: CChar.self)
            var targetLeft = room
            guard let bytes else {
                _ = unsafe iconv(handle, nil, nil, &target, &targetLeft)
                return (0, room - targetLeft, 0)
            }
            return unsafe bytes.withUnsafeBytes { input in
                let base = unsafe input.baseAddress?.assumingMemoryBound(to: CChar.self)
                var source = unsafe UnsafeMutablePointer(mutating: base.map { unsafe $0 + start })
                var sourceLeft = bytes.count - start
                let result = unsafe iconv(handle, &source, &sourceLeft, &target, &targetLeft)
                let failure = result == -1 ? errno : 0
                return (bytes.count - start - sourceLeft, room - targetLeft, failure)
            }
        }
    }
}
