/// The writing systems that matter to the choice of a language.
package enum Script: UInt8, CaseIterable, Sendable {
    // Used by many languages: the model decides.
    case latin, cyrillic, arabic, devanagari
    // Chinese characters and the kana that tell Japanese.
    case han, kana
    // One language each.
    case hangul, greek, armenian, hebrew, bengali, gurmukhi, gujarati, oriya, tamil, telugu, kannada, malayalam
    case sinhala, thai, lao, tibetan, myanmar, georgian, ethiopic, khmer, thaana
    /// No letter: digits, signs, emoji; also letters of other scripts.
    case none

    /// The language that owns the script.
    var onlyLanguage: String? {
        switch self {
        case .hangul: "ko"
        case .greek: "el"
        case .armenian: "hy"
        case .hebrew: "he"
        case .bengali: "bn"
        case .gurmukhi: "pa"
        case .gujarati: "gu"
        case .oriya: "or"
        case .tamil: "ta"
        case .telugu: "te"
        case .kannada: "kn"
        case .malayalam: "ml"
        case .sinhala: "si"
        case .thai: "th"
        case .lao: "lo"
        case .tibetan: "bo"
        case .myanmar: "my"
        case .georgian: "ka"
        case .ethiopic: "am"
        case .khmer: "km"
        case .thaana: "dv"
        case .latin, .cyrillic, .arabic, .devanagari, .han, .kana, .none: nil
        }
    }

    /// Whether the model decides among the script's languages.
    @inline(__always)
    var isModelled: Bool { rawValue <= Script.devanagari.rawValue }

    /// How much a letter speaks for its script: product names are Latin in every language, so Latin weighs least,
    /// and a Chinese character says as much as several letters.
    var weight: Int {
        switch self {
        case .latin: 2
        case .han, .kana, .hangul, .thai, .lao, .khmer, .myanmar, .tibetan: 12
        default: 5
        }
    }

    /// The script of a folded scalar.
    @inline(__always)
    static func of(_ scalar: UInt32) -> Script {
        if scalar < 0x80 { return scalar &- 0x61 < 26 ? .latin : .none }
        if scalar < 0x370 {
            // ª, º, the letters from À, and the extended blocks up to IPA (ə is Azerbaijani); not × and ÷.
            let isLetter =
                scalar >= 0xC0 ? scalar != 0xD7 && scalar != 0xF7 && scalar < 0x2B0 : scalar == 0xAA || scalar == 0xBA
            return isLetter ? .latin : .none
        }
        return scalar < 0x1200 ? alphabet(scalar) : later(scalar)
    }

    private static func alphabet(_ scalar: UInt32) -> Script {
        switch scalar {
        case 0x370..<0x400: .greek
        case 0x400..<0x530: .cyrillic
        case 0x531..<0x590: .armenian
        case 0x5D0..<0x600: .hebrew
        case 0x610...0x61A, 0x620...0x65F, 0x66E...0x6D3, 0x6D5...0x6EF, 0x6FA..<0x700, 0x750..<0x780, 0x8A0..<0x900:
            .arabic
        case 0x780..<0x7C0: .thaana
        case 0x900..<0x964, 0x971..<0x980: .devanagari
        case 0x980..<0x9E6: .bengali
        case 0xA00..<0xA66, 0xA70..<0xA80: .gurmukhi
        case 0xA80..<0xAE6: .gujarati
        case 0xB00..<0xB66: .oriya
        case 0xB80..<0xBE6: .tamil
        case 0xC00..<0xC66: .telugu
        case 0xC80..<0xCE6: .kannada
        case 0xD00..<0xD66: .malayalam
        case 0xD80..<0xE00: .sinhala
        case 0xE01..<0xE50: .thai
        case 0xE80..<0xED0, 0xEDC..<0xF00: .lao
        case 0xF00..<0xF20, 0xF40..<0x1000: .tibetan
        case 0x1000..<0x1040, 0x1050..<0x10A0: .myanmar
        case 0x10A0..<0x1100: .georgian
        case 0x1100..<0x1200: .hangul
        default: .none
        }
    }

    private static func later(_ scalar: UInt32) -> Script {
        switch scalar {
        case 0x1200..<0x1360, 0x1380..<0x13A0: .ethiopic
        case 0x1780..<0x17D4: .khmer
        case 0x1C90..<0x1CC0: .georgian
        case 0x1E00..<0x1F00: .latin
        case 0x1F00..<0x2000: .greek
        case 0x3005, 0x3400..<0x4DC0, 0x4E00..<0xA000, 0xF900..<0xFB00, 0x20000..<0x32000: .han
        case 0x3041..<0x3100, 0x31F0..<0x3200, 0xFF66..<0xFFA0: .kana
        case 0x3130..<0x3190, 0xAC00..<0xD7B0: .hangul
        case 0xFB50..<0xFE00, 0xFE70..<0xFEFF: .arabic
        default: .none
        }
    }
}
