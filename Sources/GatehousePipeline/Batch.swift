import Dispatch
import GatehouseCore
import GatehouseStore
import Synchronization

/// Messages that are committed together, with the positions of the inputs that end among them.
struct Batch {
    private(set) var entries: [IntakeEntry] = []
    private var bytes = 0
    let mostEntries: Int
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

    /// - Parameter mostEntries: From then on it is full.
    init(mostEntries: Int) { self.mostEntries = mostEntries }

    var isEmpty: Bool { entries.isEmpty && positions.isEmpty && receipts.isEmpty }
    var isFull: Bool { entries.count >= mostEntries || bytes >= Intake.batchBytes }

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

    /// Fewer entries are not worth another thread.
    private static let leastShare = 16

    /// Plans what is left to plan, on up to `threads` threads: no entry knows of another, and each stays in its place.
    mutating func planRest(_ planning: EntryPlanning, threads: Int) {
        let first = plannedCount
        let count = entries.count
        let threads = min(threads, (count - first) / Self.leastShare)
        guard threads > 1 else {
            while planNext(planning) {}
            return
        }
        let next = Atomic<Int>(first)
        unsafe entries.withUnsafeMutableBufferPointer { entries in
            nonisolated(unsafe) let entries = unsafe entries
            DispatchQueue.concurrentPerform(iterations: threads) { _ in
                while true {
                    let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                    guard index < count else { return }
                    // The thread that has drawn the number is the only one at it.
                    unsafe planning.plan(&entries[index])
                }
            }
        }
        plannedCount = count
    }

    /// Plans what is left to plan, and commits all of it at once.
    ///
    /// - Parameter threads: As many may plan.
    consuming func commit(
        _ planning: EntryPlanning,
        to store: Store,
        source: String,
        threads: Int
    ) throws -> Committed {
        planRest(planning, threads: threads)
        let results = try store.commit(entries, positions: positions, of: source, now: .now())
        let kinds = entries.map { entry -> String? in
            if case .ignored(let input) = entry.item { input.kind } else { nil }
        }
        return Committed(results: results, kinds: kinds, receipts: receipts)
    }
}
