import GatehousePipeline

/// Which words a shell may offer, read from the same specification as `--help`.
extension OptionSpecification {
    /// What the value may be, where the summary lists it after "one of:"; empty where it is free.
    var choices: [String] {
        if name == "--format" { return formatResolver.formatNames }
        guard let words = summary.firstRange(of: "one of: ") else { return [] }
        return summary[words.upperBound...].prefix { $0 != ";" }.split(separator: ",").map { word in
            String(word.drop { $0 == " " })
        }.filter { word in word.utf8.allSatisfy { CompletionWords.isPlain($0) } }
    }
}

enum CompletionWords {
    static var commandNames: [String] { allCommands.map { $0.name } }

    static func options(_ command: any Command.Type) -> [OptionSpecification] {
        command.options + [OptionSpecification("--help", nil, "show this text")]
    }

    /// What stands first behind the command's name, where its usage lists words: `list … | retry … | drop …`.
    static func first(_ command: any Command.Type) -> [String] {
        if command.name == HelpCommand.name { return commandNames }
        var words: [String] = []
        for alternative in command.usage.split(separator: "|") {
            let word = String(alternative.drop { $0 == " " }.prefix { $0 != " " })
            let isWord = !word.isEmpty && word.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x35 }
            if isWord, !words.contains(word) { words.append(word) }
        }
        return words
    }

    /// Letters, digits, dot, dash, underscore: what needs no quoting in any shell.
    static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
        default: false
        }
    }
}
