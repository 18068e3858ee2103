import Foundation
import Glibc
import Testing

/// What else happens to a program that runs for years: full disks, a clock that is put back, two runs at once.
@Suite(.serialized)
struct AdversityTests {
    /// Runs `script` as root of a namespace of its own, in which it may mount.
    ///
    /// - Returns: nil where this machine does not allow it.
    private func inNamespace(_ desk: Desk, _ script: String) throws -> Outcome? {
        let probe = try Program.runTool(["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", desk.folder.path()])
        guard probe.status == 0 else {
            print("skipped: nothing may be mounted here")
            return nil
        }
        let words = ["unshare", "-rm", "sh", "-e", "-c", script, "sh", Program.path("gatehouse"), desk.folder.path()]
        return try Program.runTool(words)
    }

    @Test func `SIGTERM lets the batch end, and the run with exit code 0`() throws {
        let desk = try Desk()
        try desk.configure(sources: MailMaker.mboxSource)
        try desk.write(MailMaker.mbox(1...2000), to: "mails.mbox")
        let sink = try RecordingSink(failures: ["slow,share=0.2,delay=200"])
        try desk.configure(sources: MailMaker.mboxSource, target: sink.url + "/tickets")
        try desk.gatehouse("poll")
        let run = try desk.start("forward")
        while run.isRunning, try desk.outbox("sent") == 0 { Thread.sleep(forTimeInterval: 0.01) }
        run.send(SIGTERM)
        #expect(run.wait() == 0)
        let sent = try desk.outbox("sent")
        #expect(sent > 0)
        #expect(try sink.entries().count == sent, "what the endpoint has is settled")
        #expect(try desk.gatehouse("reconcile").status == 0)
    }

    @Test func `Two runs at once take turns, and nothing is doubled`() throws {
        let sink = try RecordingSink()
        let desk = try Desk()
        try desk.configure(sources: MailMaker.mboxSource, target: sink.url + "/tickets")
        try desk.write(MailMaker.mbox(1...300), to: "mails.mbox")
        let runs = try (0..<4).map { _ in try desk.start("run") }
        for run in runs { #expect(run.wait() == 0) }
        try desk.gatehouse("run")
        #expect(try sink.entries().count == 300)
        #expect(try Set(sink.entries().map(\.envelopeID)).count == 300)
        #expect(try desk.gatehouse("reconcile").status == 0)
    }

    @Test func `A hundred pipes at once are all taken in`() throws {
        let desk = try Desk()
        let pipes = try (1...100).map { number in
            try desk.write(MailMaker.mail(number), to: "in/\(number)")
            return try Child(
                [Program.path("gatehouse"), "ingest", "--mda", "--config", desk.configuration.path()],
                input: desk.folder.appending(path: "in/\(number)")
            )
        }
        for pipe in pipes { #expect(pipe.wait() == 0) }
        #expect(try desk.inputs("accepted") == 100)
        #expect(try desk.gatehouse("reconcile").status == 0)
    }

    @Test func `After the clock is put back an hour everything goes on`() throws {
        let sink = try RecordingSink(failures: ["503,count=1"])
        let desk = try Desk()
        try desk.configure(
            sources: MailMaker.maildirSource,
            target: sink.url + "/tickets",
            options: DeliveryTests.impatient
        )
        try MailMaker.fill(desk, 1...5)
        try desk.gatehouse("run")
        // As a state looks that was written while the clock was an hour ahead.
        let script = """
            import sqlite3, sys
            c = sqlite3.connect(sys.argv[1])
            for change in ('outbox SET created_at = created_at + 3200000, settled_at = settled_at + 3200000',
                           'outbox SET due_at = due_at + 3200000 WHERE due_at > 0', 'attempt SET at = at + 3200000',
                           'conversation SET due_at = due_at + 3200000 WHERE due_at > 0',
                           'message SET ingested_at = ingested_at + 3200000', 'dedup SET seen_at = seen_at + 3200000',
                           'source SET last_commit_at = last_commit_at + 3200000'):
                c.execute('UPDATE ' + change)
            c.commit(); c.close()
            """
        let file = desk.state.appending(path: "gatehouse.sqlite3").path()
        guard try Program.runTool(["python3", "-c", script, file]).status == 0 else {
            return print("skipped: python3 with sqlite3 is not here")
        }
        try MailMaker.fill(desk, 6...9)
        for _ in 0..<20 where try desk.outbox("sent") < 9 { try desk.gatehouse("run", "--linger", "2") }
        #expect(try sink.entries().count == 9)
        #expect(try Set(sink.entries().map(\.envelopeID)).count == 9)
        #expect(
            try desk.gatehouse(
                "ingest",
                "--mda",
                "--account",
                "support@exchange.example",
                input: Data(MailMaker.mail(3).utf8)
            ).status == 0
        )
        #expect(try desk.inputs("accepted") == 9, "what was known is known still")
        #expect(try desk.gatehouse("reconcile").status == 0)
    }

    @Test func `On a full disk ingest answers 75, and what it answered 0 is stored`() throws {
        let desk = try Desk()
        try desk.configure()
        for number in 1...400 {
            try desk.write(MailMaker.mail(number, text: String(repeating: "x", count: 20_000)), to: "in/\(number)")
        }
        let outcome = try inNamespace(
            desk,
            """
            mkdir "$2/state"; chmod 700 "$2/state"; mount -t tmpfs -o size=3m,mode=700 tmpfs "$2/state"
            ok=0; full=0; other=0
            for n in $(seq 400); do
                code=0; "$1" ingest --mda --config "$2/gatehouse.jsonc" < "$2/in/$n" 2>> "$2/errors" || code=$?
                case $code in 0) ok=$((ok+1));; 75) full=$((full+1));; *) other=$((other+1));; esac
                if [ $full -ge 3 ]; then break; fi
            done
            mount -o remount,size=64m "$2/state"
            "$1" reconcile --config "$2/gatehouse.jsonc" > "$2/sums" || other=$((other+1))
            stored=$("$1" list --limit 1000 --json --config "$2/gatehouse.jsonc" | wc -l)
            "$1" ingest --mda --config "$2/gatehouse.jsonc" < "$2/in/400" || other=$((other+1))
            echo "$ok $full $other $stored"; cat "$2/errors" >&2
            """
        )
        guard let outcome else { return }
        let counts = outcome.output.split { $0 == " " || $0 == "\n" }.compactMap { Int($0) }
        try #require(counts.count == 4, "\(outcome.output) \(outcome.errors)")
        #expect(counts[0] > 10 && counts[1] == 3 && counts[2] == 0, "\(outcome.output) \(outcome.errors)")
        #expect(counts[3] == counts[0])
        #expect(outcome.errors.contains("full"))
    }

    @Test func `On a read-only state ingest answers 75, and afterwards 0`() throws {
        let desk = try Desk()
        try desk.configure()
        try desk.gatehouse("ingest", "--mda", input: Data(MailMaker.mail(1).utf8))
        try desk.write(MailMaker.mail(2), to: "two")
        let outcome = try inNamespace(
            desk,
            """
            mount --bind "$2/state" "$2/state"; mount -o remount,bind,ro "$2/state"
            code=0; "$1" ingest --mda --config "$2/gatehouse.jsonc" < "$2/two" || code=$?
            echo $code
            """
        )
        guard let outcome else { return }
        #expect(outcome.output == "75\n", "\(outcome.errors)")
        #expect(try desk.gatehouse("ingest", "--mda", input: Data(MailMaker.mail(2).utf8)).status == 0)
        #expect(try desk.inputs("accepted") == 2)
    }
}
