/// Months by their names, in the languages in which exports write dates.
enum MonthNames {
    /// For each language the beginnings of the twelve names; several beginnings of one month stand between slashes.
    private static let table = [
        "jan feb mar apr may jun jul aug sep oct nov dec",  // English
        "jan/jän feb mär/mrz apr mai jun jul aug sep okt nov dez",  // German
        "janv févr/fevr mars avr mai juin juil août/aout sept oct nov déc",  // French
        "ene feb mar abr may jun jul ago sep/set oct nov dic",  // Spanish
        "jan fev mar abr mai jun jul ago set out nov dez",  // Portuguese
        "gen feb mar apr mag giu lug ago set ott nov dic",  // Italian
        "jan feb maart/mrt apr mei jun jul aug sep okt nov dec",  // Dutch
        "sty lut mar kwi maj cze lip sie wrz paź lis gru",  // Polish
        "led úno bře dub kvě červn/červen/čvn červenec/července/čvc srp zář říj lis pro",  // Czech
        "jan feb mar apr maj jun jul aug sep okt nov dec",  // Swedish, Danish, Norwegian
        "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu",  // Finnish
        "jan feb már ápr máj jún júl aug szept okt nov dec",  // Hungarian
        "ian feb mar apr mai iun iul aug sep oct noi dec",  // Romanian
        "oca şub/şubat/sub mart nis may haz tem ağu eyl eki kas ara",  // Turkish
        "янв фев мар апр май/мая июн июл авг сен окт ноя дек",  // Russian
        "січ лют бер кві трав черв лип серп вер жов лист гру",  // Ukrainian
        "ιαν φεβ μαρ απρ μαΐ/μαϊ/μάι ιουν/ιούν ιουλ/ιούλ αυγ/αύγ σεπ οκτ νοε/νοέ δεκ",  // Greek
        "ינו פבר מרץ אפר מאי יונ יול אוג ספט אוק נוב דצמ",  // Hebrew
        "يناير فبراير مارس أبريل/ابريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر/اكتوبر نوفمبر ديسمبر",  // Arabic
        "มกรา/มค กุมภา/กพ มีนา/มีค เมษา/เมย พฤษภา/พค มิถุนา/มิย กรกฎา/กค สิงหา/สค กันยา/กย ตุลา/ตค พฤศจิกา/พย ธันวา/ธค",
        "jan feb mar apr mei jun jul agu/agt sep okt nov des",  // Indonesian, Malay
        "जन फ़र/फर मार्च अप्रै मई जून जुला/जुल अग सित अक्टू नव दिस",  // Hindi
    ]

    /// Weekdays that begin as a month does.
    private static let weekdays = ["martes", "mardi", "marted", "marți", "marti", "середа"]

    private static let months: [(start: String, number: Int)] = table.flatMap { language in
        language.split(separator: " ").enumerated().flatMap { index, starts in
            starts.split(separator: "/").map { (String($0), index + 1) }
        }
    }

    /// 1 to 12 for a word in lower case, nil for what is no month; the longest beginning decides.
    static func number(_ word: String) -> Int? {
        guard !weekdays.contains(where: word.hasPrefix) else { return nil }
        // Hebrew joins "in" to the month.
        let bare = word.unicodeScalars.first == "\u{05D1}" ? String(word.unicodeScalars.dropFirst()) : word
        return months.filter { bare.hasPrefix($0.start) }.max { $0.start.utf8.count < $1.start.utf8.count }?.number
    }
}
