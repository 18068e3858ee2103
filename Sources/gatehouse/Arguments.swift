import GatehouseCore

struct UsageError: OperatorError {
    let description: String
    var exitCode: ExitCode { .usage }
    init(_ description: String) { self.description = description }
}

/// An option that a command knows; its help is made from these.
struct OptionSpecification: Sendable {
    /// With its dashes: `--config`.
    let name: String
    /// What the help calls its value; nil for a switch.
    let value: String?
    let summary: String

    init(_ name: String, _ value: String? = nil, _ summary: String) {
        self.name = name
        self.value = value
        self.summary = summary
    }

    static let configuration = OptionSpecification(
        "--config",
        "FILE",
        "the configuration; default: $GATEHOUSE_CONFIG, ./gatehouse.jsonc, /etc/gatehouse/gatehouse.jsonc"
    )
    static let json = OptionSpecification("--json", nil, "print JSON, one object a line")
    /// Of the commands that work: what they have done, as well as what a dry run would do.
    static let jsonReport = OptionSpecification(
        "--json",
        nil,
        "print what was done, or would be, as JSON, one object a line"
    )
}

/// The words after a command's name, sorted into options and the rest.
struct Arguments {
    private var values: [String: [String]] = [:]
    private var switches: Set<String> = []
    private(set) var positional: [String] = []

    init(_ words: some Sequence<String>, options: [OptionSpecification]) throws(UsageError) {
        var words = words.makeIterator()
        var onlyPositional = false
        while let word = words.next() {
            guard !onlyPositional, word.hasPrefix("-"), word != "-" else {
                positional.append(word)
                continue
            }
            if word == "--" {
                onlyPositional = true
                continue
            }
            let pieces = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard let option = options.first(where: { $0.name == pieces[0] }) else {
                throw UsageError(
                    "unknown option '\(pieces[0])'."
                        + Suggestion.question(for: pieces[0], among: options.map(\.name) + ["--help"])
                )
            }
            guard option.value != nil else {
                guard pieces.count == 1 else { throw UsageError("\(option.name) takes no value") }
                switches.insert(option.name)
                continue
            }
            guard let value = pieces.count == 2 ? pieces[1] : words.next() else {
                throw UsageError("\(option.name) needs a value: \(option.name) \(option.value ?? "")")
            }
            values[option.name, default: []].append(value)
        }
    }

    func has(_ option: String) -> Bool { switches.contains(option) }

    /// The option's value; nil where it is not given.
    func value(_ option: String) throws(UsageError) -> String? {
        guard let given = values[option] else { return nil }
        guard given.count == 1 else { throw UsageError("\(option) is given \(given.count) times") }
        return given[0]
    }

    func allValues(_ option: String) -> [String] { values[option] ?? [] }

    func integer(_ option: String, default standard: Int, in range: ClosedRange<Int>) throws(UsageError) -> Int {
        guard let text = try value(option) else { return standard }
        guard let number = Int(text), range.contains(number) else {
            throw UsageError(
                "\(option) takes a whole number from \(range.lowerBound) to \(range.upperBound), not '\(text)'"
            )
        }
        return number
    }

    /// One of `choices`.
    func choice(_ option: String, of choices: [String]) throws(UsageError) -> String? {
        guard let text = try value(option) else { return nil }
        guard choices.contains(text) else {
            let question = Suggestion.question(for: text, among: choices)
            let words = choices.joined(separator: ", ")
            throw UsageError("unknown value '\(text)' for \(option); one of: \(words).\(question)")
        }
        return text
    }

    func expectPositional(_ range: ClosedRange<Int>, _ what: String) throws(UsageError) {
        guard range.contains(positional.count) else {
            throw UsageError(
                positional.count < range.lowerBound
                    ? "\(what) is missing" : "unexpected word '\(positional[range.upperBound])'"
            )
        }
    }
}
