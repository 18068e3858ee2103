package import GatehouseCore
package import GatehouseStore
package import GatehouseTriage

/// Takes messages in: source → adapter → triage → store. One run of it serves one source.
///
/// Nothing is acknowledged before it is on disk: a batch is committed with the positions of the inputs that it
/// completes, and only then does the source hear of it.
package final class Intake {
    /// A commit costs the same for one message as for many.
    static let batchCount = 500
    static let batchBytes = 8 << 20

    private let resolver: FormatResolver
    private let triage: Triage
    private let store: Store
    private let planner: TargetPlanner
    private let sourceName: String

    private var entries: [IntakeEntry] = []
    private var entryBytes = 0
    private var positions: [PositionUpdate] = []
    private var receipts: [String] = []
    private var report = IntakeReport()

    package init(
        resolver: FormatResolver,
        triage: Triage,
        store: Store,
        planner: TargetPlanner,
        sourceName: String
    ) {
        self.resolver = resolver
        self.triage = triage
        self.store = store
        self.planner = planner
        self.sourceName = sourceName
    }

    /// Reads what is new in `source`.
    package func poll(_ source: any MessageSource, channel: Channel?) throws -> IntakeReport {
        let known = try store.positions(of: source.name)
        do {
            positions += try source.poll(positions: known) { found in
                try read(found.input, format: found.format, channel: channel)
                positions += found.positions
                receipts.append(found.receipt)
                if isBatchFull { try commit(acknowledging: source) }
            }
        } catch let partial as PartialPoll {
            positions += partial.forgotten
            report.hasUnreadInputs = true
            report.problems.append("\(partial)")
        }
        try commit(acknowledging: source)
        return report
    }

    /// Reads one input that was handed over: when this returns, all of it is committed and synced.
    package func ingest(_ input: AdapterInput, format: String?, channel: Channel?) throws -> IntakeReport {
        try read(input, format: format, channel: channel)
        try commit(acknowledging: nil)
        return report
    }

    /// One bad message is an item marked as rejected; only an input that can't be read at all throws.
    private func read(_ input: AdapterInput, format: String?, channel: Channel?) throws {
        let found: (adapter: any ChannelAdapter, format: String)
        do {
            found = try resolver.resolve(input, format: format, channel: channel)
        } catch let error as IntakeError where error.exitCode == .dataError {
            return try add(.rejected(try unrecognised(input, because: error)), channel: channel ?? .email)
        }
        input.bytes.beforeWaiting = { [self] in if !entries.isEmpty { try? commit(acknowledging: nil) } }
        defer { input.bytes.beforeWaiting = nil }
        var context = input.context
        context.source = "/\(found.adapter.channel.rawValue)/\(sourceName)"
        let named = AdapterInput(bytes: input.bytes, position: input.position, path: input.path, context: context)
        try found.adapter.parse(named, format: found.format) { item in
            try add(item, channel: found.adapter.channel)
            // Inside one long input there is no position yet: the messages are safe, and a second reading finds them.
            if isBatchFull { try commit(acknowledging: nil) }
        }
    }

    private func add(_ item: ParsedItem, channel: Channel) throws {
        let origin = IntakeOrigin(channel: channel, source: "/\(channel.rawValue)/\(sourceName)")
        var entry = IntakeEntry(item: item, origin: origin, targets: [])
        switch item {
        case .message(var message):
            triage.assess(&message.envelope)
            entryBytes += message.raw.count + message.contents.values.reduce(0) { $0 + $1.count }
            entry.targets = planner.plans(for: message.envelope)
            message.envelope.data.triage?.targets = entry.targets.filter { $0.state == .ready }.map(\.name)
            entry.item = .message(message)
        case .rejected(let rejected):
            entryBytes += rejected.raw.count
            report.problems.append("\(rejected.position): \(rejected.detail)")
        case .ignored: break
        }
        entries.append(entry)
    }

    private func unrecognised(_ input: AdapterInput, because error: IntakeError) throws -> RejectedInput {
        let (bytes, isCut) = try input.bytes.readAll(limit: input.context.limits.messageBytes)
        return RejectedInput(
            reason: isCut ? "unknown_format_cut" : "unknown_format",
            detail: "\(error)",
            position: input.position,
            provider: "unknown",
            raw: bytes
        )
    }

    private var isBatchFull: Bool { entries.count >= Self.batchCount || entryBytes >= Self.batchBytes }

    private func commit(acknowledging source: (any MessageSource)?) throws {
        guard !entries.isEmpty || !positions.isEmpty else { return }
        let results = try store.commit(entries, positions: positions, of: sourceName, now: .now())
        report.count(results, entries)
        let committed = receipts
        entries.removeAll(keepingCapacity: true)
        positions.removeAll()
        entryBytes = 0
        if let source {
            receipts.removeAll()
            try source.acknowledge(committed)
        }
    }
}
