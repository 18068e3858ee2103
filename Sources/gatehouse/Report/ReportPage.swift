import GatehouseCore
import GatehouseStore

/// The report as one page of HTML that needs nothing from elsewhere: no script, no font, no picture.
///
/// Every chart has its figures as a table: bars stand in the rows of theirs, columns have one that folds out.
struct ReportPage {
    let figures: ReportFigures

    var html: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <meta name="referrer" content="no-referrer">
        <title>Gatehouse report, \(Self.escaped(figures.date(figures.until)))</title>
        <style>
        \(ReportStyle.sheet)
        </style>
        </head>
        <body>
        <header>
        <h1>Gatehouse report</h1>
        <p>\(Self.escaped("\(figures.date(figures.since)) to \(figures.date(figures.until)) (\(figures.zoneName))"))</p>
        </header>
        <main>
        \(headline)
        \(surges)
        \(chart(figures.days, title: "Messages by day", label: "Day"))
        \(chart(figures.hours, title: "Messages by hour of the day", label: "Hour"))
        <div class="grid">
        \(figures.sections.map(bars).joined(separator: "\n"))
        </div>
        \(targets)
        \(refusals)
        </main>
        <footer><p>Messages are counted by when they were stored; inputs that were none, by whole days (UTC).</p></footer>
        </body>
        </html>

