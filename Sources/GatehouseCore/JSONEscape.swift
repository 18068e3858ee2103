/// What RFC 8259 §7 lets stand behind a backslash, but `u` and its digits.
package enum JSONEscape {
    @inline(__always)
    package static func byte(for letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        default: nil
        }
    }

    /// The number that the hexadecimal digits at `index` say; nil where another byte or the end comes before the last.
    package static func hexadecimal(_ bytes: borrowing Span<UInt8>, _ index: Int, digits: Int, end: Int) -> UInt32? {
        guard index &+ digits <= end else { return nil }
        var value: UInt32 = 0
        for place in index..<index &+ digits {
            guard let digit = Hex.value(of: bytes[place]) else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    /// The scalar of two UTF-16 units; nil where they are no pair.
    static func scalar(high: UInt32, low: UInt32) -> Unicode.Scalar? {
        guard (0xD800..<0xDC00).contains(high), (0xDC00..<0xE000).contains(low) else { return nil }
        return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
    }
}
