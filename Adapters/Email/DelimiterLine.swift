import GatehouseCore

/// Lines that part the parts of a multipart: two dashes and the boundary (RFC 2046 §5.1.1).
enum DelimiterLine {
    private static let dash = UInt8(ascii: "-")

    /// nil for a line that is no such boundary, else whether it is the closing one.
    ///
    /// A boundary need not fill its line (RFC 2046 §5.1.1), but it must end there: what goes on without a blank may be
    /// another boundary.
    static func isClosing(_ boundary: [UInt8], _ message: [UInt8], _ start: Int, _ next: Int) -> Bool? {
        guard next - start > 2, message[start] == dash, message[start + 1] == dash else { return nil }
        guard ByteSearch.matches(boundary, message, at: start + 2) else { return nil }
        var index = start + 2 + boundary.count
        guard index <= next else { return nil }
        let isClosing = index + 1 < next && message[index] == dash && message[index + 1] == dash
        if isClosing { index += 2 }
        guard !isClosing, index < next, !isLineEnd(message[index]) else { return isClosing }
        guard isBlank(message[index]) else { return nil }
        while index < next, isBlank(message[index]) || isLineEnd(message[index]) { index += 1 }
        return index == next || boundary.count >= shortestWithText ? false : nil
    }

    /// Shorter boundaries may start a line of text by chance.
    private static let shortestWithText = 6

    private static let longestBoundary = 200
    private static let contentField = Array("content-".utf8)

    /// The boundary that a body uses whose field names none, or another: that of the first line that starts with two
    /// dashes and has a part's field below it.
    static func boundary(in message: [UInt8], _ start: Int) -> [UInt8]? {
        var cursor = start
        while cursor < message.count {
            let next = lineEnd(in: message, cursor, message.count)
            let end = trimmedLine(message, cursor, next)
            if end - cursor > 2, end - cursor <= longestBoundary, message[cursor] == dash, message[cursor + 1] == dash,
                isContentField(message, next)
            {
                return Array(message[(cursor + 2)..<end])
            }
            cursor = next
        }
        return nil
    }

    private static func isContentField(_ message: [UInt8], _ start: Int) -> Bool {
        guard start + contentField.count < message.count else { return false }
        for (place, byte) in contentField.enumerated() where asciiLower(message[start + place]) != byte { return false }
        return fieldColon(message, start, lineEnd(in: message, start, message.count)) != nil
    }
}
