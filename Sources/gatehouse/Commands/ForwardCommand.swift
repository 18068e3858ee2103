import GatehouseCore
import GatehouseDelivery
import GatehousePipeline
import GatehouseStore

struct ForwardCommand: Command {
    static let name = "forward"
    static let usage = "[--linger SECONDS] [--dry-run] [--json] [TARGET…]"
    static let summary = "Sends what waits to the ticket systems."
    static let details = """
        One run at a time: where another is at it, this one steps aside with exit code 0. A target that does not answer
        costs nothing but time: its messages wait, with growing pauses, and exit code 75 says so.
        """
    static let options = [
        OptionSpecification.configuration,
        OptionSpecification("--linger", "SECONDS", "also wait this long for messages that become due again; default 0"),
        DryRun.option,
        OptionSpecification.jsonReport,
        OptionSpecification("--verbose", nil, "say what was done, also when nobody watches"),
        ForwardCommand.traceOption,
    ]
    static let traceOption = OptionSpecification("-vv", nil, "also every request and answer, secrets masked")
    static let examples = ["gatehouse forward", "gatehouse forward --dry-run", "gatehouse forward --linger 30 desk"]

    private let workspace: Workspace
    let targets: [Configuration.Target]
    private let lingerSeconds: Int
    private let isVerbose: Bool
    private let isTracing: Bool
    private let isJSON: Bool
    private let dryRun: DryRun?

    init(_ arguments: Arguments) throws {
        let workspace = try Workspace(arguments)
        try self.init(arguments, in: workspace, dryRun: DryRun(arguments))
    }

    init(_ arguments: Arguments, in workspace: Workspace, dryRun: DryRun?) throws {
        self.workspace = workspace
        self.dryRun = dryRun
        let configured = workspace.configuration.targets
        for name in arguments.positional where !configured.contains(where: { $0.name == name }) {
            let known = configured.map(\.name)
            throw UsageError(
                "no target is called '\(name)'.\(Suggestion.question(for: name, among: known)) Configured: \(known.joined(separator: ", "))."
            )
        }
        targets = configured.filter { arguments.positional.isEmpty || arguments.positional.contains($0.name) }
        lingerSeconds = try arguments.integer("--linger", default: 0, in: 0...86_400)
        isTracing = arguments.has("-vv")
        isJSON = arguments.has("--json") && dryRun == nil
        isVerbose = arguments.has("--verbose") || isTracing || Console.isErrorTerminal
    }

    func run() throws -> ExitCode {
        guard let dryRun else { return try run(store: workspace.openStore()) }
        try dryRun.begin(in: workspace).printRequests(to: targets)
        return .success
    }

    func run(store: Store) throws -> ExitCode {
        guard let lock = try FileLock.attempt("forward", in: store.directory) else {
            if isVerbose { EventLog.write(.info, "forward_busy", "another run is forwarding") }
            return .success
        }
        defer { withExtendedLifetime(lock) {} }
        let forwarder = Forwarder(
            store: store,
            engine: try DeliveryEngine(
                targets: targets.map(\.deliveryConfiguration),
                trace: isTracing ? { Console.complain($0) } : nil
            ),
            targets: targets.map(\.forwardTarget)
        )
        let progress = ProgressLine("forward", unit: "messages")
        if let progress {
            let waiting = try store.statistics().outbox.values.reduce(0) { $0 + ($1[.ready] ?? 0) }
            forwarder.watch = { progress.update($0, waiting > 0 ? min(1, Double($0) / Double(waiting)) : nil) }
        }
        defer { progress?.clear() }
        let report = try forwarder.run(
            lingerMilliseconds: Int64(lingerSeconds) * 1000,
            shouldStop: { Signals.isStopping }
        )
        progress?.clear()
        for line in report.complaints { EventLog.write(.warning, "delivery_problem", UnicodeText.printable(line)) }
        if isVerbose { EventLog.write(.info, "forwarded", report.summary) }
        if isJSON { Self.printJSON(report) }
        return report.isWaiting ? .tryAgainLater : .success
    }

    private static func printJSON(_ report: ForwardReport) {
        Console.printJSON { json in
            json.member("sent", report.sent)
            json.member("found", report.found)
            json.member("retried", report.retried)
            json.member("dead", report.dead)
            json.member("waiting", report.isWaiting)
            json.member("problems", report.complaints)
        }
    }
}

extension Configuration.Target {
    var forwardTarget: ForwardTarget { ForwardTarget(name: name, address: url) }

    var deliveryConfiguration: TargetConfiguration {
        var result = TargetConfiguration(name: name, preset: preset, url: url)
        result.user = user
        if let secret { result.secret = { try secret.resolve() } }
        result.queue = queue
        result.options = options
        result.template = template
        result.priorities = priorities
        result.path = path
        result.ratePerSecond = ratePerSecond
        result.concurrency = concurrency
        result.timeoutMilliseconds = timeoutMilliseconds
        result.attachmentLimit = attachmentBytes
        if let retryMinimumMilliseconds { result.retry.minimumMilliseconds = retryMinimumMilliseconds }
        if let retryMaximumMilliseconds { result.retry.maximumMilliseconds = retryMaximumMilliseconds }
        if let lookupDelayMilliseconds { result.retry.lookupDelayMilliseconds = lookupDelayMilliseconds }
        if let serverErrorLimit { result.retry.serverErrorLimit = serverErrorLimit }
        result.caFile = caFile
        result.clientCertificate = clientCertificate
        result.clientKey = clientKey
        if let clientKeySecret { result.clientKeySecret = { try clientKeySecret.resolve() } }
        result.proxy = proxy
        result.proxyUser = proxyUser
        if let proxySecret { result.proxySecret = { try proxySecret.resolve() } }
        return result
    }
}
