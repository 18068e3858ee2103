import GatehouseCore

/// Columns that line up on a terminal, wide characters (Chinese, Japanese, Korean, emoji) included.
///
/// Where a terminal is too narrow, columns that tell least go first; where that is not enough, each row becomes a few lines
/// of its own, a name and a value each. Nothing is ever broken in the middle by the terminal.
struct TextTable {
    private let header: [String]
    private var rows: [[String]] = []
    /// The column that gives way where a line would not fit.
    private let flexibleColumn: Int
    /// Whether it goes on in the next line, or is cut.
    private let wraps: Bool
    /// Columns that a narrow terminal goes without, the first one first.
    private let dispensable: [Int]

    /// What the flexible column needs before others go, and in any case.
    private static let comfortable = 24
    private static let least = 16

    init(_ header: [String], flexible: Int, wraps: Bool = false, dispensable: [Int] = []) {
        self.header = header
        flexibleColumn = flexible
        self.wraps = wraps
        self.dispensable = dispensable
    }

    /// Cells come from outside as often as not: control characters are shown, never obeyed.
    mutating func add(_ cells: [String]) { rows.append(cells.map(UnicodeText.printable)) }

    /// - Parameters:
    ///   - width: In columns; nil for as wide as it is.
    ///   - isolates: Keeps a cell from right to left from turning its neighbours, on a terminal that knows how (UAX #9).
    func lines(width: Int?, isolates: Bool = false) -> [String] {
        let all = [header] + rows
        var widths = header.indices.map { column in
            all.map { TerminalText.columns(of: $0[column]) }.max() ?? 0
        }
        var shown = Array(header.indices)
        if let width {
            let wanted = widths[flexibleColumn]
            func others() -> Int { shown.reduce(0) { $1 == flexibleColumn ? $0 : $0 + widths[$1] + 2 } }
            for column in dispensable where others() + min(wanted, Self.comfortable) > width {
                shown.removeAll { $0 == column }
            }
            guard others() + min(wanted, Self.least) <= width else { return stacked(width) }
            widths[flexibleColumn] = min(wanted, max(Self.least, width - others()))
        }
        return all.flatMap { row in lines(of: row, shown, widths, isolates: isolates) }
    }

    private func lines(of row: [String], _ shown: [Int], _ widths: [Int], isolates: Bool) -> [String] {
        let flexible =
            wraps
            ? TerminalText.wrapped(row[flexibleColumn], to: widths[flexibleColumn])
            : [TerminalText.cut(row[flexibleColumn], to: widths[flexibleColumn])]
        return flexible.enumerated().map { index, piece in
            var line = ""
            for column in shown {
                var cell = column == flexibleColumn ? piece : index == 0 ? row[column] : ""
                let isLast = column == shown.last
                let padding = isLast ? 0 : widths[column] - TerminalText.columns(of: cell) + 2
                if isolates, !isLast, TerminalText.hasRightToLeft(cell) { cell = "\u{2068}\(cell)\u{2069}" }
                line += cell + String(repeating: " ", count: max(0, padding))
            }
            return line
        }
    }

    /// Each row as lines of a name and a value, with an empty line between two rows.
    private func stacked(_ width: Int) -> [String] {
        let names = (header.map(TerminalText.columns).max() ?? 0) + 2
        var lines: [String] = []
        for row in rows {
            if !lines.isEmpty { lines.append("") }
            for (name, cell) in zip(header, row) where !cell.isEmpty {
                let pieces = TerminalText.wrapped(cell, to: max(Self.least, width - names))
                for (index, piece) in pieces.enumerated() {
                    let label = index == 0 ? name : ""
                    lines.append(label + String(repeating: " ", count: names - TerminalText.columns(of: label)) + piece)
                }
            }
        }
        return lines
    }

    /// How many terminal columns a text takes.
    static func columns(of text: String) -> Int { TerminalText.columns(of: text) }
}
