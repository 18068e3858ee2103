import GatehouseCore
import GatehouseStore
import Testing

/// What leaves first within one conversation, and what a try that was none leaves behind.
struct OrderTests {
    let state = TemporaryState()

    private func message(_ number: Int, channel: Channel = .socialDM, minute: Int? = nil) -> Sample {
        var sample = Sample(channel: channel, keys: [IdentityKey(.authoritative, "\(number)")], text: "\(number)")
        sample.conversation = "c"
        sample.time = later(Int64(minute ?? number) * 60 - 3600)
        return sample
    }

    private func text(_ job: OutboxJob) -> String {
        let json = String(decoding: job.envelope, as: UTF8.self)
        return json.split(separator: "\"text\":\"").dropFirst().first.map { String($0.prefix { $0 != "\"" }) } ?? ""
    }

    /// The texts in the order in which they leave, each one sent before the next.
    private func drain(_ store: Store) throws -> [String] {
        var texts: [String] = []
        while let job = try store.leaseAll().first {
            texts.append(text(job))
            try store.settle([sent(job)], now: noon)
        }
        return texts
    }

    private func sent(_ job: OutboxJob) -> Settlement {
        Settlement(rowID: job.rowID, outcome: .sent(ticket: "1", url: nil, lookedUp: false), status: 201)
    }

    private func failure(_ job: OutboxJob, status: Int?) -> Settlement {
        let outcome = Settlement.Outcome.retry(notBefore: noon, reason: "x", outcomeUnknown: false)
        return Settlement(rowID: job.rowID, outcome: outcome, status: status)
    }

    @Test(arguments: [Channel.socialDM, .webChat, .phoneCallback], [1, 2, 10])
    func `What an export holds newest first leaves oldest first`(channel: Channel, batches: Int) throws {
        let store = try state.open()
        let entries = (1...10).reversed().map { message($0, channel: channel).entry }
        for start in stride(from: 0, to: 10, by: 10 / batches) {
            _ = try store.commit(Array(entries[start..<(start + 10 / batches)]), positions: [], of: "s", now: noon)
        }
        #expect(try store.reconcile().holds)
        #expect(try drain(store) == (1...10).map { "\($0)" })
    }

    @Test func `Mails leave in the order in which they came, whatever their senders date them`() throws {
        let store = try state.open()
        for number in [3, 1, 2] { _ = try store.takeOne(message(number, channel: .email)) }
        #expect(try drain(store) == ["3", "1", "2"])
    }

    @Test func `Messages of one time, and of a time to come, keep the order in which they came`() throws {
        let store = try state.open()
        for number in [3, 1, 2] { _ = try store.takeOne(message(number, minute: 7)) }
        for number in [9, 8] { _ = try store.takeOne(message(number, minute: 1000 - number)) }
        #expect(try drain(store) == ["3", "1", "2", "9", "8"])
    }

    @Test func `An older message that comes in late waits for the one under way, and for one that may have arrived`()
        throws
    {
        let store = try state.open()
        _ = try store.takeOne(message(5))
        let job = try store.leaseAll()[0]
        _ = try store.takeOne(message(4))
        #expect(try store.leaseAll().isEmpty)
        let unsure = Settlement.Outcome.retry(notBefore: later(5), reason: "timeout", outcomeUnknown: true)
        try store.settle([Settlement(rowID: job.rowID, outcome: unsure)], now: noon)
        _ = try store.takeOne(message(3))
        #expect(try store.leaseAll().isEmpty)
        let again = try store.leaseAll(at: later(5))
        #expect(again.map(text) == ["5"])
        try store.settle([sent(again[0])], now: later(5))
        #expect(try drain(store) == ["3", "4"])
    }

    @Test func `An older message that comes in late goes before one that waits for its next try`() throws {
        let store = try state.open()
        _ = try store.takeOne(message(5))
        let refused = Settlement.Outcome.retry(notBefore: later(500), reason: "503", outcomeUnknown: false)
        try store.settle([Settlement(rowID: try store.leaseAll()[0].rowID, outcome: refused, status: 503)], now: noon)
        _ = try store.takeOne(message(4))
        #expect(try store.leaseAll().map(text) == ["4"])
    }

    @Test func `What was postponed is no try: nothing of it is counted or noted`() throws {
        let store = try state.open()
        let id = try store.takeOne(message(1)).id ?? "-"
        let postponed = Settlement.Outcome.postponed(notBefore: later(30), reason: "the target pauses")
        for round in 0..<5 {
            let now = later(Int64(round) * 30)
            let job = try #require(try store.leaseAll(at: now).first)
            #expect(job.attempts == 0)
            #expect(!job.outcomeUnknown)
            let until = Settlement.Outcome.postponed(
                notBefore: later(Int64(round + 1) * 30),
                reason: "the target pauses"
            )
            try store.settle([Settlement(rowID: job.rowID, outcome: round == 0 ? postponed : until)], now: now)
            #expect(try store.leaseAll(at: later(Int64(round + 1) * 30 - 1)).isEmpty)
        }
        #expect(try store.message(id: id)?.attempts.isEmpty == true)
        #expect(try store.message(id: id)?.summary.targets.first?.reason == "the target pauses")
        #expect(try store.reconcile().holds)
    }

    @Test func `An earlier try's unknown outcome outlives a postponement`() throws {
        let store = try state.open()
        _ = try store.takeOne(message(1))
        _ = try store.leaseAll()
        #expect(try store.recoverLeases(now: noon) == 1)
        let job = try store.leaseAll()[0]
        try store.settle([Settlement(rowID: job.rowID, outcome: .postponed(notBefore: noon, reason: "x"))], now: noon)
        let again = try store.leaseAll()[0]
        #expect(again.outcomeUnknown)
        #expect(again.attempts == 1)
    }

    @Test(
        arguments: [
            ([], 0), ([500], 1), ([500, 500], 2), ([502, 500, 500], 2), ([500, 502], 1), ([500, nil, 500], 1),
            ([500, nil], 0),
            ([500, 429], 0), ([404], 0),
        ] as [([Int?], Int)]
    )
    func `Equal server errors are counted back to the first other end`(statuses: [Int?], expected: Int) throws {
        let store = try state.open()
        _ = try store.takeOne(message(1))
        for status in statuses { try store.settle([failure(try store.leaseAll()[0], status: status)], now: noon) }
        #expect(try store.leaseAll()[0].equalServerErrors == expected)
    }

    @Test func `A dead message that a person lets try again starts with no server error`() throws {
        let store = try state.open()
        _ = try store.takeOne(message(1))
        try store.settle([failure(try store.leaseAll()[0], status: 500)], now: noon)
        let dead = Settlement.Outcome.dead(reason: "500 again and again")
        try store.settle([Settlement(rowID: try store.leaseAll()[0].rowID, outcome: dead, status: 500)], now: noon)
        #expect(try store.retryDead(nil, now: noon) == 1)
        #expect(try store.leaseAll()[0].equalServerErrors == 0)
    }
}
