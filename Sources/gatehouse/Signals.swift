import Glibc
import Synchronization

/// SIGTERM and SIGINT end the run after the batch that is under way.
enum Signals {
    private static let stopping = Atomic<Bool>(false)

    static var isStopping: Bool { stopping.load(ordering: .relaxed) }

    static func install() {
        // A reader that goes away is an error that `write` reports, not a signal that kills us halfway.
        signal(SIGPIPE, SIG_IGN)
        var action = sigaction()
        unsafe action.__sigaction_handler.sa_handler = { _ in Signals.stopping.store(true, ordering: .relaxed) }
        // The second signal has its usual effect.
        action.sa_flags = Int32(bitPattern: SA_RESETHAND)
        unsafe sigaction(SIGTERM, &action, nil)
        unsafe sigaction(SIGINT, &action, nil)
    }
}
