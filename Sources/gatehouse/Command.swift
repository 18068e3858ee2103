import GatehouseCore

/// One command of the program. Making the value checks the words; running it does the work.
protocol Command: Sendable {
    static var name: String { get }
    /// The words after the name: `[--channel C] FILE…`.
    static var usage: String { get }
    /// One line for the list of commands.
    static var summary: String { get }
    /// What a person should know before running it, in a few lines.
    static var details: String { get }
    static var options: [OptionSpecification] { get }
    /// Commands that can be tried as they stand.
    static var examples: [String] { get }

    init(_ arguments: Arguments) throws
    func run() throws -> ExitCode
}

extension Command {
    /// `gatehouse NAME --help`.
    static var help: String {
        var lines = ["Usage: gatehouse \(name)\(usage.isEmpty ? "" : " " + usage)", "", summary]
        if !details.isEmpty { lines += ["", details] }
        let listed = options + [OptionSpecification("--help", nil, "show this text")]
        lines += ["", "Options:"]
        let labels = listed.map { option in option.value.map { "\(option.name) \($0)" } ?? option.name }
        let column = (labels.map(\.count).max() ?? 0) + 2
        for (option, label) in zip(listed, labels) {
            let padding = String(repeating: " ", count: max(1, column - label.count))
            lines.append("  \(label)\(padding)\(option.summary)")
        }
        if !examples.isEmpty { lines += ["", "Examples:"] + examples.map { "  \($0)" } }
        return lines.joined(separator: "\n")
    }
}
