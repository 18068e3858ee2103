package import GatehouseCore

/// What came in and went out since some moment: what `gatehouse stats` shows.
package struct Activity: Sendable {
    package struct Target: Sendable {
        package let name: String
        package var states: [OutboxState: Int] = [:]
        /// Seconds from the commit to the ticket, of half and of 95 % of those sent.
        package var medianSeconds: Double?
        package var slowSeconds: Double?
    }

    /// Whole days (UTC), the one of the given moment included.
    package var inputsByState: [InputState: Int] = [:]
    package var messages = 0
    package var byChannel: [Count] = []
    package var byLanguage: [Count] = []
    package var byUrgency: [Count] = []
    package var bySource: [Count] = []
    /// What was no message, by its kind: `typing`, `signature_wrong`.
    package var ignoredByKind: [Count] = []
    /// How often messages came again.
    package var repeats = 0
    package var targets: [Target] = []

    package init() {}

    package struct Count: Sendable, Equatable {
        package let name: String
        package let count: Int

        package init(name: String, count: Int) {
            self.name = name
            self.count = count
        }
    }
}

extension Store {
    /// - Parameter since: Counted are messages that were stored at or after it.
    package func activity(since: Timestamp) throws(StoreError) -> Activity {
        var result = Activity()
        try run("BEGIN")
        defer { try? run("COMMIT") }
        let day = SQLValue.int(Self.day(of: since))
        let states = try connection.all(
            "SELECT state, sum(count) FROM tally WHERE day >= ?1 GROUP BY state",
            day
        ) { ($0.text(0), Int($0.int(1))) }
        for (name, count) in states {
            if let state = InputState(rawValue: name) { result.inputsByState[state] = count }
        }
        result.ignoredByKind = try counts(
            """
            SELECT kind, sum(count) FROM tally WHERE day >= ?1 AND state IN ('ignored', 'refused') AND kind <> ''
            GROUP BY kind ORDER BY 2 DESC, 1
            """,
            day
        )
        let time = SQLValue.int(since.milliseconds)
        let sums = "SELECT count(*), coalesce(sum(duplicates), 0) FROM message WHERE ingested_at >= ?1"
        if let (messages, repeats) = try connection.first(sums, time, take: { (Int($0.int(0)), Int($0.int(1))) }) {
            (result.messages, result.repeats) = (messages, repeats)
        }
        result.byChannel = try counts(grouped("channel"), time)
        result.byLanguage = try counts(grouped("coalesce(language, 'und')"), time)
        result.bySource = try counts(grouped("source"), time)
        result.byUrgency = try counts(grouped("urgency"), time).map { count in
            let level = Int64(count.name).map(Self.urgency(rank:))
            return Activity.Count(name: level?.rawValue ?? count.name, count: count.count)
        }
        result.targets = try targetActivity(since: time)
        return result
    }

    /// The day since 1970 in UTC, as the tally counts them.
    private static func day(of time: Timestamp) -> Int64 { max(0, time.milliseconds) / 86_400_000 }

    private func run(_ sql: String) throws(StoreError) { try connection.run(sql) }

    private func grouped(_ column: String) -> String {
        "SELECT \(column), count(*) FROM message WHERE ingested_at >= ?1 GROUP BY 1 ORDER BY 2 DESC, 1"
    }

    private func counts(_ sql: String, _ value: SQLValue) throws(StoreError) -> [Activity.Count] {
        try connection.all(sql, value) { Activity.Count(name: $0.text(0), count: Int($0.int(1))) }
    }

    private func targetActivity(since: SQLValue) throws(StoreError) -> [Activity.Target] {
        let rows = "FROM message m JOIN outbox o ON o.message = m.id WHERE m.ingested_at >= ?1"
        let found = try connection.all("SELECT o.target, o.state, count(*) \(rows) GROUP BY 1, 2 ORDER BY 1", since) {
            ($0.text(0), $0.text(1), Int($0.int(2)))
        }
        var targets: [Activity.Target] = []
        for (name, state, count) in found {
            if targets.last?.name != name { targets.append(Activity.Target(name: name)) }
            if let state = OutboxState(rawValue: state) { targets[targets.count - 1].states[state] = count }
        }
        for index in targets.indices {
            let sent = targets[index].states[.sent] ?? 0
            guard sent > 0 else { continue }
            let sql = """
                SELECT o.settled_at - o.created_at \(rows) AND o.target = ?2 AND o.state = 'sent'
                ORDER BY 1 LIMIT 1 OFFSET ?3
                """
            func seconds(at place: Int) throws(StoreError) -> Double? {
                try connection.first(sql, since, .text(targets[index].name), .int(place)) { Double($0.int(0)) / 1000 }
            }
            targets[index].medianSeconds = try seconds(at: (sent - 1) / 2)
            targets[index].slowSeconds = try seconds(at: (sent - 1) * 95 / 100)
        }
        return targets
    }
}
