import GatehouseCore
import GatehouseTransfer

/// Lines and counted bytes of a mail server's answer, each within its bound whatever the server sends.
final class MailReader {
    /// The longest line that is read; a real one has at most some thousand bytes.
    static let lineLimit = 64 * 1024

    let server: String
    private let stream: any ByteStream
    private var buffer: [UInt8] = []
    private var start = 0
    /// Bytes that the server may still send in this exchange.
    private var budget = 0

    init(_ stream: any ByteStream, server: String) {
        self.stream = stream
        self.server = server
    }

    /// Sends a command and makes room for its answer.
    ///
    /// - Parameter answerBytes: How much the answer may be; past it the server is given up.
    func send(_ bytes: [UInt8], answerBytes: Int) throws(MailboxError) {
        budget = answerBytes
        stream.beginExchange()
        do throws(StreamError) {
            try stream.send(bytes)
        } catch {
            throw .unreachable(server: server, reason: error.description)
        }
    }

    /// The next line without its line end; a bare LF ends one too.
    func line() throws(MailboxError) -> [UInt8] {
        var seen = start
        while true {
            if let end = ByteSearch.firstIndex(of: 0x0A, in: buffer, seen..<buffer.count) {
                guard end - start <= Self.lineLimit else { throw garbled("a line of \(end - start) bytes") }
                let contentEnd = end > start && buffer[end - 1] == 0x0D ? end - 1 : end
                defer { take(end + 1 - start) }
                return Array(buffer[start..<contentEnd])
            }
            guard buffer.count - start <= Self.lineLimit else { throw garbled("a line without an end") }
            let scanned = buffer.count - start
            try fill()
            seen = start + scanned
        }
    }

    /// Exactly `count` bytes.
    func bytes(_ count: Int) throws(MailboxError) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(min(count, buffer.count - start))
        try each(count) { piece in result.append(contentsOf: piece) }
        return result
    }

    /// Passes over `count` bytes.
    func skip(_ count: Int) throws(MailboxError) { try each(count) { _ in } }

    /// A text that ends with a line of one dot, in pieces and without the dots put before others (RFC 1939 §3).
    ///
    /// Its lines may have any length. Line ends are handed on as they come.
    func content(_ body: (ArraySlice<UInt8>) -> Void) throws(MailboxError) {
        var isLineStart = true
        while true {
            if start == buffer.count { try fill() }
            if isLineStart, buffer[start] == UInt8(ascii: ".") {
                // What follows the dot tells which one it is: LF, CR LF, or more of a line.
                while buffer.count - start < 2 || buffer.count - start == 2 && buffer[start + 1] == 0x0D { try fill() }
                let isEnd = buffer[start + 1] == 0x0A
                if isEnd || buffer[start + 1] == 0x0D && buffer[start + 2] == 0x0A { return take(isEnd ? 2 : 3) }
                take(1)
            }
            let lineEnd = ByteSearch.firstIndex(of: 0x0A, in: buffer, start..<buffer.count)
            let end = lineEnd.map { $0 + 1 } ?? buffer.count
            body(buffer[start..<end])
            take(end - start)
            isLineStart = lineEnd != nil
        }
    }

    func garbled(_ words: String) -> MailboxError { .garbled(server: server, words: words) }

    private func each(_ count: Int, _ body: (ArraySlice<UInt8>) -> Void) throws(MailboxError) {
        var left = count
        while left > 0 {
            if start == buffer.count { try fill() }
            let piece = min(left, buffer.count - start)
            body(buffer[start..<start + piece])
            take(piece)
            left -= piece
        }
    }

    private func take(_ count: Int) {
        start += count
        if start == buffer.count {
            buffer.removeAll(keepingCapacity: true)
            start = 0
        }
    }

    private func fill() throws(MailboxError) {
        if start > 0 {
            buffer.removeFirst(start)
            start = 0
        }
        let got: Int
        do throws(StreamError) {
            got = try stream.receive(into: &buffer)
        } catch {
            throw .unreachable(server: server, reason: error.description)
        }
        guard got > 0 else { throw .unreachable(server: server, reason: "the server ended the connection") }
        budget -= got
        guard budget >= 0 else { throw garbled("more bytes than any answer has") }
    }
}
