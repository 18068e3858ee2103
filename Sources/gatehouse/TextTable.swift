import GatehouseCore

/// Columns that line up on a terminal, wide characters (Chinese, Japanese, Korean, emoji) included.
struct TextTable {
    private let header: [String]
    private var rows: [[String]] = []
    /// The column that is cut where a line would not fit.
    private let flexibleColumn: Int

    init(_ header: [String], flexible: Int) {
        self.header = header
        flexibleColumn = flexible
    }

    /// Cells come from outside as often as not: control characters are shown, never obeyed.
    mutating func add(_ cells: [String]) { rows.append(cells.map(UnicodeText.printable)) }

    func lines(width: Int?) -> [String] {
        let all = [header] + rows
        var widths = header.indices.map { column in all.map { Self.columns(of: $0[column]) }.max() ?? 0 }
        if let width {
            let others = widths.indices.filter { $0 != flexibleColumn }.reduce(0) { $0 + widths[$1] + 2 }
            widths[flexibleColumn] = min(widths[flexibleColumn], max(16, width - others))
        }
        return all.map { row in
            let cells = row.indices.map { column -> String in
                let cell = Self.cut(row[column], to: widths[column])
                guard column < row.count - 1 else { return cell }
                return cell + String(repeating: " ", count: widths[column] - Self.columns(of: cell) + 2)
            }
            return cells.joined()
        }
    }

    /// How many terminal columns a text takes.
    static func columns(of text: String) -> Int { text.unicodeScalars.reduce(0) { $0 + columns(of: $1) } }

    private static func cut(_ text: String, to width: Int) -> String {
        guard columns(of: text) > width else { return text }
        var result = String.UnicodeScalarView()
        var used = 0
        for scalar in text.unicodeScalars {
            let next = columns(of: scalar)
            guard used + next <= width - 1 else { break }
            used += next
            result.append(scalar)
        }
        return String(result) + "…"
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
