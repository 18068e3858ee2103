import GatehouseCore
import GatehousePipeline
import GatehouseStore

struct PollCommand: Command {
    static let name = "poll"
    static let usage = "[--dry-run] [--json] [SOURCE…]"
    static let summary = "Reads what is new in the configured sources."
    static let details = """
        A source that another run is reading is left to that run. Nothing in a source is changed before its messages
        are committed. Silent on success unless a person watches.
        """
    static let options = [
        OptionSpecification.configuration,
        DryRun.option,
        OptionSpecification.jsonReport,
        OptionSpecification("--verbose", nil, "say what was done, also when nobody watches"),
    ]
    static let examples = ["gatehouse poll", "gatehouse poll support-mail --verbose"]

    private let workspace: Workspace
    private let sources: [Configuration.Source]
    private let isVerbose: Bool
    private let isJSON: Bool
    private let dryRun: DryRun?

    init(_ arguments: Arguments) throws {
        let workspace = try Workspace(arguments)
        try self.init(arguments, in: workspace, dryRun: DryRun(arguments))
    }

    init(_ arguments: Arguments, in workspace: Workspace, dryRun: DryRun?) throws {
        self.workspace = workspace
        self.dryRun = dryRun
        let configured = workspace.configuration.sources.filter { $0.kind != .webhook }
        for webhook in workspace.configuration.sources
        where webhook.kind == .webhook && arguments.positional.contains(webhook.name) {
            throw UsageError(
                "'\(webhook.name)' is a webhook: 'gatehouse ingest --source \(webhook.name)' takes its payloads in."
            )
        }
        let known = configured.map(\.name)
        for name in arguments.positional where !known.contains(name) {
            throw UsageError(
                "no source is called '\(name)'.\(Suggestion.question(for: name, among: known)) Configured: \(known.joined(separator: ", "))."
            )
        }
        sources = configured.filter { arguments.positional.isEmpty || arguments.positional.contains($0.name) }
        isJSON = arguments.has("--json") && dryRun == nil
        isVerbose = arguments.has("--verbose") || Console.isErrorTerminal
    }

    func run() throws -> ExitCode {
        guard let dryRun else { return try run(store: workspace.openStore()) }
        let rehearsal = try dryRun.begin(in: workspace)
        let code = try run(store: rehearsal.store)
        try rehearsal.printMessages()
        return code
    }

    /// One source that fails holds up no other; the worst of their exit codes is the answer.
    func run(store: Store) throws -> ExitCode {
        var worst = ExitCode.success
        for settings in sources where !Signals.isStopping {
            do {
                let code = try poll(settings, store: store)
                if worst == .success { worst = code }
            } catch let error as any OperatorError {
                EventLog.write(.error, "source_failed", source: settings.name, UnicodeText.printableLines("\(error)"))
                if worst == .success { worst = error.exitCode }
            }
        }
        return worst
    }

    private func poll(_ settings: Configuration.Source, store: Store) throws -> ExitCode {
        guard dryRun == nil else {
            // What an earlier run did not come to mark, move or delete stays as it is, too.
            var untouched = settings
            untouched.after = .keep
            return try poll(UntouchedSource(source: workspace.source(untouched)), settings, store)
        }
        guard let lock = try FileLock.attempt("source-\(settings.name)", in: store.directory) else {
            if isVerbose { EventLog.write(.info, "source_busy", source: settings.name, "another run is reading it") }
            return .success
        }
        defer { withExtendedLifetime(lock) {} }
        return try poll(workspace.source(settings), settings, store)
    }

    private func poll(
        _ source: any MessageSource,
        _ settings: Configuration.Source,
        _ store: Store
    ) throws -> ExitCode {
        let intake = Intake(
            resolver: workspace.resolver(for: settings),
            triage: workspace.triage,
            store: store,
            planner: workspace.planner(since: settings.since),
            sourceName: settings.name
        )
        let progress = ProgressLine(settings.name, unit: "inputs")
        intake.watch = progress?.update
        defer { progress?.clear() }
        let report = try intake.poll(source, channel: settings.channel)
        progress?.clear()
        for problem in report.problems {
            EventLog.write(.warning, "input_problem", source: settings.name, UnicodeText.printable(problem))
        }
        if isVerbose { EventLog.write(.info, "source_read", source: settings.name, IntakeWords.describe(report)) }
        if isJSON { Console.print(IntakeWords.json(report, source: settings.name)) }
        return report.hasUnreadInputs ? .tryAgainLater : .success
    }
}
