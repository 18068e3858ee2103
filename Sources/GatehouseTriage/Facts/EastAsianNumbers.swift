import GatehouseCore

/// Amounts in the numerals of Chinese, Japanese and Korean, alone or between digits: `三萬元`, `3万5千円`, `两个比特币`, `오만 원`.
extension FactScanner {
    /// What a character stands for in a number.
    enum Numeral {
        case digit(Int64)
        /// Ten, a hundred, a thousand: its zeros.
        case small(Int)
        /// What divides a number into groups of four digits: its zeros.
        case large(Int)
        case half
    }

    /// A number with at least one numeral, and where it ends.
    struct EastAsianNumber {
        var value: Int64
        var end: Int
        /// Characters and groups of digits that it is made of.
        var parts = 0
        var hasDigit = false
        var isHangul = false
        /// Begins with a hundred or more: 万一, 百元.
        var beginsLarge = false
        /// A digit for itself, which a word such as 唯一 may end in.
        var isLoneDigit = false
        var isHalf = false
    }

    private static let mostParts = 24

    /// Takes an amount that begins with a numeral.
    /// - Returns: Where to go on: behind the amount, or behind the numerals that are none.
    mutating func readEastAsianAmount(at start: Int) -> Int {
        guard numeral(at: start) != nil else { return start }
        guard numbersLeft > 0, !isVague(before: start), let number = eastAsianNumber(at: start) else {
            return start + 3
        }
        numbersLeft -= 1
        let end = skipClassifier(number.end)
        let isCounted = end > number.end
        guard let (word, next) = wordBehind(end, .money),
            Self.counts(number, isCounted: isCounted, isCurrency: word.kind == FactWords.Kind.currency)
        else { return number.end }
        add(.amount, (number.isHalf ? "0.5" : String(number.value)) + " " + word.value, start..<next)
        return next
    }

    /// Whether it is an amount before a coin's or currency's name, and no other word that ends so.
    private static func counts(_ number: EastAsianNumber, isCounted: Bool, isCurrency: Bool) -> Bool {
        // "이 비트코인" is this bitcoin.
        if number.isHangul { return !number.isLoneDigit }
        if number.isHalf { return isCounted }
        // "上万元" says no number, and 万一 is a word.
        guard number.hasDigit, !number.beginsLarge else { return false }
        return !number.isLoneDigit || isCounted || isCurrency
    }

    /// "几万", "數十萬": some ten thousands; "第一", "唯一": no amount.
    private func isVague(before start: Int) -> Bool {
        Self.vague.contains { isAt($0, start - 3) }
    }

    private static let vague: [[UInt8]] = ["几", "幾", "数", "數", "上", "第", "唯", "统", "統", "同", "之"].map { Array($0.utf8) }

    /// The number at `start`, with digits between the numerals or without; nil where it is longer than any amount.
    func eastAsianNumber(at start: Int) -> EastAsianNumber? {
        var number = EastAsianNumber(value: 0, end: start)
        var sum = EastAsianSum()
        var index = start
        while number.parts < Self.mostParts {
            if let group = digitGroup(at: index) {
                guard sum.add(digits: group.value) else { return nil }
                index = group.end
                number.hasDigit = true
            } else if let numeral = numeral(at: index) {
                number.isHangul = number.isHangul || byte(index) >= 0xEA
                if case .half = numeral {
                    guard number.parts == 0 else { break }
                    return EastAsianNumber(value: 0, end: index + 3, parts: 1, isHalf: true)
                }
                if number.parts == 0 { number.beginsLarge = Self.isHundredOrMore(numeral) }
                if case .digit = numeral { number.hasDigit = true }
                // 十 says one ten by itself.
                if case .small(1) = numeral { number.hasDigit = true }
                guard sum.add(numeral) else { return nil }
                index += 3
            } else if byte(index) == 0x20, number.parts > 0, sum.isAfterLarge,
                numeral(at: index + 1) != nil || digitGroup(at: index + 1) != nil
            {
                index += 1
                continue
            } else {
                break
            }
            number.parts += 1
            number.end = index
        }
        guard number.parts > 0, let value = sum.value(isChinese: language == "zh") else { return nil }
        number.value = value
        number.isLoneDigit = number.parts == 1 && sum.isPlain
        return number
    }

    private static func isHundredOrMore(_ numeral: Numeral) -> Bool {
        switch numeral {
        case .small(let zeros): zeros > 1
        case .large: true
        case .digit, .half: false
        }
    }

    /// A whole number in digits, `2,000` too, that nothing but a numeral can follow.
    private func digitGroup(at index: Int) -> (value: Int64, end: Int)? {
        guard digit(at: index) != nil else { return nil }
        let written = number(at: index)
        guard written.fraction.isEmpty, written.whole.count <= 15,
            let value = Int64(String(decoding: written.whole, as: UTF8.self))
        else { return nil }
        return (value, written.range.upperBound)
    }

