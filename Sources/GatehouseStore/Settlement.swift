package import GatehouseCore

/// What became of one try to deliver.
package struct Settlement: Sendable {
    package enum Outcome: Sendable {
        /// The target has it. `ticket` is nil where it has no tickets; `lookedUp` where an earlier try was found there.
        case sent(ticket: String?, url: String?, lookedUp: Bool)
        /// `outcomeUnknown` stays true as long as nobody has looked whether an earlier try arrived.
        case retry(notBefore: Timestamp, reason: String, outcomeUnknown: Bool)
        /// Nothing was sent, so it counts as no try and leaves no line in the audit; the message waits.
        case postponed(notBefore: Timestamp, reason: String)
        /// It will never be taken; a person must look.
        case dead(reason: String)
        /// A person, or the loop breaker's end, lets it go on.
        case held(reason: String)
        /// The conversation's ticket is closed, merged or gone: this message opens a new one, at once.
        case ticketGone
    }

    package let rowID: Int64
    package let outcome: Outcome
    /// The target's status code, where there was one.
    package var status: Int?
    package var durationMilliseconds: Int?
    /// The start of the target's answer, without secrets.
    package var answer: String?

    package init(
        rowID: Int64,
        outcome: Outcome,
        status: Int? = nil,
        durationMilliseconds: Int? = nil,
        answer: String? = nil
    ) {
        self.rowID = rowID
        self.outcome = outcome
        self.status = status
        self.durationMilliseconds = durationMilliseconds
        self.answer = answer
    }
}

/// How many messages somebody would take for a target.
package struct LeaseWish: Sendable {
    package let target: String
    package let limit: Int

    package init(target: String, limit: Int) {
        self.target = target
        self.limit = limit
    }
}

extension Store {
    /// Notes the outcome of tries, all in one commit, each with a line for the audit; nothing sent leaves none.
    ///
    /// A row that was settled meanwhile by another process keeps its state; the try is noted all the same.
    package func settle(_ settlements: [Settlement], now: Timestamp) throws(StoreError) {
        _ = try settle(settlements, thenLease: [], now: now, seconds: 0)
    }

    /// Settles tries and leases the next ones in the same commit, which costs one sync and not two.
    package func settle(
        _ settlements: [Settlement],
        thenLease wishes: [LeaseWish],
        now: Timestamp,
        seconds: Int64
    ) throws(StoreError) -> [OutboxJob] {
        var wishes = wishes
        if settlements.isEmpty {
            // Looking needs no write lock and no sync; mostly there is nothing.
            var due: [LeaseWish] = []
            for wish in wishes where try isDue(wish.target, now: now) { due.append(wish) }
            guard !due.isEmpty else { return [] }
            wishes = due
        }
        try makeStage()
        let (jobs, tries) = try connection.transaction { () throws(StoreError) in
            var tries: Int64?
            if !settlements.isEmpty {
                var link = try chainEnd()
                for settlement in settlements { try settle(settlement, &link, now: now) }
                try settleStaged(now: now)
                try close(link)
                tries = link.count
            }
            var jobs: [OutboxJob] = []
            for wish in wishes where wish.limit > 0 {
                jobs += try leaseInTransaction(target: wish.target, limit: wish.limit, now: now, seconds: seconds)
            }
            return (jobs, tries)
        }
        if let tries { noteHighWater(tries: tries) }
        return jobs
    }

    private func settle(
        _ settlement: Settlement,
        _ link: inout AttemptLink,
        now: Timestamp
    ) throws(StoreError) {
        if case .sent(let ticket, let url, _) = settlement.outcome {
            let isReady = try stage(settlement.rowID, ticket: ticket, url: url)
            guard try isReady ? true : isKnown(settlement.rowID) else { return }
            return try recordAttempt(settlement, &link, now: now)
        }
        let sql = "SELECT conversation, segment FROM outbox WHERE id = ?1"
        let found = try connection.first(sql, .int(settlement.rowID)) { ($0.int(0), $0.int(1)) }
        guard let (conversation, segment) = found else { return }
        try recordAttempt(settlement, &link, now: now)
        let row = settlement.rowID
        switch settlement.outcome {
        case .sent: return
        case .retry(let notBefore, let reason, let outcomeUnknown):
            try wait(row, until: notBefore.milliseconds, reason: reason, outcomeUnknown: outcomeUnknown)
        case .postponed(let notBefore, let reason):
            try postpone(row, until: notBefore.milliseconds, reason: reason)
        case .dead(let reason):
            guard try move(row, to: .dead, reason: reason, now: now) else { return }
            try noteDeadOpener(row, conversation, segment)
        case .held(let reason): _ = try move(row, to: .held, reason: reason, now: now)
        case .ticketGone:
            try connection.run("UPDATE conversation SET ticket = NULL, url = NULL WHERE id = ?1", .int(conversation))
            try wait(row, until: now.milliseconds, reason: "ticket_gone", outcomeUnknown: false)
        }
        try requeue(conversation)
    }

