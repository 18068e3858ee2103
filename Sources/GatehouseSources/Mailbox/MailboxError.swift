package import GatehouseCore

/// Why a mailbox on a server can't be read or changed.
package enum MailboxError: OperatorError, Equatable {
    /// No connection, or one that ended.
    case unreachable(server: String, reason: String)
    case loginRefused(server: String, user: String, words: String)
    /// The server understood, and does not do it.
    case refused(server: String, what: String, words: String)
    /// What the server says is not the protocol's.
    case garbled(server: String, words: String)
    /// The server lacks what is needed.
    case lacking(server: String, words: String)

    package var description: String {
        switch self {
        case .unreachable(let server, let reason): "\(server): \(reason). The next run tries again."
        case .loginRefused(let server, let user, let words):
            "\(server) refuses the login of \(user): \(words). Look at 'user', 'secret' and 'auth'."
        case .refused(let server, let what, let words): "\(server) refuses \(what): \(words)."
        case .garbled(let server, let words):
            "\(server) breaks the protocol: \(words). What came before is stored; the next run tries again."
        case .lacking(let server, let words): "\(server): \(words)."
        }
    }

    package var exitCode: ExitCode {
        switch self {
        case .unreachable, .refused, .garbled: .tryAgainLater
        case .loginRefused: .noPermission
        case .lacking: .unavailable
        }
    }

    /// A server's own words, fit to be shown: one line of at most 300 bytes.
    static func shown(_ bytes: some Collection<UInt8>) -> String {
        let text = UnicodeText.printable(String(decoding: bytes.prefix(300), as: UTF8.self))
        return text.isEmpty ? "no reason given" : text.hasSuffix(".") ? String(text.dropLast()) : text
    }
}
