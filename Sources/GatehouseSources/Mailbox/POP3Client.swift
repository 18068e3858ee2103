import GatehouseCore
import GatehouseTransfer

/// The commands of POP3 (RFC 1939) that a gateway needs.
final class POP3Client {
    /// Messages of a mailbox that are listed; what lies behind them comes with a later poll, once others are deleted.
    static let listLimit = 1_000_000

    let server: String
    private let input: MailReader
    private(set) var capabilities: Set<String> = []

    init(_ input: MailReader) {
        self.input = input
        server = input.server
    }

    /// A connection that is logged in.
    static func session(_ settings: MailboxSettings) throws -> POP3Client {
        try settings.session { input, secret in
            let client = POP3Client(input)
            try client.readCapabilities()
            try client.logIn(settings, secret: secret)
            return client
        }
    }

    // MARK: Exchanges

    private enum Answer {
        case ok([UInt8])
        case refused([UInt8])
        case challenge([UInt8])
    }

    private func send(_ line: String, answerBytes: Int = 1 << 20) throws {
        try input.send(Array("\(line)\r\n".utf8), answerBytes: answerBytes)
    }

    private func answer() throws -> Answer {
        let line = try input.line()
        if line.starts(with: "+OK".utf8) { return .ok(Array(line.dropFirst(line.count > 3 ? 4 : 3))) }
        if line.starts(with: "-ERR".utf8) { return .refused(Array(line.dropFirst(line.count > 4 ? 5 : 4))) }
        if line.first == UInt8(ascii: "+") { return .challenge(Array(line.dropFirst(line.count > 1 ? 2 : 1))) }
        throw input.garbled("it says '\(MailboxError.shown(line))'")
    }

    /// - Throws: `MailboxError.refused` where the server says -ERR.
    private func expectOK(_ what: String) throws {
        switch try answer() {
        case .ok: return
        case .refused(let words):
            throw MailboxError.refused(server: server, what: what, words: MailboxError.shown(words))
        case .challenge: throw input.garbled("it asks for more of \(what)")
        }
    }

    /// The lines of an answer that ends with a dot (RFC 1939 §3), without what was put before theirs.
    ///
    /// - Parameter take: Takes each line, without its line end.
    private func lines(_ take: ([UInt8]) throws -> Void) throws {
        while true {
            let line = try input.line()
            guard line.first == UInt8(ascii: ".") else {
                try take(line)
                continue
            }
            if line.count == 1 { return }
            try take(Array(line.dropFirst()))
        }
    }

    /// A server without CAPA has none of them.
    private func readCapabilities() throws {
        try send("CAPA")
        guard case .ok = try answer() else { return }
        var found: Set<String> = []
        try lines { line in
            guard found.count < 1000 else { return }
            let words = String(decoding: line, as: UTF8.self).uppercased().split(separator: " ").map(String.init)
            guard let name = words.first else { return }
            found.insert(name)
            if name == "SASL" { found.formUnion(words.dropFirst().map { "SASL \($0)" }) }
        }
        capabilities = found
    }

    // MARK: Login

    private func logIn(_ settings: MailboxSettings, secret: String) throws {
        let plain = SASLMessage.plain(user: settings.user, password: secret)
        switch settings.login {
        case .xoauth2:
            try authenticate("XOAUTH2", SASLMessage.xoauth2(user: settings.user, token: secret), settings)
        case .plain: try authenticate("PLAIN", plain, settings)
        case .login: try logInOldly(settings, secret)
        case .password:
            let hasPlain = capabilities.contains("SASL PLAIN")
            if hasPlain { try authenticate("PLAIN", plain, settings) } else { try logInOldly(settings, secret) }
        }
    }

    /// RFC 5034. What the client says first always waits for the server's prompt, since a line may be too short for a token.
    private func authenticate(_ mechanism: String, _ message: String, _ settings: MailboxSettings) throws {
        try send("AUTH \(mechanism)")
        var isFirst = true
        var reason: String?
        while true {
            switch try answer() {
            case .ok: return
            case .refused(let words):
                throw refusedLogin(settings, reason.map { "\(MailboxError.shown(words)) (\($0))" }, words)
            case .challenge(let challenge):
                guard isFirst || reason == nil else { throw input.garbled("it asks for more of AUTH") }
                if !isFirst { reason = SASLMessage.words(challenge) ?? "" }
                try send(isFirst ? message : "")
                isFirst = false
            }
        }
    }

