import GatehouseCore
import GatehouseStore
import Testing

/// A mail with the fields by which it finds its conversation.
private struct Mail {
    var id: String
    var from = "ada@example.com"
    var to = ["support@example.org"]
    var cc: [String] = []
    var replyTo: [String] = []
    var references: [String] = []
    var inReplyTo: [String] = []
    var automated = Automation.no
    var tickets: [String] = []
    var failed: String?
    var dmarc: String?

    var entry: IntakeEntry {
        var sample = Sample(keys: [IdentityKey(.claimed, id)], text: "text of \(id)")
        sample.conversation = references.first ?? inReplyTo.first ?? id
        var entry = sample.entry
        guard case .message(let held) = entry.item else { return entry }
        var message = held.message
        var data = message.envelope.data
        data.messageID = id
        data.from = [Party(email: from)]
        data.to = to.map { Party(email: $0) }
        data.cc = cc.map { Party(email: $0) }
        data.replyTo = replyTo.map { Party(email: $0) }
        (data.references, data.inReplyTo, data.automated) = (references, inReplyTo, automated)
        var facts = MailFacts()
        facts.ticketsNamed = tickets
        if let failed { facts.bounce = BounceReport(recipient: failed) }
        data.mail = facts
        if let dmarc {
            var verdicts = AuthenticationVerdicts()
            (verdicts.dmarc, verdicts.isTrusted) = (dmarc, true)
            data.authentication = verdicts
        }
        message.envelope.data = data
        entry.item = .message(message)
        return entry
    }
}

/// Mails in the order in which they come, and how many conversations they make.
private struct ThreadCase: CustomTestStringConvertible {
    let testDescription: String
    let mails: [Mail]
    let conversations: Int
    /// That a mail names a conversation to which its author does not belong.
    var isNoted = false
}

struct MailThreadTests {
    let state = TemporaryState()
    private static let first = Mail(id: "a", cc: ["Bob@Example.com"])

    private static let cases = [
        ThreadCase(
            testDescription: "its author answers",
            mails: [first, Mail(id: "b", references: ["a"])],
            conversations: 1
        ),
        ThreadCase(
            testDescription: "a recipient answers",
            mails: [first, Mail(id: "b", from: "bob@example.com", inReplyTo: ["a"])],
            conversations: 1
        ),
        ThreadCase(
            testDescription: "a stranger names it",
            mails: [first, Mail(id: "b", from: "eve@evil.example", references: ["a"])],
            conversations: 2,
            isNoted: true
        ),
        ThreadCase(
            testDescription: "a stranger names it twice",
            mails: [
                first, Mail(id: "b", from: "eve@evil.example", references: ["a"]),
                Mail(id: "c", from: "eve@evil.example", references: ["a", "b"]),
            ],
            conversations: 2,
            isNoted: true
        ),
        ThreadCase(
            testDescription: "whom a member takes in may answer",
            mails: [
                first, Mail(id: "b", cc: ["carol@x.example"], references: ["a"]),
                Mail(id: "c", from: "carol@x.example", references: ["a", "b"]),
            ],
            conversations: 1
        ),
        ThreadCase(
            testDescription: "a stranger takes somebody into his own alone",
            mails: [
                first, Mail(id: "b", from: "eve@evil.example", cc: ["mal@evil.example"], references: ["a"]),
                Mail(id: "c", from: "mal@evil.example", references: ["a"]),
            ],
            conversations: 2,
            isNoted: true
        ),
        ThreadCase(
            testDescription: "a form's customer answers",
            mails: [
                Mail(id: "a", from: "form@desk.example", replyTo: ["ann@x.example"]),
                Mail(id: "b", from: "ann@x.example", references: ["a"]),
            ],
            conversations: 1
        ),
        ThreadCase(
            testDescription: "two customers answer one circular",
            mails: [
                Mail(id: "a", references: ["news@desk"]),
                Mail(id: "b", from: "bob@x.example", references: ["news@desk"]),
                Mail(id: "c", references: ["news@desk"]),
            ],
            conversations: 2,
            isNoted: true
        ),
        ThreadCase(
            testDescription: "the answer comes before its question",
            mails: [Mail(id: "b", references: ["a"]), Mail(id: "a")],
            conversations: 1
        ),
        ThreadCase(
            testDescription: "a recipient's answer comes before the question",
            mails: [Mail(id: "b", from: "bob@example.com", to: ["ada@example.com"], references: ["a"]), Mail(id: "a")],
            conversations: 1
        ),
        ThreadCase(
            testDescription: "a known ancestor is enough",
            mails: [first, Mail(id: "d", references: ["a", "desk-1", "desk-2"], inReplyTo: ["desk-2"])],
            conversations: 1
        ),
        ThreadCase(
            testDescription: "a forged member",
            mails: [first, Mail(id: "b", references: ["a"], dmarc: "fail")],
            conversations: 2,
            isNoted: true
        ),
        ThreadCase(
            testDescription: "a verified member",
            mails: [first, Mail(id: "b", references: ["a"], dmarc: "pass")],
            conversations: 1
        ),
        ThreadCase(
            testDescription: "a bounce of a member",
            mails: [
                first,
                Mail(
                    id: "b",
                    from: "mailer-daemon@mx",
                    references: ["a"],
                    automated: .bounce,
                    failed: "ADA@example.com"
                ),
            ],
            conversations: 1
        ),
        ThreadCase(
            testDescription: "a bounce of somebody else",
            mails: [
                first,
                Mail(id: "b", from: "mailer-daemon@mx", references: ["a"], automated: .bounce, failed: "x@y.example"),
            ],
            conversations: 2,
            isNoted: true
        ),
        ThreadCase(
            testDescription: "a list's members answer one another",
            mails: [
                Mail(id: "a", to: ["users@list.example"], automated: .list),
                Mail(id: "b", from: "eve@x.example", to: ["users@list.example"], references: ["a"], automated: .list),
            ],
            conversations: 1
        ),
        ThreadCase(
            testDescription: "a list opens no other conversation",
            mails: [
                first,
                Mail(id: "b", from: "eve@x.example", to: ["bob@example.com"], references: ["a"], automated: .list),
            ],
            conversations: 2,
            isNoted: true
        ),
        ThreadCase(
            testDescription: "a subject's ticket, by default",
            mails: [first, Mail(id: "b", tickets: ["7"])],
            conversations: 2
        ),
    ]

