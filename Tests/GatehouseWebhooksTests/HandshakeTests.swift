import GatehouseCore
import Testing

@testable import GatehouseWebhooks

struct HandshakeTests {
    static func answer(_ scheme: String, _ query: String, verifyToken: String? = "it is me") throws -> WebhookReply? {
        let recipe = try #require(SignatureRecipe.named(scheme))
        let verifier = try SignatureVerifier(recipe: recipe, secrets: ["gate-secret-1", "former"])
        return recipe.handshake?.answer(
            toQueryOf: WebhookRequest(method: "GET", query: query),
            verifier: verifier,
            verifyToken: verifyToken,
            now: SignedRequest.signedAt
        )
    }

    @Test func `X's challenge is answered with its digest under the present secret`() throws {
        let reply = try #require(try Self.answer("x", "crc_token=challenge-token&nonce=1"))
        #expect(reply.status == 200)
        #expect(reply.contentType == "application/json")
        #expect(
            String(decoding: reply.body, as: UTF8.self)
                == #"{"response_token":"sha256=sZDI9uIpQfF06RV2AuVQU1TUXmV+jf6ZFtFP15coVtw="}"#
        )
    }

    @Test(arguments: [
        ("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=it+is+me", 200, "1158201444"),
        ("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=it+is+not", 403, nil),
        ("hub.mode=subscribe&hub.challenge=1158201444", 403, nil),
        ("hub.challenge=1158201444&hub.verify_token=it+is+me", 403, nil),
        (
            "hub.mode=subscribe&hub.challenge=" + String(repeating: "9", count: 5000) + "&hub.verify_token=it+is+me",
            403, nil
        ),
    ])
    func `Meta's challenge is echoed to who knows the verify token`(query: String, status: Int, body: String?) throws {
        let reply = try #require(try Self.answer("meta", query))
        #expect(reply.status == status)
        if let body { #expect(reply.body == Array(body.utf8)) }
        #expect(reply.contentType.hasPrefix("text/plain"))
        #expect(try Self.answer("meta", query, verifyToken: nil)?.status == 403)
    }

    @Test(arguments: [
        ("signature=19d6024c0926c14a5233dcc2dd20d6c8a950ce1c&timestamp=1767323045&nonce=nonce7&echostr=hey", 200),
        ("signature=00d6024c0926c14a5233dcc2dd20d6c8a950ce1c&timestamp=1767323045&nonce=nonce7&echostr=hey", 403),
        ("echostr=hey", 403),
    ])
    func `WeChat's echo is given to who has signed`(query: String, status: Int) throws {
        #expect(try Self.answer("wechat", query)?.status == status)
    }

    @Test(arguments: ["x", "meta", "wechat", "slack"])
    func `A query that asks nothing has no answer`(scheme: String) throws {
        #expect(try Self.answer(scheme, "a=b") == nil)
    }

    @Test func `Slack's challenge stands in a body, and comes back as plain text`() {
        let body = #"{"token":"x","challenge":"3eZbrw1a","type":"url_verification"}"#
        let reply = WebhookHandshake.slack.answer(toBodyOf: WebhookRequest(body: Array(body.utf8)))
        #expect(reply?.body == Array("3eZbrw1a".utf8))
        #expect(reply?.contentType.hasPrefix("text/plain") == true)
        let message = #"{"type":"event_callback","challenge":"no"}"#
        #expect(WebhookHandshake.slack.answer(toBodyOf: WebhookRequest(body: Array(message.utf8))) == nil)
        #expect(WebhookHandshake.meta.answer(toBodyOf: WebhookRequest(body: Array(body.utf8))) == nil)
    }
}

struct CGITests {
    @Test func `A server's variables become header fields`() {
        let environment = CGIEnvironment([
            "REQUEST_METHOD": "post", "QUERY_STRING": "a=1", "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": "2",
            "HTTP_X_HUB_SIGNATURE_256": "sha256=00", "HTTP_CONTENT_TYPE": "text/html", "PATH": "/bin",
        ])
        #expect(environment.method == "POST")
        #expect(environment.query == "a=1")
        #expect(
            environment.headers == [
                "content-type": "application/json", "content-length": "2", "x-hub-signature-256": "sha256=00",
            ]
        )
        #expect(environment.body(limit: 100) == .length(2))
    }

    @Test(arguments: [
        (["CONTENT_LENGTH": "101"], WebhookReply.tooLarge),
        (["CONTENT_LENGTH": "99999999999999999999999"], .tooLarge),
        (["CONTENT_LENGTH": "-1"], .badLength),
        (["CONTENT_LENGTH": "1 0"], .badLength),
        ([:], .lengthRequired),
        (["CONTENT_LENGTH": ""], .lengthRequired),
        (["CONTENT_LENGTH": "5", "HTTP_CONTENT_ENCODING": "gzip"], .encodedBody),
    ])
    func `A body that can't be taken is refused before it is read`(
        variables: [String: String],
        reply: WebhookReply
    ) {
        #expect(CGIEnvironment(variables).body(limit: 100) == .refused(reply))
    }

    @Test func `A body in chunks is read to its end`() {
        #expect(CGIEnvironment(["HTTP_TRANSFER_ENCODING": "chunked"]).body(limit: 100) == .rest)
    }

    @Test func `An answer says how long it is, and nothing in it can start a second one`() {
        let text = String(decoding: WebhookReply.unavailable.cgi, as: UTF8.self)
        #expect(text.hasPrefix("Status: 503 Service Unavailable\r\nContent-Type: text/plain"))
        #expect(text.contains("Retry-After: 60\r\n"))
        #expect(text.split(separator: "\r\n\r\n").count == 2)
        #expect(WebhookReply.accepted(scheme: "meta").body.isEmpty)
        #expect(WebhookReply.accepted(scheme: "twilio").contentType == "text/xml")
        #expect(WebhookReply.unsigned.exitCode == .noPermission)
    }
}
