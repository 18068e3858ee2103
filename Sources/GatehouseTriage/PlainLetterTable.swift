import GatehouseLanguage
@_spi(_Unicode) import Swift

/// What `PlainLetters` answers for every scalar, by Unicode's decompositions: for the compiler of the tables alone, since
/// triage itself has no time to ask for them.
enum PlainLetterTable {
    /// Folded, without accents; what vanishes is 0.
    static func scalars(of text: String) -> [UInt32] { FoldedText.scalars(of: text, limit: .max).map(plain) }

    /// The plain letters of a range as UInt16, little endian.
    static func bytes(_ range: Range<UInt32>) -> [UInt8] {
        range.flatMap { value in
            let letter = Unicode.Scalar(value).map { scalars(of: String(Character($0))) }?.first ?? value
            return [UInt8(truncatingIfNeeded: letter), UInt8(truncatingIfNeeded: letter >> 8)]
        }
    }

    /// - Parameter scalar: Case folded.
    private static func plain(_ scalar: UInt32) -> UInt32 {
        switch scalar {
        case 0xC0..<0x250, 0x1E00..<0x1F00: base(of: scalar)
        case 0x300..<0x370: 0
        case 0x451: 0x435  // ё
        case 0x622, 0x623, 0x625, 0x671: 0x627  // alef with hamza, madda, wasla
        case 0x649, 0x6CC: 0x64A  // alef maksura, Persian yeh
        case 0x629: 0x647  // teh marbuta
        case 0x6A9: 0x643
        case 0x640, 0x64B...0x65F, 0x670: 0  // tatweel, vowel signs
        default: scalar
        }
    }

    private static func base(of scalar: UInt32) -> UInt32 {
        switch scalar {
        case 0xDF: return 0x73
        case 0xE6: return 0x61
        case 0xF8: return 0x6F
        case 0x111: return 0x64
        case 0x131: return 0x69
        case 0x142: return 0x6C
        case 0x153: return 0x6F
        default:
            guard let value = Unicode.Scalar(scalar) else { return scalar }
            return String(Character(value))._nfd.first { _ in true }?.value ?? scalar
        }
    }
}
