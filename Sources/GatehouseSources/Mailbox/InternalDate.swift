import GatehouseCore

/// When a server received a message: `" 7-Jul-1996 02:44:25 -0700"` (RFC 9051 §9, date-time).
enum InternalDate {
    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

    static func timestamp(_ bytes: [UInt8]) -> Timestamp? {
        let words = bytes.split(separator: 0x20)
        guard words.count == 3 else { return nil }
        let date = words[0].split(separator: UInt8(ascii: "-"))
        let clock = words[1].split(separator: UInt8(ascii: ":"))
        guard date.count == 3, clock.count == 3 else { return nil }
        let name = String(decoding: date[1], as: UTF8.self).lowercased()
        guard let month = months.firstIndex(of: name), let day = number(date[0]), let year = number(date[2]),
            let hour = number(clock[0]), let minute = number(clock[1]), let second = number(clock[2]),
            let zone = words[2].first, words[2].count == 5, zone == UInt8(ascii: "+") || zone == UInt8(ascii: "-"),
            let offset = number(words[2].dropFirst())
        else { return nil }
        let time = CivilTime(year: year, month: month + 1, day: day, hour: hour, minute: minute, second: second)
        guard time.isValid else { return nil }
        let seconds = (offset / 100 * 60 + offset % 100) * 60
        return time.timestamp(offsetSeconds: zone == UInt8(ascii: "-") ? -seconds : seconds)
    }

    /// Up to four digits.
    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard (1...4).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - 48) }
    }
}
