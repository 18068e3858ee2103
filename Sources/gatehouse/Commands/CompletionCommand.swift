import GatehouseCore

struct CompletionCommand: Command {
    static let name = "completion"
    static let usage = "bash | zsh | fish | man | man5 | reference"
    static let summary = "Prints a shell's completions or a manual page, made from the same words as --help."
    static let details = """
        man is gatehouse(1). man5 is gatehouse.jsonc(5), and reference the same as a page of the manual: both are made
        from the schema that configurations are checked against.
        """
    static let options: [OptionSpecification] = []
    static let examples = [
        "gatehouse completion bash > /usr/share/bash-completion/completions/gatehouse",
        "gatehouse completion man > /usr/local/share/man/man1/gatehouse.1",
    ]

    private let kind: String

    init(_ arguments: Arguments) throws {
        let known = CompletionWords.first(Self.self)
        try arguments.expectPositional(1...1, "one of \(known.joined(separator: ", "))")
        kind = arguments.positional[0]
        guard known.contains(kind) else {
            throw UsageError(
                "unknown word '\(kind)'.\(Suggestion.question(for: kind, among: known)) One of: \(known.joined(separator: ", "))."
            )
        }
    }

    func run() throws -> ExitCode {
        switch kind {
        case "man": Console.print(ManualPage.text)
        case "man5": Console.print(ConfigurationReference(schema: EmbeddedSchema.configurationDocument).manualPage)
        case "reference": Console.print(ConfigurationReference(schema: EmbeddedSchema.configurationDocument).markdown)
        default: Console.print(CompletionScripts.script(for: kind))
        }
        return .success
    }
}
