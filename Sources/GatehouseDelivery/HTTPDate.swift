import GatehouseCore

/// RFC 9110 §5.6.7: `Sun, 06 Nov 1994 08:49:37 GMT`, and the two obsolete forms that recipients must read.
enum HTTPDate {
    static func parse(_ text: String) -> Timestamp? {
        let words = text.utf8.split { $0 == 0x20 || $0 == 0x2C || $0 == 0x2D }.map {
            String(decoding: $0, as: UTF8.self)
        }
        guard words.count == 6 || words.count == 5 else { return nil }
        // asctime: `Sun Nov  6 08:49:37 1994`; else `Sun, 06 Nov 1994 08:49:37 GMT` or `Sunday, 06-Nov-94 08:49:37 GMT`.
        let isAsctime = words.count == 5
        guard let day = Int(words[isAsctime ? 2 : 1]), let month = month(words[isAsctime ? 1 : 2]),
            var year = Int(words[isAsctime ? 4 : 3]), let time = clock(words[isAsctime ? 3 : 4])
        else { return nil }
        if words[isAsctime ? 4 : 3].utf8.count == 2 { year += year < 70 ? 2000 : 1900 }
        let civil = CivilTime(year: year, month: month, day: day, hour: time[0], minute: time[1], second: time[2])
        return civil.isValid ? civil.timestamp() : nil
    }

    private static func month(_ word: String) -> Int? {
        let names = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        return names.firstIndex(of: word.lowercased()).map { $0 + 1 }
    }

    private static func clock(_ word: String) -> [Int]? {
        let parts = word.split(separator: ":").compactMap { Int($0) }
        return parts.count == 3 ? parts : nil
    }
}
