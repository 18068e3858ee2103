import GatehouseCore
import TestSupport
import Testing

@testable import GatehouseDelivery

@Suite struct GenericJSONTests {
    private func engine(_ sink: TicketSinkProcess, _ change: (inout TargetConfiguration) -> Void = { _ in }) throws
        -> DeliveryEngine
    {
        var target = TargetConfiguration(name: "desk", preset: "generic-json", url: "\(sink.origin)/tickets")
        change(&target)
        return try DeliveryEngine(targets: [target])
    }

    @Test func `A message becomes a ticket that holds the envelope byte for byte`() throws {
        let sink = try TicketSinkProcess()
        let job = try makeJob("a1")
        let outcomes = try deliver([job], by: engine(sink))
        #expect(outcomes == [.sent(ticket: "1", url: "\(sink.origin)/tickets/1", lookedUp: false)])
        let stored = try read("\(sink.origin)/tickets/1")
        #expect(stored["envelope"]?["id"]?.string == "a1")
        #expect(stored["envelope"]?.pointer("/data/body/text")?.string == "My withdrawal is stuck")
    }

    @Test func `A hundred messages become a hundred tickets over few connections`() throws {
        let sink = try TicketSinkProcess()
        let jobs = try (0..<100).map { try makeJob("b\($0)") }
        let outcomes = try deliver(jobs, by: engine(sink) { $0.concurrency = 4 })
        #expect(outcomes.count == 100)
        #expect(outcomes.allSatisfy { if case .sent = $0 { true } else { false } })
        let counts = try read("\(sink.origin)/_stats")
        #expect(counts["tickets"]?.int64 == 100)
        #expect(try #require(counts["connections"]?.int64) <= 5)
    }

    @Test func `A follow-up goes onto its ticket, and one onto a closed ticket asks for a new one`() throws {
        let sink = try TicketSinkProcess()
        let engine = try engine(sink)
        _ = try deliver([makeJob("c1")], by: engine)
        #expect(
            try deliver([makeJob("c2", ticket: "1")], by: engine)
                == [.sent(ticket: "1", url: "\(sink.origin)/tickets/1", lookedUp: false)]
        )
        #expect(try read("\(sink.origin)/tickets/1")["messages"]?.array?.count == 1)
        for ticket in ["7", "x", "../1"] {
            guard case .ticketGone = try deliver([makeJob("c3", ticket: ticket)], by: engine).first else {
                Issue.record("ticket \(ticket) is not said to be gone")
                continue
            }
        }
    }

    @Test func `An envelope is read when somebody looks into it, and one that is none is found at once`() throws {
        let plain = try StoredEnvelopeJSON(Array(#"{"id":"1","data":{"subject":"\"attachments\":[]"}}"#.utf8))
        #expect(!plain.mayHaveAttachments)
        #expect(plain.value["id"]?.string == "1")
        let full = try StoredEnvelopeJSON(Array(#"{"data":{"body":{"text":"m"},"attachments":[{"name":"a"}]}}"#.utf8))
        #expect(full.mayHaveAttachments)
        let deep = String(repeating: #"{"a":"#, count: 40) + "1" + String(repeating: "}", count: 40)
        #expect(try StoredEnvelopeJSON(Array(deep.utf8)).value["a"] != nil)
        for damaged in ["", "[]x", #"{"a":1"#, #"{"a":1}}"#, #"{"a":}"#, "{\"a\":\"\u{1}\"}"] {
            #expect(throws: (any Error).self, "\(damaged)") { try StoredEnvelopeJSON(Array(damaged.utf8)) }
        }
        #expect(throws: (any Error).self) { try StoredEnvelopeJSON([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D]) }
    }

    @Test func `In binary mode the attributes are header fields, and the data is the body`() throws {
        let server = ScriptedServer { _ in ScriptedAnswer(status: 201, body: #"{"id":"9"}"#) }
        var target = TargetConfiguration(name: "desk", preset: "generic-json", url: "\(server.origin)/tickets")
        target.options["mode"] = "binary"
        let plain = try makeJob("a1")
        let subject = #""subject":"50 % é \"x\"","#
        let text = String(decoding: plain.envelopeBytes, as: UTF8.self).replacing(
            #""type":"message.created","#,
            with: #""type":"message.created",\#(subject)"#
        )
        let job = DeliveryJob(id: 1, envelopeID: "a1", envelope: try StoredEnvelopeJSON(Array(text.utf8)))
        let outcomes = try deliver([job], by: DeliveryEngine(targets: [target]))
        #expect(outcomes == [.sent(ticket: "9", url: nil, lookedUp: false)])
        let request = try #require(server.requests.first)
        #expect(request.headers["content-type"] == "application/json" && request.headers["idempotency-key"] == "a1")
        #expect(request.headers["ce-id"] == "a1" && request.headers["ce-specversion"] == "1.0")
        #expect(request.headers["ce-subject"] == "50%20%25%20%C3%A9%20%22x%22")
        #expect(request.json?.pointer("/body/text")?.string == "My withdrawal is stuck")
    }

    @Test(arguments: ["lost,count=1", "500,committed,count=1", "slow,delay=400,count=1"])
    func `An answer that never came makes no second ticket`(failure: String) throws {
        let sink = try TicketSinkProcess(["--fail", failure])
        let engine = try engine(sink) { $0.timeoutMilliseconds = 200 }
        var job = try makeJob("d1")
        guard case .retry(_, _, _, outcomeUnknown: true) = try #require(try deliver([job], by: engine).first) else {
            Issue.record("the outcome is not said to be unknown")
            return
        }
        job.outcomeUnknown = true
        job.attempts = 1
        let second = try deliver([job], by: engine)
        #expect(second == [.sent(ticket: "1", url: "\(sink.origin)/tickets/1", lookedUp: true)])
        #expect(try read("\(sink.origin)/_stats")["tickets"]?.int64 == 1)
    }

    @Test func `A connection that breaks after being used before is not used again behind our back`() throws {
        let sink = try TicketSinkProcess()
        let engine = try engine(sink) { $0.concurrency = 1 }
        _ = try deliver([makeJob("e1")], by: engine)
        try send("[\"lost,count=1\"]", to: "\(sink.origin)/_fail")
        guard
            case .retry(_, _, nil, outcomeUnknown: true) = try #require(try deliver([makeJob("e2")], by: engine).first)
        else {
            Issue.record("the broken connection was not reported")
            return
        }
        #expect(try read("\(sink.origin)/_stats")["replayed"]?.int64 == 0)
    }
}
