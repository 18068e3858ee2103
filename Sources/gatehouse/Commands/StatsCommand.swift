import GatehouseCore
import GatehouseStore

struct StatsCommand: Command {
    static let name = "stats"
    static let usage = "[--since WHEN] [--json]"
    static let summary = "Counts what came in and went out: by channel, language, urgency, source and target."
    static let details = """
        Inputs are counted by whole days (UTC); messages, by the moment at which they were stored. The times are those
        from the commit to the ticket, of half and of 95 % of the messages.
        """
    static let options = [
        OptionSpecification.configuration,
        OptionSpecification("--since", "WHEN", "a date, or a span such as 24h or 4w; default 7d"),
        OptionSpecification.json,
    ]
    static let examples = ["gatehouse stats", "gatehouse stats --since 24h --json"]

    private let workspace: Workspace
    private let since: Timestamp
    private let isJSON: Bool

    init(_ arguments: Arguments) throws {
        try arguments.expectPositional(0...0, "")
        let now = Timestamp.now()
        let week = Timestamp(milliseconds: now.milliseconds - 7 * 86_400_000)
        since = try arguments.moment("--since", now: now) ?? week
        workspace = try Workspace(arguments)
        isJSON = arguments.has("--json")
    }

    func run() throws -> ExitCode {
        let activity = try workspace.openStore(create: false).activity(since: since)
        if isJSON { printJSON(activity) } else { printTables(activity) }
        return .success
    }

    private func printTables(_ activity: Activity) {
        let inputs = InputState.allCases.map { "\(activity.inputsByState[$0] ?? 0) \($0.rawValue)" }
        Console.print("since \(since.rfc3339)")
        Console.print("inputs: \(inputs.joined(separator: ", "))")
        Console.print("messages: \(activity.messages), of which some came again \(activity.repeats) times")
        print("CHANNEL", activity.byChannel, of: activity.messages)
        print("LANGUAGE", Array(activity.byLanguage.prefix(20)), of: activity.messages)
        print("URGENCY", activity.byUrgency, of: activity.messages)
        print("SOURCE", activity.bySource, of: activity.messages)
        print("NO MESSAGE", activity.ignoredByKind, of: nil)
        guard !activity.targets.isEmpty else { return }
        Console.print("")
        Console.print(TextTable(activity.targets))
    }

    private func print(_ title: String, _ counts: [Activity.Count], of total: Int?) {
        guard !counts.isEmpty else { return }
        Console.print("")
        var table = TextTable([title, "COUNT", total == nil ? "" : "SHARE"], flexible: 0)
        for count in counts {
            let share = total.map { $0 > 0 ? "\((count.count * 1000 / $0 + 5) / 10) %" : "" } ?? ""
            table.add([count.name, String(count.count), share])
        }
        Console.print(table)
    }

    private func printJSON(_ activity: Activity) {
        func write(_ counts: [Activity.Count], to json: inout JSONWriter) {
            json.object { json in for count in counts { json.member(count.name, count.count) } }
        }
        Console.printJSON { json in
            json.member("since", since)
            json.member("inputs_by_state") { json in
                for state in InputState.allCases { json.member(state.rawValue, activity.inputsByState[state] ?? 0) }
            }
            json.member("messages", activity.messages)
            json.member("repeats", activity.repeats)
            json.key("channels")
            write(activity.byChannel, to: &json)
            json.key("languages")
            write(activity.byLanguage, to: &json)
            json.key("urgency")
            write(activity.byUrgency, to: &json)
            json.key("sources")
            write(activity.bySource, to: &json)
            json.key("no_message")
            write(activity.ignoredByKind, to: &json)
            json.member("targets", objects: activity.targets) { json, target in
                json.member("name", target.name)
                for state in OutboxState.allCases { json.member(state.rawValue, target.states[state] ?? 0) }
                if let median = target.medianSeconds { json.member("median_s", median) }
                if let slow = target.slowSeconds { json.member("p95_s", slow) }
            }
        }
    }
}
