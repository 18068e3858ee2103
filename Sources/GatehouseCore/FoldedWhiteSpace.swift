/// Text with each run of white space as one space, and none at its ends.
///
/// White space is a fixed list, so that no new Unicode version changes a fingerprint: U+0009–000D, space, U+0085,
/// U+00A0, U+1680, U+2000–200B, U+2028, U+2029, U+202F, U+205F, U+3000 and U+FEFF.
enum FoldedWhiteSpace {
    /// - Returns: UTF-8.
    static func bytes(of text: String) -> [UInt8] {
        var text = text
        return text.withUTF8 { source in
            // Each byte goes out at most once, and a run of white space as one byte.
            unsafe [UInt8](unsafeUninitializedCapacity: source.count) { target, count in
                unsafe count = fold(source, into: target)
            }
        }
    }

    private static func fold(_ source: UnsafeBufferPointer<UInt8>, into target: UnsafeMutableBufferPointer<UInt8>)
        -> Int
    {
        var count = 0
        // True at the start too, where white space leaves nothing.
        var isAfterSpace = true
        var index = 0
        let raw = UnsafeRawBufferPointer(source)
        while index < source.count {
            if index &+ 8 <= source.count, count &+ 8 <= target.count {
                let word = unsafe raw.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
                if isFolded(word, after: isAfterSpace) {
                    unsafe UnsafeMutableRawBufferPointer(target).storeBytes(
                        of: word.littleEndian,
                        toByteOffset: count,
                        as: UInt64.self
                    )
                    isAfterSpace = word >> 56 == 0x20
                    count &+= 8
                    index &+= 8
                    continue
                }
            }
            let byte = unsafe source[index]
            if byte >= 0x80 {
                let length = unsafe whiteSpaceLength(source, at: index)
                if length > 0 {
                    if !isAfterSpace {
                        unsafe target[count] = 0x20
                        count &+= 1
                    }
                    isAfterSpace = true
                    index &+= length
                    continue
                }
            }
            // Without a branch: where words end is what a processor can't foresee.
            let isSpace = byte == 0x20 || byte &- 0x09 < 5
            unsafe target[count] = isSpace ? 0x20 : byte
            count &+= isSpace && isAfterSpace ? 0 : 1
            isAfterSpace = isSpace
            index &+= 1
        }
        return isAfterSpace && count > 0 ? count - 1 : count
    }

    /// True for eight bytes of ASCII that stay as they are: no control characters, and no space behind a space.
    private static func isFolded(_ word: UInt64, after isAfterSpace: Bool) -> Bool {
        let lows: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
        let highs: UInt64 = 0x8080_8080_8080_8080
        // Without carries from byte to byte: the high bit of each byte below 0x80 says whether it is at least 0x20…
        let isPrintable = (word & lows) &+ 0x6060_6060_6060_6060
        guard word & highs == 0, isPrintable & highs == highs else { return false }
        // …and whether it is a space.
        let spaces = ~((word ^ 0x2020_2020_2020_2020) &+ lows) & highs
        return spaces & (spaces << 8 | (isAfterSpace ? 0x80 : 0)) == 0
    }

    /// The bytes of the white space that starts here; 0 where it is another scalar, or the inside of one.
    private static func whiteSpaceLength(_ source: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
        let lead = unsafe source[index]
        guard lead == 0xC2 || lead >= 0xE1, index + 1 < source.count else { return 0 }
        let second = unsafe source[index + 1]
        if lead == 0xC2 { return second == 0x85 || second == 0xA0 ? 2 : 0 }
        guard index + 2 < source.count else { return 0 }
        let third = unsafe source[index + 2]
        let isSpace =
            switch (lead, second) {
            case (0xE1, 0x9A): third == 0x80  // U+1680
            case (0xE2, 0x80):  // U+2000–200B, U+2028, U+2029, U+202F
                third <= 0x8B || third == 0xA8 || third == 0xA9 || third == 0xAF
            case (0xE2, 0x81): third == 0x9F  // U+205F
            case (0xE3, 0x80): third == 0x80  // U+3000
            case (0xEF, 0xBB): third == 0xBF  // U+FEFF
            default: false
            }
        return isSpace ? 3 : 0
    }
}

extension SHA256Stream {
    /// As `update(field:)`, with white space folded.
    func update(folded text: String) {
        let bytes = FoldedWhiteSpace.bytes(of: text)
        update(String(bytes.count))
        update(":")
        update(bytes)
    }
}
