import GatehouseCore
import GatehouseStore
import GatehouseTriage
import Testing

@testable import GatehousePipeline

struct PlanningTests {
    private static let planning = EntryPlanning(
        triage: Triage(),
        planner: TargetPlanner(targets: ["desk"], policy: TicketPolicy()),
        redactor: Triage().redactor(key: nil)
    )

    /// Messages of some kinds, and what is none.
    private static func batch(_ count: Int) -> Batch {
        var batch = Batch(mostEntries: 1000)
        for number in 0..<count {
            let words = ["My card 4111 1111 1111 1111 was charged", "Wo bleibt meine Auszahlung?", "Thanks!"]
            var data = MessageData(channel: .webChat, provider: "test")
            data.body.text = "\(words[number % words.count]) Order no. \(10_000 + number)"
            let envelope = Envelope(source: "/x", type: .messageCreated, data: data)
            let message = ParsedMessage(envelope: envelope, keys: [], raw: Array(data.body.text.utf8))
            let ignored = IgnoredInput(kind: "typing", position: "\(number)")
            let item: ParsedItem = number % 10 == 9 ? .ignored(ignored) : .message(message)
            batch.add(IntakeEntry(item: item, origin: IntakeOrigin(channel: .webChat, source: "/x"), targets: []))
        }
        return batch
    }

    /// All that planning sets of an entry.
    private static func outcome(_ entry: IntakeEntry) -> String {
        guard case .message(let held) = entry.item else { return "\(entry.item)" }
        let message = held.message
        let json = String(decoding: EnvelopeEncoder.encode(message.envelope), as: UTF8.self)
        return "\(json) \(entry.targets) \(entry.contentDigest ?? []) \(entry.originalDigest ?? "") \(message.raw)"
    }

    @Test(arguments: [0, 1, 31, 32, 33, 200])
    func `Many threads plan what one would, each entry in its place`(count: Int) {
        var one = Self.batch(count)
        var many = Self.batch(count)
        one.planRest(Self.planning, threads: 1)
        _ = many.planNext(Self.planning)
        many.planRest(Self.planning, threads: 4)
        #expect(one.entries.map(Self.outcome) == many.entries.map(Self.outcome))
        let isAnyLeft = many.planNext(Self.planning)
        #expect(!isAnyLeft)
    }
}
