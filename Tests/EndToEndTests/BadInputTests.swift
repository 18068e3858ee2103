import CSQLite
import Foundation
import Glibc
import Testing

/// Whatever comes: a clear message, nothing lost, the rest done, the right exit code.
struct BadInputTests {
    @Test func `An empty file is a rejected input, and the files beside it are read`() throws {
        let desk = try Desk()
        try desk.write("", to: "empty.eml")
        try desk.write(MailMaker.mail(1), to: "good.eml")
        let outcome = try Program.run(
            "gatehouse",
            ["parse", desk.folder.appending(path: "empty.eml").path(), desk.folder.appending(path: "good.eml").path()]
        )
        #expect(outcome.status == 65)
        #expect(outcome.lines.count == 2)
        #expect(outcome.lines.first?.contains(#""type":"input.rejected""#) == true)
        #expect(outcome.lines.last?.contains(#""message_id":"m1@example.net""#) == true)
        #expect(outcome.errors.contains("empty"))
    }

    @Test func `A file that is not there is exit code 66 for ingest`() throws {
        let outcome = try Desk().gatehouse("ingest", "no-such-file.eml")
        #expect(outcome.status == 66)
        #expect(outcome.errors.contains("no such file"))
    }

    @Test(arguments: [10, 60, 200, 300])
    func `A mail that ends in the middle is taken as far as it goes`(length: Int) throws {
        let desk = try Desk()
        let outcome = try desk.gatehouse("ingest", "--mda", input: Data(MailMaker.mail(1).utf8.prefix(length)))
        #expect(outcome.status == 0)
        #expect(try desk.inputs("accepted") == 1)
    }

    @Test func `An export that ends in the middle gives every whole message and says where it ends`() throws {
        let messages = (1...5).map {
            #"{"id":\#($0),"type":"message","date":"2026-01-02T03:04:05","date_unixtime":"1767323045","from":"Ann","from_id":"user5","text":"Hello \#($0)","text_entities":[]}"#
        }
        let whole = #"{"name":"Ann","type":"personal_chat","id":77,"messages":[\#(messages.joined(separator: ","))]}"#
        let desk = try Desk()
        try desk.write(String(whole.prefix(whole.count - 60)), to: "result.json")
        let outcome = try Program.run("gatehouse", ["parse", desk.folder.appending(path: "result.json").path()])
        #expect(outcome.status == 65)
        #expect(outcome.lines.count == 5)
        #expect(outcome.lines.last?.contains("input.rejected") == true)
        #expect(outcome.lines.prefix(4).allSatisfy { $0.contains("Hello") })
        #expect(outcome.errors.contains("result.json"))
    }

    @Test func `Bytes that are no UTF-8 still become valid JSON`() throws {
        let desk = try Desk()
        var bytes = Data("From: J\u{FC}rgen <j@example.net>\nSubject: ".utf8)
        bytes.append(contentsOf: [0xFF, 0xFE, 0x80, 0x0A, 0x0A, 0xC3, 0x28, 0xF0, 0x9F, 0x00, 0x1B, 0x0A])
        let outcome = try desk.gatehouse("ingest", "--mda", input: bytes)
        #expect(outcome.status == 0)
        let parsed = try Program.run("gatehouse", ["parse", "--channel", "email", "-"], input: bytes)
        #expect(try JSONSerialization.jsonObject(with: Data(parsed.output.utf8)) is [String: Any])
    }

