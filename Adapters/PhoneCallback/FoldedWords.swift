/// A customer's words in one spelling: lower case, without accents and marks, digits of every script as ASCII.
///
/// Hyphens and apostrophes between letters are spaces; full-width forms are plain ones; Arabic and Persian letters that are
/// typed in several ways are one. Both the table of phrases and the texts it is looked up in pass through here.
struct FoldedWords {
    /// At most this much of a text is looked at; nobody says when to be called at greater length.
    static let limit = 500

    private(set) var scalars: [Unicode.Scalar] = []

    init(_ text: String) {
        // Lower case first: what it adds (İ becomes two scalars) is a mark that is dropped.
        for scalar in String(String.UnicodeScalarView(text.unicodeScalars.prefix(Self.limit))).lowercased()
            .unicodeScalars
        {
            if let folded = Self.fold(scalar) { scalars.append(folded) }
        }
        for index in scalars.indices.dropFirst().dropLast() where Self.joins(scalars[index]) {
            if Self.isLetter(scalars[index - 1]), Self.isLetter(scalars[index + 1]) { scalars[index] = " " }
        }
        replaceHourNames()
    }

    var text: String { String(String.UnicodeScalarView(scalars)) }

    /// Takes out what has been understood, so that no number in it is read again.
    mutating func blank(_ range: Range<Int>) {
        for index in range.clamped(to: scalars.indices) { scalars[index] = " " }
    }

    static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII ? (97...122).contains(scalar.value) : scalar.properties.isAlphabetic
    }

    static func isDigit(_ scalar: Unicode.Scalar) -> Bool { (48...57).contains(scalar.value) }

    /// Scripts that put no spaces between words.
    static func isDense(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3040...0x30FF, 0x3400...0x9FFF, 0xAC00...0xD7AF,
            0xF900...0xFAFF:
            true
        default: false
        }
    }

    private static func joins(_ scalar: Unicode.Scalar) -> Bool {
        ["-", "'", "\u{2019}", "\u{2010}", "\u{2011}", "`", "\u{B4}"].contains(scalar)
    }

    /// nil for what leaves no trace.
    private static func fold(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        if scalar.isASCII { return scalar.value < 0x20 ? " " : scalar }
        switch scalar.value {
        case 0xFF01...0xFF5E: return Unicode.Scalar(scalar.value - 0xFEE0).flatMap { fold($0.lowered) }
        case 0x131: return "i"
        case 0x451: return "е"
        case 0x622, 0x623, 0x625, 0x671: return "ا"
        case 0x649, 0x6CC: return "ي"
        case 0x629: return "ه"
        case 0x6A9: return "ك"
        case 0x640, 0x200C...0x200F: return nil
        case 0x2013, 0x2014, 0x2212, 0x301C: return "-"
        default: break
        }
        let properties = scalar.properties
        if properties.numericType == .decimal, let value = properties.numericValue {
            return Unicode.Scalar(48 + UInt32(min(max(value, 0), 9)))
        }
        switch properties.generalCategory {
        case .nonspacingMark, .format: return nil
        case .spaceSeparator, .lineSeparator, .paragraphSeparator: return " "
        case .lowercaseLetter: return base(of: scalar, name: properties.name)
        default: return scalar
        }
    }

    /// The letter that an accented Latin one is made from; its name in Unicode tells.
    private static func base(of scalar: Unicode.Scalar, name: String?) -> Unicode.Scalar {
        let prefix = "LATIN SMALL LETTER "
        guard let name, name.hasPrefix(prefix) else { return scalar }
        let rest = Array(name.utf8.dropFirst(prefix.utf8.count))
        guard rest.count > 2, rest[1] == 0x20, (65...90).contains(rest[0]) else { return scalar }
        return Unicode.Scalar(rest[0] | 32)
    }

    /// Hours in words where a sign for "o'clock" follows: 三点, 十二時, 세 시.
    private mutating func replaceHourNames() {
        var index = 0
        while index < scalars.count {
            defer { index += 1 }
            guard "点點時时시".unicodeScalars.contains(scalars[index]) else { continue }
            var end = index
            while end > 0, scalars[end - 1] == " " { end -= 1 }
            for length in stride(from: min(3, end), through: 1, by: -1) {
                let name = String(String.UnicodeScalarView(scalars[(end - length)..<end]))
                guard let hour = Self.hours[name] else { continue }
                let digits = Array(String(hour).unicodeScalars)
                scalars.replaceSubrange((end - length)..<end, with: digits)
                index += digits.count - length
                break
            }
        }
    }

    private static let hours: [String: Int] = {
        var hours: [String: Int] = ["两": 2, "兩": 2]
        let han = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"]
        let korean = ["한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열", "열한", "열두"]
        for (index, name) in han.enumerated() { hours[name] = index + 1 }
        for (index, name) in korean.enumerated() { hours[name] = index + 1 }
        return hours
    }()
}

extension Unicode.Scalar {
    /// ASCII capitals as small letters.
    fileprivate var lowered: Unicode.Scalar { (65...90).contains(value) ? Unicode.Scalar(UInt8(value) | 32) : self }
}
