import GatehouseCore

/// Dates as mail writes them: RFC 5322 §3.3 and §4.3, asctime, and the other forms seen in the wild.
enum MailDate {
    /// - Returns: The clock's reading and, where it is stated, its zone; nil where no date can be made out.
    static func parse(_ message: [UInt8], _ range: Range<Int>) -> ParsedTime? {
        let bytes = Array(unfold(message, range).prefix(256))
        if let parsed = UsualDate.parse(bytes) { return parsed }
        if ByteSearch.firstIndex(of: [0x3D, 0x3F], in: bytes, 0..<bytes.count) != nil {
            var decoder = HeaderTextDecoder(guesses: 0)
            return parse(Array(decoder.decode(bytes).utf8.prefix(256)))
        }
        return parse(bytes)
    }

    private static func parse(_ bytes: [UInt8]) -> ParsedTime? {
        if let parsed = ParsedTime(iso8601: String(decoding: bytes, as: UTF8.self)) { return parsed }
        if let parsed = NumericDate.time(bytes) { return parsed }
        let (date, rest) = NumericDate.found(in: bytes)
        var reading = Reading(date)
        for token in tokens(of: rest) { reading.take(token) }
        return reading.result
    }

    /// Words parted by blanks, commas and, in dates, dashes; comments are left out.
    private static func tokens(of original: [UInt8]) -> [[UInt8]] {
        let bytes = withoutComments(original)
        var tokens: [[UInt8]] = []
        var token: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            let isSign = byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
            let isZoneSign = isSign && (token.contains(UInt8(ascii: ":")) || isUniversal(token))
            // `17-May-2000` parts at the dashes; ` -0700` keeps its sign.
            let isDateDash =
                byte == UInt8(ascii: "-") && !isZoneSign && token.count <= 9 && token.last.map(isSignless) ?? false
            // `09 : 55 : 06` (RFC 5322 §4.3): blanks around a colon part nothing.
            let isPadding =
                byte <= 0x20
                && (token.last == UInt8(ascii: ":") && token.count > 1
                    || nextVisible(bytes, index) == UInt8(ascii: ":"))
            if isPadding { continue }
            if byte <= 0x20 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || isDateDash || isZoneSign {
                if !token.isEmpty { tokens.append(token) }
                token = isZoneSign ? [byte] : []
            } else {
                token.append(byte)
            }
        }
        if !token.isEmpty { tokens.append(token) }
        return tokens
    }

    private static func isSignless(_ byte: UInt8) -> Bool { byte != UInt8(ascii: "+") && byte != UInt8(ascii: "-") }

    private static func isUniversal(_ token: [UInt8]) -> Bool {
        let word = token.map(asciiLower)
        return word.elementsEqual("gmt".utf8) || word.elementsEqual("utc".utf8)
    }

    /// The value has no more than 256 bytes, so that looking ahead costs nothing.
    private static func nextVisible(_ bytes: [UInt8], _ index: Int) -> UInt8? {
        bytes[index...].first { $0 > 0x20 }
    }

    private static func withoutComments(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(UInt8(ascii: "(")) else { return bytes }
        var depth = 0
        var result: [UInt8] = []
        for byte in bytes {
            if byte == UInt8(ascii: "(") {
                if depth == 0 { result.append(0x20) }
                depth += 1
            } else if byte == UInt8(ascii: ")"), depth > 0 {
                depth -= 1
            } else if depth == 0 {
                result.append(byte)
            }
        }
        return result
    }

    /// What has been made out so far.
    private struct Reading {
        private var day: Int?
        private var month: Int?
        private var year: Int?
        private var time: (hour: Int, minute: Int, second: Int?)?
        private var offset: Int?
        private var isUniversal = false
        private var isAfternoon: Bool?

        init(_ date: NumericDate?) { (day, month, year) = (date?.day, date?.month, date?.year) }

        mutating func take(_ token: [UInt8]) {
            if let sign = token.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), time != nil {
                // `GMT+0100`
                if offset == nil || isUniversal { offset = numericZone(token) }
                isUniversal = false
            } else if token.contains(UInt8(ascii: ":")) || (time == nil && year != nil && isDottedTime(token)) {
                takeClock(token)
            } else if let number = decimal(token) {
                takeNumber(number, digits: token.count)
            } else if let named = MonthNames.number(token) {
                // A French Tuesday is no March: the month stands behind the day.
                if month == nil || isWeekday { month = named }
                isWeekday = day == nil && MonthNames.isWeekday(token)
            } else {
                takeWord(token)
            }
        }

        /// The month may be the day of a week instead.
        private var isWeekday = false

        /// `12:00:00`, `12:00:00PM`
        private mutating func takeClock(_ token: [UInt8]) {
            guard time == nil else { return }
            time = clock(token)
            let ending = token.filter { $0 != UInt8(ascii: ".") }.suffix(2).map(asciiLower)
            if ending.elementsEqual("pm".utf8) { isAfternoon = true }
            if ending.elementsEqual("am".utf8) { isAfternoon = false }
        }

        private mutating func takeNumber(_ number: Int, digits: Int) {
            if day == nil, digits <= 2, (1...31).contains(number) {
                day = number
            } else if year == nil {
                year = fullYear(number, digits: digits)
            } else if time != nil, offset == nil, digits == 4 {
                // A zone that lacks its sign.
                offset = numericZone([UInt8(ascii: "+")] + Array(String(number).utf8))
            }
        }

        private mutating func takeWord(_ token: [UInt8]) {
            let word = String(decoding: token.filter { $0 != UInt8(ascii: ".") }.map(asciiLower), as: UTF8.self)
            if word == "am" || word == "pm" {
                isAfternoon = word == "pm"
            } else if time != nil, offset == nil {
                offset = namedZone(word)
                isUniversal = word == "gmt" || word == "utc"
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

    /// RFC 5322 §4.3: 00…49 are 2000…2049, 50…99 and three digits count from 1900. So does `0102`, as programs wrote in 2002
    /// that had three digits and space for four.
    private static func fullYear(_ number: Int, digits: Int) -> Int {
        switch digits {
        case ...2: number < 50 ? 2000 + number : 1900 + number
        case 3: 1900 + number
        default: number < 100 ? fullYear(number, digits: 2) : number < 200 ? 1900 + number : number
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

    /// `+0530`, `-8`, `+05:30`, in seconds ahead of UTC. Of several signs the last one counts: `+-0500` is what a program writes
    /// that puts a plus before a number which has its own sign.
    private static func numericZone(_ token: [UInt8]) -> Int? {
        let digits = token.dropFirst().filter { (48...57).contains($0) }.prefix(4)
        guard !digits.isEmpty else { return nil }
        let number = digits.reduce(0) { $0 * 10 + Int($1 - 48) }
        let (hours, minutes) = digits.count <= 2 ? (number, 0) : (number / 100, number % 100)
        guard hours < 24 || number == 2400, minutes < 60 else { return 0 }
        let sign = token.prefix { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }.last
        return (hours * 3600 + minutes * 60) * (sign == UInt8(ascii: "-") ? -1 : 1)
    }

    /// RFC 5322 §4.3 gives the American ones; the others are in use. A military letter means nothing: UTC.
    private static func namedZone(_ word: String) -> Int? {
        if let hours = zones[word] { return Int(hours * 3600) }
        // POSIX: `EDT4`.
        let letters = String(word.prefix { $0.isLetter })
        if letters.count < word.count, let hours = zones[letters] { return Int(hours * 3600) }
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
