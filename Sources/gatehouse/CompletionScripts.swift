/// Shell completions, made from the same specification as `--help`.
enum CompletionScripts {
    static let shells = ["bash", "zsh", "fish"]

    static func script(for shell: String) -> String {
        switch shell {
        case "bash": bash
        case "zsh": zsh
        default: fish
        }
    }

    private static var names: [String] { allCommands.map { $0.name } }

    private static func options(_ command: any Command.Type) -> [OptionSpecification] {
        command.options + [OptionSpecification("--help", nil, "show this text")]
    }

    private static var bash: String {
        let cases = allCommands.map { command in
            "        \(command.name)) words=\"\(options(command).map(\.name).joined(separator: " "))\" ;;"
        }
        return """
            # bash completion for gatehouse
            _gatehouse() {
                local current="${COMP_WORDS[COMP_CWORD]}" words=""
                COMPREPLY=()
                if [ "$COMP_CWORD" -eq 1 ]; then
                    COMPREPLY=($(compgen -W "\(names.joined(separator: " ")) --help --version" -- "$current"))
                    return
                fi
                case "${COMP_WORDS[1]}" in
            \(cases.joined(separator: "\n"))
                    help) words="\(names.joined(separator: " "))" ;;
                esac
                case "$current" in
                    -*) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
                    *) [ "${COMP_WORDS[1]}" = help ] && COMPREPLY=($(compgen -W "$words" -- "$current")) \\
                        || COMPREPLY=($(compgen -f -- "$current")) ;;
                esac
            }
            complete -o filenames -F _gatehouse gatehouse
            """
    }

    private static var zsh: String {
        func quoted(_ text: String) -> String {
            var result = ""
            for character in text {
                switch character {
                case "'": result += "'\\''"
                case "[", "]", ":", "\\": result += "\\\(character)"
                default: result.append(character)
                }
            }
            return result
        }
        let commands = allCommands.map { "        '\($0.name):\(quoted($0.summary))'" }
        let cases = allCommands.map { command in
            let words = options(command).map { option in
                let value = option.value.map { ":\(quoted($0)):_files" } ?? ""
                return "'*\(option.name)[\(quoted(option.summary))]\(value)'"
            }
            return "            \(command.name)) _arguments \(words.joined(separator: " ")) '*:file:_files' ;;"
        }
        return """
            #compdef gatehouse
            _gatehouse() {
                local -a commands
                commands=(
            \(commands.joined(separator: "\n"))
                )
                if (( CURRENT == 2 )); then
                    _describe command commands
                    return
                fi
                local command="${words[2]}"
                shift words
                (( CURRENT-- ))
                case "$command" in
            \(cases.joined(separator: "\n"))
                esac
            }
            _gatehouse "$@"
            """
    }

    private static var fish: String {
        func quoted(_ text: String) -> String {
            "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
        }
        var lines = ["# fish completion for gatehouse"]
        for command in allCommands {
            lines.append(
                "complete -c gatehouse -n __fish_use_subcommand -f -a \(command.name) -d \(quoted(command.summary))"
            )
            for option in options(command) {
                let value = option.value == nil ? "" : " -r"
                let name = option.name.drop { $0 == "-" }
                let condition = "'__fish_seen_subcommand_from \(command.name)'"
                lines.append("complete -c gatehouse -n \(condition) -l \(name)\(value) -d \(quoted(option.summary))")
            }
        }
        return lines.joined(separator: "\n")
    }
}

/// The manual page, in roff (man(7)), made from the same specification as `--help`.
enum ManualPage {
    static var text: String {
        var lines = [".TH GATEHOUSE 1 \"\" \"gatehouse \(Gatehouse.version)\" \"User Commands\""]
        lines += [".SH NAME", "gatehouse \\- takes in customers' messages and forwards each once to the ticket system"]
        lines += [".SH SYNOPSIS", ".B gatehouse", ".I COMMAND", "[\\fIOPTION\\fR]..."]
        lines.append(".SH COMMANDS")
        for command in allCommands {
            lines += [".SS \(escaped("\(command.name) \(command.usage)"))", escaped(command.summary)]
            if !command.details.isEmpty {
                lines +=
                    [".PP", ".nf"]
                    + command.details.split(separator: "\n", omittingEmptySubsequences: false).map {
                        escaped(String($0))
                    } + [".fi"]
            }
            for option in command.options {
                let label = "\\fB\(escaped(option.name))\\fR" + (option.value.map { " \\fI\(escaped($0))\\fR" } ?? "")
                lines += [".TP", label, escaped(option.summary)]
            }
            for example in command.examples { lines += [".PP", ".RS", "$ " + escaped(example), ".RE"] }
        }
        lines += [
            ".SH EXIT STATUS", "Those of sysexits.h: 0 done, 64 usage, 65 some input was no message, 66 no such input,",
        ]
        lines += ["75 try again later (nothing is lost), 77 not allowed, 78 configuration."]
        lines += [".SH FILES", ".I ./gatehouse.jsonc", ".br", ".I /etc/gatehouse/gatehouse.jsonc"]
        lines += [".SH ENVIRONMENT", ".TP", ".B GATEHOUSE_CONFIG", "The configuration file, where none is named."]
        return lines.joined(separator: "\n")
    }

    /// A dot or quote at a line's start is a request of roff's, and a bare hyphen is not the ASCII one.
    private static func escaped(_ text: String) -> String {
        let text = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
        return text.hasPrefix(".") || text.hasPrefix("'") ? "\\&" + text : text
    }
}
