import GatehouseCore

/// Dates without names: `25.01.2024`, `1/25/2024`, `2024-01-25 CET`, `2024年1月25日`, `20240125T100000Z`, seconds since 1970.
struct NumericDate {
    var day: Int
    var month: Int
    var year: Int

    /// The year first where it has four digits; else with dots and dashes the day, and with slashes the month, as in
    /// America, unless it can't be one.
    init?(_ token: ArraySlice<UInt8>) {
        guard let separator = token.first(where: { !(48...57).contains($0) }), "./-".utf8.contains(separator) else {
            return nil
        }
        let pieces = token.split(separator: separator, omittingEmptySubsequences: false)
        let numbers = pieces.compactMap { $0.count <= 4 ? Int(String(decoding: $0, as: UTF8.self)) : nil }
        guard pieces.count == 3, numbers.count == 3, numbers.allSatisfy({ $0 > 0 }) else { return nil }
        if pieces[0].count == 4, pieces[1].count <= 2, pieces[2].count <= 2 {
            (year, month, day) = (numbers[0], numbers[1], numbers[2])
            return
        }
        guard pieces[0].count <= 2, pieces[1].count <= 2, pieces[2].count == 4 || pieces[2].count == 2 else {
            return nil
        }
        let isDayFirst = separator == UInt8(ascii: "/") ? numbers[0] > 12 : numbers[1] <= 12
        (day, month) = isDayFirst ? (numbers[0], numbers[1]) : (numbers[1], numbers[0])
        year = pieces[2].count == 4 ? numbers[2] : numbers[2] + (numbers[2] < 50 ? 2000 : 1900)
    }

    /// The first such date among the words of a value, and what else stands there.
    static func found(in value: [UInt8]) -> (date: NumericDate?, rest: [UInt8]) {
        let bytes = withPlainSigns(value)
        var start = 0
        while start < bytes.count {
            var end = start
            while end < bytes.count, bytes[end] > 0x20, bytes[end] != UInt8(ascii: ",") { end += 1 }
            // Behind other numbers `03.04.05` is a time.
            if end - start >= 6, !bytes[..<start].contains(where: { (48...57).contains($0) }),
                let date = NumericDate(bytes[start..<end])
            {
                return (date, Array(bytes[..<start] + bytes[end...]))
            }
            start = end + 1
        }
        return (nil, bytes)
    }

    /// Chinese, Japanese and Korean dates with dashes, and the halves of the day as in English.
    private static func withPlainSigns(_ value: [UInt8]) -> [UInt8] {
        guard value.contains(where: { $0 >= 0x80 }) else { return value }
        var text: [UInt8] = []
        var isDate = false
        var index = 0
        while index < value.count {
            guard index + 2 < value.count, value[index] >= 0xE0,
                let sign = signs[String(decoding: value[index..<(index + 3)], as: UTF8.self)]
            else {
                // `2026년 1월`: the blank behind a sign goes with it.
                if !(value[index] == 0x20 && isDate && text.last == UInt8(ascii: "-")) { text.append(value[index]) }
                index += 1
                continue
            }
            index += 3
            if sign == .year { isDate = true }
            switch sign {
            case .year: text.append(UInt8(ascii: "-"))
            case .month where isDate: text.append(UInt8(ascii: "-"))
            case .month: text += value[(index - 3)..<index]
            case .day: text.append(0x20)
            }
        }
        return withEnglishHalves(text)
    }

    private enum Sign { case year, month, day }
    private static let signs: [String: Sign] = [
        "年": .year, "년": .year, "月": .month, "월": .month, "日": .day, "일": .day,
    ]

    private static func withEnglishHalves(_ text: [UInt8]) -> [UInt8] {
        for (half, english) in halves {
            guard let place = ByteSearch.firstIndex(of: half, in: text, 0..<text.count) else { continue }
            return Array(text[..<place]) + [0x20] + Array(text[(place + half.count)...]) + english
        }
        return text
    }

    private static let halves: [([UInt8], [UInt8])] = [
        ("上午", " am"), ("下午", " pm"), ("午前", " am"), ("午後", " pm"), ("오전", " am"), ("오후", " pm"),
    ].map { (Array($0.utf8), Array($1.utf8)) }

    /// The whole value, where it is one number.
    static func time(_ bytes: [UInt8]) -> ParsedTime? {
        let digits = bytes.filter { (48...57).contains($0) }
        if digits.count == bytes.count, let seconds = secondsSince1970(digits) {
            return ParsedTime(civil: CivilTime(Timestamp(seconds: seconds)), offsetSeconds: 0, precision: "s")
        }
        let others = bytes.filter { !(48...57).contains($0) }.map(asciiLower)
        let isUniversal = others.last == UInt8(ascii: "z")
        guard digits.count == 14, others.count <= 2, others.allSatisfy({ "tz".utf8.contains($0) }) else { return nil }
        func number(_ range: Range<Int>) -> Int { Int(text(digits[range])) ?? 0 }
        var civil = CivilTime(year: number(0..<4), month: number(4..<6), day: number(6..<8))
        (civil.hour, civil.minute, civil.second) = (number(8..<10), number(10..<12), number(12..<14))
        return civil.isValid ? ParsedTime(civil: civil, offsetSeconds: isUniversal ? 0 : nil, precision: "s") : nil
    }

    /// Of 9 or 10 digits, or of 13 with thousandths.
    private static func secondsSince1970(_ digits: [UInt8]) -> Int64? {
        switch digits.count {
        case 9, 10: Int64(text(digits[...]))
        case 13: Int64(text(digits[..<10]))
        default: nil
        }
    }

    private static func text(_ digits: ArraySlice<UInt8>) -> String { String(decoding: digits, as: UTF8.self) }
}
