import GatehouseCore

/// A stretch of the day, in minutes after midnight; nil is open.
struct DayRange: Equatable {
    var start: Int?
    var end: Int?
}

/// What people write where a form asks when to call: `14-16 Uhr`, `tomorrow after 5pm`, `morgens`, «после 18», `明日の午前`.
///
/// Only what can be said with certainty is read; for the rest the words themselves go into the envelope.
struct TimeWords {
    enum Day: Equatable {
        /// Days after the one on which it was said.
        case ahead(Int)
        /// The next of these, 0 for Monday to 6 for Sunday.
        case next(Set<Int>)
        case date(day: Int, month: Int, year: Int?)
    }

    private(set) var day: Day?
    /// The hours that are meant.
    private(set) var range: DayRange?
    /// "After 5" said where no half of the day is: taken for the afternoon, in minutes.
    private(set) var assumedHour: Int?
    /// "After 5pm" goes on to the end of the day; "at 5pm" does not.
    private(set) var isOpen = false
    /// Two days, "or", "not", "next week": for a person to read.
    private(set) var isUnreadable = false

    private var folded: FoldedWords
    /// As it was before what has been understood was taken out.
    private let said: [Unicode.Scalar]
    /// "Mon-Fri", which leaves a space where the hyphen was.
    private let hasHyphen: Bool
    private var found: [(meaning: TimeMeaning, range: Range<Int>)] = []

    /// - Parameter hasDate: A day is given beside the words, so that "morgen" and "mañana" are the morning.
    init(_ text: String, hasDate: Bool = false) {
        folded = FoldedWords(text)
        said = folded.scalars
        hasHyphen = text.unicodeScalars.contains { "-\u{2010}\u{2011}\u{2013}\u{2014}".unicodeScalars.contains($0) }
        findPhrases()
        findDates()
        for phrase in found { folded.blank(phrase.range) }
        let meanings = Set(found.map(\.meaning))
        guard !isUnreadable, !meanings.contains(.or), !meanings.contains(.unreadable) else {
            isUnreadable = true
            return
        }
        var parts: [DayPart] = []
        for meaning in found.map(\.meaning) {
            switch meaning {
            case .part(let part), .todayPart(let part), .tomorrowPart(let part):
                if !parts.contains(part) { parts.append(part) }
            case .noon: if !parts.contains(.midday) { parts.append(.midday) }
            default: break
            }
        }
        let scanner = ClockScanner(Array(folded.text.utf8), parts: parts)
        let isIntroduced = !meanings.isDisjoint(with: [.after, .from, .before, .at])
        let clock = scanner.times(isIntroduced: isIntroduced)
        if meanings.contains(.tomorrowOrMorning) {
            let isAlone = found.count == 1 && clock == nil
            if isAlone || hasDate {
                if hasDate, parts.isEmpty { parts = [.morning] }
                if !hasDate { isUnreadable = true }
            } else {
                setDay(.ahead(1))
            }
        }
        guard !isUnreadable else { return }
        findDay()
        assumedHour = clock?.assumed
        isOpen = !meanings.isDisjoint(with: [.after, .from])
        range = Self.range(clock?.minutes ?? [], parts, meanings)
    }

    /// Looks each word up, the longest phrase first.
    private mutating func findPhrases() {
        let scalars = folded.scalars
        var index = 0
        while index < scalars.count {
            let scalar = scalars[index]
            guard FoldedWords.isLetter(scalar) else {
                index += 1
                continue
            }
            if isDutchHour(index) {
                index += 1
            } else if let end = phraseEnd(at: index) {
                index = end
            } else if isDutchAfter(index) {
                found.append((.after, index..<(index + 2)))
                index += 2
            } else if FoldedWords.isDense(scalar) {
                index += 1
            } else {
                while index < scalars.count, FoldedWords.isLetter(scalars[index]), !FoldedWords.isDense(scalars[index])
                {
                    index += 1
                }
            }
        }
    }

    /// "na 17 uur": before a number alone, since elsewhere it means "on" or "in the" in half a dozen languages.
    private func isDutchAfter(_ index: Int) -> Bool {
        let scalars = folded.scalars
        guard index + 3 < scalars.count, scalars[index] == "n", scalars[index + 1] == "a", scalars[index + 2] == " "
        else {
            return false
        }
        return FoldedWords.isDigit(scalars[index + 3])
    }

