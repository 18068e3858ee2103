package import GatehouseCore

/// What was found in one message so far.
struct RedactionTally {
    private static let most = 200

    private let key: [UInt8]?
    private(set) var result = SafetyResult()
    /// Whether anything was removed, or had to be.
    private(set) var hasRemoved = false

    init(key: [UInt8]?) { self.key = key }

    /// - Parameter secret: Its bytes as they stood in the text.
    mutating func note(_ finding: SecretFinding, _ secret: [UInt8], at place: String, isRemoved: Bool) {
        if isRemoved {
            hasRemoved = true
            let redaction = Redaction(
                kind: finding.kind.rawValue,
                location: place,
                digest: digest(finding.kind, secret)
            )
            guard result.redactions.count < Self.most, !result.redactions.contains(redaction) else { return }
            result.redactions.append(redaction)
        }
        if !finding.isProven {
            let flag = SafetyFlag(
                name: "possible_\(finding.kind.rawValue)",
                reason: finding.reason.map { "\($0), in: \(place)" }
            )
            guard result.flags.count < Self.most, !result.flags.contains(flag) else { return }
            result.flags.append(flag)
        }
    }

    /// Something that stands only in the original's encoded parts.
    mutating func noteOriginal(_ kind: SecretKind) {
        hasRemoved = true
        let redaction = Redaction(kind: kind.rawValue, location: "original")
        if !result.redactions.contains(where: { $0.kind == redaction.kind }) { result.redactions.append(redaction) }
    }

    /// The same for the same secret however it is spaced, in either case where case says nothing.
    private func digest(_ kind: SecretKind, _ secret: [UInt8]) -> String? {
        guard let key else { return nil }
        var canonical = Array("secret:\(kind.rawValue):".utf8)
        for byte in secret {
            switch kind {
            case .seedPhrase where byte <= 0x40:
                if canonical.last != 0x20 { canonical.append(0x20) }
            case .seedPhrase, .iban:
                if byte > 0x2F { canonical.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte) }
            case .cardNumber: if (0x30...0x39).contains(byte) { canonical.append(byte) }
            default: canonical.append(byte)
            }
        }
        return Hex.encode(Array(HMAC.sha256(key: key, canonical).prefix(16)))
    }
}

extension SafetyResult {
    package mutating func add(_ other: SafetyResult) {
        redactions += other.redactions
        flags += other.flags
    }
}
