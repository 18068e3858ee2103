package import GatehouseCore

/// One line of `gatehouse list`.
package struct MessageSummary: Sendable {
    package struct Target: Sendable, Equatable {
        package let rowID: Int64
        package let name: String
        package let state: OutboxState
        package let ticket: String?
        package let url: String?
        package let attempts: Int
        package let reason: String?
        package let dueAt: Timestamp?
    }

    package let id: String
    /// `accepted` or `rejected`.
    package let state: String
    package let type: String
    package let channel: String
    package let source: String
    package let time: Timestamp
    package let ingestedAt: Timestamp
    package let language: String?
    package let urgency: UrgencyLevel
    /// The first rule that made it urgent, or why it was rejected.
    package let reason: String?
    /// The subject or the first line; as it came, so not to be printed as it is.
    package let title: String?
    /// How often it came again.
    package let duplicates: Int
    package let targets: [Target]
}

/// A message with all that is stored of it.
package struct StoredMessage: Sendable {
    package let summary: MessageSummary
    /// JSON.
    package let envelope: [UInt8]
    package let attempts: [Attempt]
    /// The last twenty times that it came again, the oldest first.
    package let duplicates: [DuplicateArrival]
}

/// A time at which a message came again.
package struct DuplicateArrival: Sendable, Equatable {
    package let at: Timestamp
    /// The source's name in the configuration.
    package let source: String
    package let position: String?
}

/// One try to deliver.
package struct Attempt: Sendable {
    package let target: String
    package let at: Timestamp
    /// `sent`, `found`, `retry`, `dead`, `held` or `ticket_gone`.
    package let outcome: String
    package let status: Int?
    package let durationMilliseconds: Int?
    package let reason: String?
    package let answer: String?
}

/// What `gatehouse list` shows; nil lets everything through.
package struct MessageFilter: Sendable {
    package var target: String?
    /// Of the message at a target.
    package var state: OutboxState?
    /// Only inputs in which no message could be read, which wait for review.
    package var onlyRejected = false
    package var channel: String?
    /// The source's name in the configuration.
    package var source: String?
    /// A language's tag; `de` means `de-AT` as well.
    package var language: String?
    package var urgency: UrgencyLevel?
    /// Stored at or after, and before.
    package var since: Timestamp?
    package var until: Timestamp?
    package var limit = 50
    /// What only the envelope can tell; it is asked newest first until `limit` are found.
    package var admits: (@Sendable (_ envelope: [UInt8]) -> Bool)?

    package init() {}
}

extension Store {
    /// The newest messages first.
    package func list(_ filter: MessageFilter) throws(StoreError) -> [MessageSummary] {
        let limit = max(filter.limit, 0)
        guard let admits = filter.admits else {
            return try summaries(summaryRows(filter, before: .max, limit: limit))
        }
        var found: [SummaryRow] = []
        var last = Int64.max
        while found.count < limit {
            let rows = try summaryRows(filter, before: last, limit: Self.pageOfEnvelopes)
            for row in rows where found.count < limit {
                if admits(try envelope(ofMessage: row.row)) { found.append(row) }
            }
            guard rows.count == Self.pageOfEnvelopes, let next = rows.last?.row else { break }
            last = next
        }
        return try summaries(found)
    }

    /// How many rows are asked for at a time where envelopes are looked into.
    private static let pageOfEnvelopes = 500

    private func envelope(ofMessage row: Int64) throws(StoreError) -> [UInt8] {
        let sql = "SELECT pack, envelope_start, envelope_size, envelope FROM message WHERE id = ?1"
        let place = try connection.first(sql, .int(row)) { BytePlace($0, from: 0) } ?? .nowhere
        return try bytes(at: place) ?? []
    }

    private func summaryRows(_ filter: MessageFilter, before last: Int64, limit: Int) throws(StoreError) -> [SummaryRow]
    {
        var (conditions, values) = Self.conditions(filter)
        values += [.int(last), .int(limit)]
        conditions.append("m.id < ?\(values.count - 1)")
        let rule = conditions.joined(separator: " AND ")
        let sql = "SELECT \(Self.summaryColumns) FROM message m WHERE \(rule) ORDER BY m.id DESC LIMIT ?\(values.count)"
        return try connection.all(sql, list: values, take: Self.summaryRow)
    }

    private static func conditions(_ filter: MessageFilter) -> ([String], [SQLValue]) {
        var conditions: [String] = []
        var values: [SQLValue] = []
        func add(_ condition: String, _ value: SQLValue?) {
            guard let value else { return }
            values.append(value)
            let pieces = condition.split(separator: "?", omittingEmptySubsequences: false)
            conditions.append(pieces.joined(separator: "?\(values.count)"))
        }
        if filter.onlyRejected { conditions.append("m.state = 'rejected'") }
        add("m.channel = ?", filter.channel.map { .text($0) })
        add("m.source = ?", filter.source.map { .text($0) })
        add("(m.language LIKE ? OR m.language LIKE ? || '-%')", filter.language.map { .text($0) })
        add("m.urgency = ?", filter.urgency.map { .int($0.rank) })
        add("m.ingested_at >= ?", filter.since.map { .int($0.milliseconds) })
        add("m.ingested_at < ?", filter.until.map { .int($0.milliseconds) })
        guard filter.target != nil || filter.state != nil else { return (conditions, values) }
        var inner: [String] = []
        if let target = filter.target {
            values.append(.text(target))
            inner.append("o.target = ?\(values.count)")
        }
        if let state = filter.state { inner.append(state.condition(in: "o")) }
        let rule = inner.joined(separator: " AND ")
        // The few are found by their own index; of the many, the newest messages hold some soon.
        conditions.append(
            filter.state?.isOpen == true
                ? "m.id IN (SELECT o.message FROM outbox o WHERE \(rule))"
                : "EXISTS (SELECT 1 FROM outbox o WHERE o.message = m.id AND \(rule))"
        )
        return (conditions, values)
    }