    /// "15u": behind a number it is the hour, and no "or" of another language.
    private func isDutchHour(_ index: Int) -> Bool {
        let scalars = folded.scalars
        guard index > 0, scalars[index] == "u", FoldedWords.isDigit(scalars[index - 1]) else { return false }
        return index + 1 == scalars.count || !FoldedWords.isLetter(scalars[index + 1])
    }

    private mutating func phraseEnd(at start: Int) -> Int? {
        let scalars = folded.scalars
        let isDense = FoldedWords.isDense(scalars[start])
        var length = min(TimePhrases.longest, scalars.count - start)
        while length > 0 {
            let end = start + length
            let goesOn =
                end < scalars.count && FoldedWords.isLetter(scalars[end]) && FoldedWords.isLetter(scalars[end - 1])
            if isDense || !goesOn,
                let meaning = TimePhrases.meanings[String(String.UnicodeScalarView(scalars[start..<end]))]
            {
                found.append((meaning, start..<end))
                return end
            }
            length -= 1
        }
        return nil
    }

    private mutating func findDates() {
        if let date = WrittenDate(folded.scalars, months: found) {
            folded.blank(date.range)
            guard date.isCertain else {
                isUnreadable = true
                return
            }
            day = .date(day: date.day, month: date.month, year: date.year)
        }
    }

    /// A second day makes it unreadable; a weekday beside a date or "tomorrow" only says the same again.
    private mutating func setDay(_ new: Day) {
        guard let day, day != new else {
            day = new
            return
        }
        isUnreadable = true
    }

    private mutating func findDay() {
        var weekdays: Set<Int> = []
        var previous: (weekday: Int, end: Int)?
        for phrase in found {
            switch phrase.meaning {
            case .day(let days): setDay(.ahead(days))
            case .todayPart: setDay(.ahead(0))
            case .tomorrowPart: setDay(.ahead(1))
            case .weekday(let weekday):
                if let first = previous?.weekday, let end = previous?.end, isSpan(end..<phrase.range.lowerBound) {
                    for step in 0..<((weekday - first + 7) % 7) { weekdays.insert((first + step) % 7) }
                }
                weekdays.insert(weekday)
                previous = (weekday, phrase.range.upperBound)
            case .workday: weekdays.formUnion(0...4)
            case .weekend: weekdays.formUnion(5...6)
            default: break
            }
        }
        if day == nil, !weekdays.isEmpty { day = .next(weekdays) }
    }

    /// Words between two days that mean those between them, too.
    private static let spans = Set(
        [
            "-", "to", "through", "thru", "till", "until", "bis", "bis zum", "a", "al", "au", "do", "até", "hasta",
            "tot",
            "t/m", "tot en met", "до", "по", "til", "till", "ile", "-den", "～", "~", "至", "到", "から", "부터", "đến",
            "sampai",
            "إلى", "تا", "עד", "से", "ถึง",
        ].map { FoldedWords($0).text }
    )

    private func isSpan(_ range: Range<Int>) -> Bool {
        guard range.clamped(to: said.indices) == range else { return false }
        let words = PhonePayload.trimmed(String(String.UnicodeScalarView(said[range])))
        return words.isEmpty ? hasHyphen : Self.spans.contains(words)
    }

    private static func range(_ times: [Int], _ parts: [DayPart], _ meanings: Set<TimeMeaning>) -> DayRange? {
        let isAfter = meanings.contains(.after) || meanings.contains(.from)
        let isBefore = meanings.contains(.before)
        if times.count == 2 { return DayRange(start: times[0], end: times[1]) }
        if times.count == 1 {
            if isAfter, isBefore { return nil }
            return isBefore ? DayRange(start: nil, end: times[0]) : DayRange(start: times[0], end: nil)
        }
        guard parts.count == 1 else { return nil }
        let part = parts[0].range
        if isBefore { return DayRange(start: nil, end: part.start) }
        // "After noon" is a time; when a morning is over is not.
        if meanings.contains(.after), parts[0] != .midday { return nil }
        return isAfter ? DayRange(start: part.start, end: nil) : part
    }
}
