import Foundation
import Glibc
import Testing

/// A real Redmine and a real django-helpdesk: `redmine.sh` and `django-helpdesk.sh` beside this file install and start them,
/// and say these variables.
@Suite(.serialized) struct TicketSystemEndToEndTests {
    struct System: Sendable {
        let preset: String
        let url: String
        let secret: String
        let options: String
        let queue: String
        /// A list of all tickets, and where it says how many there are.
        let list: (path: String, count: String)
        let header: String

        func ticket(_ number: String) -> String {
            preset == "redmine" ? "/issues/\(number).json?include=journals,attachments" : "/api/tickets/\(number)/"
        }
    }

    static let systems: [System] = [
        system("redmine", list: ("/issues.json?status_id=*&limit=1", "total_count")) { "X-Redmine-API-Key: \($0)" },
        system("django-helpdesk", list: ("/api/tickets/?page_size=1", "count")) { "Authorization: Token \($0)" },
    ].compactMap { $0 }

    private static func system(
        _ preset: String,
        list: (String, String),
        header: (String) -> String
    ) -> System? {
        let prefix = preset.uppercased().replacingOccurrences(of: "-", with: "_")
        let environment = ProcessInfo.processInfo.environment
        guard let url = environment["\(prefix)_URL"], let secret = environment["\(prefix)_SECRET"] else {
            print("skipped: no \(prefix)_URL; Tests/EndToEndTests/\(preset).sh starts one and runs these tests")
            return nil
        }
        return System(
            preset: preset,
            url: url,
            secret: secret,
            options: environment["\(prefix)_OPTIONS"] ?? "{}",
            queue: environment["\(prefix)_QUEUE"] ?? "1",
            list: list,
            header: header(secret)
        )
    }

    @Test(arguments: systems)
    func `Mails become tickets once each, with their files and follow-ups`(system: System) throws {
        let desk = try Desk()
        let run = String(UUID().uuidString.prefix(8))
        try configure(desk, system)
        try MailMaker.fill(desk, [Int]())
        for number in 0..<20 {
            let mail = MailMaker.mail(number, id: "\(run)-\(number)")
            try desk.write(mail, to: "maildir/new/17674000\(number + 10).M1P1.host")
        }
        try desk.write(Self.opener(run), to: "maildir/new/1767500000.M1P1.host")
        let before = try count(system)
        try send(desk)
        try desk.write(Self.reply(run), to: "maildir/new/1767500100.M1P1.host")
        try send(desk)
        #expect(try desk.outbox("sent") == 22 && desk.outbox("dead") == 0)
        #expect(try count(system) == before + 21, "21 conversations")
        let ticket = try get(system, system.ticket(try number(of: run, in: desk)))
        for words in ["Somebody emptied my account \(run)", "Please freeze it now", "any news \(run)", "proof.txt"] {
            #expect(ticket.contains(words), "\(ticket)")
        }
        #expect(ticket.contains("{{ queue }}") == (system.preset == "redmine"), "no template is obeyed")
        try send(desk)
        #expect(try count(system) == before + 21, "another run makes no ticket")
    }

    @Test(arguments: systems) func `Answers that came too late make no second ticket`(system: System) throws {
        let desk = try Desk()
        let run = String(UUID().uuidString.prefix(8))
        try MailMaker.fill(desk, [Int]())
        for number in 0..<20 {
            let mail = MailMaker.mail(number, id: "\(run)-late-\(number)")
            try desk.write(mail, to: "maildir/new/17674000\(number + 10).M1P1.host")
        }
        let before = try count(system)
        // So short that the request arrives, and its answer is not waited for.
        try configure(desk, system, timeout: "0.05")
        for _ in 0..<3 { try desk.gatehouse("run") }
        try configure(desk, system)
        try send(desk)
        #expect(try desk.outbox("sent") == 20 && desk.outbox("dead") == 0)
        #expect(try count(system) == before + 20)
    }

    // MARK: The desk

    private func configure(_ desk: Desk, _ system: System, timeout: String = "30") throws {
        try desk.write(system.secret + "\n", to: "secret")
        unsafe chmod(desk.folder.appending(path: "secret").path(), 0o600)
        try desk.write(
            """
            { "schema": 1, "state_dir": "state", "sources": \(MailMaker.maildirSource),
              "targets": [{ "name": "desk", "preset": "\(system.preset)", "url": "\(system.url)", "timeout_s": \(timeout),
                "secret": { "file": "secret" }, "queue": "\(system.queue)", "options": \(system.options),
                "retry": { "min_s": 0.2, "max_s": 1, "lookup_delay_s": 1, "server_error_limit": 50 } }] }
            """,
            to: "gatehouse.jsonc"
        )
    }

    private func send(_ desk: Desk) throws {
        for _ in 0..<60 {
            let outcome = try desk.gatehouse("run")
            if outcome.status == 0, try desk.outbox("ready") == 0 { return }
            #expect(outcome.status == 0 || outcome.status == 75, "\(outcome.errors)")
            usleep(300_000)
        }
        Issue.record("not all was sent in time")
    }

    private func number(of run: String, in desk: Desk) throws -> String {
        let list = try desk.gatehouse("list", "--limit", "500", "--json").lines
        let line = try #require(list.first { $0.contains("Somebody emptied my account \(run)") })
        let message = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        return try #require((message["targets"] as? [[String: Any]])?.first?["ticket"] as? String)
    }

    private static func opener(_ run: String) -> String {
        """
        From: Alice <alice-\(run)@example.net>
        To: support@exchange.example
        Subject: Somebody emptied my account \(run)
        Message-ID: <open-\(run)@example.net>
        Date: Fri, 02 Jan 2026 03:04:05 +0000
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary=b

        --b
        Content-Type: text/plain; charset=utf-8

        Someone hacked my account and withdrew all my coins. Please freeze it now! </pre> é 中文
        --b
        Content-Type: text/plain; name="proof.txt"
        Content-Disposition: attachment; filename="proof.txt"

        proof
        --b--

        """
    }

    private static func reply(_ run: String) -> String {
        """
        From: Alice <alice-\(run)@example.net>
        To: support@exchange.example
        Subject: Re: Somebody emptied my account \(run)
        Message-ID: <reply-\(run)@example.net>
        In-Reply-To: <open-\(run)@example.net>
        References: <open-\(run)@example.net>
        Date: Fri, 02 Jan 2026 04:04:05 +0000

        any news \(run)? {{ queue }} {{ a b }} {# gone #}

        """
    }

    // MARK: The ticket system

    private func count(_ system: System) throws -> Int {
        let answer = try get(system, system.list.path)
        let object = try JSONSerialization.jsonObject(with: Data(answer.utf8)) as? [String: Any]
        return try #require(object?[system.list.count] as? Int, "\(answer)")
    }

    private func get(_ system: System, _ path: String) throws -> String {
        let outcome = try Program.runTool(["curl", "-sS", "-H", system.header, system.url + path])
        #expect(outcome.status == 0, "\(outcome.errors)")
        // Both answer with characters beyond ASCII as they are; Redmine escapes angle brackets.
        return outcome.output
    }
}
