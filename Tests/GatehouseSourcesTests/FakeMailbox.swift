import GatehouseCore
import Synchronization

@testable import GatehouseSources

/// A mailbox as a small IMAP or POP3 server has it; what it says can be replaced by lies.
final class FakeMailbox: Sendable {
    struct State: Sendable {
        var validity = 7
        var messages: [UInt32: String] = [:]
        var capabilities = "IMAP4rev1 SASL-IR UIDPLUS MOVE AUTH=PLAIN"
        var password = "secret"
        var seen: Set<UInt32> = []
        var moved: Set<UInt32> = []
        var gmailIDs: [UInt32: Int] = [:]
        /// Literals of a LOGIN that are still to come.
        var expectedLiterals = 0
        var loginTag = ""
    }

    let state = Mutex(State())
    /// The answer to a command, instead of the true one; nil leaves it to the mailbox.
    let lie: @Sendable (_ tag: String, _ command: String) -> [UInt8]?

    init(_ messages: [UInt32: String] = [:], lie: @escaping @Sendable (String, String) -> [UInt8]? = { _, _ in nil }) {
        self.lie = lie
        state.withLock { $0.messages = messages }
    }

    func imapServer() -> ScriptedMailServer {
        ScriptedMailServer(greeting: "* OK here\r\n") { [self] in answerIMAP($0) }
    }

    private func answerIMAP(_ line: String) -> [UInt8]? {
        let words = line.split(separator: " ", maxSplits: 1).map(String.init)
        let (tag, command) = (words.first ?? "", words.dropFirst().first ?? "")
        if let lie = lie(tag, command) { return lie == Array("CLOSE".utf8) ? nil : lie }
        return state.withLock { state in Self.answer(&state, tag, command, line).map { Array($0.utf8) } }
    }

    private static func answer(_ state: inout State, _ tag: String, _ command: String, _ line: String) -> String? {
        if state.expectedLiterals > 0 {
            state.expectedLiterals -= 1
            if state.expectedLiterals > 0 { return "+ more\r\n" }
            let isRight = line == state.password
            return isRight ? "\(state.loginTag) OK in\r\n" : "\(state.loginTag) NO wrong password\r\n"
        }
        let ok = "\(tag) OK done\r\n"
        if command == "CAPABILITY" { return "* CAPABILITY \(state.capabilities)\r\n\(ok)" }
        if command.hasPrefix("AUTHENTICATE PLAIN ") {
            let right = SASLMessage.plain(user: "me", password: state.password)
            return command.hasSuffix(" \(right)") ? ok : "\(tag) NO [AUTHENTICATIONFAILED] wrong password\r\n"
        }
        if command.hasPrefix("LOGIN ") {
            (state.expectedLiterals, state.loginTag) = (2, tag)
            return "+ more\r\n"
        }
        if command.hasPrefix("EXAMINE ") || command.hasPrefix("SELECT ") {
            let next = (state.messages.keys.max() ?? 0) + 1
            return "* \(state.messages.count) EXISTS\r\n* OK [UIDVALIDITY \(state.validity)] v\r\n"
                + "* OK [UIDNEXT \(next)] n\r\n\(tag) OK [READ-WRITE] done\r\n"
        }
        if command.hasPrefix("UID FETCH ") { return fetch(state, command) + ok }
        if command.hasPrefix("UID STORE "), command.contains("\\Seen") {
            state.seen.formUnion(uids(command, state))
        } else if command.hasPrefix("UID EXPUNGE ") {
            for uid in uids(command, state) { state.messages[uid] = nil }
        } else if command.hasPrefix("UID MOVE ") {
            for uid in uids(command, state) {
                state.messages[uid] = nil
                state.moved.insert(uid)
            }
        }
        return ok
    }

    private static func uids(_ command: String, _ state: State) -> [UInt32] {
        let set = command.split(separator: " ")[2]
        let all = state.messages.keys.sorted()
        return set.split(separator: ",").flatMap { piece -> [UInt32] in
            let ends = piece.split(separator: ":").map { $0 == "*" ? (all.last ?? 0) : UInt32($0) ?? 0 }
            guard let low = ends.min(), let high = ends.max() else { return [] }
            return all.filter { $0 >= low && $0 <= high }
        }
    }

    private static func fetch(_ state: State, _ command: String) -> String {
        uids(command, state).enumerated().map { index, uid in
            let text = state.messages[uid] ?? ""
            if command.contains("BODY.PEEK[]<0.") {
                let head = String(decoding: text.utf8.prefix(65_536), as: UTF8.self)
                return "* \(index + 1) FETCH (UID \(uid) BODY[]<0> {\(head.utf8.count)}\r\n\(head))\r\n"
            }
            if command.contains("BODY.PEEK[]") {
                return "* \(index + 1) FETCH (UID \(uid) BODY[] {\(text.utf8.count)}\r\n\(text))\r\n"
            }
            guard command.contains("RFC822.SIZE") else { return "* \(index + 1) FETCH (UID \(uid))\r\n" }
            let gmail = state.gmailIDs[uid].map { " X-GM-MSGID \($0)" } ?? ""
            return "* \(index + 1) FETCH (UID \(uid) RFC822.SIZE \(text.utf8.count) FLAGS (\\Seen $x)"
                + " INTERNALDATE \" 2-Jan-2026 03:04:05 +0100\"\(gmail))\r\n"
        }.joined()
    }
}

/// Polls a source as the pipeline does, and keeps its positions as the store would.
final class MailboxReading {
    var source: any MessageSource
    var positions: [String: String] = [:]
    private(set) var texts: [String] = []
    private(set) var rejected: [RejectedInput] = []
    private(set) var ignored: [String] = []
    private(set) var receivedAt: [Timestamp?] = []
    private var receipts: [String] = []

    init(_ source: any MessageSource) { self.source = source }

    /// All of it is committed, and the source has not heard of it yet.
    func poll() throws {
        func keep(_ updates: [PositionUpdate]) { for update in updates { positions[update.item] = update.value } }
        do {
            keep(
                try source.poll(positions: positions) { found in
                    switch found.outcome {
                    case .rejected(let input): rejected.append(input)
                    case .ignored(let input): ignored.append(input.kind)
                    case .message, nil:
                        let (bytes, _) = try found.input.bytes.readAll(limit: 1 << 24)
                        texts.append(String(decoding: bytes, as: UTF8.self))
                        receivedAt.append(found.input.context.receivedAt)
                    }
                    keep(found.positions)
                    receipts.append(found.receipt)
                }
            )
        } catch let partial as PartialPoll {
            keep(partial.forgotten)
            throw partial.cause
        }
    }

    func finish() throws {
        try source.acknowledge(receipts)
        receipts = []
        for update in try source.close() { positions[update.item] = update.value }
    }

    func pollAndFinish() throws {
        try poll()
        try finish()
    }
}
