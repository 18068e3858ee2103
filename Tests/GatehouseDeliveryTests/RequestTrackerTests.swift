import GatehouseCore
import Testing

@testable import GatehouseDelivery

/// Answers as RT 5.0.3 gave them.
@Suite struct RequestTrackerTests {
    private static let created = ScriptedAnswer(
        status: 201,
        headers: ["Location: /REST/2.0/ticket/17", "Content-Type: application/json; charset=utf-8"],
        body: #"{"type":"ticket","id":"17","_url":"http://127.0.0.1:8081/REST/2.0/ticket/17"}"#
    )

    private static func answer(_ request: SeenRequest) -> ScriptedAnswer {
        switch request.target {
        case "/NoAuth/Login.html":
            let isRight = request.text == "user=root&pass=root%26pass1"
            let cookie = "Set-Cookie: RT_SID_example.80=\(isRight ? "5e55" : "0"); path=/; HttpOnly"
            let page = "RT.CurrentUser = {\(isRight ? "\"Name\":\"root\"" : "")};"
            return ScriptedAnswer(status: 200, headers: [cookie], body: page)
        case "/REST/2.0/ticket": return created
        case "/REST/2.0/ticket/17/correspond", "/REST/2.0/ticket/17/comment":
            return ScriptedAnswer(status: 201, body: #"["Correspondence added"]"#)
        case "/REST/2.0/ticket/99/correspond":
            return ScriptedAnswer(status: 400, body: #"{"message":"Message could not be recorded"}"#)
        case "/REST/2.0/ticket/99": return ScriptedAnswer(status: 404, body: #"{"message":"Not Found"}"#)
        default: return ScriptedAnswer(status: 404, body: #"{"message":"Not Found"}"#)
        }
    }

    private func target(_ server: ScriptedServer, user: String? = "root", secret: String = "root&pass1")
        -> TargetConfiguration
    {
        var target = TargetConfiguration(name: "desk", preset: "rt", url: server.origin)
        target.user = user
        target.secret = { secret }
        target.concurrency = 3
        return target
    }

    @Test func `Many tickets need one login, and each carries subject, requestor, priority and the envelope's id`()
        throws
    {
        let server = ScriptedServer(Self.answer)
        let jobs = try (0..<6).map { try makeJob("r\($0)") }
        let outcomes = try deliver(jobs, by: DeliveryEngine(targets: [target(server)]))
        let page = "\(server.origin)/Ticket/Display.html?id=17"
        #expect(outcomes == Array(repeating: .sent(ticket: "17", url: page, lookedUp: false), count: 6))
        #expect(server.requests.count { $0.target == "/NoAuth/Login.html" } == 1)
        let post = try #require(server.requests.first { $0.target == "/REST/2.0/ticket" })
        #expect(post.headers["cookie"] == "RT_SID_example.80=5e55")
        #expect(post.headers["referer"] == "\(server.origin)/")
        #expect(post.headers["authorization"] == nil)
        let ticket = try #require(post.json)
        #expect(ticket["Queue"]?.string == "General")
        #expect(ticket["Subject"]?.string == "Withdrawal stuck")
        #expect(ticket["Requestor"]?.string == "alice@example.org")
        #expect(ticket["Priority"]?.int64 == 70)
        #expect(ticket.pointer("/CustomFields/ExternalId")?.string?.hasPrefix("r") == true)
        #expect(ticket["ContentType"]?.string == "text/plain")
        #expect(ticket["Content"]?.string?.hasPrefix("My withdrawal is stuck\n") == true)
    }

    @Test func `A token is sent as a token, without a login`() throws {
        let server = ScriptedServer(Self.answer)
        _ = try deliver([makeJob("t")], by: DeliveryEngine(targets: [target(server, user: nil, secret: "1-14-abc")]))
        #expect(server.requests.map { $0.headers["authorization"] } == ["token 1-14-abc"])
    }

    @Test func `A wrong password sends nothing, blames no message and shows no secret`() throws {
        let server = ScriptedServer(Self.answer)
        let jobs = try (0..<5).map { try makeJob("w\($0)") }
        let outcomes = try deliver(jobs, by: DeliveryEngine(targets: [target(server, secret: "wrong")]))
        #expect(outcomes.count == 5)
        for outcome in outcomes {
            guard case .postponed(_, let reason) = outcome else {
                Issue.record("\(outcome)")
                continue
            }
            #expect(reason.contains("login") && !reason.contains("wrong"))
        }
        #expect(server.requests.allSatisfy { $0.target == "/NoAuth/Login.html" })
    }

    @Test(arguments: [302, 401])
    func `A session that has run out is renewed once, and the request goes out again`(status: Int) throws {
        let isOut = AtomicFlag()
        let server = ScriptedServer { request in
            if request.target == "/REST/2.0/ticket", isOut.setOnce() { return ScriptedAnswer(status: status) }
            return Self.answer(request)
        }
        let outcomes = try deliver([makeJob("s")], by: DeliveryEngine(targets: [target(server)]))
        guard case .sent(ticket: "17", _, _) = outcomes.first else {
            Issue.record("\(outcomes)")
            return
        }
        let login = "/NoAuth/Login.html"
        #expect(server.requests.map(\.target) == [login, "/REST/2.0/ticket", login, "/REST/2.0/ticket"])
    }

    @Test func `After an unknown outcome the ticket is looked up, and not made again`() throws {
        let server = ScriptedServer { request in
            guard request.target.hasPrefix("/REST/2.0/tickets?") else { return Self.answer(request) }
            return ScriptedAnswer(body: #"{"total":1,"count":1,"items":[{"type":"ticket","id":"5"}]}"#)
        }
        let outcomes = try deliver(
            [makeJob("it's", outcomeUnknown: true)],
            by: DeliveryEngine(targets: [target(server)])
        )
        #expect(outcomes == [.sent(ticket: "5", url: "\(server.origin)/Ticket/Display.html?id=5", lookedUp: true)])
        let lookup = try #require(server.requests.last)
        #expect(lookup.target.contains("query=%27CF.%7BExternalId%7D%27%20%3D%20%27it%5C%27s%27"))
    }

    @Test func `A follow-up carries a marker by which it is found in the ticket`() throws {
        let subjects = Mutexed("")
        let server = ScriptedServer { request in
            if request.target.hasPrefix("/REST/2.0/ticket/17/attachments") {
                return ScriptedAnswer(body: #"{"items":[{"type":"attachment","Subject":"\#(subjects.value)"}]}"#)
            }
            if request.target.hasSuffix("/correspond") { subjects.value = request.json?["Subject"]?.string ?? "" }
            return Self.answer(request)
        }
        let engine = try DeliveryEngine(targets: [target(server)])
        let page = "\(server.origin)/Ticket/Display.html?id=17"
        #expect(
            try deliver([makeJob("f1", ticket: "17")], by: engine) == [.sent(ticket: "17", url: page, lookedUp: false)]
        )
        let again = try deliver([makeJob("f1", ticket: "17", outcomeUnknown: true)], by: engine)
        #expect(again == [.sent(ticket: "17", url: page, lookedUp: true)])
        #expect(server.requests.count { $0.target.hasSuffix("/correspond") } == 1)
    }

    @Test func `A follow-up on a ticket that is not there asks for a new one`() throws {
        let server = ScriptedServer(Self.answer)
        let outcomes = try deliver([makeJob("g", ticket: "99")], by: DeliveryEngine(targets: [target(server)]))
        guard case .ticketGone = outcomes.first else {
            Issue.record("\(outcomes)")
            return
        }
    }
}
