import GatehouseTransfer
import Testing

@Suite struct HTTPClientTests {
    @Test func `A post is answered`() throws {
        let sink = try TicketSinkProcess()
        let url = try #require(HTTPURL("\(sink.origin)/tickets"))
        let field = try #require(HTTPField("Content-Type", "application/json"))
        let answer = try HTTPClient().perform(HTTPRequest(.post, url, headers: [field], body: Array(#"{"id":"x"}"#.utf8)))
        #expect(answer.status == 201)
        #expect(answer.header("LOCATION") == "\(sink.origin)/tickets/1")
    }
}
