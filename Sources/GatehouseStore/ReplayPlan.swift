package import GatehouseCore

extension Store {
    /// Makes a stored message ready for a target that has not got it: it has no row there, or its row is not due.
    ///
    /// What was sent, waits, is dead or was dropped stays as it is.
    ///
    /// - Parameter id: The envelope's id, in full.
    /// - Returns: False if nothing changed.
    package func enqueue(_ id: String, at target: String, now: Timestamp) throws(StoreError) -> Bool {
        try connection.transaction { () throws(StoreError) in
            let sql =
                "SELECT id, thread, urgency, time, channel FROM message WHERE envelope_id = ?1 AND state = 'accepted'"
            let found = try connection.first(sql, .text(id)) {
                (row: $0.int(0), thread: $0.text(1), urgency: $0.int(2), time: $0.int(3), isMail: $0.text(4) == "email")
            }
            guard let found else { return false }
            let known = try connection.first(
                "SELECT conversation, state FROM outbox WHERE message = ?1 AND target = ?2",
                .int(found.row),
                .text(target)
            ) { ($0.int(0), $0.text(1)) }
            if let (conversation, state) = known {
                guard state == OutboxState.notDue.rawValue else { return false }
                let change =
                    "UPDATE outbox SET state = 'ready', due_at = 0, settled_at = NULL WHERE message = ?1 AND target = ?2"
                try connection.run(change, .int(found.row), .text(target))
                try requeue(conversation)
                return true
            }
            let time = min(found.time, now.milliseconds)
            let entered = try connection.first(
                """
                INSERT INTO conversation(target, thread, last_at) VALUES (?1, ?2, ?3)
                ON CONFLICT DO UPDATE SET last_at = max(last_at, excluded.last_at) RETURNING id, segment
                """,
                .text(target),
                .text(found.thread),
                .int(time)
            ) { ($0.int(0), $0.int(1)) }
            guard let (conversation, segment) = entered else { return false }
            try connection.run(
                """
                INSERT INTO outbox(message, target, conversation, segment, state, urgency, sequence, created_at, due_at)
                VALUES (?1, ?2, ?3, ?4, 'ready', ?5, ?6, ?7, 0)
                """,
                .int(found.row),
                .text(target),
                .int(conversation),
                .int(segment),
                .int(found.urgency),
                .int(found.isMail ? now.milliseconds : time),
                .int(now.milliseconds)
            )
            try connection.run("UPDATE message SET planned = planned + 1 WHERE id = ?1", .int(found.row))
            try requeue(conversation)
            return true
        }
    }
}
