import GatehouseCore

/// Reads an IMAP server's responses one by one, literals included, within bounds.
///
/// It believes nothing: a literal larger than the room is passed over, and lengths that no message has, endless lines and
/// endless responses are errors.
struct IMAPResponseReader {
    /// Tokens of one response; FETCH of one message has some dozens.
    static let tokenLimit = 100_000
    /// Bytes of one response beside its literals.
    static let textLimit = 1 << 20
    /// No message is longer; what is announced to be is not waited for.
    static let literalLimit = 1 << 31

    let input: MailReader

    /// - Parameter room: How many bytes of literals are kept of this response.
    func next(room: Int) throws(MailboxError) -> IMAPResponse {
        let line = try input.line()
        if line.first == UInt8(ascii: "+") { return .continuation(Array(line.dropFirst(line.count > 1 ? 2 : 1))) }
        guard let space = line.firstIndex(of: 0x20), space > 0 else {
            throw input.garbled("it says '\(MailboxError.shown(line))'")
        }
        let tag = String(decoding: line[..<space], as: UTF8.self)
        if let status = Self.status(line, from: space + 1, tag: tag == "*" ? nil : tag) { return .status(status) }
        guard tag == "*" else { throw input.garbled("it says '\(MailboxError.shown(line))'") }
        return .data(try tokens(line, from: space + 1, room: room))
    }

    private static func status(_ line: [UInt8], from start: Int, tag: String?) -> IMAPStatus? {
        let end = line[start...].firstIndex(of: 0x20) ?? line.count
        guard end - start <= 7 else { return nil }
        let word = String(decoding: line[start..<end], as: UTF8.self).uppercased()
        guard let condition = IMAPCondition(rawValue: word) else { return nil }
        var words = line.dropFirst(min(end + 1, line.count))
        var code: String?
        if words.first == UInt8(ascii: "["), let bracket = words.firstIndex(of: UInt8(ascii: "]")) {
            code = String(decoding: words[(words.startIndex + 1)..<bracket], as: UTF8.self).uppercased()
            words = words[(bracket + 1)...].drop { $0 == 0x20 }
        }
        return IMAPStatus(tag: tag, condition: condition, code: code, words: Array(words))
    }

    private func tokens(_ first: [UInt8], from start: Int, room: Int) throws(MailboxError) -> [IMAPToken] {
        var scanner = IMAPTokenScanner()
        var line = first
        var offset = start
        var room = room
        var textBytes = 0
        while true {
            textBytes += line.count
            guard textBytes <= Self.textLimit else { throw input.garbled("a response without an end") }
            let literal = scanner.scan(line, from: offset)
            guard scanner.tokens.count <= Self.tokenLimit else { throw input.garbled("a response without an end") }
            guard let literal else { return scanner.tokens }
            guard literal <= Self.literalLimit else { throw input.garbled("a literal of \(literal) bytes") }
            if literal <= room {
                scanner.tokens.append(.string(try input.bytes(literal)))
                room -= literal
            } else {
                try input.skip(literal)
                scanner.tokens.append(.omitted(literal))
            }
            line = try input.line()
            offset = 0
        }
    }
}

/// Cuts the lines of a response into tokens.
struct IMAPTokenScanner {
    var tokens: [IMAPToken] = []

    /// - Returns: The length of the literal that follows the line, or nil where the response ends with it.
    mutating func scan(_ line: [UInt8], from start: Int) -> Int? {
        var index = start
        while index < line.count {
            switch line[index] {
            case 0x20: index += 1
            case UInt8(ascii: "("):
                tokens.append(.open)
                index += 1
            case UInt8(ascii: ")"):
                tokens.append(.close)
                index += 1
            case UInt8(ascii: "\""): index = quoted(line, index + 1)
            case UInt8(ascii: "{"), UInt8(ascii: "~"):
                if let length = Self.literalLength(line[index...]) { return length }
                index = atom(line, index)
            default: index = atom(line, index)
            }
        }
        return nil
    }

    /// - Returns: Where it goes on behind the closing quote; one that never closes ends with its line.
    private mutating func quoted(_ line: [UInt8], _ start: Int) -> Int {
        var text: [UInt8] = []
        var index = start
        while index < line.count, line[index] != UInt8(ascii: "\"") {
            if line[index] == UInt8(ascii: "\\"), index + 1 < line.count { index += 1 }
            text.append(line[index])
            index += 1
        }
        tokens.append(.string(text))
        return index + 1
    }

    private mutating func atom(_ line: [UInt8], _ start: Int) -> Int {
        var index = start
        var isInBrackets = false
        while index < line.count {
            let byte = line[index]
            if byte == UInt8(ascii: "[") { isInBrackets = true }
            if byte == UInt8(ascii: "]") { isInBrackets = false }
            if !isInBrackets, byte == 0x20 || byte == UInt8(ascii: "(") || byte == UInt8(ascii: ")") { break }
            index += 1
        }
        tokens.append(.atom(String(decoding: line[start..<index], as: UTF8.self)))
        return index
    }

    /// `{12}`, `{12+}` or `~{12}` at the very end of a line (RFC 9051 §4.3).
    private static func literalLength(_ rest: ArraySlice<UInt8>) -> Int? {
        var digits = rest
        if digits.first == UInt8(ascii: "~") { digits.removeFirst() }
        guard digits.first == UInt8(ascii: "{"), digits.last == UInt8(ascii: "}") else { return nil }
        digits = digits.dropFirst().dropLast()
        if digits.last == UInt8(ascii: "+") { digits.removeLast() }
        guard !digits.isEmpty, digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
        // A number that no integer holds is too large for any bound.
        return Int(String(decoding: digits, as: UTF8.self)) ?? Int.max
    }
}
