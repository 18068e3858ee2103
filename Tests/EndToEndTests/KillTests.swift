import Foundation
import Glibc
import Testing

/// SIGKILL at any moment, then run again: nothing lost, nothing twice.
@Suite(.serialized)
struct KillTests {
    @Test func `A poll that is killed again and again loses nothing and doubles nothing`() throws {
        let desk = try Desk()
        try desk.configure(sources: MailMaker.mboxSource)
        try desk.write(MailMaker.mbox(1...3000), to: "mails.mbox")
        let kills = try desk.kill("poll", rounds: 12, after: 0.01, step: 0.03)
        #expect(kills > 0, "every run ended before it could be killed")
        let last = try desk.gatehouse("poll")
        #expect(last.status == 0, "\(last.errors)")
        #expect(try desk.inputs("accepted") == 3000)
        let ids = try desk.gatehouse("list", "--limit", "10000", "--json").lines
        #expect(Set(ids).count == 3000)
    }

    @Test func `A forward that is killed again and again makes each message one ticket`() throws {
        let sink = try RecordingSink(failures: ["lost,share=0.03", "503,share=0.03"])
        let desk = try Desk()
        try desk.configure(
            sources: MailMaker.mboxSource,
            target: sink.url + "/tickets",
            options: DeliveryTests.impatient
        )
        try desk.write(MailMaker.mbox(1...600), to: "mails.mbox")
        #expect(try desk.gatehouse("poll").status == 0)
        let kills = try desk.kill("forward", "--linger", "1", rounds: 15, after: 0.02, step: 0.02)
        #expect(kills > 0, "every run ended before it could be killed")
        for _ in 0..<30 where try desk.outbox("sent") < 600 { try desk.gatehouse("forward", "--linger", "2") }
        #expect(try desk.outbox("sent") == 600)
        let ids = try sink.entries().map(\.envelopeID)
        #expect(ids.count == 600 && Set(ids).count == 600)
    }

    @Test func `A killed ingest has stored its mail, or the mail server has it still`() throws {
        let desk = try Desk()
        try desk.gatehouse("ingest", "--mda", input: Data(MailMaker.mail(0).utf8))
        var answeredZero = 1
        for number in 1...25 {
            let file = "one.eml"
            try desk.write(MailMaker.mail(number), to: file)
            let run = try desk.start("ingest", "--quiet", desk.folder.appending(path: file).path())
            Thread.sleep(forTimeInterval: 0.0008 * Double(number))
            run.send(SIGKILL)
            if run.wait() == 0 { answeredZero += 1 }
        }
        #expect(try desk.inputs("accepted") >= answeredZero)
        for number in 1...25 {
            #expect(try desk.gatehouse("ingest", "--mda", input: Data(MailMaker.mail(number).utf8)).status == 0)
        }
        #expect(try desk.inputs("accepted") == 26)
    }
}
