import GatehouseCore
import GatehousePipeline
import GatehouseStore

struct PollCommand: Command {
    static let name = "poll"
    static let usage = "[SOURCE…]"
    static let summary = "Reads what is new in the configured sources."
    static let details = """
        A source that another run is reading is left to that run. Nothing in a source is changed before its messages
        are committed. Silent on success unless a person watches.
        """
    static let options = [
        OptionSpecification.configuration,
        OptionSpecification("--verbose", nil, "say what was done, also when nobody watches"),
    ]
    static let examples = ["gatehouse poll", "gatehouse poll support-mail --verbose"]

    private let workspace: Workspace
    private let sources: [Configuration.Source]
    private let isVerbose: Bool

    init(_ arguments: Arguments) throws { try self.init(arguments, in: Workspace(arguments)) }

    init(_ arguments: Arguments, in workspace: Workspace) throws {
        self.workspace = workspace
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
        isVerbose = arguments.has("--verbose") || Console.isErrorTerminal
    }

    func run() throws -> ExitCode { try run(store: workspace.openStore()) }

    /// One source that fails holds up no other; the worst of their exit codes is the answer.
    func run(store: Store) throws -> ExitCode {
        var worst = ExitCode.success
        for settings in sources where !Signals.isStopping {
            do {
                let code = try poll(settings, store: store)
                if worst == .success { worst = code }
            } catch let error as any OperatorError {
                Console.complain("gatehouse: \(settings.name): \(UnicodeText.printableLines("\(error)"))")
                if worst == .success { worst = error.exitCode }
            }
        }
        return worst
    }

    private func poll(_ settings: Configuration.Source, store: Store) throws -> ExitCode {
        guard let lock = try FileLock.attempt("source-\(settings.name)", in: store.directory) else {
            if isVerbose { Console.complain("gatehouse: \(settings.name): another run is reading it") }
            return .success
        }
        defer { withExtendedLifetime(lock) {} }
        let intake = Intake(
            resolver: workspace.resolver(for: settings),
            triage: workspace.triage,
            store: store,
            planner: workspace.planner(since: settings.since),
            sourceName: settings.name
        )
        let report = try intake.poll(workspace.source(settings), channel: settings.channel)
        for problem in report.problems {
            Console.complain("gatehouse: \(settings.name): \(UnicodeText.printable(problem))")
        }
        if isVerbose { Console.complain("gatehouse: \(settings.name): \(IntakeWords.describe(report))") }
        return report.hasUnreadInputs ? .tryAgainLater : .success
    }
}
