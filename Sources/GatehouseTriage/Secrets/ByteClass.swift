/// Kinds of ASCII bytes, by a bit each.
///
/// The usual ones are computed properties of literals, since a stored one asks at each use whether it is there already.
struct ByteClass: Sendable {
    private let low: UInt64
    private let high: UInt64

    @inline(__always)
    private init(low: UInt64, high: UInt64) { (self.low, self.high) = (low, high) }

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

    static var digit: ByteClass { ByteClass(low: 0x03FF_0000_0000_0000, high: 0x0000_0000_0000_0000) }
    static var hex: ByteClass { ByteClass(low: 0x03FF_0000_0000_0000, high: 0x0000_007E_0000_007E) }
    static var alphanumeric: ByteClass { ByteClass(low: 0x03FF_0000_0000_0000, high: 0x07FF_FFFE_07FF_FFFE) }
    static var upperOrDigit: ByteClass { ByteClass(low: 0x03FF_0000_0000_0000, high: 0x0000_0000_07FF_FFFE) }
    /// Of base 64 for URLs.
    static var urlSafe: ByteClass { ByteClass(low: 0x03FF_2000_0000_0000, high: 0x07FF_FFFE_87FF_FFFE) }
    static var dotted: ByteClass { ByteClass(low: 0x03FF_6000_0000_0000, high: 0x07FF_FFFE_87FF_FFFE) }
    static var base64: ByteClass { ByteClass(low: 0x23FF_8800_0000_0000, high: 0x07FF_FFFE_07FF_FFFE) }
    /// What a key of any form is made of.
    static var token: ByteClass { ByteClass(low: 0x27FF_E800_0000_0000, high: 0x07FF_FFFE_87FF_FFFE) }
}
