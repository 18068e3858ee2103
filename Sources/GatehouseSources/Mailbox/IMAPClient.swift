import GatehouseCore
import GatehouseTransfer

/// The commands of IMAP that a gateway needs, one at a time.
final class IMAPClient {
    /// Untagged responses to one command; a listing of the largest mailboxes has a million.
    static let responseLimit = 5_000_000
    /// For the answer of a command that fetches nothing.
    static let usualAnswerBytes = 4 << 20

    let server: String
    private let input: MailReader
    private let reader: IMAPResponseReader
    private var commandCount = 0
    private(set) var capabilities: Set<String> = []
    /// False once an exchange was left in its middle, or the server has said good-bye.
    private(set) var isUsable = true

    init(_ input: MailReader) {
        self.input = input
        server = input.server
        reader = IMAPResponseReader(input: input)
    }

    /// A connection that is logged in.
    static func session(_ settings: MailboxSettings) throws -> IMAPClient {
        try settings.session { input, secret in
            let client = IMAPClient(input)
            try client.readCapabilities()
            try client.logIn(settings, secret: secret)
            try client.readCapabilities()
            try client.introduce()
            return client
        }
    }

    // MARK: Exchanges

    /// Sends a command and takes its answer.
    ///
    /// - Parameters:
    ///   - what: The command in words that fit an error, without secrets.
    ///   - lines: The command's lines: each but the first is sent when the server asks for more.
    ///   - room: How many bytes of literals are kept of one response.
    ///   - take: Takes each untagged response that is no status; `note` takes those that are.
    ///   - more: Makes a line where the server asks for one beyond `lines`.
    /// - Throws: `MailboxError.refused` where the server answers NO or BAD.
    @discardableResult
    private func exchange(
        _ what: String,
        _ lines: [String],
        room: Int = 64 * 1024,
        answerBytes: Int = usualAnswerBytes,
        take: ([IMAPToken]) throws -> Void = { _ in },
        note: (IMAPStatus) -> Void = { _ in },
        more: (([UInt8]) -> String)? = nil
    ) throws -> IMAPStatus {
        guard isUsable else { throw MailboxError.unreachable(server: server, reason: "the connection was lost") }
        isUsable = false
        commandCount += 1
        let tag = "g\(commandCount)"
        var waiting = lines.dropFirst()
        try input.send(Array("\(tag) \(lines[0])\r\n".utf8), answerBytes: answerBytes)
        for _ in 0..<Self.responseLimit {
            switch try reader.next(room: room) {
            case .data(let tokens): try take(tokens)
            case .continuation(let words):
                guard let line = waiting.popFirst() ?? more?(words) else {
                    throw input.garbled("it asks for more of \(what)")
                }
                try input.send(Array("\(line)\r\n".utf8), answerBytes: answerBytes)
            case .status(let status) where status.tag == nil:
                if status.condition == .bye { throw ended(status) }
                note(status)
            case .status(let status):
                guard status.tag == tag else { throw input.garbled("it answers a command that nobody sent") }
                isUsable = true
                guard status.condition == .ok else {
                    throw MailboxError.refused(server: server, what: what, words: Self.words(status))
                }
                return status
            }
        }
        throw input.garbled("an answer without an end")
    }

    private func ended(_ status: IMAPStatus) -> MailboxError {
        .unreachable(server: server, reason: "the server ends the connection: \(MailboxError.shown(status.words))")
    }

    private static func words(_ status: IMAPStatus) -> String {
        let words = MailboxError.shown(status.words)
        return status.code.map { "\(words) [\(MailboxError.shown($0.utf8))]" } ?? words
    }

    func readCapabilities() throws {
        var found: Set<String> = []
        try exchange("CAPABILITY", ["CAPABILITY"]) { tokens in
            guard tokens.first?.atom?.uppercased() == "CAPABILITY" else { return }
            found.formUnion(tokens.dropFirst().prefix(1000).compactMap { $0.atom?.uppercased() })
        }
        capabilities = found
    }

