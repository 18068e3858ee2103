import GatehouseCore
import GatehouseStore

/// Messages that are committed together, with the positions of the inputs that end among them.
struct Batch {
    private(set) var entries: [IntakeEntry] = []
    private var bytes = 0
    /// How many of the entries, from the first, have gone through planning.
    private var plannedCount = 0
    var positions: [PositionUpdate] = []
    /// Of the inputs whose last message is in this batch or an earlier one.
    var receipts: [String] = []

    /// What is left to be told of a batch that is on disk.
    struct Committed {
        let results: [IntakeResult]
        /// For what was no message its name, in the entries' order.
        let kinds: [String?]
        let receipts: [String]
    }

    var isEmpty: Bool { entries.isEmpty && positions.isEmpty && receipts.isEmpty }
    var isFull: Bool { entries.count >= Intake.batchCount || bytes >= Intake.batchBytes }

    mutating func add(_ entry: IntakeEntry) {
        switch entry.item {
        case .message(let held):
            let body = held.message.envelope.data.body
            bytes += held.message.byteCount + body.text.utf8.count + (body.html?.utf8.count ?? 0)
        case .rejected(let rejected): bytes += rejected.raw.count
        case .ignored: break
        }
        entries.append(entry)
    }

    /// Plans the next entry.
    ///
    /// - Returns: False if all are planned.
    mutating func planNext(_ planning: EntryPlanning) -> Bool {
        guard plannedCount < entries.count else { return false }
        planning.plan(&entries[plannedCount])
        plannedCount += 1
        return true
    }

    /// Plans what is left to plan, and commits all of it at once.
    consuming func commit(_ planning: EntryPlanning, to store: Store, source: String) throws -> Committed {
        while planNext(planning) {}
        let results = try store.commit(entries, positions: positions, of: source, now: .now())
        let kinds = entries.map { entry -> String? in
            if case .ignored(let input) = entry.item { input.kind } else { nil }
        }
        return Committed(results: results, kinds: kinds, receipts: receipts)
    }
}