    /// The message whose id starts with `prefix`; nil if there is none or more than one.
    package func message(id prefix: String) throws(StoreError) -> StoredMessage? {
        // Ids are lower-case letters and digits, so "~" comes after all of them.
        guard !prefix.isEmpty else { return nil }
        let rows = try connection.all(
            "SELECT \(Self.summaryColumns) FROM message m WHERE m.envelope_id BETWEEN ?1 AND ?2 LIMIT 2",
            .text(prefix.lowercased()),
            .text(prefix.lowercased() + "~"),
            take: Self.summaryRow
        )
        guard rows.count == 1, let summary = try summaries(rows).first else { return nil }
        let envelope = try envelope(ofMessage: rows[0].row)
        let attempts = try attempts(ofMessage: rows[0].row)
        let duplicates = try duplicates(ofMessage: rows[0].row)
        return StoredMessage(
            summary: summary,
            envelope: envelope,
            attempts: attempts,
            duplicates: duplicates
        )
    }

    private func attempts(ofMessage message: Int64) throws(StoreError) -> [Attempt] {
        try connection.all(
            """
            SELECT o.target, a.at, a.outcome, a.status, a.duration_ms, a.reason, a.answer
            FROM attempt a JOIN outbox o ON o.id = a.outbox WHERE o.message = ?1 ORDER BY a.id
            """,
            .int(message)
        ) { row in
            Attempt(
                target: row.text(0),
                at: Timestamp(milliseconds: row.int(1)),
                outcome: row.text(2),
                status: row.optionalInt(3).map { Int($0) },
                durationMilliseconds: row.optionalInt(4).map { Int($0) },
                reason: row.optionalText(5),
                answer: row.optionalText(6)
            )
        }
    }

    private func duplicates(ofMessage message: Int64) throws(StoreError) -> [DuplicateArrival] {
        let sql = "SELECT at, source, position FROM duplicate WHERE message = ?1 ORDER BY id"
        return try connection.all(sql, .int(message)) { row in
            DuplicateArrival(
                at: Timestamp(milliseconds: row.int(0)),
                source: row.text(1),
                position: row.optionalText(2)
            )
        }
    }

    private struct SummaryRow {
        let row: Int64
        let make: ([MessageSummary.Target]) -> MessageSummary
    }

    private static let summaryColumns = """
        m.id, m.envelope_id, m.state, m.type, m.channel, m.source, m.time, m.ingested_at, m.language, m.urgency,
        m.reason, m.title, m.duplicates
        """

    private static func summaryRow(_ row: Row) -> SummaryRow {
        let bare = MessageSummary(
            id: row.text(1),
            state: row.text(2),
            type: row.text(3),
            channel: row.text(4),
            source: row.text(5),
            time: Timestamp(milliseconds: row.int(6)),
            ingestedAt: Timestamp(milliseconds: row.int(7)),
            language: row.optionalText(8),
            urgency: urgency(rank: row.int(9)),
            reason: row.optionalText(10),
            title: row.optionalText(11),
            duplicates: Int(row.int(12)),
            targets: []
        )
        return SummaryRow(row: row.int(0)) { bare.with($0) }
    }

    private func summaries(_ rows: [SummaryRow]) throws(StoreError) -> [MessageSummary] {
        var result: [MessageSummary] = []
        for row in rows { result.append(row.make(try targets(ofMessage: row.row))) }
        return result
    }

    private func targets(ofMessage row: Int64) throws(StoreError) -> [MessageSummary.Target] {
        try connection.all(
            """
            SELECT id, target, state, ticket, url, attempts, reason, due_at FROM outbox WHERE message = ?1 ORDER BY id
            """,
            .int(row)
        ) { row in
            let state = OutboxState(rawValue: row.text(2)) ?? .held
            let due = row.int(7)
            return MessageSummary.Target(
                rowID: row.int(0),
                name: row.text(1),
                state: state,
                ticket: row.optionalText(3),
                url: row.optionalText(4),
                attempts: Int(row.int(5)),
                reason: row.optionalText(6),
                dueAt: (state == .ready || state == .held) && due > 0 ? Timestamp(milliseconds: due) : nil
            )
        }
    }
}

extension MessageSummary {
    fileprivate func with(_ targets: [Target]) -> MessageSummary {
        MessageSummary(
            id: id,
            state: state,
            type: type,
            channel: channel,
            source: source,
            time: time,
            ingestedAt: ingestedAt,
            language: language,
            urgency: urgency,
            reason: reason,
            title: title,
            duplicates: duplicates,
            targets: targets
        )
    }
}
