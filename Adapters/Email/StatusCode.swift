import GatehouseCore

/// Status codes of mail systems in a text: enhanced ones (`5.1.1`, RFC 3463 §2) and SMTP's replies (`550`, RFC 5321 §4.2).
enum StatusCode {
    /// The first enhanced code in `text`.
    static func first(in text: String) -> String? {
        let bytes = Array(text.utf8.prefix(1000))
        return enhanced(in: bytes, 0..<bytes.count).map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    /// The first `2.0.0`, `4.2.2` or `5.1.1` that is no part of a longer number, such as an IP address.
    static func enhanced(in bytes: [UInt8], _ range: Range<Int>) -> Range<Int>? {
        var index = range.lowerBound
        while index < range.upperBound {
            let start = index
            index &+= 1
            guard bytes[start] == 0x32 || bytes[start] == 0x34 || bytes[start] == 0x35 else { continue }
            guard start == range.lowerBound || !isPartOfWord(bytes[start - 1]) else { continue }
            guard let subject = field(bytes, start + 1, range.upperBound),
                let detail = field(bytes, subject, range.upperBound)
            else { continue }
            let continues =
                detail + 1 < range.upperBound && bytes[detail] == UInt8(ascii: ".") && isDigit(bytes[detail + 1])
            if !continues { return start..<detail }
        }
        return nil
    }

    /// The first `550 ` or `421-` with a word behind it that stands at the start of a line, or after `: `, `(`, `<` or `#`.
    static func reply(in bytes: [UInt8], _ range: Range<Int>) -> Range<Int>? {
        var index = range.lowerBound
        while index + 3 < range.upperBound {
            let start = index
            index &+= 1
            guard bytes[start] == 0x34 || bytes[start] == 0x35, (0x30...0x35).contains(bytes[start + 1]),
                isDigit(bytes[start + 2]), " -:".utf8.contains(bytes[start + 3])
            else { continue }
            if start == range.lowerBound || " \t(<#:>\"'\n".utf8.contains(bytes[start - 1]) { return start..<start + 3 }
        }
        return nil
    }

    /// Behind `.` and one to three digits.
    private static func field(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int? {
        guard start < end, bytes[start] == UInt8(ascii: ".") else { return nil }
        var index = start + 1
        while index < end, index - start <= 3, isDigit(bytes[index]) { index &+= 1 }
        guard index > start + 1, index == end || !isDigit(bytes[index]) else { return nil }
        return index
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }

    private static func isPartOfWord(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte == UInt8(ascii: ".") || (asciiLower(byte) >= 0x61 && asciiLower(byte) <= 0x7A)
    }
}
