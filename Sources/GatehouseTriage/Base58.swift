import GatehouseCore

/// Base58 in Bitcoin's and in the XRP Ledger's alphabet, with and without check bytes.
enum Base58 {
    private static let bitcoin = Array("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)
    private static let ripple = Array("rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz".utf8)

    /// 0xFF where the byte is no digit.
    private static let bitcoinDigits = digits(bitcoin)
    private static let rippleDigits = digits(ripple)

    private static func digits(_ alphabet: [UInt8]) -> [UInt8] {
        var table = [UInt8](repeating: 0xFF, count: 256)
        for (value, byte) in alphabet.enumerated() { table[Int(byte)] = UInt8(value) }
        return table
    }

    /// The bytes of a number of at most 128 digits, or nil where one of them is none.
    static func decode(_ text: ArraySlice<UInt8>, isRipple: Bool = false) -> [UInt8]? {
        guard text.count <= 128, let zero = (isRipple ? ripple : bitcoin).first else { return nil }
        let table = isRipple ? rippleDigits : bitcoinDigits
        var bytes: [UInt8] = []  // lowest first
        for digit in text {
            var carry = Int(table[Int(digit)])
            guard carry < 58 else { return nil }
            for index in bytes.indices {
                carry += Int(bytes[index]) * 58
                bytes[index] = UInt8(truncatingIfNeeded: carry)
                carry >>= 8
            }
            while carry > 0 {
                bytes.append(UInt8(truncatingIfNeeded: carry))
                carry >>= 8
            }
        }
        let zeros = text.prefix { $0 == zero }.count
        return [UInt8](repeating: 0, count: zeros) + bytes.reversed()
    }

    /// The payload before the four check bytes (the beginning of SHA-256 of SHA-256); nil where they are wrong.
    static func decodeChecked(_ text: ArraySlice<UInt8>, isRipple: Bool = false) -> [UInt8]? {
        guard let bytes = decode(text, isRipple: isRipple), bytes.count > 4 else { return nil }
        let payload = Array(bytes.dropLast(4))
        let check = SHA256.digest(of: SHA256.digest(of: payload))
        return check.prefix(4).elementsEqual(bytes.suffix(4)) ? payload : nil
    }
}
