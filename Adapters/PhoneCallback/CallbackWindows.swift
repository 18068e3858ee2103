import GatehouseCore

/// When a customer wants to be called, turned into moments where the time zone is known.
struct CallbackWindows {
    /// For times without one; nil leaves them as words.
    let zone: TimeZoneTable?
    /// For "today" and "tomorrow".
    let receivedAt: Timestamp?
    private(set) var warnings: [String] = []

    init(zone: TimeZoneTable?, receivedAt: Timestamp?) {
        self.zone = zone
        self.receivedAt = receivedAt
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
        if let date, words == nil, let parsed = ParsedTime(iso8601: date), parsed.precision != "day" {
            return checked(CallbackWindow(start: moment(date), text: text))
        }
        let hints = words.map { TimeWords($0) }
        guard let zone, let day = date.map(Self.day) ?? relativeDay(hints, zone) else { return asWords }
        guard words != nil else { return checked(Self.window(DayRange(start: 0, end: 1440), on: day, zone, text)) }
        if let words, let parsed = ParsedTime(iso8601: words), let start = moment(words), parsed.precision != "day" {
            return checked(CallbackWindow(start: start, text: text))
        }
        guard let range = hints?.range else {
            return date == nil ? checked(Self.window(DayRange(start: 0, end: 1440), on: day, zone, text)) : asWords
        }
        return checked(Self.window(range, on: day, zone, text))
    }

    private func moment(_ text: String) -> Timestamp? {
        guard let parsed = ParsedTime(iso8601: text) else { return PayloadTime(text)?.timestamp }
        if parsed.offsetSeconds != nil { return parsed.timestamp() }
        return zone?.timestamp(of: parsed.civil)
    }

    /// The present day in the zone, or the next.
    private func relativeDay(_ words: TimeWords?, _ zone: TimeZoneTable) -> CivilTime? {
        guard let receivedAt, let days = words?.daysAhead else { return nil }
        let now = CivilTime(receivedAt, offsetSeconds: zone.offset(at: receivedAt))
        let noon = CivilTime(year: now.year, month: now.month, day: now.day, hour: 12).timestamp()
        return CivilTime(Timestamp(milliseconds: noon.milliseconds + Int64(days) * 86_400_000))
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
            let noon = CivilTime(year: day.year, month: day.month, day: day.day, hour: 12).timestamp()
            let ahead = CivilTime(Timestamp(milliseconds: noon.milliseconds + Int64(minutes / 1440) * 86_400_000))
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

    private mutating func checked(_ window: CallbackWindow) -> CallbackWindow {
        var window = window
        if let start = window.start, let end = window.end, end < start {
            warnings.append("window_reversed")
            (window.start, window.end) = (end, start)
        }
        if let receivedAt, let last = window.end ?? window.start, last < receivedAt { warnings.append("window_passed") }
        return window
    }
}
