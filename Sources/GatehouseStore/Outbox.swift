package import GatehouseCore

/// One message for one target, leased for a while.
package struct OutboxJob: Sendable {
    package let rowID: Int64
    /// The envelope's id.
    package let messageID: String
    package let target: String
    /// JSON.
    package fileprivate(set) var envelope: [UInt8] = []
    /// The thread's name, the same for all that goes to one ticket.
    package let conversation: String
    /// The conversation's ticket; nil where this message opens one.
    package let ticket: String?
    package let ticketURL: String?
    /// The ticket that the conversation had before a long pause.
    package let previousTicket: String?
    /// The id of the message that should have opened the ticket and is dead; this one opens instead, and says so.
    package let deadOpener: String?
    /// The most urgent of all that wait in this conversation.
    package let urgency: UrgencyLevel
    /// How often it was tried before.
    package let attempts: Int
    /// An earlier try may have reached the target: look up before sending again.
    package let outcomeUnknown: Bool
    /// How many of the latest tries, one after the other, ended with one and the same status of 500 or more.
    package internal(set) var equalServerErrors = 0
    /// Since its latest try, which ended with a status of 500 or more, the target has taken another message.
    package internal(set) var othersWentThrough = false
    let conversationRow: Int64
    fileprivate let envelopePlace: BytePlace
}

extension Store {
    /// Takes up to `limit` messages to deliver: the most urgent conversations first, then the oldest.
    ///
    /// Of a conversation only the first unsettled message is handed out, so it stays in order (`sequence(of:now:)`). A lease that ran out means
    /// that its holder died: the message is handed out again with `outcomeUnknown`.
    package func lease(
        target: String,
        limit: Int,
        now: Timestamp,
        seconds: Int64
    ) throws(StoreError) -> [OutboxJob] {
        try settle([], thenLease: [LeaseWish(target: target, limit: limit)], now: now, seconds: seconds)
    }

    func isDue(_ target: String, now: Timestamp) throws(StoreError) -> Bool {
        try connection.first(
            "SELECT 1 FROM conversation WHERE target = ?1 AND head IS NOT NULL AND due_at <= ?2 LIMIT 1",
            .text(target),
            .int(now.milliseconds)
        ) { _ in true } ?? false
    }

    /// When the earliest waiting message becomes due; nil where none waits.
    package func nextDue(_ target: String) throws(StoreError) -> Timestamp? {
        let sql = "SELECT min(due_at) FROM conversation WHERE target = ?1 AND head IS NOT NULL"
        let due = try connection.first(sql, .text(target)) { $0.optionalInt(0) } ?? nil
        return due.map { Timestamp(milliseconds: $0) }
    }

    /// Ends all leases of a process that is gone; call it where nobody else can be delivering.
    ///
    /// - Parameter delays: By target, the milliseconds that a target may still be at work on what was sent to it: nothing is
    ///   looked up sooner.
    /// - Returns: How many messages had been on their way; they come again with `outcomeUnknown`.
    package func recoverLeases(now: Timestamp, delays: [String: Int64] = [:]) throws(StoreError) -> Int {
        let isAny = try connection.first("SELECT 1 FROM outbox WHERE leased_until IS NOT NULL LIMIT 1") { _ in true }
        guard isAny == true else { return 0 }
        return try connection.transaction { () throws(StoreError) in
            let targets = try connection.all("SELECT DISTINCT target FROM outbox WHERE leased_until IS NOT NULL") {
                $0.text(0)
            }
            var conversations: [Int64] = []
            for target in targets {
                let sql = """
                    UPDATE outbox SET outcome_unknown = 1, leased_until = NULL, due_at = ?1
                    WHERE leased_until IS NOT NULL AND target = ?2 RETURNING conversation
                    """
                let due = now.milliseconds &+ max(0, delays[target] ?? 0)
                conversations += try connection.all(sql, .int(due), .text(target)) { $0.int(0) }
            }
            for conversation in conversations { try requeue(conversation) }
            return conversations.count
        }
    }

