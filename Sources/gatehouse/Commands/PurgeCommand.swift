import GatehouseCore
import GatehouseStore

struct PurgeCommand: Command {
    static let name = "purge"
    static let usage = "[--older-than SPAN] [--state STATES] [--json]"
    static let summary = "Deletes the originals and attachments of messages that are done with."
    static let details = """
        Done with: settled at every target, and stored as well as settled longer ago than SPAN; default: the
        configuration's retention.keep_bytes_days, or 30 days. Envelopes, tickets, counters and what is known for
        duplicates stay. With --state only messages go that are in one of these states at every target: sent, dropped,
        not_due, rejected (no message), and dead, which is never purged unless it is named. What is ready or held keeps
        all of its bytes. Where the configuration has retention.keep_bytes_days, 'run' purges by itself once a day.
        """
    static let options = [
        OptionSpecification.configuration,
        OptionSpecification("--older-than", "SPAN", "such as 12h, 30d or 4w; 0d for all that is settled"),
        OptionSpecification("--state", "STATES", "such as sent,dropped; all but dead by default"),
        OptionSpecification.json,
    ]
    static let examples = ["gatehouse purge", "gatehouse purge --older-than 90d --state dead,dropped"]

    private let workspace: Workspace
    private let seconds: Int64
    private let states: Set<PurgeableState>
    private let isJSON: Bool

    init(_ arguments: Arguments) throws {
        try arguments.expectPositional(0...0, "")
        workspace = try Workspace(arguments)
        seconds = try arguments.span("--older-than") ?? Int64(workspace.configuration.keepBytesDays ?? 30) * 86_400
        states = try arguments.value("--state").map(Self.states) ?? PurgeableState.usual
        isJSON = arguments.has("--json")
    }

    private static func states(_ text: String) throws -> Set<PurgeableState> {
        try Set(
            text.split(separator: ",").map { word in
                if let state = PurgeableState(rawValue: String(word)) { return state }
                let words = PurgeableState.allCases.map(\.rawValue)
                let hint = Suggestion.question(for: String(word), among: words)
                throw UsageError(
                    "no state that is purged: '\(UnicodeText.printable(String(word)))'.\(hint) There are: "
                        + words.joined(separator: ", ")
                )
            }
        )
    }

    func run() throws -> ExitCode {
        let count = try Self.purge(workspace.openStore(create: false), olderThan: seconds, states: states)
        if isJSON {
            Console.printJSON { $0.member("purged", count) }
        } else {
            Console.print(count == 1 ? "1 message purged" : "\(count) messages purged")
        }
        return .success
    }

    /// In steps, so that nobody waits long for the database.
    ///
    /// - Returns: How many messages lost their bytes.
    static func purge(
        _ store: Store,
        olderThan seconds: Int64,
        states: Set<PurgeableState> = PurgeableState.usual
    ) throws -> Int {
        // A message that was settled in this millisecond is settled too.
        let time = Timestamp(milliseconds: Timestamp.now().milliseconds - seconds * 1000 + 1)
        var total = 0
        while !Signals.isStopping {
            let count = try store.purgeBytes(before: time, states: states)
            total += count
            if count > 0 { try store.shrink() }
            if count < 500 { break }
        }
        return total
    }
}
