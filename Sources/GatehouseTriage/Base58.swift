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

    /// The most letters that are read, since the cost grows with the square of the length; the longest code has 112.
    private static let limit = 128

    /// nil where a letter is not of the alphabet, or there are more than `limit`.
    static func decode(_ text: ArraySlice<UInt8>, _ alphabet: [UInt8] = bitcoin) -> [UInt8]? {
        guard text.count <= limit else { return nil }
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
