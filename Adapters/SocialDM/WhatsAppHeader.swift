import GatehouseCore

/// The start of a message in `_chat.txt`: date, time, and how they are written. Which number is the day stays open.
///
/// Seen: `[31.12.20, 15:45:12] `, `12/31/20, 3:45 PM - `, `2020/12/31 下午3:45 - `, `31/12/2020, 3:45 p. m. - `,
/// `٣١‏/١٢‏/٢٠٢٠، ٣:٤٥ م - `, `31.12.2020 klo 15.45 - `, `15:45 31/12/2020 - ` (Vietnamese), `[15:45, 31/12/2020] `, and before 2017
/// `31.12.15 15:45:12: `.
struct WhatsAppHeader: Equatable {
    /// What is the same in all lines of one file.
    struct Style: Equatable {
        var isBracketed: Bool
        var isTimeFirst: Bool
        /// `/`, `.`, `-` or 年.
        var separator: Unicode.Scalar
    }

    /// A number of the date, and with how many digits it is written.
    struct Number: Equatable {
        var value: Int
        var digits: Int
    }

    private(set) var style: Style
    /// The date's numbers in their order.
    private(set) var numbers: [Number]
    private(set) var hour: Int
    private(set) var minute: Int
    private(set) var second: Int?
    /// The words around the time, such as `PM`; empty in most files.
    private(set) var words: [String]
    /// How many bytes of the line this is.
    private(set) var length: Int

    private static let maximumBytes = 120

    /// - Parameter line: Without its end.
    init?(_ line: ArraySlice<UInt8>) {
        // Most lines of a long text start with a letter, and are none.
        guard let first = line.first, !(0x41...0x5A).contains(first & 0xDF) || first >= 0x80 else { return nil }
        var scanner = WhatsAppScanner(line.prefix(Self.maximumBytes))
        scanner.skipSpaces()
        let isBracketed = scanner.skip("[")
        scanner.skipSpaces()
        var words: [String] = []
        let start = scanner
        let date: WhatsAppScanner.Date
        let time: WhatsAppScanner.Time
        var isTimeFirst = false
        if let found = scanner.date(), let before = scanner.words(), let then = scanner.time() {
            (date, time) = (found, then)
            words = before
        } else {
            scanner = start
            guard let found = scanner.time(), let between = scanner.words(), let then = scanner.date() else {
                return nil
            }
            (date, time) = (then, found)
            words = between
            isTimeFirst = true
        }
        guard let after = scanner.close(isBracketed: isBracketed, hasSeconds: time.second != nil) else { return nil }
        style = Style(isBracketed: isBracketed, isTimeFirst: isTimeFirst, separator: date.separator)
        numbers = date.numbers
        (hour, minute, second) = (time.hour, time.minute, time.second)
        self.words = words + after
        length = scanner.byteOffset
    }

    /// Hour and minute on a clock of 24 hours.
    var clock: (hour: Int, minute: Int) {
        if words.isEmpty { return (hour, minute) }
        // Some write it in two words.
        let half = words.lazy.compactMap(WhatsAppWords.dayHalf).first ?? WhatsAppWords.dayHalf(words.joined())
        return switch half {
        case .morning where hour == 12: (0, minute)
        case .afternoon where hour < 12: (hour + 12, minute)
        default: (hour, minute)
        }
    }

    /// `[2019-12-24, 12:23] `: WhatsApp's brackets have seconds, those of Signal's text never.
    var isWrittenLikeSignal: Bool {
        style.isBracketed && !style.isTimeFirst && style.separator == "-" && numbers[0].digits == 4 && second == nil
    }

    /// The time as it is written, apart from how: the same in an export by which the order of day and month is known.
    var key: String {
        let (hour, minute) = clock
        // A year of two digits and one of four are the same.
        let date = numbers.map { String($0.value % 100) }.joined(separator: "-")
        return "\(date) \(hour):\(minute):\(second ?? 0)"
    }
}

/// Walks over the start of a line, scalar by scalar.
struct WhatsAppScanner {
    struct Date {
        var numbers: [WhatsAppHeader.Number]
        var separator: Unicode.Scalar
    }

    struct Time {
        var hour: Int
        var minute: Int
        var second: Int?
    }

    private let scalars: [Unicode.Scalar]
    private var position = 0

