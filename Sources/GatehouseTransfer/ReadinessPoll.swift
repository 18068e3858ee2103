import CEvents
import Glibc

/// Waits for many sockets at once (epoll), each under a number of its owner's choice.
@safe final class ReadinessPoll {
    struct Ready {
        let id: UInt32
        let socket: Int32
        let canRead: Bool
        let canWrite: Bool
    }

    private static let most = 256
    /// The number that is its own.
    static let ownID = UInt32.max

    /// It can be waited for itself: it is readable while a socket is ready.
    let descriptor: Int32
    private let waker: Int32
    private let events: UnsafeMutablePointer<epoll_event>

    /// - Returns: nil where the system has no descriptors left.
    init?() {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        waker = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        unsafe events = .allocate(capacity: Self.most)
        guard descriptor >= 0, waker >= 0, watch(waker, as: Self.ownID, writing: false) else { return nil }
    }

    deinit {
        close(descriptor)
        close(waker)
        unsafe events.deallocate()
    }

    /// Watches a socket for bytes to read, and if `writing` for room to write; a socket that is watched already is watched so from now on.
    @discardableResult
    func watch(_ socket: Int32, as id: UInt32, reading: Bool = true, writing: Bool) -> Bool {
        var event = unsafe epoll_event()
        unsafe event.events = (reading ? EPOLLIN.rawValue : 0) | (writing ? EPOLLOUT.rawValue : 0)
        unsafe event.data.u64 = UInt64(id) << 32 | UInt64(UInt32(bitPattern: socket))
        if unsafe epoll_ctl(descriptor, EPOLL_CTL_ADD, socket, &event) == 0 { return true }
        return unsafe errno == EEXIST && epoll_ctl(descriptor, EPOLL_CTL_MOD, socket, &event) == 0
    }

    /// A closed socket is forgotten without a word.
    func forget(_ socket: Int32) {
        var event = unsafe epoll_event()
        _ = unsafe epoll_ctl(descriptor, EPOLL_CTL_DEL, socket, &event)
    }

    /// Waits until a socket is ready, `wake` is called, or the time is over.
    func wait(milliseconds: Int) -> [Ready] {
        let count = unsafe epoll_wait(descriptor, events, Int32(Self.most), Int32(clamping: max(0, milliseconds)))
        var ready: [Ready] = []
        ready.reserveCapacity(Int(max(0, count)))
        for index in 0..<Int(max(0, count)) {
            let (what, number) = unsafe (events[index].events, events[index].data.u64)
            let id = UInt32(truncatingIfNeeded: number >> 32)
            if id == Self.ownID {
                var value: eventfd_t = 0
                _ = unsafe eventfd_read(waker, &value)
                continue
            }
            // Whoever reads or writes is told of an error or an end by that.
            let isOver = what & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0
            ready.append(
                Ready(
                    id: id,
                    socket: Int32(truncatingIfNeeded: number),
                    canRead: isOver || what & EPOLLIN.rawValue != 0,
                    canWrite: isOver || what & EPOLLOUT.rawValue != 0
                )
            )
        }
        return ready
    }

    /// Ends a wait; the only call that any thread may make.
    func wake() { _ = eventfd_write(waker, 1) }
}
