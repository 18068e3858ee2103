import GatehouseCore

/// Base 58 with the alphabets of Bitcoin and of the XRP Ledger.
enum Base58 {
    static let bitcoin = digits("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")
    static let ripple = digits("rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz")

    private static func digits(_ alphabet: StaticString) -> [UInt8] {
        var values = [UInt8](repeating: 0xFF, count: 256)
        for (value, letter) in alphabet.description.utf8.enumerated() { values[Int(letter)] = UInt8(value) }
        return values
    }

    /// nil where a letter is not of the alphabet. The cost grows with the square of the length: callers bound it.
    static func decode(_ text: ArraySlice<UInt8>, _ alphabet: [UInt8] = bitcoin) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        for letter in text {
            var carry = UInt32(alphabet[Int(letter)])
            guard carry < 58 else { return nil }
            for index in result.indices {
                carry &+= UInt32(result[index]) &* 58
                result[index] = UInt8(truncatingIfNeeded: carry)
                carry >>= 8
            }
            if carry > 0 { result.append(UInt8(truncatingIfNeeded: carry)) }
        }
        let zero = alphabet[Int(UInt8(ascii: "1"))] == 0 ? UInt8(ascii: "1") : UInt8(ascii: "r")
        result += text.prefix { $0 == zero }.map { _ in 0 }
        return result.reversed()
    }

    /// The bytes before the four of the checksum, a double SHA-256; nil where it is wrong.
    static func checked(_ text: ArraySlice<UInt8>, _ alphabet: [UInt8] = bitcoin) -> [UInt8]? {
        guard let bytes = decode(text, alphabet), bytes.count > 4 else { return nil }
        let payload = Array(bytes.dropLast(4))
        let sum = SHA256.digest(of: SHA256.digest(of: payload))
        return Array(sum.prefix(4)) == Array(bytes.suffix(4)) ? payload : nil
    }
}

/// The checksum of BIP-173 and BIP-350.
enum Bech32 {
    private static let letters = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
    private static let generators: [UInt32] = [0x3B6A_57B2, 0x2650_8E6D, 0x1EA1_19FA, 0x3D42_33DD, 0x2A14_62B3]

    /// - Parameter text: In one case; the part before the last `1` is the prefix.
    static func isValid(_ text: ArraySlice<UInt8>) -> Bool {
        let lower = text.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        guard let separator = lower.lastIndex(of: UInt8(ascii: "1")), separator > 0, lower.count - separator > 6 else {
            return false
        }
        var values = lower[..<separator].map { $0 >> 5 } + [0] + lower[..<separator].map { $0 & 31 }
        for letter in lower[(separator + 1)...] {
            guard let value = letters.firstIndex(of: letter) else { return false }
            values.append(UInt8(value))
        }
        var sum: UInt32 = 1
        for value in values {
            let top = sum >> 25
            sum = (sum & 0x1FF_FFFF) << 5 ^ UInt32(value)
            for (bit, generator) in generators.enumerated() where top >> UInt32(bit) & 1 == 1 { sum ^= generator }
        }
        return sum == 1 || sum == 0x2BC8_30A3
    }
}
