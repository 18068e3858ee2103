import GatehouseCore

struct HelpCommand: Command {
    static let name = "help"
    static let usage = "[COMMAND]"
    static let summary = "Shows this list, or how one command is used."
    static let details = ""
    static let options: [OptionSpecification] = []
    static let examples = ["gatehouse help ingest"]

    private let topic: String?

    init(_ arguments: Arguments) throws {
        try arguments.expectPositional(0...1, "COMMAND")
        topic = arguments.positional.first
    }

    func run() throws -> ExitCode {
        guard let topic else {
            Console.print(Self.overview)
            return .success
        }
        guard let command = allCommands.first(where: { $0.name == topic }) else {
            let names = allCommands.map { $0.name }
            throw UsageError("unknown command '\(topic)'.\(Suggestion.question(for: topic, among: names))")
        }
        Console.print(command.help)
        return .success
    }

    static var overview: String {
        let commands = allCommands.map { command in
            "  \(command.name)\(String(repeating: " ", count: max(1, 11 - command.name.count)))\(command.summary)"
        }
        return """
            Takes in customers' messages from every channel and forwards each once to the ticket system.

            Usage: gatehouse COMMAND …

            \(commands.joined(separator: "\n"))

            'gatehouse COMMAND --help' shows a command's options. Results go to standard output, words for people to
            standard error. Exit codes are those of sysexits.h: 0 done, 64 usage, 65 some input was no message,
            66 no such input, 75 try again later (nothing is lost), 78 configuration.
            """
    }
}
