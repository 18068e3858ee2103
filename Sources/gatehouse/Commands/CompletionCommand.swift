import GatehouseCore

struct CompletionCommand: Command {
    static let name = "completion"
    static let usage = "bash | zsh | fish | man"
    static let summary = "Prints a shell's completions, or the manual page, made from the same words as --help."
    static let details = ""
    static let options: [OptionSpecification] = []
    static let examples = [
        "gatehouse completion bash > /usr/share/bash-completion/completions/gatehouse",
        "gatehouse completion man > /usr/local/share/man/man1/gatehouse.1",
    ]

    private let kind: String

    init(_ arguments: Arguments) throws {
        try arguments.expectPositional(1...1, "bash, zsh, fish or man")
        kind = arguments.positional[0]
        let known = CompletionScripts.shells + ["man"]
        guard known.contains(kind) else {
            throw UsageError(
                "unknown word '\(kind)'.\(Suggestion.question(for: kind, among: known)) One of: \(known.joined(separator: ", "))."
            )
        }
    }

    func run() throws -> ExitCode {
        Console.print(kind == "man" ? ManualPage.text : CompletionScripts.script(for: kind))
        return .success
    }
}
