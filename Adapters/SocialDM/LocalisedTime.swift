import GatehouseCore

/// Dates as programs write them for people: `Friday, May 29, 2026 at 3:00:29 AM UTC`, `2026年5月29日星期五 UTC 03:00:29`,
/// `1/2/2024, 下午03:05`.
///
/// Names of months, marks of the half of the day and digits of any script are known; of other words none matters.
struct LocalisedTime {
    /// Which of two numbers is the day, where both could be.
    enum Order: String {
        case dayFirst = "d/m"
        case monthFirst = "m/d"
    }

    /// A clock time of day, and where it stands among the tokens.
    struct Clock: Equatable {
        var hour: Int
        var minute: Int
        var second: Int?
        var range: Range<Int>
    }

    private static let morning: Set = ["am", "午前", "上午", "凌晨", "清晨", "早上", "오전", "sa", "πμ", "ص", "पूर्वाह्न"]
    private static let afternoon: Set = ["pm", "午後", "下午", "中午", "傍晚", "晚上", "오후", "ch", "μμ", "م", "अपराह्न"]
    /// Between the numbers of a time without colons.
    private static let hourMarks: Set = ["時", "时", "點", "点", "시"]
    private static let minuteMarks: Set = ["分", "분"]
    private static let secondMarks: Set = ["秒", "초"]

    let tokens: [DateToken]

    init(_ text: String) { tokens = DateToken.list(text) }

    /// The date and time, or a date alone.
    ///
    /// - Returns: nil where there are not exactly the numbers of one date.
    func parsed(order: Order = .dayFirst) -> ParsedTime? {
        let clock = clock()
        var used = clock?.range ?? 0..<0
        var offset: Int?
        if clock != nil { offset = zone(behind: &used) }
        var numbers: [DateToken.Number] = []
        var month: Int?
        for (index, token) in tokens.enumerated() where !used.contains(index) {
            switch token {
            case .number(let number):
                // "Thứ 6" is a Friday.
                if index > 0, tokens[index - 1] == .word("thứ") { continue }
                numbers.append(number)
            case .word(let word): month = month ?? MonthNames.number(word)
            case .mark: break
            }
        }
        guard let date = Self.date(numbers, month: month, order: order) else { return nil }
        var civil = date
        civil.hour = clock?.hour ?? 0
        civil.minute = clock?.minute ?? 0
        civil.second = clock?.second ?? 0
        guard civil.isValid else { return nil }
        return ParsedTime(
            civil: civil,
            offsetSeconds: offset,
            precision: clock == nil ? "day" : clock?.second == nil ? "min" : "s"
        )
    }

    /// Whether the text is a date with a time of day and nothing more: besides them only names of days and short words.
    var isNothingElse: Bool {
        guard let parsed = parsed(), parsed.precision != "day" else { return false }
        let used = clock()?.range ?? 0..<0
        return tokens.enumerated().allSatisfy { index, token in
            guard case .word(let word) = token, !used.contains(index) else { return true }
            return word.unicodeScalars.count <= 3 || Self.joints.contains(word) || MonthNames.number(word) != nil
                || !WeekdayNames.days(word).isEmpty
        }
    }

    private static let joints: Set = ["alle", "tháng", "ngày", "στις", "เวลา", "pukul", "saat"]

    /// The first time of day, with the half of the day that stands beside it.
    func clock() -> Clock? {
        for isDotted in [false, true] {
            for index in tokens.indices {
                if let clock = isDotted ? dottedClock(at: index) : clock(at: index) { return halved(clock) }
            }
        }
        return nil
    }

    /// The clock with the half of the day that stands beside it.
    private func halved(_ found: Clock) -> Clock {
        var clock = found
        if let word = word(at: clock.range.lowerBound - 1), apply(word, to: &clock) {
            clock.range = (clock.range.lowerBound - 1)..<clock.range.upperBound
        } else if let word = word(at: clock.range.upperBound), apply(word, to: &clock) {
            clock.range = clock.range.lowerBound..<(clock.range.upperBound + 1)
        }
        return clock
    }

    /// `15.00.29`, as Finnish and Indonesian have it; where no year stands elsewhere the numbers are a date.
    private func dottedClock(at index: Int) -> Clock? {
        guard let hour = number(at: index), hour.digits <= 2, hour.value < 24, isMark(".", at: index + 1),
            let minute = number(at: index + 2), minute.digits == 2, minute.value < 60, isMark(".", at: index + 3),
            let second = number(at: index + 4), second.digits == 2, second.value <= 60
        else { return nil }
        let range = index..<(index + 5)
        let hasYear = tokens.indices.contains { !range.contains($0) && number(at: $0)?.digits == 4 }
        guard hasYear else { return nil }
        return Clock(hour: hour.value, minute: minute.value, second: second.value, range: range)
    }

    private func apply(_ word: String, to clock: inout Clock) -> Bool {
        if Self.morning.contains(word) {
            if clock.hour == 12 { clock.hour = 0 }
            return true
        }
        guard Self.afternoon.contains(word) else { return false }
        if clock.hour < 12, !(word == "中午" && clock.hour == 11) { clock.hour += 12 }
        return true
    }

