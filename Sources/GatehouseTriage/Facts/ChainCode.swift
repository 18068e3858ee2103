import CCrypto
import GatehouseCore

/// A long code of letters and digits, read as a chain's address or transaction.
///
/// Keys have the same shapes: what is one for certain (WIF by its version, a Solana key pair by its second half) is none of
/// these, and what stands beside a word such as "private key" is left out by the caller.
struct ChainCode {
    var kind: FactKind
    var network: String?
    var checksum: ChecksumState?

    /// - Parameter text: ASCII letters and digits, at most 128.
    static func read(_ text: ArraySlice<UInt8>) -> ChainCode? {
        if text.starts(with: [0x30, 0x78]) || text.starts(with: [0x30, 0x58]) { return evm(text) }
        if text.count == 64, text.allSatisfy(isHex) { return hash(text) }
        if let address = Bech32.read(text) {
            return ChainCode(kind: .address, network: address.chain, checksum: address.isValid ? .valid : .invalid)
        }
        switch text.count {
        case 25...36: return base58Address(text) ?? (text.count >= 32 ? solana(text) : nil)
        case 37...44: return solana(text)
        case 86...88: return solanaSignature(text)
        default: return nil
        }
    }

    /// A 64-digit hash names no chain; the XRP Ledger writes it in capitals.
    private static func hash(_ text: ArraySlice<UInt8>) -> ChainCode? {
        // 000…0 or one digit repeated is nobody's transaction.
        guard Set(text).count > 6 else { return nil }
        return ChainCode(kind: .transactionHash, network: nil, checksum: nil)
    }

    /// `0x` and 40 digits is an address with EIP-55's checksum in its capitals, `0x` and 64 a transaction.
    private static func evm(_ text: ArraySlice<UInt8>) -> ChainCode? {
        let digits = Array(text.dropFirst(2))
        guard digits.allSatisfy(isHex) else { return nil }
        if digits.count == 64, Set(digits).count > 6 { return ChainCode(kind: .transactionHash, network: "EVM") }
        guard digits.count == 40 else { return nil }
        let lower = digits.map { $0 >= 0x41 && $0 <= 0x46 ? $0 | 0x20 : $0 }
        let hasLower = digits.contains { $0 >= 0x61 }
        let hasUpper = digits.contains { $0 >= 0x41 && $0 <= 0x46 }
        let digest = Keccak256.digest(lower)
        let isRight = digits.indices.allSatisfy { index in
            guard lower[index] >= 0x61 else { return true }
            let nibble = digest[index / 2] >> (index % 2 == 0 ? 4 : 0) & 15
            return (nibble >= 8) == (digits[index] < 0x61)
        }
        // Written in one case it has no checksum, unless that happens to be its own.
        let wrong: ChecksumState = hasLower && hasUpper ? .invalid : .none
        return ChainCode(kind: .address, network: "EVM", checksum: isRight ? .valid : wrong)
    }

    private static func base58Address(_ text: ArraySlice<UInt8>) -> ChainCode? {
        if let payload = Base58.checked(text), payload.count == 21, let chain = chains[payload[0]] {
            return ChainCode(kind: .address, network: chain, checksum: .valid)
        }
        if text.first == UInt8(ascii: "r"), let payload = Base58.checked(text, Base58.ripple),
            payload.count == 21, payload[0] == 0
        {
            return ChainCode(kind: .address, network: "XRP", checksum: .valid)
        }
        return mistyped(text).map { ChainCode(kind: .address, network: $0, checksum: .invalid) }
    }

    /// The chain of which a code has the length and the first letter without the checksum: a typing error to tell the agent of.
    private static func mistyped(_ text: ArraySlice<UInt8>) -> String? {
        guard text.count == 33 || text.count == 34, isMixed(text) else { return nil }
        switch text.first {
        case UInt8(ascii: "T"): return text.count == 34 && Base58.decode(text)?.first == 0x41 ? "TRON" : nil
        case UInt8(ascii: "1"), UInt8(ascii: "3"):
            guard let bytes = Base58.decode(text), bytes.count == 25, bytes[0] == 0 || bytes[0] == 5 else { return nil }
            return "BTC"
        case UInt8(ascii: "r"):
            guard let bytes = Base58.decode(text, Base58.ripple), bytes.count == 25, bytes[0] == 0 else { return nil }
            return "XRP"
        default: return nil
        }
    }

    /// Version bytes of addresses; 0x80 (a private key) is not among them.
    private static let chains: [UInt8: String] = [
        0x00: "BTC", 0x05: "BTC", 0x41: "TRON", 0x30: "LTC", 0x32: "LTC", 0x1E: "DOGE", 0x16: "DOGE", 0x4C: "DASH",
        0x6F: "BTC testnet", 0xC4: "BTC testnet",
    ]

    /// 32 bytes and no checksum, so that only the form speaks for it: both cases and digits.
    private static func solana(_ text: ArraySlice<UInt8>) -> ChainCode? {
        guard isMixed(text), Base58.decode(text)?.count == 32 else { return nil }
        return ChainCode(kind: .address, network: "SOL", checksum: ChecksumState.none)
    }

    /// 64 bytes: a signature, unless the second half is the public key of the first.
    private static func solanaSignature(_ text: ArraySlice<UInt8>) -> ChainCode? {
        guard isMixed(text), let bytes = Base58.decode(text), bytes.count == 64, !isKeyPair(bytes) else { return nil }
        return ChainCode(kind: .transactionHash, network: "SOL")
    }

    /// Ed25519 (RFC 8032 §5.1.5).
    private static func isKeyPair(_ bytes: [UInt8]) -> Bool {
        let seed = Array(bytes.prefix(32))
        guard let key = unsafe EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, 32) else { return false }
        defer { unsafe EVP_PKEY_free(key) }
        var derived = [UInt8](repeating: 0, count: 32)
        var count = 32
        guard unsafe EVP_PKEY_get_raw_public_key(key, &derived, &count) == 1 else { return false }
        return derived.elementsEqual(bytes.suffix(32))
    }

    private static func isMixed(_ text: ArraySlice<UInt8>) -> Bool {
        text.contains { $0 >= 0x61 } && text.contains { $0 >= 0x41 && $0 <= 0x5A } && text.contains { $0 < 0x3A }
    }

    static func isHex(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) || (0x41...0x46).contains(byte)
    }
}
