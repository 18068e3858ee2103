import Foundation
import Testing

/// Mails that answer one another for ever, and what a person sees and does about it.
struct LoopTests {
    private func answer(_ number: Int) -> String {
        MailMaker.mail(1, id: "loop\(number)", subject: "Re: [rt #\(number)] received", text: "I am away, \(number).")
            .replacing("MIME-Version", with: "In-Reply-To: <ack\(number)@desk.example>\nMIME-Version")
    }

    @Test func `A loop is held back, shown, and let go on`() throws {
        let sink = try RecordingSink()
        let desk = try Desk()
        try desk.configure(sources: MailMaker.maildirSource, target: sink.url + "/tickets")
        try MailMaker.fill(desk, 500...501)
        for number in 0..<100 { try desk.write(answer(number), to: "maildir/new/17673.M\(number)P1.host") }
        #expect(try desk.gatehouse("run", "--linger", "0").status == 0)
        #expect(try desk.outbox("sent") == 62)
        #expect(try desk.outbox("held") == 40)
        #expect(try desk.gatehouse("status").output.contains("40 messages are held back"))
        let list = try desk.gatehouse("held", "list", "--json")
        #expect(list.lines.count == 40 && list.output.contains("loop_breaker"))
        #expect(try desk.gatehouse("held", "release", "--all").errors == "gatehouse: 40 ready\n")
        try desk.gatehouse("forward")
        #expect(try desk.outbox("sent") == 102)
        #expect(try Set(sink.entries().map(\.envelopeID)).count == 102)
        #expect(try desk.gatehouse("held", "release", "--all").status == 66)
    }

    @Test(arguments: [["held", "free"], ["held", "release"], ["held", "drop", "--all"], ["held", "list", "x"]])
    func `Words that mean nothing are answered with those that do`(words: [String]) throws {
        let outcome = try Program.run("gatehouse", words + ["--config", Desk().configuration.path()])
        #expect(outcome.status == 64)
    }
}
