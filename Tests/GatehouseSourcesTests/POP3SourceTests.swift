import GatehouseCore
import GatehouseTransfer
import Synchronization
import Testing

@testable import GatehouseSources

@Suite struct POP3SourceTests {
    /// A POP3 server's mailbox; `lie` answers a command instead of it.
    final class FakeServer: Sendable {
        struct State: Sendable {
            /// By UIDL.
            var messages: [(name: String, text: String)] = []
            var marked: Set<Int> = []
            var expectsPlain = false
        }

        let state = Mutex(State())
        let lie: @Sendable (String) -> String?

        init(_ messages: [(String, String)], lie: @escaping @Sendable (String) -> String? = { _ in nil }) {
            self.lie = lie
            state.withLock { $0.messages = messages.map { (name: $0.0, text: $0.1) } }
        }

        func server() -> ScriptedMailServer {
            ScriptedMailServer(greeting: "+OK here\r\n") { [self] line in
                if let lie = lie(line) { return lie == "CLOSE" ? nil : Array(lie.utf8) }
                return Array(state.withLock { Self.answer(&$0, line) }.utf8)
            }
        }

        private static func answer(_ state: inout State, _ line: String) -> String {
            let words = line.split(separator: " ").map(String.init)
            let number = words.count > 1 ? Int(words[1]) ?? 0 : 0
            func listing(_ value: (Int) -> String) -> String {
                "+OK\r\n" + state.messages.indices.map { "\($0 + 1) \(value($0))\r\n" }.joined() + ".\r\n"
            }
            switch words.first {
            case "CAPA": return "+OK\r\nUIDL\r\nTOP\r\nPIPELINING\r\nSASL PLAIN XOAUTH2\r\n.\r\n"
            case "AUTH": return "+ \r\n"
            case "UIDL": return listing { state.messages[$0].name }
            case "LIST": return listing { "\(state.messages[$0].text.utf8.count)" }
            case "RETR", "TOP":
                let stuffed = state.messages[number - 1].text.replacing("\r\n.", with: "\r\n..")
                return "+OK\r\n\(stuffed)\r\n.\r\n"
            case "DELE":
                state.marked.insert(number)
                return "+OK\r\n"
            case "QUIT":
                state.messages = state.messages.enumerated().filter { !state.marked.contains($0.offset + 1) }.map(
                    \.element
                )
                state.marked = []
                return "+OK\r\n"
            default: return line == SASLMessage.plain(user: "me", password: "secret") ? "+OK\r\n" : "-ERR no\r\n"
            }
        }
    }

    static func source(
        _ server: ScriptedMailServer,
        _ action: MailboxSettings.Action = .keep,
        messageBytes: Int = 1 << 20
    ) throws -> POP3Source {
        let address = try #require(MailboxAddress("pop3://127.0.0.1:\(server.port)"))
        var settings = MailboxSettings(address: address, encryption: .none, user: "me", login: .password) { "secret" }
        settings.action = action
        settings.timeoutMilliseconds = ScriptedMailServer.patience
        var context = IntakeContext(source: "/email/mail", account: "me@example.org")
        context.limits.messageBytes = messageBytes
        return POP3Source(name: "mail", settings: settings, context: context)
    }

    static func mails(_ count: Int) -> [(String, String)] {
        (1...count).map { ("id\($0)", "Subject: \($0)\r\n\r\n.\r\n..dots\r\nText \($0)") }
    }

    @Test func `Messages come once, whole, with their dots, and are forgotten when they are gone`() throws {
        let mailbox = FakeServer(Self.mails(120))
        let server = mailbox.server()
        let reading = MailboxReading(try Self.source(server))
        try reading.pollAndFinish()
        #expect(reading.texts == Self.mails(120).map { $0.1 + "\r\n" })
        mailbox.state.withLock { _ = $0.messages.removeFirst() }
        reading.source = try Self.source(server)
        try reading.pollAndFinish()
        #expect(reading.texts.count == 120 && reading.positions.count == 119)
        #expect(!server.lines.contains { $0.hasPrefix("DELE") })
    }

    @Test func `What is committed is deleted at the end, also by the run after one that died`() throws {
        let mailbox = FakeServer(Self.mails(60))
        let server = mailbox.server()
        let reading = MailboxReading(try Self.source(server, .delete))
        try reading.poll()
        #expect(mailbox.state.withLock { $0.messages.count } == 60)
        reading.source = try Self.source(server, .delete)
        try reading.pollAndFinish()
        #expect(reading.texts.count == 60 && reading.positions.isEmpty)
        #expect(mailbox.state.withLock { $0.messages.isEmpty })
    }

    @Test func `A message that is too large is noted once and not deleted, whatever its size was said to be`() throws {
        let large = "Subject: large\r\n\r\n" + String(repeating: "x", count: 300_000)
        let mailbox = FakeServer([("a", "Subject: a\r\n"), ("b", large), ("c", large + "y"), ("d", "Subject: d\r\n")]) {
            $0 == "LIST" ? "+OK\r\n1 14\r\n2 300000\r\n3 5\r\n4 14\r\n.\r\n" : nil
        }
        let server = mailbox.server()
        let reading = MailboxReading(try Self.source(server, .delete, messageBytes: 100_000))
        for _ in 1...2 { try reading.pollAndFinish() }
        #expect(reading.texts.count == 2 && reading.rejected.map(\.raw.count) == [65_536, 65_536])
        #expect(mailbox.state.withLock { $0.messages.map(\.name) } == ["b", "c"])
    }

    @Test func `Two messages of one name are two`() throws {
        let server = FakeServer([("same", "A: 1\r\n"), ("same", "A: 2\r\n")]).server()
        let reading = MailboxReading(try Self.source(server))
        for _ in 1...2 {
            reading.source = try Self.source(server)
            try reading.pollAndFinish()
        }
        #expect(reading.texts.count == 2)
    }

    static let lies: [(command: String, answer: String, texts: Int?)] = [
        ("CAPA", "CLOSE", nil), ("CAPA", "", nil),
        ("CAPA", "+OK\r\n" + String(repeating: "X\r\n", count: 800_000), nil),
        ("UIDL", "-ERR none\r\n", nil), ("UIDL", "what\r\n", nil), ("UIDL", "+ more\r\n", nil),
        ("UIDL", "+OK\r\n0 a\r\n-1 b\r\n99999999999999999999 c\r\nx y\r\n\r\n1\r\n.\r\n", 0),
        ("UIDL", "+OK\r\n" + String(repeating: "x", count: 200_000), nil),
        ("RETR 1", "-ERR gone\r\n", 1), ("RETR 1", "+OK\r\nnever ends", nil), ("RETR 1", "CLOSE", nil),
        ("RETR 1", "+OK\r\n" + String(repeating: "y\r\n", count: 3_000_000), nil),
        ("RETR 1", "+OK\r\n.\r\n", 2),
    ]

    @Test(.timeLimit(.minutes(1)), arguments: lies)
    func `A server that lies does no harm`(command: String, answer: String, texts: Int?) throws {
        let server = FakeServer(Self.mails(2)) { line in line == command ? answer : nil }.server()
        let reading = MailboxReading(try Self.source(server, .delete, messageBytes: 100_000))
        guard let texts else {
            #expect(throws: MailboxError.self) { try reading.pollAndFinish() }
            return
        }
        try reading.pollAndFinish()
        #expect(reading.texts.count == texts)
    }
}
