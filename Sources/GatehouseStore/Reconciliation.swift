package import GatehouseCore

/// The two sums that must hold at any time, each told by counters and counted anew.
package struct Reconciliation: Sendable, Equatable {
    /// One sum: what should be equal, and whether it is.
    package struct Line: Sendable, Equatable {
        package let name: String
        package let counted: Int
        package let expected: Int
        package var holds: Bool { counted == expected }
    }

    package let lines: [Line]
    package var holds: Bool { lines.allSatisfy(\.holds) }
}

/// What the sums are taken over; nil for all of it.
package struct ReconciliationScope: Sendable, Equatable {
    /// Whole days (UTC), the one of this moment included.
    package var since: Timestamp?
    /// By its name in the configuration.
    package var source: String?
    package var target: String?

    package init() {}
    var isAll: Bool { since == nil && source == nil && target == nil }
}

extension Store {
    /// Proves that every input is accounted for, and every accepted message at every target. Reads all of the tables.
    package func reconcile(
        _ scope: ReconciliationScope = ReconciliationScope()
    ) throws(StoreError) -> Reconciliation {
        // One snapshot: a run that commits meanwhile must not look like a hole.
        try run("BEGIN")
        do {
            let lines =
                try scope.isAll
                ? inputLines() + sourceLines() + outboxLines() + targetLines() : scopedLines(scope)
            try run("COMMIT")
            return Reconciliation(lines: lines)
        } catch {
            try? run("ROLLBACK")
            throw error
        }
    }

    private func inputLines() throws(StoreError) -> [Reconciliation.Line] {
        let fates = "SELECT coalesce(sum(count), 0) FROM tally"
        return [
            try line("inputs", "SELECT coalesce(sum(inputs), 0) FROM source", fates),
            try line(
                "accepted inputs",
                "SELECT count(*) FROM message WHERE state = 'accepted'",
                fates + " WHERE state = 'accepted'"
            ),
            try line(
                "rejected inputs",
                "SELECT count(*) FROM message WHERE state = 'rejected'",
                fates + " WHERE state = 'rejected'"
            ),
        ]
    }

    private func outboxLines() throws(StoreError) -> [Reconciliation.Line] {
        var lines = [
            try line(
                "messages at targets",
                "SELECT count(*) FROM outbox",
                "SELECT coalesce(sum(planned), 0) FROM message"
            ),
            try line(
                "conversations that wait",
                "SELECT count(DISTINCT conversation) FROM outbox WHERE state = 'ready'",
                "SELECT count(*) FROM conversation WHERE head IS NOT NULL"
            ),
        ]
        for state in OutboxState.allCases {
            lines.append(
                try line(
                    "messages \(state.rawValue)",
                    "SELECT count(*) FROM outbox WHERE state = '\(state.rawValue)'",
                    "SELECT coalesce(sum(count), 0) FROM outbox_count WHERE state = '\(state.rawValue)'"
                )
            )
        }
        return lines
    }

    private func sourceLines() throws(StoreError) -> [Reconciliation.Line] {
        let sql = """
            SELECT s.name, s.inputs, (SELECT coalesce(sum(count), 0) FROM tally t WHERE t.source = s.name)
            FROM source s ORDER BY 1
            """
        return try connection.all(sql) { row in
            Reconciliation.Line(name: "inputs of \(row.text(0))", counted: Int(row.int(1)), expected: Int(row.int(2)))
        }
    }

    private func targetLines() throws(StoreError) -> [Reconciliation.Line] {
        let sql = """
            SELECT target, count(*), (SELECT sum(count) FROM outbox_count c WHERE c.target = o.target)
            FROM outbox o GROUP BY target ORDER BY 1
            """
        return try connection.all(sql) { row in
            Reconciliation.Line(name: "messages at \(row.text(0))", counted: Int(row.int(1)), expected: Int(row.int(2)))
        }
    }

    /// The sums of some days, one source or one target.
    private func scopedLines(_ scope: ReconciliationScope) throws(StoreError) -> [Reconciliation.Line] {
        let day = scope.since.map { max(0, $0.milliseconds) / 86_400_000 }
        let start = SQLValue.optional(day.map { $0 * 86_400_000 })
        let (source, target) = (SQLValue.optional(scope.source), SQLValue.optional(scope.target))
        var lines: [Reconciliation.Line] = []
        func add(_ name: String, _ counted: String, _ expected: String) throws(StoreError) {
            let values = [SQLValue.optional(day), start, source, target]
            func count(_ sql: String) throws(StoreError) -> Int {
                let used = (1...values.count).last { sql.contains("?\($0)") } ?? 0
                return try connection.all(sql, list: Array(values.prefix(used))) { Int($0.int(0)) }.first ?? 0
            }
            lines.append(Reconciliation.Line(name: name, counted: try count(counted), expected: try count(expected)))
        }
        let rows = "(?2 IS NULL OR m.ingested_at >= ?2) AND (?3 IS NULL OR m.source = ?3)"
        let tally = """
            SELECT coalesce(sum(count), 0) FROM tally
            WHERE (?1 IS NULL OR day >= ?1) AND (?3 IS NULL OR source = ?3)
            """
        for state in ["accepted", "rejected"] {
            try add(
                "\(state) inputs",
                "SELECT count(*) FROM message m WHERE m.state = '\(state)' AND \(rows)",
                "\(tally) AND state = '\(state)'"
            )
        }
        if day == nil {
            try add(
                "inputs",
                "SELECT coalesce(sum(inputs), 0) FROM source WHERE (?3 IS NULL OR name = ?3)",
                tally
            )
        }
        let outbox = "FROM outbox o JOIN message m ON m.id = o.message WHERE \(rows)"
        guard scope.target != nil else {
            try add(
                "messages at targets",
                "SELECT count(*) \(outbox)",
                "SELECT coalesce(sum(m.planned), 0) FROM message m WHERE \(rows)"
            )
            return lines
        }
        guard day == nil, scope.source == nil else { return lines }
        for state in OutboxState.allCases {
            try add(
                "messages \(state.rawValue)",
                "SELECT count(*) FROM outbox WHERE state = '\(state.rawValue)' AND target = ?4",
                "SELECT coalesce(sum(count), 0) FROM outbox_count WHERE state = '\(state.rawValue)' AND target = ?4"
            )
        }
        return lines
    }

    private func run(_ sql: String) throws(StoreError) { try connection.run(sql) }

    private func line(_ name: String, _ counted: String, _ expected: String) throws(StoreError) -> Reconciliation.Line {
        Reconciliation.Line(name: name, counted: try count(counted), expected: try count(expected))
    }

    private func count(_ sql: String) throws(StoreError) -> Int {
        try connection.first(sql) { Int($0.int(0)) } ?? 0
    }
}
