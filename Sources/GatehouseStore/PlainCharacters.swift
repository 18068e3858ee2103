/// A text's characters as they are compared: letters in lower case and digits, sixteen bits each, one space between words.
///
/// Marks, kinds of quotes and widths make no difference.
enum PlainCharacters {
    private static let space: UInt16 = 0x20

    /// No space leads or trails.
    ///
    /// - Parameter longest: Bytes of UTF-8 that are read; of more, the beginning.
    static func all(of text: String, longest: Int) -> [UInt16] {
        var text = text
        return text.withUTF8 { source in
            let end = min(source.count, longest)
            // Each byte gives one character at most.
            return unsafe [UInt16](unsafeUninitializedCapacity: end) { target, count in
                unsafe count = read(source, end, into: target)
            }
        }
    }

    private static func read(
        _ source: UnsafeBufferPointer<UInt8>,
        _ end: Int,
        into target: UnsafeMutableBufferPointer<UInt16>
    ) -> Int {
        var count = 0
        var isBetweenWords = true
        var index = 0
        let raw = UnsafeRawBufferPointer(source)
        while index < end {
            if end &- index >= 8 {
                let block = unsafe raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                if let (characters, endsWord) = plain(UInt64(littleEndian: block), after: isBetweenWords) {
                    unsafe UnsafeMutableRawBufferPointer(target).storeBytes(
                        of: characters,
                        toByteOffset: 2 &* count,
                        as: SIMD8<UInt16>.self
                    )
                    isBetweenWords = endsWord
                    count &+= 8
                    index &+= 8
                    continue
                }
            }
            let byte = unsafe source[index]
            if byte < 0x80 {
                // Without a branch: where a word ends can't be foreseen.
                let lower = byte &- 0x41 < 26 ? byte | 0x20 : byte
                let isSpace = lower &- 0x61 >= 26 && lower &- 0x30 >= 10
                unsafe target[count] = isSpace ? space : UInt16(lower)
                count &+= isSpace && isBetweenWords ? 0 : 1
                isBetweenWords = isSpace
                index &+= 1
                continue
            }
            let length = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
            guard index &+ length <= end else { break }
            // A String holds valid UTF-8.
            var scalar = UInt32(byte) & (0x7F >> UInt32(length))
            for offset in 1..<length { scalar = unsafe scalar << 6 | UInt32(source[index &+ offset] & 0x3F) }
            let character = plain(scalar)
            unsafe target[count] = character.map { UInt16(truncatingIfNeeded: $0) } ?? space
            count &+= character == nil && isBetweenWords ? 0 : 1
            isBetweenWords = character == nil
            index &+= length
        }
        return isBetweenWords && count > 0 ? count - 1 : count
    }

    /// Eight bytes of ASCII that are eight characters, as most are: no separator stands behind another.
    ///
    /// - Returns: The characters, and whether the last of them is a space; nil where there are fewer.
    @inline(__always)
    private static func plain(
        _ bytes: UInt64,
        after isBetweenWords: Bool
    ) -> (characters: SIMD8<UInt16>, endsWord: Bool)? {
        let (ones, highs): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
        guard bytes & highs == 0 else { return nil }
        // The highest bit of a byte says whether it is at least a bound; none carries over.
        let lower = bytes | 0x20 &* ones
        let letters = (lower &+ 0x1F &* ones) & ~(lower &+ 0x05 &* ones) & highs
        let digits = (bytes &+ 0x50 &* ones) & ~(bytes &+ 0x46 &* ones) & highs
        let separators = ~(letters | digits) & highs
        guard separators & (separators << 8 | (isBetweenWords ? 0x80 : 0)) == 0 else { return nil }
        let kept = bytes | letters >> 2
        // Of a byte whose highest bit alone is set, all bits.
        let isSeparator = separators >> 7 &* 0xFF
        let folded = kept & ~isSeparator | (0x20 &* ones) & isSeparator
        let narrow = unsafe unsafeBitCast(folded.littleEndian, to: SIMD8<UInt8>.self)
        return (SIMD8<UInt16>(truncatingIfNeeded: narrow), separators >> 63 == 1)
    }

    /// The same beyond ASCII; nil for what separates words.
    private static func plain(_ value: UInt32) -> UInt32? {
        switch value {
        case 0x80...0xBF, 0x2000...0x206F, 0x3000...0x3004, 0x3008...0x3020, 0xFE00...0xFE6F, 0xFF5B...0xFF65,
            0x1F3FB...0x1F3FF:
            return nil
        // Full-width forms are the ASCII ones, written wide.
        case 0xFF01...0xFF5A:
            let ascii = value &- 0xFEE0
            if ascii &- 0x41 < 26 { return ascii | 0x20 }
            return ascii &- 0x61 < 26 || ascii &- 0x30 < 10 ? ascii : nil
        case 0xC0...0x58F: return lowerCase[Int(value &- 0xC0)]
        default: return value ^ ((value >> 16) << 4)
        }
    }

    /// Of U+00C0 to U+058F: Latin, Greek, Cyrillic and Armenian.
    private static let lowerCase: [UInt32] = (0xC0...0x58F).map { (value: UInt32) in
        Unicode.Scalar(value)?.properties.lowercaseMapping.unicodeScalars.first?.value ?? value
    }
}
