import GatehouseCore

/// Host names as a person would read them: punycode decoded, letters that look alike made one.
enum HostNames {
    /// RFC 3492 of one label without its `xn--`; nil where it is malformed or long.
    static func decodePunycode(_ label: Substring) -> [UInt32]? {
        let bytes = Array(label.utf8)
        guard bytes.count <= 63 else { return nil }
        var output: [UInt32] = []
        var index = 0
        if let dash = bytes.lastIndex(of: 0x2D) {
            output = bytes[..<dash].map(UInt32.init)
            index = dash + 1
        }
        var (code, bias, place) = (128, 72, 0)
        while index < bytes.count {
            let old = place
            var (weight, step) = (1, 36)
            while true {
                guard index < bytes.count, let digit = digit(bytes[index]) else { return nil }
                index += 1
                place += digit * weight
                let threshold = min(max(step - bias, 1), 26)
                if digit < threshold { break }
                weight *= 36 - threshold
                guard weight < 1 << 24, place < 1 << 24 else { return nil }
                step += 36
            }
            let count = output.count + 1
            bias = adapt(place - old, count, isFirst: old == 0)
            code += place / count
            place %= count
            guard code <= 0x10FFFF else { return nil }
            output.insert(UInt32(code), at: place)
            place += 1
        }
        return output
    }

    private static func digit(_ byte: UInt8) -> Int? {
        switch byte {
        case 0x30...0x39: Int(byte) - 0x30 + 26
        case 0x61...0x7A: Int(byte) - 0x61
        case 0x41...0x5A: Int(byte) - 0x41
        default: nil
        }
    }

    private static func adapt(_ delta: Int, _ count: Int, isFirst: Bool) -> Int {
        var delta = isFirst ? delta / 700 : delta / 2
        delta += delta / count
        var steps = 0
        while delta > 455 {
            delta /= 35
            steps += 36
        }
        return steps + 36 * delta / (delta + 38)
    }

    /// The label's scalars, decoded where it is punycode.
    static func scalars(_ label: Substring) -> [UInt32] {
        if label.hasPrefix("xn--"), let decoded = decodePunycode(label.dropFirst(4)) { return decoded }
        return label.unicodeScalars.map(\.value)
    }

    private static let punycode = Array("xn--".utf8)

    /// False where `mixesScripts` is, for each of the host's labels.
    static func mayMixScripts(_ host: String) -> Bool {
        !ByteSearch.isASCII(host.utf8.span) || ByteSearch.isFound(punycode, in: host)
    }

    /// Whether Latin letters stand beside Cyrillic or Greek ones, which no language does.
    static func mixesScripts(_ label: Substring) -> Bool {
        guard label.hasPrefix("xn--") || label.utf8.contains(where: { $0 >= 0x80 }) else { return false }
        let scalars = scalars(label)
        let hasLatin = scalars.contains { $0 < 0x250 && ($0 | 0x20) >= 0x61 && $0 != 0xD7 && $0 != 0xF7 && $0 >= 0x41 }
        return hasLatin && scalars.contains { (0x370..<0x530).contains($0) }
    }

    /// Letters of other scripts and digits that look like a Latin letter, after Unicode's confusables (UTS #39).
    private static let lookalikes: [UInt32: UInt8] = [
        0x30: 0x6F, 0x31: 0x6C, 0x33: 0x65, 0x35: 0x73, 0x69: 0x6C, 0x430: 0x61, 0x435: 0x65, 0x43E: 0x6F, 0x440: 0x70,
        0x441: 0x63, 0x443: 0x79, 0x445: 0x78, 0x456: 0x6C, 0x458: 0x6A, 0x455: 0x73, 0x501: 0x64, 0x4BB: 0x68,
        0x51B: 0x71,
        0x51D: 0x77, 0x3BF: 0x6F, 0x3B1: 0x61, 0x3B5: 0x65, 0x3B9: 0x6C, 0x3BA: 0x6B, 0x3BD: 0x76, 0x3C1: 0x70,
        0x3C5: 0x75,
        0x131: 0x6C, 0x43A: 0x6B, 0x43D: 0x68, 0x442: 0x74, 0x44C: 0x62, 0x261: 0x67, 0x251: 0x61, 0x578: 0x6E,
        0x585: 0x6F,
    ]

    /// What a label looks like: accents and lookalikes gone, `rn` as `m`, `vv` as `w`, no hyphens.
    static func skeleton(_ label: Substring) -> [UInt8] {
        var result: [UInt8] = []
        for scalar in scalars(label) {
            let folded = PlainLetterTable.scalars(of: String(Unicode.Scalar(scalar) ?? " ")).first { $0 != 0 } ?? scalar
            var letter = lookalikes[scalar] ?? lookalikes[folded] ?? (folded < 0x80 ? UInt8(folded) : 0x3F)
            if letter == 0x2D { continue }
            if letter == 0x6E, result.last == 0x72 {
                result.removeLast()
                letter = 0x6D
            } else if letter == 0x76, result.last == 0x76 {
                result.removeLast()
                letter = 0x77
            }
            result.append(letter)
        }
        return result
    }

    /// Whether one letter more, less, other or two exchanged make `left` of `right`.
    static func isOneEditAway(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left != right, abs(left.count - right.count) <= 1 else { return false }
        var start = 0
        while start < min(left.count, right.count), left[start] == right[start] { start += 1 }
        if left.count == right.count {
            let isOther = left[(start + 1)...].elementsEqual(right[(start + 1)...])
            let isExchanged =
                start + 1 < left.count && left[start] == right[start + 1] && left[start + 1] == right[start]
                && left[(start + 2)...].elementsEqual(right[(start + 2)...])
            return isOther || isExchanged
        }
        let (long, short) = left.count > right.count ? (left, right) : (right, left)
        return long[(start + 1)...].elementsEqual(short[start...])
    }
}
