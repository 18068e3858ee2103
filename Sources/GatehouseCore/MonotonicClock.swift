import Glibc

/// A clock that no one sets, for spans of time within a process.
package enum MonotonicClock {
    package static func milliseconds() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Returns at once where there is nothing to wait for.
    package static func sleep(milliseconds: Int64) {
        guard milliseconds > 0 else { return }
        var rest = timespec(tv_sec: Int(milliseconds / 1000), tv_nsec: Int(milliseconds % 1000) * 1_000_000)
        unsafe nanosleep(&rest, nil)
    }
}
