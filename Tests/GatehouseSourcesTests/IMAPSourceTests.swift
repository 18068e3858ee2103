import GatehouseCore
import GatehouseTransfer
import Synchronization
import Testing

@testable import GatehouseSources

@Suite struct IMAPSourceTests {
    /// - Parameter patience: Milliseconds.
    static func settings(
        _ server: ScriptedMailServer,
        _ action: MailboxSettings.Action = .keep,
        patience: Int = ScriptedMailServer.patience
    ) throws -> MailboxSettings {
        let address = try #require(MailboxAddress("imap://127.0.0.1:\(server.port)"))
        var result = MailboxSettings(address: address, encryption: .none, user: "me", login: .password) { "secret" }
        result.action = action
        result.timeoutMilliseconds = patience
        return result
    }

    static func source(_ settings: MailboxSettings, messageBytes: Int = 1 << 20) -> IMAPSource {
        var context = IntakeContext(source: "/email/mail", account: "me@example.org")
        context.limits.messageBytes = messageBytes
        return IMAPSource(name: "mail", settings: settings, context: context)
    }

    static func mail(_ number: Int) -> String { "Subject: \(number)\r\n\r\nText \(number)\r\n" }

    static func mails(_ numbers: ClosedRange<UInt32>) -> [UInt32: String] {
        Dictionary(uniqueKeysWithValues: numbers.map { ($0, mail(Int($0))) })
    }

    @Test func `Messages come once, in their order, with the time at which the server received them`() throws {
        let mailbox = FakeMailbox(Self.mails(3...252))
        let server = mailbox.imapServer()
        let settings = try Self.settings(server)
        let reading = MailboxReading(Self.source(settings))
        try reading.pollAndFinish()
        #expect(reading.texts == (3...252).map(Self.mail))
        #expect(reading.receivedAt.first == ParsedTime(iso8601: "2026-01-02T02:04:05Z")?.timestamp())
        reading.source = Self.source(settings)
        try reading.pollAndFinish()
        mailbox.state.withLock { $0.messages[253] = Self.mail(253) }
        reading.source = Self.source(settings)
        try reading.pollAndFinish()
        #expect(reading.texts == (3...253).map(Self.mail))
        #expect(!server.lines.contains { $0.contains("SELECT") || $0.contains("STORE") })
    }

    @Test(arguments: [MailboxSettings.Action.seen, .delete, .move(to: "Büro")])
    func `What is committed is marked, deleted or moved, also by the run after one that died`(
        action: MailboxSettings.Action
    ) throws {
        let mailbox = FakeMailbox(Self.mails(1...150))
        let server = mailbox.imapServer()
        let settings = try Self.settings(server, action)
        let reading = MailboxReading(Self.source(settings))
        try reading.poll()
        #expect(!server.lines.contains { $0.contains("SELECT") })
        // The first process is gone; another one comes, and finds nothing new.
        reading.source = Self.source(settings)
        try reading.pollAndFinish()
        #expect(reading.texts.count == 150)
        mailbox.state.withLock { state in
            switch action {
            case .seen: #expect(state.seen.count == 150)
            case .delete: #expect(state.messages.isEmpty)
            default: #expect(state.moved.count == 150)
            }
        }
        #expect(reading.positions == ["folder:me@127.0.0.1/INBOX": "7:150"])
        if action == .move(to: "Büro") {
            #expect(server.lines.contains { $0.hasSuffix(#"UID MOVE 1:150 "B&APw-ro""#) })
        }
    }

    @Test func `A source that is turned to another mailbox reads all of it`() throws {
        let mailbox = FakeMailbox(Self.mails(1...3))
        let server = mailbox.imapServer()
        var settings = try Self.settings(server, .delete)
        let reading = MailboxReading(Self.source(settings))
        try reading.poll()
        settings.user = "other"
        settings.login = .login
        let other = FakeMailbox([1: Self.mail(11), 2: Self.mail(12), 3: Self.mail(13)])
        let otherServer = other.imapServer()
        settings.address = try #require(MailboxAddress("imap://127.0.0.1:\(otherServer.port)"))
        settings.action = .keep
        reading.source = Self.source(settings)
        try reading.poll()
        #expect(reading.texts == [1, 2, 3, 11, 12, 13].map(Self.mail))
        #expect(other.state.withLock { $0.messages.count } == 3)
    }

    @Test func `What was read to be kept is not deleted because the configuration says so later`() throws {
        let mailbox = FakeMailbox(Self.mails(1...3))
        let server = mailbox.imapServer()
        let reading = MailboxReading(Self.source(try Self.settings(server, .keep)))
        try reading.pollAndFinish()
        reading.source = Self.source(try Self.settings(server, .delete))
        try reading.pollAndFinish()
        #expect(mailbox.state.withLock { $0.messages.count } == 3)
    }

    @Test func `A changed UIDVALIDITY lets all be read again, and nothing be deleted by its old number`() throws {
        let mailbox = FakeMailbox(Self.mails(1...3))
        let server = mailbox.imapServer()
        let settings = try Self.settings(server, .delete)
        let reading = MailboxReading(Self.source(settings))
        try reading.poll()
        mailbox.state.withLock { state in
            state.validity = 8
            state.messages = [1: Self.mail(10), 2: Self.mail(1)]
        }
        // The acknowledgement comes to a mailbox that has other numbers by now.
        try reading.finish()
        #expect(mailbox.state.withLock { $0.messages.count } == 2)
        reading.source = Self.source(settings)
        try reading.pollAndFinish()
        #expect(reading.texts == [1, 2, 3, 10, 1].map(Self.mail))
        #expect(reading.positions == ["folder:me@127.0.0.1/INBOX": "8:2"])
    }

