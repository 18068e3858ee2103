import GatehouseCore
import GatehouseTriage

struct RulesCommand: Command {
    static let name = "rules"
    static let usage = "test [--json] FILE…"
    static let summary = "Runs a team's own examples against the rules: text, expected level and topics."
    static let details = """
        FILE holds JSON: {"examples": [{"text": "…", "subject": "…", "level": "critical", "topics": ["account_security"],
        "not_topics": ["fees"], "queue": "…"}]}. What an example leaves out is not checked; topics that it doesn't name may
        be there too. Each failure is a line with what was expected and what the rules said. Exit code 65 if any failed.
        """
    static let options = [OptionSpecification.configuration, OptionSpecification.json]
    static let examples = ["gatehouse rules test examples.json"]

    private let arguments: Arguments

    init(_ arguments: Arguments) throws {
        self.arguments = arguments
        guard arguments.positional.first == "test" else { throw UsageError("only 'rules test FILE' is known") }
        try arguments.expectPositional(2...(.max - 1), "FILE")
    }

    func run() throws -> ExitCode {
        let trial = TriageTrial(arguments)
        var (count, failures) = (0, 0)
        for path in arguments.positional.dropFirst() {
            let document = try JSONDocument.parse(try Self.read(path), name: path, options: .configuration)
            let listed = document["examples"]?.array ?? document.array ?? []
            if listed.isEmpty { throw UsageError("\(UnicodeText.printable(path)) holds no examples") }
            for (index, example) in listed.enumerated() {
                count += 1
                let wrong = try Self.check(example, trial)
                guard !wrong.isEmpty else { continue }
                failures += 1
                let text = String((example["text"]?.string ?? "").prefix(60))
                if arguments.has("--json") {
                    Console.printJSON { json in
                        json.member("file", path)
                        json.member("example", index + 1)
                        json.member("text", text)
                        json.member("wrong", wrong)
                    }
                } else {
                    Console.print("\(path): example \(index + 1), “\(UnicodeText.printable(text))”:")
                    for line in wrong { Console.print("  " + UnicodeText.printable(line)) }
                }
            }
        }
        if arguments.has("--json") {
            Console.printJSON { json in
                json.member("examples", count)
                json.member("failed", failures)
            }
        } else {
            Console.print("\(count) examples, \(failures) failed")
        }
        return failures == 0 ? .success : .dataError
    }

    /// What differs from the expectation, in words.
    private static func check(_ example: JSONValue, _ trial: TriageTrial) throws -> [String] {
        guard let text = example["text"]?.string else { throw UsageError("an example has no \"text\"") }
        let known = ["text", "subject", "level", "topics", "not_topics", "queue", "note"]
        if let other = example.members?.first(where: { !known.contains($0.key) }) {
            throw UsageError("an example has '\(other.key)'.\(Suggestion.question(for: other.key, among: known))")
        }
        guard let triage = trial.assess(text, subject: example["subject"]?.string).data.triage else { return [] }
        var wrong: [String] = []
        if let level = example["level"]?.string, level != triage.urgency.level.rawValue {
            let rules = triage.urgency.reasons.map(\.rule).joined(separator: ", ")
            wrong.append(
                "level \(level) expected, got \(triage.urgency.level.rawValue) (\(rules.isEmpty ? "no rule" : rules))"
            )
        }
        let names = triage.topics.map(\.name)
        for topic in example["topics"]?.array?.compactMap(\.string) ?? [] where !names.contains(topic) {
            wrong.append("topic \(topic) expected, got \(names.joined(separator: ", "))")
        }
        for topic in example["not_topics"]?.array?.compactMap(\.string) ?? [] where names.contains(topic) {
            wrong.append("topic \(topic) not expected: \(names.joined(separator: ", "))")
        }
        if let queue = example["queue"]?.string, queue != triage.queue {
            wrong.append("queue \(queue) expected, got \(triage.queue ?? "none")")
        }
        return wrong
    }

    private static func read(_ path: String) throws -> [UInt8] {
        guard let bytes = UrgencySources.read(path) else { throw IntakeError.missing(path: path) }
        return bytes
    }
}