    func leaseInTransaction(
        target: String,
        limit: Int,
        now: Timestamp,
        seconds: Int64
    ) throws(StoreError) -> [OutboxJob] {
        let until = now.milliseconds &+ seconds &* 1000
        var size: Int64 = 0
        var jobs = try connection.all(
            """
            SELECT o.id, m.envelope_id, c.thread,
                CASE WHEN c.ticket_segment = o.segment THEN c.ticket END,
                CASE WHEN c.ticket_segment = o.segment THEN c.url END,
                CASE WHEN c.ticket_segment <> o.segment THEN c.ticket END,
                c.dead_opener, c.urgency, o.attempts, o.outcome_unknown OR o.leased_until IS NOT NULL,
                c.id, m.pack, m.envelope_start, m.envelope_size, m.envelope
            FROM conversation c JOIN outbox o ON o.id = c.head JOIN message m ON m.id = o.message
            WHERE c.target = ?1 AND c.head IS NOT NULL AND c.due_at <= ?2
            ORDER BY c.urgency DESC, c.head LIMIT ?3
            """,
            list: [.text(target), .int(now.milliseconds), .int(max(limit, 0))]
        ) { row -> OutboxJob? in
            guard size <= Self.leasedBytes else { return nil }
            size &+= Self.envelopeSize(row)
            return Self.job(row, target: target)
        }.compactMap(\.self)
        for (index, job) in jobs.enumerated() {
            // What is not there ends as a dead letter of its own, and holds nothing else up.
            jobs[index].envelope = try bytes(at: job.envelopePlace) ?? []
            if job.attempts > 0 {
                jobs[index].equalServerErrors = try equalServerErrors(ofRow: job.rowID)
                if jobs[index].equalServerErrors > 0 {
                    jobs[index].othersWentThrough = try othersWentThrough(job)
                }
            }
        }
        try mark(jobs, leasedUntil: until)
        return jobs
    }

    /// So many bytes of envelopes are handed out at once, and one envelope more.
    private static let leasedBytes: Int64 = 8 << 20

    private static func envelopeSize(_ row: Row) -> Int64 { row.isNull(14) ? row.int(13) : Int64(row.byteCount(14)) }

    /// A row as it would be handed out now, whatever its state; nothing is leased.
    package func job(ofRow row: Int64) throws(StoreError) -> OutboxJob? {
        let found = try connection.first(
            """
            SELECT o.id, m.envelope_id, c.thread,
                CASE WHEN c.ticket_segment = o.segment THEN c.ticket END,
                CASE WHEN c.ticket_segment = o.segment THEN c.url END,
                CASE WHEN c.ticket_segment <> o.segment THEN c.ticket END,
                c.dead_opener, o.urgency, o.attempts, o.outcome_unknown,
                c.id, m.pack, m.envelope_start, m.envelope_size, m.envelope, o.target
            FROM outbox o JOIN conversation c ON c.id = o.conversation JOIN message m ON m.id = o.message WHERE o.id = ?1
            """,
            .int(row)
        ) { Self.job($0, target: $0.text(15)) }
        guard var job = found else { return nil }
        job.envelope = try bytes(at: job.envelopePlace) ?? []
        return job
    }

    /// Counts back from a row's last try to the first that ended otherwise; a person's leave to try again starts anew.
    private func equalServerErrors(ofRow row: Int64) throws(StoreError) -> Int {
        let sql = "SELECT outcome, status FROM attempt WHERE outbox = ?1 ORDER BY id DESC LIMIT 100"
        let tries = try connection.all(sql, .int(row)) { ($0.text(0) == "retry", $0.int(1)) }
        guard let status = tries.first?.1, status >= 500 else { return 0 }
        return tries.prefix { $0 == (true, status) }.count
    }

    private func othersWentThrough(_ job: OutboxJob) throws(StoreError) -> Bool {
        // Of what came after its latest try a thousand are enough to tell.
        let sql = """
            SELECT 1 FROM (SELECT outbox, outcome FROM attempt
                WHERE id > (SELECT max(id) FROM attempt WHERE outbox = ?1) ORDER BY id DESC LIMIT 1000) a
            WHERE a.outcome = 'sent' AND (SELECT target FROM outbox WHERE id = a.outbox) = ?2 LIMIT 1
            """
        return try connection.first(sql, .int(job.rowID), .text(job.target)) { _ in true } ?? false
    }

    private static func job(_ row: Row, target: String) -> OutboxJob {
        OutboxJob(
            rowID: row.int(0),
            messageID: row.text(1),
            target: target,
            conversation: row.text(2),
            ticket: row.optionalText(3),
            ticketURL: row.optionalText(4),
            previousTicket: row.optionalText(5),
            deadOpener: row.optionalText(6),
            urgency: urgency(rank: row.int(7)),
            attempts: Int(row.int(8)),
            outcomeUnknown: row.int(9) != 0,
            conversationRow: row.int(10),
            envelopePlace: BytePlace(row, from: 11)
        )
    }

    static func urgency(rank: Int64) -> UrgencyLevel {
        UrgencyLevel.allCases.first { $0.rank == Int(rank) } ?? .normal
    }
}
