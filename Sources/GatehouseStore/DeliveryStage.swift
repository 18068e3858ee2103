import GatehouseCore

/// What happens to many rows in the same way, most messages being sent at once, is told to SQLite in one statement each:
/// a row of it costs a third of what a statement of its own would.
///
/// The rows stand in tables of the connection alone, in memory, which are empty between two transactions.
extension Store {
    private static let stage = """
        CREATE TEMP TABLE IF NOT EXISTS sent(
            row INTEGER PRIMARY KEY, conversation INTEGER NOT NULL, segment INTEGER NOT NULL, ticket TEXT, url TEXT
        );
        CREATE TEMP TABLE IF NOT EXISTS leased(row INTEGER PRIMARY KEY, conversation INTEGER NOT NULL);
        """

    /// Call it before the transaction.
    func makeStage() throws(StoreError) {
        guard !hasStage else { return }
        try connection.execute(script: Self.stage)
        hasStage = true
    }

    /// Notes that a row was sent.
    ///
    /// - Returns: False if the row is not ready any more.
    func stage(_ row: Int64, ticket: String?, url: String?) throws(StoreError) -> Bool {
        try connection.run(
            """
            INSERT OR IGNORE INTO temp.sent
            SELECT id, conversation, segment, ?2, ?3 FROM outbox WHERE id = ?1 AND state = 'ready'
            """,
            .int(row),
            .optional(ticket),
            .optional(url)
        )
        return connection.changes > 0
    }

    func isKnown(_ row: Int64) throws(StoreError) -> Bool {
        try connection.first("SELECT 1 FROM outbox WHERE id = ?1", .int(row)) { _ in true } == true
    }

    /// Settles what was noted as sent, opens the tickets, and puts each conversation's next message into the queue.
    func settleStaged(now: Timestamp) throws(StoreError) {
        try connection.run(Self.settleSent, .int(now.milliseconds))
        try connection.run(Self.openTickets)
        try connection.run("DELETE FROM temp.sent")
    }

    /// Not by UPDATE FROM: SQLite would take the large table first, and look each of its rows up in the small one.
    static let settleSent = """
        UPDATE outbox SET state = 'sent', reason = NULL, leased_until = NULL, outcome_unknown = 0, settled_at = ?1,
            (ticket, url) = (SELECT coalesce(s.ticket, outbox.ticket), coalesce(s.url, outbox.url)
                FROM temp.sent s WHERE s.row = outbox.id)
        WHERE id IN (SELECT row FROM temp.sent)
        """

    /// Follow-ups of this segment go to this ticket; an older segment's never takes a newer one's place.
    static let openTickets = {
        let opens = "t.ticket IS NOT NULL AND (conversation.ticket IS NULL OR ticket_segment <= t.segment)"
        return """
            UPDATE conversation SET
                ticket = iif(\(opens), t.ticket, conversation.ticket), url = iif(\(opens), t.url, conversation.url),
                ticket_segment = iif(\(opens), t.segment, ticket_segment), dead_opener = iif(\(opens), NULL, dead_opener),
                \(queuePlace(of: "t.conversation"))
            FROM (SELECT conversation, max(segment) AS segment, ticket, url FROM temp.sent GROUP BY conversation) t
            WHERE conversation.id = t.conversation
            """
    }()

    /// Sums a conversation's ready rows up anew; a head that is on its way, or may have arrived, stays.
    func requeue(_ conversation: Int64) throws(StoreError) {
        try connection.run(Self.requeueOne, .int(conversation))
    }

    private static let requeueOne = "UPDATE conversation SET \(queuePlace(of: "?1")) WHERE id = ?1"

    /// - Parameter row: The conversation's, as SQL.
    private static func queuePlace(of row: String) -> String {
        """
        (head, due_at) = (SELECT id, max(due_at, coalesce(leased_until, 0)) FROM outbox
            WHERE id = coalesce(
                (SELECT id FROM outbox WHERE id = conversation.head AND state = 'ready'
                    AND (leased_until IS NOT NULL OR outcome_unknown)),
                (SELECT id FROM outbox WHERE conversation = \(row) AND state = 'ready'
                    ORDER BY segment, sequence, id LIMIT 1))),
        urgency = (SELECT max(urgency) FROM outbox WHERE conversation = \(row) AND state = 'ready')
        """
    }

    /// Notes that messages are on their way: this must be on disk before the first of them is.
    func mark(_ jobs: [OutboxJob], leasedUntil until: Int64) throws(StoreError) {
        guard !jobs.isEmpty else { return }
        for job in jobs {
            try connection.run(
                "INSERT INTO temp.leased VALUES (?1, ?2)",
                .int(job.rowID),
                .int(job.conversationRow)
            )
        }
        try connection.run(Self.markMessages, .int(until))
        try connection.run(Self.markConversations, .int(until))
        try connection.run("DELETE FROM temp.leased")
    }

    static let markMessages = """
        UPDATE outbox SET leased_until = ?1, attempts = attempts + 1,
            outcome_unknown = outcome_unknown OR leased_until IS NOT NULL WHERE id IN (SELECT row FROM temp.leased)
        """
    static let markConversations = """
        UPDATE conversation SET due_at = ?1 WHERE id IN (SELECT conversation FROM temp.leased)
        """
}