    /// RFC 2971. Gmail asks for it, and some servers show no folder to who has not said it.
    private func introduce() throws {
        guard capabilities.contains("ID") else { return }
        do {
            try exchange("ID", ["ID (\"name\" \"gatehouse\")"])
        } catch MailboxError.refused {
            return
        }
    }

    // MARK: Login

    private func logIn(_ settings: MailboxSettings, secret: String) throws {
        var refusal: String?
        do {
            switch settings.login {
            case .xoauth2:
                let message = SASLMessage.xoauth2(user: settings.user, token: secret)
                // A refused token is answered with the reason, which has to be acknowledged by an empty line.
                try authenticate("XOAUTH2", message) { challenge in
                    refusal = SASLMessage.words(challenge)
                    return ""
                }
            case .plain: try logInPlainly(settings, secret)
            case .login: try logInOldly(settings, secret)
            case .password:
                let hasPlain = capabilities.contains("AUTH=PLAIN")
                try hasPlain ? logInPlainly(settings, secret) : logInOldly(settings, secret)
            }
        } catch MailboxError.refused(_, _, let words) {
            let all = refusal.map { "\(words) (\($0))" } ?? words
            throw MailboxError.loginRefused(server: server, user: settings.user, words: all)
        }
    }

    private func logInPlainly(_ settings: MailboxSettings, _ secret: String) throws {
        try authenticate("PLAIN", SASLMessage.plain(user: settings.user, password: secret))
    }

    private func authenticate(
        _ mechanism: String,
        _ message: String,
        more: (([UInt8]) -> String)? = nil
    ) throws {
        let isOneLine = capabilities.contains("SASL-IR")
        let lines =
            isOneLine ? ["AUTHENTICATE \(mechanism) \(message)"] : ["AUTHENTICATE \(mechanism)", message]
        try exchange("AUTHENTICATE \(mechanism)", lines, more: more)
    }

    private func logInOldly(_ settings: MailboxSettings, _ secret: String) throws {
        guard !capabilities.contains("LOGINDISABLED") else {
            throw MailboxError.lacking(
                server: server,
                words: "the server takes no password over this connection; use imaps://, or another 'auth'"
            )
        }
        // Literals take every byte that a password may have (RFC 9051 §6.2.3).
        let lines = ["LOGIN {\(settings.user.utf8.count)}", "\(settings.user) {\(secret.utf8.count)}", secret]
        try exchange("LOGIN", lines)
    }

    func logOut() {
        _ = try? exchange("LOGOUT", ["LOGOUT"])
        isUsable = false
    }

    // MARK: Folders

    struct Folder: Equatable {
        /// UIDs mean anything only beside it (RFC 9051 §2.3.1.1); 0 where the server names none.
        var validity: UInt32 = 0
        var nextUID: UInt32?
        var count = 0
        var isReadOnly = false
    }

    /// - Parameter forChanges: Otherwise the folder is only looked at (EXAMINE), and not even `\Recent` changes.
    func select(_ name: String, forChanges: Bool) throws -> Folder {
        var folder = Folder()
        let word = forChanges ? "SELECT" : "EXAMINE"
        let status = try exchange("folder \(name)", ["\(word) \(ModifiedUTF7.quoted(name))"]) { tokens in
            if tokens.count >= 2, tokens[1].atom?.uppercased() == "EXISTS",
                let count = tokens[0].atom.flatMap({ Int($0) })
            {
                folder.count = max(0, count)
            }
        } note: { status in
            if let number = status.number(of: "UIDVALIDITY") { folder.validity = number }
            if let number = status.number(of: "UIDNEXT") { folder.nextUID = number }
        }
        folder.isReadOnly = status.code == "READ-ONLY"
        return folder
    }

    // MARK: Messages

