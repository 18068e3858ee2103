import GatehouseCore

/// Card numbers and IBANs around one place of a text.
enum PaymentScan {
    /// Bytes to each side that may belong to the same number.
    private static let reach = 64

    /// Looks at the number or word around `place`.
    ///
    /// - Parameters:
    ///   - place: Of a letter or digit.
    ///   - done: Up to where numbers have been read; set where this has read on.
    /// - Returns: Where that word ends.
    static func look(
        _ bytes: borrowing Span<UInt8>,
        at place: Int,
        _ done: inout Int,
        _ findings: inout [SecretFinding]
    ) -> Int {
        guard place >= done else { return done }
        let end = KeyTokens.wordEnd(bytes, place &+ 1, bytes.count)
        let start = LetterBlock.start(bytes, place, done, of: LetterBlock.alphanumerics)
        if mayBeOne(bytes, start..<end, done) { lookClosely(bytes, start..<end, &done, &findings) }
        return end
    }

    /// Looks for IBANs among the words of a token, where they may have few digits.
    static func lookAtWords(
        _ bytes: borrowing Span<UInt8>,
        in token: Range<Int>,
        _ done: inout Int,
        _ findings: inout [SecretFinding]
    ) {
        var start = token.lowerBound
        while start &+ 15 <= token.upperBound {
            let end = KeyTokens.wordEnd(bytes, start, token.upperBound)
            if end &- start >= 15 { lookAtWord(bytes, start, &done, &findings) }
            start = end &+ 1
        }
    }

    /// - Parameter start: Of a word of at least fifteen letters and digits.
    @inline(__always)
    static func lookAtWord(
        _ bytes: borrowing Span<UInt8>,
        _ start: Int,
        _ done: inout Int,
        _ findings: inout [SecretFinding]
    ) {
        guard ByteClass.digit.has(bytes[start &+ 2]), !ByteClass.digit.has(bytes[start]) else { return }
        _ = look(bytes, at: start &+ 2, &done, &findings)
    }

    /// False where `lookClosely` certainly does nothing, as for most numbers, which are short and alone.
    @inline(__always)
    private static func mayBeOne(_ bytes: borrowing Span<UInt8>, _ group: Range<Int>, _ done: Int) -> Bool {
        guard group.upperBound &- group.lowerBound < 13 else { return true }
        let hasGroupBefore = group.lowerBound > 0 && mayBeOfNumber(bytes[group.lowerBound &- 1])
        let hasGroupBehind = group.upperBound < bytes.count && mayBeOfNumber(bytes[group.upperBound])
        guard hasGroupBefore || hasGroupBehind else { return false }
        return mayBeIBAN(bytes, group, done, hasGroupBefore) || mayBeCard(bytes, group)
    }

    /// False where neither the group begins as an IBAN does nor one of four letters and digits stands before it.
    @inline(__always)
    private static func mayBeIBAN(
        _ bytes: borrowing Span<UInt8>,
        _ group: Range<Int>,
        _ done: Int,
        _ hasGroupBefore: Bool
    ) -> Bool {
        let start = group.lowerBound
        if !ByteClass.digit.has(bytes[start]), mayBeginIBAN(bytes, start) { return true }
        guard hasGroupBefore, isGroupOfFour(bytes, before: start, done) else { return false }
        // Two of digits alone, as a year and an hour: the IBAN begins before both, or not at all.
        guard bytes[start &- 1] < 0x80, ByteClass.digit.has(bytes[start &- 5]) else { return true }
        return isGroupOfFour(bytes, before: start &- 5, done)
    }

    /// False where certainly no group of four letters or digits stands before `start`, parted from it by one separator.
    @inline(__always)
    private static func isGroupOfFour(_ bytes: borrowing Span<UInt8>, before start: Int, _ done: Int) -> Bool {
        guard start &- 5 >= done else { return false }
        let gap = bytes[start &- 1]
        // One of several bytes ends in none of ASCII.
        guard gap < 0x80 else { return true }
        return mayBeOfNumber(gap) && !ByteClass.digit.has(gap) && ByteClass.alphanumeric.has(bytes[start &- 2])
            && ByteClass.alphanumeric.has(bytes[start &- 3]) && ByteClass.alphanumeric.has(bytes[start &- 5])
            && (start == 5 || !ByteClass.alphanumeric.has(bytes[start &- 6]))
    }