    private func clock(at index: Int) -> Clock? {
        guard let hour = number(at: index), hour.digits <= 2, hour.value < 24 else { return nil }
        if let mark = word(at: index + 1), mark == "h" || Self.hourMarks.contains(where: mark.hasPrefix) {
            var clock = Clock(hour: hour.value, minute: 0, second: nil, range: index..<(index + 2))
            guard let minute = number(at: index + 2), minute.value < 60,
                let mark = word(at: index + 3), mark == "min" || Self.minuteMarks.contains(where: mark.hasPrefix)
            else { return clock }
            clock.minute = minute.value
            clock.range = index..<(index + 4)
            guard let second = number(at: index + 4), second.value <= 60,
                let mark = word(at: index + 5), mark == "s" || Self.secondMarks.contains(where: mark.hasPrefix)
            else { return clock }
            clock.second = second.value
            clock.range = index..<(index + 6)
            return clock
        }
        guard isMark(":", at: index + 1), let minute = number(at: index + 2), minute.digits == 2, minute.value < 60
        else {
            return nil
        }
        guard isMark(":", at: index + 3), let second = number(at: index + 4), second.digits == 2, second.value <= 60
        else {
            return Clock(hour: hour.value, minute: minute.value, second: nil, range: index..<(index + 3))
        }
        var end = index + 5
        if isMark(".", at: end) || isMark(",", at: end), let fraction = number(at: end + 1), fraction.digits == 3 {
            end += 2
        }
        return Clock(hour: hour.value, minute: minute.value, second: second.value, range: index..<end)
    }

    /// `UTC`, `GMT+2`, `+0200` beside the clock, which takes it into its range.
    private func zone(behind range: inout Range<Int>) -> Int? {
        var isStated = false
        if let word = word(at: range.lowerBound - 1), word == "utc" || word == "gmt" {
            range = (range.lowerBound - 1)..<range.upperBound
            isStated = true
        } else if let word = word(at: range.upperBound), ["utc", "gmt", "z"].contains(word) {
            range = range.lowerBound..<(range.upperBound + 1)
            isStated = true
        } else if let word = word(at: range.upperBound + 1), word == "utc" || word == "gmt",
            number(at: range.upperBound) == nil
        {
            // `15:00:29 น. UTC`, `3:00:29 [UTC]`
            range = range.lowerBound..<(range.upperBound + 2)
            isStated = true
        }
        let end = range.upperBound
        let isAhead = isMark("+", at: end)
        guard isAhead || isMark("-", at: end) || isMark("−", at: end), let hours = number(at: end + 1) else {
            return isStated ? 0 : nil
        }
        var seconds = hours.digits == 4 ? hours.value / 100 * 3600 + hours.value % 100 * 60 : hours.value * 3600
        var count = 2
        if hours.digits <= 2, isMark(":", at: end + 2), let minutes = number(at: end + 3), minutes.value < 60 {
            seconds += minutes.value * 60
            count = 4
        }
        guard seconds < 86_400 else { return isStated ? 0 : nil }
        range = range.lowerBound..<(end + count)
        return isAhead ? seconds : -seconds
    }

    private static func date(_ numbers: [DateToken.Number], month: Int?, order: Order) -> CivilTime? {
        if let month {
            guard numbers.count == 2 else { return nil }
            let isYearFirst = numbers[0].digits > 2
            let day = numbers[isYearFirst ? 1 : 0]
            return civil(year: numbers[isYearFirst ? 0 : 1], month: month, day: day.value)
        }
        guard numbers.count == 3 else { return nil }
        if numbers[0].digits > 2 { return civil(year: numbers[0], month: numbers[1].value, day: numbers[2].value) }
        let choices = order == .dayFirst ? [(0, 1), (1, 0)] : [(1, 0), (0, 1)]
        for (day, month) in choices {
            if let date = civil(year: numbers[2], month: numbers[month].value, day: numbers[day].value) { return date }
        }
        return nil
    }

    /// Years of two digits are of this century; those of the Buddhist era are 543 ahead.
    private static func civil(year: DateToken.Number, month: Int, day: Int) -> CivilTime? {
        var number = year.digits <= 2 ? 2000 + year.value : year.value
        if number >= 2400 { number -= 543 }
        let date = CivilTime(year: number, month: month, day: day)
        return date.isValid ? date : nil
    }

    private func number(at index: Int) -> DateToken.Number? {
        guard tokens.indices.contains(index), case .number(let number) = tokens[index] else { return nil }
        return number
    }

    private func word(at index: Int) -> String? {
        guard tokens.indices.contains(index), case .word(let word) = tokens[index] else { return nil }
        return word
    }

    private func isMark(_ mark: Unicode.Scalar, at index: Int) -> Bool {
        tokens.indices.contains(index) && tokens[index] == .mark(mark)
    }
}
