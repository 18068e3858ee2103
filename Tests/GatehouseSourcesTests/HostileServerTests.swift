import GatehouseCore
import GatehouseTransfer
import Testing

@testable import GatehouseSources

/// A server that lies ends in an error or in fewer messages, soon, and never in a trap.
@Suite struct HostileServerTests {
    struct Lie: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// The start of the command that is answered so.
        var command: String
        /// `TAG` stands for the command's own.
        var answer: [UInt8]
        /// What becomes of the messages 1 and 2; nil for an error.
        var texts: Int?

        init(_ name: String, _ command: String, _ answer: String, texts: Int? = nil) {
            self.init(name, command, bytes: Array(answer.utf8), texts: texts)
        }

        init(_ name: String, _ command: String, bytes: [UInt8], texts: Int? = nil) {
            testDescription = name
            self.command = command
            answer = bytes
            self.texts = texts
        }
    }

    static let list = "UID FETCH 1:*"
    static let sizes = "UID FETCH 1:2 (UID RFC822.SIZE"
    static let bodies = "UID FETCH 1:2 (UID BODY"

    static let lies: [Lie] = [
        Lie("closes at the list", list, "CLOSE"),
        Lie("says nothing", bodies, ""),
        Lie("ends inside a literal", bodies, "* 1 FETCH (UID 1 BODY[] {500}\r\nshort"),
        Lie("a literal that no number holds", bodies, "* 1 FETCH (UID 1 BODY[] {99999999999999999999999}\r\n"),
        Lie("a literal of two gigabytes", bodies, "* 1 FETCH (UID 1 BODY[] {2147483648}\r\nxxxx"),
        Lie("a negative literal", bodies, "* 1 FETCH (UID 1 BODY[] {-5}\r\nxxx)\r\nTAG OK x\r\n"),
        Lie("an endless line", bodies, bytes: [UInt8](repeating: 0x41, count: 1 << 20)),
        Lie("an endless answer", bodies, String(repeating: "* 1 EXISTS\r\n", count: 2_000_000)),
        Lie("endless literals", bodies, "* 1 FETCH (" + String(repeating: "X {1}\r\na", count: 400_000)),
        Lie("another tag", bodies, "x9 OK done\r\n"),
        Lie("no tag", bodies, "\r\n"),
        Lie("good-bye", bodies, "* BYE too many connections\r\n"),
        Lie("asks for more", bodies, "+ go on\r\n"),
        Lie("other messages", bodies, "* 1 FETCH (UID 77 BODY[] {1}\r\na)\r\nTAG OK x\r\n", texts: 0),
        Lie(
            "a message twice",
            bodies,
            String(repeating: "* 1 FETCH (UID 1 BODY[] {3}\r\nabc)\r\n", count: 2) + "TAG OK\r\n",
            texts: 1
        ),
        Lie(
            "no body",
            bodies,
            "* 1 FETCH (UID 1 BODY[] NIL)\r\n* 2 FETCH (UID 2 BODY[] \"\")\r\nTAG OK x\r\n",
            texts: 1
        ),
        Lie(
            "parentheses without end",
            bodies,
            "* 1 FETCH " + String(repeating: "(", count: 60_000) + "\r\nTAG OK\r\n",
            texts: 0
        ),
        Lie(
            "many parentheses",
            bodies,
            "* 1 FETCH (UID " + String(repeating: "(", count: 50_000) + "\r\nTAG OK x\r\n",
            texts: 0
        ),
        Lie(
            "sizes below zero",
            sizes,
            "* 1 FETCH (UID 1 RFC822.SIZE -5)\r\n* 2 FETCH (UID 2 RFC822.SIZE 99999999999999999999)\r\nTAG OK\r\n",
            texts: 2
        ),
        Lie(
            "sizes too large",
            sizes,
            "* 1 FETCH (UID 1 RFC822.SIZE 9223372036854775807)\r\n* 2 FETCH (UID 2 RFC822.SIZE 9223372036854775807)\r\nTAG OK\r\n",
            texts: 0
        ),
        Lie(
            "wrong UIDs",
            list,
            "* 1 FETCH (UID 0)\r\n* 2 FETCH (UID 4294967295)\r\n* 3 FETCH (UID 4294967296)\r\n* 4 FETCH (UID -1)\r\nTAG OK\r\n",
            texts: 0
        ),
        Lie("bytes of any kind", list, bytes: Array(0...255)),
        Lie("a refusal", bodies, "TAG NO [SERVERBUG] ill\r\n"),
    ]

    @Test(.timeLimit(.minutes(1)), arguments: lies)
    func `A server that lies does no harm`(lie: Lie) throws {
        let mailbox = FakeMailbox(IMAPSourceTests.mails(1...2)) { tag, command in
            guard command.hasPrefix(lie.command) || lie.command == Self.bodies && command.contains("BODY.PEEK") else {
                return nil
            }
            guard lie.answer.count < 100_000 else { return lie.answer }
            return Array(String(decoding: lie.answer, as: UTF8.self).replacing("TAG", with: tag).utf8)
        }
        let server = mailbox.imapServer()
        let reading = MailboxReading(
            IMAPSourceTests.source(try IMAPSourceTests.settings(server, .delete, patience: 1500))
        )
        guard let texts = lie.texts else {
            #expect(throws: MailboxError.self) { try reading.poll() }
            #expect(reading.positions.isEmpty)
            return
        }
        try reading.poll()
        #expect(reading.texts.count == texts, "\(reading.texts)")
    }

    static let greetings = [
        "", "* BYE busy\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n", String(repeating: "*", count: 1 << 20),
    ]

    @Test(.timeLimit(.minutes(1)), arguments: greetings)
    func `Another kind of server is an error`(greeting: String) throws {
        let server = ScriptedMailServer(greeting: greeting) { _ in nil }
        let source = IMAPSourceTests.source(try IMAPSourceTests.settings(server, patience: 1500))
        let error = #expect(throws: MailboxError.self) { try MailboxReading(source).poll() }
        #expect(error?.exitCode == .tryAgainLater)
    }

    @Test func `No password is sent where encryption was asked for and is not to be had`() throws {
        for greeting in ["* OK here\r\n", "* PREAUTH welcome\r\n"] {
            let server = ScriptedMailServer(greeting: greeting) { line in
                let tag = line.prefix { $0 != " " }
                return Array("* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n\(tag) OK done\r\n".utf8)
            }
            var settings = try IMAPSourceTests.settings(server, patience: 1500)
            settings.encryption = .startTLS
            #expect(throws: MailboxError.self) { try MailboxReading(IMAPSourceTests.source(settings)).poll() }
            #expect(!server.lines.contains { $0.contains("AUTH") || $0.contains("LOGIN") })
        }
    }
}