        """
    }

    private var headline: String {
        let items = figures.headline.map { "<div><dt>\($0.name)</dt><dd>\($0.value)</dd></div>" }
        return "<dl class=\"headline\">\(items.joined())</dl>"
    }

    private var surges: String {
        let surges = figures.surges
        guard !surges.isEmpty else { return "" }
        let items = surges.map { "<li>\(Self.escaped($0))</li>" }.joined()
        return "<section class=\"surges\"><h2>Surges</h2><ul>\(items)</ul></section>"
    }

    // MARK: Charts

    /// Columns stacked by urgency, the most urgent at the foot, where they are best compared.
    private func chart(_ columns: [ReportFigures.Column], title: String, label: String) -> String {
        guard let largest = columns.map(\.total).max(), largest > 0 else { return "" }
        let width = 100.0 / Double(columns.count)
        let levels = UrgencyLevel.allCases.sorted { $0.rank > $1.rank }
        var shapes = ""
        for (index, column) in columns.enumerated() where column.total > 0 {
            var foot = 100.0
            var pieces = ""
            for level in levels where column.counts[level.rank] > 0 {
                let height = Double(column.counts[level.rank]) * 100 / Double(largest)
                foot -= height
                pieces +=
                    "<rect class=\"\(level.rawValue)\" x=\"\(Self.number(Double(index) * width + width * 0.1))\" "
                    + "y=\"\(Self.number(foot))\" width=\"\(Self.number(width * 0.8))\" height=\"\(Self.number(height))\"/>"
            }
            let words = levels.filter { column.counts[$0.rank] > 0 }.map { "\(column.counts[$0.rank]) \($0.rawValue)" }
            shapes += "<g><title>\(column.label): \(words.joined(separator: ", "))</title>\(pieces)</g>"
        }
        let legend = levels.map { "<li class=\"\($0.rawValue)\">\($0.rawValue)</li>" }.joined()
        return """
            <section>
            <h2>\(title)</h2>
            <figure>
            <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" \
            aria-label="\(title): at most \(largest), see the table below">\(shapes)</svg>
            <div class="axis" aria-hidden="true">\(axis(columns))</div>
            <figcaption><ul class="legend">\(legend)</ul>at most \(largest)</figcaption>
            </figure>
            <details><summary>The figures as a table</summary>\(table(columns, label, levels))</details>
            </section>
            """
    }

    /// The first, the middle and the last label: more would not fit on a telephone.
    private func axis(_ columns: [ReportFigures.Column]) -> String {
        let places = columns.count < 3 ? Array(columns.indices) : [0, columns.count / 2, columns.count - 1]
        return places.map { "<span>\(columns[$0].label)</span>" }.joined()
    }

    private func table(_ columns: [ReportFigures.Column], _ label: String, _ levels: [UrgencyLevel]) -> String {
        let names = levels.map { "<th scope=\"col\" class=\"n\">\($0.rawValue)</th>" }.joined()
        let rows = columns.map { column in
            let cells = levels.map { "<td class=\"n\">\(column.counts[$0.rank])</td>" }.joined()
            return "<tr><th scope=\"row\">\(column.label)</th>\(cells)<td class=\"n\">\(column.total)</td></tr>"
        }
        return """
            <div class="scroll"><table><thead><tr><th scope="col">\(label)</th>\(names)\
            <th scope="col" class="n">all</th></tr></thead><tbody>\(rows.joined(separator: "\n"))</tbody></table></div>
            """
    }

    /// A table whose rows hold their bars.
    private func bars(_ section: ReportFigures.Section) -> String {
        guard let largest = section.rows.map(\.count).max(), largest > 0 else { return "" }
        let rows = section.rows.map { row in
            let share = section.total.map { $0 > 0 ? "\((row.count * 1000 / $0 + 5) / 10) %" : "" } ?? ""
            let length = Self.number(Double(row.count) * 100 / Double(largest))
            let level = section.label == "Urgency" ? " \(Self.escaped(row.name))" : ""
            return "<tr><th scope=\"row\">\(Self.escaped(row.name))</th><td class=\"n\">\(row.count)</td>"
                + (section.total == nil ? "" : "<td class=\"n\">\(share)</td>")
                + "<td class=\"bar\">"
                + (row.count > 0 ? "<span class=\"fill\(level)\" style=\"width:\(length)%\"></span>" : "")
                + "</td></tr>"
        }
        let share = section.total == nil ? "" : "<th scope=\"col\" class=\"n\">Share</th>"
        return """
            <section>
            <h2>\(Self.escaped(section.title))</h2>
            <table><thead><tr><th scope="col">\(Self.escaped(section.label))</th>\
            <th scope="col" class="n">Count</th>\(share)<td></td></tr></thead>
            <tbody>\(rows.joined(separator: "\n"))</tbody></table>
            \(section.note.map { "<p class=\"note\">\(Self.escaped($0))</p>" } ?? "")
            </section>
            """
    }

    // MARK: Tables

    private var targets: String {
        let targets = figures.activity.targets
        guard !targets.isEmpty else { return "" }
        let names = OutboxState.allCases.map { "<th scope=\"col\" class=\"n\">\(Self.spelled($0.rawValue))</th>" }
            .joined()
        let rows = targets.map { target in
            let cells = OutboxState.allCases.map { "<td class=\"n\">\(target.states[$0] ?? 0)</td>" }.joined()
            let times = [target.medianSeconds, target.slowSeconds].map {
                "<td class=\"n\">\(TimeWords.text(ofSeconds: $0))</td>"
            }
            return "<tr><th scope=\"row\">\(Self.escaped(target.name))</th>\(cells)\(times.joined())</tr>"
        }
        return """
            <section><h2>Targets</h2><div class="scroll"><table><thead><tr><th scope="col">Target</th>\(names)\
            <th scope="col" class="n">half within</th><th scope="col" class="n">95&nbsp;% within</th></tr></thead>
            <tbody>\(rows.joined(separator: "\n"))</tbody></table></div></section>
            """
    }

    private var refusals: String {
        let refusals = figures.workload.refusals
        guard !refusals.isEmpty else { return "" }
        let rows = refusals.map {
            "<tr><th scope=\"row\">\(Self.escaped($0.target))</th><td class=\"n\">\($0.count)</td>"
                + "<td>\(Self.escaped($0.reason))</td></tr>"
        }
        return """
            <section><h2>Dead letters</h2><div class="scroll"><table><thead><tr><th scope="col">Target</th>\
            <th scope="col" class="n">Count</th><th scope="col">Reason</th></tr></thead>
            <tbody>\(rows.joined(separator: "\n"))</tbody></table></div>
            <p class="note"><code>gatehouse dead list</code> shows each.</p></section>
            """
    }

    private static func spelled(_ name: String) -> String { name == "not_due" ? "not due" : name }

    /// Two decimals: a page of a year's days stays small.
    private static func number(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }

    /// Text from outside, as HTML shows it; control characters are shown, too.
    static func escaped(_ text: String) -> String { HTMLEscape.text(UnicodeText.printable(text)) }
}
