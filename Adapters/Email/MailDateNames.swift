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
        "tam hel maal huh tou kes hei elo syy lok marr jou",
        "led úno bře dub kvě čvn čvc srp zář říj - pro",
        "- - már ápr máj jún júl - - - - -",
        "ιαν φεβ μαρ απρ μαΐ ιουν ιουλ αυγ σεπ οκτ νοε δεκ",
        "ינו פבר מרץ אפר מאי יונ יול אוג ספט אוק נוב דצמ",
        "ينا فبر مار أبر ماي يون يول أغس سبت أكت نوف ديس",
        "січ лют бер кві тра чер лип серп вер жов лис гру",
        "ian - - - - iun iul - - - noi -",
        "- - - - maí - - agu - - - des",
        "- - mac - - - - ogo - - - dis",
        "jaa vee - - - juun juul - - - - det",
    ]
}
