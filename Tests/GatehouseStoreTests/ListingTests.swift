import GatehouseCore
import GatehouseStore
import Testing

/// How often something was asked, on one thread.
private final class Counter: @unchecked Sendable {
    var count = 0
}

struct ListingTests {
    let state = TemporaryState()

    private func ids(_ store: Store, _ change: (inout MessageFilter) -> Void) throws -> [String] {
        var filter = MessageFilter()
        change(&filter)
        return try store.list(filter).map(\.id)
    }

    @Test func `Messages are listed by target, state, channel, urgency and time, the newest first`() throws {
        let store = try state.open()
        var chat = Sample(channel: .webChat, keys: [IdentityKey(.authoritative, "2")], text: "\n\n  hi there\nyou")
        chat.urgency = .critical
        chat.targets = [TargetPlan(name: "tickets", state: .held), TargetPlan(name: "alarm")]
        let mail = try store.takeOne(Sample(keys: [IdentityKey(.claimed, "1")])).id ?? "-"
        let other = try store.takeOne(chat, at: later(10)).id ?? "-"
        #expect(try ids(store) { _ in } == [other, mail])
        #expect(try ids(store) { $0.limit = 1 } == [other])
        #expect(try ids(store) { $0.channel = "email" } == [mail])
        #expect(try ids(store) { $0.urgency = .critical } == [other])
        #expect(try ids(store) { $0.since = later(1) } == [other])
        #expect(try ids(store) { $0.until = later(1) } == [mail])
        #expect(try ids(store) { $0.language = "EN" } == [other, mail])
        #expect(try ids(store) { $0.language = "e" } == [])
        #expect(try ids(store) { $0.source = "test" } == [other, mail])
        #expect(try ids(store) { $0.source = "elsewhere" } == [])
        #expect(try ids(store) { $0.target = "alarm" } == [other])
        #expect(try ids(store) { $0.state = .held } == [other])
        #expect(try ids(store) { $0.state = .ready } == [other, mail])
        #expect(try ids(store) { ($0.target, $0.state) = ("tickets", .ready) } == [mail])
        #expect(try ids(store) { $0.state = .sent } == [])
        let summary = try #require(try store.message(id: String(other.prefix(10)))?.summary)
        #expect(summary.title == "hi there")
        #expect(summary.language == "en")
        #expect(summary.targets.map(\.state) == [.held, .ready])
        #expect(try store.message(id: "") == nil)
        #expect(try store.message(id: "0") == nil)
    }

    @Test func `What only envelopes tell is looked for from the newest on, until enough are found`() throws {
        let store = try state.open()
        let entries = (0..<1200).map { Sample(keys: [IdentityKey(.claimed, "\($0)")], text: "number \($0)").entry }
        _ = try store.commit(entries, positions: [], of: "inbox", now: noon)
        let looked = Counter()
        func find(_ words: String, limit: Int) throws -> [String?] {
            var filter = MessageFilter()
            filter.limit = limit
            filter.admits = { envelope in
                looked.count += 1
                return String(decoding: envelope, as: UTF8.self).contains(words)
            }
            return try store.list(filter).map(\.title)
        }
        #expect(try find("number 7\"", limit: 5) == ["number 7"])
        #expect(looked.count == 1200)
        looked.count = 0
        #expect(try find("number", limit: 2) == ["number 1199", "number 1198"])
        #expect(looked.count == 2)
        #expect(try find("nowhere", limit: 2) == [])
        #expect(try find("number", limit: 0) == [])
    }

    @Test func `Statistics tell what waits and since when`() throws {
        let store = try state.open()
        _ = try store.take(Sample(keys: [IdentityKey(.claimed, "1")], text: "1"), at: later(5))
        _ = try store.take(Sample(keys: [IdentityKey(.claimed, "2")], text: "2"), at: later(9))
        let statistics = try store.statistics()
        #expect(statistics.oldestWaiting == ["tickets": later(5)])
        #expect(statistics.sources.map(\.name) == ["test"])
        #expect(statistics.sources.map(\.lastCommitAt) == [later(9)])
        #expect(statistics.outbox == ["tickets": [.ready: 2]])
    }

    @Test func `A batch of ten thousand, and its delivery, with the time each took`() throws {
        let store = try state.open()
        let clock = ContinuousClock()
        let batches = (0..<20).map { batch in
            (0..<500).map {
                Sample(keys: [IdentityKey(.claimed, "\(batch)-\($0)")], text: "message \(batch)-\($0)").entry
            }
        }
        let stored = try clock.measure {
            for batch in batches { _ = try store.commit(batch, positions: [], of: "inbox", now: noon) }
        }
        let repeated = try clock.measure {
            for batch in batches { _ = try store.commit(batch, positions: [], of: "inbox", now: noon) }
        }
        var count = 0
        let delivered = try clock.measure {
            var settlements: [Settlement] = []
            repeat {
                let wishes = [LeaseWish(target: "tickets", limit: 64)]
                let jobs = try store.settle(settlements, thenLease: wishes, now: noon, seconds: 60)
                settlements = jobs.map {
                    Settlement(rowID: $0.rowID, outcome: .sent(ticket: "\($0.rowID)", url: nil, lookedUp: false))
                }
                count += jobs.count
            } while !settlements.isEmpty
        }
        #expect(count == 10_000)
        #expect(try store.reconcile().holds)
        print("10,000 messages: stored in \(stored), known again in \(repeated), leased and settled in \(delivered)")
    }
}
