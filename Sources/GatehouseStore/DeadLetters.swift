package import GatehouseCore

/// A message that a target will not take, or that waits for a person.
package struct DeadLetter: Sendable {
    package let rowID: Int64
    /// The envelope's id.
    package let messageID: String
    package let target: String
    package let title: String?
    package let reason: String?
    package let attempts: Int
    package let at: Timestamp
    /// The target's last status code and answer.
    package let status: Int?
    package let answer: String?
    /// When a held message goes on by itself.
    package let dueAt: Timestamp?
}

extension Store {
    /// Messages in state `dead`, the oldest first.
    package func deadLetters(target: String? = nil, limit: Int = 1000) throws(StoreError) -> [DeadLetter] {
        try letters(in: .dead, target: target, limit: limit)
    }

    /// Messages in state `held`, the oldest first.
    package func heldMessages(target: String? = nil, limit: Int = 1000) throws(StoreError) -> [DeadLetter] {
        try letters(in: .held, target: target, limit: limit)
    }

    private func letters(
        in state: OutboxState,
        target: String?,
        limit: Int
    ) throws(StoreError) -> [DeadLetter] {
        try connection.all(
            """
            SELECT o.id, m.envelope_id, o.target, m.title, o.reason, o.attempts, coalesce(o.settled_at, o.created_at),
                a.status, a.answer, o.due_at
            FROM outbox o JOIN message m ON m.id = o.message
            LEFT JOIN attempt a ON a.id = (SELECT max(id) FROM attempt WHERE outbox = o.id)
            WHERE \(state.condition(in: "o")) AND (?1 IS NULL OR o.target = ?1) ORDER BY o.id LIMIT ?2
            """,
            .optional(target),
            .int(limit)
        ) { row in
            DeadLetter(
                rowID: row.int(0),
                messageID: row.text(1),
                target: row.text(2),
                title: row.optionalText(3),
                reason: row.optionalText(4),
                attempts: Int(row.int(5)),
                at: Timestamp(milliseconds: row.int(6)),
                status: row.optionalInt(7).map { Int($0) },
                answer: row.optionalText(8),
                dueAt: row.int(9) > 0 ? Timestamp(milliseconds: row.int(9)) : nil
            )
        }
    }

    /// Makes dead messages ready again.
    ///
    /// - Parameter ids: Envelope ids; nil for all.
    /// - Returns: How many rows changed.
    package func retryDead(_ ids: [String]?, now: Timestamp) throws(StoreError) -> Int {
        try move(ids, from: .dead, to: .ready, now: now)
    }

    /// A person decided that these need no ticket.
    package func dropDead(_ ids: [String]?, now: Timestamp) throws(StoreError) -> Int {
        try move(ids, from: .dead, to: .dropped, now: now)
    }

    /// A person decided that these held messages need no ticket.
    package func dropHeld(_ ids: [String]?, now: Timestamp) throws(StoreError) -> Int {
        try move(ids, from: .held, to: .dropped, now: now)
    }

    /// Lets held messages go on.
    package func releaseHeld(_ ids: [String]?, now: Timestamp) throws(StoreError) -> Int {
        try move(ids, from: .held, to: .ready, now: now)
    }

    private func move(
        _ ids: [String]?,
        from old: OutboxState,
        to new: OutboxState,
        now: Timestamp
    ) throws(StoreError) -> Int {
        try connection.transaction { () throws(StoreError) in
            let change = """
                UPDATE outbox SET state = ?1, due_at = 0, settled_at = CASE WHEN ?1 = 'ready' THEN NULL ELSE ?2 END
                WHERE \(old.condition(in: "outbox"))
                """
            let start: [SQLValue] = [.text(new.rawValue), .int(now.milliseconds)]
            var conversations: [Int64] = []
            if let ids {
                let sql =
                    change + " AND message = (SELECT id FROM message WHERE envelope_id = ?3) RETURNING conversation"
                for id in ids { conversations += try connection.all(sql, list: start + [.text(id)]) { $0.int(0) } }
            } else {
                conversations = try connection.all(change + " RETURNING conversation", list: start) { $0.int(0) }
            }
            for conversation in Set(conversations) { try requeue(conversation) }
            return conversations.count
        }
    }
}
