import GatehouseCore
import GatehouseStore

struct HeldCommand: Command {
    static let name = "held"
    static let usage = "list [--target T] [--json] | release ID… | release --all | drop ID…"
    static let summary =
        "Shows messages that the loop breaker holds back; lets them go on, or says that they need no ticket."
    static let details = """
        A held message goes on by itself at the time that the list shows: as fast as policy.loop_breaker allows.
        'release' lets it go on with the next forward; 'drop' says that it needs no ticket; the message itself stays
        stored.
        """
    static let options = [
        OptionSpecification.configuration,
        OptionSpecification("--target", "T", "only those of this target"),
        OptionSpecification("--all", nil, "with release: all of them"),
        OptionSpecification.json,
    ]
    static let examples = ["gatehouse held list", "gatehouse held release mfrggzdfmy", "gatehouse held release --all"]

    private enum Action: String, CaseIterable { case list, release, drop }

    private let workspace: Workspace
    private let action: Action
    private let ids: [String]
    private let isAll: Bool
    private let target: String?
    private let isJSON: Bool

    init(_ arguments: Arguments) throws {
        let word = arguments.positional.first ?? "list"
        guard let action = Action(rawValue: word) else {
            let words = Action.allCases.map(\.rawValue)
            throw UsageError(
                "unknown word '\(word)'.\(Suggestion.question(for: word, among: words)) One of: \(words.joined(separator: ", "))."
            )
        }
        self.action = action
        ids = Array(arguments.positional.dropFirst())
        isAll = arguments.has("--all")
        target = try arguments.value("--target")
        isJSON = arguments.has("--json")
        switch action {
        case .list: if !ids.isEmpty { throw UsageError("'held list' takes no id; 'show ID' shows one message") }
        case .release: if ids.isEmpty != isAll { throw UsageError("say which: ids, or --all") }
        case .drop: if ids.isEmpty || isAll { throw UsageError("say which ids; dropping all at once is not offered") }
        }
        workspace = try Workspace(arguments)
    }

    func run() throws -> ExitCode {
        let store = try workspace.openStore(create: false)
        let count: Int
        switch action {
        case .list:
            try list(store)
            return .success
        case .release:
            count = try store.releaseHeld(isAll ? nil : try store.wholeIDs(ids), now: .now())
            Console.complain("gatehouse: \(count) ready")
        case .drop:
            count = try store.dropHeld(try store.wholeIDs(ids), now: .now())
            Console.complain("gatehouse: \(count) dropped")
        }
        return count > 0 ? .success : .noInput
    }

    private func list(_ store: Store) throws {
        let letters = try store.heldMessages(target: target)
        guard !isJSON else {
            for letter in letters {
                var json = JSONWriter()
                json.object { json in
                    json.member("id", letter.messageID)
                    json.member("target", letter.target)
                    json.member("title", letter.title)
                    json.member("reason", letter.reason)
                    json.member("at", letter.at)
                    json.member("due_at", letter.dueAt)
                }
                Console.print(json.text)
            }
            return
        }
        guard !letters.isEmpty else { return Console.complain("gatehouse: nothing is held") }
        var table = TextTable(["ID", "TARGET", "SINCE", "GOES ON", "REASON", "MESSAGE"], flexible: 5)
        for letter in letters {
            table.add([
                String(letter.messageID.prefix(10)), letter.target, String(letter.at.rfc3339.prefix(16)),
                letter.dueAt.map { String($0.rfc3339.prefix(16)) } ?? "-", letter.reason ?? "", letter.title ?? "",
            ])
        }
        for line in table.lines(width: Console.isOutputTerminal ? Console.width : 200) { Console.print(line) }
    }
}

extension Store {
    /// The ids that start with these letters.
    func wholeIDs(_ prefixes: [String]) throws -> [String] {
        try prefixes.map { prefix in
            guard let message = try message(id: prefix) else {
                throw UsageError(
                    "no message, or more than one, has an id that starts with '\(UnicodeText.printable(prefix))'"
                )
            }
            return message.summary.id
        }
    }
}
