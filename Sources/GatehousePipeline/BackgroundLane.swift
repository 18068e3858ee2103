import Dispatch
import Synchronization

/// One piece of work at a time on a second thread: the next batch is read while the last one is committed.
///
/// What is handed over belongs to the other thread until `wait` has returned.
final class BackgroundLane<Result> {
    private let queue = DispatchQueue(label: "gatehouse.commit")
    private let done = DispatchSemaphore(value: 0)
    private let hasEnded = Atomic<Bool>(true)
    private var isBusy = false
    private var outcome: Swift.Result<Result, any Error>?

    /// True while there is work that has not come to its end.
    var isAtWork: Bool { !hasEnded.load(ordering: .acquiring) }

    /// Begins `work`; call `wait` before the next one.
    func begin(_ work: @escaping () throws -> Result) {
        precondition(!isBusy, "the lane takes one piece of work at a time")
        isBusy = true
        hasEnded.store(false, ordering: .relaxed)
        // The semaphore orders all accesses: nothing here is touched by both threads at once.
        nonisolated(unsafe) let work = work
        nonisolated(unsafe) let lane = self
        queue.async {
            unsafe lane.outcome = Swift.Result { try unsafe work() }
            unsafe lane.hasEnded.store(true, ordering: .releasing)
            unsafe lane.done.signal()
        }
    }

    /// Waits for the end of the work, whose outcome `wait` gives then.
    func waitForEnd() {
        guard isBusy else { return }
        done.wait()
        done.signal()
    }

    /// The outcome of the work that was begun; nil where there is none.
    func wait() throws -> Result? {
        guard isBusy else { return nil }
        done.wait()
        isBusy = false
        defer { outcome = nil }
        return try outcome?.get()
    }
}
