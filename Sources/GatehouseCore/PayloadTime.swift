/// A time as webhooks and chat documents write it: a number of some unit, or one of several texts.
package struct PayloadTime: Sendable, Equatable {
    package var timestamp: Timestamp
    package var precision: TimePrecision
    /// As `Times.zone` has it: `UTC`, `stated`, or `assumed:` and the zone that was assumed.
    package var zone: String

    package init(timestamp: Timestamp, precision: TimePrecision, zone: String) {
        self.timestamp = timestamp
        self.precision = precision
        self.zone = zone
    }

    /// Reads a number or text of JSON; nil for anything else.
    package init?(_ value: JSONValue?, assuming zone: TimeZoneTable? = nil) {
        guard let text = value?.text else { return nil }
        self.init(text, assuming: zone)
    }

    /// Reads seconds, milliseconds, microseconds or nanoseconds since 1970 (told apart by their size; fractions too),
    /// ISO 8601 in the forms of `ParsedTime`, and the date of RFC 5322 §3.3.
    ///
    /// - Parameter zone: For texts that state none; nil assumes UTC.
    /// - Returns: nil for no date at all, and for numbers below 10^8 (before March 1973): 0 stands for "no time", and
    ///   `20260102` is no number of seconds.
    package init?(_ text: String, assuming zone: TimeZoneTable? = nil) {
        let trimmed = Self.trimmed(text)
        if let first = trimmed.first, (48...57).contains(first), let epoch = Self.epoch(trimmed) {
            self = epoch
            return
        }
        let text = String(decoding: trimmed, as: UTF8.self)
        guard let parsed = ParsedTime(iso8601: text) ?? ParsedTime(rfc5322: text) else { return nil }
        precision = TimePrecision(rawValue: parsed.precision) ?? .s
        if let offset = parsed.offsetSeconds {
            timestamp = parsed.timestamp()
            self.zone = offset == 0 ? "UTC" : "stated"
        } else if let zone {
            timestamp = zone.timestamp(of: parsed.civil)
            self.zone = "assumed:" + zone.name
        } else {
            timestamp = parsed.timestamp()
            self.zone = "assumed:UTC"
        }
    }

    package var times: Times { Times(sentAt: timestamp, precision: precision, zone: zone) }

    /// Digits, and perhaps a fraction. 10^11 seconds are the year 5138; payloads hold no later time.
    private static func epoch(_ text: [UInt8]) -> PayloadTime? {
        let parts = text.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = Int64(String(decoding: parts[0], as: UTF8.self)) else { return nil }
        guard whole >= 100_000_000 else { return nil }
        var fraction: Int64 = 0
        if parts.count == 2 {
            guard !parts[1].isEmpty, parts[1].allSatisfy({ (48...57).contains($0) }) else { return nil }
            for index in 0..<3 {
                let digits =
                    parts[1].startIndex + index < parts[1].endIndex
                    ? Int64(parts[1][parts[1].startIndex + index] - 48) : 0
                fraction = fraction * 10 + digits
            }
        }
        let milliseconds: Int64
        switch whole {
        case ..<100_000_000_000: milliseconds = whole * 1000 + fraction
        case ..<100_000_000_000_000: milliseconds = whole
        case ..<100_000_000_000_000_000: milliseconds = whole / 1000
        default: milliseconds = whole / 1_000_000
        }
        let isWholeSeconds = whole < 100_000_000_000 && parts.count == 1
        return PayloadTime(
            timestamp: Timestamp(milliseconds: milliseconds),
            precision: isWholeSeconds ? .s : .ms,
            zone: "UTC"
        )
    }

    private static func trimmed(_ text: String) -> [UInt8] {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        var bytes = Array(text.utf8.prefix(100))
        while bytes.last.map(isBlank) == true { bytes.removeLast() }
        return Array(bytes.drop(while: isBlank))
    }
}

extension ParsedTime {
    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

    /// `Fri, 02 Nov 2018 10:52:29 +0000`, with or without the weekday and the seconds; `GMT`, `UTC` and `Z` count as +0000.
    init?(rfc5322 text: String) {
        var words = text.utf8.split { $0 == 0x20 || $0 == UInt8(ascii: ",") }.map { Array($0) }
        if let first = words.first?.first, !(48...57).contains(first) { words.removeFirst() }
        guard words.count >= 4, let day = Self.number(words[0]), let year = Self.number(words[2]), words[2].count == 4
        else {
            return nil
        }
        let name = String(decoding: words[1].prefix(3), as: UTF8.self).lowercased()
        guard let month = Self.months.firstIndex(of: name) else { return nil }
        let clock = words[3].split(separator: UInt8(ascii: ":")).map { Self.number(Array($0)) }
        guard (2...3).contains(clock.count), let hour = clock[0], let minute = clock[1] else { return nil }
        guard let second = clock.count == 3 ? clock[2] : 0 else { return nil }
        let civil = CivilTime(year: year, month: month + 1, day: day, hour: hour, minute: minute, second: second)
        guard civil.isValid else { return nil }
        var offset: Int?
        if words.count > 4 {
            guard let stated = Self.offset(words[4]) else { return nil }
            offset = stated
        }
        self.init(civil: civil, offsetSeconds: offset, precision: clock.count == 3 ? "s" : "min")
    }

    private static func offset(_ word: [UInt8]) -> Int? {
        let text = String(decoding: word, as: UTF8.self).uppercased()
        if ["GMT", "UTC", "UT", "Z"].contains(text) { return 0 }
        guard word.count == 5, word[0] == UInt8(ascii: "+") || word[0] == UInt8(ascii: "-") else { return nil }
        guard let value = number(Array(word.dropFirst())), value % 100 < 60, value < 2400 else { return nil }
        return (value / 100 * 3600 + value % 100 * 60) * (word[0] == UInt8(ascii: "-") ? -1 : 1)
    }

    private static func number(_ bytes: [UInt8]) -> Int? {
        guard (1...4).contains(bytes.count), bytes.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(String(decoding: bytes, as: UTF8.self))
    }
}
