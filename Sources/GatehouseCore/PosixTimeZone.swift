/// The rule in a TZif file's footer, POSIX's `TZ` with RFC 8536's extensions: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct PosixTimeZone: Sendable, Equatable {
    /// A day of the year and a time on it.
    struct Change: Sendable, Equatable {
        enum Day: Sendable, Equatable {
            /// `Jn`: 1 to 365, 29 February is never counted.
            case julian(Int)
            /// `n`: 0 to 365.
            case ordinal(Int)
            /// `Mm.w.d`: week 5 is the last; day 0 is Sunday.
            case weekday(month: Int, week: Int, day: Int)
        }

        var day: Day
        /// Seconds after midnight of the local time before the change; may be negative or beyond a day.
        var seconds: Int
    }

    var standardOffset: Int
    var daylightOffset = 0
    var changes: (start: Change, end: Change)?

    static func == (left: Self, right: Self) -> Bool {
        left.standardOffset == right.standardOffset && left.daylightOffset == right.daylightOffset
            && left.changes?.start == right.changes?.start && left.changes?.end == right.changes?.end
    }

    init?(_ text: [UInt8]) {
        var scanner = Scanner(text: text)
        guard scanner.skipName(), let standard = scanner.duration() else { return nil }
        standardOffset = -standard
        guard !scanner.isAtEnd else { return }
        guard scanner.skipName() else { return nil }
        daylightOffset = standardOffset + 3600
        if !scanner.isNext(",") {
            guard let daylight = scanner.duration() else { return nil }
            daylightOffset = -daylight
        }
        guard scanner.skip(","), let start = scanner.change() else { return nil }
        guard scanner.skip(","), let end = scanner.change(), scanner.isAtEnd else { return nil }
        changes = (start, end)
    }

    /// Seconds ahead of UTC at `seconds` since 1970.
    func offset(at seconds: Int64) -> Int {
        guard let changes else { return standardOffset }
        let bounded = min(max(seconds, -60_000_000_000), 250_000_000_000)
        let year = CivilTime(Timestamp(seconds: bounded), offsetSeconds: standardOffset).year
        let start = Self.moment(changes.start, year) - Int64(standardOffset)
        let end = Self.moment(changes.end, year) - Int64(daylightOffset)
        let isDaylight = start < end ? start <= bounded && bounded < end : !(end <= bounded && bounded < start)
        return isDaylight ? daylightOffset : standardOffset
    }

    /// Local seconds since 1970 at which a change comes.
    private static func moment(_ change: Change, _ year: Int) -> Int64 {
        let newYear = CivilTime.daysSinceEpoch(year: year, month: 1, day: 1)
        let day: Int64
        switch change.day {
        case .ordinal(let number): day = newYear + Int64(number)
        case .julian(let number): day = newYear + Int64(number - 1 + (CivilTime.isLeap(year) && number >= 60 ? 1 : 0))
        case .weekday(let month, let week, let weekday):
            let first = CivilTime.daysSinceEpoch(year: year, month: month, day: 1)
            // 1970-01-01 was a Thursday, the fourth day when Sunday is 0.
            let firstWeekday = Int(((first + 4) % 7 + 7) % 7)
            var date = 1 + (weekday - firstWeekday + 7) % 7 + (week - 1) * 7
            if date > CivilTime.days(inMonth: month, of: year) { date -= 7 }
            day = first + Int64(date - 1)
        }
        return day * 86_400 + Int64(change.seconds)
    }

    private struct Scanner {
        let text: [UInt8]
        private var position = 0

        init(text: [UInt8]) { self.text = text }

        var isAtEnd: Bool { position >= text.count }

        func isNext(_ character: Unicode.Scalar) -> Bool {
            position < text.count && text[position] == UInt8(ascii: character)
        }

        mutating func skip(_ character: Unicode.Scalar) -> Bool {
            guard isNext(character) else { return false }
            position += 1
            return true
        }

        /// Letters, or anything between `<` and `>`.
        mutating func skipName() -> Bool {
            if skip("<") {
                while position < text.count, text[position] != UInt8(ascii: ">") { position += 1 }
                return skip(">")
            }
            let start = position
            while position < text.count, (65...90).contains(text[position] & 0xDF) { position += 1 }
            return position > start
        }

        mutating func number() -> Int? {
            var value = 0
            let start = position
            while position < text.count, (48...57).contains(text[position]), position - start < 4 {
                value = value * 10 + Int(text[position] - 48)
                position += 1
            }
            return position > start ? value : nil
        }

        /// `[+-]h[h[h]][:mm[:ss]]` in seconds.
        mutating func duration() -> Int? {
            let isNegative = skip("-")
            if !isNegative { _ = skip("+") }
            guard let hours = number(), hours <= 167 else { return nil }
            var seconds = hours * 3600
            if skip(":") { seconds += (number() ?? 0) * 60 }
            if skip(":") { seconds += number() ?? 0 }
            return isNegative ? -seconds : seconds
        }

        mutating func change() -> Change? {
            guard let day = day() else { return nil }
            var seconds = 7200
            if skip("/") {
                guard let time = duration() else { return nil }
                seconds = time
            }
            return Change(day: day, seconds: seconds)
        }

        private mutating func day() -> Change.Day? {
            if skip("J") { return number().flatMap { (1...365).contains($0) ? .julian($0) : nil } }
            guard skip("M") else { return number().flatMap { (0...365).contains($0) ? .ordinal($0) : nil } }
            guard let month = number(), skip("."), let week = number(), skip("."), let day = number() else {
                return nil
            }
            guard (1...12).contains(month), (1...5).contains(week), (0...6).contains(day) else { return nil }
            return .weekday(month: month, week: week, day: day)
        }
    }
}