    func numeral(at index: Int) -> Numeral? {
        let first = byte(index)
        guard first >= 0xE3, first <= 0xED, index + 2 < bytes.count else { return nil }
        let scalar =
            UInt32(first & 0x0F) << 12 | UInt32(bytes[index + 1] & 0x3F) << 6 | UInt32(bytes[index + 2] & 0x3F)
        return first >= 0xEA ? Self.hangul(scalar) : Self.han(scalar)
    }

    private static func han(_ scalar: UInt32) -> Numeral? {
        switch scalar {
        case 0x3007, 0x96F6: .digit(0)  // 〇 零
        case 0x4E00, 0x58F9: .digit(1)  // 一 壹
        case 0x4E8C, 0x4E24, 0x5169, 0x8D30, 0x8CB3: .digit(2)  // 二 两 兩 贰 貳
        case 0x4E09, 0x53C1, 0x53C3: .digit(3)  // 三 叁 參
        case 0x56DB, 0x8086: .digit(4)  // 四 肆
        case 0x4E94, 0x4F0D: .digit(5)  // 五 伍
        case 0x516D, 0x9646, 0x9678: .digit(6)  // 六 陆 陸
        case 0x4E03, 0x67D2: .digit(7)  // 七 柒
        case 0x516B, 0x634C: .digit(8)  // 八 捌
        case 0x4E5D, 0x7396: .digit(9)  // 九 玖
        case 0x534A: .half  // 半
        case 0x5341, 0x62FE: .small(1)  // 十 拾
        case 0x767E, 0x4F70: .small(2)  // 百 佰
        case 0x5343, 0x4EDF: .small(3)  // 千 仟
        case 0x4E07, 0x842C: .large(4)  // 万 萬
        case 0x4EBF, 0x5104: .large(8)  // 亿 億
        case 0x5146: .large(12)  // 兆
        default: nil
        }
    }

    private static func hangul(_ scalar: UInt32) -> Numeral? {
        switch scalar {
        case 0xC601: .digit(0)  // 영
        case 0xC77C: .digit(1)  // 일
        case 0xC774: .digit(2)  // 이
        case 0xC0BC: .digit(3)  // 삼
        case 0xC0AC: .digit(4)  // 사
        case 0xC624: .digit(5)  // 오
        case 0xC721: .digit(6)  // 육
        case 0xCE60: .digit(7)  // 칠
        case 0xD314: .digit(8)  // 팔
        case 0xAD6C: .digit(9)  // 구
        case 0xC2ED: .small(1)  // 십
        case 0xBC31: .small(2)  // 백
        case 0xCC9C: .small(3)  // 천
        case 0xB9CC: .large(4)  // 만
        case 0xC5B5: .large(8)  // 억
        case 0xC870: .large(12)  // 조
        default: nil
        }
    }
}

/// Adds a number up as it is read: digits, then what they are counted in.
private struct EastAsianSum {
    private var total: Int64 = 0
    /// Within the present group of four digits.
    private var group: Int64 = 0
    private var digits: Int64?
    /// Zeros of the last numeral that multiplies; nil behind 零, and before the first.
    private var lastZeros: Int?
    private(set) var isAfterLarge = false
    /// Digits alone so far.
    private(set) var isPlain = true

    /// False where a number would leave an Int64.
    mutating func add(digits value: Int64) -> Bool {
        guard digits == nil else { return false }
        (digits, isAfterLarge) = (value, false)
        return true
    }

    mutating func add(_ numeral: FactScanner.Numeral) -> Bool {
        isAfterLarge = false
        switch numeral {
        case .half: return false
        case .digit(let value):
            if value == 0 { lastZeros = nil }
            // 二〇二六
            let (shifted, isOver) = (digits ?? 0).multipliedReportingOverflow(by: 10)
            guard !isOver, shifted < 1_000_000_000_000 else { return false }
            digits = shifted + value
            return true
        case .small(let zeros):
            isPlain = false
            guard let part = Self.times(digits ?? 1, zeros) else { return false }
            digits = nil
            lastZeros = zeros
            return Self.add(part, to: &group)
        case .large(let zeros):
            isPlain = false
            guard Self.add(digits ?? 0, to: &group), let part = Self.times(max(1, group), zeros) else { return false }
            (digits, group, lastZeros, isAfterLarge) = (nil, 0, zeros, true)
            return Self.add(part, to: &total)
        }
    }

    /// - Parameter isChinese: Then 三万五 is thirty-five thousand.
    func value(isChinese: Bool) -> Int64? {
        var last = digits ?? 0
        if isChinese, let zeros = lastZeros, last > 0, last < 10, let more = Self.times(last, zeros - 1) { last = more }
        var sum = total
        guard Self.add(group, to: &sum), Self.add(last, to: &sum) else { return nil }
        return sum
    }

    private static func times(_ value: Int64, _ zeros: Int) -> Int64? {
        var result = value
        for _ in 0..<max(0, zeros) {
            let (next, isOver) = result.multipliedReportingOverflow(by: 10)
            guard !isOver else { return nil }
            result = next
        }
        return result
    }

    private static func add(_ value: Int64, to sum: inout Int64) -> Bool {
        let (next, isOver) = sum.addingReportingOverflow(value)
        sum = next
        return !isOver
    }
}
