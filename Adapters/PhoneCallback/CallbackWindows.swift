import GatehouseCore

/// When a customer wants to be called, turned into moments where the time zone is known.
struct CallbackWindows {
    /// For times without one; nil leaves them as words.
    let zone: TimeZoneTable?
    /// For windows that have passed.
    let receivedAt: Timestamp?
    /// For "today" and "tomorrow": when the request was made, or else received.
    let saidAt: Timestamp?
    /// The number's, which tells what `IST` means.
    let region: String?
    private(set) var warnings: [String] = []

    init(zone: TimeZoneTable?, in context: IntakeContext, saidAt: Timestamp? = nil, region: String? = nil) {
        self.zone = zone
        self.region = region
        receivedAt = context.receivedAt ?? context.now
        self.saidAt = saidAt ?? context.receivedAt ?? context.now
    }

    /// Start and end as they stand in the payload: ISO 8601 with an offset, or in the zone.
    mutating func window(start: String?, end: String?, text: String?) -> CallbackWindow? {
        guard start != nil || end != nil || text != nil else { return nil }
        let from = start.flatMap(moment)
        let to = end.flatMap(moment)
        let isUnread = start != nil && from == nil || end != nil && to == nil
        if isUnread, from == nil, to == nil, text == nil, let start, let end, zone != nil {
            // "14:00" and "16:00" without a date say nothing on their own.
            warnings.append("window_unread")
            return CallbackWindow(text: "\(start) – \(end)")
        }
        if isUnread { warnings.append("window_unread") }
        let words = text ?? (isUnread ? [start, end].compactMap(\.self).joined(separator: " – ") : nil)
        if from == nil, to == nil, let text { return self.window(date: nil, words: text) }
        return checked(CallbackWindow(start: from, end: to, text: words))
    }

    /// A date and words such as `morning`, `14-16 Uhr`, `tomorrow after 5pm`; either may be missing.
    mutating func window(date: String?, words: String?) -> CallbackWindow? {
        guard date != nil || words != nil else { return nil }
        let text = [date, words].compactMap(\.self).joined(separator: " ")
        let asWords = CallbackWindow(text: text)
        for stated in [words, words == nil ? date : nil].compactMap(\.self) {
            // A whole moment in one field.
            if let parsed = ParsedTime(iso8601: stated), parsed.precision != "day", Self.isZone(parsed.offsetSeconds) {
                return checked(CallbackWindow(start: moment(stated), text: text))
            }
        }
        let stated = date.flatMap(Self.day)
        // A date that is none may be words as well: "tomorrow", "Friday".
        let named = ZoneWords(stated == nil ? text : words ?? "", region: region)
        if let unknown = named.unknown {
            warnings.append("time_zone_unknown:\(unknown)")
            return asWords
        }
        guard let zone = named.zone ?? zone else { return asWords }
        let hints = TimeWords(named.rest, hasDate: stated != nil)
        guard !hints.isUnreadable else { return asWords }
        if let hour = hints.assumedHour { warnings.append("window_hour_assumed:\(hour / 60):00") }
        guard let day = stated ?? self.day(hints, zone) else { return asWords }
        guard let range = hints.range else {
            // A zone beside no time of day says that there is one, which was not understood.
            guard named.zone == nil else { return asWords }
            // "Any time at the weekend" is more than its first day.
            if stated == nil, case .next(let weekdays) = hints.day, weekdays.count > 1 { return asWords }
            guard words == nil || stated == nil && hints.day != nil else { return asWords }
            return checked(Self.window(DayRange(start: 0, end: 1440), on: day, zone, text))
        }
        return checked(Self.window(range, on: day, zone, text), isOpen: hints.isOpen)
    }

    /// "2026-03-05 14:00-16:00" is no time sixteen hours west of Greenwich.
    private static func isZone(_ offset: Int?) -> Bool { abs(offset ?? 0) <= 14 * 3600 }

    /// The day that words name, counted from the moment at which they were said.
    private func day(_ words: TimeWords, _ zone: TimeZoneTable) -> CivilTime? {
        guard let saidAt else { return nil }
        let now = CivilTime(saidAt, offsetSeconds: zone.offset(at: saidAt))
        switch words.day {
        case .ahead(let days): return Self.adding(days, to: now)
        case .date(let day, let month, let year): return Self.date(day, month, year, near: now)
        case .next(let weekdays):
            for days in 0...7 {
                let day = Self.adding(days, to: now)
                // 1970-01-01 was a Thursday, 3 where Monday is 0.
                let weekday = Int((Self.noon(day).milliseconds / 86_400_000 + 3) % 7)
                if weekdays.contains(weekday), days > 0 || !isOver(words.range, now) { return day }
            }
            return nil
        case nil:
            guard words.range != nil else { return nil }
            return isOver(words.range, now) ? Self.adding(1, to: now) : Self.adding(0, to: now)
        }
    }

