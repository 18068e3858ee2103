/// Text as a terminal shows it: in columns, and in the characters that it has.
enum TerminalText {
    /// How many columns a text takes.
    static func columns(of text: String) -> Int { text.unicodeScalars.reduce(0) { $0 + columns(of: $1) } }

    /// The beginning of a text that takes no more than `width` columns, with an ellipsis where something is missing.
    static func cut(_ text: String, to width: Int) -> String {
        guard columns(of: text) > width else { return text }
        return String(head(text.unicodeScalars[...], to: width - 1)) + "…"
    }

    /// Lines of at most `width` columns, broken at blanks where there are any; at least one line.
    static func wrapped(_ text: String, to width: Int) -> [String] {
        var lines: [String] = []
        var rest = text.unicodeScalars[...]
        while columns(of: String(rest)) > width {
            var piece = head(rest, to: width)
            // A character wider than the line has a line of its own.
            if piece.isEmpty { piece = rest.prefix(1) }
            let isBroken = piece.endIndex < rest.endIndex && rest[piece.endIndex] != " "
            if isBroken, let blank = piece.lastIndex(of: " "), blank > piece.startIndex { piece = piece[..<blank] }
            lines.append(String(piece))
            rest = rest[piece.endIndex...].drop { $0 == " " }
        }
        if !rest.isEmpty || lines.isEmpty { lines.append(String(rest)) }
        return lines
    }

    private static func head(
        _ text: Substring.UnicodeScalarView,
        to width: Int
    ) -> Substring.UnicodeScalarView {
        var used = 0
        var end = text.startIndex
        while end < text.endIndex {
            used += columns(of: text[end])
            if used > width { break }
            end = text.index(after: end)
        }
        return text[..<end]
    }

    /// Hebrew, Arabic and their neighbours, and their presentation forms.
    static func hasRightToLeft(_ text: String) -> Bool {
        text.unicodeScalars.contains { scalar in
            switch scalar.value {
            case 0x590...0x8FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFF, 0x10800...0x10FFF, 0x1E800...0x1EFFF: true
            default: false
            }
        }
    }

    /// For a terminal whose charset is not UTF-8: what stands for a sign of ours, and `?` for each column of other text.
    static func ascii(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case _ where scalar.isASCII: result.unicodeScalars.append(scalar)
            // One column each, so that tables stay in line.
            case "…": result += "~"
            case "“", "”": result += "\""
            case "‘", "’": result += "'"
            case "×": result += "x"
            case "→": result += ">"
            case "–", "—": result += "-"
            default: result += String(repeating: "?", count: columns(of: scalar))
            }
        }
        return result
    }

    /// After Unicode's East Asian Width (UAX #11): wide and full-width count two; marks, joiners and the vowels and
    /// finals of a Hangul syllable that is written in parts count none.
    private static func columns(of scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0..<0x300: return 1
        case 0x1160...0x11FF, 0xFE00...0xFE0F: return 0
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            return 2
        case 0x1F1E6...0x1F1FF: return 1  // two of them are a flag
        default:
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .enclosingMark, .format: return 0
            default: return scalar.properties.isEmojiPresentation ? 2 : 1
            }
        }
    }
}
