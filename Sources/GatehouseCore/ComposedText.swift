/// Tells cheaply that a text is in normalisation form C already (Unicode Standard Annex #15 §9, a quick check).
///
/// It says so only of ranges in which every character has combining class 0, is in form C alone, and never composes
/// with
/// the one before: Latin, Greek, Cyrillic, Hebrew and Arabic letters, punctuation, kana, ideographs, Hangul
/// syllables, emoji.
enum ComposedText {
    /// False is certain; true only means that the normaliser has to look.
    static func mayNeedComposing(_ utf8: Span<UInt8>) -> Bool {
        var index = 0
        while index < utf8.count {
            let lead = utf8[index]
            if lead < 0x80 {
                index = ByteSearch.endOfASCII(in: utf8, index &+ 1)
            } else if lead < 0xE0 {
                guard index &+ 1 < utf8.count, isComposed(lead, utf8[index &+ 1]) else { return true }
                index &+= 2
            } else if lead < 0xF0 {
                guard index &+ 2 < utf8.count, isComposed(lead, utf8[index &+ 1], utf8[index &+ 2]) else { return true }
                index &+= 3
            } else {
                // U+1F000…U+1FFFF: emoji and other pictures.
                guard lead == 0xF0, index &+ 3 < utf8.count, utf8[index &+ 1] == 0x9F else { return true }
                index &+= 4
            }
        }
        return false
    }

    /// U+0080…U+07FF.
    private static func isComposed(_ lead: UInt8, _ second: UInt8) -> Bool {
        switch lead {
        case ..<0xCC: true
        case 0xCE: second != 0x87  // U+0387 is a singleton
        case 0xCF...0xD1, 0xD3...0xD5: true
        case 0xD2: second < 0x83 || second > 0x87
        case 0xD7: second >= 0x90
        case 0xD8: second >= 0xA0
        case 0xD9: second < 0x8B || second > 0x9F && second != 0xB0
        case 0xDA: true
        default: false
        }
    }

    /// U+0800…U+FFFF.
    private static func isComposed(_ lead: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
        switch lead {
        case 0xE1: second >= 0xB8 && second <= 0xBB
        case 0xE2: isComposedPunctuation(second, third)
        case 0xE3:
            !(second == 0x80 && third >= 0xAA && third <= 0xAF || second == 0x82 && (third == 0x99 || third == 0x9A))
        case 0xE4...0xE9, 0xEB, 0xEC: true
        case 0xEA: second >= 0xB0
        case 0xED: second <= 0x9D
        case 0xEF: second == 0xB9 && third >= 0xB0 || second >= 0xBA
        default: false
        }
    }

    /// U+2000…U+2FFF without the two old spaces, combining marks and singletons.
    private static func isComposedPunctuation(_ second: UInt8, _ third: UInt8) -> Bool {
        switch second {
        case 0x80: third >= 0x82
        case 0x81, 0x82, 0x85...0x8B, 0x8D...0xAA: true
        case 0x83: third < 0x90
        case 0x84: third != 0xA6 && third != 0xAA && third != 0xAB
        case 0x8C: third != 0xA9 && third != 0xAA
        default: false
        }
    }
}
