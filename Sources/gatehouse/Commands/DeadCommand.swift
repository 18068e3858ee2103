import GatehouseCore
import GatehouseStore

struct DeadCommand: Command {
    static let name = "dead"
    static let usage = "list [--target T] [--json] | show ID… [--json] | retry ID… | retry --all | drop ID…"
    static let summary =
        "Shows messages that a target will not take, with its answer; sends them again or lets them go."
    static let details = """
        A dead letter is kept until a person decides. 'show' prints the reason, every try with the target's answer, and
        the request as it would go out again, secrets masked; 'retry' makes it ready for the next forward; 'drop' says
        that it needs no ticket; the message itself stays stored.
        """
    static let options = [
        OptionSpecification.configuration,
        OptionSpecification("--target", "T", "only those of this target"),
        OptionSpecification("--all", nil, "with retry: all of them"),
        OptionSpecification.json,
    ]
    static let examples = [
        "gatehouse dead list", "gatehouse dead show mfrggzdfmy", "gatehouse dead retry mfrggzdfmy",
        "gatehouse dead retry --all",
    ]

    private let workspace: Workspace
    private let review: MessageReview

    init(_ arguments: Arguments) throws {
        let words = MessageReview.Words(
            command: Self.name,
            release: "retry",
            released: "ready again",
            nothing: "no dead letters",
            column: "TRIES",
            shows: true
        )
        review = try MessageReview(arguments, words)
        workspace = try Workspace(arguments)
    }

    func run() throws -> ExitCode {
        let store = try workspace.openStore(create: false)
        return try review.run(
            store,
            letters: { try store.deadLetters(target: $0, limit: 1_000_000) },
            release: { try store.retryDead($0, now: .now()) },
            drop: { try store.dropDead($0, now: .now()) },
            show: { letter, isJSON in
                let view = try DeadLetterView(letter, store: store, configuration: workspace.configuration)
                if isJSON { view.printJSON() } else { view.print() }
            },
            cell: { String($0.attempts) },
            members: { letter, json in
                json.member("status", letter.status)
                json.member("answer", letter.answer)
                json.member("attempts", letter.attempts)
                json.member("at", letter.at)
            }
        )
    }
}