    @Test func `A message that is too large is noted once, and stays as it is`() throws {
        let mailbox = FakeMailbox(Self.mails(1...4))
        mailbox.state.withLock { $0.messages[2] = "Subject: large\r\n\r\n" + String(repeating: "x", count: 200_000) }
        let server = mailbox.imapServer()
        let settings = try Self.settings(server, .delete)
        let reading = MailboxReading(Self.source(settings, messageBytes: 100_000))
        try reading.pollAndFinish()
        #expect(reading.texts == [1, 3, 4].map(Self.mail))
        let note = try #require(reading.rejected.first)
        #expect(note.reason == "message_too_large" && note.raw.count == 65_536)
        #expect(note.position == "imap://127.0.0.1:\(server.port)/INBOX;UID=2")
        reading.source = Self.source(settings, messageBytes: 100_000)
        try reading.pollAndFinish()
        #expect(reading.rejected.count == 1)
        #expect(mailbox.state.withLock { Array($0.messages.keys) } == [2])
    }

    @Test func `A message under several of Gmail's labels is fetched once`() throws {
        let mailbox = FakeMailbox(Self.mails(1...3))
        mailbox.state.withLock { state in
            state.capabilities += " X-GM-EXT-1"
            state.gmailIDs = [1: 900, 2: 901, 3: 902]
        }
        let server = mailbox.imapServer()
        var settings = try Self.settings(server)
        settings.folders = ["INBOX", "Support"]
        let reading = MailboxReading(Self.source(settings))
        try reading.pollAndFinish()
        #expect(reading.texts.count == 3 && reading.ignored == ["label_copy", "label_copy", "label_copy"])
        #expect(reading.positions == ["folder:me@127.0.0.1/INBOX": "7:3", "folder:me@127.0.0.1/Support": "7:3"])
    }

    @Test func `A folder that is not there holds up no other`() throws {
        let mailbox = FakeMailbox(Self.mails(1...2)) { tag, command in
            command == #"EXAMINE "Gone""# ? Array("\(tag) NO [NONEXISTENT] no such folder\r\n".utf8) : nil
        }
        let server = mailbox.imapServer()
        var settings = try Self.settings(server)
        settings.folders = ["Gone", "INBOX"]
        let reading = MailboxReading(Self.source(settings))
        let error = #expect(throws: MailboxError.self) { try reading.poll() }
        #expect("\(try #require(error))".contains("refuses folder Gone: no such folder [NONEXISTENT]"))
        #expect(reading.texts.count == 2)
    }

    @Test func `A message that a server lists and does not give is noted, where it gives others`() throws {
        let mailbox = FakeMailbox(Self.mails(1...3)) { tag, command in
            guard command.contains("BODY.PEEK[]"), command.contains("2 (") || command.contains(":") else { return nil }
            return Array("\(tag) NO cannot read message 2\r\n".utf8)
        }
        let server = mailbox.imapServer()
        let reading = MailboxReading(Self.source(try Self.settings(server)))
        try reading.pollAndFinish()
        #expect(reading.texts == [1, 3].map(Self.mail))
        #expect(reading.rejected.map(\.reason) == ["not_delivered"])
    }

    @Test func `A password goes by PLAIN or as literals, and a refusal says whose it was`() throws {
        for capabilities in ["IMAP4rev1", "IMAP4rev1 SASL-IR AUTH=PLAIN"] {
            let mailbox = FakeMailbox(Self.mails(1...1))
            mailbox.state.withLock { ($0.capabilities, $0.password) = (capabilities, "pä\"ss wörd\\") }
            let server = mailbox.imapServer()
            var settings = try Self.settings(server)
            settings.secret = { "pä\"ss wörd\\" }
            let reading = MailboxReading(Self.source(settings))
            try reading.pollAndFinish()
            #expect(reading.texts.count == 1)
            settings.secret = { "wrong" }
            let error = #expect(throws: MailboxError.self) { try MailboxReading(Self.source(settings)).poll() }
            #expect(error?.exitCode == .noPermission)
            #expect("\(try #require(error))".contains("refuses the login of me: wrong password"))
        }
    }

    @Test func `A refused token is renewed and tried once more`() throws {
        let token = Mutex("old")
        let mailbox = FakeMailbox(Self.mails(1...1)) { tag, command in
            guard command.hasPrefix("AUTHENTICATE XOAUTH2 ") else {
                return command.isEmpty ? Array("g2 NO no\r\n".utf8) : nil
            }
            let isFresh = command.hasSuffix(SASLMessage.xoauth2(user: "me", token: "new"))
            // {"status":"401"}
            return Array((isFresh ? "\(tag) OK in\r\n" : "+ eyJzdGF0dXMiOiI0MDEifQ==\r\n").utf8)
        }
        let server = mailbox.imapServer()
        var settings = try Self.settings(server)
        settings.login = .xoauth2
        settings.secret = { token.withLock { $0 } }
        let refused = #expect(throws: MailboxError.self) { try MailboxReading(Self.source(settings)).poll() }
        #expect("\(try #require(refused))".contains(#"no ({"status":"401"})"#))
        settings.renewSecret = { token.withLock { $0 = "new" } }
        let reading = MailboxReading(Self.source(settings))
        try reading.pollAndFinish()
        #expect(reading.texts.count == 1)
    }
}
