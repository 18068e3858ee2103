import GatehouseCore

/// A number as written, and where it ends.
struct WrittenNumber {
    /// Digits before and behind the decimal mark.
    var whole: [UInt8]
    var fraction: [UInt8]
    var range: Range<Int>

    /// In ASCII, with `.` before the fraction and neither leading nor closing zeros.
    func text(timesTenTo power: Int = 0) -> String {
        var whole = whole
        var fraction = fraction
        for _ in 0..<power { whole.append(fraction.isEmpty ? 0x30 : fraction.removeFirst()) }
        let leading = Array(whole.drop { $0 == 0x30 })
        while power > 0, fraction.last == 0x30 { fraction.removeLast() }
        let digits = (leading.isEmpty ? [0x30] : leading) + (fraction.isEmpty ? [] : [0x2E] + fraction)
        return String(decoding: digits, as: UTF8.self)
    }
}

extension FactScanner {
    private static let mostDigits = 30

    /// What begins with a digit: a telephone number, a date, an amount, an id or an error code.
    mutating func readNumber(at start: Int) {
        numbersLeft -= 1
        if readPhone(at: start) || readDate(at: start) { return }
        let numberEnd = numberEnd(at: start)
        if readAmount(start..<numberEnd) { return }
        var end = numberEnd
        while end < bytes.count, Self.isAlphanumeric(bytes[end]) { end += 1 }
        readLabelled(start..<max(end, runEnd(start)))
        done = max(done, end)
    }

    private func runEnd(_ start: Int) -> Int {
        var end = start
        while end < bytes.count, Self.isAlphanumeric(bytes[end]) { end += 1 }
        return end
    }

    /// Where the number ends that begins at `start`, as `number` reads it.
    private func numberEnd(at start: Int) -> Int {
        var (all, inGroup) = (0, 0)
        var index = start
        var end = start
        while all < Self.mostDigits {
            if let (_, length) = digit(at: index) {
                all += 1
                inGroup += 1
                index += length
                end = index
                continue
            }
            guard end == index, let (mark, length) = mark(at: index), digit(at: index + length) != nil else { break }
            if mark == 0x20 { guard inGroup <= 3, digits(from: index + length) == 3 else { break } }
            inGroup = 0
            index += length
        }
        return end
    }

    /// A number with the marks that stand between its digits: `1.234,56`, `1,234.56`, `1 234,56`, `1'234.56`, `١٬٢٣٤٫٥`.
    ///
    /// The last of two different marks is the decimal one. A single mark before three digits groups thousands where the
    /// language writes it so, and never after a leading 0.
    func number(at start: Int) -> WrittenNumber {
        var groups = DigitGroups()
        var index = start
        var end = start
        while groups.digits.count < Self.mostDigits {
            if let (value, length) = digit(at: index) {
                groups.digits.append(value + 0x30)
                index += length
                end = index
                continue
            }
            guard end == index, let (mark, length) = mark(at: index), digit(at: index + length) != nil else { break }
            // A space groups exactly three digits, else two numbers stand side by side.
            if mark == 0x20 { guard groups.lastCount <= 3, digits(from: index + length) == 3 else { break } }
            groups.end(with: mark)
            index += length
        }
        let whole = isDecimal(groups) ? groups.lastStart : groups.digits.count
        return WrittenNumber(
            whole: Array(groups.digits[..<whole]),
            fraction: Array(groups.digits[whole...]),
            range: start..<end
        )
    }

    /// The digits of a number, and what stands between them.
    private struct DigitGroups {
        var digits: [UInt8] = []
        /// Of the first group; nil while there is but one.
        private(set) var firstCount: Int?
        /// Where the last group begins.
        private(set) var lastStart = 0
        private(set) var lastMark: UInt8 = 0
        /// Whether the last mark stands before another group as well.
        private(set) var isRepeated = false
        private(set) var hasOthers = false
        private var marks: UInt64 = 0

        var lastCount: Int { digits.count - lastStart }

        /// - Parameter mark: One of ASCII, below 0x40.
        mutating func end(with mark: UInt8) {
            hasOthers = firstCount != nil
            firstCount = firstCount ?? digits.count
            isRepeated = marks >> UInt64(mark & 63) & 1 == 1
            marks |= 1 << UInt64(mark & 63)
            (lastStart, lastMark) = (digits.count, mark)
        }
    }

    /// `.`, `,`, `'` or a space; the Arabic marks and full-width ones as those.
    private func mark(at index: Int) -> (UInt8, Int)? {
        switch byte(index) {
        case 0x2E, 0x2C, 0x27, 0x20: return (byte(index), 1)
        case 0xC2 where byte(index + 1) == 0xA0: return (0x20, 2)
        case 0xD9 where byte(index + 1) == 0xAB: return (0x2E, 2)
        case 0xD9 where byte(index + 1) == 0xAC: return (0x27, 2)
        case 0xE2 where byte(index + 1) == 0x80:
            if byte(index + 2) == 0xAF || byte(index + 2) == 0x89 { return (0x20, 3) }
            return byte(index + 2) == 0x99 ? (0x27, 3) : nil
        case 0xEF where byte(index + 1) == 0xBC && byte(index + 2) == 0x8C: return (0x2C, 3)
        case 0xEF where byte(index + 1) == 0xBC && byte(index + 2) == 0x8E: return (0x2E, 3)
        default: return nil
        }
    }

