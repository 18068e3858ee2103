import GatehouseCore
import GatehouseStore

struct AuditCommand: Command {
    static let name = "audit"
    static let usage = "list [--since WHEN] [--target T] [--limit N] [--json] | verify [--json]"
    static let summary = "Lists every try to deliver, with time, answer and duration; proves that none was changed."
    static let details = """
        Each try holds a digest, keyed with the state's key, over itself and the one before it. 'verify' takes all of them
        anew: exit code 0 if they are as they were written, 65 if one was changed, removed or added. Who has the
        database alone can't mend the chain; who has the key too, can: keep a copy of the key elsewhere to be sure.
        """
    static let options = [
        OptionSpecification.configuration,
        OptionSpecification("--since", "WHEN", "list: a date, or a span such as 12h or 7d"),
        OptionSpecification("--target", "T", "list: only tries at this target"),
        OptionSpecification("--limit", "N", "list: the newest N; default 100"),
        OptionSpecification.json,
    ]
    static let examples = ["gatehouse audit list --since 24h", "gatehouse audit verify"]

    private let workspace: Workspace
    private let isVerify: Bool
    private let since: Timestamp?
    private let target: String?
    private let limit: Int
    private let isJSON: Bool

    init(_ arguments: Arguments) throws {
        try arguments.expectPositional(0...1, "list or verify")
        let word = arguments.positional.first ?? "list"
        guard ["list", "verify"].contains(word) else {
            throw UsageError(
                "unknown word '\(word)'.\(Suggestion.question(for: word, among: ["list", "verify"])) One of: list, verify."
            )
        }
        isVerify = word == "verify"
        since = try arguments.moment("--since")
        target = try arguments.value("--target")
        limit = try arguments.integer("--limit", default: 100, in: 1...10_000_000)
        isJSON = arguments.has("--json")
        workspace = try Workspace(arguments)
    }

    func run() throws -> ExitCode {
        let store = try workspace.openStore(create: false)
        return try isVerify ? verify(store) : list(store)
    }

    private func verify(_ store: Store) throws -> ExitCode {
        let verdict = try store.verifyAudit()
        if isJSON {
            Console.printJSON { json in
                json.member("holds", verdict.holds)
                json.member("tries", verdict.count)
                json.member("first_broken", verdict.firstBroken.map { Int($0) })
                json.member("end_is_right", verdict.endIsRight)
            }
        } else if verdict.holds {
            Console.print(
                verdict.count == 1 ? "1 try, as it was written" : "\(verdict.count) tries, all as they were written"
            )
        }
        if let broken = verdict.firstBroken {
            Console.complain("gatehouse: the audit is broken from try \(broken) on: it, or one before it, was changed.")
        } else if !verdict.endIsRight {
            Console.complain("gatehouse: the end of the audit is not as it was written: tries are missing or added.")
        }
        return verdict.holds ? .success : .dataError
    }

    private func list(_ store: Store) throws -> ExitCode {
        let entries = try store.audit(since: since, target: target, limit: limit)
        guard !isJSON else {
            for entry in entries { Self.printJSON(entry) }
            return .success
        }
        var table = TextTable(
            ["TRY", "TIME", "TARGET", "MESSAGE", "OUTCOME", "STATUS", "MS", "REASON"],
            flexible: 7,
            dispensable: [6, 5, 3]
        )
        for entry in entries {
            let attempt = entry.attempt
            table.add([
                String(entry.number), String(attempt.at.rfc3339.prefix(19)), attempt.target,
                String(entry.messageID.prefix(10)), attempt.outcome, attempt.status.map { String($0) } ?? "-",
                attempt.durationMilliseconds.map { String($0) } ?? "-", attempt.reason ?? "",
            ])
        }
        Console.print(table, pipeWidth: 200)
        return .success
    }

    private static func printJSON(_ entry: AuditEntry) {
        Console.printJSON { json in
            json.member("try", Int(entry.number))
            json.member("at", entry.attempt.at)
            json.member("target", entry.attempt.target)
            json.member("id", entry.messageID)
            json.member("outcome", entry.attempt.outcome)
            json.member("status", entry.attempt.status)
            json.member("duration_ms", entry.attempt.durationMilliseconds)
            json.member("reason", entry.attempt.reason)
            json.member("answer", entry.attempt.answer)
        }
    }
}