    /// Whether a group of letters and digits has digits alone, and thirteen with those around it, so far as eight bytes to each
    /// side tell.
    @inline(__always)
    private static func mayBeCard(_ bytes: borrowing Span<UInt8>, _ group: Range<Int>) -> Bool {
        let (start, end) = (group.lowerBound, group.upperBound)
        guard start >= 8, end &+ 8 <= bytes.count else { return true }
        var index = start
        while index < end {
            let others = ~LetterBlock.digits(LetterBlock.load(bytes, index)) & LetterBlock.highest
            guard others.trailingZeroBitCount / 8 >= min(8, end &- index) else { return false }
            index &+= 8
        }
        let (before, behind) = (LetterBlock.load(bytes, start &- 8), LetterBlock.load(bytes, end))
        let othersBefore = ~LetterBlock.groupedDigits(before) & LetterBlock.highest
        let othersBehind = ~LetterBlock.groupedDigits(behind) & LetterBlock.highest
        guard othersBefore != 0, othersBehind != 0 else { return true }
        // Those behind the last of the others, and those before the first one.
        let digitsBefore = LetterBlock.digits(before) >> UInt64(64 &- othersBefore.leadingZeroBitCount)
        let digitsBehind = LetterBlock.digits(behind) & (othersBehind &- 1)
        return LetterBlock.count(digitsBefore) &+ LetterBlock.count(digitsBehind) &+ (end &- start) >= 13
    }

    /// Reads the number of which a group of letters and digits is a part.
    private static func lookClosely(
        _ bytes: borrowing Span<UInt8>,
        _ group: Range<Int>,
        _ done: inout Int,
        _ findings: inout [SecretFinding]
    ) {
        // An IBAN begins with letters.
        let hasGroupBefore = group.lowerBound > 0 && mayBeOfNumber(bytes[group.lowerBound &- 1])
        let mayBeIBAN = hasGroupBefore || !ByteClass.digit.has(bytes[group.lowerBound])
        if mayBeIBAN, let range = iban(bytes, around: group, done) {
            findings.append(SecretFinding(kind: .iban, range: range, isProven: true))
            done = range.upperBound
            return
        }
        guard group.count <= 19 else {
            done = group.upperBound
            return
        }
        for index in group where !ByteClass.digit.has(bytes[index]) { return }
        guard hasManyDigits(bytes, around: group) else { return }
        let groups = digitGroups(bytes, around: group, done)
        let count = groups.reduce(0) { $0 + $1.count }
        guard count >= 13 else { return }
        var last = 0
        for first in groups.indices where first >= last {
            guard let (range, next) = card(bytes, groups, first) else { continue }
            findings.append(SecretFinding(kind: .cardNumber, range: range, isProven: true))
            last = next
        }
        // A number that goes on beyond is looked at again from its last groups on.
        let end = groups[groups.count - 1].upperBound
        done = max(done, end >= group.upperBound + reach ? end - 24 : end)
    }

    // MARK: Cards

