import GatehouseCore
package import GatehouseDelivery
package import GatehouseStore

// Store and delivery do not know each other; here their words for the same things meet.

extension DeliveryJob {
    /// - Throws: `JSONError` if what is stored is no JSON any more.
    package init(leased job: OutboxJob) throws {
        self.init(id: job.rowID, envelopeID: job.messageID, envelope: try StoredEnvelopeJSON(job.envelope))
        conversation = job.conversation
        ticket = job.ticket
        attempts = job.attempts
        outcomeUnknown = job.outcomeUnknown
        equalServerErrors = job.equalServerErrors
        othersWentThrough = job.othersWentThrough
    }
}

extension Settlement {
    init(job: DeliveryJob, outcome: DeliveryOutcome, attempt: AttemptFacts, now: Timestamp = .now()) {
        self.init(
            rowID: job.id,
            outcome: Outcome(outcome, now: now),
            status: attempt.status,
            durationMilliseconds: Int(attempt.durationMilliseconds),
            answer: attempt.answer.isEmpty ? nil : attempt.answer
        )
    }
}

extension Settlement.Outcome {
    fileprivate init(_ outcome: DeliveryOutcome, now: Timestamp) {
        func later(_ milliseconds: Int64) -> Timestamp {
            Timestamp(milliseconds: now.milliseconds + min(max(milliseconds, 0), 30 * 86_400_000))
        }
        switch outcome {
        case .sent(let ticket, let url, let lookedUp):
            self = .sent(ticket: ticket.isEmpty ? nil : ticket, url: url, lookedUp: lookedUp)
        case .retry(let after, let reason, _, let outcomeUnknown):
            self = .retry(notBefore: later(after), reason: reason, outcomeUnknown: outcomeUnknown)
        case .postponed(let after, let reason):
            self = .postponed(notBefore: later(after), reason: reason)
        case .dead(let reason, let status, let answer):
            let parts = [reason, status.map { "status \($0)" }, answer.isEmpty ? nil : answer]
            self = .dead(reason: parts.compactMap(\.self).joined(separator: ": "))
        case .ticketGone: self = .ticketGone
        }
    }
}
