import GatehouseCore
import Testing

@testable import GatehouseStore

struct WorkloadTests {
    private let state = TemporaryState()

    private func message(_ number: Int, topics: [String], queue: String? = nil) -> IntakeEntry {
        var entry = Sample(keys: [IdentityKey(.claimed, "\(number)")], text: "Message \(number)").entry
        guard case .message(let held) = entry.item else { return entry }
        var message = held.message
        message.envelope.data.triage?.topics = topics.map { TopicResult(name: $0, score: 1, reasons: []) }
        message.envelope.data.triage?.queue = queue
        message.envelope.data.triage?.safety.redactions = [Redaction(kind: "card_number", location: "body")]
        entry.item = .message(message)
        return entry
    }

    private func commit(_ entries: [IntakeEntry], _ store: Store, at now: Timestamp) throws {
        _ = try store.commit(entries, positions: [], of: "inbox", now: now)
    }

    @Test func `Topics, queues and removed secrets are counted once for each new message`() throws {
        let store = try state.open()
        let entries = [message(1, topics: ["kyc", "fees"], queue: "Help"), message(2, topics: ["kyc"])]
        try commit(entries, store, at: noon)
        try commit(entries, store, at: later(60))
        let workload = try store.workload(since: noon, now: later(3600))
        #expect(workload.facets[.topic] == [.init(name: "kyc", count: 2), .init(name: "fees", count: 1)])
        #expect(workload.facets[.queue] == [.init(name: "Help", count: 1)])
        #expect(workload.facets[.redaction] == [.init(name: "card_number", count: 2)])
        #expect(workload.repeatsByChannel == [.init(name: "email", count: 2)])
        #expect(workload.quarters.map(\.count) == [2])
        #expect(try store.workload(since: later(3600), now: later(7200)).facets[.topic] == [])
    }

    @Test func `A topic surges when a day brings far more of it than the days before`() throws {
        let store = try state.open()
        let day: Int64 = 86_400
        var number = 0
        func bring(_ count: Int, _ topic: String, day offset: Int64) throws {
            let entries = (0..<count).map { message(number + $0, topics: [topic]) }
            number += count
            try commit(entries, store, at: later(offset * day))
        }
        for offset in 0..<10 {
            try bring(4, "withdrawal", day: Int64(offset))
            try bring(4, "kyc", day: Int64(offset))
        }
        try bring(30, "withdrawal", day: 10)
        try bring(5, "kyc", day: 10)
        let surges = try store.workload(since: noon, now: later(10 * day + 60)).surges
        #expect(surges.map(\.topic) == ["withdrawal"])
        #expect(surges.first?.count == 30)
        #expect(surges.first.map { abs($0.usual - 4) < 0.5 } == true)
    }

    @Test func `Nothing surges in the first days of a desk, which has no usual day yet`() throws {
        let store = try state.open()
        try commit((0..<50).map { message($0, topics: ["kyc"]) }, store, at: noon)
        #expect(try store.workload(since: noon, now: later(60)).surges == [])
    }
}