    private func threads(_ store: Store) throws -> [String] { try store.leaseAll().map(\.conversation) }

    @Test(arguments: cases)
    private func `A mail enters a conversation that knows its author`(line: ThreadCase) throws {
        let store = try state.open()
        for mail in line.mails { _ = try store.commit([mail.entry], positions: [], of: "test", now: noon) }
        #expect(try Set(threads(store)).count == line.conversations)
        let last = line.mails.contains { mail in
            let found = try? store.list(MessageFilter()).first { $0.title == "text of \(mail.id)" }
            let message = found.flatMap { try? store.message(id: $0.id) }
            return String(decoding: message?.envelope ?? [], as: UTF8.self).contains("conversation_not_joined")
        }
        #expect(last == line.isNoted)
    }

    @Test func `The stranger's mail is linked with the one that it names`() throws {
        let store = try state.open()
        let mails = [Self.first, Mail(id: "b", from: "eve@evil.example", references: ["a"])]
        let results = try store.commit(mails.map(\.entry), positions: [], of: "test", now: noon)
        let envelope = try #require(try store.message(id: results[1].id ?? "")).envelope
        let text = String(decoding: envelope, as: UTF8.self)
        #expect(text.contains("named_by_stranger") && text.contains(results[0].id ?? "?"))
        #expect(results[1].warnings == ["conversation_not_joined"])
    }

    @Test(arguments: [("ada@example.com", true), ("bob@example.com", true), ("eve@evil.example", false)])
    func `A ticket in the subject is followed up by those who take part in it`(from: String, joins: Bool) throws {
        var options = Store.Options()
        options.followsNamedTickets = true
        let store = try state.open(options)
        _ = try store.commit([Self.first.entry], positions: [], of: "test", now: noon)
        let job = try #require(try store.leaseAll().first)
        try store.settle(
            [Settlement(rowID: job.rowID, outcome: .sent(ticket: "42", url: nil, lookedUp: false))],
            now: noon
        )
        let named = Mail(id: "z", from: from, tickets: ["41", "42"])
        _ = try store.commit([named.entry], positions: [], of: "test", now: noon)
        #expect(try store.leaseAll().map(\.ticket) == [joins ? "42" : nil])
    }

    @Test func `A conversation remembers many people, and has a bound`() throws {
        let store = try state.open()
        let crowd = (0..<400).map { "p\($0)@x.example" }
        let mails = [Mail(id: "a", cc: crowd), Mail(id: "b", from: "p100@x.example", references: ["a"])]
        _ = try store.commit(mails.map(\.entry), positions: [], of: "test", now: noon)
        #expect(try Set(threads(store)).count == 1)
    }
}
