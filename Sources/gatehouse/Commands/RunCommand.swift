import GatehouseCore
import GatehouseStore

struct RunCommand: Command {
    static let name = "run"
    static let usage = "[--linger SECONDS] [--dry-run] [--json]"
    static let summary = "poll, then forward: the line for cron or a systemd timer."
    static let details =
        "A source that fails does not keep what is stored from being forwarded. The worse exit code is the answer."
    static let options = [
        OptionSpecification.configuration,
        OptionSpecification("--linger", "SECONDS", "also wait this long for messages that become due again; default 0"),
        DryRun.option,
        OptionSpecification.jsonReport,
        OptionSpecification("--verbose", nil, "say what was done, also when nobody watches"),
        ForwardCommand.traceOption,
    ]
    static let examples = [
        "gatehouse run", "gatehouse run --dry-run", "* * * * * gatehouse /usr/local/bin/gatehouse run",
    ]

    private let workspace: Workspace
    private let poll: PollCommand
    private let forward: ForwardCommand
    private let dryRun: DryRun?

    init(_ arguments: Arguments) throws {
        try arguments.expectPositional(0...0, "")
        workspace = try Workspace(arguments)
        dryRun = DryRun(arguments)
        poll = try PollCommand(arguments, in: workspace, dryRun: dryRun)
        forward = try ForwardCommand(arguments, in: workspace, dryRun: dryRun)
    }

    func run() throws -> ExitCode {
        if let dryRun { return try rehearse(dryRun.begin(in: workspace)) }
        let store = try workspace.openStore()
        let polled = try poll.run(store: store)
        guard !Signals.isStopping else { return polled }
        let forwarded = try forward.run(store: store)
        if let days = workspace.configuration.keepBytesDays, !Signals.isStopping,
            try store.beginDailyPurge()
        {
            _ = try PurgeCommand.purge(store, olderThan: Int64(days) * 86_400)
        }
        if let path = workspace.configuration.metricsPath { try Metrics.write(store.statistics(), to: path) }
        return polled == .success ? forwarded : polled
    }

    private func rehearse(_ rehearsal: Rehearsal) throws -> ExitCode {
        let polled = try poll.run(store: rehearsal.store)
        try rehearsal.printRequests(to: forward.targets)
        return polled
    }
}