    /// Whether a stretch of the day is over at a time on it.
    private func isOver(_ range: DayRange?, _ now: CivilTime) -> Bool {
        guard let range else { return false }
        return (range.end ?? 1440) <= now.hour * 60 + now.minute
    }

    private static func midnight(after day: CivilTime) -> CivilTime {
        let next = adding(1, to: day)
        return CivilTime(year: next.year, month: next.month, day: next.day)
    }

    private static func noon(_ day: CivilTime) -> Timestamp {
        CivilTime(year: day.year, month: day.month, day: day.day, hour: 12).timestamp()
    }

    private static func adding(_ days: Int, to day: CivilTime) -> CivilTime {
        CivilTime(Timestamp(milliseconds: noon(day).milliseconds + Int64(days) * 86_400_000))
    }

    /// A date without a year is the one that lies nearest, from two months ago on.
    private static func date(_ day: Int, _ month: Int, _ year: Int?, near now: CivilTime) -> CivilTime? {
        let earliest = adding(-60, to: now).timestamp()
        for candidate in year.map({ [$0] }) ?? [now.year - 1, now.year, now.year + 1] {
            let date = CivilTime(year: candidate, month: month, day: day, hour: 12)
            if date.isValid, year != nil || date.timestamp() >= earliest { return date }
        }
        return nil
    }

    private func moment(_ text: String) -> Timestamp? {
        guard let parsed = ParsedTime(iso8601: text) else { return PayloadTime(text)?.timestamp }
        if parsed.offsetSeconds != nil { return parsed.timestamp() }
        return zone?.timestamp(of: parsed.civil)
    }

    /// `2026-03-01`, `1.3.2026`, and `13/3/2026` or `3/13/2026` where only one order makes a date.
    static func day(_ text: String) -> CivilTime? {
        if let parsed = ParsedTime(iso8601: text) { return parsed.civil }
        let parts = text.utf8.split { !(48...57).contains($0) }.map {
            Int(String(decoding: $0.prefix(5), as: UTF8.self)) ?? 0
        }
        guard parts.count == 3, parts[2] >= 1000,
            text.utf8.allSatisfy({ (48...57).contains($0) || "./- ".utf8.contains($0) })
        else {
            return nil
        }
        let dayFirst = CivilTime(year: parts[2], month: parts[1], day: parts[0])
        let monthFirst = CivilTime(year: parts[2], month: parts[0], day: parts[1])
        if text.utf8.contains(UInt8(ascii: ".")) { return dayFirst.isValid ? dayFirst : nil }
        switch (dayFirst.isValid, monthFirst.isValid) {
        case (true, false): return dayFirst
        case (false, true): return monthFirst
        default: return parts[0] == parts[1] && dayFirst.isValid ? dayFirst : nil
        }
    }

    /// A range that ends before it starts goes on into the next day.
    private static func window(_ range: DayRange, on day: CivilTime, _ zone: TimeZoneTable, _ text: String)
        -> CallbackWindow
    {
        func moment(_ minutes: Int) -> Timestamp {
            let ahead = adding(minutes / 1440, to: day)
            let local = CivilTime(
                year: ahead.year,
                month: ahead.month,
                day: ahead.day,
                hour: minutes % 1440 / 60,
                minute: minutes % 60
            )
            return zone.timestamp(of: local)
        }
        var end = range.end
        if let start = range.start, let last = end, last <= start { end = last + 1440 }
        return CallbackWindow(start: range.start.map(moment), end: end.map(moment), text: text)
    }

    /// - Parameter isOpen: It has no end on its day: "after 5pm" is over when the day is.
    private mutating func checked(_ window: CallbackWindow, isOpen: Bool = false) -> CallbackWindow {
        var window = window
        if let start = window.start, let end = window.end, end < start {
            warnings.append("window_reversed")
            (window.start, window.end) = (end, start)
        }
        var last = window.end ?? window.start
        if isOpen, window.end == nil, let zone, let start = window.start {
            let day = CivilTime(start, offsetSeconds: zone.offset(at: start))
            last = zone.timestamp(of: Self.midnight(after: day))
        }
        if let receivedAt, let last, last < receivedAt { warnings.append("window_passed") }
        return window
    }
}
