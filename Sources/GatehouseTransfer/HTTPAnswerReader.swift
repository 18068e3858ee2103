import GatehouseCore

/// Reads one answer of HTTP/1.1 or 1.0 (RFC 9112) from its bytes, in whatever pieces they come.
///
/// Line ends may be bare LF; folded fields are joined; answers that announce the real one (100, 103) are passed over. What
/// leaves a doubt about where the answer ends is an error, or the last answer on its connection.
package struct HTTPAnswerReader {
    /// Of all heads of one answer together, its trailer included.
    package static let headBytesLimit = 64 * 1024
    /// Of one chunk's size and what may stand behind it.
    static let chunkLineLimit = 4096

    private enum State: Equatable {
        case statusLine
        case fields
        case body(left: Int)
        case bodyToEnd
        case chunkSize
        case chunk(left: Int)
        case chunkEnd
        case trailer
        case done
    }

    private var state = State.statusLine
    /// The answer's status line and fields, as they came but for joined lines.
    package private(set) var head: [UInt8] = []
    package private(set) var body: [UInt8] = []
    /// The body is longer than its bound; the rest was not read.
    package private(set) var isCut = false
    package private(set) var status = 0
    private var keepsConnection = false
    private let bodyLimit: Int
    /// Of `head`, where the line that is being read begins.
    private var lineStart = 0
    private var statusLineEnd = 0
    private var headBytes = 0
    /// A line within a chunked body.
    private var line: [UInt8] = []

    package init(bodyLimit: Int) { self.bodyLimit = max(0, bodyLimit) }

    package var isDone: Bool { state == .done }
    /// Nothing has come yet.
    var isEmpty: Bool { headBytes == 0 }
    /// Another request may follow on the connection, if nothing came behind this answer.
    package var allowsAnother: Bool { isDone && keepsConnection && !isCut }

    /// Takes what has come.
    ///
    /// - Returns: How many bytes of `range` belong to this answer: fewer than it holds only once the answer is done.
    package mutating func read(_ bytes: [UInt8], _ range: Range<Int>) throws(HTTPAnswerError) -> Int {
        var place = range.lowerBound
        while place < range.upperBound, !isDone {
            let rest = place..<range.upperBound
            switch state {
            case .statusLine, .fields: place = try takeHead(bytes, rest)
            case .body(let left): place = takeBody(bytes, rest, left) { .body(left: $0) }
            case .bodyToEnd: place = takeBody(bytes, rest, .max) { _ in .bodyToEnd }
            case .chunk(let left): place = takeBody(bytes, rest, left) { $0 == 0 ? .chunkEnd : .chunk(left: $0) }
            case .chunkSize, .chunkEnd, .trailer: place = try takeLine(bytes, rest)
            case .done: break
            }
            if case .body(left: 0) = state { state = .done }
        }
        return place - range.lowerBound
    }

    /// The connection has ended.
    package mutating func end() throws(HTTPAnswerError) {
        switch state {
        case .done: return
        case .bodyToEnd: state = .done
        default:
            let what = isEmpty ? "an answer came" : "the answer was whole"
            throw HTTPAnswerError("the connection ended before \(what)")
        }
    }

    // MARK: Head

    private mutating func takeHead(_ bytes: [UInt8], _ range: Range<Int>) throws(HTTPAnswerError) -> Int {
        let newline = ByteSearch.firstIndex(of: 0x0A, in: bytes, range)
        let end = newline.map { $0 + 1 } ?? range.upperBound
        try count(end - range.lowerBound)
        head.append(contentsOf: bytes[range.lowerBound..<end])
        // Of what is no answer at all the end is not waited for.
        if state == .statusLine, !zip(head, "HTTP/".utf8).allSatisfy({ $0 == $1 }) {
            throw HTTPAnswerError("the server does not speak HTTP/1")
        }
        guard newline != nil else { return end }
        let isEmptyLine = head.count - lineStart == 1 || head.count - lineStart == 2 && head[lineStart] == 0x0D
        if state == .statusLine {
            state = .fields
            statusLineEnd = head.count
        } else if isEmptyLine {
            head.removeSubrange(lineStart...)
            try endHead()
        } else if head[lineStart] == 0x20 || head[lineStart] == 0x09 {
            try joinLine()
        }
        lineStart = head.count
        return end
    }

    /// A line that begins with a space goes on with the field before it (RFC 9112 §5.2).
    private mutating func joinLine() throws(HTTPAnswerError) {
        guard lineStart > statusLineEnd else {
            throw HTTPAnswerError("the answer's first field begins with a space")
        }
        head[lineStart - 1] = 0x20
        if head[lineStart - 2] == 0x0D { head[lineStart - 2] = 0x20 }
    }

    private mutating func endHead() throws(HTTPAnswerError) {
        let framing = try HTTPAnswerFraming(head: head)
        guard framing.status != 101 else { throw HTTPAnswerError("the server went over to another protocol") }
        guard framing.status >= 200 else {
            head.removeAll(keepingCapacity: true)
            state = .statusLine
            return
        }
        status = framing.status
        keepsConnection = framing.keepsConnection
        switch framing.length {
        case .none: state = .done
        case .bytes(let count):
            state = count == 0 ? .done : .body(left: count)
            body.reserveCapacity(min(count, bodyLimit, 1 << 16))
        case .chunked: state = .chunkSize
        case .toEnd: state = .bodyToEnd
        }
    }

    private mutating func count(_ bytes: Int) throws(HTTPAnswerError) {
        headBytes += bytes
        guard headBytes <= Self.headBytesLimit else {
            throw HTTPAnswerError("the answer's head is longer than \(Self.headBytesLimit) bytes")
        }
    }

    // MARK: Body

    private mutating func takeBody(
        _ bytes: [UInt8],
        _ range: Range<Int>,
        _ left: Int,
        next: (_ left: Int) -> State
    ) -> Int {
        let size = min(range.count, left)
        let room = min(size, bodyLimit - body.count)
        body.append(contentsOf: bytes[range.lowerBound..<range.lowerBound + room])
        if room < size {
            isCut = true
            state = .done
        } else {
            state = next(left - size)
        }
        return range.lowerBound + size
    }

    // MARK: Chunks (RFC 9112 §7.1)

    private mutating func takeLine(_ bytes: [UInt8], _ range: Range<Int>) throws(HTTPAnswerError) -> Int {
        let newline = ByteSearch.firstIndex(of: 0x0A, in: bytes, range)
        line.append(contentsOf: bytes[range.lowerBound..<(newline ?? range.upperBound)])
        guard line.count <= Self.chunkLineLimit else { throw HTTPAnswerError("a line between chunks is too long") }
        guard let newline else { return range.upperBound }
        if line.last == 0x0D { line.removeLast() }
        switch state {
        case .chunkSize: try endChunkSize()
        case .chunkEnd: try endChunk()
        default: try endTrailerLine()
        }
        line.removeAll(keepingCapacity: true)
        return newline + 1
    }

    private mutating func endChunkSize() throws(HTTPAnswerError) {
        let digits = line.prefix { Hex.value(of: $0) != nil }
        let rest = line[digits.endIndex...].drop { $0 == 0x20 || $0 == 0x09 }
        guard (1...15).contains(digits.count), rest.isEmpty || rest.first == UInt8(ascii: ";") else {
            throw HTTPAnswerError("a chunk's size is no number")
        }
        let size = digits.reduce(0) { $0 << 4 | Int(Hex.value(of: $1) ?? 0) }
        state = size == 0 ? .trailer : .chunk(left: size)
    }

    private mutating func endChunk() throws(HTTPAnswerError) {
        guard line.isEmpty else { throw HTTPAnswerError("a chunk is longer than it says") }
        state = .chunkSize
    }

    private mutating func endTrailerLine() throws(HTTPAnswerError) {
        try count(line.count + 1)
        if line.isEmpty { state = .done }
    }
}

/// Why an answer can't be read, in words.
package struct HTTPAnswerError: Error, Equatable {
    package let reason: String

    init(_ reason: String) { self.reason = reason }
}
