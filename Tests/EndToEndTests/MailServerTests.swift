import Foundation
import Glibc
import Testing

/// `poll` against a real Dovecot: each mail becomes one message, and what is to happen to it happens.
@Suite(.serialized)
struct MailServerTests {
    /// One desk with a running Dovecot, or nil with a word.
    private func start() throws -> (Desk, Dovecot)? {
        let desk = try Desk()
        guard let server = try Dovecot.start(in: desk) else { return nil }
        try desk.write("secret\n", to: "password")
        unsafe chmod(desk.folder.appending(path: "password").path(), 0o600)
        return (desk, server)
    }

    private static func source(_ url: String, user: String, _ more: String = "") -> String {
        let kind = url.prefix { $0 != "s" && $0 != ":" }
        let tls = url.hasPrefix("\(kind)s") ? #", "ca_file": "ca.pem""# : ""
        return """
            [{ "name": "box", "type": "\(kind)", "url": "\(url)", "user": "\(user)", "account": "support@exchange.example",
               "secret": { "file": "password" }\(tls)\(more) }]
            """
    }

    private static let plain = #", "tls": "none""#

    @Test func `Each way to reach and to enter a mailbox brings its mail once`() throws {
        guard let (desk, server) = try start() else { return }
        let ca = #", "ca_file": "ca.pem""#
        let ways: [(url: String, more: String)] = [
            ("imap://127.0.0.1:\(server.imap)", Self.plain),
            ("imap://127.0.0.1:\(server.imap)", Self.plain + #", "auth": "login""#),
            ("imap://127.0.0.1:\(server.imap)", ca),
            ("imaps://127.0.0.1:\(server.imaps)", #", "auth": "plain""#),
            ("pop3://127.0.0.1:\(server.pop3)", Self.plain),
            ("pop3://127.0.0.1:\(server.pop3)", Self.plain + #", "auth": "login""#),
            ("pop3://127.0.0.1:\(server.pop3)", ca),
            ("pop3s://127.0.0.1:\(server.pop3s)", ""),
        ]
        for (index, way) in ways.enumerated() {
            let numbers = index * 10..<index * 10 + 5
            try server.deliver(numbers, to: "u\(index)") { MailMaker.mail($0) }
            try desk.configure(sources: Self.source(way.url, user: "u\(index)", way.more))
            let check = try desk.gatehouse("check")
            #expect(check.status == 0, "\(check.output)")
            let doctor = try desk.gatehouse("doctor")
            #expect(doctor.output.contains("logged in to \(way.url)"), "\(doctor.output)")
            for _ in 1...2 {
                let outcome = try desk.gatehouse("poll")
                #expect(outcome.status == 0, "\(way): \(outcome.errors)")
                #expect(try desk.inputs("accepted") == index * 5 + 5, "\(way)")
            }
            #expect(try desk.inputs("duplicate") == 0)
        }
    }

    @Test func `A certificate that nobody vouches for and a wrong password are refused in words`() throws {
        guard let (desk, server) = try start() else { return }
        let untrusted = Self.source("imaps://127.0.0.1:\(server.imaps)", user: "a")
            .replacing(#", "ca_file": "ca.pem""#, with: "")
        try desk.configure(sources: untrusted)
        var outcome = try desk.gatehouse("poll")
        #expect(outcome.status == 75 && outcome.errors.contains("certificate"), "\(outcome.errors)")
        try desk.write("wrong\n", to: "password")
        for url in ["imaps://127.0.0.1:\(server.imaps)", "pop3s://127.0.0.1:\(server.pop3s)"] {
            try desk.configure(sources: Self.source(url, user: "a"))
            outcome = try desk.gatehouse("poll")
            #expect(outcome.status == 77 && outcome.errors.contains("refuses the login of a"), "\(outcome.errors)")
            #expect(!outcome.errors.contains("wrong"))
        }
    }

    @Test func `A refused token is renewed by the configured command`() throws {
        guard let (desk, server) = try start() else { return }
        try desk.write("good\n", to: "fresh")
        let files = desk.folder.path() + "/"
        let auth = #", "auth": "xoauth2", "renew": ["cp", "\#(files)fresh", "\#(files)password"]"#
        for (index, url) in ["imaps://127.0.0.1:\(server.imaps)", "pop3s://127.0.0.1:\(server.pop3s)"].enumerated() {
            try desk.write("stale\n", to: "password")
            unsafe chmod(desk.folder.appending(path: "password").path(), 0o600)
            try server.deliver(index * 2..<index * 2 + 2, to: "oauth") { MailMaker.mail($0) }
            try desk.configure(sources: Self.source(url, user: "oauth", #", "auth": "xoauth2""#))
            var outcome = try desk.gatehouse("poll")
            #expect(outcome.status == 77 && outcome.errors.contains("refuses the login of oauth"), "\(outcome.errors)")
            try desk.configure(sources: Self.source(url, user: "oauth", auth))
            outcome = try desk.gatehouse("poll")
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(try desk.inputs("accepted") == index * 2 + 2)
        }
    }

    @Test func `Five thousand mails come in steps, and again under new numbers without doubling`() throws {
        guard let (desk, server) = try start() else { return }
        try server.deliver(1...5000, to: "big") { MailMaker.mail($0) }
        try desk.configure(sources: Self.source("imap://127.0.0.1:\(server.imap)", user: "big", Self.plain))
        #expect(try desk.gatehouse("poll").status == 0)
        #expect(try desk.inputs("accepted") == 5000)
        try server.renumber("big")
        try server.deliver([5001], to: "big") { MailMaker.mail($0) }
        let outcome = try desk.gatehouse("poll", "--verbose")
        #expect(outcome.errors.contains("1 new, 5000 known already"), "\(outcome.errors)")
        #expect(try desk.gatehouse("poll", "--verbose").errors.contains("0 new, 0 known already"))
        #expect(try desk.inputs("accepted") == 5001)
    }

    @Test func `What is committed is marked, moved or deleted; a dry run changes nothing`() throws {
        guard let (desk, server) = try start() else { return }
        let imap = "imap://127.0.0.1:\(server.imap)"
        for user in ["seen", "move", "delete"] {
            try server.deliver(1...120, to: user) { MailMaker.mail($0, id: "\(user)\($0)") }
            try server.deliver(200...202, to: user, folder: ".Support") { MailMaker.mail($0, id: "\(user)\($0)") }
            let target = user == "move" ? #", "move_to": "Erledigt/Größe""# : ""
            let more = Self.plain + #", "folders": ["INBOX", "Support"], "after": "\#(user)"\#(target)"#
            try desk.configure(sources: Self.source(imap, user: user, more))
            let before = (try? desk.inputs("accepted")) ?? 0
            #expect(try desk.gatehouse("poll", "--dry-run").status == 0)
            #expect(server.messages(of: user).filter { $0.hasSuffix("S") }.isEmpty)
            #expect(server.messages(of: user).count == 120)
            let outcome = try desk.gatehouse("poll")
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(try desk.inputs("accepted") - before == 123)
            let left = server.messages(of: user) + server.messages(of: user, folder: ".Support")
            switch user {
            case "seen": #expect(left.count == 123 && left.allSatisfy { $0.hasSuffix(":2,S") }, "\(left)")
            case "move":
                #expect(left.isEmpty)
                #expect(server.messages(of: user, folder: ".Erledigt.Gr&APYA3w-e").count == 123)
            default: #expect(left.isEmpty)
            }
        }
        try server.deliver(1...60, to: "pop") { MailMaker.mail($0, id: "pop\($0)") }
        try desk.configure(
            sources: Self.source("pop3://127.0.0.1:\(server.pop3)", user: "pop", Self.plain + #", "after": "delete""#)
        )
        #expect(try desk.gatehouse("poll").status == 0)
        #expect(server.messages(of: "pop").isEmpty)
        #expect(try desk.inputs("accepted") == 3 * 123 + 60)
    }

    @Test(arguments: ["imap", "pop3"])
    func `A poll that is killed again and again loses nothing, doubles nothing and leaves nothing`(kind: String) throws
    {
        guard let (desk, server) = try start() else { return }
        let port = kind == "imap" ? server.imap : server.pop3
        try server.deliver(1...1500, to: "k") { MailMaker.mail($0) }
        try desk.configure(
            sources: Self.source("\(kind)://127.0.0.1:\(port)", user: "k", Self.plain + #", "after": "delete""#)
        )
        let kills = try desk.kill("poll", rounds: 10, after: 0.05, step: 0.12)
        #expect(kills > 0, "every run ended before it could be killed")
        let last = try desk.gatehouse("poll")
        #expect(last.status == 0, "\(last.errors)")
        #expect(try desk.inputs("accepted") == 1500)
        #expect(server.messages(of: "k").isEmpty)
        let ids = try desk.gatehouse("list", "--limit", "10000", "--json").lines
        #expect(Set(ids).count == 1500)
    }

    @Test(arguments: ["imap", "pop3"])
    func `A mail that is too large is noted once and left alone`(kind: String) throws {
        guard let (desk, server) = try start() else { return }
        let port = kind == "imap" ? server.imap : server.pop3
        try server.deliver(1...3, to: "l") {
            MailMaker.mail($0, text: $0 == 2 ? String(repeating: "x ", count: 9000) : "y")
        }
        let source = Self.source("\(kind)://127.0.0.1:\(port)", user: "l", Self.plain + #", "after": "delete""#)
        let text = """
            { "schema": 1, "state_dir": "state", "limits": { "message_bytes": 8192 }, "sources": \(source) }
            """
        try desk.write(text, to: "gatehouse.jsonc")
        for _ in 1...2 {
            #expect(try desk.gatehouse("poll").status == 0)
            #expect(try desk.inputs("accepted") == 2)
            #expect(try desk.inputs("rejected") == 1)
            #expect(try desk.inputs("duplicate") == 0)
        }
        #expect(server.messages(of: "l").count == 1)
        #expect(try desk.gatehouse("list", "--state", "rejected").output.contains("message_too_large"))
    }
}