    /// The UIDs above `last`, ascending.
    func uids(above last: UInt32) throws -> [UInt32] {
        guard last < UInt32.max else { return [] }
        var found = UIDCollection()
        let answerBytes = Self.responseLimit * 64
        try exchange("the list of messages", ["UID FETCH \(last + 1):* (UID)"], answerBytes: answerBytes) { tokens in
            // `*` is the last message, also where its UID is lower.
            if let uid = IMAPFetch(tokens)?.uid, uid > last { found.insert(uid) }
        }
        return found.sorted()
    }

    /// Size, time of arrival and Gmail's own id of some messages; those that are gone are missing.
    func facts(_ set: String) throws -> [UInt32: IMAPFetch] {
        let gmail = capabilities.contains("X-GM-EXT-1") ? " X-GM-MSGID" : ""
        var found: [UInt32: IMAPFetch] = [:]
        try exchange("sizes of messages", ["UID FETCH \(set) (UID RFC822.SIZE INTERNALDATE\(gmail))"]) { tokens in
            // A server may also tell of flags that somebody changes meanwhile.
            guard let fetch = IMAPFetch(tokens), let uid = fetch.uid, found.count < 10_000 else { return }
            if fetch.size != nil || found[uid] == nil { found[uid] = fetch }
        }
        return found
    }

    /// Whole messages, each handed on as it comes; the flag `\Seen` stays as it is.
    ///
    /// - Parameters:
    ///   - part: Empty, or `<0.65536>` for so many bytes from the first.
    ///   - room: The longest message that is kept.
    ///   - expected: How many bytes all of them are likely to have.
    func bodies(
        _ set: String,
        part: String = "",
        room: Int,
        expected: Int,
        take: (UInt32, IMAPFetch.Body) throws -> Void
    ) throws {
        let answerBytes = 2 * (expected + room) + Self.usualAnswerBytes
        try exchange(
            "messages",
            ["UID FETCH \(set) (UID BODY.PEEK[]\(part))"],
            room: room,
            answerBytes: answerBytes
        ) { tokens in
            if let fetch = IMAPFetch(tokens), let uid = fetch.uid, let body = fetch.body { try take(uid, body) }
        }
    }

    // MARK: Changes

    func markSeen(_ set: String) throws {
        try exchange("\\Seen", ["UID STORE \(set) +FLAGS.SILENT (\\Seen)"])
    }

    /// Without UIDPLUS they are only flagged: EXPUNGE would delete what others have flagged, too.
    func delete(_ set: String) throws {
        try exchange("\\Deleted", ["UID STORE \(set) +FLAGS.SILENT (\\Deleted)"])
        if capabilities.contains("UIDPLUS") { try exchange("UID EXPUNGE", ["UID EXPUNGE \(set)"]) }
    }

    /// A folder that is missing is made.
    func move(_ set: String, to folder: String) throws {
        let canMove = capabilities.contains("MOVE")
        let command = "UID \(canMove ? "MOVE" : "COPY") \(set) \(ModifiedUTF7.quoted(folder))"
        do {
            try exchange("moving to \(folder)", [command])
        } catch MailboxError.refused(_, _, let words) where words.contains("[TRYCREATE") {
            try exchange("making the folder \(folder)", ["CREATE \(ModifiedUTF7.quoted(folder))"])
            try exchange("moving to \(folder)", [command])
        }
        if !canMove { try delete(set) }
    }
}

/// UIDs of a listing, in 4 bytes each; of more than it takes, the lowest are what counts.
struct UIDCollection {
    static let limit = 4_000_000
    private var kept: [UInt32] = []
    private var lowestLeftOut = UInt32.max

    mutating func insert(_ uid: UInt32) {
        if kept.count < Self.limit { kept.append(uid) } else { lowestLeftOut = min(lowestLeftOut, uid) }
    }

    /// Each once, ascending, up to the first that was left out: the next poll goes on there.
    func sorted() -> [UInt32] {
        var result: [UInt32] = []
        for uid in kept.sorted() where uid < lowestLeftOut && uid != result.last { result.append(uid) }
        return result
    }
}
