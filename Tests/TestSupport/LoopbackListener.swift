import Glibc

/// Accepts connections on a free port of the loopback until it is let go, each on a thread of its own or in turn.
package final class LoopbackListener: Sendable {
    package let port: UInt16
    private let listener: Int32

    /// - Parameters:
    ///   - inTurn: The next connection is taken when this one has been served.
    ///   - serve: Reads and answers; the connection is closed when it returns.
    package init(inTurn: Bool = false, serve: @escaping @Sendable (_ peer: Int32) -> Void) {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                _ = unsafe bind(listener, generic, length)
                _ = listen(listener, 64)
                _ = unsafe getsockname(listener, generic, &length)
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        @Sendable func answer(_ peer: Int32) {
            serve(peer)
            close(peer)
        }
        Self.thread {
            while true {
                let peer = accept(listener, nil, nil)
                if peer < 0 {
                    close(listener)
                    return
                }
                if inTurn { answer(peer) } else { Self.thread { answer(peer) } }
            }
        }
    }

    /// The thread that accepts closes it: closed here, its number could be another server's before that thread looks again.
    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    private final class Work: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private static func thread(_ run: @escaping @Sendable () -> Void) {
        var id = pthread_t()
        let argument = unsafe Unmanaged.passRetained(Work(run)).toOpaque()
        let start: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
            if let argument = unsafe argument { unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run() }
            return nil
        }
        unsafe pthread_create(&id, nil, start, argument)
        pthread_detach(id)
    }
}
