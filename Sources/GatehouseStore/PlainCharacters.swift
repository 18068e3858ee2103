/// A text's characters as they are compared: letters in lower case and digits, sixteen bits each, one space between words.
///
/// Marks, kinds of quotes and widths make no difference.
struct PlainCharacters {
    private static let size = 256
    private static let space: UInt8 = 0x20

    private let text: String
    /// Where the text's bytes are read no further.
    private let end: Int
    private var index = 0
    private var isBetweenWords = true
    /// A word has ended, and another may follow.
    private var isSpaceOwed = false
    /// What was read last, `count` characters.
    private(set) var block = InlineArray<256, UInt16>(repeating: 0)
    private(set) var count = 0

    /// - Parameter longest: Bytes of UTF-8 that are read.
    init(_ text: String, longest: Int) {
        self.text = text
        end = min(text.utf8.count, longest)
    }

    /// Reads the next block. No space leads or trails in the whole of the text.
    ///
    /// - Returns: False at the end.
    mutating func readBlock() -> Bool {
        let bytes = text.utf8.span
        let table = Self.ascii
        count = 0
        if isSpaceOwed { append(UInt16(Self.space)) }
        while index < end, count < Self.size {
            let lead = bytes[index]
            guard lead < 0x80 else {
                guard readBeyondASCII(bytes) else { break }
                continue
            }
            // Without a branch: where a word ends can't be foreseen.
            let character = table[Int(lead)]
            let isSpace = character == Self.space
            block[count] = UInt16(character)
            count &+= isSpace && isBetweenWords ? 0 : 1
            isBetweenWords = isSpace
            index &+= 1
        }
        isSpaceOwed = isBetweenWords && count > 0
        if isSpaceOwed { count &-= 1 }
        return count > 0
    }

    private mutating func append(_ character: UInt16) {
        block[count] = character
        count &+= 1
    }

    /// - Returns: False where the character is cut.
    private mutating func readBeyondASCII(_ bytes: borrowing Span<UInt8>) -> Bool {
        let lead = bytes[index]
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        guard index &+ length <= end else { return false }
        // A String holds valid UTF-8.
        var scalar = UInt32(lead) & (0x7F >> UInt32(length))
        for offset in 1..<length { scalar = scalar << 6 | UInt32(bytes[index &+ offset] & 0x3F) }
        index &+= length
        if let character = Self.plain(scalar) {
            append(UInt16(truncatingIfNeeded: character))
            isBetweenWords = false
        } else if !isBetweenWords {
            append(UInt16(Self.space))
            isBetweenWords = true
        }
        return true
    }

    /// By the byte: letters in lower case and digits, and a space for what separates words.
    private static let ascii: InlineArray<128, UInt8> = .init { index in
        let byte = UInt8(truncatingIfNeeded: index)
        if byte &- 0x41 < 26 { return byte | 0x20 }
        return byte &- 0x61 < 26 || byte &- 0x30 < 10 ? byte : space
    }

    /// The same beyond ASCII; nil for what separates words.
    private static func plain(_ value: UInt32) -> UInt32? {
        switch value {
        case 0x80...0xBF, 0x2000...0x206F, 0x3000...0x3004, 0x3008...0x3020, 0xFE00...0xFE6F, 0xFF5B...0xFF65,
            0x1F3FB...0x1F3FF:
            return nil
        // Full-width forms are the ASCII ones, written wide.
        case 0xFF01...0xFF5A:
            let character = ascii[Int(value &- 0xFEE0)]
            return character == space ? nil : UInt32(character)
        case 0xC0...0x58F: return lowerCase[Int(value &- 0xC0)]
        default: return value ^ ((value >> 16) << 4)
        }
    }

    /// Of U+00C0 to U+058F: Latin, Greek, Cyrillic and Armenian.
    private static let lowerCase: [UInt32] = (0xC0...0x58F).map { (value: UInt32) in
        Unicode.Scalar(value)?.properties.lowercaseMapping.unicodeScalars.first?.value ?? value
    }
}
