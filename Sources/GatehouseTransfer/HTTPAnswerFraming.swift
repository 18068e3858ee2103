import GatehouseCore

/// How long an answer's body is, by its head (RFC 9112 §6.3), and whether another answer may follow on the connection.
struct HTTPAnswerFraming: Equatable {
    enum Length: Equatable {
        case none
        case bytes(Int)
        case chunked
        /// Until the server ends the connection.
        case toEnd
    }

    let status: Int
    private(set) var length = Length.toEnd
    private(set) var keepsConnection: Bool

    /// - Parameter head: Status line and fields with their line ends; folded lines have been joined.
    init(head: [UInt8]) throws(HTTPAnswerError) {
        let lines = Lines(head: head)
        var place = 0
        let line = try lines.next(&place)
        let isOlder: Bool
        (status, isOlder) = try Self.statusLine(head, line)
        keepsConnection = !isOlder
        var said = Said()
        while place < head.count { try said.take(head, lines.next(&place)) }
        if said.closes { keepsConnection = false } else if said.keeps { keepsConnection = true }
        try measure(said, isOlder: isOlder)
    }

    private mutating func measure(_ said: Said, isOlder: Bool) throws(HTTPAnswerError) {
        let codings = said.codings.filter { $0 != "identity" }
        if (100..<200).contains(status) || status == 204 || status == 304 {
            length = .none
            // What is said of a body that can't be is no reason for doubt, but for care.
            if !codings.isEmpty { keepsConnection = false }
        } else if !codings.isEmpty {
            // Two statements of a length, or a new coding from an old server: the body is read, and nothing after it.
            if isOlder || said.length != nil { keepsConnection = false }
            guard !codings.dropLast().contains("chunked") else {
                throw HTTPAnswerError("the answer is chunked in chunks")
            }
            length = codings.last == "chunked" ? .chunked : .toEnd
        } else if let count = said.length {
            length = .bytes(count)
        }
        if length == .toEnd { keepsConnection = false }
    }

    /// `HTTP/1.1 201 Created`: the status, and whether it is of a version before 1.1.
    private static func statusLine(_ head: [UInt8], _ line: Range<Int>) throws(HTTPAnswerError) -> (Int, Bool) {
        guard line.count >= 12, ByteSearch.matches(Array("HTTP/1.".utf8), head, at: line.lowerBound) else {
            throw HTTPAnswerError("the server does not speak HTTP/1")
        }
        let digits = head[line.lowerBound + 9..<line.lowerBound + 12]
        let end = line.lowerBound + 12
        guard isDigit(head[line.lowerBound + 7]), head[line.lowerBound + 8] == 0x20, digits.allSatisfy(isDigit),
            digits.first != UInt8(ascii: "0"), end == line.upperBound || head[end] == 0x20 || head[end] == 0x09
        else { throw HTTPAnswerError("the answer's first line is no status line") }
        let status = digits.reduce(0) { $0 * 10 + Int($1 - 48) }
        return (status, head[line.lowerBound + 7] == UInt8(ascii: "0"))
    }

    fileprivate static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
}

/// The lines of a head without their ends.
private struct Lines {
    let head: [UInt8]

    func next(_ place: inout Int) throws(HTTPAnswerError) -> Range<Int> {
        guard let end = ByteSearch.firstIndex(of: 0x0A, in: head, place..<head.count) else {
            throw HTTPAnswerError("the answer's head does not end")
        }
        defer { place = end + 1 }
        return place..<(end > place && head[end - 1] == 0x0D ? end - 1 : end)
    }
}

/// What a head says about its body's length and about the connection.
private struct Said {
    private(set) var length: Int?
    /// In small letters, in the order in which they were applied.
    private(set) var codings: [String] = []
    private(set) var closes = false
    private(set) var keeps = false

    /// A line that is no field is passed over, unless it looks like one of those that count here.
    mutating func take(_ head: [UInt8], _ line: Range<Int>) throws(HTTPAnswerError) {
        guard let first = line.first,
            head[first] | 0x20 == UInt8(ascii: "c") || head[first] | 0x20 == UInt8(ascii: "t"),
            let colon = ByteSearch.firstIndex(of: UInt8(ascii: ":"), in: head, line)
        else { return }
        let nameEnd = head[line.lowerBound..<colon].lastIndex { !Self.isSpace($0) }.map { $0 + 1 } ?? line.lowerBound
        let name = head[line.lowerBound..<nameEnd]
        guard let field = Field.allCases.first(where: { HTTPField.isSame(name, $0.rawValue.utf8) }) else { return }
        guard nameEnd == colon || field == .connection else {
            throw HTTPAnswerError("the answer has a space before a colon")
        }
        let words = head[(colon + 1)..<line.upperBound].split(
            separator: UInt8(ascii: ","),
            omittingEmptySubsequences: false
        ).map { Self.trimmed($0) }
        switch field {
        case .length: for word in words { try takeLength(word) }
        case .coding:
            codings += words.filter { !$0.isEmpty }.map { word in
                let coding = Self.trimmed(word.prefix { $0 != UInt8(ascii: ";") })
                return String(decoding: coding, as: UTF8.self).lowercased()
            }
        case .connection:
            closes = closes || words.contains { HTTPField.isSame($0, "close".utf8) }
            keeps = keeps || words.contains { HTTPField.isSame($0, "keep-alive".utf8) }
        }
    }

    private enum Field: String, CaseIterable {
        case length = "content-length"
        case coding = "transfer-encoding"
        case connection = "connection"
    }

    /// The same length twice is one length; two of them are none.
    private mutating func takeLength(_ word: ArraySlice<UInt8>) throws(HTTPAnswerError) {
        guard (1...18).contains(word.count), word.allSatisfy(HTTPAnswerFraming.isDigit) else {
            throw HTTPAnswerError("the answer's Content-Length is no number")
        }
        let count = word.reduce(0) { $0 &* 10 &+ Int($1 &- 48) }
        guard length == nil || length == count else { throw HTTPAnswerError("the answer has two lengths") }
        length = count
    }

    private static func trimmed(_ word: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let start = word.firstIndex { !isSpace($0) } ?? word.endIndex
        let end = word.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? start
        return word[start..<end]
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
