import Foundation

/// A page of the manual, as far as it shows commands: its blocks that are marked as `console`.
///
/// Such a block is a session: `$ ` begins a command, a line that ends in a backslash goes on, `<<'END'` goes on to the line `END`, and
/// what stands below is what the command prints, words for people included. `…` stands for any text in a line, and alone in a line for
/// any number of lines. Blocks `console root` have the same form, and are run by the scripts in `integrations`.
struct ManualSession {
    struct Command {
        let line: Int
        var text: String
        var expected: [String] = []
    }

    let commands: [Command]

    init(markdown: String) {
        var commands: [Command] = []
        var isInside = false
        var goesOn = false
        for (index, line) in markdown.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("```") {
                isInside = !isInside && line == "```console"
                continue
            }
            guard isInside else { continue }
            if goesOn {
                commands[commands.count - 1].text += "\n" + line
            } else if line.hasPrefix("$ ") {
                commands.append(Command(line: index + 1, text: String(line.dropFirst(2))))
            } else if !commands.isEmpty {
                commands[commands.count - 1].expected.append(String(line))
                continue
            }
            let isOpen = commands.last?.text.contains("<<'END'") == true && line != "END"
            goesOn = line.hasSuffix("\\") || isOpen
        }
        for index in commands.indices {
            while commands[index].expected.last?.isEmpty == true { commands[index].expected.removeLast() }
        }
        self.commands = commands
    }

    /// One bash script for the whole session, so that variables and the folder stay; each command's output goes to a file of its own.
    func script(outputs: URL) -> String {
        let folder = outputs.path()
        let start = "trap 'kill $(jobs -p) 2>/dev/null' EXIT\n"
        return start
            + commands.enumerated().map { index, command in
                // A here-document's end has to stand alone, and its command keeps its own input.
                let input = command.text.contains("<<'END'") ? "" : " </dev/null"
                return "{\n\(command.text)\n} >'\(folder)/\(index)' 2>&1\(input)"
            }.joined(separator: "\n") + "\n"
    }

    /// - Returns: The first line that differs, told to a person; nil where all is as it is shown.
    static func difference(printed: String, expected: [String]) -> String? {
        var lines = printed.split(separator: "\n", omittingEmptySubsequences: false).map { Self.trimmed(String($0)) }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return difference(lines[...], expected.map(Self.trimmed)[...])
    }

    private static func difference(_ lines: ArraySlice<String>, _ expected: ArraySlice<String>) -> String? {
        var lines = lines
        var expected = expected
        while let wanted = expected.first {
            expected.removeFirst()
            if wanted == "…" {
                guard let next = expected.first else { return nil }
                guard let found = lines.firstIndex(where: { matches($0, next) }) else {
                    return "no line is like: \(next)"
                }
                lines = lines[found...]
                continue
            }
            guard let line = lines.first else { return "is missing: \(wanted)" }
            guard matches(line, wanted) else { return "printed: \(line)\nshown:   \(wanted)" }
            lines.removeFirst()
        }
        return lines.first.map { "printed, but not shown: \($0)" }
    }

    /// Whether `…` in `pattern` can stand for something so that it becomes `line`.
    static func matches(_ line: String, _ pattern: String) -> Bool {
        var pieces = pattern.components(separatedBy: "…")
        guard pieces.count > 1 else { return line == pattern }
        let (first, last) = (pieces.removeFirst(), pieces.removeLast())
        guard line.hasPrefix(first), line.count >= first.count + last.count, line.hasSuffix(last) else { return false }
        var rest = line.dropFirst(first.count).dropLast(last.count)
        for piece in pieces where !piece.isEmpty {
            guard let found = rest.range(of: piece) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }

    private static func trimmed(_ line: String) -> String {
        var line = Substring(line)
        while line.last == " " { line.removeLast() }
        return String(line)
    }
}
