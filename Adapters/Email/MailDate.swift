import GatehouseCore

/// Dates as mail writes them: RFC 5322 §3.3 and §4.3, asctime, and the other forms seen in the wild.
enum MailDate {
    /// - Returns: The clock's reading and, where it is stated, its zone; nil where no date can be made out.
    static func parse(_ message: [UInt8], _ range: Range<Int>) -> ParsedTime? {
        let bytes = Array(unfold(message, range).prefix(256))
        if let parsed = UsualDate.parse(bytes) { return parsed }
        if let parsed = ParsedTime(iso8601: String(decoding: bytes, as: UTF8.self)) { return parsed }
        var reading = Reading()
        for token in tokens(of: bytes) { reading.take(token) }
        return reading.result
    }

    /// Words parted by blanks, commas and, in dates, dashes; comments are left out.
    private static func tokens(of bytes: [UInt8]) -> [[UInt8]] {
        var tokens: [[UInt8]] = []
        var token: [UInt8] = []
        var depth = 0
        func isDateDash(_ index: Int) -> Bool {
            // `17-May-2000` parts at the dashes; ` -0700` keeps its sign.
            bytes[index] == UInt8(ascii: "-") && !token.isEmpty && !token.contains(UInt8(ascii: ":"))
                && token.count <= 9
        }
        for (index, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "(") { depth += 1 }
            if depth > 0 {
                if byte == UInt8(ascii: ")") { depth -= 1 }
                continue
            }
            let isZoneSign =
                (byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")) && token.contains(UInt8(ascii: ":"))
            if byte <= 0x20 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || isDateDash(index)
                || isZoneSign
            {
                if !token.isEmpty { tokens.append(token) }
                token = isZoneSign ? [byte] : []
            } else {
                token.append(byte)
            }
        }
        if !token.isEmpty { tokens.append(token) }
        return tokens
    }

    /// What has been made out so far.
    private struct Reading {
        private var day: Int?
        private var month: Int?
        private var year: Int?
        private var time: (hour: Int, minute: Int, second: Int?)?
        private var offset: Int?
        private var isAfternoon: Bool?

        mutating func take(_ token: [UInt8]) {
            if let sign = token.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), time != nil {
                if offset == nil { offset = numericZone(token) }
            } else if token.contains(UInt8(ascii: ":")) || (time == nil && year != nil && isDottedTime(token)) {
                if time == nil { time = clock(token) }
            } else if let number = decimal(token) {
                takeNumber(number, digits: token.count)
            } else if let named = monthNumber(token) {
                if month == nil { month = named }
            } else {
                takeWord(token)
            }
        }

        private mutating func takeNumber(_ number: Int, digits: Int) {
            if day == nil, digits <= 2, (1...31).contains(number) {
                day = number
            } else if year == nil {
                year = fullYear(number, digits: digits)
            }
        }

        private mutating func takeWord(_ token: [UInt8]) {
            let word = String(decoding: token.map(asciiLower), as: UTF8.self)
            if word == "am" || word == "pm" {
                isAfternoon = word == "pm"
            } else if time != nil, offset == nil {
                offset = namedZone(word)
            }
        }

        var result: ParsedTime? {
            guard let day, let month, let year else { return nil }
            var civil = CivilTime(year: year, month: month, day: day)
            if let time {
                civil.hour = time.hour
                civil.minute = time.minute
                civil.second = time.second ?? 0
                if isAfternoon == true, civil.hour < 12 { civil.hour += 12 }
                if isAfternoon == false, civil.hour == 12 { civil.hour = 0 }
            }
            guard civil.isValid else { return nil }
            return ParsedTime(
                civil: civil,
                offsetSeconds: offset,
                precision: time == nil ? "day" : time?.second == nil ? "min" : "s"
            )
        }
    }

    /// RFC 5322 §4.3: 00…49 are 2000…2049, 50…99 and three digits count from 1900.
    private static func fullYear(_ number: Int, digits: Int) -> Int {
        switch digits {
        case ...2: number < 50 ? 2000 + number : 1900 + number
        case 3: 1900 + number
        default: number
        }
    }

    private static func decimal(_ token: [UInt8]) -> Int? {
        var digits = token[...]
        if let last = digits.last, last == UInt8(ascii: ".") || last == UInt8(ascii: "t") { digits = digits.dropLast() }
        guard (1...4).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - 48) }
    }

    private static func isDottedTime(_ token: [UInt8]) -> Bool {
        token.split(separator: UInt8(ascii: ".")).count == 3 && token.allSatisfy { (48...57).contains($0) || $0 == 46 }
    }

    /// `23:59:60`, `9:05`, `10.30.00`, fractions cut.
    private static func clock(_ token: [UInt8]) -> (hour: Int, minute: Int, second: Int?)? {
        let separator = token.contains(UInt8(ascii: ":")) ? UInt8(ascii: ":") : UInt8(ascii: ".")
        let pieces = token.split(separator: separator).map { Array($0.prefix { (48...57).contains($0) }) }
        guard pieces.count >= 2, let hour = decimal(pieces[0]), let minute = decimal(pieces[1]) else { return nil }
        let second = pieces.count > 2 ? decimal(pieces[2]) : nil
        guard hour < 24, minute < 60, (second ?? 0) <= 60 else { return nil }
        return (hour, minute, second)
    }

    /// `+0530`, `-8`, `+05:30`, in seconds ahead of UTC.
    private static func numericZone(_ token: [UInt8]) -> Int? {
        let digits = token.dropFirst().filter { (48...57).contains($0) }.prefix(4)
        guard !digits.isEmpty else { return nil }
        let number = digits.reduce(0) { $0 * 10 + Int($1 - 48) }
        let (hours, minutes) = digits.count <= 2 ? (number, 0) : (number / 100, number % 100)
        guard hours < 24 || number == 2400, minutes < 60 else { return 0 }
        return (hours * 3600 + minutes * 60) * (token[0] == UInt8(ascii: "-") ? -1 : 1)
    }

    private static func monthNumber(_ token: [UInt8]) -> Int? {
        guard token.count >= 3 else { return nil }
        let word = String(decoding: token.prefix(3).map(asciiLower), as: UTF8.self)
        return months[word]
    }

    private static let months = [
        "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11,
        "dec": 12,
    ]

    /// RFC 5322 §4.3 gives the American ones; the others are in use. A military letter means nothing: UTC.
    private static func namedZone(_ word: String) -> Int? {
        if let hours = zones[word] { return Int(hours * 3600) }
        return word.utf8.count == 1 ? 0 : nil
    }

    private static let zones: [String: Double] = [
        "ut": 0, "utc": 0, "gmt": 0, "z": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6,
        "pst": -8,
        "pdt": -7, "bst": 1, "ist": 5.5, "wet": 0, "west": 1, "cet": 1, "cest": 2, "met": 1, "mest": 2, "mez": 1,
        "mesz": 2,
        "eet": 2, "eest": 3, "msk": 3, "msd": 4, "jst": 9, "kst": 9, "hkt": 8, "sgt": 8, "aest": 10, "aedt": 11,
        "nzst": 12,
        "nzdt": 13, "akst": -9, "akdt": -8, "hst": -10, "brt": -3, "art": -3,
    ]
}