    init(_ bytes: ArraySlice<UInt8>) { scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars) }

    /// Bytes passed so far.
    var byteOffset: Int { scalars[..<position].reduce(0) { $0 + UTF8.width($1) } }

    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    /// Marks that WhatsApp and phones put between the words: direction, isolation, byte order.
    static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x200B...0x200F, 0x202A...0x202E, 0x2066...0x2069, 0x061C, 0xFEFF: true
        default: false
        }
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        isMark(scalar) || scalar.properties.isWhitespace
    }

    mutating func skipSpaces() { while let next, Self.isSpace(next) { position += 1 } }

    mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    /// Digits of any script.
    private static func digit(_ scalar: Unicode.Scalar) -> Int? {
        if scalar.isASCII { return (0x30...0x39).contains(scalar.value) ? Int(scalar.value) - 0x30 : nil }
        guard scalar.properties.numericType == .decimal else { return nil }
        return scalar.properties.numericValue.map { Int($0) }
    }

    private mutating func number(_ maximumDigits: Int) -> WhatsAppHeader.Number? {
        var value = 0
        var count = 0
        while let next, let digit = Self.digit(next) {
            guard count < maximumDigits else { return nil }
            value = value * 10 + digit
            count += 1
            position += 1
        }
        return count > 0 ? WhatsAppHeader.Number(value: value, digits: count) : nil
    }

    /// Three numbers between `/`, `.`, `-`, or the signs for year and month.
    mutating func date() -> Date? {
        guard let first = number(4), let separator = dateSeparator() else { return nil }
        guard let second = number(2), let other = dateSeparator() else { return nil }
        let isSame = separator == other || separator == "\u{5E74}" || separator == "\u{B144}"
        guard isSame, let third = number(4) else { return nil }
        return Date(numbers: [first, second, third], separator: separator)
    }

    private mutating func dateSeparator() -> Unicode.Scalar? {
        skipSpaces()
        guard let next, "/.-\u{2010}\u{2011}\u{2013}年月년월".unicodeScalars.contains(next) else { return nil }
        position += 1
        skipSpaces()
        return next
    }

    /// `15:45`, `15:45:12`, `15.45`, `15 h 45`, `15 h 45 min 12 s`.
    mutating func time() -> Time? {
        guard let hour = number(2), hour.value < 25, let separator = timeSeparator() else { return nil }
        guard let minute = number(2), minute.digits == 2, minute.value < 60 else { return nil }
        var time = Time(hour: hour.value % 24, minute: minute.value)
        let start = position
        if separator == "h" ? skipMinutes() : skip(separator) {
            if let second = number(2), second.digits == 2, second.value < 61 {
                time.second = min(second.value, 59)
                if separator == "h" { skipUnit("s") }
            } else {
                position = start
            }
        }
        return time
    }

    /// `min`, where seconds may follow.
    private mutating func skipMinutes() -> Bool {
        let start = position
        skipSpaces()
        for scalar in "min".unicodeScalars where !skip(scalar) {
            position = start
            return false
        }
        skipSpaces()
        return true
    }

    private mutating func skipUnit(_ unit: Unicode.Scalar) {
        let start = position
        skipSpaces()
        if !skip(unit) { position = start }
    }

    private mutating func timeSeparator() -> Unicode.Scalar? {
        if let next, ":.：".unicodeScalars.contains(next) {
            position += 1
            return next
        }
        skipSpaces()
        guard skip("h") else { return nil }
        skipSpaces()
        return "h"
    }

    /// What stands between date and time: a comma, `at`, 下午; at most two words.
    mutating func words() -> [String]? {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        let start = position
        while let next, Self.digit(next) == nil {
            guard position - start < 24, !"[]<>\"@:".unicodeScalars.contains(next) else { return nil }
            position += 1
            if Self.isSpace(next) || ",،，、፣".unicodeScalars.contains(next) {
                if !word.isEmpty { words.append(String(word)) }
                word = .init()
            } else {
                word.append(next)
            }
        }
        if !word.isEmpty { words.append(String(word)) }
        // A dot, 日 or 일 ends the date.
        words.removeAll { [".", "日", "일"].contains($0) }
        guard position > start, words.count <= 2, words.allSatisfy({ $0.unicodeScalars.count <= 12 }) else {
            return nil
        }
        return words
    }

    /// What ends the header, and the words before it: `]`, ` - `, or before 2017 `: `.
    mutating func close(isBracketed: Bool, hasSeconds: Bool) -> [String]? {
        var word = String.UnicodeScalarView()
        let start = position
        while let next {
            guard position - start < 24, Self.digit(next) == nil else { return nil }
            position += 1
            if isBracketed {
                if next == "]" { return finish(word) }
            } else if "-\u{2013}\u{2014}".unicodeScalars.contains(next), position >= 2,
                Self.isSpace(scalars[position - 2])
            {
                guard self.next.map(Self.isSpace) ?? true else { return nil }
                return finish(word)
            } else if next == ":", hasSeconds, self.next.map(Self.isSpace) ?? false {
                return finish(word)
            }
            guard !"[]<>@:\"".unicodeScalars.contains(next) else { return nil }
            word.append(next)
        }
        return nil
    }

    /// One word, since `p. m.` is written with spaces; the space behind the header is passed.
    private mutating func finish(_ word: String.UnicodeScalarView) -> [String] {
        if let next, next.properties.isWhitespace { position += 1 }
        let text = String(String.UnicodeScalarView(word.filter { !Self.isSpace($0) }))
        return text.isEmpty ? [] : [text]
    }
}
