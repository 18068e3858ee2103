import Foundation
import Testing

/// What triage says, seen as a support lead sees it: through the commands.
struct TriageTests {
    private static func mail(
        _ text: String,
        from sender: String,
        subject: String = "Help",
        date: Date = Date(),
        more: String = ""
    ) -> String {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "UTC")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss '+0000'"
        return """
            From: <\(sender)>
            To: support@exchange.example
            Subject: \(subject)
            Date: \(format.string(from: date))
            Message-ID: <\(UUID().uuidString)@x.example>
            MIME-Version: 1.0
            \(more.isEmpty ? "Content-Type: text/plain; charset=utf-8\n\n\(text)\n" : more)
            """
    }

    /// The ids of what the desk holds, the newest first.
    private func identifiers(_ desk: Desk) throws -> [String] {
        try desk.gatehouse("list", "--json").lines.compactMap { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return object?["id"] as? String
        }
    }

    private func envelope(_ desk: Desk, _ id: String) throws -> [String: Any] {
        let outcome = try desk.gatehouse("show", "--json", id)
        let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
        return try #require(object?["data"] as? [String: Any])
    }

    @Test func `A text's explanation names level, rule, words, place, what wasn't counted, and the cap on raises`()
        throws
    {
        let text = "HELP!!! Someone withdrew all my BTC!!! I am furious. My laptop was not stolen."
        let outcome = try Program.run("gatehouse", ["explain", "--text", text])
        #expect(outcome.status == 0)
        for part in [
            "Urgency: critical", "stranger acts: “Someone … withdrew", "in the body", "seen, not counted: ",
            "the message says it is not so", "Topic: security emergency", "Mood: ", "of at most 8 points", "Ask for: ",
            "Language: en", "Queue: ", "Rules: version urgency-",
        ] { #expect(outcome.output.contains(part), "\(part) is missing in: \(outcome.output)") }
    }

    @Test func `A team's examples pass, or say what was expected and what the rules said`() throws {
        let desk = try Desk()
        try desk.write(
            """
            {"examples": [{"text": "Someone withdrew all my BTC", "level": "critical", "topics": ["security_emergency"],
              "not_topics": ["fees"]}]}
            """,
            to: "good.json"
        )
        try desk.write(
            #"{"examples": [{"text": "Which countries do you support?", "level": "high", "topics": ["fees"]}]}"#,
            to: "bad.json"
        )
        try desk.write(#"{"examples": [{"text": "a", "levle": "high"}]}"#, to: "wrong.json")
        let good = try desk.gatehouse("rules", "test", desk.folder.appending(path: "good.json").path())
        #expect(good.status == 0 && good.output.contains("1 examples, 0 failed"), "\(good)")
        let bad = try desk.gatehouse("rules", "test", desk.folder.appending(path: "bad.json").path())
        #expect(bad.status == 65 && bad.output.contains("level high expected, got normal"), "\(bad)")
        #expect(bad.output.contains("topic fees expected"))
        let wrong = try desk.gatehouse("rules", "test", desk.folder.appending(path: "wrong.json").path())
        #expect(wrong.status == 64 && wrong.errors.contains("'level'"), "\(wrong)")
    }

    @Test func `One text from many senders in an hour is a cluster and a surge, and show and explain say so`() throws {
        let desk = try Desk()
        let now = Date()
        let outage =
            "My withdrawal of 200 USDT to my own wallet has been pending since this morning, what is going on there?"
        let source =
            #"[{"name": "in", "type": "folder", "path": "drop", "settle_seconds": 0, "channel": "email", "since": "all"}]"#
        try desk.configure(sources: source)
        // What is usual is told by the days before.
        try desk.write(
            Self.mail("My withdrawal is late.", from: "old@x.example", date: now.addingTimeInterval(-40 * 3600)),
            to: "drop/000.eml"
        )
        #expect(try desk.gatehouse("poll").status == 0)
        for number in 10..<26 {
            try desk.write(
                Self.mail("Hi, customer \(number) here. \(outage)", from: "c\(number)@x.example", date: now),
                to: "drop/\(number).eml"
            )
        }
        let outcome = try desk.gatehouse("poll", "--verbose")
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(try desk.inputs("accepted") == 17)
        let shown = try identifiers(desk).map { try desk.gatehouse("show", $0).output }
        #expect(shown.contains { $0.contains("cluster") && $0.contains("senders wrote the same") }, "\(shown)")
        #expect(shown.contains { $0.contains("surge") && $0.contains("messages on withdrawal in this hour") })
        let explained = try identifiers(desk).map { try desk.gatehouse("explain", $0).output }
        #expect(explained.contains { $0.contains("Cluster: ") && $0.contains("Surge: ") })
    }

    @Test func `The same customer's words and the same transaction are linked over two channels`() throws {
        let desk = try Desk()
        let hash = "0x5c504ed432cb51138bcf09aa5e8a410dd4a1e204ef84bfed1be16dfba1b22060"
        let text = "I sent 300 USDT on Monday and they have still not arrived in my wallet."
        let chat: [String: Any] = [
            "format": "gatehouse-chat/1", "id": "1", "text": text + " Any news?",
            "from": ["name": "Ada", "email": "ada@x.example"],
        ]
        let other: [String: Any] = [
            "format": "gatehouse-chat/1", "id": "2", "text": "See https://etherscan.io/tx/\(hash) please",
            "from": ["name": "Bob"],
        ]
        #expect(
            try desk.gatehouse(
                "ingest",
                "-",
                "--channel",
                "email",
                input: Data(Self.mail(text, from: "ada@x.example").utf8)
            ).status == 0
        )
        let eve = Self.mail("Please look at \(hash), which is my deposit", from: "eve@x.example")
        #expect(try desk.gatehouse("ingest", "-", "--channel", "email", input: Data(eve.utf8)).status == 0)
        for message in [chat, other] {
            let data = try JSONSerialization.data(withJSONObject: message)
            #expect(try desk.gatehouse("ingest", "-", "--channel", "web_chat", input: data).status == 0)
        }
        let reasons = try identifiers(desk).map { id in
            let dedup = try envelope(desk, id)["dedup"] as? [String: Any]
            return (dedup?["related"] as? [[String: Any]] ?? []).compactMap { $0["why"] as? String }
        }
        #expect(Set(reasons.joined()) == ["same_sender_similar_text", "same_transaction"])
        #expect(reasons.contains([]), "the first has nothing before it")
    }

    @Test func `A file that came before is said to be the same, an empty and a broken one what they are`() throws {
        let desk = try Desk()
        func attached(_ name: String, _ content: Data) -> String {
            """
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/plain

            Here is my passport
            --b
            Content-Type: image/png
            Content-Disposition: attachment; filename="\(name)"
            Content-Transfer-Encoding: base64

            \(content.base64EncodedString())
            --b--
            """
        }
        let broken = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3])
        for (name, content) in [("passport.png", broken), ("again.png", broken), ("nothing.png", Data())] {
            let mail = Self.mail("", from: "a@x.example", more: attached(name, content))
            #expect(try desk.gatehouse("ingest", "-", "--channel", "email", input: Data(mail.utf8)).status == 0)
        }
        let files = try identifiers(desk).flatMap { try envelope(desk, $0)["attachments"] as? [[String: Any]] ?? [] }
        func notes(_ name: String) -> [String] {
            files.first { $0["name"] as? String == name }?["notes"] as? [String] ?? []
        }
        #expect(notes("passport.png") == ["unreadable"])
        #expect(notes("again.png") == ["unreadable", "same_as_before"])
        #expect(notes("nothing.png") == ["empty"])
        let sensitive = files.first { $0["name"] as? String == "passport.png" }
        #expect(sensitive?["sensitive"] as? Bool == true && sensitive?["role"] as? String == "id_document")
        for words in [["list"], ["report"], ["status"], ["stats"]] {
            let said = try Program.run("gatehouse", words + ["--config", desk.configuration.path()])
            #expect(!(said.output + said.errors).contains("passport.png"), "\(words)")
        }
    }
}
