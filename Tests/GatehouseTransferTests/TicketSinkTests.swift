import Glibc
import TestSupport
import Testing

/// `ticket-sink` as a peer that keeps to no rule finds it.
@Suite struct TicketSinkTests {
    /// Sends `text` on a connection of its own and reads until the server has said all.
    private func talk(_ sink: TicketSinkProcess, _ text: String, closesEarly: Bool = true) throws -> String {
        let port = try #require(UInt16(sink.origin.split(separator: ":").last ?? ""))
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var wait = timeval(tv_sec: 5, tv_usec: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe connect(descriptor, generic, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(connected == 0)
        let bytes = Array(text.utf8)
        _ = unsafe send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        if closesEarly { shutdown(descriptor, Int32(SHUT_WR)) }
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { return String(decoding: answer, as: UTF8.self) }
            answer += chunk[..<count]
        }
    }

    private static let post = "POST /tickets HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"

    @Test(arguments: [
        ("GARBAGE\r\n\r\n", 400), ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505),
        ("GET /\u{7F} HTTP/1.1\r\nHost: x\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400),
        ("\(post)Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        ("\(post)Content-Length: 5\r\nContent-Length: 6\r\n\r\n", 400), ("\(post)Content-Length: -1\r\n\r\n", 400),
        ("\(post)Content-Length: 99999999999999999999\r\n\r\n", 400),
        ("\(post)Content-Length: 999999999999\r\n\r\n", 413),
        ("\(post)Transfer-Encoding: gzip\r\n\r\n", 501), ("\(post)Transfer-Encoding: chunked\r\n\r\nZZ\r\n", 400),
        ("\(post)Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFF\r\n", 400),
        ("\(post)Transfer-Encoding: chunked\r\n\r\n7FFFFFFF\r\n", 413),
        ("\(post)Transfer-Encoding: chunked\r\n\r\n2\r\n{}{}\r\n", 400), ("\(post)Content-Length: 1\r\n\r\n{", 400),
        ("POST /tickets HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}", 415),
        ("DELETE /tickets/1 HTTP/1.1\r\nHost: x\r\n\r\n", 404),
        ("GET /tickets/99999999999 HTTP/1.1\r\nHost: x\r\n\r\n", 404),
        ("POST /_fail HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n\r\n[\"700\"]", 400),
        ("GET /" + String(repeating: "a", count: 70_000) + " HTTP/1.1\r\nHost: x\r\n\r\n", 431),
    ])
    func `A bad request is answered and the server lives on`(text: String, status: Int) throws {
        let sink = try TicketSinkProcess()
        #expect(try talk(sink, text).hasPrefix("HTTP/1.1 \(status) "))
        #expect(try talk(sink, "GET /_stats HTTP/1.1\r\nHost: x\r\n\r\n").hasPrefix("HTTP/1.1 200 "))
    }

    @Test func `Requests one behind the other are answered in order, by whatever form their length has`() throws {
        let sink = try TicketSinkProcess()
        let chunked =
            "\(Self.post)Transfer-Encoding: chunked\r\n\r\n4\r\n{\"id\r\n8;x=y\r\n\":\"two\"}\r\n0\r\nTrailer: t\r\n\r\n"
        let text =
            "\(Self.post)Content-Length: 12\r\n\r\n{\"id\":\"one\"}\(chunked)GET /tickets/2 HTTP/1.1\r\nHost: x\r\n\r\n"
        let answers = try talk(sink, text)
        #expect(answers.components(of: "HTTP/1.1 ") == ["201", "201", "200"])
        #expect(answers.contains(#""external_id":"two""#))
    }

    @Test func `Every prefix of a request leaves the server as it was`() throws {
        let sink = try TicketSinkProcess()
        let whole = "\(Self.post)Content-Length: 12\r\n\r\n{\"id\":\"one\"}"
        for length in 0..<whole.utf8.count {
            _ = try talk(sink, String(decoding: whole.utf8.prefix(length), as: UTF8.self))
        }
        let stats = try talk(sink, "GET /_stats HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(stats.contains(#""tickets":0"#))
    }

    @Test func `What was kept in a folder is known again after a restart`() throws {
        let folder = "/tmp/ticket-sink-test-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        defer { for name in ["tickets.jsonl", "requests.log", ""] { _ = unsafe remove("\(folder)/\(name)") } }
        let text = "\(Self.post)Idempotency-Key: k\r\nContent-Length: 12\r\n\r\n{\"id\":\"one\"}"
        for (status, replayed) in [(201, false), (200, true)] {
            let sink = try TicketSinkProcess(["--directory", folder])
            let answer = try talk(sink, text)
            #expect(answer.hasPrefix("HTTP/1.1 \(status) ") && answer.contains(#""id":"1""#))
            #expect(answer.contains("replayed") == replayed)
        }
    }

    @Test func `A client that waits for leave to send its body gets it`() throws {
        let sink = try TicketSinkProcess()
        let text = "\(Self.post)Content-Length: 12\r\nExpect: 100-continue\r\n\r\n"
        #expect(try talk(sink, text) == "HTTP/1.1 100 Continue\r\n\r\n")
    }
}

extension String {
    /// The three characters behind each occurrence of `mark`.
    fileprivate func components(of mark: String) -> [String] {
        ranges(of: mark).map { String(self[$0.upperBound...].prefix(3)) }
    }
}
