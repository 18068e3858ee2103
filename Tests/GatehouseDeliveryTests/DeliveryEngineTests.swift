import GatehouseCore
import GatehouseTransfer
import TestSupport
import Testing

@testable import GatehouseDelivery

@Suite struct DeliveryEngineTests {
    private func engine(_ origin: String, _ change: (inout TargetConfiguration) -> Void = { _ in }) throws
        -> DeliveryEngine
    {
        var target = TargetConfiguration(name: "desk", preset: "generic-json", url: "\(origin)/tickets")
        target.concurrency = 2
        change(&target)
        return try DeliveryEngine(targets: [target])
    }

    private static let proof = Array("proof".utf8)
    private static let digest = SHA256.hex(of: proof)
    private static let files =
        #","attachments":[{"name":"a.txt","size":5,"sha256":"\#(digest)","status":"stored"},"#
        + #"{"name":"big.bin","size":99000000,"sha256":"00","status":"stored"},{"name":"gone","status":"missing"}]"#

    @Test func `Small attachments go inline, and what is left out is named`() throws {
        let sink = try TicketSinkProcess()
        _ = try deliver([makeJob("f", extra: Self.files)], by: engine(sink.origin), contents: [Self.digest: Self.proof])
        let data = try #require(try read("\(sink.origin)/tickets/1").pointer("/envelope/data"))
        #expect(data.pointer("/attachments/0/content")?.string == "cHJvb2Y=")
        #expect(data.pointer("/attachments/1/content") == nil)
        let expected = ["attachment_left_out:big.bin (94 MiB): too large", "attachment_left_out:gone: missing"]
        #expect(data["warnings"]?.array?.compactMap(\.string) == expected)
    }

    @Test func `A message that is too large goes again without its attachments`() throws {
        let sink = try TicketSinkProcess(["--fail", "413,count=1"])
        let outcomes = try deliver(
            [makeJob("f", extra: Self.files)],
            by: engine(sink.origin),
            contents: [Self.digest: Self.proof]
        )
        guard case .sent(ticket: "1", _, _) = outcomes.first else {
            Issue.record("\(outcomes)")
            return
        }
        let data = try #require(try read("\(sink.origin)/tickets/1").pointer("/envelope/data"))
        #expect(data.pointer("/attachments/0/content") == nil)
        #expect(
            data["warnings"]?.array?.first?.string
                == "attachment_left_out:a.txt (5 bytes): the ticket system would not take it"
        )
    }

    @Test func `One refused message does not stop the others`() throws {
        let sink = try TicketSinkProcess(["--fail", "422,count=1"])
        let outcomes = try deliver((0..<20).map { try makeJob("m\($0)") }, by: engine(sink.origin))
        let dead = outcomes.filter {
            if case .dead(_, 422, let answer) = $0 { answer.contains("asked for") } else { false }
        }
        #expect(dead.count == 1)
        #expect(try read("\(sink.origin)/_stats")["tickets"]?.int64 == 19)
    }

    @Test(arguments: ["429", "503"])
    func `A server that asks for a pause gets it, and only what was tried counts as tried`(status: String) throws {
        let sink = try TicketSinkProcess(["--fail", "\(status),retry-after=1.5"])
        let engine = try engine(sink.origin)
        let outcomes = try deliver((0..<50).map { try makeJob("m\($0)") }, by: engine)
        let retried = outcomes.filter { if case .retry(1500, _, Int(status), false) = $0 { true } else { false } }
        let postponed = outcomes.filter { if case .postponed(let rest, _) = $0 { rest <= 1500 } else { false } }
        #expect((1...2).contains(retried.count))
        #expect(retried.count + postponed.count == 50)
        #expect(try read("\(sink.origin)/_stats")["requests"]?.int64 == Int64(retried.count + 1))
    }

    @Test func `A target that is down is tried a few times, not once per message`() throws {
        let outcomes = try deliver((0..<50).map { try makeJob("m\($0)") }, by: engine("http://127.0.0.1:1"))
        let tried = outcomes.count { if case .retry(_, _, nil, false) = $0 { true } else { false } }
        #expect((3...5).contains(tried))
        #expect(outcomes.count == 50)
    }

    @Test func `A web page instead of an answer is no success`() throws {
        let sink = try TicketSinkProcess(["--fail", "html,count=1"])
        let outcomes = try deliver([makeJob("h")], by: engine(sink.origin))
        guard case .retry(_, let reason, 200, outcomeUnknown: true) = outcomes.first else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(reason.contains("HTML, not JSON"))
    }

    @Test func `Where the outcome can't be kept, nothing new begins and the error comes through`() throws {
        struct DiskFull: Error {}
        let sink = try TicketSinkProcess()
        var settled = 0
        let engine = try engine(sink.origin)
        let jobs = try (0..<50).map { try makeJob("m\($0)") }
        #expect(throws: DiskFull.self) {
            try engine.deliver(
                jobs,
                to: "desk",
                content: { _ in nil },
                settled: { _, _, _ in
                    settled += 1
                    throw DiskFull()
                }
            )
        }
        #expect((1...2).contains(settled))
        #expect(try read("\(sink.origin)/_stats")["tickets"]?.int64 == Int64(settled))
    }

    @Test(arguments: [("nosuch", "http://h/"), ("rt", "ftp://h/"), ("generic-json", "http://user:pass@h/")])
    func `A target that can't work is refused before anything is sent`(preset: String, url: String) {
        #expect(throws: TargetError.self) {
            try DeliveryEngine(targets: [TargetConfiguration(name: "t", preset: preset, url: url)])
        }
    }

    @Test func `Redirects are followed for look-ups on the same server alone`() throws {
        let other = ScriptedServer { _ in ScriptedAnswer(body: "other") }
        let elsewhere = "\(other.origin)/x"
        let server = ScriptedServer { request in
            switch request.target {
            case "/here": ScriptedAnswer(status: 302, headers: ["Location: /there"])
            case "/there": ScriptedAnswer(body: "there")
            case "/loop": ScriptedAnswer(status: 302, headers: ["Location: /loop"])
            default: ScriptedAnswer(status: 302, headers: ["Location: \(elsewhere)"])
            }
        }
        func status(_ method: HTTPMethod, _ path: String) throws -> Int {
            try HTTPClient().perform(HTTPRequest(method, #require(HTTPURL(server.origin + path)), body: [0x78])).status
        }
        #expect(try status(.get, "/here") == 200)
        #expect(try status(.post, "/here") == 302)
        #expect(try status(.get, "/loop") == 302)
        #expect(try status(.get, "/away") == 302)
        #expect(other.requests.isEmpty)
    }
}
