import Dispatch
import GatehouseCore
import GatehouseStore
import Testing

struct DuplicateTests {
    let state = TemporaryState()

    private let claimed = [IdentityKey(.claimed, "a@example.com")]
    private let native = [IdentityKey(.authoritative, "chat-1/42")]

    @Test func `The same mail twice is one message, in one batch or in two`() throws {
        let store = try state.open()
        let mail = Sample(keys: claimed)
        let results = try store.take(mail, mail)
        #expect(results.map(\.state) == [.accepted, .duplicate])
        let again = try store.takeOne(mail, at: later(90 * 86_400))
        #expect(again.state == .duplicate)
        #expect(again.id == results[0].id)
        #expect(try store.message(id: results[0].id ?? "-")?.summary.duplicates == 2)
        #expect(try store.leaseAll().count == 1)
    }

    @Test func `The same mail by another route has other bytes and is still a duplicate`() throws {
        let store = try state.open()
        _ = try store.take(Sample(keys: claimed, text: "Hello\n\nworld", raw: "route 1"))
        let second = try store.takeOne(Sample(keys: claimed, text: "Hello \nworld  \n", raw: "route 2"))
        #expect(second.state == .duplicate)
    }

    @Test func `A Message-ID that is used again for another text is a new message with a warning`() throws {
        let store = try state.open()
        let first = try store.takeOne(Sample(keys: claimed, text: "one"))
        let second = try store.takeOne(Sample(keys: claimed, text: "two"))
        #expect(second.state == .accepted)
        #expect(second.warnings == ["message_id_reused"])
        #expect(second.id != first.id)
        let third = try store.takeOne(Sample(keys: claimed, text: "two"))
        #expect(third.state == .duplicate)
        #expect(third.id == second.id)
    }

    @Test func `A platform's id with other content is a revision, and each form is known again`() throws {
        let store = try state.open()
        let first = try store.takeOne(Sample(keys: native, text: "one", conversation: "chat-1"))
        let second = try store.takeOne(Sample(keys: native, text: "two", conversation: "chat-1"))
        let third = try store.takeOne(Sample(keys: native, text: "three", conversation: "chat-1"))
        #expect([first.revision, second.revision, third.revision] == [0, 1, 2])
        #expect(Set([first.id, second.id, third.id]).count == 3)
        for text in ["one", "two", "three"] {
            #expect(try store.takeOne(Sample(keys: native, text: text)).state == .duplicate)
        }
        #expect(try store.message(id: second.id ?? "-")?.summary.type == "message.revised")
    }

    @Test func `The same mail at another account follows up on the first one's ticket`() throws {
        let store = try state.open()
        let first = try store.takeOne(Sample(account: "legal@x.org", keys: claimed, conversation: "t1"))
        let second = try store.takeOne(Sample(account: "billing@x.org", keys: claimed, conversation: "t1"))
        #expect(second.state == .accepted)
        let stored = try #require(try store.message(id: second.id ?? "-"))
        let json = String(decoding: stored.envelope, as: UTF8.self)
        #expect(json.contains("same_message_other_account"))
        #expect(json.contains(first.id ?? "-"))
        let answer = Sample(
            account: "billing@x.org",
            keys: [IdentityKey(.claimed, "b")],
            text: "more",
            conversation: "t1"
        )
        _ = try store.take(answer)
        #expect(try store.leaseAll().map(\.messageID) == [first.id], "one conversation, in order")
    }

    @Test func `Accounts may be kept apart`() throws {
        var options = Store.Options()
        options.separatesAccounts = true
        let store = try state.open(options)
        _ = try store.take(Sample(account: "legal@x.org", keys: claimed, conversation: "t1"))
        _ = try store.take(Sample(account: "billing@x.org", keys: claimed, conversation: "t1"))
        #expect(try store.leaseAll().count == 2)
    }

    @Test func `A composite key is known again whatever else came between`() throws {
        let store = try state.open()
        let key = [IdentityKey(.composite, "c|s|t|ok|0")]
        #expect(try store.takeOne(Sample(keys: key, text: "ok")).state == .accepted)
        #expect(try store.takeOne(Sample(keys: [IdentityKey(.composite, "c|s|t|ok|1")], text: "ok")).state == .accepted)
        #expect(try store.takeOne(Sample(keys: key, text: "ok")).state == .duplicate)
    }

    @Test func `Two messages with ids of their own are two although they look alike`() throws {
        let store = try state.open()
        let alike = IdentityKey(.composite, "c|s|t|ok|0")
        let first = try store.takeOne(Sample(keys: [IdentityKey(.authoritative, "1"), alike], text: "ok"))
        let second = try store.takeOne(Sample(keys: [IdentityKey(.authoritative, "2"), alike], text: "ok"))
        #expect([first.state, second.state] == [.accepted, .accepted])
        #expect(try store.takeOne(Sample(keys: [alike], text: "ok")).state == .duplicate)
    }

