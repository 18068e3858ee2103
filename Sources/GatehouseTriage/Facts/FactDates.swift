import GatehouseCore

/// Dates and times of day that a customer names.
extension FactScanner {
    /// A short number and where it ends; nil where none of one to `most` digits stands there.
    private func short(_ index: Int, most: Int) -> (value: Int, digits: Int, end: Int)? {
        var value = 0
        var count = 0
        var index = index
        while count <= most, let (digit, length) = digit(at: index) {
            value = value * 10 + Int(digit)
            count += 1
            index += length
        }
        return count > 0 && count <= most ? (value, count, index) : nil
    }

    /// A date or a time that begins with the digit at `start`.
    mutating func readDate(at start: Int) -> Bool {
        guard let first = short(start, most: 4) else { return false }
        switch byte(first.end) {
        case 0x2D, 0x2F, 0x2E:
            return readNumericDate(start, first, byte(first.end)) || readDayAndMonth(start, first)
        case 0x3A: return readClock(start, first)
        default: break
        }
        return readUnspacedDate(start, first) || readDayAndMonth(start, first) || readMonthBefore(start, first)
            || readTwelveHours(start, first) || readSpokenClock(start, first)
    }

    /// `2026-01-31`, `31.01.2026`, `1/31/2026`: in ISO 8601 where there is one reading, else as written.
    private mutating func readNumericDate(
        _ start: Int,
        _ first: (value: Int, digits: Int, end: Int),
        _ mark: UInt8
    ) -> Bool {
        guard let second = short(first.end + 1, most: 2), byte(second.end) == mark,
            let third = short(second.end + 1, most: 4), !Self.isAlphanumeric(byte(third.end)) || byte(third.end) == 0x54
        else { return false }
        // "1.2.3.4" is an address or a version.
        if byte(third.end) == mark, digit(at: third.end + 1) != nil { return false }
        let range = start..<third.end
        if first.digits == 4 {
            guard let date = Self.iso(first.value, second.value, third.value) else { return false }
            return addDate(date, range, mayHaveClock: true)
        }
        guard third.digits == 4 else { return false }
        let byDay = Self.iso(third.value, second.value, first.value)
        let byMonth = Self.iso(third.value, first.value, second.value)
        switch (byDay, byMonth) {
        case (nil, nil): return false
        case (let date?, nil): return addDate(date, range, mayHaveClock: true)
        case (nil, let date?): return addDate(date, range, mayHaveClock: true)
        case (let date?, _?):
            let isOpen = mark == 0x2F && language == "en" && first.value != second.value
            return addDate(isOpen ? text(range) : date, range, mayHaveClock: !isOpen)
        }
    }

    private mutating func addDate(_ date: String, _ range: Range<Int>, mayHaveClock: Bool) -> Bool {
        var next = range.upperBound
        next = byte(next) == 0x54 ? next + 1 : skipSpaces(byte(next) == 0x2C ? next + 1 : next)
        if mayHaveClock, let hour = short(next, most: 2), byte(hour.end) == 0x3A, let clock = clock(hour) {
            add(.date, date + "T" + clock.text, range.lowerBound..<clock.end)
        } else {
            add(.date, date, range)
        }
        return true
    }

    private static func iso(_ year: Int, _ month: Int, _ day: Int) -> String? {
        guard (1900...2199).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        return "\(year)-\(two(month))-\(two(day))"
    }

    private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

    /// `14:30`, `2:30 pm`, with seconds; nil for what no clock shows.
    private func clock(_ hour: (value: Int, digits: Int, end: Int)) -> (text: String, end: Int)? {
        guard let minute = short(hour.end + 1, most: 2), minute.digits == 2, minute.value < 60, hour.value < 24 else {
            return nil
        }
        var end = minute.end
        var seconds = ""
        if byte(end) == 0x3A, let second = short(end + 1, most: 2), second.digits == 2, second.value < 60 {
            seconds = ":" + Self.two(second.value)
            end = second.end
        }
        guard !Self.isAlphanumeric(byte(end)) || "aApPZ".utf8.contains(byte(end)) else { return nil }
        var value = hour.value
        if let (isAfternoon, next) = half(end), value <= 12 {
            value = value % 12 + (isAfternoon ? 12 : 0)
            end = next
        }
        return ("\(Self.two(value)):\(Self.two(minute.value))\(seconds)", end)
    }

    private mutating func readClock(_ start: Int, _ hour: (value: Int, digits: Int, end: Int)) -> Bool {
        guard hour.digits <= 2, var clock = clock(hour) else { return false }
        // "下午3:30"
        if hour.value <= 12, let half = halfOfDay(before: start) {
            clock.text = Self.two(hour.value % 12 + (half.isAfternoon ? 12 : 0)) + clock.text.dropFirst(2)
            add(.date, clock.text, half.start..<clock.end)
        } else {
            add(.date, clock.text, start..<clock.end)
        }
        return true
    }

    /// `2pm`, `11 a.m.`
    private mutating func readTwelveHours(_ start: Int, _ hour: (value: Int, digits: Int, end: Int)) -> Bool {
        guard (1...12).contains(hour.value), let (isAfternoon, end) = half(hour.end) else { return false }
        add(.date, "\(Self.two(hour.value % 12 + (isAfternoon ? 12 : 0))):00", start..<end)
        return true
    }

