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

    private let workspace: Workspace
    private let review: MessageReview

    init(_ arguments: Arguments) throws {
        let words = MessageReview.Words(
            command: Self.name,
            release: "release",
            released: "ready",
            nothing: "nothing is held",
            column: "GOES ON"
        )
        review = try MessageReview(arguments, words)
        workspace = try Workspace(arguments)
    }

    func run() throws -> ExitCode {
        let store = try workspace.openStore(create: false)
        return try review.run(
            store,
            letters: { try store.heldMessages(target: $0) },
            release: { try store.releaseHeld($0, now: .now()) },
            drop: { try store.dropHeld($0, now: .now()) },
            cell: { letter in letter.dueAt.map { String($0.rfc3339.prefix(16)) } ?? "-" },
            members: { letter, json in
                json.member("at", letter.at)
                json.member("due_at", letter.dueAt)
            }
        )
    }
}
