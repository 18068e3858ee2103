import GatehouseCore
import GatehouseStore

struct ListCommand: Command {
    static let name = "list"
    static let usage = """
        [--channel C] [--source S] [--sender WORDS] [--language TAG] [--urgency L] [--topic T] [--queue Q] [--state S] \
        [--target T] [--since WHEN] [--until WHEN] [--limit N] [--json]
        """
    static let summary =
        "Lists what was taken in, the newest first: channel, language, urgency with its first reason, ticket."
    static let details = """
        Filters narrow each other. --sender, --topic and --queue look into the envelopes, from the newest on, until
        --limit messages are found: with many messages say --since too.
        """
    static let states = OutboxState.allCases.map(\.rawValue) + ["rejected"]
    static let options = [
        OptionSpecification.configuration,
        OptionSpecification("--state", "S", "one of: \(states.joined(separator: ", "))"),
        OptionSpecification("--channel", "C", "one of: \(Channel.allCases.map(\.rawValue).joined(separator: ", "))"),
        OptionSpecification("--source", "S", "only what this source brought"),
        OptionSpecification("--sender", "WORDS", "a part of the sender's name, address, number or id"),
        OptionSpecification("--language", "TAG", "such as de; en means en-GB as well, und what is not known"),
        OptionSpecification(
            "--urgency",
            "L",
            "one of: \(UrgencyLevel.allCases.map(\.rawValue).joined(separator: ", "))"
        ),
        OptionSpecification("--topic", "T", "only what is about it, such as account_security"),
        OptionSpecification("--queue", "Q", "only what triage put into this queue"),
        OptionSpecification("--target", "T", "only what this target gets"),
        OptionSpecification("--since", "WHEN", "only what was stored since a date, or in a span such as 12h or 7d"),
        OptionSpecification("--until", "WHEN", "only what was stored before a date, or longer ago than a span"),
        OptionSpecification("--limit", "N", "at most N messages; default 50"),
        OptionSpecification.json,
    ]
    static let examples = [
        "gatehouse list --urgency critical", "gatehouse list --state dead --json",
        "gatehouse list --sender maria.keller@example.com --since 30d",
        "gatehouse list --channel social_dm --language ru --topic withdrawal",
    ]

    private let workspace: Workspace
    private var filter = MessageFilter()
    private let isJSON: Bool

    init(_ arguments: Arguments) throws {
        try arguments.expectPositional(0...0, "")
        workspace = try Workspace(arguments)
        filter.channel = try arguments.choice("--channel", of: Channel.allCases.map(\.rawValue))
        filter.urgency = try arguments.choice("--urgency", of: UrgencyLevel.allCases.map(\.rawValue))
            .flatMap(UrgencyLevel.init(rawValue:))
        filter.target = try arguments.value("--target")
        filter.limit = try arguments.integer("--limit", default: 50, in: 1...1_000_000)
        let state = try arguments.choice("--state", of: Self.states)
        if state == "rejected" {
            filter.onlyRejected = true
        } else {
            filter.state = state.flatMap(OutboxState.init(rawValue:))
        }
        filter.source = try arguments.value("--source")
        filter.language = try Self.language(arguments)
        filter.since = try arguments.moment("--since")
        filter.until = try arguments.moment("--until")
        var query = EnvelopeQuery()
        query.topic = try arguments.value("--topic")
        query.queue = try arguments.value("--queue")
        query.sender = try arguments.value("--sender")
        if !query.isEmpty { filter.admits = { [query] in query.admits($0) } }
        isJSON = arguments.has("--json")
    }

    private static func language(_ arguments: Arguments) throws(UsageError) -> String? {
        guard let tag = try arguments.value("--language") else { return nil }
        let isTag = tag.utf8.allSatisfy {
            (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) || $0 == 0x2D
        }
        guard isTag, !tag.isEmpty else {
            throw UsageError("--language takes a tag such as de or zh-Hant, not '\(tag)'")
        }
        return tag
    }

    func run() throws -> ExitCode {
        let found = try workspace.openStore(create: false).list(filter)
        if isJSON {
            for message in found {
                var json = JSONWriter()
                message.write(to: &json)
                Console.print(json.text)
            }
            return .success
        }
        var table = TextTable(
            ["ID", "TIME", "CHANNEL", "LANGUAGE", "URGENCY", "REASON", "TICKET", "MESSAGE"],
            flexible: 7,
            dispensable: [5, 3, 2, 1]
        )
        for message in found {
            table.add([
                String(message.id.prefix(10)),
                String(message.time.rfc3339.prefix(16)),
                message.channel,
                message.language ?? "-",
                message.state == "rejected" ? "-" : message.urgency.rawValue,
                message.reason ?? "-",
                message.targets.isEmpty ? message.state : message.targets.map(\.place).joined(separator: " "),
                message.title ?? "",
            ])
        }
        Console.print(table, pipeWidth: 160)
        return .success
    }
}

extension MessageSummary.Target {
    /// The ticket's number, or why there is none.
    var place: String { ticket.map { "#\($0)" } ?? state.rawValue }
}

extension MessageSummary {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("id", id)
            json.member("state", state)
            json.member("type", type)
            json.member("channel", channel)
            json.member("source", source)
            json.member("time", time)
            json.member("ingested_at", ingestedAt)
            json.member("language", language)
            json.member("urgency", urgency.rawValue)
            json.member("reason", reason)
            json.member("title", title)
            json.member("duplicates", duplicates)
            json.member("targets", objects: targets) { json, target in
                json.member("name", target.name)
                json.member("state", target.state.rawValue)
                json.member("ticket", target.ticket)
                json.member("url", target.url)
                json.member("attempts", target.attempts)
                json.member("reason", target.reason)
                json.member("due_at", target.dueAt)
            }
        }
    }
}
