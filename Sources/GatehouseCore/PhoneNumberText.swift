/// What in a text may be a telephone number.
struct PhoneNumberCandidate: Equatable {
    /// ASCII digits.
    var digits: [UInt8]
    /// True after `+`: the digits start with a calling code.
    var isInternational: Bool
    var `extension`: String?
    /// Text beside the number that is neither formatting nor an extension.
    var hasOtherText = false
}

/// A telephone field taken apart, without knowledge of numbering plans.
///
/// Any Unicode decimal digit counts, formatting and invisible characters are dropped, letters never become digits:
/// in a form field "0171 1234567 (abends)" holds a word, not a vanity number.
struct PhoneNumberText {
    /// At most this much of a field is looked at; the longest number with extension is far shorter.
    static let scalarLimit = 300
    static let candidateLimit = 8

    private var text: [UInt8] = []
    /// `;phone-context=+44` of RFC 3966 §5.1.5.
    private var context: [UInt8] = []

    init(_ raw: String) {
        for scalar in raw.unicodeScalars.prefix(Self.scalarLimit) { append(scalar) }
        text = Self.dropPrefix(of: text)
        if let start = Self.find("phone-context=", in: text) {
            context = text[(start + 14)...].prefix { $0 == UInt8(ascii: "+") || Self.isDigit($0) }.filter(Self.isDigit)
            let sign = start + 14 < text.count && text[start + 14] == UInt8(ascii: "+")
            if !sign { context = [] }
            text.removeSubrange(max(start - 1, 0)...)
        }
    }

    /// The candidates, in the order of the text.
    ///
    /// - Returns: Empty also for what a spreadsheet left of a number (`4.91712E+11`): its digits are lost.
    func candidates() -> [PhoneNumberCandidate] {
        guard !looksLikeSpreadsheet else { return [] }
        var found: [PhoneNumberCandidate] = []
        var index = 0
        while index < text.count, found.count < Self.candidateLimit {
            guard let start = text[index...].firstIndex(where: { Self.isDigit($0) || $0 == UInt8(ascii: "+") }) else {
                break
            }
            let (candidate, end) = candidate(at: start)
            if let candidate { found.append(candidate) }
            index = max(end, start + 1)
        }
        let pieces = found.count == 1 && found[0].digits.count > 15 ? splitCandidates() : []
        return found + pieces
    }

    /// The run of digits and formatting at `start`, and where it ends.
    private func candidate(at start: Int) -> (PhoneNumberCandidate?, Int) {
        var candidate = PhoneNumberCandidate(digits: [], isInternational: text[start] == UInt8(ascii: "+"))
        var index = candidate.isInternational ? start + 1 : start
        var lastDigit = start
        while index < text.count {
            let byte = text[index]
            if Self.isDigit(byte) {
                candidate.digits.append(byte)
                lastDigit = index
            } else if isCarrierPlaceholder(at: index, digits: candidate.digits) {
                index += 1
            } else if !Self.isFormatting(byte) {
                break
            }
            index += 1
        }
        let touchesWord = index < text.count && Self.isLetter(text[index]) && index == lastDigit + 1
        var end = index
        if candidate.digits.count >= 5, let (number, after) = extensionNumber(at: lastDigit + 1) {
            candidate.extension = number
            end = after
        } else if touchesWord && candidate.digits.count < 7 {
            return (nil, end)
        }
        // `1-800-FLOWERS`: a vanity number's digits are no number.
        if candidate.extension == nil, index < text.count, Self.isLetter(text[index]), index > lastDigit + 1,
            text[index - 1] == UInt8(ascii: "-"), candidate.digits.count < 7
        {
            return (nil, end)
        }
        if !context.isEmpty, !candidate.isInternational {
            candidate.digits = context + candidate.digits
            candidate.isInternational = true
        }
        let outside = text[..<start] + text[min(max(end, lastDigit + 1), text.count)...]
        candidate.hasOtherText = outside.contains { Self.isLetter($0) || Self.isDigit($0) }
        return (candidate.digits.isEmpty ? nil : candidate, end)
    }

    /// A number too long to be one may be two with a slash or comma between them.
    private func splitCandidates() -> [PhoneNumberCandidate] {
        text.split(whereSeparator: { [UInt8(ascii: "/"), UInt8(ascii: "|")].contains($0) }).prefix(Self.candidateLimit)
            .compactMap { piece in
                let digits = piece.filter(Self.isDigit)
                guard digits.count >= 5 else { return nil }
                return PhoneNumberCandidate(
                    digits: digits,
                    isInternational: piece.first { $0 != UInt8(ascii: " ") } == UInt8(ascii: "+"),
                    hasOtherText: true
                )
            }
    }

    /// `0xx11 9…` in Brazil: the two letters stand for a carrier's code of the caller's choice.
    private func isCarrierPlaceholder(at index: Int, digits: [UInt8]) -> Bool {
        digits == [UInt8(ascii: "0")] && text[index...].starts(with: Array("xx".utf8))
    }