    /// `am`, `pm`, `a.m.`, `p.m.` at `index`: whether it is after noon, and its end.
    private func half(_ index: Int) -> (isAfternoon: Bool, end: Int)? {
        let start = skipSpaces(index)
        if byte(start) >= 0xD8 {
            for (word, isAfternoon) in Self.arabicHalves where isAt(word, start) {
                return (isAfternoon, start + word.count)
            }
            return nil
        }
        let letter = byte(start) | 0x20
        guard letter == 0x61 || letter == 0x70 else { return nil }
        let hasPoints = byte(start + 1) == 0x2E
        let second = start + (hasPoints ? 2 : 1)
        guard byte(second) | 0x20 == 0x6D, !Self.isAlphanumeric(byte(second + 1)) else { return nil }
        return (letter == 0x70, second + (hasPoints && byte(second + 1) == 0x2E ? 2 : 1))
    }

    private static let arabicHalves: [(word: [UInt8], isAfternoon: Bool)] = [
        ("مساءً", true), ("مساء", true), ("ظهرا", true), ("ليلا", true), ("صباحاً", false), ("صباحا", false),
    ].map { (Array($0.0.utf8), $0.1) }

    // MARK: In words

    private static let year: [[UInt8]] = ["年", "년"].map { Array($0.utf8) }
    private static let month: [[UInt8]] = ["月", "월"].map { Array($0.utf8) }
    private static let day: [[UInt8]] = ["日", "일", "号", "號"].map { Array($0.utf8) }

    private func isAt(_ words: [[UInt8]], _ index: Int) -> Bool {
        words.contains { isAt($0, index) }
    }

    /// `2026年1月31日`, `2026년 1월 31일`, `1月31日`.
    private mutating func readUnspacedDate(_ start: Int, _ first: (value: Int, digits: Int, end: Int)) -> Bool {
        // Each of these words begins so.
        guard byte(first.end) >= 0xE4 else { return false }
        var year: Int?
        var month = first
        if isAt(Self.year, first.end) {
            guard let next = short(skipSpaces(first.end + 3), most: 2) else { return false }
            (year, month) = (first.value, next)
        }
        guard isAt(Self.month, month.end), let day = short(skipSpaces(month.end + 3), most: 2), isAt(Self.day, day.end),
            Self.iso(year ?? 2000, month.value, day.value) != nil
        else { return false }
        let range = start..<(day.end + 3)
        add(.date, year.flatMap { Self.iso($0, month.value, day.value) } ?? text(range), range)
        return true
    }

    /// `31 January 2026`, `31. Januar`, `31 de enero de 2026`, `31st of January`.
    private mutating func readDayAndMonth(_ start: Int, _ day: (value: Int, digits: Int, end: Int)) -> Bool {
        guard day.digits <= 2, (1...31).contains(day.value) else { return false }
        var index = day.end
        if byte(index) == 0x2E { index += 1 }
        if isOrdinal(index) { index += 2 }
        index = skipSpaces(index)
        for filler in Self.monthFillers where isAt(filler, index) { index += 3 }
        guard let (word, end) = wordBehind(index, .month), let month = Int(word.value), end - index >= 3 else {
            return false
        }
        return addMonth(start, day.value, month, end, isShort: end - index <= 3)
    }

    private static let monthFillers: [[UInt8]] = [Array("de ".utf8), Array("of ".utf8)]

    /// Whether English's `st`, `nd`, `rd` or `th` stands at `index`.
    private func isOrdinal(_ index: Int) -> Bool {
        switch (byte(index), byte(index + 1)) {
        case (0x73, 0x74), (0x6E, 0x64), (0x72, 0x64), (0x74, 0x68): true
        default: false
        }
    }

    private mutating func addMonth(_ start: Int, _ day: Int, _ month: Int, _ end: Int, isShort: Bool) -> Bool {
        var index = byte(end) == 0x2E || byte(end) == 0x2C ? end + 1 : end
        index = skipSpaces(index)
        if text(index..<index + 3) == "de " { index += 3 }
        if let year = short(index, most: 4), year.digits == 4, let date = Self.iso(year.value, month, day) {
            return addDate(date, start..<year.end, mayHaveClock: true)
        }
        // "2 out", "5 mar": without a year only a whole word is surely a month.
        guard !isShort else { return false }
        add(.date, text(start..<end), start..<end)
        return true
    }

    /// `January 31, 2026`: the month stands before the number.
    private mutating func readMonthBefore(_ place: Int, _ day: (value: Int, digits: Int, end: Int)) -> Bool {
        guard day.digits <= 2, (1...31).contains(day.value), byte(place - 1) == 0x20 else { return false }
        var wordEnd = place - 1
        if byte(wordEnd - 1) == 0x2E { wordEnd -= 1 }
        var start = wordEnd
        while start > 0, wordEnd - start < 24, bytes[start - 1] >= 0x80 || Self.isAlphanumeric(bytes[start - 1]) {
            start -= 1
        }
        guard wordEnd - start >= 3,
            let month = meaning(start..<wordEnd, .month).flatMap({ Int($0.value) })
        else { return false }
        var end = day.end
        if isOrdinal(end) { end += 2 }
        return addMonth(start, day.value, month, end, isShort: wordEnd - start <= 3)
    }
}
