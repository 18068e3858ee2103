import GatehouseCore
import Testing

@testable import gatehouse

struct MailboxConfigurationTests {
    private static let imap =
        #""name": "m", "type": "imap", "url": "imaps://mail.example.org", "user": "me", "secret": { "env": "P" }"#
    private static let pop3 =
        #""name": "m", "type": "pop3", "url": "pop3s://mail.example.org", "user": "me", "secret": { "env": "P" }"#

    static let wrong: [WrongConfiguration] = [
        WrongConfiguration(
            "no address",
            "{ \"schema\": 1, \"state_dir\": \"s\", \"sources\": [\n▸{ \"name\": \"m\", \"type\": \"imap\" }\n] }",
            "the key 'url' is missing"
        ),
        WrongConfiguration("a path", ConfigurationTests.source(imap + #", "path": ▸"p""#), "mailbox on a server"),
        WrongConfiguration(
            "another scheme",
            ConfigurationTests.source(
                #""name": "m", "type": "pop3", "url": ▸"imaps://h", "user": "me", "secret": { "env": "P" }"#
            ),
            "its address starts with pop3s://"
        ),
        WrongConfiguration(
            "a user in the address",
            ConfigurationTests.source(
                #""name": "m", "type": "imap", "url": ▸"imaps://me:pw@h", "user": "me", "secret": { "env": "P" }"#
            ),
            "The user goes into 'user'"
        ),
        WrongConfiguration(
            "unencrypted far away",
            ConfigurationTests.source(
                #""name": "m", "type": "imap", "url": "imap://h", "tls": ▸"none", "user": "me", "secret": { "env": "P" }"#
            ),
            "a password must not travel unencrypted"
        ),
        WrongConfiguration("a folder of POP3", ConfigurationTests.source(pop3 + #", "folders": ▸["a"]"#), "no folders"),
        WrongConfiguration("seen by POP3", ConfigurationTests.source(pop3 + #", "after": ▸"seen""#), "IMAP mailbox"),
        WrongConfiguration(
            "moved by POP3",
            ConfigurationTests.source(pop3 + #", "after": ▸"move", "move_to": "x""#),
            "keep or delete"
        ),
        WrongConfiguration(
            "moved to where it is read",
            ConfigurationTests.source(imap + #", "after": "move", "move_to": ▸"inbox""#),
            "would be read again"
        ),
        WrongConfiguration(
            "a folder twice",
            ConfigurationTests.source(imap + #", "folders": ["INBOX", ▸"inbox"]"#),
            "named twice"
        ),
        WrongConfiguration("nothing to renew", ConfigurationTests.source(imap + #", "renew": ▸["x"]"#), "only a token"),
        WrongConfiguration(
            "a server's key beside a file",
            ConfigurationTests.source(ConfigurationTests.mbox + #", "user": ▸"me""#),
            "is for imap and pop3"
        ),
    ]

    @Test(arguments: wrong)
    func `What can't be in a mailbox's configuration is named with line and column`(wrong: WrongConfiguration) {
        let (configuration, problems) = ConfigurationTests.check(wrong.text)
        #expect(configuration == nil)
        #expect(
            problems.contains { $0.hasPrefix("f:\(wrong.place): error: ") && $0.contains(wrong.words) },
            "\(problems)"
        )
    }

    @Test func `A mailbox is read from the inbox, encrypted, and its mails are moved within it`() throws {
        let text = ConfigurationTests.source(Self.imap + #", "after": "move", "move_to": "Done""#)
        let (configuration, problems) = ConfigurationTests.check(text)
        #expect(problems.allSatisfy { $0.contains("warning") })
        let source = try #require(configuration?.sources.first)
        let mailbox = try #require(source.mailbox)
        #expect(mailbox.folders == ["INBOX"] && "\(mailbox.encryption) \(mailbox.login)" == "implicit password")
        #expect(source.after == .move(to: "Done") && source.channel == .email)
        let plain = ConfigurationTests.source(
            #""name": "m", "type": "imap", "url": "imap://h", "user": "me", "secret": { "env": "P" }"#
        )
        let encryption = ConfigurationTests.check(plain).0?.sources.first?.mailbox.map { "\($0.encryption)" }
        #expect(encryption == "startTLS")
    }
}
