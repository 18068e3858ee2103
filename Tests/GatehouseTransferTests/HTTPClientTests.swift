import GatehouseTransfer
import TestSupport
import Testing

@Suite struct HTTPClientTests {
    private func post(_ url: String, _ body: String = #"{"id":"x"}"#) throws -> HTTPRequest {
        let field = try #require(HTTPField("Content-Type", "application/json"))
        return try HTTPRequest(.post, #require(HTTPURL(url)), headers: [field], body: Array(body.utf8))
    }

    private func failure(_ request: HTTPRequest, _ client: HTTPClient = HTTPClient()) -> TransferError? {
        do throws(TransferError) {
            _ = try client.perform(request)
            return nil
        } catch {
            return error
        }
    }

    @Test func `A post is answered`() throws {
        let sink = try TicketSinkProcess()
        let answer = try HTTPClient().perform(post("\(sink.origin)/tickets"))
        #expect(answer.status == 201)
        #expect(answer.header("LOCATION") == "\(sink.origin)/tickets/1")
        #expect(answer.mediaType == "application/json")
    }

    @Test(arguments: [0, 1, 32_743, 32_744, 32_745, 65_535, 65_536, 3_000_000])
    func `A body of any size arrives whole`(size: Int) throws {
        let sink = try TicketSinkProcess()
        let body = #"{"id":"x","pad":""# + String(repeating: "y", count: size) + "\"}"
        #expect(try HTTPClient().perform(post("\(sink.origin)/tickets", body)).status == 201)
        var request = try HTTPRequest(.get, #require(HTTPURL("\(sink.origin)/tickets/1")))
        request.answerLimit = 8 << 20
        let stored = try HTTPClient().perform(request)
        #expect(!stored.isCut)
        #expect(String(decoding: stored.body, as: UTF8.self).contains(body))
    }

    @Test func `An answer longer than its bound is cut, and says so`() throws {
        let sink = try TicketSinkProcess()
        _ = try HTTPClient().perform(
            post("\(sink.origin)/tickets", #"{"id":"\#(String(repeating: "z", count: 100_000))"}"#)
        )
        var request = try HTTPRequest(.get, #require(HTTPURL("\(sink.origin)/tickets")))
        request.answerLimit = 1000
        let answer = try HTTPClient().perform(request)
        #expect(answer.isCut && answer.body.count == 1000 && answer.status == 200)
    }

    @Test func `Where nobody listens, nothing can have arrived`() throws {
        #expect(try failure(post("http://127.0.0.1:1/tickets"))?.requestMayHaveArrived == false)
    }

    @Test func `A server that speaks no TLS, or a CA file that is missing, gets no request`() throws {
        let sink = try TicketSinkProcess()
        let address = "https" + sink.origin.dropFirst(4)
        #expect(try failure(post(address))?.requestMayHaveArrived == false)
        let client = HTTPClient(transport: TransportSettings(caFile: "/nonexistent/ca.pem"))
        #expect(try failure(post(address), client)?.requestMayHaveArrived == false)
        #expect(try HTTPClient().perform(post("\(sink.origin)/tickets")).body.contains(UInt8(ascii: "1")))
    }

    @Test(arguments: ["lost", "slow,delay=2000"])
    func `A request that got no answer may have arrived`(failure kind: String) throws {
        let sink = try TicketSinkProcess(["--fail", kind])
        var request = try post("\(sink.origin)/tickets")
        request.timeoutMilliseconds = 300
        let error = try #require(failure(request))
        #expect(error.requestMayHaveArrived)
        #expect(error.description.hasPrefix(sink.origin))
    }

    @Test func `Many requests share few connections, and each completion comes once`() throws {
        let sink = try TicketSinkProcess()
        let client = HTTPClient(concurrency: 3)
        var statuses: [Int] = []
        for number in 0..<200 {
            try client.start(post("\(sink.origin)/tickets", #"{"id":"\#(number)"}"#)) { result in
                if case .success(let answer) = result { statuses.append(answer.status) }
            }
        }
        client.run()
        #expect(statuses == Array(repeating: 201, count: 200))
        let stats = try client.perform(HTTPRequest(.get, #require(HTTPURL("\(sink.origin)/_stats"))))
        #expect(String(decoding: stats.body, as: UTF8.self).contains("\"connections\":3,"))
    }

    @Test(arguments: [
        "", "ftp://h/", "file:///etc/passwd", "gopher://h", "http:/h", "http://", "http://u:p@h/", "http://h:0/",
        "http://h:99999/",
        "http://h/a b", "http://h/\r\nX: y", "http://h\\@evil/", "http://[::1/", "//h", "http://:80/", "http://h/é",
    ])
    func `What is no plain http address is refused`(text: String) { #expect(HTTPURL(text) == nil) }

    @Test(arguments: [
        ("http://Host/a/", "/b", "http://Host/a/b"), ("https://h:8443", "b?x=1", "https://h:8443/b?x=1"),
        ("http://h/a?k=1", "b", "http://h/a/b?k=1"), ("http://h/a?k=1#f", "b?x=2", "http://h/a/b?x=2&k=1"),
        ("http://[::1]:8080/x", "y", "http://[::1]:8080/x/y"),
    ])
    func `A path is put behind an address`(base: String, path: String, joined: String) throws {
        #expect(try #require(HTTPURL(base)).appending(path)?.text == joined)
    }

    @Test(arguments: ["a\r\nEvil: 1", "a\nb", "a\0b", "\u{7F}"])
    func `A header field can't break out of its line`(value: String) {
        #expect(HTTPField("X-Test", value) == nil)
        #expect(!HTTPField(.idempotencyKey, cleaned: value).value.utf8.contains { $0 < 0x20 || $0 == 0x7F })
        #expect(HTTPField("X\r\nY", "v") == nil && HTTPField("", "v") == nil && HTTPField("a b", "v") == nil)
    }
}
