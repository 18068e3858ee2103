import GatehouseCore

/// Month names as programs write them that don't know that a date is English (RFC 5322 §3.3).
enum MonthNames {
    /// - Parameter token: `Jan`, `janv.`, `März`, `1月`.
    static func number(_ token: [UInt8]) -> Int? {
        guard token.count >= 3 else { return nil }
        let word = String(decoding: token, as: UTF8.self).lowercased()
        for length in [4, 3] {
            if let number = numbers[String(word.prefix(length))] { return number }
        }
        return nil
    }

    /// True for months whose first letters are those of a day of the week, too: French `mardi`, Spanish `martes`.
    static func isWeekday(_ token: [UInt8]) -> Bool {
        token.prefix(3).map(asciiLower).elementsEqual("mar".utf8)
    }

    /// Each name's first three letters, or four where three are not enough. In the order of the months; a dash where a
    /// language's name is among those above it.
    private static let numbers: [String: Int] = {
        var table: [String: Int] = [:]
        for line in lines {
            for (place, name) in line.split(separator: " ").enumerated() where name != "-" && table[String(name)] == nil
            {
                table[String(name)] = place + 1
            }
        }
        return table
    }()

    private static let lines = [
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "- - mär - mai - - - - okt - dez",
        "- - mrz - - - - - - - - -",
        "- fév - avr - juin juil aoû - - - déc",
        "- fev - - - - - aou - - - -",
        "ene - - abr - - - ago - - - dic",
        "gen - - - mag giu lug - set ott - -",
        "- - - - - - - - - out - -",
        "- - mrt - mei - - - - - - -",
        "- - - - maj - - - - - - -",
        "sty lut - kwi - cze lip sie wrz paź lis gru",
        "янв фев мар апр мая июн июл авг сен окт ноя дек",
        "oca şub - nis - haz tem ağu eyl eki kas ara",
        "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月",
    ]
}

/// Dates without names: `25.01.2024`, `1/25/2024`, `20240125T100000Z`, seconds since 1970.
struct NumericDate {
    var day: Int
    var month: Int
    var year: Int

    /// With dots the day comes first; with slashes the month, as in America, unless it can't be one.
    init?(_ token: [UInt8]) {
        let hasDots = token.contains(UInt8(ascii: "."))
        let pieces = token.split(separator: UInt8(ascii: hasDots ? "." : "/"), omittingEmptySubsequences: false)
        let numbers = pieces.compactMap { Int(String(decoding: $0, as: UTF8.self)) }
        guard pieces.count == 3, numbers.count == 3, pieces[2].count == 4, numbers.allSatisfy({ $0 > 0 }) else {
            return nil
        }
        let isDayFirst = hasDots || numbers[0] > 12
        (day, month, year) = (numbers[isDayFirst ? 0 : 1], numbers[isDayFirst ? 1 : 0], numbers[2])
    }

    /// The whole value, where it is one number.
    static func time(_ bytes: [UInt8]) -> ParsedTime? {
        let digits = bytes.filter { (48...57).contains($0) }
        if digits.count == bytes.count, (9...10).contains(digits.count), let seconds = Int(text(digits[...])) {
            return ParsedTime(
                civil: CivilTime(Timestamp(seconds: Int64(seconds))),
                offsetSeconds: 0,
                precision: "s"
            )
        }
        guard digits.count == 14, bytes.count <= 16, bytes.count > 8, asciiLower(bytes[8]) == UInt8(ascii: "t") else {
            return nil
        }
        func number(_ range: Range<Int>) -> Int { Int(text(digits[range])) ?? 0 }
        var civil = CivilTime(year: number(0..<4), month: number(4..<6), day: number(6..<8))
        (civil.hour, civil.minute, civil.second) = (number(8..<10), number(10..<12), number(12..<14))
        let isUniversal = bytes.last.map(asciiLower) == UInt8(ascii: "z")
        return civil.isValid ? ParsedTime(civil: civil, offsetSeconds: isUniversal ? 0 : nil, precision: "s") : nil
    }

    private static func text(_ digits: ArraySlice<UInt8>) -> String { String(decoding: digits, as: UTF8.self) }
}
