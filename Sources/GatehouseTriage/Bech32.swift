/// Bech32 (BIP-173) and bech32m (BIP-350): addresses whose last six characters are a BCH code.
enum Bech32 {
    private static let digits: [UInt8] = {
        var table = [UInt8](repeating: 0xFF, count: 256)
        for (value, byte) in "qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8.enumerated() { table[Int(byte)] = UInt8(value) }
        return table
    }()

    /// Human-readable parts of addresses by chain. `nsec` and the like, which are secrets, are not among them.
    private static let chains: [String: String] = [
        "bc": "BTC", "tb": "BTC testnet", "bcrt": "BTC regtest", "ltc": "LTC", "cosmos": "COSMOS", "osmo": "OSMOSIS",
        "addr": "ADA", "stake": "ADA", "inj": "INJECTIVE", "celestia": "CELESTIA", "sei": "SEI", "terra": "TERRA",
        "kava": "KAVA", "bnb": "BNB", "zs": "ZEC", "dydx": "DYDX",
    ]

    struct Address {
        var chain: String
        var isValid: Bool
    }

    /// What the text is, where it begins like an address; in one case throughout, as BIP-173 asks.
    static func read(_ text: ArraySlice<UInt8>) -> Address? {
        guard (14...120).contains(text.count), let separator = text.lastIndex(of: UInt8(ascii: "1")) else { return nil }
        let hasLower = text.contains { $0 >= 0x61 && $0 <= 0x7A }
        let hasUpper = text.contains { $0 >= 0x41 && $0 <= 0x5A }
        let folded = text.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
        let human = folded.prefix(separator - text.startIndex)
        guard let chain = chains[String(decoding: human, as: UTF8.self)] else { return nil }
        let values = folded.dropFirst(human.count + 1).map { digits[Int($0)] }
        guard values.count > 6 else { return nil }
        guard !(hasLower && hasUpper), !values.contains(0xFF) else { return Address(chain: chain, isValid: false) }
        let check = polymod(human.map { $0 >> 5 } + [0] + human.map { $0 & 31 } + values)
        // Witness version 0 is bech32, later ones bech32m; other chains use bech32.
        let isSegwit = ["bc", "tb", "bcrt", "ltc"].contains(String(decoding: human, as: UTF8.self))
        let expected: UInt32 = isSegwit && values[0] > 0 ? 0x2BC8_30A3 : 1
        return Address(chain: chain, isValid: check == expected)
    }

    /// Whether the checksum is right, of either kind, whatever the part before the last `1` says.
    static func isValid(_ text: ArraySlice<UInt8>) -> Bool {
        let folded = text.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
        guard let separator = folded.lastIndex(of: UInt8(ascii: "1")), separator > 0 else { return false }
        let values = folded[(separator + 1)...].map { digits[Int($0)] }
        guard values.count > 5, !values.contains(0xFF) else { return false }
        let human = folded[..<separator]
        let check = polymod(human.map { $0 >> 5 } + [0] + human.map { $0 & 31 } + values)
        return check == 1 || check == 0x2BC8_30A3
    }

    private static func polymod(_ values: [UInt8]) -> UInt32 {
        let generator: [UInt32] = [0x3B6A_57B2, 0x2650_8E6D, 0x1EA1_19FA, 0x3D42_33DD, 0x2A14_62B3]
        var check: UInt32 = 1
        for value in values {
            let top = check >> 25
            check = (check & 0x1FF_FFFF) << 5 ^ UInt32(value)
            for bit in 0..<5 where top >> UInt32(bit) & 1 == 1 { check ^= generator[bit] }
        }
        return check
    }
}
