import GatehouseCore

/// Escapes as far as they hide words and keys.
extension JSONEscape {
    /// The bytes with what JSON's escapes stand for (RFC 8259 §7): a letter as it is, white space as one blank.
    static func removed(from bytes: [UInt8]) -> [UInt8] {
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let slash = ByteSearch.firstIndex(of: UInt8(ascii: "\\"), in: bytes, index..<bytes.count) ?? bytes.count
            plain += bytes[index..<slash]
            guard slash &+ 1 < bytes.count else { break }
            if bytes[slash &+ 1] == UInt8(ascii: "u"),
                let unit = hexadecimal(bytes.span, slash &+ 2, digits: 4, end: bytes.count),
                let encoded = Unicode.Scalar(unit).flatMap(UTF8.encode)
            {
                plain += encoded
                index = slash &+ 6
            } else {
                // "\/" and "\"" are what they are without it, "\n" and the like a gap; behind any other letter, which some
                // programs write and some readers take, nothing may be lost.
                let next = bytes[slash &+ 1]
                plain.append(next == UInt8(ascii: "/") || next == UInt8(ascii: "\"") ? next : UInt8(ascii: " "))
                index = slash &+ (byte(for: next) == nil ? 1 : 2)
            }
        }
        return plain
    }
}
