import GatehouseCore
import GatehouseStore

/// The report as lines for a terminal or a mail.
struct ReportText {
    let figures: ReportFigures
    /// Whether the terminal can show block characters; otherwise bars are of `#`.
    let hasBlocks: Bool

    private static let barWidth = 24

    func print() {
        Console.print(
            "Gatehouse, \(figures.date(figures.since)) to \(figures.date(figures.until)) (\(figures.zoneName))"
        )
        Console.print(figures.headline.map { "\($0.value) \($0.name)" }.joined(separator: ", "))
        for surge in figures.surges { Console.print("SURGE: \(UnicodeText.printable(surge))") }
        let days = figures.days.suffix(31).map { Activity.Count(name: $0.label, count: $0.total) }
        section(ReportFigures.Section("By day", "Day", days, total: figures.activity.messages))
        let hours = figures.hours.map { Activity.Count(name: $0.label, count: $0.total) }
        if figures.activity.messages > 0 {
            section(ReportFigures.Section("By hour of the day", "Hour", hours, total: figures.activity.messages))
        }
        for entry in figures.sections { section(entry) }
        targets()
        refusals()
    }

    private func section(_ section: ReportFigures.Section) {
        guard let largest = section.rows.map(\.count).max(), largest > 0 else { return }
        Console.print("")
        var table = TextTable([section.label.uppercased(), "COUNT", section.title], flexible: 0)
        for row in section.rows {
            let filled = (row.count * Self.barWidth + largest / 2) / largest
            table.add([row.name, String(row.count), String(repeating: hasBlocks ? "█" : "#", count: filled)])
        }
        Console.print(table, pipeWidth: 100)
    }

    private func targets() {
        guard !figures.activity.targets.isEmpty else { return }
        Console.print("")
        Console.print(TextTable(figures.activity.targets))
    }

    private func refusals() {
        guard !figures.workload.refusals.isEmpty else { return }
        Console.print("")
        var table = TextTable(["DEAD AT", "COUNT", "REASON"], flexible: 2, wraps: true)
        for refusal in figures.workload.refusals { table.add([refusal.target, String(refusal.count), refusal.reason]) }
        Console.print(table, pipeWidth: 120)
    }
}
