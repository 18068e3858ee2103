package import GatehouseCore

/// How many mails one sender may send before those that look like a loop are held back.
///
/// A loop is made of answers to answers, or of one text said over and over; other mail is not counted, however much of it
/// comes. What is held goes on by and by, at the rate that is allowed, or when a person releases it.
package struct LoopBreaker: Sendable, Equatable {
    /// Answers, and repetitions of one text, in a window.
    package var messages = 60
    /// Automatic answers, bounces and notices in a window.
    package var automatedMessages = 10
    package var windowSeconds: Int64 = 3600

    package init() {}
}

extension Store {
    static let loopReason = "loop_breaker"

    /// Counts a new mail among its sender's.
    ///
    /// The window is that of the mail's own time, so that an old mailbox can be read at once; a loop tells the time
    /// truly, and a time to come counts as now.
    /// - Returns: When it may go on, where the sender has sent too much; nil for now.
    func countSender(of new: NewMessage, now: Timestamp) throws(StoreError) -> Timestamp? {
        guard let breaker = options.loopBreaker, new.envelope.data.channel == .email,
            new.envelope.data.direction == .inbound, new.envelope.data.automated != .list, let people = new.people
        else { return nil }
        let window = max(breaker.windowSeconds, 1).multipliedClamped(by: 1000)
        let isAutomated = new.envelope.data.automated != .no
        let limit = max(1, isAutomated ? breaker.automatedMessages : breaker.messages)
        let time = min(new.envelope.data.times.sentAt ?? now, now).milliseconds
        let kind = kind(of: new.envelope.data, isAutomated: isAutomated)
        let sender = Array(SHA256.digest(of: key + people.sender + kind).prefix(MailPeople.digestBytes))
        // Not by RETURNING, for which SQLite makes a table for the row that it gives back: five times the work.
        try connection.run(
            "INSERT INTO sender_count VALUES (?1, ?2, 1) ON CONFLICT DO UPDATE SET count = count + 1",
            .int(slot(of: time)),
            .bytes(sender)
        )
        let sql = "SELECT count FROM sender_count WHERE slot = ?1 AND sender = ?2"
        let count = try connection.first(sql, .int(slot(of: time)), .bytes(sender)) { $0.int(0) } ?? 0
        guard count > limit else { return nil }
        let wait = (count - Int64(limit)).multipliedClamped(by: window / Int64(limit))
        return Timestamp(milliseconds: now.milliseconds &+ min(wait, 365 * 86_400_000))
    }

    /// What is counted together: automatic mail, answers, or mails that say the same.
    private func kind(of data: borrowing MessageData, isAutomated: Bool) -> [UInt8] {
        if isAutomated { return Array("automated".utf8) }
        if !data.inReplyTo.isEmpty || !data.references.isEmpty { return Array("answer".utf8) }
        let text = data.body.strippedText ?? data.body.text
        let digest = SHA256Stream()
        digest.update(field: text.utf8.isEmpty ? data.subject ?? "" : text)
        for attachment in data.attachments { digest.update(field: attachment.sha256 ?? "") }
        return digest.finish()
    }

    /// Lets held messages go on whose time has come; call it before a lease.
    ///
    /// - Returns: How many.
    package func releaseDue(now: Timestamp) throws(StoreError) -> Int {
        try forgetLinks(now: now)
        let condition = "\(OutboxState.held.condition(in: "outbox")) AND due_at BETWEEN 1 AND ?1"
        let isAny = try connection.first("SELECT 1 FROM outbox WHERE \(condition) LIMIT 1", .int(now.milliseconds)) {
            _ in true
        }
        let days = max(2, (options.loopBreaker?.windowSeconds ?? 0) / 43_200)
        let oldest = slot(of: now.milliseconds - days * 86_400_000)
        let isOld = try connection.first("SELECT 1 FROM sender_count WHERE slot < ?1 LIMIT 1", .int(oldest)) { _ in true
        }
        guard isAny == true || isOld == true else { return 0 }
        return try connection.transaction { () throws(StoreError) in
            let sql = "UPDATE outbox SET state = 'ready', due_at = 0 WHERE \(condition) RETURNING conversation"
            let conversations = try connection.all(sql, .int(now.milliseconds)) { $0.int(0) }
            for conversation in Set(conversations) { try requeue(conversation) }
            // Windows that are over need not be known.
            try connection.run("DELETE FROM sender_count WHERE slot < ?1", .int(oldest))
            return conversations.count
        }
    }

    /// The window in which a time lies.
    private func slot(of milliseconds: Int64) -> Int64 {
        milliseconds / max(options.loopBreaker?.windowSeconds ?? 3600, 1).multipliedClamped(by: 1000)
    }
}
