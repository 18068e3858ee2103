/// Kinds of ASCII bytes, by a bit each.
struct ByteClass: Sendable {
    private let low: UInt64
    private let high: UInt64

    init(_ members: StaticString) {
        var (low, high): (UInt64, UInt64) = (0, 0)
        for byte in members.description.utf8 where byte < 0x80 {
            if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte & 63) }
        }
        (self.low, self.high) = (low, high)
    }

    @inline(__always)
    func has(_ byte: UInt8) -> Bool {
        let bits = byte < 64 ? low : byte < 128 ? high : 0
        return bits >> UInt64(byte & 63) & 1 == 1
    }

    static let digit = ByteClass("0123456789")
    static let hex = ByteClass("0123456789abcdefABCDEF")
    static let alphanumeric = ByteClass("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    static let upperOrDigit = ByteClass("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    /// Of base 64 for URLs.
    static let urlSafe = ByteClass("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_")
    static let dotted = ByteClass("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.")
    static let base64 = ByteClass("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+/=")
    /// What a key of any form is made of.
    static let token = ByteClass("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.+/=:")
}
