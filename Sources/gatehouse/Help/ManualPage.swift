/// The manual page of the program, in roff (man(7)), made from the same specification as `--help`.
enum ManualPage {
    static var text: String {
        var lines = [".TH GATEHOUSE 1 \"\" \"gatehouse \(Gatehouse.version)\" \"User Commands\""]
        lines += [".SH NAME", "gatehouse \\- takes in customers' messages and forwards each once to the ticket system"]
        lines += [".SH SYNOPSIS", ".B gatehouse", ".I COMMAND", "[\\fIOPTION\\fR]..."]
        lines += [".SH DESCRIPTION"] + description
        lines.append(".SH COMMANDS")
        for command in allCommands { lines += section(of: command) }
        lines += [".SH EXIT STATUS", "Those of sysexits.h."]
        for (code, meaning) in exitCodes { lines += [".TP", ".B \(code)", Roff.escaped(meaning)] }
        lines += [".SH FILES", ".TP", ".I ./gatehouse.jsonc", "The configuration, where no other is named."]
        lines += [".TP", ".I /etc/gatehouse/gatehouse.jsonc", "The configuration, where there is none in the folder."]
        lines += [".SH ENVIRONMENT", ".TP", ".B GATEHOUSE_CONFIG", "The configuration file, where none is named."]
        lines += [".TP", ".B GATEHOUSE_LOG", "What standard error says is written as text, json or journald."]
        lines += [".SH SEE ALSO", ".BR gatehouse.jsonc (5)"]
        return lines.joined(separator: "\n")
    }

    private static let description = [
        "E\\-mail, direct messages, web chat and requests to be called back become one envelope each, are kept until a",
        "ticket exists for them, and are neither lost nor doubled.",
        "Results go to standard output, words for people to standard error.",
    ]

    private static let exitCodes = [
        ("0", "done; of ingest: committed and synced to disk"),
        ("64", "a wrong word on the command line"),
        ("65", "some input was no message (kept for review by ingest); the rest was done"),
        ("66", "a file or folder is missing or can't be read"),
        ("69", "what was asked for is no longer stored"),
        ("70", "a mistake in Gatehouse itself"),
        ("73, 74", "the state can't be made; reading or writing failed"),
        ("75", "try again later, nothing is lost"),
        ("77", "a webhook's signature is missing or wrong"),
        ("78", "the configuration is wrong"),
    ]

    private static func section(of command: any Command.Type) -> [String] {
        let heading = command.usage.isEmpty ? command.name : "\(command.name) \(command.usage)"
        var lines = [".SS \(Roff.escaped(heading))", Roff.escaped(command.summary)]
        if !command.details.isEmpty { lines += Roff.literal(command.details) }
        for option in command.options {
            let value = option.value.map { " \\fI\(Roff.escaped($0))\\fR" } ?? ""
            lines += [".TP", "\\fB\(Roff.escaped(option.name))\\fR\(value)", Roff.escaped(option.summary)]
        }
        if !command.examples.isEmpty {
            lines += Roff.literal(command.examples.map { "    $ " + $0 }.joined(separator: "\n"))
        }
        return lines
    }
}
