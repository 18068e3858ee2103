package import GatehouseCore

/// How the work of a desk was spread over a span of time: what `gatehouse report` shows beside `Activity`.
package struct Workload: Sendable {
    /// Messages of one quarter of an hour; every zone's offset from UTC is a multiple of it.
    package struct Quarter: Sendable {
        package let start: Timestamp
        package let urgency: UrgencyLevel
        package let count: Int

        package init(start: Timestamp, urgency: UrgencyLevel, count: Int) {
            (self.start, self.urgency, self.count) = (start, urgency, count)
        }
    }

    /// A reason for which messages were not taken, by target.
    package struct Refusal: Sendable, Equatable {
        package let target: String
        package let reason: String
        package let count: Int

        package init(target: String, reason: String, count: Int) {
            (self.target, self.reason, self.count) = (target, reason, count)
        }
    }

    /// A topic of one channel whose last 24 hours are far above its usual day.
    package struct Surge: Sendable, Equatable {
        package let topic: String
        package let channel: Channel
        package let count: Int
        /// Messages on a usual day: the mean of the days before it in the last four weeks.
        package let usual: Double
    }

    package static let quarterMilliseconds: Int64 = 15 * 60_000

    package var quarters: [Quarter] = []
    package var facets: [Facet: [Activity.Count]] = [:]
    package var refusals: [Refusal] = []
    package var surges: [Surge] = []
    /// Messages that came again, by the channel of the first.
    package var repeatsByChannel: [Activity.Count] = []
    /// Tickets by the time from the commit, in `delayBounds` and one more for those beyond.
    package var delays: [Int] = []
    /// Milliseconds.
    package static let delayBounds: [Int64] = [10_000, 60_000, 300_000, 1_800_000, 7_200_000]

    package init() {}
}

extension Store {
    /// - Parameter since: Counted are messages that were stored at or after it; facets by whole hours.
    package func workload(since: Timestamp, now: Timestamp) throws(StoreError) -> Workload {
        var result = Workload()
        try connection.run("BEGIN")
        defer { try? connection.run("COMMIT") }
        let time = SQLValue.int(since.milliseconds)
        let quarters = """
            SELECT ingested_at / \(Workload.quarterMilliseconds), urgency, count(*) FROM message
            WHERE ingested_at >= ?1 AND ingested_at < ?2 GROUP BY 1, 2 ORDER BY 1
            """
        result.quarters = try connection.all(quarters, time, .int(now.milliseconds + 1)) { row in
            Workload.Quarter(
                start: Timestamp(milliseconds: row.int(0) * Workload.quarterMilliseconds),
                urgency: Self.urgency(rank: row.int(1)),
                count: Int(row.int(2))
            )
        }
        for facet in Facet.allCases { result.facets[facet] = try counts(of: facet, since: since) }
        let repeats = """
            SELECT channel, sum(duplicates) FROM message WHERE ingested_at >= ?1 AND duplicates > 0
            GROUP BY 1 ORDER BY 2 DESC, 1
            """
        result.repeatsByChannel = try connection.all(repeats, time) {
            Activity.Count(name: $0.text(0), count: Int($0.int(1)))
        }
        result.refusals = try refusals(since: time)
        result.delays = try delays(since: time)
        result.surges = try surges(now: now)
        return result
    }

    private func counts(of facet: Facet, since: Timestamp) throws(StoreError) -> [Activity.Count] {
        let sql = "SELECT value, sum(count) FROM facet WHERE name = ?1 AND hour >= ?2 GROUP BY 1 ORDER BY 2 DESC, 1"
        return try connection.all(sql, .text(facet.rawValue), .int(since.milliseconds / 3_600_000)) {
            Activity.Count(name: $0.text(0), count: Int($0.int(1)))
        }
    }

    private func refusals(since: SQLValue) throws(StoreError) -> [Workload.Refusal] {
        let sql = """
            SELECT o.target, coalesce(o.reason, ''), count(*) FROM message m JOIN outbox o ON o.message = m.id
            WHERE m.ingested_at >= ?1 AND o.state = 'dead' GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 50
            """
        return try connection.all(sql, since) {
            Workload.Refusal(target: $0.text(0), reason: $0.text(1), count: Int($0.int(2)))
        }
    }

    private func delays(since: SQLValue) throws(StoreError) -> [Int] {
        let bounds = Workload.delayBounds
        let cases = bounds.enumerated().map { "WHEN wait < \($1) THEN \($0)" }.joined(separator: " ")
        let sql = """
            SELECT CASE \(cases) ELSE \(bounds.count) END, count(*) FROM (
                SELECT o.settled_at - o.created_at AS wait FROM message m JOIN outbox o ON o.message = m.id
                WHERE m.ingested_at >= ?1 AND o.state = 'sent' AND o.settled_at IS NOT NULL
            ) GROUP BY 1
            """
        var counts = [Int](repeating: 0, count: bounds.count + 1)
        for (place, count) in try connection.all(sql, since, take: { (Int($0.int(0)), Int($0.int(1))) }) {
            counts[place] = count
        }
        return counts
    }

    /// Far above: three standard deviations of a Poisson count over the usual day, and at least five messages more.
    private func surges(now: Timestamp) throws(StoreError) -> [Workload.Surge] {
        let hour = now.milliseconds / 3_600_000
        let (recent, usual) = (hour - 23, hour - 24 * 28 - 23)
        // What began within the four weeks is compared with the days since then.
        let sql = """
            SELECT value, channel, sum(CASE WHEN hour >= ?1 THEN count ELSE 0 END),
                sum(CASE WHEN hour < ?1 THEN count ELSE 0 END),
                (SELECT min(hour) FROM facet WHERE name = 'topic' AND hour >= ?2)
            FROM facet WHERE name = 'topic' AND hour >= ?2 AND hour <= ?3 GROUP BY 1, 2
            """
        let rows = try connection.all(sql, .int(recent), .int(usual), .int(hour)) {
            (topic: $0.text(0), channel: $0.text(1), count: Int($0.int(2)), before: Double($0.int(3)), first: $0.int(4))
        }
        return rows.compactMap { row in
            let days = Double(recent - row.first) / 24
            guard days >= 3, let channel = Channel(rawValue: row.channel) else { return nil }
            let mean = row.before / days
            guard Double(row.count) >= mean + max(5, 3 * mean.squareRoot()) else { return nil }
            return Workload.Surge(topic: row.topic, channel: channel, count: row.count, usual: mean)
        }.sorted { Double($0.count) - $0.usual > Double($1.count) - $1.usual }
    }
}
