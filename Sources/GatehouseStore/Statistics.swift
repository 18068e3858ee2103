package import GatehouseCore

/// What `gatehouse status` and `stats` show. All of it comes from counters, whatever the size of the state.
package struct StoreStatistics: Sendable {
    package struct Source: Sendable {
        package let name: String
        package let inputs: Int
        package let lastCommitAt: Timestamp
    }

    /// All inputs ever, as each commit counted them.
    package var inputs = 0
    package var inputsByState: [InputState: Int] = [:]
    /// By target, then by state.
    package var outbox: [String: [OutboxState: Int]] = [:]
    package var sources: [Source] = []
    /// When the oldest message that waits was stored, by target.
    package var oldestWaiting: [String: Timestamp] = [:]
    /// When a target last took a message, by target; absent where none of the last thousand tries was one of its.
    package var lastSentAt: [String: Timestamp] = [:]
}

extension Store {
    package func statistics() throws(StoreError) -> StoreStatistics {
        var result = StoreStatistics()
        result.sources = try connection.all("SELECT name, inputs, last_commit_at FROM source ORDER BY name") { row in
            StoreStatistics.Source(
                name: row.text(0),
                inputs: Int(row.int(1)),
                lastCommitAt: Timestamp(milliseconds: row.int(2))
            )
        }
        result.inputs = result.sources.reduce(0) { $0 + $1.inputs }
        let states = try connection.all("SELECT state, sum(count) FROM tally GROUP BY state") {
            ($0.text(0), Int($0.int(1)))
        }
        for (state, count) in states {
            if let state = InputState(rawValue: state) { result.inputsByState[state] = count }
        }
        let rows = try connection.all("SELECT target, state, count FROM outbox_count WHERE count > 0") {
            ($0.text(0), $0.text(1), Int($0.int(2)))
        }
        for (target, state, count) in rows {
            if let state = OutboxState(rawValue: state) { result.outbox[target, default: [:]][state] = count }
        }
        let sent = """
            SELECT o.target, max(a.at) FROM (SELECT outbox, at, outcome FROM attempt ORDER BY id DESC LIMIT 1000) a
            JOIN outbox o ON o.id = a.outbox WHERE a.outcome IN ('sent', 'found') GROUP BY 1
            """
        for (target, time) in try connection.all(sent, take: { ($0.text(0), $0.int(1)) }) {
            result.lastSentAt[target] = Timestamp(milliseconds: time)
        }
        let sql =
            "SELECT created_at FROM outbox WHERE id = (SELECT min(head) FROM conversation WHERE target = ?1 AND head > 0)"
        for target in result.outbox.keys {
            let time = try connection.first(sql, .text(target)) { $0.int(0) }
            result.oldestWaiting[target] = time.map { Timestamp(milliseconds: $0) }
        }
        return result
    }
}
