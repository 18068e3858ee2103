import GatehouseCore
import GatehousePipeline
import GatehouseStore

struct ReplayCommand: Command {
    static let name = "replay"
    static let usage =
        "[--since WHEN] [--id ID] [--topic T] [--channel C] [--limit N] [--diff] [--target T [--dry-run]] [--json]"
    static let summary = "Runs stored messages through today's rules and shows what would change; or sends them on."
    static let details = """
        Without --target nothing is changed: what is stored and sent stays as it was. With --target T the messages chosen
        become ready for T, where today's rules send them there and T has not got them; the next forward sends them.
        Nothing goes to T a second time.
        """
    static let options = [
        OptionSpecification.configuration,
        OptionSpecification("--since", "WHEN", "stored since a date, or in a span such as 12h or 30d"),
        OptionSpecification("--id", "ID", "this message, or the start of its id; may be given again"),
        OptionSpecification("--topic", "T", "only those that were about it, or are by today's rules"),
        OptionSpecification("--channel", "C", "one of: \(Channel.allCases.map(\.rawValue).joined(separator: ", "))"),
        OptionSpecification("--limit", "N", "at most the newest N messages; default 1000"),
        OptionSpecification("--diff", nil, "show every value that changes, before and after"),
        OptionSpecification("--target", "T", "make them ready for this target"),
        OptionSpecification("--dry-run", nil, "with --target: only say which; without it nothing is changed anyway"),
        OptionSpecification.json,
    ]
    static let examples = [
        "gatehouse replay --since 30d", "gatehouse replay --topic account_security --diff",
        "gatehouse replay --id mfrggzdfmy --diff",
        "gatehouse replay --since 2026-01-01 --target archive --dry-run",
    ]

    private let workspace: Workspace
    private var filter = MessageFilter()
    private let ids: [String]
    private let topic: String?
    private let isDiff: Bool
    private let isDryRun: Bool
    private let target: String?
    private let isJSON: Bool

    init(_ arguments: Arguments) throws {
        try arguments.expectPositional(0...0, "")
        workspace = try Workspace(arguments)
        filter.since = try arguments.moment("--since")
        filter.channel = try arguments.choice("--channel", of: Channel.allCases.map(\.rawValue))
        filter.limit = try arguments.integer("--limit", default: 1000, in: 1...10_000_000)
        ids = arguments.allValues("--id")
        topic = try arguments.value("--topic")
        isDiff = arguments.has("--diff")
        isDryRun = arguments.has("--dry-run")
        isJSON = arguments.has("--json")
        target = try arguments.choice("--target", of: workspace.configuration.targets.map(\.name))
        if isDiff, target != nil { throw UsageError("--diff and --target exclude each other") }
    }

    func run() throws -> ExitCode {
        let store = try workspace.openStore(create: false)
        let chosen = try ids.isEmpty ? store.list(filter).map(\.id) : store.wholeIDs(ids)
        let replay = Replay(triage: workspace.triage, planner: workspace.planner(since: nil))
        if let target { return try send(chosen, to: target, replay, store) }
        var (changed, assessed) = (0, 0)
        for id in chosen where !Signals.isStopping {
            guard let message = try store.message(id: id), let replayed = assess(message, replay) else { continue }
            assessed += 1
            guard !replayed.changes.isEmpty else { continue }
            changed += 1
            if isJSON { printJSON(replayed) } else { print(replayed) }
        }
        if !isJSON { Console.print("\(changed) of \(assessed) messages would be assessed otherwise") }
        return .success
    }

    /// - Returns: nil for what is no message, or not of the topic asked for.
    private func assess(_ message: StoredMessage, _ replay: Replay) -> ReplayedMessage? {
        guard message.summary.state == "accepted", let replayed = replay.assess(message.envelope) else { return nil }
        guard let topic else { return replayed }
        return replayed.topics.contains(topic) ? replayed : nil
    }

    private func send(_ ids: [String], to target: String, _ replay: Replay, _ store: Store) throws -> ExitCode {
        if isDryRun { try store.beginRehearsal() }
        var (count, assessed) = (0, 0)
        for id in ids where !Signals.isStopping {
            guard let message = try store.message(id: id), let replayed = assess(message, replay) else { continue }
            assessed += 1
            guard replayed.targets.contains(target), try store.enqueue(id, at: target, now: .now()) else { continue }
            count += 1
            if isJSON || isDryRun { printChosen(message.summary, target) }
        }
        let words = isDryRun ? "would become" : "became"
        Console.complain("gatehouse: \(count) of \(assessed) messages \(words) ready for \(target)")
        return .success
    }

    private func printChosen(_ message: MessageSummary, _ target: String) {
        guard isJSON else {
            return Console.print("\(message.id.prefix(10))  \(UnicodeText.printable(message.title ?? ""))")
        }
        Console.printJSON { json in
            json.member("id", message.id)
            json.member("target", target)
        }
    }

    private func print(_ message: ReplayedMessage) {
        let shown = isDiff ? message.changes : message.changes.filter { Self.headlines.contains($0.place) }
        Console.print("\(message.id.prefix(10))  \(UnicodeText.printable(message.title ?? ""))")
        for change in shown {
            let (before, after) = (change.before ?? "-", change.after ?? "-")
            Console.print("    " + UnicodeText.printable("\(change.place.dropFirst()): \(before) → \(after)"))
        }
        let rest = message.changes.count - shown.count
        if rest > 0 { Console.print("    and \(rest) details: --diff shows them") }
    }

    /// What decides where a message goes and how soon.
    private static let headlines = ["/urgency/level", "/language/tag", "/queue", "/topics/0/name", "/targets/0"]

    private func printJSON(_ message: ReplayedMessage) {
        Console.printJSON { json in
            json.member("id", message.id)
            json.member("changes", objects: message.changes) { json, change in
                json.member("place", change.place)
                json.member("before", change.before)
                json.member("after", change.after)
            }
        }
    }
}
