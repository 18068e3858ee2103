import Glibc

/// Brings messages to ticket systems. It knows no store: what becomes of each job is told to `settled`.
package final class DeliveryEngine {
    var runners: [String: any JobRunner] = [:]

    /// - Throws: `TargetError` for a preset or address that can't be used. Nothing is sent or asked for yet.
    package init(targets: [TargetConfiguration]) throws(TargetError) {
        for target in targets {
            guard runners[target.name] == nil else { throw TargetError(target: target.name, reason: "named twice") }
            if target.preset == ArchiveRunner.name {
                runners[target.name] = try ArchiveRunner(target)
            } else {
                runners[target.name] = try TargetRunner(target)
            }
        }
    }

    /// Delivers a batch, as many at once as the target allows.
    ///
    /// - Parameters:
    ///   - jobs: Begun in this order. Two of one conversation do not belong in one batch while its ticket is still unknown.
    ///   - content: The bytes of an attachment by the hex SHA-256 of the envelope; nil where they are no longer kept.
    ///   - settled: Called once for each job as it ends. If it throws, nothing new begins, what is in the air is
    ///     awaited and settled, and then the first error is thrown; jobs that were not begun are not settled.
    package func deliver(
        _ jobs: [DeliveryJob],
        to target: String,
        content: (_ sha256: String) throws -> [UInt8]?,
        settled: (DeliveryJob, DeliveryOutcome, AttemptFacts) throws -> Void
    ) throws {
        guard let runner = runners[target] else { throw TargetError(target: target, reason: "not configured") }
        try runner.deliver(jobs, content: content, settled: settled)
    }
}

/// A clock that no one sets.
enum Monotonic {
    static func milliseconds() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    static func sleep(milliseconds: Int64) {
        guard milliseconds > 0 else { return }
        var rest = timespec(tv_sec: Int(milliseconds / 1000), tv_nsec: Int(milliseconds % 1000) * 1_000_000)
        unsafe nanosleep(&rest, nil)
    }
}
