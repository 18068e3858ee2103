/// Secrets that have no form of their own and are known by the words before them.
enum SecretContext {
    private static let seedWords = ["seed", "phrase", "mnemonic", "recovery", "wallet", "bip39", "bip-39"].map {
        Array($0.utf8)
    }

    /// Whether the words before a place speak of a wallet's seed.
    static func mentionsSeed(_ bytes: borrowing Span<UInt8>, before place: Int) -> Bool {
        let start = max(0, place - 120)
        let text = (start..<place).map { bytes[$0] | 0x20 }
        return seedWords.contains { PrivateKeyBlocks.index(of: $0, in: text.span, 0..<text.count) != nil }
    }

    /// Values behind words that announce one.
    static func find(_ bytes: borrowing Span<UInt8>, _ findings: inout [SecretFinding]) {
        var place = 0
        while let (word, end) = SecretWords.next(bytes, from: place) {
            // Another word may begin in one that announced nothing: "mi clave" in "mi clave privada".
            place = end - word.bytes.count + 1
            guard let range = value(of: word.kind, bytes, behind: end) else { continue }
            let reason = "a value behind the words \"\(word.text)\""
            findings.append(SecretFinding(kind: word.kind, range: range, isProven: false, reason: reason))
            place = range.upperBound
        }
    }

    private static func value(of kind: SecretKind, _ bytes: borrowing Span<UInt8>, behind start: Int) -> Range<Int>? {
        switch kind {
        case .password: password(bytes, behind: start)
        case .oneTimeCode: code(bytes, behind: start)
        case .privateKey:
            word(bytes, in: start..<min(bytes.count, start + 80)) { bytes, range in
                let digits =
                    bytes[range.lowerBound] == 0x30 && bytes[range.lowerBound + 1] | 0x20 == 0x78
                    ? range.count - 2 : range.count
                guard digits == 64 || digits == 128 else { return false }
                for index in range.suffix(digits) where !ByteClass.hex.has(bytes[index]) { return false }
                return true
            }
        default:
            // Some exchanges' are base 64, with "+" and "/" in it.
            word(bytes, in: start..<min(bytes.count, start + 48), of: .token) { bytes, range in
                guard range.count >= 16, range.count <= 256 else { return false }
                return hasDigit(bytes, range)
            }
        }
    }

    /// The first stretch of letters and digits that fits.
    private static func word(
        _ bytes: borrowing Span<UInt8>,
        in reach: Range<Int>,
        of letters: ByteClass = .urlSafe,
        _ fits: (borrowing Span<UInt8>, Range<Int>) -> Bool
    ) -> Range<Int>? {
        var place = reach.lowerBound
        while place < reach.upperBound {
            guard ByteClass.alphanumeric.has(bytes[place]) else {
                place += 1
                continue
            }
            var end = place
            while end < bytes.count, letters.has(bytes[end]) { end += 1 }
            // A full stop or colon behind it is the sentence's.
            while end > place, bytes[end - 1] == 0x2E || bytes[end - 1] == 0x3A { end -= 1 }
            if end - place >= 4, fits(bytes, place..<end) { return place..<end }
            place = end
        }
        return nil
    }

    /// Four to eight digits that stand alone, in one piece or in two halves.
    private static func code(_ bytes: borrowing Span<UInt8>, behind start: Int) -> Range<Int>? {
        var place = start
        let limit = min(bytes.count, start + 32)
        while place < limit {
            guard ByteClass.digit.has(bytes[place]) else {
                place += 1
                continue
            }
            var end = place
            while end < bytes.count, ByteClass.digit.has(bytes[end]) { end += 1 }
            let isAlone =
                (place == 0 || !ByteClass.alphanumeric.has(bytes[place - 1]))
                && (end == bytes.count || !ByteClass.alphanumeric.has(bytes[end]))
            if isAlone, (4...8).contains(end - place) { return place..<end }
            let isHalf = isAlone && end - place == 3 && end + 4 <= bytes.count && [0x20, 0x2D].contains(bytes[end])
            if isHalf, (end + 1..<end + 4).allSatisfy({ ByteClass.digit.has(bytes[$0]) }) { return place..<end + 4 }
            place = end
        }
        return nil
    }

    // MARK: Passwords

    /// Words and marks between "password" and its value.
    private static let marks = [
        ":", "=", "：", " : ", " = ", "는 ", "은 ", "が", " is ", " is: ", " ist ", " es ", " est ", " é ", " è ", "是", "为",
        "為", "は", " — ", " - ", "->",
    ].map { Array($0.utf8) }

    /// The word behind a mark, if it looks like no word: one has digits or signs in it, as "wrong" and "expired" have not.
    private static func password(_ bytes: borrowing Span<UInt8>, behind start: Int) -> Range<Int>? {
        guard var place = mark(bytes, start) else { return nil }
        let limit = min(bytes.count, place + 8)
        while place < limit, ByteClass(" \"'`:=").has(bytes[place]) || bytes[place] == 0x09 { place += 1 }
        var end = place
        while end < bytes.count, end - place < 128, bytes[end] > 0x20, !endsField(bytes, end) { end += 1 }
        while end > place, ByteClass(".,;!?)\"'`").has(bytes[end - 1]) { end -= 1 }
        guard (4...100).contains(end - place) else { return nil }
        var hasSign = false
        for index in place..<end where ByteClass("!#$%&*+@^_~?").has(bytes[index]) { hasSign = true }
        let isMarkup = ByteClass("<[{/").has(bytes[place])
        return !isMarkup && (hasSign || hasDigit(bytes, place..<end)) ? place..<end : nil
    }

    /// A quote before a comma or bracket, or a tag: what is behind it in JSON, a table or a page is another field.
    private static func endsField(_ bytes: borrowing Span<UInt8>, _ place: Int) -> Bool {
        guard place + 1 < bytes.count else { return false }
        let next = bytes[place + 1]
        if bytes[place] == UInt8(ascii: "<") { return next == UInt8(ascii: "/") || (next | 0x20) &- 0x61 < 26 }
        return bytes[place] == UInt8(ascii: "\"") && ByteClass(",;]}:").has(next)
    }

    private static func mark(_ bytes: borrowing Span<UInt8>, _ start: Int) -> Int? {
        for mark in marks where start + mark.count < bytes.count {
            var index = 0
            while index < mark.count, bytes[start + index] == mark[index] { index += 1 }
            if index == mark.count { return start + index }
        }
        return nil
    }

    private static func hasDigit(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
        for index in range where ByteClass.digit.has(bytes[index]) { return true }
        return false
    }
}
