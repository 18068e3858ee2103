import GatehouseCore
import GatehouseDelivery
import GatehousePipeline
import GatehouseStore

/// What `--dry-run` does with `poll`, `ingest`, `forward` and `run`: all of it, in a transaction that is thrown away.
struct DryRun {
    static let option = OptionSpecification(
        "--dry-run",
        nil,
        "say what would be taken in and sent, secrets masked; change nothing. Others who write wait meanwhile"
    )

    let isJSON: Bool

    /// - Returns: nil where no dry run is asked for.
    init?(_ arguments: Arguments) {
        isJSON = arguments.has("--json")
        guard arguments.has("--dry-run") else { return nil }
    }

    /// Opens the state in a transaction that never comes to pass; where there is no state yet, one in memory.
    func begin(in workspace: Workspace) throws -> Rehearsal {
        do {
            let store = try workspace.openStore(create: false)
            try store.beginRehearsal()
            return Rehearsal(store: store, isJSON: isJSON)
        } catch StoreError.missing {
            return Rehearsal(store: try Store(inMemory: workspace.storeOptions), isJSON: isJSON)
        }
    }
}

/// A dry run under way, and how what it would do is shown.
struct Rehearsal {
    let store: Store
    let isJSON: Bool
    private let begun = Timestamp.now()

    init(store: Store, isJSON: Bool) {
        self.store = store
        self.isJSON = isJSON
    }

    /// The messages that would be new, the oldest first.
    func printMessages() throws {
        var filter = MessageFilter()
        filter.since = begun
        filter.limit = 1_000_000
        let found = try store.list(filter).reversed()
        guard !isJSON else {
            for message in found {
                var json = JSONWriter()
                message.write(to: &json)
                Console.print(json.text)
            }
            return
        }
        var table = TextTable(
            ["WOULD BE STORED", "CHANNEL", "LANGUAGE", "URGENCY", "AT TARGETS", "MESSAGE"],
            flexible: 5
        )
        for message in found {
            table.add([
                String(message.id.prefix(10)), message.channel, message.language ?? "-",
                message.state == "rejected" ? "rejected" : message.urgency.rawValue,
                message.targets.map { "\($0.name):\($0.state.rawValue)" }.joined(separator: " "), message.title ?? "",
            ])
        }
        Console.print(table, pipeWidth: 160)
    }

    /// Every request that would go out now, as if each were taken.
    func printRequests(to targets: [Configuration.Target]) throws {
        let engine = try DeliveryEngine(targets: targets.map(\.deliveryConfiguration))
        let rehearsal = ForwardRehearsal(store: store, engine: engine)
        var count = 0
        for target in targets {
            try rehearsal.run(target: target.name) { id, request in
                count += 1
                if isJSON { printJSON(id, target.name, request) } else { print(id, target.name, request) }
            }
        }
        if !isJSON { Console.print(count == 1 ? "1 message would be sent" : "\(count) messages would be sent") }
    }

    private func print(_ id: String, _ target: String, _ request: RequestPreview?) {
        guard let request else { return Console.print("\(id.prefix(10)) to \(target): no request") }
        Console.print("\(id.prefix(10)) to \(target):")
        RequestText(request).print()
        Console.print("")
    }

    private func printJSON(_ id: String, _ target: String, _ request: RequestPreview?) {
        Console.printJSON { json in
            json.member("id", id)
            json.member("target", target)
            if let request { RequestText(request).write(to: &json) }
        }
    }
}

/// A source that is read and never told that its inputs are on disk, since they are not.
struct UntouchedSource: MessageSource {
    let source: any MessageSource
    var name: String { source.name }

    func poll(positions: [String: String], accept: (SourceInput) throws -> Void) throws -> [PositionUpdate] {
        try source.poll(positions: positions, accept: accept)
    }

    func acknowledge(_ receipts: [String]) throws {}
}
