import Foundation
import Testing

/// Poll, forward, poll again: against a real HTTP endpoint that misbehaves.
struct DeliveryTests {
    @Test func `Mails of a Maildir become tickets, and a second run sends nothing`() throws {
        let sink = try RecordingSink()
        let desk = try Desk()
        try desk.configure(sources: MailMaker.maildirSource, target: sink.url + "/tickets")
        try MailMaker.fill(desk, 1...20)
        let first = try desk.gatehouse("run")
        #expect(first.status == 0, "\(first.errors)")
        #expect(first.output.isEmpty && first.errors.isEmpty, "silence where nobody watches")
        #expect(try Set(sink.entries().map(\.envelopeID)).count == 20)
        let second = try desk.gatehouse("run")
        #expect(second.status == 0)
        #expect(try sink.entries().count == 20)
        #expect(try desk.outbox("sent") == 20)
    }

    @Test(arguments: [
        ["503,count=3"], ["429,count=2,retry-after=1"], ["500,committed,count=2"], ["close,count=2"], ["lost,count=3"],
        ["html,count=2"], ["503,share=0.2", "lost,share=0.1"],
    ])
    func `After a failure of the endpoint every mail is one ticket`(failures: [String]) throws {
        let sink = try RecordingSink(failures: failures)
        let desk = try Desk()
        try desk.configure(sources: MailMaker.maildirSource, target: sink.url + "/tickets", options: Self.impatient)
        try MailMaker.fill(desk, 1...12)
        #expect([0, 75].contains(try desk.gatehouse("run", "--linger", "0").status))
        for _ in 0..<20 where try desk.outbox("sent") < 12 { try desk.gatehouse("forward", "--linger", "3") }
        #expect(try desk.outbox("sent") == 12)
        #expect(try sink.entries().map(\.envelopeID).count == 12)
        #expect(try Set(sink.entries().map(\.envelopeID)).count == 12)
    }

    @Test func `A message that the endpoint refuses is a dead letter, and the others go on`() throws {
        let sink = try RecordingSink(failures: ["422,count=1"])
        let desk = try Desk()
        try desk.configure(sources: MailMaker.maildirSource, target: sink.url + "/tickets")
        try MailMaker.fill(desk, 1...5)
        try desk.gatehouse("run")
        #expect(try desk.outbox("sent") == 4)
        #expect(try desk.outbox("dead") == 1)
        let list = try desk.gatehouse("dead", "list", "--json")
        #expect(list.output.contains("422") && list.lines.count == 1)
        #expect(try desk.gatehouse("dead", "retry", "--all").status == 0)
        try desk.gatehouse("forward")
        #expect(try desk.outbox("dead") == 0)
        #expect(try sink.entries().count == 5)
    }

    @Test func `An answer goes to the ticket of its conversation`() throws {
        let sink = try RecordingSink()
        let desk = try Desk()
        try desk.configure(sources: MailMaker.maildirSource, target: sink.url + "/tickets")
        try MailMaker.fill(desk, 1...2)
        try desk.gatehouse("run")
        let answer = MailMaker.mail(1, id: "answer", subject: "Re: Question 1")
            .replacing(
                "MIME-Version",
                with: "In-Reply-To: <m1@example.net>\nReferences: <m1@example.net>\nMIME-Version"
            )
        try desk.write(answer, to: "maildir/new/1767399999.M9P1.host")
        try desk.gatehouse("run")
        let entries = try sink.entries()
        let opener = try #require(entries.first { ($0.data["message_id"] as? String) == "m1@example.net" })
        let followUp = try #require(entries.first { ($0.data["message_id"] as? String) == "answer@example.net" })
        #expect(followUp.ticket == opener.ticket && followUp.message > 0)
    }

    @Test func `A target that is away costs nothing: its messages wait`() throws {
        let desk = try Desk()
        try desk.configure(sources: MailMaker.maildirSource, target: "http://127.0.0.1:9/tickets")
        try MailMaker.fill(desk, 1...3)
        let away = try desk.gatehouse("run")
        #expect(away.status == 75)
        #expect(away.errors.contains("tried again"))
        #expect(try desk.outbox("ready") == 3)
        let sink = try RecordingSink()
        try desk.configure(sources: MailMaker.maildirSource, target: sink.url + "/tickets")
        for _ in 0..<20 where try desk.outbox("sent") < 3 { try desk.gatehouse("forward", "--linger", "5") }
        #expect(try Set(sink.entries().map(\.envelopeID)).count == 3)
    }

    /// Waits of a test, not of a desk.
    static let impatient = #", "timeout_s": 2, "retry": { "min_s": 0.05, "max_s": 0.4, "lookup_delay_s": 0.1 }"#
}
