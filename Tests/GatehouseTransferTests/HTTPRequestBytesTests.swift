import Testing

@testable import GatehouseTransfer

@Suite struct HTTPRequestBytesTests {
    private func lines(_ request: HTTPRequest) -> [String] {
        let text = String(decoding: request.bytes(userAgent: "test/1"), as: UTF8.self)
        return text.split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
    }

    @Test func `A request has one host, one length and its body`() throws {
        let field = try #require(HTTPField("Content-Type", "text/plain"))
        let url = try #require(HTTPURL("http://Example.org:8080?a=b#c"))
        let request = HTTPRequest(.post, url, headers: [field], body: Array("x\r\ny".utf8))
        #expect(
            lines(request) == [
                "POST /?a=b HTTP/1.1", "Host: Example.org:8080", "User-Agent: test/1", "Accept: */*",
                "Content-Type: text/plain", "Content-Length: 4", "", "x", "y",
            ]
        )
    }

    @Test func `A GET has neither length nor body, any other method has both`() throws {
        let url = try #require(HTTPURL("https://h/p"))
        #expect(!lines(HTTPRequest(.get, url, body: [1])).contains { $0.hasPrefix("Content-Length") })
        #expect(lines(HTTPRequest(.delete, url)).contains("Content-Length: 0"))
    }

    @Test(arguments: [
        "Content-Length", "content-length", "Transfer-Encoding", "TE", "Connection", "Keep-Alive", "Upgrade", "Expect",
        "Trailer",
    ])
    func `No field of the caller's says where a request ends`(name: String) throws {
        let field = try #require(HTTPField(name, "chunked"))
        let url = try #require(HTTPURL("http://h/"))
        let sent = lines(HTTPRequest(.post, url, headers: [field], body: [0x78]))
        #expect(sent.count { $0.lowercased().hasPrefix(name.lowercased() + ":") } == (name.count == 14 ? 1 : 0))
        #expect(!sent.contains { $0.contains("chunked") })
    }

    @Test(arguments: ["Host", "User-Agent", "Accept"])
    func `A field of the caller's takes the place of ours`(name: String) throws {
        let field = try #require(HTTPField(name.lowercased(), "mine"))
        let sent = lines(HTTPRequest(.get, try #require(HTTPURL("http://h/")), headers: [field]))
        #expect(sent.filter { $0.lowercased().hasPrefix(name.lowercased() + ":") } == ["\(name.lowercased()): mine"])
    }
}
