import GatehouseCore

/// One HTTP/1.1 request, taken apart (RFC 9112).
struct Request: Sendable {
    var method: String
    /// The path without the query, still percent-encoded.
    var path: String
    /// What follows `?`, or empty.
    var query: String
    /// Names in lower case; a repeated field's values are joined with `, `.
    var headers: [String: String]
    var isKeptAlive: Bool
    var body: [UInt8] = []
}

/// Why a request is answered without being looked at; the connection ends with that answer.
struct BadRequest: Error, Equatable {
    var status: Int
    var reason: String
}

/// Takes a connection's bytes as they come and gives whole requests.
///
/// Every part has a bound, so that a peer can fill neither memory nor time.
struct RequestReader {
    static let headLimit = 64 * 1024
    static let lineLimit = 4 * 1024

    private enum State {
        case head
        case body(Int)
        case chunkSize
        case chunk(Int)
        case chunkEnd
        case trailer
    }

    let bodyLimit: Int
    private var buffer: [UInt8] = []
    private var start = 0
    /// Up to here no line end was found, so a slow peer costs no second scan.
    private var scanned = 0
    private var trailerBytes = 0
    private var state = State.head
    /// The request whose head has been read and whose body is still to come.
    private(set) var request: Request?

    init(bodyLimit: Int) { self.bodyLimit = bodyLimit }

    /// True if the peer waits for `100 Continue` before it sends the body; asking clears it.
    private var expectsContinue = false

    mutating func takeExpectContinue() -> Bool {
        defer { expectsContinue = false }
        return expectsContinue
    }

    mutating func feed(_ bytes: ArraySlice<UInt8>) {
        if start == buffer.count {
            buffer.removeAll(keepingCapacity: buffer.capacity <= 1 << 20)
            start = 0
            scanned = 0
        } else if start > 1 << 16 {
            buffer.removeFirst(start)
            scanned -= start
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next whole request; nil while bytes are missing.
    mutating func next() throws(BadRequest) -> Request? {
        while true {
            switch state {
            case .head:
                guard try readHead() else { return nil }
            case .body(let missing):
                guard takeBody(missing) else { return nil }
                return finish()
            case .chunkSize:
                guard let line = try takeLine() else { return nil }
                let size = try Self.chunkSize(line)
                guard (request?.body.count ?? 0) + size <= bodyLimit else { throw Self.tooLarge }
                state = size == 0 ? .trailer : .chunk(size)
            case .chunk(let missing):
                guard takeBody(missing) else { return nil }
                state = .chunkEnd
            case .chunkEnd:
                guard let line = try takeLine() else { return nil }
                guard line.isEmpty else { throw BadRequest(status: 400, reason: "a chunk is longer than its size") }
                state = .chunkSize
            case .trailer:
                guard let line = try takeLine() else { return nil }
                if line.isEmpty { return finish() }
                trailerBytes += line.count
                guard trailerBytes <= Self.headLimit else { throw BadRequest(status: 431, reason: "trailers too long") }
            }
        }
    }

    private static let tooLarge = BadRequest(status: 413, reason: "the body is longer than this server takes")

    private mutating func finish() -> Request? {
        defer {
            request = nil
            state = .head
            expectsContinue = false
            trailerBytes = 0
        }
        return request
    }

    /// Moves up to `missing` bytes into the body; true once all of them are there.
    private mutating func takeBody(_ missing: Int) -> Bool {
        let taken = min(missing, buffer.count - start)
        request?.body.append(contentsOf: buffer[start..<start + taken])
        start += taken
        scanned = start
        switch state {
        case .chunk: state = .chunk(missing - taken)
        default: state = .body(missing - taken)
        }
        return taken == missing
    }

    /// The next line without its end; nil while it is unfinished.
    private mutating func takeLine() throws(BadRequest) -> [UInt8]? {
        var index = max(scanned, start)
        while index < buffer.count, buffer[index] != UInt8(ascii: "\n") { index += 1 }
        scanned = index
        guard index - start <= Self.lineLimit else { throw BadRequest(status: 400, reason: "a line is too long") }
        guard index < buffer.count else { return nil }
        var end = index
        if end > start, buffer[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        defer {
            start = index + 1
            scanned = start
        }
        return Array(buffer[start..<end])
    }

    private mutating func readHead() throws(BadRequest) -> Bool {
        // RFC 9112 §2.2: empty lines before a request line are skipped.
        while start < buffer.count, buffer[start] == UInt8(ascii: "\r") || buffer[start] == UInt8(ascii: "\n") {
            start += 1
        }
        scanned = max(scanned, start)
        // Told at once, since whoever speaks TLS to this port sends no line end to wait for.
        if start < buffer.count, !RequestHead.isToken(buffer[start]) {
            throw BadRequest(status: 400, reason: "not a request line")
        }
        guard let end = endOfHead() else {
            guard buffer.count - start <= Self.headLimit else {
                throw BadRequest(status: 431, reason: "the head is too long")
            }
            return false
        }
        guard end - start <= Self.headLimit else { throw BadRequest(status: 431, reason: "the head is too long") }
        let head = try RequestHead(Array(buffer[start..<end]))
        start = end
        scanned = end
        request = head.request
        expectsContinue = head.expectsContinue && start == buffer.count
        switch head.length {
        case .chunked: state = .chunkSize
        case .bytes(let count):
            guard count <= bodyLimit else { throw Self.tooLarge }
            state = .body(count)
        }
        return true
    }

    /// The offset after the empty line that ends a head.
    private mutating func endOfHead() -> Int? {
        var index = scanned
        while index < buffer.count {
            if buffer[index] == UInt8(ascii: "\n") {
                if index >= start + 1, buffer[index - 1] == UInt8(ascii: "\n") { return index + 1 }
                if index >= start + 2, buffer[index - 1] == UInt8(ascii: "\r"), buffer[index - 2] == UInt8(ascii: "\n")
                {
                    return index + 1
                }
            }
            index += 1
        }
        scanned = index
        return nil
    }

    static func chunkSize(_ line: [UInt8]) throws(BadRequest) -> Int {
        var size = 0
        var digits = 0
        for byte in line {
            if byte == UInt8(ascii: ";") || byte == UInt8(ascii: " ") { break }
            guard let digit = Hex.value(of: byte), digits < 8 else {
                throw BadRequest(status: 400, reason: "not a chunk size")
            }
            size = size << 4 | Int(digit)
            digits += 1
        }
        guard digits > 0 else { throw BadRequest(status: 400, reason: "not a chunk size") }
        return size
    }
}