    private func logInOldly(_ settings: MailboxSettings, _ secret: String) throws {
        for line in ["USER \(settings.user)", "PASS \(secret)"] {
            try send(line)
            switch try answer() {
            case .ok: continue
            case .refused(let words): throw refusedLogin(settings, nil, words)
            case .challenge: throw input.garbled("it asks for more of a password")
            }
        }
    }

    private func refusedLogin(_ settings: MailboxSettings, _ all: String?, _ words: [UInt8]) -> MailboxError {
        .loginRefused(server: server, user: settings.user, words: all ?? MailboxError.shown(words))
    }

    // MARK: Messages

    struct Message: Equatable {
        /// Valid in this session alone.
        var number: Int
        /// The server's own name of it, the same in every session (RFC 1939 §7, UIDL).
        var uid: String
        var size: Int?
    }

    /// What lies in the mailbox, in its order.
    func list() throws -> [Message] {
        var messages = try numbered("UIDL") { number, word in Message(number: number, uid: word) }
        let sizes = try numbered("LIST") { number, word in Int(word).map { (number, $0) } }
        let sizeOf = Dictionary(sizes) { first, _ in first }
        for index in messages.indices { messages[index].size = sizeOf[messages[index].number] }
        return messages
    }

    private func numbered<Entry>(_ command: String, _ entry: (Int, String) -> Entry?) throws -> [Entry] {
        try send(command, answerBytes: Self.listLimit * 256)
        try expectOK(command)
        var entries: [Entry] = []
        try lines { line in
            let words = line.split(separator: 0x20, maxSplits: 2)
            guard words.count >= 2, words[0].count <= 9, words[1].count <= 500, entries.count < Self.listLimit,
                let number = Int(String(decoding: words[0], as: UTF8.self)), number > 0
            else { return }
            if let made = entry(number, String(decoding: words[1], as: UTF8.self)) { entries.append(made) }
        }
        return entries
    }

    enum Content: Equatable {
        case bytes([UInt8])
        /// It is longer than the limit: its first bytes, and its size.
        case cut(head: [UInt8], size: Int)
        case refused(String)
    }

    /// Sends for messages. Each is then read by `retrieved`, in the same order.
    ///
    /// - Precondition: More than one only where the server has PIPELINING (RFC 2449 §6.6).
    func retrieve(_ messages: [Message], limit: Int) throws {
        let expected = messages.reduce(0) { $0 + min($1.size ?? limit, limit) }
        let commands = messages.map { "RETR \($0.number)\r\n" }.joined()
        try input.send(Array(commands.utf8), answerBytes: 2 * (expected + limit) + (4 << 20))
    }

    var canPipeline: Bool { capabilities.contains("PIPELINING") }

    func retrieved(limit: Int) throws -> Content {
        switch try answer() {
        case .refused(let words): return .refused(MailboxError.shown(words))
        case .challenge: throw input.garbled("it asks for more of RETR")
        case .ok: return try content(limit: limit)
        }
    }

    /// The header and some lines of a message; nothing where the server has no TOP.
    func head(of message: Message, limit: Int) throws -> [UInt8] {
        try send("TOP \(message.number) 100", answerBytes: 16 << 20)
        guard case .ok = try answer() else { return [] }
        switch try content(limit: limit) {
        case .bytes(let bytes): return bytes
        case .cut(let head, _): return head
        case .refused: return []
        }
    }

    private func content(limit: Int) throws -> Content {
        var bytes: [UInt8] = []
        var size = 0
        try input.content { piece in
            size += piece.count
            if bytes.count <= limit { bytes += piece.prefix(limit - bytes.count + 1) }
        }
        return size <= limit
            ? .bytes(bytes) : .cut(head: Array(bytes.prefix(min(limit, IMAPStep.headBytes))), size: size)
    }

    /// Marks messages; the server deletes them once `quit` is said, and not before.
    func markDeleted(_ messages: [Message]) throws {
        for message in messages {
            try send("DELE \(message.number)")
            try expectOK("DELE")
        }
    }

    /// Ends the session; what was marked is deleted.
    func quit() throws {
        try send("QUIT")
        try expectOK("QUIT")
    }
}
