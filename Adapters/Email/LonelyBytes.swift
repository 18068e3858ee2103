/// Bytes beyond ASCII that stand alone among ASCII: "£100", "10°", "café". So few tell no language, but the West's signs and
/// letters stand so, and those of other scripts stand together.
struct LonelyBytes {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// True where each is a sign of Windows-1252 in a place that a sign has: a currency beside its number, quotes around
    /// words. In the charsets of DOS and Mac the same bytes are letters inside words.
    var areSigns: Bool { allLonely(isSign) }

    /// True where there are one or two, each a letter of Western Europe.
    var areFewLetters: Bool {
        bytes.count { $0 >= 0x80 } <= 2
            && allLonely { index in
                switch bytes[index] {
                case 0xC4...0xC9, 0xD1, 0xD6, 0xD8, 0xDC, 0xDF...0xEF, 0xF1...0xF6, 0xF8...0xFC: true
                default: false
                }
            }
    }

    private func allLonely(_ holds: (Int) -> Bool) -> Bool {
        for index in bytes.indices where bytes[index] >= 0x80 {
            guard byte(index - 1) < 0x80, byte(index + 1) < 0x80, holds(index) else { return false }
        }
        return true
    }

    private func isSign(_ index: Int) -> Bool {
        let (before, after) = (byte(index - 1), byte(index + 1))
        return switch bytes[index] {
        // € and £, the latter before its number alone: Ł has its place in Windows-1250.
        case 0x80: isNumber(after, byte(index + 2)) || isNumber(before, byte(index - 2))
        case 0xA3: isNumber(after, byte(index + 2))
        // Cents.
        case 0xA2: isNumber(before, byte(index - 2))
        case 0x91, 0x93, 0xAB: !isLetter(before) && after > 0x20
        case 0x92: isLetter(after) ? isElision(index) : before > 0x20
        case 0x94, 0xBB: before > 0x20 && !isLetter(after)
        case 0x96, 0x97: !isLetter(before) && !isLetter(after)
        case 0xA7, 0xA9, 0xAE: !isLetter(after)
        case 0xB0: isNumber(before, byte(index - 2))
        default: false
        }
    }

    /// "it’s", "we’re", "l’homme".
    private func isElision(_ index: Int) -> Bool {
        guard isLetter(byte(index - 1)) else { return true }
        if !isLetter(byte(index - 2)) { return true }
        let ending = (asciiLower(byte(index + 1)), asciiLower(byte(index + 2)))
        if !isLetter(ending.1) { return "stmd".utf8.contains(ending.0) }
        return ["re", "ll", "ve"].contains { $0.utf8.elementsEqual([ending.0, ending.1]) } && !isLetter(byte(index + 3))
    }

    /// A blank beyond both ends.
    private func byte(_ index: Int) -> UInt8 { bytes.indices.contains(index) ? bytes[index] : 0x20 }

    private func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(asciiLower(byte)) }

    /// A digit, or a blank with a digit behind it.
    private func isNumber(_ next: UInt8, _ second: UInt8) -> Bool {
        (48...57).contains(next) || next == 0x20 && (48...57).contains(second)
    }
}
