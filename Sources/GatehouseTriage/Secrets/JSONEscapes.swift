import GatehouseCore

/// JSON's escapes, as far as they hide words and keys.
enum JSONEscapes {
    /// The bytes with what JSON's escapes stand for (RFC 8259 §7): a letter as it is, white space as one blank.
    static func removed(from bytes: [UInt8]) -> [UInt8] {
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let slash = ByteSearch.firstIndex(of: UInt8(ascii: "\\"), in: bytes, index..<bytes.count) ?? bytes.count
            plain += bytes[index..<slash]
            guard slash &+ 1 < bytes.count else { break }
            if let scalar = scalar(bytes, slash) {
                plain += Array(String(Character(scalar)).utf8)
                index = slash &+ 6
            } else {
                // "\/" and "\"" are what they are without it, "\n" and the like a gap.
                let next = bytes[slash &+ 1]
                plain.append(next == UInt8(ascii: "/") || next == UInt8(ascii: "\"") ? next : UInt8(ascii: " "))
                index = slash &+ 2
            }
        }
        return plain
    }

    /// What `\uXXXX` stands for.
    private static func scalar(_ bytes: [UInt8], _ slash: Int) -> Unicode.Scalar? {
        guard bytes[slash &+ 1] == UInt8(ascii: "u"), slash &+ 6 <= bytes.count else { return nil }
        var value: UInt32 = 0
        for index in slash &+ 2..<slash &+ 6 {
            guard let digit = Hex.value(of: bytes[index]) else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return Unicode.Scalar(value)
    }
}
