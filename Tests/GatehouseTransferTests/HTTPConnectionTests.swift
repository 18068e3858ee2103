import Glibc
import Testing

@testable import GatehouseTransfer

/// Requests and answers over connections that are kept, against a server that does what it is told.
@Suite struct HTTPConnectionTests {
    static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    private func post(_ server: ScriptedServer, body: Int = 3, timeout: Int = 5000) throws -> HTTPRequest {
        let url = try #require(HTTPURL("\(server.origin)/t"))
        var request = HTTPRequest(.post, url, body: [UInt8](repeating: 0x78, count: body))
        request.timeoutMilliseconds = timeout
        return request
    }

    private func outcome(_ client: HTTPClient, _ request: HTTPRequest) -> Result<HTTPResponse, TransferError> {
        do throws(TransferError) { return .success(try client.perform(request)) } catch { return .failure(error) }
    }

    private func failure(_ client: HTTPClient, _ request: HTTPRequest) throws -> TransferError {
        guard case .failure(let error) = outcome(client, request) else { throw Unexpected() }
        return error
    }

    private struct Unexpected: Error {}

    @Test func `Answers that end by themselves keep the connection`() throws {
        let chunked = "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX: y\r\n\r\n"
        let server = ScriptedServer([
            .answer(Self.ok), .answer(chunked), .answer("HTTP/1.1 204 No Content\r\n\r\n"),
            .answerSlowly(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 20",
                milliseconds: 30,
                "0 OK\r\nContent-Length: 2\r\n\r\nok"
            ),
        ])
        let client = HTTPClient()
        for status in [200, 201, 204, 200] { #expect(try client.perform(post(server)).status == status) }
        #expect(server.connections == 1)
        #expect(server.requests.count == 4)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        // Nobody asked for what comes behind the answer.
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n",
    ])
    func `After a doubtful answer the next request has a connection of its own`(answer: String) throws {
        let server = ScriptedServer([.answer(answer), .answer(Self.ok)])
        let client = HTTPClient()
        for _ in 0..<2 {
            let response = try client.perform(post(server))
            #expect(response.status == 200 && response.body == Array("ok".utf8))
        }
        #expect(server.connections == 2)
    }

    @Test func `A body without a length ends with the connection`() throws {
        let server = ScriptedServer([.answerAndClose("HTTP/1.1 200 OK\r\n\r\nall of it", afterMilliseconds: 20)])
        let response = try HTTPClient().perform(post(server))
        #expect(response.body == Array("all of it".utf8))
    }

    @Test func `A connection that the server ended while it was idle is replaced without a word`() throws {
        let server = ScriptedServer([.answerAndClose(Self.ok, afterMilliseconds: 0), .answer(Self.ok)])
        let client = HTTPClient()
        _ = try client.perform(post(server))
        usleep(50_000)
        #expect(try client.perform(post(server)).status == 200)
        #expect(server.connections == 2 && server.requests.count == 2)
    }

