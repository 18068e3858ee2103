import GatehouseCore
import Glibc
import Synchronization
import TestSupport

/// What a client sent.
struct SeenRequest: Sendable {
    var method = ""
    /// With the query.
    var target = ""
    /// Names in lower case.
    var headers: [String: String] = [:]
    var body: [UInt8] = []

    var text: String { String(decoding: body, as: UTF8.self) }
    var json: JSONValue? { try? JSONDocument.parse(body, options: .strict) }
}

/// What the script answers; a status of 0 ends the connection without an answer.
struct ScriptedAnswer: Sendable {
    var status = 200
    var headers: [String] = []
    var body = ""
}

/// An HTTP server on the loopback whose answers a closure gives: it plays a ticket system's recorded part.
final class ScriptedServer: Sendable {
    let origin: String
    private let listener: LoopbackListener
    private let exchange: Exchange

    var requests: [SeenRequest] { exchange.seen.withLock { $0 } }

    init(_ script: @escaping @Sendable (SeenRequest) -> ScriptedAnswer) {
        let exchange = Exchange(script)
        self.exchange = exchange
        listener = LoopbackListener { exchange.serve($0) }
        origin = "http://127.0.0.1:\(listener.port)"
    }
}

/// What clients said, and what they are told: it outlives the server while one of them is still served.
private final class Exchange: Sendable {
    let seen = Mutex<[SeenRequest]>([])
    private let script: @Sendable (SeenRequest) -> ScriptedAnswer

    init(_ script: @escaping @Sendable (SeenRequest) -> ScriptedAnswer) { self.script = script }

    func serve(_ peer: Int32) {
        var buffer: [UInt8] = []
        while let request = Self.read(peer, &buffer) {
            seen.withLock { $0.append(request) }
            let answer = script(request)
            guard answer.status > 0 else { return }
            let fields = answer.headers.map { $0 + "\r\n" }.joined()
            let head = "HTTP/1.1 \(answer.status) X\r\n\(fields)Content-Length: \(answer.body.utf8.count)\r\n\r\n"
            let bytes = Array((head + answer.body).utf8)
            guard unsafe Glibc.send(peer, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { return }
        }
    }

    private static func read(_ peer: Int32, _ buffer: inout [UInt8]) -> SeenRequest? {
        func more() -> Bool {
            var chunk = [UInt8](repeating: 0, count: 65_536)
            let count = unsafe recv(peer, &chunk, chunk.count, 0)
            if count > 0 { buffer += chunk[..<count] }
            return count > 0
        }
        let mark = Array("\r\n\r\n".utf8)
        func headEnd() -> Int? { buffer.indices.first { buffer[$0...].starts(with: mark) } }
        var end = headEnd()
        while end == nil {
            guard more() else { return nil }
            end = headEnd()
        }
        guard let end else { return nil }
        let lines = buffer[..<end].split(separator: UInt8(ascii: "\n")).map { line in
            String(decoding: line.filter { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
        }
        var request = SeenRequest()
        let words = lines[0].split(separator: " ").map(String.init)
        (request.method, request.target) = (words[0], words[1])
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
            request.headers[parts[0].lowercased()] = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
        }
        let length = Int(request.headers["content-length"] ?? "0") ?? 0
        while buffer.count < end + 4 + length { guard more() else { return nil } }
        request.body = Array(buffer[(end + 4)..<(end + 4 + length)])
        buffer.removeFirst(end + 4 + length)
        return request
    }
}
