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

    /// What a word of the text means as one of `kinds`.
    func meaning(_ range: Range<Int>, _ kinds: [FactWords.Kind]) -> FactWords.Meaning? {
        words.mayKnow(bytes, range) ? words.meaning(text(range), kinds) : nil
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
        var groups: [[UInt8]] = [[]]
        var marks: [UInt8] = []
        var index = start
        var end = start
        while groups.reduce(0, { $0 + $1.count }) < Self.mostDigits {
            if let (value, length) = digit(at: index) {
                groups[groups.count - 1].append(value + 0x30)
                index += length
                end = index
                continue
            }
            guard end == index, let (mark, length) = mark(at: index), digit(at: index + length) != nil else { break }
            // A space groups exactly three digits, else two numbers stand side by side.
            if mark == 0x20 {
                guard groups[groups.count - 1].count <= 3, digits(from: index + length) == 3 else { break }
            }
            marks.append(mark)
            groups.append([])
            index += length
        }
        let parts = split(groups, marks)
        return WrittenNumber(whole: parts.whole, fraction: parts.fraction, range: start..<end)
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

    private func split(_ groups: [[UInt8]], _ marks: [UInt8]) -> (whole: [UInt8], fraction: [UInt8]) {
        let all = Array(groups.joined())
        guard let last = marks.last, let tail = groups.last else { return (all, []) }
        let isDecimal: Bool
        if last == 0x20 || last == 0x27 {
            isDecimal = false
        } else if marks.count > 1 {
            isDecimal = marks.dropLast().allSatisfy { $0 != last }
        } else if tail.count != 3 || groups[0].count > 3 || groups[0] == [0x30] {
            isDecimal = true
        } else {
            isDecimal = last == 0x2E ? Self.pointIsDecimal(language) : !Self.pointIsDecimal(language)
        }
        guard isDecimal else { return (all, []) }
        return (Array(groups.dropLast().joined()), tail)
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
            compound.parts > 2, let (word, next) = wordBehind(skipClassifier(compound.end), [.coin, .currency])
        {
            add(.amount, "\(compound.value) \(word.value)", number.lowerBound..<next)
            return true
        }
        var (power, end) = multiplied(number.upperBound)
        let isMultiplied = power > 0
        end = skipClassifier(end)
        if let (word, next) = wordBehind(end, [.coin, .currency]) {
            addAmount(number, power, word.value, number.lowerBound..<next)
            return true
        }
        if let (word, start) = wordBefore(number.lowerBound, [.coin, .currency]) {
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
    private func multiplied(_ end: Int) -> (power: Int, end: Int) {
        if let (word, next) = wordBehind(end, [.times]), let value = Int(word.value) {
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
        Self.classifiers.contains { isAt($0, end) } ? end + 3 : end
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
        guard first > token.lowerBound, meaning(token.lowerBound..<first, [.coin, .currency]) != nil else {
            return false
        }
        return readAmount(first..<numberEnd(at: first))
    }

    /// The word behind `index`, with at most a few spaces between, that means one of `kinds`, and where it ends.
    func wordBehind(_ index: Int, _ kinds: [FactWords.Kind]) -> (FactWords.Meaning, Int)? {
        let start = skipSpaces(index)
        let first = byte(start)
        guard first > 0x20 else { return nil }
        if isUnspaced(start) {
            var ends: [Int] = []
            var end = start
            while ends.count < FactWords.longestUnspaced, isUnspaced(end) {
                end += scalarLength(end)
                ends.append(end)
            }
            for end in ends.reversed() {
                if let found = meaning(start..<end, kinds) { return (found, end) }
            }
            return nil
        }
        let end = wordEnd(start)
        guard end > start, end - start <= 40 else { return nil }
        if let found = meaning(start..<end, kinds) { return (found, end) }
        // Two words, such as "đô la"; and a sign with letters before it, such as "US$".
        let second = wordEnd(skipSpaces(end))
        guard second - start <= 40, let found = meaning(start..<second, kinds) else { return nil }
        return (found, second)
    }

    /// The sign or word before `index` that means one of `kinds`, and where it begins.
    private func wordBefore(_ index: Int, _ kinds: [FactWords.Kind]) -> (FactWords.Meaning, Int)? {
        var end = skipSpacesBack(index)
        // A minus or an opening bracket belongs to the number.
        if byte(end - 1) == 0x2D || byte(end - 1) == 0x2B || byte(end - 1) == 0x3A { end = skipSpacesBack(end - 1) }
        var start = end
        while start > 0, end - start < 16, isWordByte(start - 1) { start -= 1 }
        guard start < end else { return nil }
        if let found = meaning(start..<end, kinds) {
            // "he won 3": a currency's word stands behind its number, only its code and sign before.
            let isWord = found.kind == .currency && bytes[start..<end].allSatisfy { (0x61...0x7A).contains($0) }
            return isWord ? nil : (found, start)
        }
        // "轉了NT$5,000": letters of ASCII behind another script's.
        var ascii = end
        while ascii > start, bytes[ascii - 1] < 0x80 { ascii -= 1 }
        if ascii > start, ascii < end, let found = meaning(ascii..<end, kinds) { return (found, ascii) }
        // "for €", "是¥": the last character alone, or the last two.
        var place = end
        for _ in 0..<3 where place > start {
            place -= 1
            while place > start, bytes[place] & 0xC0 == 0x80 { place -= 1 }
            if !Self.isAlphanumeric(bytes[place]) || place == start, let found = meaning(place..<end, kinds) {
                return (found, place)
            }
        }
        return nil
    }

    /// A letter, a currency's sign, or a part of one; not the punctuation of other scripts.
    private func isWordByte(_ index: Int) -> Bool {
        let own = bytes[index]
        if own < 0x80 { return own == 0x24 || Self.isAlphanumeric(own) }
        var start = index
        while start > max(0, index - 3), bytes[start] & 0xC0 == 0x80 { start -= 1 }
        let second = byte(start + 1)
        switch bytes[start] {
        case 0xC2: return second == 0xA3 || second == 0xA5  // £ ¥
        case 0xE2: return second >= 0x82
        case 0xE3: return second != 0x80
        case 0xEF: return second == 0xBF || second >= 0xAC && second < 0xBC
        case 0xD8: return second != 0x8C && second != 0x9B && second != 0x9F
        default: return true
        }
    }

    func wordEnd(_ start: Int) -> Int {
        var end = start
        while end < bytes.count, end - start < 48, isWordByte(end), !isUnspaced(end) || end == start { end += 1 }
        // "руб." and "fr." may keep their point; the table knows both forms.
        return end
    }

    func scalarLength(_ index: Int) -> Int {
        switch byte(index) {
        case 0..<0xC0: 1
        case 0xC0..<0xE0: 2
        case 0xE0..<0xF0: 3
        default: 4
        }
    }

    /// Kana, Chinese or Hangul at `index`.
    func isUnspaced(_ index: Int) -> Bool {
        let first = byte(index)
        if first == 0xE3 { return byte(index + 1) >= 0x81 }
        return first >= 0xE4 && first <= 0xED
    }
}
