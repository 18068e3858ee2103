import GatehouseCore
import GatehouseTransfer
import TestSupport
import Testing

@testable import GatehouseDelivery

/// What the common rules do with answers that a real server gives.
@Suite struct DeliveryRuleTests {
    private func engine(_ server: ScriptedServer, _ change: (inout TargetConfiguration) -> Void = { _ in }) throws
        -> DeliveryEngine
    {
        var target = TargetConfiguration(name: "desk", preset: "generic-json", url: "\(server.origin)/tickets")
        target.concurrency = 2
        change(&target)
        return try DeliveryEngine(targets: [target])
    }

    private static let proof = Array("proof".utf8)
    private static let digest = SHA256.hex(of: proof)
    private static let files = #","attachments":[{"name":"a.txt","size":5,"sha256":"\#(digest)","status":"stored"}]"#

    @Test(arguments: [
        (413, "", ""), (400, "text/html", "<h1>Bad Request (400)</h1>"),
        (422, "application/json", #"{"error":"The attachment is too large"}"#),
        (422, "application/json", #"{"errors":["Unsupported file extension: .bin"]}"#),
        (400, "application/json", #"{"message":"Request body exceeds the limit"}"#),
    ])
    func `A refusal that is about the attachments has the message go without them`(
        status: Int,
        type: String,
        body: String
    ) throws {
        let server = ScriptedServer { request in
            request.text.contains(#""content":"cHJvb2Y=""#)
                ? ScriptedAnswer(status: status, headers: ["Content-Type: \(type)"], body: body)
                : ScriptedAnswer(status: 201, body: #"{"id":"7"}"#)
        }
        let outcomes = try deliver(
            [makeJob("f", extra: Self.files)],
            by: engine(server),
            contents: [Self.digest: Self.proof]
        )
        guard case .sent(ticket: "7", _, _) = outcomes.first else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(server.requests.count == 2)
        #expect(server.requests.last?.text.contains("attachment_left_out:a.txt (5 bytes)") == true)
    }

    @Test func `A refusal that is about something else keeps the attachments, and is dead`() throws {
        let server = ScriptedServer { _ in
            ScriptedAnswer(
                status: 422,
                headers: ["Content-Type: application/json"],
                body: #"{"error":"queue is unknown"}"#
            )
        }
        let outcomes = try deliver(
            [makeJob("f", extra: Self.files)],
            by: engine(server),
            contents: [Self.digest: Self.proof]
        )
        guard case .dead(_, 422, let answer) = outcomes.first else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(answer.contains("queue is unknown") && server.requests.count == 1)
    }

    @Test func `A token that has expired is asked for anew, once, and the request goes out again`() throws {
        let tokens = Mutexed(["token-old", "token-new"])
        let server = ScriptedServer { request in
            request.headers["authorization"] == "Bearer token-new"
                ? ScriptedAnswer(status: 201, body: #"{"id":"1"}"#) : ScriptedAnswer(status: 401)
        }
        let engine = try engine(server) { target in
            target.concurrency = 1
            target.secret = {
                let first = tokens.value[0]
                if tokens.value.count > 1 { tokens.value.removeFirst() }
                return first
            }
        }
        let outcomes = try deliver((0..<3).map { try makeJob("m\($0)") }, by: engine)
        #expect(outcomes.allSatisfy { if case .sent = $0 { true } else { false } })
        #expect(server.requests.map { $0.headers["authorization"] ?? "" }.filter { $0.hasSuffix("old") }.count == 1)
    }

    @Test func `A token that is refused after it was renewed blames no message`() throws {
        let asked = Mutexed(0)
        let server = ScriptedServer { _ in ScriptedAnswer(status: 401, body: "no: token-1234") }
        let engine = try engine(server) { target in
            target.concurrency = 1
            target.secret = {
                asked.value += 1
                return "token-1234"
            }
        }
        let outcomes = try deliver((0..<20).map { try makeJob("m\($0)") }, by: engine)
        let blamed = outcomes.filter {
            switch $0 {
            case .retry, .postponed: false
            default: true
            }
        }
        #expect(blamed.isEmpty)
        #expect(server.requests.count <= 2 * CircuitBreaker.limit && asked.value <= server.requests.count)
        #expect(!"\(outcomes)".contains("token-1234"))
    }

    @Test func `One slow message holds up no other`() throws {
        let order = Mutexed<[String]>([])
        let server = ScriptedServer { request in
            let id = request.headers["idempotency-key"] ?? ""
            // It is answered when all others are, or much later where they wait for it.
            if id == "slow" { Self.wait { order.value.count == 10 } }
            order.value.append(id)
            return ScriptedAnswer(status: 201, body: #"{"id":"1"}"#)
        }
        let engine = try engine(server) { $0.concurrency = 2 }
        let jobs = try [makeJob("slow")] + (0..<10).map { try makeJob("m\($0)") }
        #expect(try deliver(jobs, by: engine).count == 11)
        #expect(order.value.last == "slow", "all others were taken while it was under way")
    }

    @Test func `Two targets are served at once`() throws {
        let answered = Mutexed(0)
        let slow = ScriptedServer { _ in
            Self.wait { answered.value == 10 }
            return ScriptedAnswer(status: 201, body: #"{"id":"1"}"#)
        }
        let quick = ScriptedServer { _ in
            answered.value += 1
            return ScriptedAnswer(status: 201, body: #"{"id":"1"}"#)
        }
        let targets = [("slow", slow), ("quick", quick)].map { name, server in
            var target = TargetConfiguration(name: name, preset: "generic-json", url: "\(server.origin)/tickets")
            target.concurrency = 1
            return target
        }
        let engine = try DeliveryEngine(targets: targets)
        try engine.begin(makeJob("s"), to: "slow", content: { _ in nil })
        var taken: [String] = []
        var next = 0
        while !engine.isIdle || next < 10 {
            if next < 10, engine.room(at: "quick") > 0 {
                try engine.begin(makeJob("q\(next)"), to: "quick", content: { _ in nil })
                next += 1
            }
            engine.turn(waitingUpTo: 100)
            taken += engine.takeFinished().map(\.target)
        }
        #expect(taken.count == 11 && answered.value == 10)
        #expect(taken.firstIndex(of: "slow") ?? 0 >= 9, "the quick target did not wait for the slow one")
    }

    /// Until it is so, but not for ever.
    private static func wait(_ isSo: () -> Bool) {
        for _ in 0..<1000 where !isSo() { MonotonicClock.sleep(milliseconds: 20) }
    }

    @Test func `What has failed too often is looked for once more, and then given up`() throws {
        let isThere = Mutexed(false)
        let server = ScriptedServer { request in
            guard request.method == "GET" else { return ScriptedAnswer(status: 500) }
            return ScriptedAnswer(body: isThere.value ? #"{"items":[{"id":"9"}]}"# : #"{"items":[]}"#)
        }
        let engine = try engine(server) { $0.options = ["lookup": "?external_id={id}"] }
        var job = try makeJob("x", outcomeUnknown: true)
        job.equalServerErrors = RetryBounds().serverErrorLimit - 1
        guard case .retry(_, _, 500, outcomeUnknown: true) = try deliver([job], by: engine).first else {
            Issue.record("given up without a look")
            return
        }
        let posts = server.requests.filter { $0.method == "POST" }.count
        job.equalServerErrors += 1
        guard case .dead(let reason, _, _) = try deliver([job], by: engine).first else {
            Issue.record("not given up")
            return
        }
        #expect(reason.contains("8 times") && server.requests.filter { $0.method == "POST" }.count == posts)
        isThere.value = true
        #expect(try deliver([job], by: engine) == [.sent(ticket: "9", url: nil, lookedUp: true)])
    }

    @Test func `A gateway's error is one message's fault only where others get through`() throws {
        let server = ScriptedServer { _ in ScriptedAnswer(status: 502) }
        var job = try makeJob("x")
        job.equalServerErrors = 100
        guard case .retry = try deliver([job], by: engine(server)).first else {
            Issue.record("dead although nothing gets through")
            return
        }
        job.othersWentThrough = true
        guard case .dead(let reason, 502, _) = try deliver([job], by: engine(server)).first else {
            Issue.record("tried for ever")
            return
        }
        #expect(reason.contains("101 times"))
    }

    @Test func `An answer that echoes what proves who we are is kept without it`() throws {
        let server = ScriptedServer { request in
            let proof = request.headers["authorization"] ?? ""
            return ScriptedAnswer(status: 422, body: #"{"you sent":"\#(proof)","or":"p<ss\/word, p&lt;ss/word"}"#)
        }
        let engine = try engine(server) { target in
            target.user = "gate"
            target.secret = { "p<ss/word" }
        }
        guard case .dead(_, 422, let answer) = try deliver([makeJob("x")], by: engine).first else {
            Issue.record("not dead")
            return
        }
        #expect(!answer.contains(Base64.encode("gate:p<ss/word")) && !answer.contains("ss"), "\(answer)")
    }

    @Test(arguments: [
        ("ftp://proxy:3128", false), ("http://user:word@proxy:3128", false), ("proxy:3128", false),
        ("file:///etc/passwd", false), ("http://proxy:3128", true), ("socks5h://proxy:1080", true), ("none", true),
    ])
    func `A proxy is an address without secrets, or none`(proxy: String, isGood: Bool) {
        var target = TargetConfiguration(name: "t", preset: "generic-json", url: "http://h/")
        target.proxy = proxy
        #expect(((try? DeliveryEngine(targets: [target])) != nil) == isGood)
    }

    @Test func `By a proxy the request goes to the proxy, with its own secret`() throws {
        let proxy = ScriptedServer { _ in ScriptedAnswer(status: 201, body: #"{"id":"5"}"#) }
        var target = TargetConfiguration(name: "desk", preset: "generic-json", url: "http://tickets.example/tickets")
        target.proxy = proxy.origin
        target.proxyUser = "gate"
        target.proxySecret = { "proxy-word" }
        let outcomes = try deliver([makeJob("x")], by: DeliveryEngine(targets: [target]))
        #expect(outcomes == [.sent(ticket: "5", url: nil, lookedUp: false)])
        let request = try #require(proxy.requests.first)
        #expect(request.target == "http://tickets.example/tickets")
        #expect(request.headers["proxy-authorization"] == "Basic \(Base64.encode("gate:proxy-word"))")
    }
}
