import Foundation
import GatehouseCore
import Testing

@testable import GatehouseStore

/// What is linked, and that nothing is ever dropped or lowered for it.
struct LinkingTests {
    let state = TemporaryState()

    private static let text =
        "I transferred 300 EUR to my savings account on Monday and it has still not arrived there."

    private func mail(_ number: Int, _ text: String, from sender: String = "ada@example.com") -> Sample {
        Sample(keys: [IdentityKey(.claimed, "\(number)")], text: text, sender: sender)
    }

    /// Why each earlier message is named in the envelope of the one that is taken now.
    private func related(_ store: Store, _ sample: Sample, at now: Timestamp = noon) throws -> [String] {
        let envelope = try taken(store, sample, at: now)
        return (envelope.pointer("/data/dedup/related")?.array ?? []).compactMap { $0["why"]?.string }
    }

    private func taken(_ store: Store, _ sample: Sample, at now: Timestamp = noon) throws -> JSONValue {
        let result = try store.takeOne(sample, at: now)
        #expect(result.state == .accepted)
        return try JSONDocument.parse(try #require(try store.message(id: result.id ?? "-")).envelope)
    }

    @Test(arguments: [
        Self.text.uppercased(),
        Self.text.replacingOccurrences(of: " ", with: "\u{A0}").replacingOccurrences(of: ".", with: "…\r\n"),
        Self.text + "\n\n--\nAda Lovelace\nAnalytical Engines Ltd\nSent from my phone",
        "Hello dear team,\n\n" + Self.text,
        Self.text.replacingOccurrences(of: "savings", with: "savigns"),
        String(Self.text.prefix(60)),
        "Any news on this?\n\n" + Self.text,
    ])
    func `What a sender says again in other words is linked`(again: String) throws {
        let store = try state.open()
        #expect(try related(store, mail(1, Self.text)) == [])
        #expect(try related(store, mail(2, again)) == ["same_sender_similar_text"])
    }

    @Test func `Another sender's same words, and a sender's other words, are not`() throws {
        let store = try state.open()
        _ = try related(store, mail(1, Self.text))
        #expect(try related(store, mail(2, Self.text, from: "bob@example.com")) == [])
        #expect(try related(store, mail(3, "How do I change the address on my invoices, please?")) == [])
        #expect(try related(store, mail(4, "ok")) == [])
        #expect(try related(store, mail(5, "ok")) == [], "two characters say nothing")
    }

    @Test func `Three days later it is a new matter`() throws {
        let store = try state.open()
        _ = try related(store, mail(1, Self.text))
        var late = mail(2, Self.text + " Please.")
        late.time = later(73 * 3600)
        #expect(try related(store, late, at: later(73 * 3600)) == [])
        late = mail(3, Self.text + " Please!")
        late.time = later(71 * 3600)
        #expect(try related(store, late, at: later(73 * 3600)).isEmpty == false)
    }

    @Test func `An old mailbox is linked by the time of its mails`() throws {
        let store = try state.open()
        var first = mail(1, Self.text)
        first.time = later(-86_400 * 400)
        var second = mail(2, Self.text + " Hello?")
        second.time = later(-86_400 * 399)
        _ = try related(store, first)
        #expect(try related(store, second) == ["same_sender_similar_text"])
    }

    @Test func `One person on two channels is one sender`() throws {
        let store = try state.open()
        _ = try related(store, mail(1, Self.text))
        var chat = Sample(channel: .webChat, account: "site", text: Self.text)
        chat.sender = "ADA@example.com"
        #expect(try related(store, chat) == ["same_sender_similar_text"])
    }

    @Test func `A repetition raises the score a little, says so, and changes no level`() throws {
        let store = try state.open()
        _ = try taken(store, mail(1, Self.text))
        let urgency = try #require(try taken(store, mail(2, Self.text + " Hello?")).pointer("/data/triage/urgency"))
        #expect(urgency["level"]?.string == "normal")
        #expect(urgency["score"]?.integer == 2)
        #expect(urgency["reasons"]?.array?.first?["rule"]?.string == "repeated")
    }

    @Test func `Messages that name one transaction are linked, whoever wrote them`() throws {
        let store = try state.open()
        let hash = "0x" + String(repeating: "ab12", count: 16)
        func sample(_ number: Int, _ text: String, _ value: String, _ sender: String) throws -> IntakeResult {
            var entry = mail(number, text, from: sender).entry
            guard case .message(let held) = entry.item else { return IntakeResult(state: .refused) }
            var message = held.message
            message.envelope.data.triage?.facts = [
                Fact(kind: .transactionHash, value: value, location: "body", start: 0, end: 1)
            ]
            entry.item = .message(message)
            return try store.commit([entry], positions: [], of: "test", now: noon)[0]
        }
        _ = try sample(1, "Where are my coins?", hash, "ada@example.com")
        let second = try sample(2, "He sent me nothing", hash.uppercased(), "bob@example.com")
        let stored = try #require(try store.message(id: second.id ?? "-"))
        let envelope = try JSONDocument.parse(stored.envelope)
        #expect(envelope.pointer("/data/dedup/related")?.array?.first?["why"]?.string == "same_transaction")
    }

    private static let outage = "Your withdrawals are down since this morning, when will you repair them at last?"

    @Test func `The same text of many senders is a cluster, of whom each is counted once`() throws {
        let store = try state.open()
        var senders: [Int?] = []
        for number in 0..<6 {
            let envelope = try taken(store, mail(number, Self.outage, from: "c\(number / 2)@example.com"))
            senders.append(envelope.pointer("/data/dedup/cluster/senders")?.integer)
        }
        #expect(senders == [nil, nil, nil, nil, 3, 3])
    }

    @Test func `Of texts that differ in a name most are found to be one cluster, whatever the key`() throws {
        let store = try state.open()
        var most = 0
        for number in 0..<30 {
            let words = "Hi, I'm customer \(number). " + Self.outage
            let envelope = try taken(store, mail(number, words, from: "c\(number)@example.com"))
            most = max(most, envelope.pointer("/data/dedup/cluster/senders")?.integer ?? 0)
        }
        #expect((15...30).contains(most))
    }

    @Test func `A topic that comes more often than usual is a surge`() throws {
        let store = try state.open()
        func take(_ number: Int, at now: Timestamp) throws -> JSONValue? {
            var entry = mail(number, "message \(number) of \(number * 7919)", from: "c\(number)@example.com").entry
            guard case .message(let held) = entry.item else { return nil }
            var message = held.message
            message.envelope.time = now
            message.envelope.data.triage?.topics = [TopicResult(name: "withdrawal", score: 1)]
            entry.item = .message(message)
            let result = try store.commit([entry], positions: [], of: "test", now: now)[0]
            let stored = try #require(try store.message(id: result.id ?? "-"))
            return try JSONDocument.parse(stored.envelope).pointer("/data/triage/surges")
        }
        var number = 0
        for hour in Int64(0)..<30 {
            for _ in 0..<3 {
                number += 1
                #expect(try take(number, at: later(hour * 3600)) == nil)
            }
        }
        var flagged = 0
        for _ in 0..<20 {
            number += 1
            if let surges = try take(number, at: later(30 * 3600)) {
                flagged += 1
                #expect(surges[0]?["topic"]?.string == "withdrawal")
                #expect(surges[0]?["usual"]?.integer == 10)
            }
        }
        #expect(flagged == 10)
    }

    @Test func `What is compared no more is forgotten`() throws {
        let store = try state.open()
        _ = try store.take(mail(1, Self.text))
        _ = try store.take(mail(2, Self.text + " Hello?", from: "eve@example.com"), at: later(80 * 3600))
        _ = try store.releaseDue(now: later(90 * 3600))
        let rows = try store.connection.all("SELECT message FROM sketch") { $0.int(0) }
        #expect(rows == [2])
        #expect(try store.connection.first("SELECT count(*) FROM link WHERE message = 1") { $0.int(0) } == 0)
    }
}

extension JSONValue {
    fileprivate var integer: Int? { double.map { Int($0) } }
}
