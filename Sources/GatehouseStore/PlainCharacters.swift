import CProcessor

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
        while index < end {
            let byte = unsafe source[index]
            if byte < 0x80, end &- index >= 16 {
                let block = unsafe UnsafeRawBufferPointer(source).loadUnaligned(
                    fromByteOffset: index,
                    as: SIMD16<UInt8>.self
                )
                let found = PlainBlock(block, after: isBetweenWords)
                // In bounds: no more characters were written than bytes read, and sixteen more bytes are there.
                let place = UnsafeMutableRawBufferPointer(target)
                unsafe place.storeBytes(of: found.low, toByteOffset: 2 &* count, as: SIMD8<UInt16>.self)
                unsafe place.storeBytes(of: found.high, toByteOffset: 2 &* count &+ 16, as: SIMD8<UInt16>.self)
                count &+= found.characters
                index &+= found.bytes
                isBetweenWords = found.endsWord
                continue
            }
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

/// The characters of sixteen bytes of which the first is ASCII, up to the first byte beyond ASCII or the first separator
/// behind another.
private struct PlainBlock {
    /// Eight characters each; only the first `characters` of them count.
    let low: SIMD8<UInt16>
    let high: SIMD8<UInt16>
    let characters: Int
    /// Bytes that are done with: those of the characters, and the separators behind them that make no further one.
    let bytes: Int
    /// Whether the last of the bytes is a separator.
    let endsWord: Bool

    @inline(__always)
    init(_ block: SIMD16<UInt8>, after isBetweenWords: Bool) {
        let capitals = cprocessor_within(block, 0x41, 26)
        let lower = block | capitals & SIMD16(repeating: 0x20)
        let kept = cprocessor_within(lower, 0x61, 26) | cprocessor_within(block, 0x30, 10)
        let folded = lower & kept | SIMD16(repeating: 0x20) & ~kept
        low = SIMD8(truncatingIfNeeded: folded.lowHalf)
        high = SIMD8(truncatingIfNeeded: folded.highHalf)
        let count = (cprocessor_bits(block) | 1 << 16).trailingZeroBitCount
        let separators = ~cprocessor_bits(kept)
        let dropped = separators & (separators << 1 | (isBetweenWords ? 1 : 0))
        characters = (dropped | 1 << UInt32(count)).trailingZeroBitCount
        // Behind a separator no other of the same run makes a character.
        let run = (~separators >> UInt32(characters) | 1 << 16).trailingZeroBitCount
        bytes = characters < count ? min(count, characters &+ run) : count
        endsWord = separators >> UInt32(bytes &- 1) & 1 == 1
    }
}
