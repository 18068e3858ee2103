/// The reference of the configuration as a page of the manual (Markdown) and as gatehouse.jsonc(5) (man(7)).
extension ConfigurationReference {
    var markdown: String {
        var lines = [
            "# Configuration reference", "",
            "Every key, as the schema has it: this page is made by `make reference`. What the keys are for, with examples:",
            "[configuration.md](configuration.md).",
        ]
        for section in sections {
            lines += ["", "## " + (section.title.isEmpty ? "The file" : "`\(section.title)`"), ""]
            if !section.meaning.isEmpty { lines += [Self.escaped(section.meaning), ""] }
            lines += ["| key | value | meaning |", "|---|---|---|"]
            for key in section.keys {
                let required = key.isRequired ? "**Required.** " : ""
                let meaning = required + Self.escaped(key.meaning)
                let cells = ["`\(key.name)`", key.value.map(Self.markdown).joined(), meaning]
                lines.append("| " + cells.joined(separator: " | ").trimmingEnd() + " |")
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func markdown(_ piece: Piece) -> String {
        switch piece {
        case .text(let words): words
        case .code(let words): "`\(words)`"
        case .section(let title): "[`\(title)`](#\(anchor(title)))"
        }
    }

    /// As a page's heading is addressed: letters, digits, underscores and dashes, in lower case.
    private static func anchor(_ title: String) -> String {
        String(
            decoding: title.lowercased().utf8.filter { byte in
                CompletionWords.isPlain(byte) && byte != UInt8(ascii: ".")
            },
            as: UTF8.self
        )
    }

    /// A bar would end the table's cell.
    private static func escaped(_ text: String) -> String { text.replacing("|", with: "\\|") }

    var manualPage: String {
        var lines = [".TH GATEHOUSE.JSONC 5 \"\" \"gatehouse \(Gatehouse.version)\" \"File Formats\""]
        lines += [".SH NAME", "gatehouse.jsonc \\- configuration of gatehouse(1)", ".SH DESCRIPTION"]
        for section in sections {
            if !section.title.isEmpty { lines.append(".SH \"\(Roff.escaped(section.title))\"") }
            if !section.meaning.isEmpty { lines.append(Roff.escaped(section.meaning)) }
            for key in section.keys {
                let value = key.value.map(Self.roff).joined()
                let words = [key.isRequired ? "Required." : "", Roff.escaped(key.meaning)].filter { !$0.isEmpty }
                lines += [".TP", "\\fB\(Roff.escaped(key.name))\\fR: \(value)"]
                lines.append(words.isEmpty ? "\\&" : words.joined(separator: " "))
            }
        }
        lines += [".SH SEE ALSO", ".BR gatehouse (1)"]
        return lines.joined(separator: "\n")
    }

    private static func roff(_ piece: Piece) -> String {
        switch piece {
        case .text(let words): Roff.escaped(words)
        case .code(let words): Roff.escaped(words)
        case .section(let title): "see \\fI\(Roff.escaped(title))\\fR"
        }
    }
}

extension String {
    fileprivate func trimmingEnd() -> String {
        var result = Substring(self)
        while result.last == " " { result.removeLast() }
        return String(result)
    }
}
