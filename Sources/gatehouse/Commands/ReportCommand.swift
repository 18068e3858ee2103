import GatehouseCore
import GatehouseStore
import Glibc

struct ReportCommand: Command {
    static let name = "report"
    static let usage = "[--since WHEN] [--html FILE | --json]"
    static let summary = "Sums up a span of time for the team: as text, or as one page of HTML."
    static let details = """
        Volume by day, hour, channel, language, urgency, topic and queue; how long it took from arrival to ticket; what came
        again, dead letters, secrets removed, and topics that surge. Days and hours are those of defaults.time_zone. The
        page needs nothing from elsewhere, and holds counts alone: no name, no address, no customer's words. The file is
        written in one step; '-' is standard output.
        """
    static let options = [
        OptionSpecification.configuration,
        OptionSpecification("--since", "WHEN", "a date, or a span such as 24h or 4w; default 7d"),
        OptionSpecification("--html", "FILE", "write a page instead of text"),
        OptionSpecification.json,
    ]
    static let examples = ["gatehouse report", "gatehouse report --since 4w --html report.html"]

    private let workspace: Workspace
    private let since: Timestamp
    private let now: Timestamp
    private let page: String?
    private let isJSON: Bool

    init(_ arguments: Arguments) throws {
        try arguments.expectPositional(0...0, "")
        now = Timestamp.now()
        let week = Timestamp(milliseconds: now.milliseconds - 7 * 86_400_000)
        since = try arguments.moment("--since", now: now) ?? week
        page = try arguments.value("--html")
        isJSON = arguments.has("--json")
        if isJSON, page != nil { throw UsageError("--html and --json are two forms of one report: name one of them") }
        workspace = try Workspace(arguments)
    }

    func run() throws -> ExitCode {
        let store = try workspace.openStore(create: false)
        let figures = try ReportFigures(
            store.activity(since: since),
            store.workload(since: since, now: now),
            since: since,
            until: now,
            zone: workspace.configuration.timeZone.flatMap { TimeZoneTable(name: $0) }
        )
        if isJSON {
            Console.print(figures.json)
            return .success
        }
        guard let page else {
            ReportText(figures: figures, hasBlocks: Console.showsUnicode).print()
            return .success
        }
        let html = Array(ReportPage(figures: figures).html.utf8)
        if page == "-" { Console.write(html) } else { try WholeFile.replace(page, with: html, mode: 0o640) }
        return .success
    }
}
