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

    // MARK: - bash

    private static var bash: String {
        let names = CompletionWords.commandNames.joined(separator: " ")
        let options = allCommands.map { command in
            "        \(command.name)) words=\"\(CompletionWords.options(command).map(\.name).joined(separator: " "))\" ;;"
        }
        return """
            # bash completion for gatehouse
            _gatehouse() {
                local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" words=""
                COMPREPLY=()
                if [ "$COMP_CWORD" -eq 1 ]; then
                    COMPREPLY=($(compgen -W "\(names) --help --version" -- "$current"))
                    return
                fi
                # bash makes a word of the equals sign in --option=value.
                if [ "$current" = "=" ]; then
                    current=""
                elif [ "$previous" = "=" ]; then
                    previous="${COMP_WORDS[COMP_CWORD-2]}"
                fi
                case "${COMP_WORDS[1]} $previous" in
            \(bashValues.joined(separator: "\n"))
                esac
                if [ -n "$words" ]; then
                    COMPREPLY=($(compgen -W "$words" -- "$current"))
                    return
                fi
                case "${COMP_WORDS[1]}" in
            \(options.joined(separator: "\n"))
                esac
                case "$current" in
                    -*) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
                    *) COMPREPLY=($(compgen -f -- "$current")) ;;
                esac
            }
            complete -o filenames -F _gatehouse gatehouse
            """
    }

    /// What may stand behind an option that lists its values, and behind a command that lists its words.
    private static var bashValues: [String] {
        var lines: [String] = []
        for command in allCommands {
            let words = CompletionWords.first(command)
            if !words.isEmpty {
                lines.append(
                    "        \"\(command.name) \(command.name)\") words=\"\(words.joined(separator: " "))\" ;;"
                )
            }
            for option in command.options where option.value != nil && !option.choices.isEmpty {
                let choices = option.choices.joined(separator: " ")
                lines.append("        \"\(command.name) \(option.name)\") words=\"\(choices)\" ;;")
            }
        }
        return lines
    }

    // MARK: - zsh

    private static var zsh: String {
        let commands = allCommands.map { "        '\($0.name):\(zshQuoted($0.summary))'" }
        let cases = allCommands.map { command in
            let words = CompletionWords.options(command).map { option in
                "'*\(option.name)[\(zshQuoted(option.summary))]\(zshValue(option))'"
            }
            let first = CompletionWords.first(command)
            let place = first.isEmpty ? "" : " '1:word:(\(first.joined(separator: " ")))'"
            return "        \(command.name)) _arguments \(words.joined(separator: " "))\(place) '*:file:_files' ;;"
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

    private static func zshValue(_ option: OptionSpecification) -> String {
        guard let value = option.value else { return "" }
        let action = option.choices.isEmpty ? "_files" : "(\(option.choices.joined(separator: " ")))"
        return ":\(zshQuoted(value)):\(action)"
    }

    private static func zshQuoted(_ text: String) -> String {
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

    // MARK: - fish

    private static var fish: String {
        var lines = ["# fish completion for gatehouse"]
        for command in allCommands {
            lines.append(
                "complete -c gatehouse -n __fish_use_subcommand -f -a \(command.name) -d \(fishQuoted(command.summary))"
            )
            let words = CompletionWords.first(command).joined(separator: " ")
            if !words.isEmpty {
                let condition =
                    "'__fish_seen_subcommand_from \(command.name); and test (count (commandline -opc)) -eq 2'"
                lines.append("complete -c gatehouse -n \(condition) -f -a '\(words)'")
            }
            for option in CompletionWords.options(command) {
                let name = option.name.drop { $0 == "-" }
                let condition = "'__fish_seen_subcommand_from \(command.name)'"
                lines.append(
                    "complete -c gatehouse -n \(condition) -l \(name)\(fishValue(option)) -d \(fishQuoted(option.summary))"
                )
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func fishValue(_ option: OptionSpecification) -> String {
        guard option.value != nil else { return "" }
        return option.choices.isEmpty ? " -r" : " -x -a '\(option.choices.joined(separator: " "))'"
    }

    private static func fishQuoted(_ text: String) -> String {
        "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
    }
}