    /// `ext. 12`, `x12`, `#12`, `;ext=12`, `,,12#` and their like in other languages.
    private func extensionNumber(at start: Int) -> (String, Int)? {
        var index = start
        while index < text.count, text[index] == UInt8(ascii: " ") || text[index] == UInt8(ascii: "(") { index += 1 }
        let marks = [
            "extension", "extn", "ext", "durchwahl", "dw", "poste", "interno", "int", "anexo", "ramal",
            "дополнительный", "доб", "вн", "内线", "內線", "内線", "分机", "分機", "内线号码", "x", "#", ";ext=", ",,", ";",
        ]
        guard let mark = marks.first(where: { text[index...].starts(with: Array($0.utf8)) }) else { return nil }
        index += mark.utf8.count
        while index < text.count, " .:=-,;".utf8.contains(text[index]) { index += 1 }
        let number = text[index...].prefix(while: Self.isDigit)
        guard (1...9).contains(number.count) else { return nil }
        var end = index + number.count
        if end < text.count, text[end] == UInt8(ascii: "#") { end += 1 }
        return (String(decoding: number, as: UTF8.self), end)
    }

    /// A number that a spreadsheet rounded: `4.91712E+11`.
    private var looksLikeSpreadsheet: Bool {
        let compact = text.filter { $0 != UInt8(ascii: " ") }
        guard let exponent = compact.firstIndex(of: UInt8(ascii: "e")), exponent > 0, exponent + 1 < compact.count
        else {
            return false
        }
        let mantissa = compact[..<exponent]
        let power = compact[(exponent + 1)...].drop { $0 == UInt8(ascii: "+") }
        return mantissa.allSatisfy { Self.isDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",") }
            && !power.isEmpty && power.allSatisfy(Self.isDigit)
    }
}

// What single characters mean.
extension PhoneNumberText {
    private mutating func append(_ scalar: Unicode.Scalar) {
        if scalar.isASCII {
            let byte = UInt8(scalar.value)
            if byte < 0x20 || byte == 0x7F {
                text.append(UInt8(ascii: " "))
            } else {
                text.append((65...90).contains(byte) ? byte + 32 : byte)
            }
            return
        }
        if let digit = Self.decimalDigit(scalar) { return text.append(UInt8(ascii: "0") + digit) }
        switch scalar.value {
        case 0xFF0B, 0xFE62, 0x207A: text.append(UInt8(ascii: "+"))
        case 0xFF08: text.append(UInt8(ascii: "("))
        case 0xFF09: text.append(UInt8(ascii: ")"))
        case 0xFF03: text.append(UInt8(ascii: "#"))
        case 0x2212, 0x30FC, 0x2043: text.append(UInt8(ascii: "-"))
        case 0xFF0F: text.append(UInt8(ascii: "/"))
        case 0xFF5E, 0x223C, 0x301C: text.append(UInt8(ascii: "~"))
        case 0xFF0E, 0x00B7, 0x2022, 0x2024, 0x30FB: text.append(UInt8(ascii: "."))
        case 0x260E, 0x260F, 0x2706, 0x1F4DE, 0x1F4F1, 0xFE0F: text.append(UInt8(ascii: " "))
        default: appendOther(scalar)
        }
    }

    private mutating func appendOther(_ scalar: Unicode.Scalar) {
        switch scalar.properties.generalCategory {
        case .format, .nonspacingMark: return
        case .spaceSeparator, .lineSeparator, .paragraphSeparator, .control: text.append(UInt8(ascii: " "))
        case .dashPunctuation: text.append(UInt8(ascii: "-"))
        default: text.append(contentsOf: Array(String(scalar).lowercased().utf8))
        }
    }

    static func decimalDigit(_ scalar: Unicode.Scalar) -> UInt8? {
        guard scalar.properties.numericType == .decimal, let value = scalar.properties.numericValue else { return nil }
        return (0...9).contains(value) ? UInt8(value) : nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
    /// ASCII letters, and every byte of other scripts.
    private static func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte) || byte >= 0x80 }
    private static func isFormatting(_ byte: UInt8) -> Bool { " -().[]/~".utf8.contains(byte) }

    /// `tel:`, `whatsapp:`, `sip:` and the like; of a SIP address the part before `@`.
    private static func dropPrefix(of text: [UInt8]) -> [UInt8] {
        let trimmed = text.drop { $0 == UInt8(ascii: " ") }
        for scheme in ["tel:", "callto:", "phone:", "sms:", "whatsapp:", "viber:", "sip:", "sips:"]
        where trimmed.starts(with: Array(scheme.utf8)) {
            let rest = trimmed.dropFirst(scheme.utf8.count).drop { $0 == UInt8(ascii: "/") }
            guard scheme.hasPrefix("sip") else { return Array(rest) }
            return Array(rest.prefix { $0 != UInt8(ascii: "@") })
        }
        return Array(trimmed)
    }

    private static func find(_ word: String, in text: [UInt8]) -> Int? {
        let word = Array(word.utf8)
        guard text.count >= word.count else { return nil }
        return (0...(text.count - word.count)).first { text[$0...].starts(with: word) }
    }
}
