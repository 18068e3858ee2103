/// Card numbers (ISO/IEC 7812: known issuer, length and Luhn's digit) and IBANs (ISO 13616).
enum PaymentNumbers {
    // MARK: Cards

    /// - Parameter digits: 0 to 9, 13 to 19 of them.
    static func isCard(_ digits: [UInt8]) -> Bool {
        guard let lengths = lengths(of: digits), lengths.contains(digits.count) else { return false }
        guard digits.contains(where: { $0 != digits[0] }) else { return false }
        var sum = 0
        for (place, digit) in digits.reversed().enumerated() {
            let value = place % 2 == 1 ? Int(digit) * 2 : Int(digit)
            sum += value > 9 ? value - 9 : value
        }
        return sum % 10 == 0
    }

    /// The lengths that the issuer of these first digits uses; nil for none.
    private static func lengths(of digits: [UInt8]) -> Set<Int>? {
        guard digits.count >= 13 else { return nil }
        let head = digits.prefix(4).reduce(0) { $0 * 10 + Int($1) }
        switch head {
        case 4000...4999: return [13, 16, 19]  // Visa
        case 5100...5599, 2221...2720: return [16]  // Mastercard
        case 3400...3499, 3700...3799: return [15]  // American Express
        case 6011, 6440...6599: return [16, 19]  // Discover, RuPay
        case 3000...3059, 3095, 3600...3699, 3800...3999: return [14, 16]  // Diners Club
        case 3528...3589: return [16]  // JCB
        case 6200...6299, 8100...8171: return [16, 19]  // UnionPay
        case 2200...2204: return [16]  // Mir
        case 9792: return [16]  // Troy
        case 6521, 6522, 8172...8279, 5080...5089: return [16]  // RuPay
        case 5018, 5020, 5038, 5893, 6304, 6759, 6761...6763: return [16, 18, 19]  // Maestro
        default: return nil
        }
    }

    // MARK: IBAN

    private static let ibanLengths: [String: Int] = [
        "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27, "BR": 29,
        "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20, "EG": 29,
        "ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28,
        "HN": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20,
        "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19,
        "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29,
        "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24,
        "SM": 27, "SO": 23, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
        "YE": 30,
    ]

    /// How many letters and digits an IBAN of this country has.
    static func ibanLength(_ first: UInt8, _ second: UInt8) -> Int? {
        ibanLengths[String(decoding: [first & 0xDF, second & 0xDF], as: UTF8.self)]
    }

    /// Whether the whole, its first four put last, leaves 1 when divided by 97.
    /// - Parameter letters: ASCII letters and digits.
    static func hasIBANChecksum(_ letters: [UInt8]) -> Bool {
        guard letters.count > 4 else { return false }
        var rest = 0
        for letter in letters[4...] + letters[..<4] {
            if letter < 0x3A {
                rest = (rest * 10 + Int(letter) - 0x30) % 97
            } else {
                rest = (rest * 100 + Int(letter & 0xDF) - 0x37) % 97
            }
        }
        return rest == 1
    }
}
