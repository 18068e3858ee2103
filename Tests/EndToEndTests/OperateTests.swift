import Foundation
import Glibc
import Testing

/// What the person who runs it looks at: sums, counts, the audit, dry runs, purging.
struct OperateTests {
    /// Twenty mails as tickets, one of them a dead letter, and one input that is a duplicate.
    private func deliveredDesk() throws -> (Desk, RecordingSink) {
        let sink = try RecordingSink(failures: ["422,count=1"])
        let desk = try Desk()
        try desk.configure(sources: MailMaker.maildirSource, target: sink.url + "/tickets")
        try MailMaker.fill(desk, 1...20)
        #expect(try desk.gatehouse("run").status == 0)
        try desk.gatehouse(
            "ingest",
            "--mda",
            "--account",
            "support@exchange.example",
            input: Data(MailMaker.mail(7).utf8)
        )
        return (desk, sink)
    }

    private func object(_ outcome: Outcome) throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
        return try #require(value as? [String: Any], "\(outcome.output) \(outcome.errors)")
    }

    /// Changes the state behind the program's back, as a damaged disk would.
    private func corrupt(_ desk: Desk, _ sql: String) throws -> Bool {
        let script =
            "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit(); c.close()"
        let file = desk.state.appending(path: "gatehouse.sqlite3").path()
        guard try Program.runTool(["python3", "-c", script, file, sql]).status == 0 else {
            print("skipped: python3 with sqlite3 is not here")
            return false
        }
        return true
    }

    @Test func `The sums hold after a run, and a row that is taken away shows`() throws {
        let (desk, _) = try deliveredDesk()
        let fine = try desk.gatehouse("reconcile", "--json")
        #expect(fine.status == 0)
        #expect(try object(fine)["holds"] as? Bool == true)
        #expect(try desk.gatehouse("reconcile").output.contains("inputs of mail"))
        guard try corrupt(desk, "DELETE FROM tally WHERE state = 'duplicate'") else { return }
        let broken = try desk.gatehouse("reconcile", "--json")
        #expect(broken.status == 70)
        #expect(try object(broken)["holds"] as? Bool == false)
    }

    @Test func `Statistics count messages by channel, and the way to the ticket`() throws {
        let (desk, _) = try deliveredDesk()
        let statistics = try object(desk.gatehouse("stats", "--since", "1d", "--json"))
        #expect(statistics["messages"] as? Int == 20)
        #expect(statistics["repeats"] as? Int == 1)
        #expect((statistics["channels"] as? [String: Int]) == ["email": 20])
        let target = try #require((statistics["targets"] as? [[String: Any]])?.first)
        #expect(target["sent"] as? Int == 19 && target["dead"] as? Int == 1)
        #expect(target["median_s"] as? Double != nil)
        #expect(try desk.gatehouse("stats").output.contains("TARGET"))
        #expect(try object(desk.gatehouse("stats", "--since", "2090-01-01", "--json"))["messages"] as? Int == 0)
        #expect(try desk.gatehouse("stats", "--since", "soon").status == 64)
    }

    @Test func `Purging takes the bytes of what is settled, and of nothing else`() throws {
        let (desk, _) = try deliveredDesk()
        #expect(try desk.gatehouse("purge").output == "0 messages purged\n")
        #expect(try object(desk.gatehouse("purge", "--older-than", "0d", "--json"))["purged"] as? Int == 19)
        let dead = try #require(desk.gatehouse("list", "--state", "dead", "--json").lines.first)
        let id = try #require(object(Outcome(status: 0, output: String(dead), errors: ""))["id"] as? String)
        #expect(try desk.gatehouse("show", "--raw", id).output.contains("Message-ID"))
        #expect(try desk.gatehouse("reconcile").status == 0)
        #expect(try desk.gatehouse("purge", "--older-than", "month").status == 64)
    }

    @Test func `Where the configuration says how long bytes are kept, a run purges`() throws {
        let sink = try RecordingSink()
        let desk = try Desk()
        try desk.configure(sources: MailMaker.maildirSource, target: sink.url + "/tickets")
        let text = try String(contentsOf: desk.configuration, encoding: .utf8)
        let kept = text.replacing(#""schema": 1"#, with: #""schema": 1, "retention": { "keep_bytes_days": 0 }"#)
        try Data(kept.utf8).write(to: desk.configuration)
        try MailMaker.fill(desk, 1...3)
        #expect(try desk.gatehouse("run").status == 0)
        #expect(try object(desk.gatehouse("purge", "--older-than", "0d", "--json"))["purged"] as? Int == 0)
        #expect(try desk.gatehouse("reconcile").status == 0)
    }

    @Test func `Each try is in the audit, and a changed one breaks its chain`() throws {
        let (desk, _) = try deliveredDesk()
        let list = try desk.gatehouse("audit", "list", "--json")
        #expect(list.lines.count == 20)
        #expect(list.output.contains(#""outcome":"dead""#) && list.output.contains(#""status":422"#))
        #expect(list.output.contains("duration_ms"))
        #expect(try desk.gatehouse("audit", "verify").status == 0)
        guard try corrupt(desk, "UPDATE attempt SET outcome = 'sent' WHERE outcome = 'dead'") else { return }
        let changed = try desk.gatehouse("audit", "verify", "--json")
        #expect(changed.status == 65)
        #expect(try object(changed)["first_broken"] as? Int != nil)
    }

    @Test func `An audit whose end is cut off is not right`() throws {
        let (desk, _) = try deliveredDesk()
        guard try corrupt(desk, "DELETE FROM attempt WHERE id = (SELECT max(id) FROM attempt)") else { return }
        let cut = try desk.gatehouse("audit", "verify", "--json")
        #expect(cut.status == 65)
        #expect(try object(cut)["end_is_right"] as? Bool == false)
        #expect(try object(cut)["first_broken"] == nil)
    }

    @Test func `A dry run says what would be sent, and changes nothing`() throws {
        let sink = try RecordingSink()
        let desk = try Desk()
        let secret = desk.folder.appending(path: "token")
        try Data("hunter2-hunter2\n".utf8).write(to: secret)
        _ = unsafe chmod(secret.path(), 0o600)
        try desk.configure(
            sources: MailMaker.maildirSource,
            target: sink.url + "/tickets",
            options: #", "secret": { "file": "token" }"#
        )
        try MailMaker.fill(desk, 1...3)
        let first = try desk.gatehouse("run", "--dry-run")
        #expect(first.status == 0, "\(first.errors)")
        #expect(first.output.contains("3 messages would be sent"))
        #expect(first.output.contains("Authorization: ***") && !first.output.contains("hunter2"))
        #expect(!FileManager.default.fileExists(atPath: desk.state.path()), "no state was made")
        #expect(try desk.gatehouse("run").status == 0)
        try MailMaker.fill(desk, 4...5)
        let before = try desk.gatehouse("status", "--json").output
        let names = try FileManager.default.contentsOfDirectory(
            atPath: desk.folder.appending(path: "maildir/new").path()
        )
        let poll = try desk.gatehouse("poll", "--dry-run", "--json")
        #expect(poll.lines.count == 2, "what is known is not new: \(poll.output)")
        let ingest = try desk.gatehouse(
            "ingest",
            "--dry-run",
            "--account",
            "support@exchange.example",
            "-",
            input: Data(MailMaker.mail(1).utf8)
        )
        #expect(ingest.status == 0 && ingest.errors.contains("0 new, 1 known already"))
        let run = try desk.gatehouse("run", "--dry-run", "--json")
        #expect(run.lines.count == 2)
        #expect(try desk.gatehouse("status", "--json").output == before)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: desk.folder.appending(path: "maildir/new").path())
                .sorted()
                == names.sorted()
        )
        #expect(try sink.entries().count == 3)
        #expect(try object(desk.gatehouse("poll", "--json"))["accepted"] as? Int == 2)
        #expect(try desk.gatehouse("ingest", "--mda", "--json").status == 75)
    }

    @Test func `A dry run leaves alone what an earlier run did not come to mark`() throws {
        let desk = try Desk()
        try desk.configure(sources: MailMaker.maildirSource.replacing("}]", with: #", "after": "seen" }]"#))
        try MailMaker.fill(desk, 1...2)
        #expect(try desk.gatehouse("poll").status == 0)
        let (new, cur) = (desk.folder.appending(path: "maildir/new"), desk.folder.appending(path: "maildir/cur"))
        func names(_ folder: URL) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: folder.path())
        }
        #expect(try names(cur).count == 2)
        // As a run that was killed between commit and mark leaves it.
        for name in try names(cur) {
            let plain = String(name.prefix { $0 != ":" })
            try FileManager.default.moveItem(at: cur.appending(path: name), to: new.appending(path: plain))
        }
        #expect(try desk.gatehouse("poll", "--dry-run").status == 0)
        #expect(try names(new).count == 2, "nothing is marked")
        #expect(try desk.gatehouse("poll").status == 0)
        #expect(try names(new).isEmpty && names(cur).count == 2, "the next run does it")
    }

    @Test func `A dry run shows the later messages of a conversation too`() throws {
        let sink = try RecordingSink()
        let desk = try Desk()
        try desk.configure(sources: MailMaker.maildirSource, target: sink.url + "/tickets")
        try MailMaker.fill(desk, 1...1)
        let answer = MailMaker.mail(1, id: "answer", subject: "Re: Question 1")
            .replacing("MIME-Version", with: "References: <m1@example.net>\nMIME-Version")
        try desk.write(answer, to: "maildir/new/1767399999.M9P1.host")
        let run = try desk.gatehouse("run", "--dry-run", "--json")
        #expect(run.lines.count == 2)
        #expect(run.output.contains("/tickets/TICKET/messages"))
    }

    @Test func `A state of the schema before is brought up, and its audit holds`() throws {
        let (desk, _) = try deliveredDesk()
        let changes = [
            "ALTER TABLE attempt DROP COLUMN chain", "DELETE FROM meta WHERE name = 'audit_head'",
            "UPDATE meta SET value = 2 WHERE name = 'schema'",
        ]
        for change in changes { guard try corrupt(desk, change) else { return } }
        let verdict = try desk.gatehouse("audit", "verify", "--json")
        #expect(verdict.status == 0, "\(verdict.output) \(verdict.errors)")
        #expect(try object(verdict)["tries"] as? Int == 20)
        #expect(try desk.gatehouse("reconcile").status == 0)
        guard try corrupt(desk, "UPDATE meta SET value = 99 WHERE name = 'schema'") else { return }
        #expect(try desk.gatehouse("status").status == 78, "an older program leaves a newer state alone")
    }

    @Test func `init writes what check finds fine, and never over a file`() throws {
        let desk = try Desk()
        try MailMaker.fill(desk, 1...1)
        let file = desk.folder.appending(path: "new.jsonc").path()
        let words = [
            "init", "--output", file, "--maildir", desk.folder.appending(path: "maildir").path(), "--account",
            "support@example.org", "--preset", "generic-json", "--url", "http://127.0.0.1:9/tickets",
        ]
        #expect(try Program.run("gatehouse", words).status == 0)
        #expect(try Program.run("gatehouse", ["check", file]).status == 0)
        #expect(try Program.run("gatehouse", ["poll", "--dry-run", "--json", "--config", file]).lines.count == 1)
        #expect(try Program.run("gatehouse", words).status == 73)
    }

    static let mailboxes: [(words: [String], has: [String])] = [
        (
            ["--imap", "imap.example.org", "--mailbox-user", "support@example.org"],
            [#""type": "imap""#, #""url": "imaps://imap.example.org""#, #""account": "support@example.org""#]
        ),
        (
            ["--pop3", "pop3://127.0.0.1:1110", "--mailbox-user", "ana", "--account", "support@example.org"],
            [#""type": "pop3""#, #""url": "pop3://127.0.0.1:1110""#, #""user": "ana""#]
        ),
        (["--mbox", "mails.mbox", "--since", "2026-01-31"], [#""type": "mbox""#, #""since": "2026-01-31""#]),
        (["--folder", "drop", "--preset", "archive", "--url", "kept"], [#""path": "kept""#]),
        (
            [
                "--preset", "github", "--url", "https://api.github.com", "--queue", "desk", "--option", "owner=a \"b\"",
                "--secret-file", "mailbox.password",
            ],
            [#""options": { "owner": "a \"b\"" }"#]
        ),
    ]

    @Test(arguments: mailboxes)
    func `init writes every kind of source as check wants it`(words: [String], has: [String]) throws {
        let desk = try Desk()
        let file = desk.folder.appending(path: "new.jsonc").path()
        let outcome = try Program.run("gatehouse", ["init", "--output", file] + words)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let password = desk.folder.appending(path: "mailbox.password").path()
        let needsPassword = words.contains("--mailbox-user") || words.contains("--secret-file")
        #expect(outcome.errors.contains(password) == needsPassword)
        try Data("secret\n".utf8).write(to: URL(filePath: password))
        _ = unsafe chmod(password, 0o600)
        let check = try Program.run("gatehouse", ["check", file])
        #expect(check.status == 0, "\(check.output)")
        let text = try String(contentsOfFile: file, encoding: .utf8)
        for piece in has { #expect(text.contains(piece), "\(text)") }
    }

    @Test(arguments: [
        ["--imap", "imap.example.org"], ["--imap", "http://x", "--mailbox-user", "a"],
        ["--imap", "pop3s://x", "--mailbox-user", "a"], ["--imap", "a:secret@x", "--mailbox-user", "a"],
        ["--maildir", "m", "--mailbox-user", "a"], ["--maildir", "m", "--since", "yesterday"],
        ["--imap", "x", "--pop3", "y"], ["--option", "owner"], ["--preset", "template"],
    ])
    func `init refuses what can't be, and writes nothing`(words: [String]) throws {
        let file = try Desk().folder.appending(path: "new.jsonc").path()
        #expect(try Program.run("gatehouse", ["init", "--output", file] + words).status == 64)
        #expect(!FileManager.default.fileExists(atPath: file))
    }

    @Test func `On a terminal init asks, and writes the password where nobody else may read`() throws {
        let desk = try Desk()
        let file = desk.folder.appending(path: "new.jsonc").path()
        let answers = [
            "imapp", "imap", "imap.example.org", "support@example.org", "2026-01-31", "https://rt.example.org", "rt",
            "gatehouse", "rt.password", "General", "letmein-1", "letmein-2",
        ]
        guard let shown = try Terminal.run(["init", "--output", file], typing: answers) else { return }
        #expect(shown.contains("Did you mean 'imap'?"), "\(shown)")
        #expect(!shown.contains("letmein"), "a password was shown")
        let check = try Program.run("gatehouse", ["check", file])
        #expect(check.status == 0, "\(check.output)")
        for (name, secret) in [("mailbox.password", "letmein-1\n"), ("rt.password", "letmein-2\n")] {
            let path = desk.folder.appending(path: name)
            #expect(try String(contentsOf: path, encoding: .utf8) == secret)
            let mode = try FileManager.default.attributesOfItem(atPath: path.path())[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test func `What is listed can be narrowed by sender, topic, language, source and time`() throws {
        let (desk, sink) = try deliveredDesk()
        defer { withExtendedLifetime(sink) {} }
        func count(_ words: String...) throws -> Int {
            let outcome = try Program.run(
                "gatehouse",
                ["list", "--json", "--config", desk.configuration.path()] + words
            )
            #expect(outcome.status == 0, "\(outcome.errors)")
            return outcome.lines.count
        }
        #expect(try count() == 20)
        let first = try object(desk.gatehouse("list", "--json", "--limit", "1"))
        let envelope = try object(desk.gatehouse("show", "--json", try #require(first["id"] as? String)))
        let data = try #require(envelope["data"] as? [String: Any])
        let sender = try #require((data["from"] as? [[String: Any]])?.first?["email"] as? String)
        let triage = try #require(data["triage"] as? [String: Any])
        let topic = try #require((triage["topics"] as? [[String: Any]])?.first?["name"] as? String)
        #expect(try count("--sender", sender.uppercased()) >= 1)
        #expect(try count("--sender", "nobody@nowhere.example") == 0)
        #expect(try count("--topic", topic) >= 1)
        #expect(try count("--topic", "no_such_topic") == 0)
        #expect(try count("--source", "mail") == 20)
        #expect(try count("--source", "other") == 0)
        #expect(try count("--language", "en") == 20)
        #expect(try count("--language", "zz") == 0)
        #expect(try count("--since", "1h") == 20)
        #expect(try count("--until", "1h") == 0)
        #expect(try count("--queue", "none") == 0)
        #expect(try desk.gatehouse("list", "--language", "e%").status == 64)
    }

    @Test func `Each command's JSON is one object a line`() throws {
        let (desk, sink) = try deliveredDesk()
        defer { withExtendedLifetime(sink) {} }
        let id = try #require(object(desk.gatehouse("list", "--json", "--limit", "1"))["id"] as? String)
        let dead = try #require(object(desk.gatehouse("dead", "list", "--json"))["id"] as? String)
        let examples = desk.folder.appending(path: "examples.json")
        try Data(#"{"examples":[{"text":"thank you","level":"critical"}]}"#.utf8).write(to: examples)
        let commands: [[String]] = [
            ["check"], ["doctor"], ["status"], ["stats"], ["list"], ["show", id], ["explain", id],
            ["explain", "--text", "x"], ["dead", "list"], ["dead", "show", dead], ["held", "list"], ["report"],
            ["reconcile"], ["audit", "list"], ["audit", "verify"], ["replay", "--since", "1d"], ["poll"], ["forward"],
            ["run"], ["run", "--dry-run"], ["poll", "--dry-run"], ["purge"], ["dead", "retry", dead],
            ["rules", "test", examples.path()],
        ]
        for words in commands {
            let outcome = try Program.run(
                "gatehouse",
                words + ["--json", "--config", desk.configuration.path()]
            )
            #expect([0, 65].contains(outcome.status), "\(words): \(outcome.status) \(outcome.errors)")
            for line in outcome.lines {
                let value = try? JSONSerialization.jsonObject(with: Data(line.utf8))
                #expect(value is [String: Any], "\(words): \(line)")
            }
            let mayBeEmpty = ["held", "replay", "run", "poll"].contains(words[0])
            #expect(mayBeEmpty || !outcome.lines.isEmpty, "\(words) says nothing")
        }
        let validated = try Program.run(
            "gatehouse",
            ["validate", "--json", "--schema", "config", desk.configuration.path()]
        )
        #expect(try object(validated)["level"] as? String == "ok")
        #expect(try object(Program.run("gatehouse", ["language", "--json", "Guten Tag"]))["tag"] as? String == "de")
    }

    @Test func `doctor says which run is at work, and leaves it its lock`() throws {
        let desk = try Desk()
        try desk.configure(sources: MailMaker.maildirSource)
        try MailMaker.fill(desk, 1...1)
        try desk.gatehouse("run")
        #expect(try desk.gatehouse("doctor").output.contains("no run is at work"))
        let lock = desk.state.appending(path: "lock-forward").path()
        let descriptor = unsafe open(lock, O_RDWR | O_CREAT, 0o600)
        defer { close(descriptor) }
        #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        #expect(try desk.gatehouse("doctor").output.contains("'forward' is held by process \(getpid())"))
    }

    @Test func `doctor finds a target that is away, and a state that others may read`() throws {
        let sink = try RecordingSink()
        let desk = try Desk()
        try desk.configure(sources: MailMaker.maildirSource, target: sink.url + "/tickets")
        try MailMaker.fill(desk, 1...1)
        try desk.gatehouse("run")
        let fine = try desk.gatehouse("doctor")
        #expect(fine.status == 0, "\(fine.output)")
        _ = unsafe chmod(desk.state.path(), 0o755)
        try desk.configure(sources: MailMaker.maildirSource, target: "http://127.0.0.1:9/tickets")
        let away = try desk.gatehouse("doctor", "--json")
        #expect(away.status == 69)
        #expect(away.output.contains("chmod 700") && away.output.contains(#"{"level":"error","what":"target desk""#))
        #expect(try desk.gatehouse("doctor", "--offline").status == 0)
    }

    @Test func `A run writes its counts for Prometheus`() throws {
        let sink = try RecordingSink()
        let desk = try Desk()
        try desk.configure(sources: MailMaker.maildirSource, target: sink.url + "/tickets")
        let text = try String(contentsOf: desk.configuration, encoding: .utf8)
        try Data(text.replacing(#""schema": 1"#, with: #""schema": 1, "metrics": "g.prom""#).utf8).write(
            to: desk.configuration
        )
        try MailMaker.fill(desk, 1...3)
        #expect(try desk.gatehouse("run").status == 0)
        let metrics = try String(contentsOf: desk.folder.appending(path: "g.prom"), encoding: .utf8)
        #expect(metrics.contains("\ngatehouse_messages{target=\"desk\",state=\"sent\"} 3\n"))
        #expect(metrics.contains("gatehouse_inputs_total{state=\"accepted\"} 3"))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: desk.folder.path()).filter { $0.hasPrefix("g.prom") }
                .count == 1
        )
    }

    @Test(arguments: ["bash", "zsh", "fish", "man"])
    func `Completions and the manual page know every command`(kind: String) throws {
        let text = try Program.run("gatehouse", ["completion", kind])
        #expect(text.status == 0)
        for name in ["ingest", "reconcile", "replay", "doctor"] { #expect(text.output.contains(name)) }
        guard kind == "bash" else { return }
        let check = try Program.runTool(["bash", "-n"], input: Data(text.output.utf8))
        #expect(check.status == 0, "\(check.errors)")
    }
}