    @Test(arguments: [ScriptedServer.Act.close, .reset])
    func `A request goes out once: what ends without an answer may have arrived`(act: ScriptedServer.Act) throws {
        let server = ScriptedServer([.answer(Self.ok), act, .answer(Self.ok)])
        let client = HTTPClient()
        _ = try client.perform(post(server))
        #expect(try failure(client, post(server)).requestMayHaveArrived)
        #expect(server.requests.count == 2)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok", "hello\r\n", "HTTP/2 200\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
        "HTTP/1.1 200 OK\r\nX: " + String(repeating: "y", count: 70_000) + "\r\n\r\n",
    ])
    func `An answer that can't be read is none, and the request may have arrived`(answer: String) throws {
        let server = ScriptedServer([.answer(answer)])
        #expect(try failure(HTTPClient(), post(server)).requestMayHaveArrived)
    }

    @Test func `An answer in half is none`() throws {
        let server = ScriptedServer([
            .answerAndClose("HTTP/1.1 201 Created\r\nContent-Length: 20\r\n\r\n{\"id\"", afterMilliseconds: 0)
        ])
        let error = try failure(HTTPClient(), post(server))
        #expect(error.requestMayHaveArrived && error.reason == "the connection ended before the answer was whole")
    }

    @Test func `A server that is silent is left when the time is over`() throws {
        let server = ScriptedServer([.answerSlowly("HTTP/1.1 200 OK\r\n", milliseconds: 3000, "\r\n")])
        let error = try failure(HTTPClient(), post(server, timeout: 200))
        #expect(error.requestMayHaveArrived)
        #expect((200..<2500).contains(error.durationMilliseconds))
    }

    @Test func `A whole request only is one that may have arrived`() throws {
        // Nobody reads: the kernel takes some megabytes and no more.
        let server = ScriptedServer([.sleep(milliseconds: 3000)])
        let error = try failure(HTTPClient(), post(server, body: 64 << 20, timeout: 300))
        #expect(!error.requestMayHaveArrived)
    }

    @Test func `An answer that comes before the body is sent counts`() throws {
        let refusal = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 4\r\n\r\nbig!"
        let server = ScriptedServer([.answerEarly(refusal), .answer(Self.ok)])
        let client = HTTPClient()
        let response = try client.perform(post(server, body: 32 << 20))
        #expect(response.status == 413 && response.body == Array("big!".utf8))
        #expect(try client.perform(post(server)).status == 200)
        #expect(server.connections == 2)
    }

    @Test func `Many requests at once go over as many connections as there may be, and each ends once`() throws {
        let server = ScriptedServer(Array(repeating: .answer(Self.ok), count: 300))
        let client = HTTPClient(concurrency: 5)
        var ended = Array(repeating: 0, count: 300)
        var failures: [String] = []
        for number in ended.indices {
            try client.start(post(server, body: number % 7 == 0 ? 300_000 : 10)) { result in
                ended[number] += 1
                if case .failure(let error) = result { failures.append(error.description) }
            }
        }
        client.run()
        #expect(ended.allSatisfy { $0 == 1 } && failures.isEmpty, "\(failures)")
        #expect(server.connections == 5)
    }

    @Test func `A redirect is followed for GET alone, on the same server alone`() throws {
        let away = "HTTP/1.1 302 Found\r\nLocation: http://localhost.invalid/x\r\nContent-Length: 0\r\n\r\n"
        let here = "HTTP/1.1 302 Found\r\nLocation: ../there?x=1\r\nContent-Length: 0\r\n\r\n"
        let server = ScriptedServer([.answer(here), .answer(Self.ok), .answer(away), .answer(here)])
        let client = HTTPClient()
        let get = HTTPRequest(.get, try #require(HTTPURL("\(server.origin)/a/b/c")))
        #expect(try client.perform(get).status == 200)
        #expect(server.requests.last?.hasPrefix("GET /a/there?x=1 HTTP/1.1\r\n") == true)
        #expect(try client.perform(get).status == 302)
        #expect(try client.perform(post(server)).status == 302)
        #expect(server.requests.count == 4)
    }

    @Test func `Redirects that lead in a circle end`() throws {
        let here = "HTTP/1.1 302 Found\r\nLocation: /t\r\nContent-Length: 0\r\n\r\n"
        let server = ScriptedServer(Array(repeating: .answer(here), count: 20))
        let get = HTTPRequest(.get, try #require(HTTPURL("\(server.origin)/t")))
        #expect(try HTTPClient().perform(get).status == 302)
        #expect(server.requests.count == 1 + HTTPClient.redirectLimit)
    }

    @Test func `A server that takes no connection is left when the time for that is over`() throws {
        // Nobody accepts: two connections fill its queue, and the third one's first packet is dropped.
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        var crowd: [Int32] = []
        defer { for descriptor in crowd + [listener] { close(descriptor) } }
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                _ = unsafe bind(listener, generic, length)
                _ = listen(listener, 0)
                _ = unsafe getsockname(listener, generic, &length)
                for _ in 0..<3 {
                    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
                    _ = unsafe connect(descriptor, generic, length)
                    crowd.append(descriptor)
                }
            }
        }
        var request = HTTPRequest(
            .post,
            try #require(HTTPURL("http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))/"))
        )
        request.connectTimeoutMilliseconds = 200
        request.timeoutMilliseconds = 20_000
        let error = try failure(HTTPClient(), request)
        #expect(!error.requestMayHaveArrived && error.durationMilliseconds < 10_000, "\(error)")
    }

    @Test(arguments: [false, true])
    func `A wait that is ended from outside is ended once`(byProxy: Bool) throws {
        let server = ScriptedServer([.sleep(milliseconds: 300), .answer(Self.ok)])
        var request = try post(server)
        if byProxy {
            request.url = try #require(HTTPURL("http://example.invalid/t"))
            var transport = TransportSettings()
            transport.proxy = .server(try #require(ProxyAddress(server.origin)), user: nil, password: nil)
            request.transport = transport
        }
        let client = HTTPClient()
        var isDone = false
        client.start(request) { _ in isDone = true }
        var turns = 0
        while !isDone, turns < 1000 {
            if turns == 1 { client.wake() }
            client.turn(waitingUpTo: 1000)
            turns += 1
        }
        #expect(isDone && turns < 30, "\(turns) turns")
        #expect(server.requests.first?.hasPrefix(byProxy ? "POST http://example.invalid/t " : "POST /t ") == true)
    }
}
