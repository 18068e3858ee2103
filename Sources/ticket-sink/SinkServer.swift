import GatehouseCore
import Glibc

/// A listening socket on 127.0.0.1, and nowhere else.
struct Listener: ~Copyable {
    let descriptor: Int32
    let port: UInt16

    /// - Parameter port: 0 takes a free one.
    init(port: UInt16) throws(IntakeError) {
        func failure(_ what: String) -> IntakeError {
            .unreadable(path: "127.0.0.1:\(port)", reason: "\(what): \(systemMessage(errno))")
        }
        let descriptor = socket(
            AF_INET,
            Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue),
            0
        )
        guard descriptor >= 0 else { throw failure("socket") }
        var on: Int32 = 1
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe bind(descriptor, generic, length) == 0 && listen(descriptor, 512) == 0
                    && getsockname(descriptor, generic, &length) == 0
            }
        }
        guard bound else {
            let error = failure("bind")
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
        self.port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(descriptor) }

    func accept() -> Int32? {
        let accepted = Glibc.accept(descriptor, nil, nil)
        guard accepted >= 0 else { return nil }
        _ = fcntl(accepted, F_SETFL, O_NONBLOCK)
        _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
        var on: Int32 = 1
        unsafe setsockopt(accepted, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        return accepted
    }
}

/// The loop: one thread, `poll`, all peers.
struct SinkServer: ~Copyable {
    static let connectionLimit = 1000

    private let listener: Listener
    private var service: TicketService
    private let bodyLimit: Int
    /// Ends the loop when standard input does.
    var endsWithInput = false
    private var connections: [Int32: Connection] = [:]
    private var scratch = [UInt8](repeating: 0, count: 64 * 1024)

    init(listener: consuming Listener, service: consuming TicketService, bodyLimit: Int) {
        self.listener = listener
        self.service = service
        self.bodyLimit = bodyLimit
    }

    mutating func run() throws(IntakeError) {
        while true {
            let ready = wait()
            for (descriptor, events) in ready {
                if descriptor == STDIN_FILENO {
                    if unsafe read(STDIN_FILENO, &scratch, scratch.count) <= 0 { return }
                } else if descriptor == listener.descriptor {
                    acceptAll()
                } else if events & Int16(POLLIN | POLLHUP | POLLERR) != 0, let peer = connections[descriptor],
                    peer.wantsInput
                {
                    peer.receive(into: &scratch, service: &service)
                }
            }
            answerDelayed()
            // What was received is in the files before its sender hears of it.
            try service.flush()
            for connection in connections.values {
                if connection.hasOutput { connection.send() }
                if connection.isFinished { connections[connection.descriptor] = nil }
            }
        }
    }

    private func wait() -> [(Int32, Int16)] {
        var polled: [pollfd] = [pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0)]
        if connections.count >= Self.connectionLimit { polled[0].events = 0 }
        if endsWithInput { polled.append(pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)) }
        var timeout = Int64(-1)
        let now = MonotonicClock.milliseconds()
        for (descriptor, connection) in connections {
            var events: Int16 = 0
            if connection.wantsInput { events |= Int16(POLLIN) }
            if connection.hasOutput { events |= Int16(POLLOUT) }
            if let due = connection.dueAt { timeout = min(timeout < 0 ? .max : timeout, max(0, due - now)) }
            // A peer that hung up while its answer is held back would make poll return at once, again and again.
            if events != 0 { polled.append(pollfd(fd: descriptor, events: events, revents: 0)) }
        }
        let count = unsafe poll(&polled, nfds_t(polled.count), Int32(clamping: timeout))
        guard count > 0 else { return [] }
        return polled.filter { $0.revents != 0 }.map { ($0.fd, $0.revents) }
    }

    private mutating func acceptAll() {
        while connections.count < Self.connectionLimit, let descriptor = listener.accept() {
            service.countConnection()
            connections[descriptor] = Connection(descriptor: descriptor, bodyLimit: bodyLimit)
        }
    }

    private mutating func answerDelayed() {
        let now = MonotonicClock.milliseconds()
        for connection in connections.values {
            if let due = connection.dueAt, due <= now { connection.answerDelayed(&service) }
        }
    }
}
