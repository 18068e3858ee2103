import GatehouseCore
import GatehouseStore

/// What a report tells, in the order and in the words in which it is shown: the page and the terminal print the same.
struct ReportFigures {
    /// A table of counts, each with its share of the largest.
    struct Section {
        let title: String
        /// What a row is: "Channel".
        let label: String
        let rows: [Activity.Count]
        /// Of what the rows are parts; nil where a message may be in several rows.
        let total: Int?
        /// What a reader may ask.
        let note: String?

        init(_ title: String, _ label: String, _ rows: [Activity.Count], total: Int? = nil, note: String? = nil) {
            self.title = title
            self.label = label
            self.rows = rows
            self.total = total
            self.note = note
        }
    }

    /// A column of a chart over time.
    struct Column {
        /// `2026-03-15`, or an hour of the day, `09`.
        let label: String
        /// By urgency, the lowest first.
        var counts: [Int] = [0, 0, 0, 0]
        var total: Int { counts.reduce(0, +) }
    }

    let since: Timestamp
    let until: Timestamp
    let zone: TimeZoneTable?
    let activity: Activity
    let workload: Workload
    let days: [Column]
    let hours: [Column]

    init(_ activity: Activity, _ workload: Workload, since: Timestamp, until: Timestamp, zone: TimeZoneTable?) {
        self.since = since
        self.until = until
        self.zone = zone
        self.activity = activity
        self.workload = workload
        (days, hours) = Self.columns(workload.quarters, since: since, until: until, zone: zone)
    }

    var zoneName: String { zone?.name ?? "UTC" }

    func date(_ time: Timestamp) -> String {
        let local = CivilTime(time, offsetSeconds: zone?.offset(at: time) ?? 0)
        return "\(Self.day(local)) \(Self.padded(local.hour)):\(Self.padded(local.minute))"
    }

    private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func day(_ local: CivilTime) -> String {
        "\(local.year)-\(padded(local.month))-\(padded(local.day))"
    }

    /// Every day of the span, also those without a message; of a longer one than 400 days its last from the first message on.
    private static func columns(
        _ quarters: [Workload.Quarter],
        since: Timestamp,
        until: Timestamp,
        zone: TimeZoneTable?
    ) -> ([Column], [Column]) {
        func local(_ time: Timestamp) -> CivilTime { CivilTime(time, offsetSeconds: zone?.offset(at: time) ?? 0) }
        var days: [Column] = []
        var places: [String: Int] = [:]
        let longest = until.milliseconds - 400 * 86_400_000
        let first = quarters.first?.start.milliseconds ?? until.milliseconds
        var time = since.milliseconds >= longest ? since.milliseconds : max(first, longest)
        while time < until.milliseconds + 86_400_000, days.count <= 401 {
            let name = day(local(Timestamp(milliseconds: min(time, until.milliseconds))))
            if places[name] == nil {
                places[name] = days.count
                days.append(Column(label: name))
            }
            time += 12 * 3_600_000  // twice a day, so that a day of 23 hours is not missed
        }
        var hours = (0..<24).map { Column(label: padded($0)) }
        for quarter in quarters {
            let civil = local(quarter.start)
            hours[civil.hour].counts[quarter.urgency.rank] += quarter.count
            if let place = places[day(civil)] { days[place].counts[quarter.urgency.rank] += quarter.count }
        }
        return (days, hours)
    }

    var sections: [Section] {
        let messages = activity.messages
        let facets = workload.facets
        return [
            Section("By urgency", "Urgency", activity.byUrgency, total: messages),
            Section("By channel", "Channel", activity.byChannel, total: messages),
            Section("By language", "Language", Array(activity.byLanguage.prefix(15)), total: messages),
            Section(
                "By topic",
                "Topic",
                facets[.topic] ?? [],
                note: "A message may have several topics; mail that machines send has none."
            ),
            Section("By queue", "Queue", facets[.queue] ?? [], note: "Where routing names one."),
            Section("From arrival to ticket", "Within", delays),
            Section(
                "Came again",
                "Channel of the first",
                workload.repeatsByChannel,
                note: "Duplicates open no ticket."
            ),
            Section(
                "No message",
                "Kind",
                Array(activity.ignoredByKind.prefix(15)),
                note: "Recognised, counted, not kept."
            ),
            Section("Secrets removed", "Kind", facets[.redaction] ?? []),
            Section("Dangers flagged", "Flag", facets[.flag] ?? []),
        ]
    }

    private var delays: [Activity.Count] {
        guard workload.delays.contains(where: { $0 > 0 }) else { return [] }
        let names = ["10 seconds", "1 minute", "5 minutes", "30 minutes", "2 hours", "longer"]
        return zip(names, workload.delays).map { Activity.Count(name: $0, count: $1) }
    }

    /// The few figures that stand on top.
    var headline: [(name: String, value: String)] {
        let states = activity.targets.reduce(into: [OutboxState: Int]()) { sums, target in
            for (state, count) in target.states { sums[state, default: 0] += count }
        }
        return [
            ("messages", "\(activity.messages)"),
            ("critical", "\(activity.byUrgency.first { $0.name == UrgencyLevel.critical.rawValue }?.count ?? 0)"),
            ("sent", "\(states[.sent] ?? 0)"),
            ("waiting", "\(states[.ready] ?? 0)"),
            ("held", "\(states[.held] ?? 0)"),
            ("dead letters", "\(states[.dead] ?? 0)"),
            ("came again", "\(activity.repeats)"),
            ("secrets removed", "\((workload.facets[.redaction] ?? []).reduce(0) { $0 + $1.count })"),
        ]
    }

    /// "withdrawal by email: 84 in the last 24 hours, usually 12 a day"
    var surges: [String] {
        workload.surges.map { surge in
            let usual = (surge.usual * 10).rounded() / 10
            return
                "\(surge.topic) by \(surge.channel.rawValue): \(surge.count) in the last 24 hours, usually \(usual) a day"
        }
    }
}
