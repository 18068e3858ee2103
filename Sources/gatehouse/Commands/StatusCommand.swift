import GatehouseCore
import GatehouseStore

struct StatusCommand: Command {
    static let name = "status"
    static let usage = "[--json]"
    static let summary = "Shows what came in, what waits, and what needs a person."
    static let details = "Exit code 0 also where something waits; 75 where the state can't be read now."
    static let options = [OptionSpecification.configuration, OptionSpecification.json]
    static let examples = ["gatehouse status", "gatehouse status --json"]

    private let workspace: Workspace
    private let isJSON: Bool

    init(_ arguments: Arguments) throws {
        try arguments.expectPositional(0...0, "")
        workspace = try Workspace(arguments)
        isJSON = arguments.has("--json")
    }

    func run() throws -> ExitCode {
        let statistics = try workspace.openStore(create: false).statistics()
        if isJSON { printJSON(statistics) } else { printTables(statistics) }
        return .success
    }

    private func printTables(_ statistics: StoreStatistics) {
        let inputs = InputState.allCases.map { "\(statistics.inputsByState[$0] ?? 0) \($0.rawValue)" }
        Console.print("inputs: \(statistics.inputs) = \(inputs.joined(separator: " + "))")
        Console.print("")
        var sources = TextTable(["SOURCE", "INPUTS", "LAST COMMIT"], flexible: 0)
        for source in statistics.sources {
            sources.add([source.name, String(source.inputs), source.lastCommitAt.rfc3339])
        }
        Console.print(sources)
        Console.print("")
        var targets = TextTable(
            ["TARGET"] + OutboxState.allCases.map { $0.rawValue.uppercased() } + ["OLDEST WAITING", "LAST SENT"],
            flexible: 0
        )
        for target in names(statistics) {
            let counts = OutboxState.allCases.map { String(statistics.outbox[target]?[$0] ?? 0) }
            let times = [statistics.oldestWaiting[target], statistics.lastSentAt[target]].map { $0?.rfc3339 ?? "-" }
            targets.add([target] + counts + times)
        }
        Console.print(targets)
        let dead = names(statistics).reduce(0) { $0 + (statistics.outbox[$1]?[.dead] ?? 0) }
        let held = names(statistics).reduce(0) { $0 + (statistics.outbox[$1]?[.held] ?? 0) }
        if held > 0 { Console.print("\n\(held) messages are held back, as of a loop: gatehouse held list") }
        if dead > 0 { Console.print("\n\(dead) dead letters wait for a person: gatehouse dead list") }
    }

    private func printJSON(_ statistics: StoreStatistics) {
        Console.printJSON { json in
            json.member("inputs", statistics.inputs)
            json.member("inputs_by_state") { json in
                for state in InputState.allCases { json.member(state.rawValue, statistics.inputsByState[state] ?? 0) }
            }
            json.member("sources", objects: statistics.sources) { json, source in
                json.member("name", source.name)
                json.member("inputs", source.inputs)
                json.member("last_commit_at", source.lastCommitAt)
            }
            json.member("targets", objects: names(statistics)) { json, target in
                json.member("name", target)
                for state in OutboxState.allCases {
                    json.member(state.rawValue, statistics.outbox[target]?[state] ?? 0)
                }
                json.member("oldest_waiting", statistics.oldestWaiting[target])
                json.member("last_sent_at", statistics.lastSentAt[target])
            }
        }
    }

    /// Configured targets first, then those that only the state knows.
    private func names(_ statistics: StoreStatistics) -> [String] {
        let configured = workspace.configuration.targets.map(\.name)
        return configured + statistics.outbox.keys.filter { !configured.contains($0) }.sorted()
    }
}
