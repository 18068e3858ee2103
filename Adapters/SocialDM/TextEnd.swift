/// What the last line of a text tells of whether the file is whole.
///
/// Nothing closes such a file but the end of its last line, and hands leave that out too: so only what no writer can have meant
/// proves a cut. A last message without a line end is otherwise handed on, and says so.
enum TextEnd {
    static let unsure = "last_line_unterminated"
    static let reason = "text_truncated"
    static let detail = "the file breaks off inside its last message."

    /// U+200E, U+200F, U+FEFF: they stand before some lines and not before others.
    private static let marks: [[UInt8]] = [[0xE2, 0x80, 0x8E], [0xE2, 0x80, 0x8F], [0xEF, 0xBB, 0xBF]]

    /// Whether the last character lacks bytes of its UTF-8.
    static func isWithinCharacter(_ bytes: [UInt8]) -> Bool {
        let lead = bytes.suffix(4).lastIndex { $0 & 0xC0 != 0x80 } ?? bytes.endIndex
        guard lead < bytes.endIndex, bytes[lead] >= 0xC0 else { return false }
        let needed = bytes[lead] >= 0xF0 ? 4 : bytes[lead] >= 0xE0 ? 3 : 2
        return bytes.endIndex - lead < needed
    }

    /// Whether a last line is the beginning of what every message starts with: `[13.05.2` of `[13.05.24, 09:15:01] `.
    ///
    /// - Parameter start: The start of another message, up to the name in it.
    static func isWithinStart(_ line: TextLine, like start: [UInt8]) -> Bool {
        guard !line.isTerminated, line.bytes.count < start.count + 8 else { return false }
        let (seen, whole) = (shape(line.bytes), shape(start))
        // A lone number may be somebody's words.
        let isDate = seen.contains(0x30) && seen.contains { $0 != 0x30 && $0 != UInt8(ascii: "[") }
        let isShorter = seen.count < whole.count || line.bytes.count < start.count
        return isDate && isShorter && whole.starts(with: seen)
    }

    /// Whether words behind a last time stamp may be a name that breaks off, and are no notice: that has more words, or an end.
    static func isWithinName(_ text: String) -> Bool {
        let words = text.unicodeScalars.split { $0.properties.isWhitespace }
        guard words.count <= 4, let last = words.last?.last else { return words.isEmpty }
        return !".!?。！？»”\"'".unicodeScalars.contains(last)
    }

    /// The bytes with each run of digits as one `0`, and without marks of direction and byte order before them.
    private static func shape(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var rest = bytes[...]
        while let mark = marks.first(where: rest.starts) { rest = rest.dropFirst(mark.count) }
        for byte in rest {
            let isDigit = (0x30...0x39).contains(byte)
            if !isDigit || result.last != 0x30 { result.append(isDigit ? 0x30 : byte) }
        }
        return result
    }
}
