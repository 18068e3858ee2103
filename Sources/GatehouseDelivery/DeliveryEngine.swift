import GatehouseCore
import GatehouseTransfer
import Glibc

/// Brings messages to ticket systems, many at once on one thread. It knows no store: whoever uses it takes what has ended,
/// and hands over what should begin.
package final class DeliveryEngine {
    let client: HTTPClient
    private(set) var runners: [String: any JobRunner] = [:]

    /// - Parameter trace: Hears of every request and answer, without secrets.
    /// - Throws: `TargetError` for a preset or address that can't be used. Nothing is sent or asked for yet.
    package init(targets: [TargetConfiguration], trace: ((String) -> Void)? = nil) throws(TargetError) {
        client = HTTPClient(concurrency: targets.reduce(0) { $0 + max(1, $1.concurrency) })
        for target in targets {
            guard runners[target.name] == nil else { throw TargetError(target: target.name, reason: "named twice") }
            if target.preset == ArchiveRunner.name {
                runners[target.name] = try ArchiveRunner(target)
            } else {
                runners[target.name] = try TargetRunner(target, client: client, trace: trace)
            }
        }
    }

    func runner(_ target: String) throws(TargetError) -> any JobRunner {
        guard let runner = runners[target] else { throw TargetError(target: target, reason: "not configured") }
        return runner
    }

    // MARK: Step by step

    /// True while nothing is under way.
    package var isIdle: Bool { runners.values.allSatisfy { $0.active == 0 } }

    /// How many more messages may begin at a target now.
    package func room(at target: String) -> Int { runners[target]?.room ?? 0 }

    /// How many messages it is worth having at hand for a target.
    package func appetite(of target: String) -> Int { runners[target]?.appetite ?? 0 }

    /// Milliseconds until a target may have room without an answer of its own; nil where none is awaited.
    package func waitMilliseconds(of target: String) -> Int64? { runners[target]?.waitMilliseconds }

    package func pause(of target: String) -> TargetPause? { runners[target]?.pause }

    /// A target was found to be down, and has taken nothing since.
    package func isProbing(_ target: String) -> Bool { runners[target]?.isProbing ?? false }

    /// So many milliseconds a target may still be at work on what was sent to it unheard.
    package func lookupDelayMilliseconds(of target: String) -> Int64 { runners[target]?.lookupDelayMilliseconds ?? 0 }

    /// Keeps to a pause of an earlier run.
    package func resume(_ pause: TargetPause, of target: String) { runners[target]?.resume(pause) }

    /// Begins a job; it comes out of `takeFinished` when it has ended. Two of one conversation must not be under way while
    /// its ticket is still unknown.
    ///
    /// - Parameter content: The bytes of an attachment by the hex SHA-256 of the envelope; nil where they are no longer kept.
    package func begin(
        _ job: DeliveryJob,
        to target: String,
        content: (_ sha256: String) throws -> [UInt8]?
    ) throws {
        try runner(target).begin(job, content: content)
    }

    /// Lets the network go on, and waits for it up to so many milliseconds where there is nothing to do.
    package func turn(waitingUpTo milliseconds: Int64) {
        guard !client.isIdle else { return MonotonicClock.sleep(milliseconds: milliseconds) }
        client.turn(waitingUpTo: Int(clamping: max(0, milliseconds)))
    }

    /// Ends a wait in `turn`; any thread may call it.
    package func wake() { client.wake() }

    /// What has ended since the last call, at any target.
    package func takeFinished() -> [FinishedJob] { runners.values.flatMap { $0.takeFinished() } }

    // MARK: In one go

    /// Delivers a batch, as many at once as the target allows, and returns when all of it has ended.
    ///
    /// - Parameter settled: Called once for each job as it ends. If it throws, nothing new begins, what is in the air is
    ///   awaited and settled, and then the first error is thrown; jobs that were not begun are not settled.
    package func deliver(
        _ jobs: [DeliveryJob],
        to target: String,
        content: (_ sha256: String) throws -> [UInt8]?,
        settled: (DeliveryJob, DeliveryOutcome, AttemptFacts) throws -> Void
    ) throws {
        let runner = try runner(target)
        var next = 0
        var failure: (any Error)?
        while runner.active > 0 || failure == nil && next < jobs.count {
            do {
                while failure == nil, next < jobs.count, runner.pause != nil {
                    next += 1
                    try settled(jobs[next - 1], runner.postponed, AttemptFacts())
                }
                while failure == nil, next < jobs.count, runner.room > 0 {
                    next += 1
                    try runner.begin(jobs[next - 1], content: content)
                }
            } catch {
                failure = error
            }
            var finished = runner.takeFinished()
            if finished.isEmpty, runner.active > 0 || next < jobs.count {
                turn(waitingUpTo: min(1000, runner.waitMilliseconds ?? 1000))
                finished = runner.takeFinished()
            }
            for end in finished {
                do { try settled(end.job, end.outcome, end.facts) } catch { failure = failure ?? error }
            }
        }
        if let failure { throw failure }
    }
}

extension JobRunner {
    /// What becomes of a message that was to begin during a pause.
    fileprivate var postponed: DeliveryOutcome {
        let rest = pause.map { $0.until.milliseconds - Timestamp.now().milliseconds } ?? 0
        let reason = pause.map { "the target pauses: \($0.reason)" } ?? "not tried"
        return .postponed(afterMilliseconds: max(0, rest), reason: reason)
    }
}
