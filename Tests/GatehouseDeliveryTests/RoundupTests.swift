import GatehouseCore
import Testing

@testable import GatehouseDelivery

/// Answers as Roundup 2.6 gives them.
@Suite struct RoundupTests {
    private static func made(_ id: String) -> ScriptedAnswer {
        ScriptedAnswer(
            status: 201,
            body: #"{"data": {"id": "\#(id)", "link": "http://127.0.0.1/t/rest/data/x/\#(id)"}}"#
        )
    }

    private static func collection(_ ids: [String]) -> ScriptedAnswer {
        let items = ids.map { #"{"id": "\#($0)", "link": "x"}"# }.joined(separator: ",")
        return ScriptedAnswer(body: #"{"data": {"collection": [\#(items)], "@total_size": \#(ids.count)}}"#)
    }

    private func engine(_ server: ScriptedServer) throws -> DeliveryEngine {
        var target = TargetConfiguration(name: "desk", preset: "roundup", url: "\(server.origin)/t/")
        target.user = "admin"
        target.secret = { "pässword" }
        return try DeliveryEngine(targets: [target])
    }

    private func steps(_ server: ScriptedServer) -> [String] {
        server.requests.map { "\($0.method) \($0.target.split(separator: "?")[0].dropFirst("/t/rest/data/".count))" }
    }

    @Test func `Files, message and issue are made in this order, each with the ids before it`() throws {
        let server = ScriptedServer { request in
            switch request.target {
            case "/t/rest/data/file": Self.made("7")
            case "/t/rest/data/msg": Self.made("8")
            default: Self.made("9")
            }
        }
        let bytes = Array("proof".utf8)
        let digest = SHA256.hex(of: bytes)
        let extra = #","attachments":[{"name":"a\"b/c.txt","size":5,"sha256":"\#(digest)","status":"stored"}]"#
        let outcomes = try deliver([makeJob("n", extra: extra)], by: engine(server), contents: [digest: bytes])
        #expect(outcomes == [.sent(ticket: "9", url: "\(server.origin)/t/issue9", lookedUp: false)])
        #expect(steps(server) == ["POST file", "POST msg", "POST issue"])
        let requests = server.requests
        #expect(
            requests[0].text.contains(
                "name=\"content\"; filename=\"a_b_c.txt\"\r\nContent-Type: application/octet-stream\r\n\r\nproof\r\n"
            )
        )
        #expect(requests[1].json?["messageid"]?.string == "<n@gatehouse>")
        #expect(requests[1].json?["author"]?.string == "1")
        #expect(requests[1].json?.pointer("/files/0")?.string == "7")
        #expect(requests[2].json?.pointer("/messages/0")?.string == "8")
        #expect(requests[2].json?["priority"]?.string == "urgent")
        #expect(
            requests.allSatisfy { $0.headers["x-requested-with"] == "rest" && $0.headers["origin"] == server.origin }
        )
        #expect(requests.allSatisfy { $0.headers["authorization"] == "Basic \(Base64.encode("admin:pässword"))" })
    }

    @Test func `An attempt that stopped after its message is taken up there`() throws {
        let server = ScriptedServer { request in
            if request.method == "POST" {
                return request.target.hasSuffix("/msg") ? Self.made("8") : ScriptedAnswer(status: 503)
            }
            return Self.collection(request.target.contains("msg?") ? ["8"] : [])
        }
        let engine = try engine(server)
        var job = try makeJob("n")
        guard case .retry(_, _, 503, outcomeUnknown: true) = try deliver([job], by: engine).first else {
            Issue.record("the half-done attempt is not to be looked for")
            return
        }
        job.outcomeUnknown = true
        _ = try deliver([job], by: self.engine(server))
        #expect(steps(server) == ["POST msg", "POST issue", "GET msg", "GET issue", "POST issue"])
        #expect(server.requests.last?.json?.pointer("/messages/0")?.string == "8")
    }

    @Test func `An issue that changed meanwhile is read again, and the message made once`() throws {
        let isFirst = AtomicFlag()
        let server = ScriptedServer { request in
            switch request.method {
            case "GET": ScriptedAnswer(headers: [#"ETag: "e1""#], body: #"{"data": {"id": "3", "attributes": {}}}"#)
            case "PATCH" where isFirst.setOnce(): ScriptedAnswer(status: 412, body: #"{"error": {"status": 412}}"#)
            case "PATCH": ScriptedAnswer(body: #"{"data": {"id": "3", "attribute": {}}}"#)
            default: Self.made("8")
            }
        }
        let outcomes = try deliver([makeJob("n", ticket: "3")], by: engine(server))
        #expect(outcomes == [.sent(ticket: "3", url: "\(server.origin)/t/issue3", lookedUp: false)])
        #expect(steps(server) == ["GET issue/3", "POST msg", "PATCH issue/3", "GET issue/3", "PATCH issue/3"])
        let patch = try #require(server.requests.last)
        #expect(patch.headers["if-match"] == #""e1""#)
        #expect(patch.json?["@op"]?.string == "add")
    }

    @Test func `A rate limit is kept to`() throws {
        let server = ScriptedServer { _ in
            ScriptedAnswer(
                status: 429,
                headers: ["Retry-After: 2", "X-RateLimit-Reset: 1.5"],
                body: #"{"error": {"status": 429}}"#
            )
        }
        guard case .retry(2000, _, 429, outcomeUnknown: false) = try deliver([makeJob("n")], by: engine(server)).first
        else {
            Issue.record("not retried after two seconds")
            return
        }
    }
}
