/// Seven-bit charsets that switch by escapes, to the eight-bit charsets that hold the same characters.
///
/// glibc reads the letter of RFC 1468 alone and knows no HZ. Mail programs put more into ISO-2022-JP: half-width kana,
/// the circled numbers and signs of Windows, lines that don't return to ASCII.
enum EscapedText {
    private enum Shift { case ascii, kana, double, supplementary }

    /// ISO-2022-JP to EUC-JP-MS; nil where there are eight-bit bytes or the escapes of other languages in it.
    static func eucJapanese(_ bytes: [UInt8]) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var shift = Shift.ascii
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x1B {
                guard let (next, length) = escape(bytes, index) else { return nil }
                shift = next
                index += length
                continue
            }
            guard byte < 0x80 else { return nil }
            // RFC 1468 asks that a line end in ASCII; not all return to it.
            if byte == 0x0A || byte == 0x0D { shift = .ascii }
            guard shift != .ascii, byte > 0x20, byte < 0x7F else {
                result.append(byte)
                index += 1
                continue
            }
            if shift == .kana {
                result.append(contentsOf: [0x8E, byte | 0x80])
                index += 1
            } else {
                guard index + 1 < bytes.count, bytes[index + 1] > 0x20, bytes[index + 1] < 0x7F else {
                    index += 1
                    continue
                }
                if shift == .supplementary { result.append(0x8F) }
                result.append(contentsOf: [byte | 0x80, bytes[index + 1] | 0x80])
                index += 2
            }
        }
        return result
    }

    private static func escape(_ bytes: [UInt8], _ index: Int) -> (shift: Shift, length: Int)? {
        let left = bytes[index...].prefix(4).dropFirst()
        switch (left.first, left.dropFirst().first) {
        case (UInt8(ascii: "("), UInt8(ascii: "B")), (UInt8(ascii: "("), UInt8(ascii: "J")),
            (UInt8(ascii: "("), UInt8(ascii: "H")):
            return (.ascii, 3)
        case (UInt8(ascii: "("), UInt8(ascii: "I")): return (.kana, 3)
        case (UInt8(ascii: "$"), UInt8(ascii: "@")), (UInt8(ascii: "$"), UInt8(ascii: "B")): return (.double, 3)
        case (UInt8(ascii: "$"), UInt8(ascii: "(")):
            switch left.last {
            case UInt8(ascii: "B"), UInt8(ascii: "@"): return (.double, 4)
            case UInt8(ascii: "D"): return (.supplementary, 4)
            default: return nil
            }
        default: return nil
        }
    }

    /// HZ (RFC 1843) to GB 18030: between `~{` and `~}` stand pairs without their high bits.
    static func gb18030(hz bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var isChinese = false
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            if byte == UInt8(ascii: "~"), next == UInt8(ascii: "{") || next == UInt8(ascii: "}") {
                isChinese = next == UInt8(ascii: "{")
                index += 2
            } else if byte == UInt8(ascii: "~"), !isChinese, next == UInt8(ascii: "~") || next == 0x0A {
                if next != 0x0A { result.append(byte) }
                index += 2
            } else if isChinese, byte > 0x20, byte < 0x7F, next > 0x20, next < 0x7F {
                result.append(contentsOf: [byte | 0x80, next | 0x80])
                index += 2
            } else {
                if byte == 0x0A { isChinese = false }
                result.append(byte)
                index += 1
            }
        }
        return result
    }
}
