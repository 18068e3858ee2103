import Foundation
import Glibc
import Testing

/// Several targets with rules of their own, and stored messages that are run through today's rules.
struct TargetRuleTests {
    private func configure(_ desk: Desk, targets: String, queues: String = "[]") throws {
        try Data(
            """
            { "schema": 1, "state_dir": "state", "sources": \(MailMaker.maildirSource), "targets": \(targets),
              "triage": { "queues": \(queues) } }
            """.utf8
        ).write(to: desk.configuration)
    }

    private func target(_ name: String, _ rest: String) -> String { #"{ "name": "\#(name)", \#(rest) }"# }

    private func secret(_ desk: Desk) throws {
        let file = desk.folder.appending(path: "secret")
        try Data("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n".utf8).write(to: file)
        _ = unsafe chmod(file.path(), 0o600)
    }

    private func sent(_ desk: Desk, _ name: String, _ state: String = "sent") throws -> Int {
        let targets = try #require(desk.status()["targets"] as? [[String: Any]])
        return try #require(targets.first { $0["name"] as? String == name }?[state] as? Int)
    }

    @Test func `An alarm goes out for critical messages alone, and the archive keeps all`() throws {
        let desk = try Desk()
        let (tickets, alarms) = (try RecordingSink(), try RecordingSink())
        try secret(desk)
        try configure(
            desk,
            targets: """
                [\(target("desk", #""preset": "generic-json", "url": "\#(tickets.url)/tickets""#)),
                 \(target("alarm", #""preset": "webhook", "url": "\#(alarms.url)/tickets", "when": { "urgency": "critical" }, "secret": { "file": "secret" }"#)),
                 \(target("archive", #""preset": "archive", "path": "archive""#))]
                """
        )
        try MailMaker.fill(desk, 1...4)
        let urgent = MailMaker.mail(
            9,
            subject: "My account was hacked",
            text: "Somebody hacked my account and stole my funds"
        )
        try desk.write(urgent, to: "maildir/new/1767399999.M9P1.host")
        let run = try desk.gatehouse("run")
        #expect(run.status == 0, "\(run.errors)")
        #expect(try tickets.entries().count == 5)
        #expect(try alarms.entries().count == 1)
        #expect(try sent(desk, "alarm") == 1 && sent(desk, "alarm", "not_due") == 4)
        #expect(try sent(desk, "archive") == 5)
        let files = try Program.runTool(["find", desk.folder.appending(path: "archive").path(), "-type", "f"]).lines
        #expect(files.count == 5 && files.allSatisfy { $0.contains("/archive/2026/01/02/") && $0.hasSuffix(".json") })
        #expect(try desk.gatehouse("reconcile").status == 0)
    }

    @Test func `A rate is kept`() throws {
        let sink = try RecordingSink()
        let desk = try Desk()
        try desk.configure(
            sources: MailMaker.maildirSource,
            target: sink.url + "/tickets",
            options: #", "rate_per_s": 20"#
        )
        try MailMaker.fill(desk, 1...30)
        try desk.gatehouse("poll")
        let began = Date()
        #expect(try desk.gatehouse("forward").status == 0)
        // The first twenty at most at once would be a bucket's worth; the first of this one is one.
        #expect(Date().timeIntervalSince(began) > 0.4)
        #expect(try sink.entries().count == 30)
    }

    @Test func `Replay shows what today's rules change, and changes nothing`() throws {
        let desk = try Desk()
        let sink = try RecordingSink()
        let one = target("desk", #""preset": "generic-json", "url": "\#(sink.url)/tickets""#)
        try configure(desk, targets: "[\(one)]")
        try MailMaker.fill(desk, 1...3)
        try desk.gatehouse("run")
        #expect(try desk.gatehouse("replay").output.contains("0 of 3 messages"))
        try configure(desk, targets: "[\(one)]", queues: #"[{ "queue": "english", "channels": ["email"] }]"#)
        let replay = try desk.gatehouse("replay", "--since", "1d", "--json")
        #expect(replay.lines.count == 3 && replay.output.contains(#""place":"/queue","after":"english""#))
        #expect(try desk.gatehouse("replay", "--diff").output.contains("queue: - → english"))
        #expect(try desk.gatehouse("list", "--json").output.contains("english") == false)
    }

    @Test func `Replay sends stored messages to a new target, once`() throws {
        let desk = try Desk()
        let (old, new) = (try RecordingSink(), try RecordingSink())
        let one = target("desk", #""preset": "generic-json", "url": "\#(old.url)/tickets""#)
        let two = target("second", #""preset": "generic-json", "url": "\#(new.url)/tickets""#)
        try configure(desk, targets: "[\(one)]")
        try MailMaker.fill(desk, 1...3)
        try desk.gatehouse("run")
        try configure(desk, targets: "[\(one), \(two)]")
        #expect(try desk.gatehouse("replay", "--target", "second", "--dry-run").output.contains("Question 2"))
        #expect(try desk.gatehouse("forward").status == 0)
        #expect(try new.entries().isEmpty)
        #expect(try desk.gatehouse("replay", "--target", "second").errors.contains("3 of 3 messages became ready"))
        #expect(try desk.gatehouse("replay", "--target", "second").errors.contains("0 of 3 messages"))
        #expect(try desk.gatehouse("forward").status == 0)
        #expect(try new.entries().count == 3 && old.entries().count == 3)
        #expect(try desk.gatehouse("reconcile").status == 0)
        #expect(try desk.gatehouse("replay", "--target", "third").status == 64)
    }
}
