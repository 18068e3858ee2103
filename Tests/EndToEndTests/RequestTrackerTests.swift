import Foundation
import Glibc
import Testing

/// A real Request Tracker 5: `Tests/EndToEndTests/request-tracker.sh` installs and starts one, and says these variables.
struct RequestTrackerEndToEndTests {
    static let url = ProcessInfo.processInfo.environment["RT_URL"]
    static let password = ProcessInfo.processInfo.environment["RT_PASSWORD"] ?? ""
    static let user = ProcessInfo.processInfo.environment["RT_USER"] ?? "root"

    @Test func `Mails become tickets of a real Request Tracker, once each`() throws {
        guard let url = Self.url else {
            print(
                "skipped: no RT_URL; Tests/EndToEndTests/request-tracker.sh starts a Request Tracker and runs this test"
            )
            return
        }
        let desk = try Desk()
        let run = UUID().uuidString.prefix(8)
        let count = try fill(desk, marking: String(run))
        try configure(desk, url: url)
        for _ in 0..<10 {
            let outcome = try desk.gatehouse("run", "--linger", "20")
            if outcome.status == 0 { break }
            print(outcome.errors)
        }
        #expect(try desk.outbox("ready") == 0 && desk.outbox("dead") == 0)
        #expect(try desk.outbox("sent") >= 50 && count >= 50)
        let before = try tickets(at: url)
        try look(at: url, run: String(run), in: desk)
        #expect(try desk.gatehouse("run").status == 0)
        #expect(try tickets(at: url) == before, "a second run makes no ticket")
    }

    private func configure(_ desk: Desk, url: String) throws {
        try desk.write(Self.password + "\n", to: "password")
        unsafe chmod(desk.folder.appending(path: "password").path(), 0o600)
        try desk.write(
            """
            { "schema": 1, "state_dir": "state", "sources": \(MailMaker.maildirSource),
              "targets": [{ "name": "desk", "preset": "rt", "url": "\(url)", "user": "\(Self.user)",
                "secret": { "file": "password" }, "queue": "General", "retry": { "min_s": 1, "max_s": 5 },
                "options": { "external_id_field": "ExternalId" },
                "priorities": { "critical": "90", "high": "70", "normal": "30", "low": "10" } }] }
            """,
            to: "gatehouse.jsonc"
        )
    }

    /// Mails of other people's suites where they are at hand, the project's samples, made-up ones up to fifty, and one
    /// whose ticket is looked at closely.
    private func fill(_ desk: Desk, marking run: String) throws -> Int {
        try MailMaker.fill(desk, 1...1)
        var files = try mails(below: Repository.samples.appending(path: "email"))
        let suites = Repository.root.appending(path: "../shared/data/email/suites").standardized
        if FileManager.default.fileExists(atPath: suites.path()) {
            files += try mails(below: suites).filter {
                $0.path().contains("imap_tools") || $0.path().contains("letters")
            }.prefix(60)
        } else {
            print("note: ../shared is not here; the mails are the samples and made-up ones")
        }
        var number = 100
        for file in files {
            number += 1
            try desk.write(Data(contentsOf: file), to: "maildir/new/17673\(number).M1P1.host")
        }
        while number < 160 {
            number += 1
            try desk.write(MailMaker.mail(number, id: "\(run)-\(number)"), to: "maildir/new/17674\(number).M1P1.host")
        }
        try desk.write(Self.panic(run), to: "maildir/new/1767500000.M1P1.host")
        return number - 100 + 2
    }

    private func mails(below folder: URL) throws -> [URL] {
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        return files.compactMap { $0 as? URL }.filter { $0.pathExtension == "eml" }.sorted { $0.path() < $1.path() }
    }

    private static func panic(_ run: String) -> String {
        """
        From: =?utf-8?Q?J=C3=BCrgen?= <juergen-\(run)@example.net>
        To: support@exchange.example
        Subject: Somebody emptied my account \(run)
        Message-ID: <panic-\(run)@example.net>
        Date: Fri, 02 Jan 2026 03:04:05 +0000
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary=b

        --b
        Content-Type: text/plain; charset=utf-8

        Someone hacked my account and withdrew all my coins. Please freeze it now! – Jürgen
        --b
        Content-Type: text/plain; name="=?utf-8?B?44Gm44GZ44GoLnR4dA==?="
        Content-Disposition: attachment; filename="=?utf-8?B?44Gm44GZ44GoLnR4dA==?="
        Content-Transfer-Encoding: base64

        cHJvb2Y=
        --b--

        """
    }

    /// The ticket as a person at RT sees it: subject, requestor, priority, text, attachment.
    private func look(at url: String, run: String, in desk: Desk) throws {
        let list = try desk.gatehouse("list", "--limit", "500", "--json").lines
        let line = try #require(list.first { $0.contains("Somebody emptied my account \(run)") })
        let message = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        let number = try #require((message["targets"] as? [[String: Any]])?.first?["ticket"] as? String)
        let ticket = try get("\(url)/REST/2.0/ticket/\(number)")
        for words in ["Somebody emptied my account \(run)", "juergen-\(run)@example.net"] {
            #expect(ticket.contains(words))
        }
        #expect(
            ticket.contains(#""Priority":"90""#) || ticket.contains(#""Priority" : "90""#)
                || ticket.contains(#""Priority":90"#)
        )
        let attachments = try get(
            "\(url)/REST/2.0/ticket/\(number)/attachments?fields=Filename,ContentType,Content&per_page=20"
        )
        let answer = try #require(try JSONSerialization.jsonObject(with: Data(attachments.utf8)) as? [String: Any])
        let items = try #require(answer["items"] as? [[String: Any]])
        let texts = items.compactMap { $0["Content"] as? String }
        #expect(texts.contains { $0.contains("Someone hacked my account") && $0.contains("Jürgen") })
        let file = try #require(items.first { ($0["Filename"] as? String) == "てすと.txt" })
        #expect((file["Content"] as? String) == "proof")
    }

    /// How many tickets there are.
    private func tickets(at url: String) throws -> Int {
        let answer = try get("\(url)/REST/2.0/tickets?query=id%3E0&per_page=1")
        let object = try JSONSerialization.jsonObject(with: Data(answer.utf8)) as? [String: Any]
        return try #require(object?["total"] as? Int, "\(answer)")
    }

    private func get(_ url: String) throws -> String {
        let outcome = try Program.runTool(["curl", "-sS", "-u", "\(Self.user):\(Self.password)", url])
        #expect(outcome.status == 0, "\(outcome.errors)")
        return outcome.output
    }
}
