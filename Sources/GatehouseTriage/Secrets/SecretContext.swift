/// Secrets that have no form of their own and are known by the words before them.
enum SecretContext {
    private static let seedWords = ["seed", "phrase", "mnemonic", "recovery", "wallet", "bip39", "bip-39"].map { Array($0.utf8) }

    /// Whether the words before a place speak of a wallet's seed.
    static func mentionsSeed(_ bytes: borrowing Span<UInt8>, before place: Int) -> Bool {
        let start = max(0, place - 120)
        let text = (start..<place).map { bytes[$0] | 0x20 }
        return seedWords.contains { PrivateKeyBlocks.index(of: $0, in: text.span, 0..<text.count) != nil }
    }

    static func findings(in bytes: borrowing Span<UInt8>) -> [SecretFinding] { [] }
}
