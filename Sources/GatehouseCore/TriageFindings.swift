// What triage finds in a message besides its language and urgency.

/// What a message is about; several may be true at once.
package struct TopicResult: Sendable, Equatable {
    /// A snake_case word.
    package var name: String
    /// 0…1.
    package var score: Double
    /// The words of the message that say so, or the urgency rule that does.
    package var reasons: [String]

    package init(name: String, score: Double, reasons: [String] = []) {
        self.name = name
        self.score = score
        self.reasons = reasons
    }
}

package enum FactKind: String, CaseIterable, Sendable {
    case transactionHash = "tx_hash"
    case address
    case userID = "user_id"
    case orderID = "order_id"
    case ticketID = "ticket_id"
    case amount
    case errorCode = "error_code"
    case url, phone, email, date
}

/// Whether the check digits of an address are right; `none` where its form has none.
package enum ChecksumState: String, CaseIterable, Sendable { case valid, invalid, none }

/// Something that an agent would otherwise copy out of the message.
package struct Fact: Sendable, Equatable {
    package var kind: FactKind
    /// As written, cleaned: an amount as `1234.5 EUR`, a URL defanged, a date in ISO 8601 where it has one reading.
    package var value: String
    /// `subject`, `body` (the new text), `quote` or `signature`.
    package var location: String
    /// Unicode scalars of that text, first and behind the last.
    package var start: Int
    package var end: Int
    /// The chain of an address or a hash, where its form tells: `BTC`, `EVM`, `TRON`…
    package var network: String?
    package var checksum: ChecksumState?

    package init(kind: FactKind, value: String, location: String, start: Int, end: Int) {
        self.kind = kind
        self.value = value
        self.location = location
        self.start = start
        self.end = end
    }
}

/// A secret that was taken out of the message.
package struct Redaction: Sendable, Equatable {
    /// `seed_phrase`, `card_number`…
    package var kind: String
    /// `subject`, `body`, an attachment's name…
    package var location: String
    /// Keyed, to find the same secret again; absent where no key is at hand.
    package var digest: String?

    package init(kind: String, location: String, digest: String? = nil) {
        self.kind = kind
        self.location = location
        self.digest = digest
    }
}

/// A danger that the message may hold.
package struct SafetyFlag: Sendable, Equatable {
    package var name: String
    package var reason: String?

    package init(name: String, reason: String? = nil) {
        self.name = name
        self.reason = reason
    }
}

/// What was taken out of a message, and what to beware of.
package struct SafetyResult: Sendable, Equatable {
    package var redactions: [Redaction] = []
    package var flags: [SafetyFlag] = []

    package init() {}

    package var isEmpty: Bool { redactions.isEmpty && flags.isEmpty }
}

/// The mood of the text, and the words, marks and emoji that say so.
package struct SentimentResult: Sendable, Equatable {
    /// `calm`, `worried`, `frustrated`, `angry` or `abusive`.
    package var name: String
    package var matched: [String]

    package init(name: String, matched: [String] = []) {
        self.name = name
        self.matched = matched
    }
}
