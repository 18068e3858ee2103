package import GatehouseTransfer

/// Where a mailbox is, and how to get in.
package struct MailboxSettings {
    /// How a password or token is handed over.
    package enum Login: String, Sendable, CaseIterable {
        /// SASL PLAIN where the server has it, else the protocol's own login.
        case password
        case plain
        /// IMAP's LOGIN, POP3's USER and PASS.
        case login
        /// An OAuth 2 access token (Google, Microsoft).
        case xoauth2
    }

    /// What happens to a message in the mailbox once it is on disk.
    package enum Action: Sendable, Equatable {
        case keep, seen, delete
        /// Another folder of the same mailbox.
        case move(to: String)

        /// Stands in a message's position: what was read to be kept is not deleted because the configuration says
        /// otherwise today.
        var mark: String {
            switch self {
            case .keep: "keep"
            case .seen: "seen"
            case .delete: "delete"
            case .move: "move"
            }
        }
    }

    package var address: MailboxAddress
    package var encryption: MailConnection.Encryption
    package var user: String
    package var login: Login
    /// The password or token. It is asked for at each login, so that a token which was renewed meanwhile is taken.
    package var secret: () throws -> String
    /// Renews the token that was refused; nil where there is nothing that could. After it, `secret` is asked again.
    package var renewSecret: (() throws -> Void)?
    package var caFile: String?
    package var timeoutMilliseconds: Int
    package var action: Action
    /// Of IMAP; the first is read first.
    package var folders: [String]
    /// Opens a connection; nobody is logged in yet.
    package var open: (MailboxSettings) throws(StreamError) -> any ByteStream = Self.connection

    package init(
        address: MailboxAddress,
        encryption: MailConnection.Encryption,
        user: String,
        login: Login,
        secret: @escaping () throws -> String
    ) {
        self.address = address
        self.encryption = encryption
        self.user = user
        self.login = login
        self.secret = secret
        timeoutMilliseconds = 30_000
        action = .keep
        folders = ["INBOX"]
    }

    /// Whose mailbox on which server: a part of each position, since numbers of one mailbox mean nothing in another.
    var owner: String { "\(user)@\(address.host)" }

    private static func connection(_ settings: MailboxSettings) throws(StreamError) -> any ByteStream {
        try MailConnection(
            url: settings.address.text,
            encryption: settings.encryption,
            caFile: settings.caFile,
            timeoutMilliseconds: settings.timeoutMilliseconds
        )
    }

    private func connect() throws(MailboxError) -> MailReader {
        do throws(StreamError) {
            return MailReader(try open(self), server: address.text)
        } catch {
            throw .unreachable(server: address.text, reason: error.description)
        }
    }

    /// Connects and logs in by `attempt`; a refused token is renewed and tried once more.
    func session<Client>(_ attempt: (MailReader, String) throws -> Client) throws -> Client {
        let first = try secret()
        do {
            return try attempt(connect(), first)
        } catch let error as MailboxError {
            guard case .loginRefused = error, login == .xoauth2 else { throw error }
            try renewSecret?()
            let second = try secret()
            guard second != first else { throw error }
            return try attempt(connect(), second)
        }
    }
}

/// `imaps://imap.example.org:993`: scheme, host and port of a mail server.
package struct MailboxAddress: Sendable, Equatable {
    package enum Scheme: String, Sendable, CaseIterable {
        case imap, imaps, pop3, pop3s

        var isIMAP: Bool { self == .imap || self == .imaps }
        package var isEncrypted: Bool { self == .imaps || self == .pop3s }

        var usualPort: Int {
            switch self {
            case .imap: 143
            case .imaps: 993
            case .pop3: 110
            case .pop3s: 995
            }
        }
    }

    package let scheme: Scheme
    /// An IPv6 address stands in brackets.
    package let host: String
    package let port: Int

    /// - Returns: nil for what is no such address; one with a user, a password or a path is none.
    package init?(_ text: String) {
        guard let scheme = Scheme.allCases.first(where: { text.hasPrefix("\($0.rawValue)://") }) else { return nil }
        var rest = Array(text.utf8.dropFirst(scheme.rawValue.utf8.count + 3))
        if rest.last == UInt8(ascii: "/") { rest.removeLast() }
        var hostEnd = rest.firstIndex(of: UInt8(ascii: ":")) ?? rest.count
        if rest.first == UInt8(ascii: "[") {
            guard let bracket = rest.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            hostEnd = bracket + 1
        }
        let host = rest[..<hostEnd]
        let inner = rest.first == UInt8(ascii: "[") ? host.dropFirst().dropLast() : host
        guard !inner.isEmpty, host.count <= 260, inner.allSatisfy(Self.isHostByte) else { return nil }
        var port = scheme.usualPort
        if hostEnd < rest.count {
            let digits = rest[(hostEnd + 1)...]
            guard rest[hostEnd] == UInt8(ascii: ":"), digits.count <= 5, digits.allSatisfy({ (48...57).contains($0) }),
                let number = Int(String(decoding: digits, as: UTF8.self)),
                (1...65_535).contains(number)
            else { return nil }
            port = number
        }
        self.scheme = scheme
        self.host = String(decoding: host, as: UTF8.self)
        self.port = port
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...58, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
        default: false
        }
    }

    /// With the port where it is not the scheme's own.
    package var text: String {
        port == scheme.usualPort ? "\(scheme.rawValue)://\(host)" : "\(scheme.rawValue)://\(host):\(port)"
    }

    package var isLoopback: Bool { host.hasPrefix("127.") || host == "localhost" || host == "[::1]" }
}
