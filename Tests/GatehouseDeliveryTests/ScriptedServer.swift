import GatehouseCore
import Glibc
import Synchronization

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
    private let listener: Int32
    private let seen = Mutex<[SeenRequest]>([])
    private let script: @Sendable (SeenRequest) -> ScriptedAnswer

    var requests: [SeenRequest] { seen.withLock { $0 } }

    init(_ script: @escaping @Sendable (SeenRequest) -> ScriptedAnswer) {
        self.script = script
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                _ = unsafe bind(listener, generic, length)
                _ = listen(listener, 64)
                _ = unsafe getsockname(listener, generic, &length)
            }
        }
        origin = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
        Self.thread { [weak self] in
            while true {
                let peer = accept(listener, nil, nil)
                if peer < 0 {
                    close(listener)
                    return
                }
                Self.thread { [weak self] in
                    self?.serve(peer)
                    close(peer)
                }
            }
        }
    }

    /// The thread that accepts closes it: closed here, its number could be another server's before that thread looks again.
    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    private final class Work: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private static func thread(_ run: @escaping @Sendable () -> Void) {
        var id = pthread_t()
        let argument = unsafe Unmanaged.passRetained(Work(run)).toOpaque()
        let start: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
            if let argument = unsafe argument { unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run() }
            return nil
        }
        unsafe pthread_create(&id, nil, start, argument)
        pthread_detach(id)
    }

    private func serve(_ peer: Int32) {
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
