import Foundation
import Glibc
import Testing

/// Forwarding as a whole: several targets, pauses, dead letters, backups.
@Suite(.serialized)
struct ForwardTests {
    private func configure(_ desk: Desk, _ targets: [(name: String, url: String, rest: String)]) throws {
        let list = targets.map { target in
            #"{ "name": "\#(target.name)", "preset": "generic-json", "url": "\#(target.url)/tickets"\#(target.rest) }"#
        }
        try Data(
            """
            { "schema": 1, "state_dir": "state", "sources": \(MailMaker.maildirSource),
              "targets": [\(list.joined(separator: ", "))] }
            """.utf8
        ).write(to: desk.configuration)
    }

    private func count(_ desk: Desk, _ target: String, _ state: String) throws -> Int {
        let targets = try #require(desk.status()["targets"] as? [[String: Any]])
        return try #require(targets.first { $0["name"] as? String == target }?[state] as? Int)
    }

    @Test func `A slow target holds up no other`() throws {
        let desk = try Desk()
        let (slow, quick) = (try RecordingSink(failures: ["slow,delay=400"]), try RecordingSink())
        try configure(desk, [("slow", slow.url, #", "concurrency": 1"#), ("quick", quick.url, "")])
        try MailMaker.fill(desk, 1...40)
        try desk.gatehouse("poll")
        let run = try desk.start("forward")
        while run.isRunning, try quick.entries().count < 40 { Thread.sleep(forTimeInterval: 0.02) }
        #expect(try slow.entries().count < 40, "the quick target has all of it while the slow one is at it")
        run.send(SIGTERM)
        #expect(run.wait() == 0)
        #expect(try count(desk, "quick", "sent") == 40)
        #expect(try desk.gatehouse("reconcile").status == 0)
    }

    @Test func `A pause that a target asked for outlives the run, and is kept to within a second`() throws {
        let desk = try Desk()
        let sink = try RecordingSink(failures: ["429,count=1,retry-after=1.5"])
        try configure(desk, [("desk", sink.url, "")])
        try MailMaker.fill(desk, 1...30)
        #expect(try desk.gatehouse("run").status == 75)
        let before = try sink.requestCount()
        let again = try desk.gatehouse("forward")
        #expect(again.status == 75 && again.errors.contains("not asked until"), "\(again.errors)")
        #expect(try sink.requestCount() == before, "nothing is asked during the pause")
        #expect(try desk.gatehouse("forward", "--linger", "20").status == 0)
        #expect(try sink.entries().count == 30)
        let tries = try desk.gatehouse("audit", "list", "--limit", "1000", "--json").lines.map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        let refused = try #require(tries.first { $0["status"] as? Int == 429 }?["at"] as? String)
        let taken = try #require(
            tries.first { $0["outcome"] as? String == "sent" && $0["at"] as? String ?? "" > refused }
        )
        let gap = try time(taken["at"]).timeIntervalSince(time(refused))
        // A second after the pause, and what a machine that does other things adds to it.
        #expect(gap >= 1.4 && gap < 5, "resumed after \(gap) s")
    }

    private func time(_ text: Any?) throws -> Date {
        let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        return try Date(try #require(text as? String), strategy: format)
    }

    @Test func `A target that is down costs a few tries a run, however much waits`() throws {
        let desk = try Desk()
        try configure(desk, [("desk", "http://127.0.0.1:9", DeliveryTests.impatient)])
        try MailMaker.fill(desk, 1...200)
        let run = try desk.gatehouse("run")
        #expect(run.status == 75 && run.errors.contains("not asked until"))
        #expect(try desk.gatehouse("audit", "list", "--limit", "1000", "--json").lines.count < 12)
        #expect(try count(desk, "desk", "ready") == 200)
    }

    @Test func `dead show has the reason, every try with its answer, and the request without secrets`() throws {
        let desk = try Desk()
        let sink = try RecordingSink(failures: ["422,count=1"])
        try desk.write("very-secret-token\n", to: "token")
        _ = unsafe chmod(desk.folder.appending(path: "token").path(), 0o600)
        try configure(desk, [("desk", sink.url, #", "secret": { "file": "token" }"#)])
        try MailMaker.fill(desk, 1...1)
        let run = try desk.gatehouse("run", "-vv")
        #expect(run.errors.contains("desk < Authorization: ***") && run.errors.contains("desk > answered 422"))
        #expect(!run.errors.contains("very-secret"))
        let list = try desk.gatehouse("dead", "list", "--json")
        let letter = try #require(try JSONSerialization.jsonObject(with: Data(list.output.utf8)) as? [String: Any])
        let id = try #require(letter["id"] as? String)
        let shown = try desk.gatehouse("dead", "show", String(id.prefix(10)))
        #expect(shown.status == 0, "\(shown.errors)")
        for words in [
            "answered 422", "this failure was asked for", "POST \(sink.url)/tickets", "Authorization: ***",
            "Idempotency-Key: \(id)", "Question 1",
        ] {
            #expect(shown.output.contains(words), "\(words) is not in \(shown.output)")
        }
        #expect(!shown.output.contains("very-secret"))
        let json = try desk.gatehouse("dead", "show", id, "--json")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        let request = try #require(object["request"] as? [String: Any])
        #expect((request["headers"] as? [String])?.contains("Authorization: ***") == true)
        #expect((object["tries"] as? [[String: Any]])?.first?["status"] as? Int == 422)
        #expect(!json.output.contains("very-secret"))
        #expect(try desk.gatehouse("dead", "show").status == 64)
    }

    @Test func `A database from an older backup is noticed, and nothing is sent twice`() throws {
        let desk = try Desk()
        let sink = try RecordingSink()
        try configure(desk, [("desk", sink.url, DeliveryTests.impatient)])
        try MailMaker.fill(desk, 1...5)
        try desk.gatehouse("run")
        try copy(desk, from: "state", to: "backup")
        try MailMaker.fill(desk, 6...9)
        let answer = MailMaker.mail(1, id: "answer", subject: "Re: Question 1")
            .replacing("MIME-Version", with: "In-Reply-To: <m1@example.net>\nMIME-Version")
        try desk.write(answer, to: "maildir/new/1767399999.M9P1.host")
        try desk.gatehouse("run")
        #expect(try sink.entries().count == 10)
        // The database alone is put back, as most backups would; the rest of the directory stays.
        for name in ["gatehouse.sqlite3", "gatehouse.sqlite3-wal", "gatehouse.sqlite3-shm"] {
            try? FileManager.default.removeItem(at: desk.state.appending(path: name))
            let old = desk.folder.appending(path: "backup/\(name)")
            guard FileManager.default.fileExists(atPath: old.path()) else { continue }
            try FileManager.default.copyItem(at: old, to: desk.state.appending(path: name))
        }
        let run = try desk.gatehouse("run", "--linger", "2")
        #expect(run.errors.contains("restored from a backup"), "\(run.errors)")
        #expect(try count(desk, "desk", "sent") == 10)
        #expect(try sink.entries().count == 10 && Set(sink.entries().map(\.envelopeID)).count == 10)
        #expect(try desk.gatehouse("reconcile").status == 0)
        #expect(try !desk.gatehouse("run").errors.contains("backup"), "it is said once")
        #expect(try desk.gatehouse("doctor", "--offline").output.contains("older database was put back"))
    }

    @Test func `A whole state from an older backup is noticed by what the target has already`() throws {
        let desk = try Desk()
        let sink = try RecordingSink()
        try configure(desk, [("desk", sink.url, DeliveryTests.impatient)])
        try MailMaker.fill(desk, 1...3)
        try desk.gatehouse("run")
        try copy(desk, from: "state", to: "backup")
        try MailMaker.fill(desk, 4...6)
        try desk.gatehouse("run")
        try FileManager.default.removeItem(at: desk.state)
        try copy(desk, from: "backup", to: "state")
        let run = try desk.gatehouse("run")
        #expect(run.errors.contains("was it restored from a backup"), "\(run.errors)")
        #expect(try sink.entries().count == 6)
        #expect(try count(desk, "desk", "sent") == 6)
    }

    private func copy(_ desk: Desk, from: String, to: String) throws {
        try FileManager.default.copyItem(at: desk.folder.appending(path: from), to: desk.folder.appending(path: to))
    }

    @Test(arguments: ["poll", "run"])
    func `SIGTERM lets a batch end, and the next run goes on`(command: String) throws {
        let desk = try Desk()
        let sink = try RecordingSink()
        try desk.configure(sources: MailMaker.mboxSource, target: sink.url + "/tickets")
        try desk.write(MailMaker.mbox(1...4000), to: "mails.mbox")
        let run = try desk.start(command)
        while run.isRunning, ((try? desk.inputs("accepted")) ?? 0) == 0 { Thread.sleep(forTimeInterval: 0.005) }
        run.send(SIGTERM)
        #expect(run.wait() == 0)
        #expect(try desk.gatehouse("reconcile").status == 0)
        #expect(try desk.gatehouse("run").status == 0)
        #expect(try desk.inputs("accepted") == 4000)
        #expect(try sink.entries().count == 4000)
    }

    @Test func `What a run that died had sent is looked up only when the target has had its time`() throws {
        let desk = try Desk()
        let sink = try RecordingSink(failures: ["slow,delay=3000"])
        let rest = #", "timeout_s": 10, "retry": { "min_s": 0.05, "lookup_delay_s": 1.5 }"#
        try configure(desk, [("desk", sink.url, rest)])
        try MailMaker.fill(desk, 1...1)
        try desk.gatehouse("poll")
        let run = try desk.start("forward")
        while run.isRunning, try sink.requestCount() == 0 { Thread.sleep(forTimeInterval: 0.02) }
        run.send(SIGKILL)
        run.wait()
        let died = Date()
        let next = try desk.start("forward")
        while next.isRunning, try sink.requestCount() == 1 { Thread.sleep(forTimeInterval: 0.02) }
        #expect(Date().timeIntervalSince(died) >= 1.5)
        #expect(next.wait() == 0)
        #expect(try sink.entries().count == 1 && count(desk, "desk", "sent") == 1)
    }
}

extension RecordingSink {
    /// How many requests it has written down.
    func requestCount() throws -> Int {
        let text = String(decoding: (try? requests()) ?? Data(), as: UTF8.self)
        return text.split(separator: "\n").filter { $0.hasPrefix("POST ") }.count
    }
}
