import Glibc
import Synchronization
import TestSupport

/// A server that answers each request with the next of its lines, whatever was asked, and keeps what came.
final class ScriptedServer: Sendable {
    enum Act: Sendable {
        /// Reads one request, answers with these bytes, and goes on.
        case answer(String)
        /// Answers before it has read any of the body.
        case answerEarly(String)
        /// Reads one request, says this, waits, and says that.
        case answerSlowly(String, milliseconds: UInt32, String)
        /// Answers, and ends the connection so many milliseconds later.
        case answerAndClose(String, afterMilliseconds: UInt32)
        /// Reads one request and ends the connection.
        case close
        /// Reads one request and ends the connection the hard way.
        case reset
        /// Reads nothing for so long, at the start of a connection.
        case sleep(milliseconds: UInt32)
    }

    private struct State {
        var acts: [Act]
        var requests: [String] = []
        var connections = 0
    }

    private final class Shared: Sendable {
        let state: Mutex<State>
        init(_ acts: [Act]) { state = Mutex(State(acts: acts)) }

        func nextAct() -> Act? { state.withLock { $0.acts.isEmpty ? nil : $0.acts.removeFirst() } }
        func nextSleep() -> UInt32? {
            state.withLock { state in
                guard case .sleep(let milliseconds) = state.acts.first else { return nil }
                state.acts.removeFirst()
                return milliseconds
            }
        }
        func note(_ request: String) { state.withLock { $0.requests.append(request) } }
    }

    private let shared: Shared
    private let listener: LoopbackListener

    init(_ acts: [Act]) {
        let shared = Shared(acts)
        self.shared = shared
        listener = LoopbackListener { peer in
            shared.state.withLock { $0.connections += 1 }
            if let milliseconds = shared.nextSleep() { usleep(milliseconds * 1000) }
            while let head = Self.head(peer), let act = shared.nextAct(), Self.play(act, head, peer, shared) {}
        }
    }

    var origin: String { "http://127.0.0.1:\(listener.port)" }
    /// Head and body of each request that was read.
    var requests: [String] { shared.state.withLock(\.requests) }
    var connections: Int { shared.state.withLock(\.connections) }

    /// - Returns: False to end the connection.
    private static func play(_ act: Act, _ head: String, _ peer: Int32, _ shared: Shared) -> Bool {
        if case .answerEarly(let text) = act {
            shared.note(head)
            say(text, peer)
            shutdown(peer, Int32(SHUT_WR))
            usleep(50_000)
            return false
        }
        guard let body = body(head, peer) else { return false }
        shared.note(head + body)
        switch act {
        case .answer(let text): say(text, peer)
        case .answerSlowly(let first, let milliseconds, let second):
            say(first, peer)
            usleep(milliseconds * 1000)
            say(second, peer)
        case .answerAndClose(let text, let milliseconds):
            say(text, peer)
            usleep(milliseconds * 1000)
            return false
        case .reset:
            var hard = linger(l_onoff: 1, l_linger: 0)
            unsafe setsockopt(peer, SOL_SOCKET, SO_LINGER, &hard, socklen_t(MemoryLayout<linger>.size))
            return false
        default: return false
        }
        return true
    }

    private static func say(_ text: String, _ peer: Int32) {
        let bytes = Array(text.utf8)
        _ = unsafe send(peer, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// nil at the end of the connection.
    private static func head(_ peer: Int32) -> String? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while !bytes.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            guard unsafe recv(peer, &byte, 1, 0) == 1 else { return nil }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func body(_ head: String, _ peer: Int32) -> String? {
        let field = head.split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") }
        guard let length = field.flatMap({ Int($0.dropFirst(16)) }), length > 0 else { return "" }
        var body = [UInt8](repeating: 0, count: length)
        guard unsafe recv(peer, &body, length, Int32(MSG_WAITALL)) == length else { return nil }
        return String(decoding: body, as: UTF8.self)
    }
}
