import Glibc
import Synchronization

/// glibc's `iconv`, to UTF-8.
///
/// A converter is a library that glibc loads, and unloads with its last user: those that were used are kept for the next
/// text, as few as a desk's languages need.
enum Iconv {
    private static let mostIdle = 64
    private static let mostUnknown = 256
    /// Converters without a user, as addresses.
    private static let idle = Mutex<[String: Int]>([:])
    /// Names that glibc has been asked for in vain.
    private static let unknown = Mutex<Set<String>>([])

    static func knows(_ charset: String) -> Bool {
        guard let handle = unsafe open(charset) else { return false }
        unsafe close(handle, charset)
        return true
    }

    /// - Parameters:
    ///   - charset: A name made of letters, digits and `-_.:+` alone, so that no `//` option can come in.
    ///   - isLenient: Bytes that stand for nothing become U+FFFD; otherwise they make the result nil.
    /// - Returns: The text without a byte order mark; nil for a charset that iconv does not know, and where more than half of
    ///   the bytes stand for nothing.
    static func decode(_ bytes: [UInt8], from charset: String, isLenient: Bool) -> String? {
        guard let handle = unsafe open(charset) else { return nil }
        defer { unsafe close(handle, charset) }
        // Chunk by chunk into the text itself: iconv cuts no character of what it makes.
        var text = ""
        text.reserveCapacity(bytes.count)
        // A name or a short text needs no large buffer; no character takes more than a few bytes.
        var chunk = [UInt8](repeating: 0, count: min(max(bytes.count * 2, 64), 64 * 1024))
        var consumed = 0
        var broken = 0
        while consumed < bytes.count {
            let (taken, made, failure) = unsafe step(handle, bytes, consumed, &chunk)
            consumed += taken
            text += String(decoding: chunk[..<made], as: UTF8.self)
            // E2BIG: the chunk is full. EILSEQ, EINVAL: bytes that stand for nothing, or a character that is cut.
            guard failure == EILSEQ || failure == EINVAL else {
                if failure == 0 || failure == E2BIG { continue }
                return nil
            }
            broken += 1
            guard isLenient, broken <= max(bytes.count / 2, few) else { return nil }
            text += "\u{FFFD}"
            consumed += 1
        }
        let (_, made, _) = unsafe step(handle, nil, 0, &chunk)
        text += String(decoding: chunk[..<made], as: UTF8.self)
        if text.utf8.starts(with: [0xEF, 0xBB, 0xBF]) { text.unicodeScalars.removeFirst() }
        return text
    }

    /// Of a short text more may be broken: it may have been cut.
    private static let few = 16

    private static func open(_ charset: String) -> iconv_t? {
        guard !charset.isEmpty else { return nil }
        if let address = idle.withLock({ $0.removeValue(forKey: charset) }) {
            return unsafe iconv_t(bitPattern: address)
        }
        if unknown.withLock({ $0.contains(charset) }) { return nil }
        let handle = unsafe iconv_open("UTF-8", charset)
        if let handle = unsafe handle, Int(bitPattern: handle) != -1 { return unsafe handle }
        unknown.withLock { if $0.count < mostUnknown { $0.insert(charset) } }
        return nil
    }

    /// Takes a converter back, in the state in which it began.
    private static func close(_ handle: iconv_t, _ charset: String) {
        _ = unsafe iconv(handle, nil, nil, nil, nil)
        let address = Int(bitPattern: handle)
        let isKept = idle.withLock { idle in
            guard idle[charset] == nil, idle.count < mostIdle else { return false }
            idle[charset] = address
            return true
        }
        if !isKept { unsafe iconv_close(handle) }
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
