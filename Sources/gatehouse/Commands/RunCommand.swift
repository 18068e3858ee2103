import GatehouseCore

struct RunCommand: Command {
    static let name = "run"
    static let usage = "[--linger SECONDS]"
    static let summary = "poll, then forward: the line for cron or a systemd timer."
    static let details =
        "A source that fails does not keep what is stored from being forwarded. The worse exit code is the answer."
    static let options = [
        OptionSpecification.configuration,
        OptionSpecification("--linger", "SECONDS", "also wait this long for messages that become due again; default 0"),
        OptionSpecification("--verbose", nil, "say what was done, also when nobody watches"),
    ]
    static let examples = ["gatehouse run", "* * * * * gatehouse /usr/local/bin/gatehouse run"]

    private let workspace: Workspace
    private let poll: PollCommand
    private let forward: ForwardCommand

    init(_ arguments: Arguments) throws {
        try arguments.expectPositional(0...0, "")
        workspace = try Workspace(arguments)
        poll = try PollCommand(arguments, in: workspace)
        forward = try ForwardCommand(arguments, in: workspace)
    }

    func run() throws -> ExitCode {
        let store = try workspace.openStore()
        let polled = try poll.run(store: store)
        guard !Signals.isStopping else { return polled }
        let forwarded = try forward.run(store: store)
        return polled == .success ? forwarded : polled
    }
}
