import GatehouseCore

/// How a new message enters the outbox: its conversation at each target, its state there, and its place.
extension Store {
    /// Writes a new message's row for each of its targets.
    func plan(_ new: NewMessage, in message: Int64, now: Timestamp) throws(StoreError) {
        // A date in the future must not keep a conversation open for ever.
        let time = min(new.envelope.time ?? now, now).milliseconds
        let sequence = Self.sequence(of: new.envelope, now: now)
        for target in new.targets {
            guard let entered = try enterConversation(of: new, at: target, time: time) else { continue }
            try addPeople(of: new, to: entered.row, known: entered.people)
            var state = try startState(target.state, of: new, entered)
            if state == .ready, new.heldUntil != nil { state = .held }
            try connection.run(
                """
                INSERT INTO outbox(message, target, conversation, segment, state, urgency, sequence, created_at, due_at,
                    reason, outcome_unknown)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
                """,
                .int(message),
                .text(target.name),
                .int(entered.row),
                .int(entered.segment),
                .text(state.rawValue),
                .int(new.urgency),
                .int(sequence),
                .int(now.milliseconds),
                .int(state == .held ? new.heldUntil?.milliseconds ?? 0 : 0),
                .optional(state == .held && new.heldUntil != nil ? Self.loopReason : nil),
                .int(isFromBeforeRestore(new, now: now) ? 1 : 0)
            )
            guard state == .ready else { continue }
            try enqueue(connection.lastRow, sequence: sequence, urgency: new.urgency, in: entered)
        }
    }

    /// A state that was put back from a backup does not know what had been sent since; its sources bring that again.
    private func isFromBeforeRestore(_ new: NewMessage, now: Timestamp) -> Bool {
        guard let restoredAt else { return false }
        return min(new.envelope.time ?? now, now) <= restoredAt
    }

    /// A message's place in its conversation. Exports hold the newest first, and a platform's times can be trusted;
    /// a mail's date is only its sender's word, so mails keep the order in which they came.
    private static func sequence(of envelope: Envelope, now: Timestamp) -> Int64 {
        switch envelope.data.channel {
        case .email: now.milliseconds
        case .socialDM, .webChat, .phoneCallback: min(envelope.time ?? now, now).milliseconds
        }
    }

    /// Takes a new ready row into its conversation's sums.
    private func enqueue(
        _ row: Int64,
        sequence: Int64,
        urgency: Int,
        in conversation: EnteredConversation
    ) throws(StoreError) {
        var staysHead = false
        if conversation.head != nil {
            // What is on its way, or may have arrived, is waited for: a ticket may come of it.
            let sql = """
                SELECT leased_until IS NOT NULL OR outcome_unknown OR (segment, sequence) <= (?2, ?3)
                FROM outbox WHERE id = ?1
                """
            let answer = try connection.first(
                sql,
                .optional(conversation.head),
                .int(conversation.segment),
                .int(sequence)
            ) { $0.int(0) != 0 }
            staysHead = answer == true
        }
        if staysHead, let highest = conversation.urgency, highest >= urgency { return }
        try connection.run(
            """
            UPDATE conversation SET due_at = iif(?2 IS NULL, due_at, 0), head = coalesce(?2, head),
                urgency = max(coalesce(urgency, 0), ?3) WHERE id = ?1
            """,
            .int(conversation.row),
            .optional(staysHead ? nil : row),
            .int(urgency)
        )
    }

    /// A message's conversation at a target, as it is before the message's row is in it.
    private struct EnteredConversation {
        let row: Int64
        let segment: Int64
        let head: Int64?
        /// The highest of those that wait.
        let urgency: Int64?
        /// Who takes part in it, as `MailPeople` puts them.
        let people: [UInt8]
    }

    /// The conversation's row at a target, made where it is new, and its segment, a new one after a long pause.
    private func enterConversation(
        of new: NewMessage,
        at target: TargetPlan,
        time: Int64
    ) throws(StoreError) -> EnteredConversation? {
        let idle = new.startsSegments ? target.conversationIdleSeconds.map { $0.multipliedClamped(by: 1000) } : nil
        try connection.run(
            """
            INSERT INTO conversation(target, thread, last_at) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE
            SET segment = segment + (?4 IS NOT NULL AND excluded.last_at - last_at > ?4),
                last_at = max(last_at, excluded.last_at)
            """,
            .text(target.name),
            .text(new.thread),
            .int(time),
            .optional(idle)
        )
        return try connection.first(
            "SELECT id, segment, head, urgency, people FROM conversation WHERE target = ?1 AND thread = ?2",
            .text(target.name),
            .text(new.thread)
        ) { row in
            EnteredConversation(
                row: row.int(0),
                segment: row.int(1),
                head: row.optionalInt(2),
                urgency: row.optionalInt(3),
                people: row.bytes(4)
            )
        }
    }

    /// What only follows up is due where an earlier message of the same segment has, or will have, a ticket. An edit stands
    /// for its message where that never came.
    private func startState(
        _ planned: TargetPlan.State,
        of new: NewMessage,
        _ conversation: EnteredConversation
    ) throws(StoreError) -> TargetPlan.State {
        guard planned == .followUpOnly else { return planned }
        if new.isEditOfUnseen { return .ready }
        let sql = """
            SELECT 1 FROM conversation WHERE id = ?1
            AND (ticket IS NOT NULL AND ticket_segment = ?2 OR head IS NOT NULL OR dead_opener IS NOT NULL)
            """
        let hasOpener = try connection.first(sql, .int(conversation.row), .int(conversation.segment)) { _ in true }
        return hasOpener == true ? .ready : .notDue
    }
}

extension Int64 {
    /// The product, held at the type's bounds.
    func multipliedClamped(by factor: Int64) -> Int64 {
        let (product, overflows) = multipliedReportingOverflow(by: factor)
        return overflows ? (signum() == factor.signum() ? .max : .min) : product
    }
}