    private func digits(from start: Int) -> Int {
        var count = 0
        var index = start
        while count < 4, let (_, length) = digit(at: index) {
            count += 1
            index += length
        }
        return count
    }

    /// Whether the last of the marks is the decimal one.
    private func isDecimal(_ groups: DigitGroups) -> Bool {
        guard let first = groups.firstCount, groups.lastMark != 0x20, groups.lastMark != 0x27 else { return false }
        if groups.hasOthers { return !groups.isRepeated }
        if groups.lastCount != 3 || first > 3 || (first == 1 && groups.digits[0] == 0x30) { return true }
        return groups.lastMark == 0x2E ? Self.pointIsDecimal(language) : !Self.pointIsDecimal(language)
    }

    /// Languages that write 3.14 for pi; the others write 3,14.
    private static func pointIsDecimal(_ language: String) -> Bool {
        ["en", "zh", "ja", "ko", "th", "hi", "he", "und", "ar"].contains(String(language.prefix { $0 != "-" }))
    }

    // MARK: Amounts

    /// A number with a currency or coin behind or before it.
    private mutating func readAmount(_ number: Range<Int>) -> Bool {
        // "1/2 ETH" is not two.
        if byte(number.lowerBound - 1) == 0x2F, digit(at: number.lowerBound - 2) != nil { return false }
        // "3万5千円", "1億2,000万", "5만 3천 원".
        if numeral(at: skipSpaces(number.upperBound)) != nil, let compound = eastAsianNumber(at: number.lowerBound),
            compound.parts > 2, let (word, next) = wordBehind(skipClassifier(compound.end), .money)
        {
            add(.amount, "\(compound.value) \(word.value)", number.lowerBound..<next)
            return true
        }
        var (power, end) = multiplied(number.upperBound)
        let isMultiplied = power > 0
        end = skipClassifier(end)
        if let (word, next) = wordBehind(end, .money) {
            addAmount(number, power, word.value, number.lowerBound..<next)
            return true
        }
        if let (word, start) = wordBefore(number.lowerBound, .money) {
            addAmount(number, power, word.value, start..<end)
            return true
        }
        // "5tr", "500k": of millions of đồng one doesn't say that they are đồng.
        if isMultiplied, language == "vi" {
            addAmount(number, power, "VND", number.lowerBound..<end)
            return true
        }
        return false
    }

    /// The power of ten in the word behind a number, and where that ends: `2k`, `3 k€`, `2 тыс.`, `3万`.
    private mutating func multiplied(_ end: Int) -> (power: Int, end: Int) {
        if let (word, next) = wordBehind(end, .times), let value = Int(word.value) {
            return (String(value).utf8.count - 1, byte(next) == 0x2E && byte(next + 1) == 0x20 ? next + 1 : next)
        }
        // The letter of "k€" and "M$" belongs to no word.
        let start = skipSpaces(end)
        switch byte(start + 1) {
        case 0x24, 0xC2, 0xE2, 0xEF: break  // $ £ ¥ € and their like, but not the letter of "Kč"
        default: return (0, end)
        }
        switch byte(start) {
        case UInt8(ascii: "k"), UInt8(ascii: "K"): return (3, start + 1)
        case UInt8(ascii: "m"), UInt8(ascii: "M"): return (6, start + 1)
        default: return (0, end)
        }
    }

    /// "100个USDT", "0.5枚", "3개": what Chinese, Japanese and Korean put between a number and what is counted.
    func skipClassifier(_ end: Int) -> Int {
        byte(end) >= 0xE4 && Self.classifiers.contains { isAt($0, end) } ? end + 3 : end
    }

    private static let classifiers: [[UInt8]] = ["个", "個", "枚", "颗", "顆", "개"].map { Array($0.utf8) }

    func isAt(_ word: [UInt8], _ index: Int) -> Bool { word.indices.allSatisfy { byte(index + $0) == word[$0] } }

    private mutating func addAmount(_ number: Range<Int>, _ power: Int, _ unit: String, _ range: Range<Int>) {
        var written = self.number(at: number.lowerBound)
        // "₫500.000" in whatever language: of these nobody pays thousandths.
        if Self.wholeCurrencies.contains(unit), written.fraction.count == 3 {
            written = WrittenNumber(whole: written.whole + written.fraction, fraction: [], range: written.range)
        }
        add(.amount, written.text(timesTenTo: power) + " " + unit, range)
    }

    /// ISO 4217: without a minor unit, or with one that is out of use.
    private static let wholeCurrencies: Set<String> = ["JPY", "KRW", "VND", "CLP", "IDR", "HUF"]

    /// `USD500`, `BTC0.5`: the coin is glued to the number.
    mutating func readCoinBefore(_ token: Range<Int>, digitAt place: Int) -> Bool {
        var first = token.lowerBound
        while first < token.upperBound, !Self.isDigit(bytes[first]) { first += 1 }
        guard first > token.lowerBound, meaning(token.lowerBound..<first, .money) != nil else {
            return false
        }
        return readAmount(first..<numberEnd(at: first))
    }
}
