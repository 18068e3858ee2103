import GatehouseCore

/// A bounce in a server's own words: the status and the address that it names.
enum BounceText {
    /// How much of the text is looked through.
    private static let window = 64 * 1024

    /// Fills what the report lacks.
    static func fill(_ report: inout BounceReport, from text: String) {
        let bytes = Array(text.utf8.prefix(window))
        if report.status == nil, let found = statusCode(bytes) {
            report.status = String(decoding: bytes[found], as: UTF8.self)
            if report.diagnosis == nil { report.diagnosis = line(around: found, bytes) }
        }
        if report.recipient == nil { report.recipient = address(bytes) }
    }

    /// The status code with which the field Status starts; nil for what is none, such as `0.1.1`.
    static func status(_ field: String) -> String? {
        let bytes = Array(field.utf8.prefix(window))
        let code = statusCode(bytes, classes: "245")
        return code?.lowerBound == 0 ? code.map { String(decoding: bytes[$0], as: UTF8.self) } : nil
    }

    /// The first `5.1.1` or `4.2.2` (RFC 3463 §2) that is no part of a longer number, such as an IP address.
    private static func statusCode(_ bytes: [UInt8], classes: String = "45") -> Range<Int>? {
        let classes = Array(classes.utf8)
        var index = 0
        while index < bytes.count {
            let start = index
            index &+= 1
            guard classes.contains(bytes[start]) else { continue }
            guard start == 0 || !isNumberByte(bytes[start - 1]), let subject = field(bytes, start + 1) else { continue }
            guard let detail = field(bytes, subject) else { continue }
            let continues = detail + 1 < bytes.count && bytes[detail] == UInt8(ascii: ".") && isDigit(bytes[detail + 1])
            if !continues { return start..<detail }
        }
        return nil
    }

    /// Behind `.` and one to three digits.
    private static func field(_ bytes: [UInt8], _ start: Int) -> Int? {
        guard start < bytes.count, bytes[start] == UInt8(ascii: ".") else { return nil }
        var index = start + 1
        while index < bytes.count, index - start <= 3, isDigit(bytes[index]) { index &+= 1 }
        guard index > start + 1, index == bytes.count || !isDigit(bytes[index]) else { return nil }
        return index
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }

    private static func isNumberByte(_ byte: UInt8) -> Bool { isDigit(byte) || byte == UInt8(ascii: ".") }

    private static func line(around range: Range<Int>, _ bytes: [UInt8]) -> String {
        var start = range.lowerBound
        while start > 0, bytes[start - 1] != 0x0A, range.lowerBound - start < 500 { start -= 1 }
        var end = range.upperBound
        while end < bytes.count, bytes[end] != 0x0A, end - range.upperBound < 500 { end += 1 }
        return String(decoding: bytes[start..<end], as: UTF8.self).trimmedBlanks
    }

    /// The first address in angle brackets, or else the first word with an `@` inside.
    private static func address(_ bytes: [UInt8]) -> String? {
        let separators = Set(" \t\n<>()\"',;:[]".utf8)
        var first: String?
        for word in bytes.split(maxSplits: 5000, whereSeparator: { separators.contains($0) }) {
            guard word.count < 255, let at = word.firstIndex(of: UInt8(ascii: "@")), at > word.startIndex,
                at + 1 < word.endIndex
            else { continue }
            let text = String(decoding: word, as: UTF8.self)
            let isInAngles = word.startIndex > 0 && bytes[word.startIndex - 1] == UInt8(ascii: "<")
            if isInAngles { return text }
            if first == nil { first = text }
        }
        return first
    }
}
