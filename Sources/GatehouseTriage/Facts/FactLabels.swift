import GatehouseCore

/// Numbers that a word before them explains, and telephone numbers.
extension FactScanner {
    /// An order, ticket or user id or an error code: "order no. 12345", "UID: 98765", "错误码 1001", "ERR_2015".
    mutating func readLabelled(_ token: Range<Int>) {
        numbersLeft -= 1
        var start = token.lowerBound
        var end = token.upperBound
        while start > done, token.lowerBound - start < 40, isCodeByte(bytes[start - 1]) { start -= 1 }
        while end < bytes.count, end - token.upperBound < 40, isCodeByte(bytes[end]) { end += 1 }
        while end > token.upperBound, !Self.isAlphanumeric(bytes[end - 1]) { end -= 1 }
        while start < token.lowerBound, !Self.isAlphanumeric(bytes[start]) { start += 1 }
        if isErrorCode(start..<end) { return add(.errorCode, text(start..<end), start..<end) }
        guard let label = label(before: start) else { return }
        // "order 2 coins": a count is no id.
        guard label == .errorCode ? end - start <= 24 : (end - start >= 4 && end - start <= 48) else { return }
        // "-1021" is not "error-1021".
        let isNegative = label == .errorCode && byte(start - 1) == 0x2D && byte(start - 2) <= 0x20
        let range = (isNegative ? start - 1 : start)..<end
        add(label, text(range), range)
    }

    /// `ERR_…`, `ERR-…`, `ERROR_…`, or Windows' eight digits behind `0x`.
    private func isErrorCode(_ code: Range<Int>) -> Bool {
        switch byte(code.lowerBound) {
        case UInt8(ascii: "E"):
            code.count >= 4
                && (stands(Self.errorNames[0], code) || stands(Self.errorNames[1], code)
                    || stands(Self.errorNames[2], code))
        case UInt8(ascii: "0"): code.count == 10 && stands(Self.windowsError, code)
        default: false
        }
    }

    private static let errorNames = ["ERR_", "ERR-", "ERROR_"].map { Array($0.utf8) }
    private static let windowsError = Array("0x8".utf8)

    private func stands(_ prefix: [UInt8], _ range: Range<Int>) -> Bool {
        range.count >= prefix.count && isAt(prefix, range.lowerBound)
    }

    private func isCodeByte(_ byte: UInt8) -> Bool { Self.isAlphanumeric(byte) || byte == 0x2D || byte == 0x5F }

    /// What the words before `start` say that follows.
    func label(before start: Int) -> FactKind? {
        var end = start
        // "no.", ":", "#", "№", "=", "is"
        for _ in 0..<6 {
            if end > 0, Self.partsLabel(bytes[end - 1]) {
                end -= 1
            } else if end > 2, isBefore(Self.numberSign, end) || isBefore(Self.wideColon, end) {
                end -= 3
            } else {
                break
            }
        }
        var possible = end > 0 ? Self.fillersByEnd[Int(bytes[end - 1])] : 0
        while possible != 0 {
            let filler = Self.fillers[possible.trailingZeroBitCount]
            possible &= possible - 1
            guard isBefore(filler, end) else { continue }
            if label(endingAt: end) == nil { end = skipSpacesBack(end - filler.count) }
            break
        }
        return label(endingAt: end)
    }

    /// Words between a label and its number.
    private static let fillers: [[UInt8]] = [
        "number", "no", "nr", "is", "id", "code", "num", "n°", "nº", "là", "es", "ist", "은", "는", "は", "为", "為", "是",
    ].map { Array($0.utf8) }
    /// For each byte a bit for each of the fillers that may end with it; of a letter, in both cases.
    private static let fillersByEnd: [UInt32] = (0..<256).map { (byte: Int) in
        var bits: UInt32 = 0
        for (index, filler) in fillers.enumerated() {
            guard let last = filler.last.map(Int.init) else { continue }
            if byte == last || (last < 0x80 && byte | 0x20 == last) { bits |= 1 << UInt32(index) }
        }
        return bits
    }
    private static let numberSign = Array("№".utf8)
    private static let wideColon = Array("：".utf8)

    /// One of ` `, tab and `:#=.-("'`.
    private static func partsLabel(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, 0x09, 0x3A, 0x23, 0x3D, 0x2E, 0x2D: true
        default: opens(byte)
        }
    }

    /// One of `("'`.
    private static func opens(_ byte: UInt8) -> Bool { byte == 0x28 || byte == 0x22 || byte == 0x27 }

    private func isBefore(_ letters: [UInt8], _ end: Int) -> Bool {
        guard end >= letters.count else { return false }
        return letters.indices.allSatisfy {
            bytes[end - letters.count + $0] | (letters[$0] < 0x80 ? 0x20 : 0) == letters[$0]
        }
    }

    /// The label that ends at `end`: up to three words, or as many characters as a word of Chinese has.
    private func label(endingAt end: Int) -> FactKind? {
        guard words.mayEndLabel(bytes, end) else { return nil }
        var index = end
        var words = 0
        while index > 0, end - index < 48, words < 3 {
            index -= 1
            while index > 0, bytes[index] & 0xC0 == 0x80 { index -= 1 }
            guard bytes[index] > 0x20 || words < 2 else { break }
            if bytes[index] <= 0x20 {
                words += 1
                if bytes[index] == 0x0A { break }
                continue
            }
            let isWordStart = index == 0 || bytes[index - 1] <= 0x20 || Self.opens(bytes[index - 1])
            guard isWordStart || isUnspaced(index) else { continue }
            if let found = meaning(index..<end, .label) { return FactKind(rawValue: found.value) }
        }
        return nil
    }

    // MARK: Telephone numbers

    /// A number with `+` or `00`, or a national one where the region is known, that its plan has given out.
    mutating func readPhone(at start: Int) -> Bool {
        let hasPlus = byte(start - 1) == 0x2B || (byte(start - 1) == 0x28 && byte(start - 2) == 0x2B)
        guard let first = digit(at: start), hasPlus || first.value == 0 else { return false }
        let isAbroad = hasPlus || digit(at: start + first.length)?.value == 0
        guard isAbroad || region != nil else { return false }
        var end = start
        var digits: [UInt8] = []
        var index = start
        while index < bytes.count, index - start < 64, digits.count <= 17 {
            if let (value, length) = digit(at: index) {
                digits.append(value + 0x30)
                index += length
                end = index
                continue
            }
            guard " -().[]/".utf8.contains(bytes[index]), index - end < 3 else { break }
            index += 1
        }
        guard (8...15).contains(digits.count), !Self.isAlphanumeric(byte(end)) else { return false }
        // "00…" is dialled from most countries, and means "+".
        let number = String(decoding: hasPlus || !isAbroad ? digits[...] : digits[2...], as: UTF8.self)
        let written = isAbroad ? "+" + number : number
        let reading = PhoneNumberTable.world.read(written, defaultRegion: region)
        guard let phone = reading.e164, reading.status == .valid || (hasPlus && reading.status == .possible) else {
            return false
        }
        add(.phone, phone, (hasPlus ? start - (byte(start - 1) == 0x2B ? 1 : 2) : start)..<end)
        return true
    }
}