    /// - Returns: False if the row was not ready any more.
    private func move(
        _ row: Int64,
        to state: OutboxState,
        reason: String,
        now: Timestamp
    ) throws(StoreError) -> Bool {
        try connection.run(
            """
            UPDATE outbox SET state = ?2, reason = ?3, leased_until = NULL, outcome_unknown = 0, settled_at = ?4
            WHERE id = ?1 AND state = 'ready'
            """,
            .int(row),
            .text(state.rawValue),
            .text(Self.shortened(reason, to: 500)),
            .int(now.milliseconds)
        )
        return connection.changes > 0
    }

    private func wait(_ row: Int64, until: Int64, reason: String, outcomeUnknown: Bool) throws(StoreError) {
        try connection.run(
            """
            UPDATE outbox SET due_at = ?2, reason = ?3, outcome_unknown = ?4, leased_until = NULL
            WHERE id = ?1 AND state = 'ready'
            """,
            .int(row),
            .int(until),
            .text(Self.shortened(reason, to: 500)),
            .int(outcomeUnknown ? 1 : 0)
        )
    }

    /// Takes the lease back: what was known before it, an earlier try's unknown outcome too, stays as it was.
    private func postpone(_ row: Int64, until: Int64, reason: String) throws(StoreError) {
        try connection.run(
            """
            UPDATE outbox SET due_at = ?2, reason = ?3, attempts = max(attempts - 1, 0), leased_until = NULL
            WHERE id = ?1 AND state = 'ready' AND leased_until IS NOT NULL
            """,
            .int(row),
            .int(until),
            .text(Self.shortened(reason, to: 500))
        )
    }

    private func noteDeadOpener(_ row: Int64, _ conversation: Int64, _ segment: Int64) throws(StoreError) {
        try connection.run(
            """
            UPDATE conversation SET dead_opener = (SELECT m.envelope_id FROM outbox o JOIN message m ON m.id = o.message
                WHERE o.id = ?2)
            WHERE id = ?1 AND (ticket IS NULL OR ticket_segment <> ?3)
            """,
            .int(conversation),
            .int(row),
            .int(segment)
        )
    }

    private func recordAttempt(
        _ settlement: Settlement,
        _ link: inout AttemptLink,
        now: Timestamp
    ) throws(StoreError) {
        let (outcome, reason): (String, String?)
        switch settlement.outcome {
        case .sent(_, _, let lookedUp): (outcome, reason) = (lookedUp ? "found" : "sent", nil)
        case .retry(_, let why, _): (outcome, reason) = ("retry", why)
        case .postponed: return
        case .dead(let why): (outcome, reason) = ("dead", why)
        case .held(let why): (outcome, reason) = ("held", why)
        case .ticketGone: (outcome, reason) = ("ticket_gone", nil)
        }
        let reasonKept = reason.map { Self.shortened($0, to: 500) }
        let answerKept = settlement.answer.map { Self.shortened($0, to: 2000) }
        let status = settlement.status.map { Int64($0) }
        let duration = settlement.durationMilliseconds.map { Int64($0) }
        link.add(
            outbox: settlement.rowID,
            at: now.milliseconds,
            outcome: outcome,
            status: status,
            duration: duration,
            reason: reasonKept,
            answer: answerKept
        )
        try connection.run(
            """
            INSERT INTO attempt(id, outbox, at, outcome, status, duration_ms, reason, answer, chain)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            """,
            .int(link.row),
            .int(settlement.rowID),
            .int(now.milliseconds),
            .text(outcome),
            .optional(status),
            .optional(duration),
            .optional(reasonKept),
            .optional(answerKept),
            .bytes(link.digest)
        )
    }

    static func shortened(_ text: String, to count: Int) -> String {
        text.utf8.count <= count ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(count))) + "…"
    }
}
