import GatehouseCore
import GatehouseStore

struct ReconcileCommand: Command {
    static let name = "reconcile"
    static let usage = "[--since WHEN] [--source S] [--target T] [--json]"
    static let summary =
        "Proves that nothing is lost: every input has one fate, every message one state at each target."
    static let details = """
        Two sums, each from counters and counted anew from the rows, over all that was ever taken in:
          inputs = accepted + duplicate + rejected + ignored + refused
          messages × targets = ready + held + sent + dead + dropped + not_due
        Exit code 0 only if all of them hold, 70 if one does not. Other runs may go on meanwhile.
        """
    static let options = [
        OptionSpecification.configuration,
        OptionSpecification("--since", "WHEN", "only days (UTC) since a date, or in a span such as 7d"),
        OptionSpecification("--source", "S", "only what this source took in"),
        OptionSpecification("--target", "T", "only what is at this target"),
        OptionSpecification.json,
    ]
    static let examples = [
        "gatehouse reconcile", "gatehouse reconcile --since 7d --source support", "gatehouse reconcile --json",
    ]

    private let workspace: Workspace
    private let isJSON: Bool
    private var scope = ReconciliationScope()

    init(_ arguments: Arguments) throws {
        try arguments.expectPositional(0...0, "")
        workspace = try Workspace(arguments)
        isJSON = arguments.has("--json")
        scope.since = try arguments.moment("--since")
        scope.source = try arguments.value("--source")
        scope.target = try arguments.choice("--target", of: workspace.configuration.targets.map(\.name))
    }

    func run() throws -> ExitCode {
        let result = try workspace.openStore(create: false).reconcile(scope)
        if isJSON { printJSON(result) } else { printTable(result) }
        guard result.holds else {
            Console.complain(
                "gatehouse: the sums do not hold. Keep a copy of the state directory, and report this with the lines above."
            )
            return .software
        }
        return .success
    }

    private func printTable(_ result: Reconciliation) {
        var table = TextTable(["SUM", "COUNTED", "EXPECTED", ""], flexible: 0)
        for line in result.lines {
            table.add([line.name, String(line.counted), String(line.expected), line.holds ? "ok" : "DIFFERS"])
        }
        Console.print(table)
    }

    private func printJSON(_ result: Reconciliation) {
        Console.printJSON { json in
            json.member("holds", result.holds)
            json.member("sums", objects: result.lines) { json, line in
                json.member("name", line.name)
                json.member("counted", line.counted)
                json.member("expected", line.expected)
                json.member("holds", line.holds)
            }
        }
    }
}
