import GatehouseCore
import GatehouseDelivery

/// What one run of forwarding did.
package struct ForwardReport: Sendable {
    package private(set) var sent = 0
    /// Of those sent, the ones that an earlier try had brought there.
    package private(set) var found = 0
    package private(set) var retried = 0
    package private(set) var dead = 0
    package private(set) var reopened = 0
    /// Of those found, the ones of which this state does not know that they were ever sent.
    package private(set) var unexpected = 0
    /// Targets that are not asked now, although something waits for them.
    package private(set) var pausing = 0
    /// Messages that a run that died had under way.
    package var recovered = 0
    /// What an operator should know, one line for each target and reason.
    private var reasons: [String: Int] = [:]

    package init() {}

    /// Something waits to be tried again.
    package var isWaiting: Bool { retried > 0 || pausing > 0 }

    mutating func noteClock(putBackBy milliseconds: Int64) {
        guard milliseconds > 0 else { return }
        reasons["the clock was put back by \(milliseconds / 1000) s; so was what waits for its time", default: 0] += 1
    }

    mutating func note(_ pause: TargetPause, of target: String) {
        pausing += 1
        reasons["\(target): not asked until \(pause.until.rfc3339): \(pause.reason)", default: 0] += 1
    }

    mutating func count(_ outcome: DeliveryOutcome, target: String, job: DeliveryJob) {
        switch outcome {
        case .sent(_, _, let lookedUp):
            sent += 1
            guard lookedUp else { return }
            found += 1
            guard !job.outcomeUnknown else { return }
            unexpected += 1
            reasons[
                "\(target): had a message already that this state has never sent: was it restored from a backup?",
                default: 0
            ] += 1
        case .retry(_, let reason, _, _):
            retried += 1
            reasons["\(target): will be tried again: \(reason)", default: 0] += 1
        case .postponed(_, let reason):
            retried += 1
            reasons["\(target): will be tried again: \(reason)", default: 0] += 1
        case .dead(let reason, _, _):
            dead += 1
            reasons["\(target): dead: \(reason) (gatehouse dead show \(job.envelopeID.prefix(10)))", default: 0] += 1
        case .ticketGone: reopened += 1
        }
    }

    package var complaints: [String] {
        reasons.sorted { $0.key < $1.key }.prefix(50).map {
            $0.value == 1 ? $0.key : "\($0.key) (\($0.value) messages)"
        }
    }

    package var summary: String {
        var words = ["\(sent) sent"]
        if found > 0 { words.append("\(found) of them found there already") }
        if retried > 0 { words.append("\(retried) to be tried again") }
        if dead > 0 { words.append("\(dead) dead") }
        return words.joined(separator: ", ")
    }
}
