import GatehouseCore

/// The form in which nearly every program writes a date: `Wed, 21 Aug 2002 08:02:03 -0400` (RFC 5322 §3.3).
///
/// Read by position, without a word of its own for each token. `MailDate` reads the same out of it, and all else.
enum UsualDate {
    /// - Returns: nil where anything differs from the form.
    static func parse(_ bytes: [UInt8]) -> ParsedTime? {
        var index = 0
        if let name = word(bytes, 0), weekdays.contains(name) {
            guard bytes.count > 4, bytes[3] == UInt8(ascii: ","), bytes[4] == 0x20 else { return nil }
            index = 5
        }
        let isShort = index + 1 < bytes.count && bytes[index + 1] == 0x20
        // From the blank before the month to the end of the zone there are 24 bytes.
        let month = index + (isShort ? 2 : 3)
        let end = month + 23
        guard bytes.count >= end, let day = number(bytes, index..<month - 1), (1...31).contains(day),
            let named = word(bytes, month).flatMap(months.firstIndex(of:)),
            let year = number(bytes, month + 4..<month + 8),
            let time = clock(bytes, month + 9), let offset = zone(bytes, month + 18),
            bytes[month - 1] == 0x20, bytes[month + 3] == 0x20, bytes[month + 8] == 0x20, bytes[month + 17] == 0x20,
            isEnd(bytes, end), year >= 200
        else { return nil }
        var civil = CivilTime(year: year, month: named + 1, day: day)
        (civil.hour, civil.minute, civil.second) = time
        return civil.isValid ? ParsedTime(civil: civil, offsetSeconds: offset, precision: "s") : nil
    }

    /// Nothing, or one comment.
    private static func isEnd(_ bytes: [UInt8], _ end: Int) -> Bool {
        guard end < bytes.count else { return true }
        guard end + 2 < bytes.count, bytes[end] == 0x20, bytes[end + 1] == UInt8(ascii: "("),
            bytes[bytes.count - 1] == UInt8(ascii: ")")
        else { return false }
        return !bytes[(end + 2)..<(bytes.count - 1)].contains { $0 == UInt8(ascii: "(") || $0 == UInt8(ascii: ")") }
    }

    /// Three letters in lower case, packed.
    private static func word(_ bytes: [UInt8], _ start: Int) -> UInt32? {
        guard start + 3 <= bytes.count else { return nil }
        return UInt32(bytes[start] | 0x20) << 16 | UInt32(bytes[start + 1] | 0x20) << 8
            | UInt32(bytes[start + 2] | 0x20)
    }

    private static func packed(_ words: String) -> [UInt32] {
        words.split(separator: " ").map { $0.utf8.reduce(0) { $0 << 8 | UInt32($1) } }
    }

    private static let weekdays = packed("sun mon tue wed thu fri sat")
    private static let months = packed("jan feb mar apr may jun jul aug sep oct nov dec")

    private static func number(_ bytes: [UInt8], _ range: Range<Int>) -> Int? {
        var number = 0
        for index in range {
            guard bytes[index] >= 48, bytes[index] <= 57 else { return nil }
            number = number * 10 + Int(bytes[index] - 48)
        }
        return number
    }

    private static func clock(_ bytes: [UInt8], _ start: Int) -> (Int, Int, Int)? {
        guard bytes[start + 2] == 0x3A, bytes[start + 5] == 0x3A, let hour = number(bytes, start..<start + 2),
            let minute = number(bytes, start + 3..<start + 5), let second = number(bytes, start + 6..<start + 8),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        return (hour, minute, second)
    }

    /// `-0400`, in seconds ahead of UTC.
    private static func zone(_ bytes: [UInt8], _ start: Int) -> Int? {
        let isWest = bytes[start] == UInt8(ascii: "-")
        guard isWest || bytes[start] == UInt8(ascii: "+"), let hours = number(bytes, start + 1..<start + 3),
            let minutes = number(bytes, start + 3..<start + 5), hours < 24, minutes < 60
        else { return nil }
        return (hours * 3600 + minutes * 60) * (isWest ? -1 : 1)
    }
}
