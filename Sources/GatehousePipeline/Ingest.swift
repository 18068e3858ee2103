package import GatehouseCore
package import GatehouseStore
package import GatehouseTriage
import Glibc

/// Takes messages in: source → adapter → triage → store. One run of it serves one source.
///
/// Nothing is acknowledged before it is on disk: a batch is committed with the positions of the inputs that it
/// completes, and only then does the source hear of it.
package final class Intake {
    /// A commit costs the same for one message as for many. Two batches may be in memory at once. The first ones are smaller,
    /// since until there is one the other thread has nothing to do.
    static let batchCount = 384
    private static let firstCount = 64
    static let batchBytes = 4 << 20
    /// Threads that plan at once, where the machine has as many processors: more would wait for reading and committing.
    private static let mostThreads = 6
    private static let processors = min(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))), mostThreads)

    private let resolver: FormatResolver
    private let store: Store
    private let planning: EntryPlanning
    private let sourceName: String

    /// What was read and is not yet on its way to the disk.
    private var batch = Batch(mostEntries: Intake.firstCount)
    private let lane = BackgroundLane<Batch.Committed>()
    private var report = IntakeReport()
    /// Told after every few inputs: how many were read, and how much of the source that is, 0…1, where it can be told.
    package var watch: ((_ inputs: Int, _ share: Double?) -> Void)?
    private var inputCount = 0
    private var share: Double?
    /// Why a batch could not be committed.
    private var failure: (any Error)?

    package init(
        resolver: FormatResolver,
        triage: Triage,
        store: Store,
        planner: TargetPlanner,
        sourceName: String
    ) {
        self.resolver = resolver
        self.store = store
        planning = EntryPlanning(triage: triage, planner: planner, redactor: triage.redactor(key: store.key))
        self.sourceName = sourceName
    }

    /// Reads what is new in `source`.
    package func poll(_ source: any MessageSource, channel: Channel?) throws -> IntakeReport {
        let known = try store.positions(of: source.name)
        do {
            batch.positions += try source.poll(positions: known) { found in
                share = found.share
                if let outcome = found.outcome {
                    add(outcome, channel: channel ?? .email)
                } else {
                    try read(.document(found.input), of: source, format: found.format, channel: channel)
                }
                batch.positions += found.positions
                batch.receipts.append(found.receipt)
                if batch.isFull { try commit(acknowledging: source) }
            }
        } catch let partial as PartialPoll {
            batch.positions += partial.forgotten
            report.hasUnreadInputs = true
            report.problems.append("\(partial)")
        } catch {
            finishAfterFailure(acknowledging: source)
            throw error
        }
        try commitRest(acknowledging: source)
        try close(source)
        return report
    }

    /// Lets the source finish, and commits what it has finished.
    private func close(_ source: any MessageSource) throws {
        var positions: [PositionUpdate] = []
        do {
            positions = try source.close()
        } catch {
            positions = (error as? PartialPoll)?.forgotten ?? []
            report.hasUnreadInputs = true
            report.problems.append("\((error as? PartialPoll)?.cause ?? error)")
        }
        guard !positions.isEmpty else { return }
        _ = try store.commit([], positions: positions, of: sourceName, now: .now())
    }

    /// Reads what was handed over: when this returns, all of it is committed and synced.
    package func ingest(_ input: NamedInput, format: String?, channel: Channel?) throws -> IntakeReport {
        do {
            try read(input, of: nil, format: format, channel: channel)
        } catch {
            finishAfterFailure(acknowledging: nil)
            throw error
        }
        try commitRest(acknowledging: nil)
        return report
    }

    package func ingest(_ input: AdapterInput, format: String?, channel: Channel?) throws -> IntakeReport {
        try ingest(.document(input), format: format, channel: channel)
    }

    /// Counts an input that is not let in, and keeps nothing of it.
    ///
    /// - Parameter reason: The word under which it is counted, `signature_wrong`.
    package func refuse(_ position: String, channel: Channel?, reason: String) throws -> IntakeReport {
        let origin = IntakeOrigin(channel: channel ?? .email, source: "/webhook/\(sourceName)")
        let item = ParsedItem.ignored(IgnoredInput(kind: reason, position: position))
        batch.add(IntakeEntry(item: item, origin: origin, targets: [], refusal: reason))
        try commitRest(acknowledging: nil)
        return report
    }

    /// What was read before a source failed is kept. When this returns, nobody uses the store any more.
    private func finishAfterFailure(acknowledging source: (any MessageSource)?) {
        // The failure that led here is the one to tell.
        try? commitRest(acknowledging: source)
        _ = try? lane.wait()
        if let source { try? close(source) }
    }

    /// One bad message is an item marked as rejected; only an input that can't be read at all throws.
    ///
    /// - Parameter source: Hears of earlier inputs as their batches reach the disk while this one is read.
    private func read(
        _ input: NamedInput,
        of source: (any MessageSource)?,
        format: String?,
        channel: Channel?
    ) throws {
        let reading = InputReading(resolver: resolver, sourceName: sourceName, format: format, channel: channel)
        if case .document(let document) = input {
            // A failure is remembered, and shows at the next commit.
            document.bytes.beforeWaiting = { [self] in
                try? commit(acknowledging: source)
                try? settle(acknowledging: source)
            }
        }
        defer { if case .document(let document) = input { document.bytes.beforeWaiting = nil } }
        try reading.read(input) { item, channel in
            if let watch { tell(watch, input) }
            add(item.verified(as: input.context.verification), channel: channel)
            // Inside one long input there is no position yet: the messages are safe, and a second reading finds them.
            if batch.isFull { try commit(acknowledging: source) }
        }
    }

    private func tell(_ watch: (Int, Double?) -> Void, _ input: NamedInput) {
        inputCount += 1
        guard inputCount % 32 == 0 else { return }
        if case .document(let document) = input, share == nil { return watch(inputCount, document.bytes.share) }
        watch(inputCount, share)
    }

    private func add(_ item: ParsedItem, channel: Channel) {
        let origin = IntakeOrigin(channel: channel, source: "/\(channel.rawValue)/\(sourceName)")
        if case .rejected(let rejected) = item { report.problems.append(planning.redactor.redacted(rejected.sentence)) }
        batch.add(IntakeEntry(item: item, origin: origin, targets: []))
    }

    /// Hands the batch over to be committed while reading goes on; the one before it is on disk first.
    private func commit(acknowledging source: (any MessageSource)?) throws {
        guard !batch.isEmpty else { return }
        // While the other thread is at the last batch, waiting is put to use: so both have about as much to do.
        while lane.isAtWork, batch.planNext(planning) {}
        try settle(acknowledging: source)
        let work = takeBatch()
        let (planning, store, name) = (planning, store, sourceName)
        // One processor goes on reading.
        let threads = max(1, Self.processors - 1)
        lane.begin { try work.commit(planning, to: store, source: name, threads: threads) }
    }

    /// Commits what is left, without another thread: mostly it is all there was.
    private func commitRest(acknowledging source: (any MessageSource)?) throws {
        while lane.isAtWork, batch.planNext(planning) {}
        try settle(acknowledging: source)
        guard !batch.isEmpty else { return }
        let committed = try takeBatch().commit(planning, to: store, source: sourceName, threads: Self.processors)
        acknowledge(committed, to: source)
    }

    private func takeBatch() -> Batch {
        defer { batch = Batch(mostEntries: min(2 * batch.mostEntries, Self.batchCount)) }
        return batch
    }

    /// Waits until the batch that is under way is on disk; only then does the source hear of it.
    ///
    /// A batch that could not be committed is gone from memory: whatever comes after it, this run has failed.
    private func settle(acknowledging source: (any MessageSource)?) throws {
        if let failure { throw failure }
        let committed: Batch.Committed?
        do {
            committed = try lane.wait()
        } catch {
            failure = error
            throw error
        }
        if let committed { acknowledge(committed, to: source) }
    }

    private func acknowledge(_ committed: Batch.Committed, to source: (any MessageSource)?) {
        report.count(committed.results, committed.kinds)
        guard let source, !committed.receipts.isEmpty else { return }
        do {
            try source.acknowledge(committed.receipts)
        } catch {
            // The messages are safe. What can't be marked, moved or deleted keeps nothing else from being read.
            report.hasUnreadInputs = true
            report.problems.append("\(error)")
        }
    }
}

extension ParsedItem {
    /// The item with what is known of its webhook's signature.
    fileprivate func verified(as verification: Verification?) -> ParsedItem {
        guard let verification, case .message(let held) = self else { return self }
        var message = held.message
        message.envelope.data.verification = verification
        return .message(message)
    }
}