    @Test func `Bytes without a key are a redelivery for a day, and said again after that`() throws {
        let store = try state.open()
        let call = Sample(text: "call me")
        let first = try store.takeOne(call)
        #expect(try store.takeOne(call, at: later(86_400)).state == .duplicate)
        #expect(try store.takeOne(call, at: later(-3600)).state == .duplicate, "the clock was put back")
        let second = try store.takeOne(call, at: later(86_401))
        #expect(second.state == .accepted)
        #expect(second.id != first.id)
        #expect(try store.takeOne(call, at: later(86_500)).id == second.id)
        var elsewhere = call
        elsewhere.account = "other@example.org"
        #expect(try store.takeOne(elsewhere).state == .accepted)
    }

    @Test(arguments: [IdentityKey.Strength.claimed, .authoritative])
    func `The same bytes that a later version reads better are a duplicate`(strength: IdentityKey.Strength) throws {
        let store = try state.open()
        let key = [IdentityKey(strength, "1")]
        let first = try store.takeOne(Sample(keys: key, text: "H?llo", raw: "bytes"))
        let second = try store.takeOne(Sample(keys: key, text: "Hällo", raw: "bytes"))
        #expect(second.state == .duplicate)
        #expect(second.id == first.id)
        #expect(try store.takeOne(Sample(keys: key, text: "Hällo", raw: "route 2")).state == .duplicate)
    }

    @Test func `An export that comes again with its pictures brings them in`() throws {
        let store = try state.open()
        let bare = Sample(channel: .socialDM, keys: native, text: "see", raw: "{}")
        var full = bare
        full.attachment = [1, 2, 3]
        #expect(try store.takeOne(bare).state == .accepted)
        #expect(try store.takeOne(full).revision == 1)
        #expect(try store.takeOne(full).state == .duplicate)
        #expect(try store.takeOne(bare).state == .duplicate)
    }

    @Test func `A mailer with one Message-ID for all its mails does not mix its writers`() throws {
        let store = try state.open()
        for number in 0..<50 {
            var entry = Sample(keys: claimed, text: "writer \(number)", conversation: "a@example.com").entry
            if case .message(let held) = entry.item {
                var message = held.message
                message.envelope.data.messageID = "a@example.com"
                entry.item = .message(message)
            }
            _ = try store.commit([entry], positions: [], of: "s", now: noon)
        }
        #expect(Set(try store.leaseAll().map(\.conversation)).count == 50)
    }

    @Test func `The last twenty arrivals of a duplicate are kept, and all are counted`() throws {
        let store = try state.open()
        let id = try store.takeOne(Sample(keys: claimed)).id ?? "-"
        for number in 1...25 { _ = try store.takeOne(Sample(keys: claimed), at: later(Int64(number))) }
        let stored = try #require(try store.message(id: id))
        #expect(stored.summary.duplicates == 25)
        #expect(stored.duplicates.map(\.at) == (6...25).map { later($0) })
        #expect(stored.duplicates.first?.source == "test")
    }

    @Test func `The same mail through many connections at once is one message`() throws {
        _ = try state.open()
        let directory = state.directory
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            let store = try? Store(directory: directory, create: false)
            for number in 0..<20 { _ = try? store?.take(Sample(keys: [IdentityKey(.claimed, "\(number)")])) }
        }
        let store = try state.open()
        #expect(try store.statistics().inputsByState == [.accepted: 20, .duplicate: 140])
        #expect(try store.reconcile().holds)
    }

    @Test func `A rejected input is kept once for each place`() throws {
        let store = try state.open()
        func entry(_ position: String) -> IntakeEntry {
            let input = RejectedInput(
                reason: "json_truncated",
                detail: "The file ends inside a string.",
                position: position,
                provider: "telegram",
                raw: Array("{\"a".utf8)
            )
            return IntakeEntry(
                item: .rejected(input),
                origin: IntakeOrigin(channel: .socialDM, source: "/social_dm/x"),
                targets: []
            )
        }
        let results = try store.commit([entry("a"), entry("a"), entry("b")], positions: [], of: "s", now: noon)
        #expect(results.map(\.state) == [.rejected, .duplicate, .rejected])
        let stored = try #require(try store.message(id: results[0].id ?? "-"))
        #expect(stored.summary.reason == "json_truncated")
        #expect(try store.original(of: stored.summary.id) == Array("{\"a".utf8))
    }

    @Test func `Ignored and refused inputs are counted and not stored`() throws {
        let store = try state.open()
        let origin = IntakeOrigin(channel: .socialDM, source: "/x")
        let typing = IntakeEntry(
            item: .ignored(IgnoredInput(kind: "typing", position: "1")),
            origin: origin,
            targets: []
        )
        var forged = Sample(keys: native).entry
        forged.refusal = "signature"
        let results = try store.commit([typing, forged], positions: [], of: "s", now: noon)
        #expect(results.map(\.state) == [.ignored, .refused])
        #expect(try store.list(MessageFilter()).isEmpty)
        #expect(try store.statistics().inputsByState == [.ignored: 1, .refused: 1])
    }
}
