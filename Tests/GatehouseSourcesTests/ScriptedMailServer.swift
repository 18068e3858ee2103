import Glibc
import Synchronization

/// A mail server on the loopback that answers as a closure says.
final class ScriptedMailServer: Sendable {
    /// Takes a line without its line end; nil ends the connection.
    typealias Script = @Sendable (String) -> [UInt8]?

    let port: Int
    private let listener: Int32
    private let greeting: String
    private let script: Script
    private let seen = Mutex<[String]>([])

    /// What clients have said, in order.
    var lines: [String] { seen.withLock { $0 } }

    init(greeting: String, _ script: @escaping Script) {
        self.greeting = greeting
        self.script = script
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                _ = unsafe bind(listener, generic, length)
                _ = listen(listener, 16)
                _ = unsafe getsockname(listener, generic, &length)
            }
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        Self.thread { [weak self] in
            while true {
                let peer = accept(listener, nil, nil)
                if peer < 0 { return }
                self?.serve(peer)
                close(peer)
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

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

    private func serve(_ peer: Int32) {
        guard Self.send(Array(greeting.utf8), to: peer) else { return }
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while unsafe recv(peer, &byte, 1, 0) == 1 {
            guard byte == UInt8(ascii: "\n") else {
                if byte != UInt8(ascii: "\r") { line.append(byte) }
                continue
            }
            let text = String(decoding: line, as: UTF8.self)
            line = []
            seen.withLock { $0.append(text) }
            guard let answer = script(text), Self.send(answer, to: peer) else { return }
        }
    }

    private static func send(_ bytes: [UInt8], to peer: Int32) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let rest = bytes[sent...]
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.send(peer, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }
}
