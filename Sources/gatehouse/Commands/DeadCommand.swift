import GatehouseCore
import GatehouseStore

struct DeadCommand: Command {
    static let name = "dead"
    static let usage = "list [--target T] [--json] | retry ID… | retry --all | drop ID…"
    static let summary =
        "Shows messages that a target will not take, with its answer; sends them again or lets them go."
    static let details = """
        A dead letter is kept until a person decides. 'retry' makes it ready for the next forward; 'drop' says that it
        needs no ticket; the message itself stays stored.
        """
    static let options = [
        OptionSpecification.configuration,
        OptionSpecification("--target", "T", "only those of this target"),
        OptionSpecification("--all", nil, "with retry: all of them"),
        OptionSpecification.json,
    ]
    static let examples = ["gatehouse dead list", "gatehouse dead retry mfrggzdfmy", "gatehouse dead retry --all"]

    private enum Action { case list, retry, drop }

    private let workspace: Workspace
    private let action: Action
    private let ids: [String]
    private let isAll: Bool
    private let target: String?
    private let isJSON: Bool

    init(_ arguments: Arguments) throws {
        let words = ["list", "retry", "drop"]
        let word = arguments.positional.first ?? "list"
        switch word {
        case "list": action = .list
        case "retry": action = .retry
        case "drop": action = .drop
        default:
            throw UsageError(
                "unknown word '\(word)'.\(Suggestion.question(for: word, among: words)) One of: \(words.joined(separator: ", "))."
            )
        }
        ids = Array(arguments.positional.dropFirst())
        isAll = arguments.has("--all")
        target = try arguments.value("--target")
        isJSON = arguments.has("--json")
        switch action {
        case .list: if !ids.isEmpty { throw UsageError("'dead list' takes no id; 'show ID' shows one message") }
        case .retry: if ids.isEmpty != isAll { throw UsageError("say which: ids, or --all") }
        case .drop: if ids.isEmpty || isAll { throw UsageError("say which ids; dropping all at once is not offered") }
        }
        workspace = try Workspace(arguments)
    }

    func run() throws -> ExitCode {
        let store = try workspace.openStore(create: false)
        switch action {
        case .list: try list(store)
        case .retry:
            let count = try store.retryDead(isAll ? nil : try store.wholeIDs(ids), now: .now())
            Console.complain("gatehouse: \(count) ready again")
            return count > 0 ? .success : .noInput
        case .drop:
            let count = try store.dropDead(try store.wholeIDs(ids), now: .now())
            Console.complain("gatehouse: \(count) dropped")
            return count > 0 ? .success : .noInput
        }
        return .success
    }

    private func list(_ store: Store) throws {
        let letters = try store.deadLetters(target: target)
        guard !isJSON else {
            for letter in letters {
                var json = JSONWriter()
                json.object { json in
                    json.member("id", letter.messageID)
                    json.member("target", letter.target)
                    json.member("title", letter.title)
                    json.member("reason", letter.reason)
                    json.member("status", letter.status)
                    json.member("answer", letter.answer)
                    json.member("attempts", letter.attempts)
                    json.member("at", letter.at)
                }
                Console.print(json.text)
            }
            return
        }
        guard !letters.isEmpty else { return Console.complain("gatehouse: no dead letters") }
        var table = TextTable(["ID", "TARGET", "SINCE", "TRIES", "REASON", "MESSAGE"], flexible: 5)
        for letter in letters {
            table.add([
                String(letter.messageID.prefix(10)), letter.target, String(letter.at.rfc3339.prefix(16)),
                String(letter.attempts), letter.reason ?? "", letter.title ?? "",
            ])
        }
        for line in table.lines(width: Console.isOutputTerminal ? Console.width : 200) { Console.print(line) }
    }
}
