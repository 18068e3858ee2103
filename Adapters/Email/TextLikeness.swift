/// How much a decoded text looks like one that people write: points for common letters in fitting company, and against
/// signs inside words, mixed scripts, capitals behind small letters.
///
/// The sum is meant to be divided by the number of bytes beyond ASCII; a character of two bytes counts twice.
enum TextLikeness {
    private enum Kind {
        case space, asciiLetter, latin, cyrillic, greek, hebrew, arabic, thai, han, kana, hangul, mark, sign
    }

    static func points(_ text: String) -> Double {
        var points = 0.0
        var last = Kind.space
        var lastScalar: Unicode.Scalar = " "
        var lastIsBeyond = false
        for scalar in text.unicodeScalars {
            let kind = kind(of: scalar.value)
            let isBeyond = scalar.value >= 0x80
            if isBeyond { points += value(scalar, kind) }
            if isBeyond || lastIsBeyond {
                points -= strain(last, kind)
                // Asked for only here: a property of Unicode is found by searching.
                if isLetter(last), isLetter(kind), isCapital(scalar) {
                    points -= lastScalar.properties.isLowercase ? 1 : 0.25
                }
                if isMisplaced(scalar.value, kind, last, lastScalar.value) { points -= 1.5 }
            }
            last = kind
            lastScalar = scalar
            lastIsBeyond = isBeyond
        }
        return points
    }

    private static func isCapital(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x80 ? (0x41...0x5A).contains(scalar.value) : scalar.properties.isUppercase
    }

    private static func isLetter(_ kind: Kind) -> Bool { kind != .space && kind != .mark && kind != .sign }

    /// Vowels and tones that stand above or below a letter, without one; Hebrew's final letters before another.
    private static func isMisplaced(_ value: UInt32, _ kind: Kind, _ last: Kind, _ lastValue: UInt32) -> Bool {
        switch kind {
        case .thai: last != .thai && (value == 0xE31 || (0xE34...0xE3A).contains(value) || value >= 0xE47)
        case .hebrew: last != .hebrew && value < 0x5D0 || [0x5DA, 0x5DD, 0x5DF, 0x5E3, 0x5E5].contains(lastValue)
        default: false
        }
    }

    /// What a character beyond ASCII is worth by itself.
    private static func value(_ scalar: Unicode.Scalar, _ kind: Kind) -> Double {
        switch kind {
        case .latin: return scalar.value < 0x180 || (0x1EA0...0x1EF9).contains(scalar.value) ? 0.7 : 0.3
        case .han: return common.contains(scalar.value) ? 1.6 : 0.2
        case .hangul: return common.contains(scalar.value) ? 1.6 : 0.4
        case .kana: return (0x3041...0x30FC).contains(scalar.value) ? 1.6 : -0.5
        case .hebrew: return (0x5D0...0x5EA).contains(scalar.value) ? 0.9 : 0.1
        case .cyrillic, .greek:
            return common.contains(scalar.properties.lowercaseMapping.unicodeScalars.first?.value ?? 0) ? 1 : 0.1
        case .arabic: return common.contains(scalar.value) ? 1 : 0.5
        case .thai: return common.contains(scalar.value) ? 0.9 : 0.2
        case .mark: return 0.5
        case .sign: return -1
        case .space, .asciiLetter: return 0
        }
    }

    /// What two neighbours cost that seldom stand together.
    private static func strain(_ left: Kind, _ right: Kind) -> Double {
        if isLetter(left), isLetter(right) {
            if left == right { return left == .latin ? 0.6 : 0 }
            switch (left, right) {
            case (.asciiLetter, .latin), (.latin, .asciiLetter): return 0
            case (.han, .kana), (.kana, .han), (.han, .hangul), (.hangul, .han): return 0
            case (.asciiLetter, .han), (.han, .asciiLetter), (.asciiLetter, .kana), (.kana, .asciiLetter): return 0.8
            default: return 1.2
            }
        }
        // A sign between letters.
        return left == .sign && isLetter(right) || right == .sign && isLetter(left) ? 0.5 : 0
    }

    private static func kind(of value: UInt32) -> Kind {
        switch value {
        case 0x41...0x5A, 0x61...0x7A: .asciiLetter
        case 0...0x20: .space
        case 0x21...0x7F: .mark
        case 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x24F, 0x1EA0...0x1EF9, 0x300...0x323: .latin
        case 0x370...0x3FF, 0x1F00...0x1FFF: .greek
        case 0x400...0x45F, 0x490...0x4FF: .cyrillic
        case 0x591...0x5F4: .hebrew
        case 0x600...0x6FF: .arabic
        case 0xE01...0xE4E: .thai
        case 0x3041...0x30FF, 0xFF66...0xFF9F: .kana
        case 0x4E00...0x9FFF: .han
        case 0xAC00...0xD7A3: .hangul
        case 0xA0, 0xA1, 0xAB, 0xBB, 0xBF, 0x2010...0x2026, 0x20AC, 0x2116, 0x2122, 0x3000...0x3011, 0xFF01...0xFF5E,
            0xA7, 0xB0, 0xB7, 0xE4F...0xE5B:
            .mark
        default: .sign
        }
    }

    /// The letters and characters that make up most of a text, by script.
    private static let common: Set<UInt32> = {
        let cyrillic = "оеаинтсрвлкмдпуяіьы"
        let greek = "αοιετσνηυρπκμλςόίάέήγδω"
        let thai = "านรกอเงมยลวดทสตะปบคหแจพใไโ่้ิีัุูื็์"
        let arabic = "الينموترهبعدفسكحقةشجیک"
        let chinese = """
            的一是不了在人有我他这個个中来來上大为為和国國地到以说說时時要就出会會可也你对對生能而子那得于於着下自之年过過发發后後\
            作里用道行所然家种種事成方多经經么麼去法学學如都同现現当當没沒动動面起看定天分还還进進好小部其些主样樣理心她本前开開\
            但因只从從想实實日军軍者意无無力它与與长長把机機十民第公此已工使情明性知全三又关關点點正业業外将將两兩高间間由问問很\
            最重并物手应應战戰向头頭文体體政美相见見被利什二等产產或新己制身果加西斯月话話合回特代内內信表化老给給世位次度门門任\
            常先海通教儿兒原东東声聲提立及比员員解水名真论論处處走义義各入几幾口认認条條平系气氣题題活尔爾更别別打女变變四神总總\
            何电電数數安少报報才结結反受目太量再感建务務做接必场場件计計管期市直德资資命山金指克许許统統区區保至队隊形社便空决決\
            治展马馬科司五基眼书書非则則听聽白却卻界达達光放强強即像难難且权權思王象完设設式色路记記南品住告类類求据據程北边邊死\
            张張该該交规規万萬取拉格望觉覺术術领領共确確传傳师師观觀清今切院让讓识識候带帶导導争爭运運笔您请請谢謝款账賬帐帳号號\
            户戶钱錢付钱幣币转轉码碼密绑綁登录錄充值提现單单訂订
            """
        let korean = """
            이다는의가을에하고지도로사한기를은서어리인시해나자정스대일라니요습세전제수부보안있것그들만감합원계금입출문주오여면저거아\
            과공게상장성당경우동구소선분방신회확록번호않못었았했습까드려주세바람
            """
        return Set((cyrillic + greek + thai + arabic + chinese + korean).unicodeScalars.map(\.value))
    }()
}
