import GatehouseCore

/// What a client says first in a SASL exchange, in base 64.
enum SASLMessage {
    /// RFC 4616: nobody else to act for, the user, the password.
    static func plain(user: String, password: String) -> String {
        Base64.encode([0] + Array(user.utf8) + [0] + Array(password.utf8))
    }

    /// Google's and Microsoft's form of an OAuth 2 access token (developers.google.com/gmail/imap/xoauth2-protocol).
    static func xoauth2(user: String, token: String) -> String {
        Base64.encode("user=\(user)\u{1}auth=Bearer \(token)\u{1}\u{1}")
    }

    /// What a server says in base 64 of why it refuses a token: `{"status":"401",…}`.
    static func words(_ challenge: [UInt8]) -> String? {
        let (bytes, _) = Base64.decode(challenge, in: 0..<challenge.count)
        return bytes.isEmpty ? nil : MailboxError.shown(bytes)
    }
}
