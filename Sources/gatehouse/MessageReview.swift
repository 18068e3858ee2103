import GatehouseCore
import GatehouseStore

/// What `dead` and `held` share: a list of messages that don't go on to a target, and what a person decides about them.
struct MessageReview {
    /// What tells one of the two commands from the other.
    struct Words {
        /// The command, and its word for letting messages go on.
        let command: String
        let release: String
        /// Said after the number of messages that go on.
        let released: String
        /// Said where the list is empty.
        let nothing: String
        /// The head of the list's fourth column.
        let column: String
        /// Whether it also shows single messages.
        var shows = false

        var known: [String] { ["list"] + (shows ? ["show"] : []) + [release, "drop"] }
    }

    private enum Action { case list, show, release, drop }

    private let words: Words
    private let action: Action
    private let ids: [String]
    private let isAll: Bool
    private let target: String?
    private let isJSON: Bool

    init(_ arguments: Arguments, _ words: Words) throws {
        self.words = words
        let word = arguments.positional.first ?? "list"
        switch word {
        case "list": action = .list
        case "show" where words.shows: action = .show
        case words.release: action = .release
        case "drop": action = .drop
        default:
            throw UsageError(
                "unknown word '\(word)'.\(Suggestion.question(for: word, among: words.known)) One of: \(words.known.joined(separator: ", "))."
            )
        }
        ids = Array(arguments.positional.dropFirst())
        isAll = arguments.has("--all")
        target = try arguments.value("--target")
        isJSON = arguments.has("--json")
        switch action {
        case .list:
            if !ids.isEmpty {
                let show = words.shows ? "\(words.command) show ID" : "show ID"
                throw UsageError("'\(words.command) list' takes no id; '\(show)' shows one message")
            }
        case .show: if ids.isEmpty || isAll { throw UsageError("say which ids") }
        case .release: if ids.isEmpty != isAll { throw UsageError("say which: ids, or --all") }
        case .drop: if ids.isEmpty || isAll { throw UsageError("say which ids; dropping all at once is not offered") }
        }
    }

    /// - Parameters:
    ///   - letters: The messages, of one target or of all.
    ///   - release: Lets those with these ids go on, or all; returns how many did.
    ///   - drop: Says of those with these ids that they need no ticket; returns how many did.
    ///   - show: Prints one message with all that is known of it.
    ///   - cell: The list's fourth column.
    ///   - members: What JSON says of a message besides its id, target, title and reason.
    func run(
        _ store: Store,
        letters: (_ target: String?) throws -> [DeadLetter],
        release: (_ ids: [String]?) throws -> Int,
        drop: (_ ids: [String]) throws -> Int,
        show: (_ letter: DeadLetter, _ isJSON: Bool) throws -> Void = { _, _ in },
        cell: (DeadLetter) -> String,
        members: (DeadLetter, inout JSONWriter) -> Void
    ) throws -> ExitCode {
        let count: Int
        switch action {
        case .list:
            let found = try letters(target)
            if isJSON { printJSON(found, members) } else { printTable(found, cell) }
            return .success
        case .show:
            let wanted = Set(try store.wholeIDs(ids))
            let found = try letters(target).filter { wanted.contains($0.messageID) }
            for letter in found { try show(letter, isJSON) }
            count = found.count
            if count == 0 { Console.complain("gatehouse: \(words.nothing) with this id") }
        case .release:
            count = try release(isAll ? nil : try store.wholeIDs(ids))
            said(count, words.released)
        case .drop:
            count = try drop(try store.wholeIDs(ids))
            said(count, "dropped")
        }
        return count > 0 ? .success : .noInput
    }

    private func said(_ count: Int, _ what: String) {
        guard isJSON else { return Console.complain("gatehouse: \(count) \(what)") }
        Console.printJSON { $0.member(action == .drop ? "dropped" : "ready", count) }
    }

    private func printJSON(_ letters: [DeadLetter], _ members: (DeadLetter, inout JSONWriter) -> Void) {
        for letter in letters {
            Console.printJSON { json in
                json.member("id", letter.messageID)
                json.member("target", letter.target)
                json.member("title", letter.title)
                json.member("reason", letter.reason)
                members(letter, &json)
            }
        }
    }

    private func printTable(_ letters: [DeadLetter], _ cell: (DeadLetter) -> String) {
        guard !letters.isEmpty else { return Console.complain("gatehouse: \(words.nothing)") }
        var table = TextTable(
            ["ID", "TARGET", "SINCE", words.column, "REASON", "MESSAGE"],
            flexible: 5,
            dispensable: [2, 3]
        )
        for letter in letters {
            table.add([
                String(letter.messageID.prefix(10)), letter.target, String(letter.at.rfc3339.prefix(16)),
                cell(letter), letter.reason ?? "", letter.title ?? "",
            ])
        }
        Console.print(table, pipeWidth: 200)
    }
}

extension Store {
    /// The one message whose id starts with these letters.
    func soleMessage(_ prefix: String) throws -> StoredMessage {
        guard let message = try message(id: prefix) else {
            throw UsageError(
                "no message, or more than one, has an id that starts with '\(UnicodeText.printable(prefix))'"
            )
        }
        return message
    }

    /// The ids that start with these letters.
    func wholeIDs(_ prefixes: [String]) throws -> [String] { try prefixes.map { try soleMessage($0).summary.id } }
}
