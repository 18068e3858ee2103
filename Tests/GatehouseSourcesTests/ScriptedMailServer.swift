import Glibc
import Synchronization
import TestSupport

/// A mail server on the loopback that answers as a closure says.
final class ScriptedMailServer: Sendable {
    /// Takes a line without its line end; nil ends the connection.
    typealias Script = @Sendable (String) -> [UInt8]?

    /// Milliseconds that a client waits for an answer: a machine that runs all tests at once may be slow to give it.
    static let patience = 10_000

    var port: Int { Int(listener.port) }
    private let listener: LoopbackListener
    private let conversation: Conversation

    /// What clients have said, in order.
    var lines: [String] { conversation.seen.withLock { $0 } }

    init(greeting: String, _ script: @escaping Script) {
        let conversation = Conversation(greeting: greeting, script)
        self.conversation = conversation
        listener = LoopbackListener(inTurn: true) { conversation.serve($0) }
    }
}

private final class Conversation: Sendable {
    let seen = Mutex<[String]>([])
    private let greeting: String
    private let script: ScriptedMailServer.Script

    init(greeting: String, _ script: @escaping ScriptedMailServer.Script) {
        self.greeting = greeting
        self.script = script
    }

    func serve(_ peer: Int32) {
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