    /// Whether one separator stands at `index`, and how long it is.
    private static func separator(_ bytes: borrowing Span<UInt8>, _ index: Int) -> Int {
        guard index >= 0, index < bytes.count else { return 0 }
        switch bytes[index] {
        case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "."): return 1
        case 0xC2 where index + 1 < bytes.count && bytes[index + 1] == 0xA0: return 2
        // U+2007 to U+2015, spaces and dashes, and U+202F.
        case 0xE2 where index + 2 < bytes.count && bytes[index + 1] == 0x80 && (0x87...0xAF).contains(bytes[index + 2]):
            return 3
        default: return 0
        }
    }

    /// Whether at least 13 digits stand together, whatever parts them: most numbers of a text are short and alone.
    private static func hasManyDigits(_ bytes: borrowing Span<UInt8>, around group: Range<Int>) -> Bool {
        var count = group.count
        // As far as `digitGroups` goes, with its last group.
        let (floor, limit) = (
            max(0, group.lowerBound &- reach &- 24), min(bytes.count, group.upperBound &+ reach &+ 24)
        )
        var index = group.upperBound
        while count < 13, index < limit, mayBeOfNumber(bytes[index]) {
            count &+= ByteClass.digit.has(bytes[index]) ? 1 : 0
            index &+= 1
        }
        index = group.lowerBound
        while count < 13, index > floor, mayBeOfNumber(bytes[index &- 1]) {
            index &-= 1
            count &+= ByteClass.digit.has(bytes[index]) ? 1 : 0
        }
        return count >= 13
    }

    /// A digit, or a byte of a separator.
    @inline(__always)
    private static func mayBeOfNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: byte >= 0x80
        }
    }

    /// The groups of digits with one separator between each two, at most `reach` bytes to each side.
    private static func digitGroups(_ bytes: borrowing Span<UInt8>, around group: Range<Int>, _ floor: Int) -> [Range<
        Int
    >] {
        var groups = [group]
        var start = group.lowerBound
        while start > max(floor, group.lowerBound - reach) {
            var end = start - 1
            if separator(bytes, end) == 0 {
                if separator(bytes, start - 2) == 2 {
                    end = start - 2
                } else if separator(bytes, start - 3) == 3 {
                    end = start - 3
                }
            }
            guard end >= floor, separator(bytes, end) == start - end else { break }
            var first = end
            while first > floor, end - first < 20, ByteClass.digit.has(bytes[first - 1]) { first -= 1 }
            guard first < end, first == 0 || !ByteClass.alphanumeric.has(bytes[first - 1]) else { break }
            groups.append(first..<end)
            start = first
        }
        groups.reverse()
        var end = group.upperBound
        while end < min(bytes.count, group.upperBound + reach) {
            let gap = separator(bytes, end)
            guard gap > 0 else { break }
            var last = end + gap
            while last < bytes.count, last - end < 24, ByteClass.digit.has(bytes[last]) { last += 1 }
            guard last > end + gap, last == bytes.count || !ByteClass.alphanumeric.has(bytes[last]) else { break }
            groups.append(end + gap..<last)
            end = last
        }
        return groups
    }

    /// How issuers write their numbers.
    private static let layouts: [[Int]] = [
        [4, 4, 4, 4, 3], [4, 4, 4, 4], [4, 6, 5], [4, 6, 4], [6, 13], [8, 8], [4, 4, 4, 1], [4, 3, 3, 3],
    ]

    /// The card number that begins with group `first`, and the group behind it.
    private static func card(_ bytes: borrowing Span<UInt8>, _ groups: [Range<Int>], _ first: Int) -> (Range<Int>, Int)?
    {
        if groups[first].count >= 13 {
            guard isAlone(bytes, groups[first]), isCard(bytes, groups[first...first]), !isPhone(bytes, groups[first])
            else { return nil }
            return (groups[first], first + 1)
        }
        for layout in layouts {
            let end = first + layout.count
            guard end <= groups.count, zip(groups[first..<end], layout).allSatisfy({ $0.count == $1 }) else { continue }
            // One and the same separator, and no more groups of four behind or before it: that would be a table.
            let gaps = (first..<end - 1).map { bytes[groups[$0].upperBound] }
            // A full stop parts the groups of four at most: what else has one is a number of some machine.
            guard Set(gaps).count == 1, gaps[0] != UInt8(ascii: ".") || layout == [4, 4, 4, 4],
                !goesOn(bytes, groups, first, end, gaps[0])
            else { continue }
            if isCard(bytes, groups[first..<end]) {
                return (groups[first].lowerBound..<groups[end - 1].upperBound, end)
            }
        }
        return nil
    }

    /// Whether it is a telephone number: behind a `+`, or one that its country's plan has given out. German ones have as many
    /// digits as Visa's oldest cards, and begin like them.
    private static func isPhone(_ bytes: borrowing Span<UInt8>, _ group: Range<Int>) -> Bool {
        guard group.count <= 15 else { return false }
        let start = group.lowerBound
        let isInternational =
            start > 0 && bytes[start - 1] == UInt8(ascii: "+")
            && (start == 1 || !ByteClass.alphanumeric.has(bytes[start - 2]))
        guard !isInternational else { return true }
        let digits = String(decoding: group.map { bytes[$0] }, as: UTF8.self)
        return PhoneNumberTable.world.read("+" + digits, defaultRegion: nil).status == .valid
    }

    private static func goesOn(
        _ bytes: borrowing Span<UInt8>,
        _ groups: [Range<Int>],
        _ first: Int,
        _ end: Int,
        _ gap: UInt8
    ) -> Bool {
        let isMoreBefore = first > 0 && groups[first - 1].count == 4 && bytes[groups[first - 1].upperBound] == gap
        let isMoreBehind =
            end < groups.count && groups[end].count == 4 && bytes[groups[end - 1].upperBound] == gap
        return isMoreBefore || isMoreBehind
    }

    /// Not the digits of a fraction, nor a part of an address.
    private static func isAlone(_ bytes: borrowing Span<UInt8>, _ group: Range<Int>) -> Bool {
        let before = group.lowerBound > 0 ? bytes[group.lowerBound - 1] : 0x20
        let behind = group.upperBound < bytes.count ? bytes[group.upperBound] : 0x20
        let isPart = ByteClass("/_@~$").has(before) || ByteClass("/_@~").has(behind)
        guard !isPart else { return false }
        let isNumberBefore =
            (before == UInt8(ascii: ".") || before == UInt8(ascii: ",") || before == UInt8(ascii: "-"))
            && group.lowerBound > 1 && ByteClass.alphanumeric.has(bytes[group.lowerBound - 2])
        let isNumberBehind =
            (behind == UInt8(ascii: ".") || behind == UInt8(ascii: "-")) && group.upperBound + 1 < bytes.count
            && ByteClass.alphanumeric.has(bytes[group.upperBound + 1])
        return !isNumberBefore && !isNumberBehind
    }

    private static func isCard(_ bytes: borrowing Span<UInt8>, _ groups: ArraySlice<Range<Int>>) -> Bool {
        var digits: [UInt8] = []
        for group in groups { for index in group { digits.append(bytes[index] - 0x30) } }
        return (13...19).contains(digits.count) && PaymentNumbers.isCard(digits)
    }

    // MARK: IBAN

    /// The IBAN of which `group` is a part: in one piece, or in groups of four.
    private static func iban(_ bytes: borrowing Span<UInt8>, around group: Range<Int>, _ floor: Int) -> Range<Int>? {
        var start = group.lowerBound
        var groups = 0
        while groups < 9 {
            if let end = ibanEnd(bytes, start), end >= group.upperBound { return start..<end }
            // One group of four further to the left.
            let gap = separatorBefore(bytes, start, floor)
            guard gap > 0, start - gap - 4 >= floor else { return nil }
            let next = start - gap - 4
            for index in next..<next + 4 where !ByteClass.alphanumeric.has(bytes[index]) { return nil }
            guard next == 0 || !ByteClass.alphanumeric.has(bytes[next - 1]) else { return nil }
            start = next
            groups += 1
        }
        return nil
    }

    /// Two letters and two digits.
    @inline(__always)
    private static func mayBeginIBAN(_ bytes: borrowing Span<UInt8>, _ start: Int) -> Bool {
        start &+ 15 <= bytes.count && !ByteClass.digit.has(bytes[start]) && !ByteClass.digit.has(bytes[start &+ 1])
            && ByteClass.digit.has(bytes[start &+ 2]) && ByteClass.digit.has(bytes[start &+ 3])
    }

    private static func separatorBefore(_ bytes: borrowing Span<UInt8>, _ index: Int, _ floor: Int) -> Int {
        for length in 1...3 where index - length >= floor && separator(bytes, index - length) == length {
            return length
        }
        return 0
    }

    /// Where the IBAN ends that begins at `start`.
    private static func ibanEnd(_ bytes: borrowing Span<UInt8>, _ start: Int) -> Int? {
        guard mayBeginIBAN(bytes, start), let length = PaymentNumbers.ibanLength(bytes[start], bytes[start + 1]) else {
            return nil
        }
        var letters: [UInt8] = []
        var index = start
        while letters.count < length, index < bytes.count {
            if ByteClass.alphanumeric.has(bytes[index]) {
                letters.append(bytes[index])
                index += 1
            } else {
                let gap = separator(bytes, index)
                guard gap > 0, letters.count % 4 == 0 else { return nil }
                index += gap
            }
        }
        guard letters.count == length, index == bytes.count || !ByteClass.alphanumeric.has(bytes[index]) else {
            return nil
        }
        return PaymentNumbers.hasIBANChecksum(letters) ? index : nil
    }
}
