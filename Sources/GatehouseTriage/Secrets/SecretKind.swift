/// What a secret is; the raw value is the word in `triage.safety`.
package enum SecretKind: String, CaseIterable, Sendable {
    case seedPhrase = "seed_phrase"
    case privateKey = "private_key"
    case apiKey = "api_key"
    case accessToken = "access_token"
    case cardNumber = "card_number"
    case iban
    case password
    case oneTimeCode = "one_time_code"

    /// As a person reads it.
    var label: String {
        switch self {
        case .seedPhrase: "seed phrase"
        case .privateKey: "private key"
        case .apiKey: "API key"
        case .accessToken: "access token"
        case .cardNumber: "card number"
        case .iban: "IBAN"
        case .password: "password"
        case .oneTimeCode: "one-time code"
        }
    }

    /// What stands in a text where the secret was.
    var replacement: String { "[removed: \(label)]" }
}

/// A secret in a text.
struct SecretFinding: Equatable {
    var kind: SecretKind
    /// UTF-8 offsets.
    var range: Range<Int>
    /// False for what only the words around it give away.
    var isProven: Bool
    /// Why it is taken for one, where that is not a checksum or a format of its own.
    var reason: String?
}
