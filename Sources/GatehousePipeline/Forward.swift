import GatehouseCore
package import GatehouseDelivery
package import GatehouseStore
import Glibc

/// Sends what waits: store → lease → the ticket system's requests → settle. One run of it serves all targets.
///
/// A message is settled only by what the target answered; a run that dies leaves leases behind, whose messages come
/// again with the note that an earlier try may have arrived.
package final class Forwarder {
    /// Settled and leased together: one commit for many messages.
    static let batchCount = 32
    /// Longer than any request may take, attachments included.
    static let leaseSeconds: Int64 = 900

    private let store: Store
    private let engine: DeliveryEngine
    private let targets: [String]
    /// Told after every answer: how many messages have one.
    package var watch: ((_ messages: Int) -> Void)?
    private var answered = 0

    package init(store: Store, engine: DeliveryEngine, targets: [String]) {
        self.store = store
        self.engine = engine
        self.targets = targets
    }

    /// Sends until nothing is due at any target. The caller holds the lock `forward`, so leases still open belong to the dead.
    ///
    /// - Parameter lingerMilliseconds: Waits this long for messages that become due again meanwhile.
    package func run(lingerMilliseconds: Int64 = 0, shouldStop: () -> Bool = { false }) throws -> ForwardReport {
        var report = ForwardReport()
        report.recovered = try store.recoverLeases(now: .now())
        _ = try store.releaseDue(now: .now())
        let end = Timestamp(milliseconds: Timestamp.now().milliseconds + lingerMilliseconds)
        while !shouldStop() {
            var wasBusy = false
            // In turn, one batch each: a target with a long queue holds up no other.
            for target in targets where !shouldStop() {
                let jobs = try store.lease(
                    target: target,
                    limit: Self.batchCount,
                    now: .now(),
                    seconds: Self.leaseSeconds
                )
                guard !jobs.isEmpty else { continue }
                wasBusy = true
                try deliver(jobs, to: target, report: &report)
            }
            if !wasBusy, try !waitForDue(until: end) { break }
        }
        return report
    }

    private func deliver(_ leased: [OutboxJob], to target: String, report: inout ForwardReport) throws {
        var settlements: [Settlement] = []
        var jobs: [DeliveryJob] = []
        for job in leased {
            do {
                jobs.append(try DeliveryJob(leased: job))
            } catch {
                // Our own words, unreadable: the disk has changed them. A person must look, the others go on.
                settlements.append(
                    Settlement(rowID: job.rowID, outcome: .dead(reason: "stored envelope is damaged: \(error)"))
                )
            }
        }
        // What is known must be on disk even where one answer ends in an error of our own.
        defer { try? store.settle(settlements, now: .now()) }
        func settle(_ job: DeliveryJob, _ outcome: DeliveryOutcome, _ attempt: AttemptFacts) throws {
            report.count(outcome, target: target, id: job.envelopeID)
            answered += 1
            watch?(answered)
            settlements.append(Settlement(job: job, outcome: outcome, attempt: attempt))
            // An answer that is known only to this process is a ticket that a crash would make us look up again.
            if settlements.count >= 8 {
                try store.settle(settlements, now: .now())
                settlements.removeAll(keepingCapacity: true)
            }
        }
        try engine.deliver(jobs, to: target, content: { try store.blob($0) }, settled: settle)
        try store.settle(settlements, now: .now())
        settlements.removeAll()
    }

    /// - Returns: False if nothing becomes due before `end`.
    private func waitForDue(until end: Timestamp) throws -> Bool {
        let due = try targets.compactMap { try store.nextDue($0) }.min()
        guard let due, due <= end else { return false }
        // A due time that has just come about must not make this a busy loop.
        sleep(milliseconds: max(10, due.milliseconds - Timestamp.now().milliseconds))
        return true
    }
}

/// Sleeps, or not at all for a moment that has passed.
private func sleep(milliseconds: Int64) {
    guard milliseconds > 0 else { return }
    var rest = timespec(tv_sec: Int(milliseconds / 1000), tv_nsec: Int(milliseconds % 1000) * 1_000_000)
    unsafe nanosleep(&rest, nil)
}