    @Test func `A number that is no number is kept, and said to be none`() throws {
        let desk = try Desk()
        let form = #"{"name":"Ann","phone":"ring the bell","topic":"Fees","message":"Please call me."}"#
        let outcome = try Program.run(
            "gatehouse",
            ["parse", "--format", "generic-callback", "--region", "DE", "-"],
            input: Data(form.utf8)
        )
        #expect(
            outcome.output.contains(#""phone_status":"unparsed""#)
                || outcome.output.contains(#""phone_status":"invalid""#)
        )
        #expect(outcome.output.contains(#""phone_raw":"ring the bell""#))
        _ = desk
    }

    @Test func `An empty mail from a mail server is kept and answered with 0`() throws {
        let desk = try Desk()
        #expect(try desk.gatehouse("ingest", "--mda", input: Data()).status == 0)
        #expect(try desk.inputs("rejected") == 1)
        #expect(try desk.gatehouse("list", "--state", "rejected").output.contains("rejected"))
    }

    @Test(arguments: [["--no-such-option"], ["--config", "/no/such/file"], ["--format", "no-such-format"]])
    func `A mail server hears only 0 or 75, whatever is wrong`(arguments: [String]) throws {
        let desk = try Desk()
        let words = arguments.contains("--config") ? arguments : arguments + ["--config", desk.configuration.path()]
        let outcome = try Program.run("gatehouse", ["ingest", "--mda"] + words, input: Data(MailMaker.mail(1).utf8))
        #expect([0, 75].contains(outcome.status))
    }

    @Test func `A store that another process holds is 75, and nothing is lost`() throws {
        let desk = try Desk()
        try desk.gatehouse("ingest", "--mda", input: Data(MailMaker.mail(1).utf8))
        var handle: OpaquePointer?
        let path = desk.state.appending(path: "gatehouse.sqlite3").path()
        try #require(unsafe sqlite3_open(path, &handle) == SQLITE_OK)
        defer { unsafe sqlite3_close(handle) }
        try #require(unsafe sqlite3_exec(handle, "BEGIN EXCLUSIVE", nil, nil, nil) == SQLITE_OK)
        let held = try desk.gatehouse("ingest", "--mda", input: Data(MailMaker.mail(2).utf8))
        #expect(held.status == 75)
        #expect(held.errors.contains("again"))
        unsafe sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
        #expect(try desk.gatehouse("ingest", "--mda", input: Data(MailMaker.mail(2).utf8)).status == 0)
        #expect(try desk.inputs("accepted") == 2)
    }

    @Test func `A second poll steps aside while a source is being read`() throws {
        let desk = try Desk()
        try desk.configure(sources: MailMaker.mboxSource)
        try desk.write(MailMaker.mbox(1...10), to: "mails.mbox")
        try desk.gatehouse("ingest", "--mda", input: Data(MailMaker.mail(99).utf8))
        let lock = unsafe open(
            desk.state.appending(path: "lock-source-mail").path(),
            O_RDWR | O_CREAT | O_CLOEXEC,
            0o600
        )
        defer { close(lock) }
        try #require(flock(lock, LOCK_EX | LOCK_NB) == 0)
        #expect(try desk.gatehouse("poll").status == 0)
        #expect(try desk.inputs("accepted") == 1)
        #expect(try desk.gatehouse("ingest", "--mda", input: Data(MailMaker.mail(98).utf8)).status == 0)
        flock(lock, LOCK_UN)
        #expect(try desk.gatehouse("poll").status == 0)
        #expect(try desk.inputs("accepted") == 12)
    }

    @Test(.enabled(if: getuid() == 0, "needs root, to mount a small file system"))
    func `A full disk is 75, and what was stored before is whole`() throws {
        let desk = try Desk()
        try FileManager.default.createDirectory(at: desk.state, withIntermediateDirectories: true)
        let mounted = try Program.runTool([
            "mount", "-t", "tmpfs", "-o", "size=4m,mode=0700", "tmpfs", desk.state.path(),
        ])
        guard mounted.status == 0 else {
            print("skipped: cannot mount a tmpfs here: \(mounted.errors)")
            return
        }
        defer { _ = try? Program.runTool(["umount", desk.state.path()]) }
        var stored = 0
        var status: Int32 = 0
        for number in 1...200 where status == 0 {
            let text = String(repeating: "All my coins are gone. ", count: 4000)
            let outcome = try desk.gatehouse("ingest", "--mda", input: Data(MailMaker.mail(number, text: text).utf8))
            status = outcome.status
            if status == 0 { stored += 1 } else { #expect(outcome.errors.contains("full")) }
        }
        #expect(status == 75 && stored > 0)
        try Program.runTool(["mount", "-o", "remount,size=64m", desk.state.path()])
        #expect(try desk.inputs("accepted") == stored)
    }

    @Test(.enabled(if: getuid() == 0, "needs root, to become another user"))
    func `A missing permission is named, with the file`() throws {
        let desk = try Desk()
        try desk.write(MailMaker.mail(1), to: "secret.eml")
        unsafe chmod(desk.folder.appending(path: "secret.eml").path(), 0o600)
        unsafe chmod(desk.folder.path(), 0o755)
        let outcome = try Program.runTool([
            "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
            Program.path("gatehouse"), "parse", desk.folder.appending(path: "secret.eml").path(),
        ])
        guard outcome.status != 126, outcome.status != 127 else {
            print("skipped: the program lies where another user can't run it")
            return
        }
        #expect(outcome.status == 65 || outcome.status == 66)
        #expect(outcome.errors.contains("secret.eml") && outcome.errors.contains("ermission"))
    }

    @Test func `A target that answers a page is named as one, and the message waits`() throws {
        let sink = try RecordingSink(failures: ["html,count=1"])
        let desk = try Desk()
        try desk.configure(sources: MailMaker.maildirSource, target: sink.url + "/tickets")
        try MailMaker.fill(desk, 1...1)
        let outcome = try desk.gatehouse("run")
        #expect(outcome.status == 75)
        #expect(outcome.errors.contains("HTML"))
        #expect(try desk.outbox("ready") == 1)
    }

    @Test func `Every complaint about the configuration comes at once, with its place and a hint`() throws {
        let desk = try Desk()
        try desk.write(
            """
            {
              "schema": 1, // fine
              "state_dri": "x",
              "sources": [{ "name": "mail", "type": "mailbox", "path": "m" }],
              "targets": [{ "name": "desk", "preset": "rt", "url": "ftp://x", "concurrency": "many" }]
            }
            """,
            to: "gatehouse.jsonc"
        )
        let outcome = try desk.gatehouse("check")
        #expect(outcome.status == 78)
        for words in ["gatehouse.jsonc:3:3", "state_dir", "maildir", ":5:"] {
            #expect(outcome.output.contains(words), "\(outcome.output)")
        }
        #expect(outcome.lines.count >= 4)
    }
}
