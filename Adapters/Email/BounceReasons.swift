import GatehouseCore

/// What the words of a server mean, as a code of RFC 3463, where it gives none.
enum BounceReasons {
    private struct Reason {
        let status: String
        let words: PhraseTable

        init(_ status: String, _ words: [String]) {
            self.status = status
            self.words = PhraseTable(words)
        }
    }

    private static let reasons = [
        Reason(
            "5.2.2",
            [
                "mailbox is full", "mailbox full", "over quota", "quota exceeded", "exceeded storage",
                "quota violation",
                "disk quota", "exceeds the quota", "inbox is full", "box is full",
            ]
        ),
        Reason(
            "5.1.1",
            [
                "user unknown", "unknown user", "no such user", "unable to find user", "unknown recipient",
                "recipient unknown", "does not exist", "doesn't exist", "not recognized", "invalid user", "no mailbox",
                "no such recipient", "no such mailbox", "unknown or illegal", "user not found", "recipient not found",
                "not listed in", "isn't listed in", "address rejected", "mailbox unavailable", "unrouteable address",
                "no account", "account disabled", "is not a valid",
                "doesn't have an account", "doesn't have a ", "does not have an account", "unknown mailbox",
                "recipnotfound", "mailbox not found", "address not found", "unbekannt", "existiert nicht",
                "n'existe pas",
                "no existe", "não existe", "inesistente", "bestaat niet", "не существует", "nie istnieje", "neexistuje",
                "不存在", "存在しません", "존재하지",
            ]
        ),
        Reason(
            "5.1.2",
            [
                "host unknown", "unknown host", "host not found", "domain not found", "no such domain",
                "name or service",
                "could not find a gateway", "couldn't find any host", "no mx", "indicated no smtp service",
                "unrouteable domain", "bad destination",
            ]
        ),
        Reason("5.3.4", ["too large", "too big", "exceeds the maximum", "exceeded maximum", "size limit"]),
        Reason(
            "4.4.1",
            [
                "network error", "connection refused", "no response", "couldn't be established", "unreachable",
                "not responding", "connection failed",
            ]
        ),
        Reason(
            "5.7.1",
            [
                "spam", "blacklist", "blocklist", "blocked", "banned", "denied", "not permitted", "not allowed",
                "policy",
                "relay denied", "relaying", "relay access", "unable to relay", "virus", "prohibited", "refused",
            ]
        ),
        Reason(
            "4.4.7",
            [
                "expired", "timed out", "time out", "timeout", "not been collected", "retry time", "aborted after",
                "retries exhausted", "delayed", "too long",
            ]
        ),
        Reason("5.0.0", ["rejected", "permanent failure", "permanent error"]),
    ]

    /// nil where neither a known word nor a reply code is there; `5.0.0` or `4.0.0` where only that is.
    static func status(of words: [UInt8]) -> String? {
        let range = 0..<min(words.count, 600)
        for reason in reasons where reason.words.isFound(in: range, of: words) { return reason.status }
        return StatusCode.reply(in: words, range).map { words[$0.lowerBound] == 0x34 ? "4.0.0" : "5.0.0" }
    }

    /// Before the address that failed.
    static let recipientLabels = PhraseTable([
        "to:", "rcpt to:", "recipient:", "recipients:", "final-recipient:", "original-recipient:", "failed recipient:",
        "unable to deliver message to:", "undeliverable to", "delivery to", "message delivery to", "addressed to",
        "an:", "à:", "para:", "address:", "recipient address:", "user:",
    ])

    /// Before an address that is somebody else's.
    static let otherAddresses = PhraseTable([
        "from:", "mail from:", "sender:", "cc:", "reply-to:", "message-id:", "in-reply-to:", "references:", "x-",
        "received:", "subject:", "for further assistance", "please contact", "contact", "reporting-mta:", "von:",
    ])

    /// A header starts here.
    static let headerStarts = PhraseTable([
        "received: ", "return-path: ", "message-id: ", "dkim-signature: ", "x-google-", "mime-version: ",
        "x-received: ",
    ])
}
