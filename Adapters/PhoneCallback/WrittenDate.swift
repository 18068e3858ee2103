import GatehouseCore

/// A day of the month among a customer's words: `5 March`, `am 5.3.`, `2026-03-05`, `3月5日`, `15/3`.
struct WrittenDate {
    private(set) var day: Int
    private(set) var month: Int
    private(set) var year: Int?
    /// False where either number could be the day.
    private(set) var isCertain = true
    /// Where it stands, for what follows not to read it again.
    private(set) var range: Range<Int>

    /// - Parameter months: What was found among the same scalars.
    init?(_ scalars: [Unicode.Scalar], months: [(meaning: TimeMeaning, range: Range<Int>)]) {
        for phrase in months {
            guard case .month(let month) = phrase.meaning else { continue }
            guard let found = Self.date(beside: phrase.range, month, scalars) else { continue }
            self = found
            return
        }
        var index = 0
        while index < scalars.count {
            guard let first = Self.number(scalars, index) else {
                index += 1
                continue
            }
            if let found = Self.date(from: first, scalars) {
                self = found
                return
            }
            index = first.range.upperBound
        }
        return nil
    }

    private init(day: Int, month: Int, year: Int?, range: Range<Int>, isCertain: Bool = true) {
        (self.day, self.month, self.year, self.range, self.isCertain) = (day, month, year, range, isCertain)
    }

    private struct Number {
        let value: Int
        let range: Range<Int>
    }

    /// The digits at `start`, at most four of them.
    private static func number(_ scalars: [Unicode.Scalar], _ start: Int) -> Number? {
        var index = start
        var value = 0
        while index < scalars.count, FoldedWords.isDigit(scalars[index]), index - start < 5 {
            value = value * 10 + Int(scalars[index].value - 48)
            index += 1
        }
        return (1...4).contains(index - start) ? Number(value: value, range: start..<index) : nil
    }

    private static func isDay(_ value: Int) -> Bool { (1...31).contains(value) }

    /// A number before a month's name, or behind it: `5th of March 2026`, `March 5`.
    private static func date(beside month: Range<Int>, _ name: Int, _ scalars: [Unicode.Scalar]) -> WrittenDate? {
        var end = month.lowerBound
        // "5 de marzo", "5th of March", "5. März": short words and signs, no digits.
        while end > 0, month.lowerBound - end < 7, !FoldedWords.isDigit(scalars[end - 1]) { end -= 1 }
        var start = end
        while start > 0, FoldedWords.isDigit(scalars[start - 1]) { start -= 1 }
        let isClock = start > 0 && ":h".unicodeScalars.contains(scalars[start - 1])
        if !isClock, let day = number(scalars, start), day.range.upperBound == end, isDay(day.value) {
            let year = Self.year(after: month.upperBound, scalars)
            return WrittenDate(
                day: day.value,
                month: name,
                year: year?.value,
                range: start..<(year?.range.upperBound ?? month.upperBound)
            )
        }
        var next = month.upperBound
        while next < scalars.count, next - month.upperBound < 3, " .".unicodeScalars.contains(scalars[next]) {
            next += 1
        }
        guard let day = number(scalars, next), isDay(day.value), day.range.count <= 2 else { return nil }
        let after = day.range.upperBound
        // "March 5pm" and "March 5:30" are times.
        if after < scalars.count, ":ap".unicodeScalars.contains(scalars[after]) { return nil }
        let year = Self.year(after: after, scalars)
        let last = year?.range.upperBound ?? after
        return WrittenDate(day: day.value, month: name, year: year?.value, range: month.lowerBound..<last)
    }

    /// Four digits within a few signs.
    private static func year(after start: Int, _ scalars: [Unicode.Scalar]) -> Number? {
        var index = start
        while index < scalars.count, index - start < 6, !FoldedWords.isDigit(scalars[index]) { index += 1 }
        guard index < scalars.count, let number = number(scalars, index), (2000...2999).contains(number.value) else {
            return nil
        }
        return number
    }

    /// Numbers with signs between them.
    private static func date(from first: Number, _ scalars: [Unicode.Scalar]) -> WrittenDate? {
        func sign(_ index: Int) -> Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }
        let end = first.range.upperBound
        guard let mark = sign(end) else { return nil }
        // 3月5日, 3월 5일, perhaps with 2026年 before.
        if mark == "月" || mark == "월" {
            let start = sign(end + 1) == " " ? end + 2 : end + 1
            guard (1...12).contains(first.value), let day = number(scalars, start), isDay(day.value),
                ["日", "号", "號", "일"].contains(sign(day.range.upperBound))
            else { return nil }
            return WrittenDate(
                day: day.value,
                month: first.value,
                year: nil,
                range: first.range.lowerBound..<(day.range.upperBound + 1)
            )
        }
        guard ["-", "/", "."].contains(mark), let second = number(scalars, end + 1) else { return nil }
        let after = second.range.upperBound
        let third = sign(after) == mark ? number(scalars, after + 1) : nil
        let last = third?.range.upperBound ?? after
        let range = first.range.lowerBound..<last
        if first.range.count == 4, let third, (1...12).contains(second.value), isDay(third.value) {
            return WrittenDate(day: third.value, month: second.value, year: first.value, range: range)
        }
        guard first.range.count <= 2, second.range.count <= 2 else { return nil }
        let year = third.flatMap { $0.range.count == 4 ? $0.value : $0.range.count == 2 ? 2000 + $0.value : nil }
        // "14-16" are hours, "10.30" is a time; "5.3." and "5.3.2026" are dates.
        if mark == "-", year == nil { return nil }
        if mark == ".", year == nil {
            guard sign(after) == ".", third == nil else { return nil }
        }
        let isDayFirst = isDay(first.value) && (1...12).contains(second.value)
        let isMonthFirst = mark == "/" && isDay(second.value) && (1...12).contains(first.value)
        guard isDayFirst || isMonthFirst else { return nil }
        let isCertain = isDayFirst != isMonthFirst || first.value == second.value
        return WrittenDate(
            day: isDayFirst ? first.value : second.value,
            month: isDayFirst ? second.value : first.value,
            year: year,
            range: range.lowerBound..<(mark == "." && year == nil ? after + 1 : last),
            isCertain: isCertain
        )
    }
}
