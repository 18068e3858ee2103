import GatehouseCore
package import GatehouseDelivery
package import GatehouseStore
import Glibc

/// Sends what waits: store → lease → the ticket system's requests → settle. One run of it serves all targets, all of them
/// at the same time: one that is slow or away holds up no other, nor does a slow message the next one.
///
/// A message is settled only by what the target answered; a run that dies leaves leases behind, whose messages come
/// again with the note that an earlier try may have arrived.
package final class Forwarder {
    /// Longer than any request may take, attachments included.
    static let leaseSeconds: Int64 = 900
    /// What a run that died had sent is waited for no longer than this.
    private static let longestRecovery: Int64 = 60_000

    private let store: Store
    private let engine: DeliveryEngine
    private let targets: [ForwardTarget]
    /// Told now and then: how many messages have an answer.
    package var watch: ((_ messages: Int) -> Void)?

    package init(store: Store, engine: DeliveryEngine, targets: [ForwardTarget]) {
        self.store = store
        self.engine = engine
        self.targets = targets
    }

    /// Sends until nothing is due at any target. The caller holds the lock `forward`, so leases still open belong to the dead.
    ///
    /// - Parameter lingerMilliseconds: Waits this long for messages that become due again meanwhile.
    package func run(lingerMilliseconds: Int64 = 0, shouldStop: () -> Bool = { false }) throws -> ForwardReport {
        var round = try ForwardRound(store: store, engine: engine, targets: targets)
        let delays = Dictionary(targets.map { ($0.name, engine.lookupDelayMilliseconds(of: $0.name)) }) { first, _ in
            first
        }
        round.report.recovered = try store.recoverLeases(now: .now(), delays: delays)
        round.report.noteClock(putBackBy: try store.adjustForClock(now: .now()))
        _ = try store.releaseDue(now: .now())
        let recovery = round.report.recovered > 0 ? min(delays.values.max() ?? 0, Self.longestRecovery) : 0
        let end = Timestamp(milliseconds: Timestamp.now().milliseconds + max(lingerMilliseconds, recovery))
        do {
            while !shouldStop() {
                try round.exchangeWithStore()
                try round.begin()
                if round.isIdle {
                    guard try waitForDue(until: end) else { break }
                } else {
                    round.turn()
                    watch?(round.report.sent + round.report.retried + round.report.dead)
                }
            }
        } catch {
            // What is known must be on disk even where something of ours has failed.
            try? round.finish()
            throw error
        }
        try round.finish()
        return round.report
    }

    /// - Returns: False if nothing becomes due before `end`.
    private func waitForDue(until end: Timestamp) throws -> Bool {
        let due = try targets.compactMap { target -> Timestamp? in
            guard let due = try store.nextDue(target.name) else { return nil }
            return max(due, engine.pause(of: target.name)?.until ?? due)
        }.min()
        guard let due, due <= end else { return false }
        // A due time that has just come about must not make this a busy loop; what comes in meanwhile is seen in time.
        let rest = due.milliseconds - Timestamp.now().milliseconds
        engine.turn(waitingUpTo: min(max(10, rest), 1000))
        return true
    }
}

/// What forwarding has to know of a target.
package struct ForwardTarget: Sendable {
    package let name: String
    /// Where it is: a pause that was noted for another address does not hold.
    package let address: String

    package init(name: String, address: String) {
        self.name = name
        self.address = address
    }
}
