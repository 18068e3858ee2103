import GatehouseCore

/// Lines with which a quote or a forwarded mail begins.
extension ReplyLines {
    private static let longestAttribution = 600

    func announcesForward(_ line: Int) -> Bool {
        guard lines[line].count < 120, lines[line].count > 4 else { return false }
        let first = bytes[lines[line].lowerBound]
        let isMarked =
            first == UInt8(ascii: "-") || first == UInt8(ascii: "=") || bytes[lines[line].upperBound - 1] == 0x3A
        guard isMarked else { return false }
        return ReplyPhrases.forwarded.isFound(in: lines[line], of: bytes)
    }

    /// Where an attribution starts that ends in `line`: it may be folded into up to three lines.
    func attributionStart(endingAt line: Int) -> Int? {
        guard !lines[line].isEmpty, mayEndAttribution(lines[line]) else { return nil }
        for start in stride(from: line, through: max(0, line - 2), by: -1) {
            guard !lines[start].isEmpty, start == line || !isQuoted(start) else { break }
            let range = lines[start].lowerBound..<lines[line].upperBound
            guard range.count <= Self.longestAttribution else { break }
            if isAttribution(range, firstLine: lines[start]) { return start }
        }
        return introducesMarkedQuote(line) ? line : nil
    }

    /// Yandex puts recipients and subject above the attribution.
    ///
    /// - Returns: Where two such fields or more start right above `line`, else `line` itself.
    func fieldsStart(above line: Int) -> Int {
        var start = line
        while start > 0, start > line - 4, let name = fieldName(lines[start - 1]),
            ReplyPhrases.fields.isWhole(name, in: bytes)
        {
            start -= 1
        }
        return line - start >= 2 ? start : line
    }

    /// "Desk writes:" or "Zitat von d@x.example:", without a date: what tells is the marked quote right below.
    private func introducesMarkedQuote(_ line: Int) -> Bool {
        guard lines[line].count < 200, endsInColon(lines[line]), let next = nextFilled(after: line), next <= line + 2,
            isQuoted(next)
        else { return false }
        return bytes[lines[line]].contains(UInt8(ascii: "@")) || ReplyPhrases.wrote.isFound(in: lines[line], of: bytes)
    }

    /// A colon, or "wrote" with or without dashes behind it.
    private func mayEndAttribution(_ range: Range<Int>) -> Bool {
        let last = bytes[range.upperBound - 1]
        guard last == 0x3A || last == 0x9A || last == 0x9D || last == UInt8(ascii: "e") || last == UInt8(ascii: "-")
        else {
            return false
        }
        return endsInColon(range) || ends(range, with: Self.wrote) || ends(range, with: Self.wroteDashed)
    }

    private func endsInColon(_ range: Range<Int>) -> Bool {
        bytes[range.upperBound - 1] == 0x3A || ends(range, with: Self.wideColon)
            || ends(range, with: Self.armenianColon)
    }

    func ends(_ range: Range<Int>, with text: [UInt8]) -> Bool {
        range.count >= text.count && ByteSearch.matches(text, bytes, at: range.upperBound - text.count)
    }

    private static let wrote = Array("wrote".utf8)
    private static let wroteDashed = Array("wrote ---".utf8)
    private static let wideColon = Array("：".utf8)
    /// U+055D, in whose place others have a colon.
    private static let armenianColon = Array("\u{55D}".utf8)
    static let twoDashes = Array("--".utf8)

    private func isAttribution(_ range: Range<Int>, firstLine: Range<Int>) -> Bool {
        guard bytes[firstLine].contains(where: { (48...57).contains($0) }), hasYearOrClock(range) else {
            return endsInColon(range) && bytes[range].contains(UInt8(ascii: "@")) && hasForeignDigits(range)
        }
        let hasClock = hasClock(range)
        if endsInColon(range) {
            if hasClock, bytes[range].contains(UInt8(ascii: "@")) { return true }
            return ReplyPhrases.wrote.isFound(in: range, of: bytes)
        }
        return hasClock
    }

    /// Digits of the Arabic, Persian, Indic or Thai scripts, as dates are written in them.
    private func hasForeignDigits(_ range: Range<Int>) -> Bool {
        guard !ByteSearch.isASCII(bytes, range) else { return false }
        for index in range.dropLast(2) {
            let (first, second, third) = (bytes[index], bytes[index + 1], bytes[index + 2])
            if first == 0xD9, (0xA0...0xA9).contains(second) { return true }
            if first == 0xDB, (0xB0...0xB9).contains(second) { return true }
            // Devanagari, Bengali … Malayalam: U+0966, U+09E6 … U+0D66, each 0x80 further.
            if first == 0xE0, second & 1 == 1, (0xA5...0xB5).contains(second), (0xA6...0xAF).contains(third) {
                return true
            }
            if first == 0xE0, second == 0xB9, (0x90...0x99).contains(third) { return true }
        }
        return false
    }

    private func hasClock(_ range: Range<Int>) -> Bool {
        var index = range.lowerBound
        while index + 4 < range.upperBound {
            index &+= 1
            let separator = bytes[index]
            guard separator == 0x3A || separator == 0x2E || separator == UInt8(ascii: "h") else { continue }
            if isDigit(index - 1), isDigit(index + 1), isDigit(index + 2) { return true }
        }
        return false
    }

    /// A number from 1900 to 2099, or a time of day.
    private func hasYearOrClock(_ range: Range<Int>) -> Bool {
        var run = 0
        for index in range {
            run = isDigit(index) ? run + 1 : 0
            guard run == 4, index + 1 == range.upperBound || !isDigit(index + 1) else { continue }
            let century = (bytes[index - 3], bytes[index - 2])
            if century == (0x31, 0x39) || century == (0x32, 0x30) { return true }
        }
        return hasClock(range)
    }

    private func isDigit(_ index: Int) -> Bool { (48...57).contains(bytes[index]) }

    /// Where "--- Original Message ---", a rule, or a quoted header block starts, if it does at `line`.
    func originalStart(at line: Int) -> Int? {
        guard !lines[line].isEmpty, lines[line].count < 200 else { return nil }
        let first = bytes[lines[line].lowerBound]
        if isBetweenMarks(lines[line], first), !isRule(lines[line], first) {
            if ReplyPhrases.original.isFound(in: lines[line], of: bytes) { return line }
            // Notes: "-----Joe Doe/Desk wrote: -----".
            if ReplyPhrases.wrote.isFound(in: lines[line], of: bytes) { return line }
        }
        if isHeaderBlock(at: line) || first == UInt8(ascii: "*") && isForeignHeaderBlock(at: line) { return line }
        guard first == UInt8(ascii: "_") || first == UInt8(ascii: "-") || first == UInt8(ascii: "=") else { return nil }
        guard lines[line].count >= 3, isRule(lines[line], first) else { return nil }
        return nextFilled(after: line).flatMap { isHeaderBlock(at: $0) || isForeignHeaderBlock(at: $0) ? line : nil }
    }

    /// Nothing but one sign.
    private func isRule(_ range: Range<Int>, _ first: UInt8) -> Bool {
        for index in range where bytes[index] != first { return false }
        return true
    }

    /// "----- Original Message -----", with any kind of dash.
    private func isBetweenMarks(_ range: Range<Int>, _ first: UInt8) -> Bool {
        guard range.count > 8 else { return false }
        switch first {
        case UInt8(ascii: "-"), UInt8(ascii: "="), UInt8(ascii: "_"), UInt8(ascii: "*"), UInt8(ascii: "#"):
            return bytes[range.lowerBound + 1] == first && bytes[range.upperBound - 1] == first
                && bytes[range.upperBound - 2] == first
        case 0xE2:
            for mark in Self.wideMarks where ByteSearch.matches(mark, bytes, at: range.lowerBound) {
                return ends(range, with: mark)
            }
            return false
        default: return false
        }
    }

    private static let wideMarks = ["‐‐", "––", "——", "──"].map { Array($0.utf8) }

    /// Where the whole of what is marked as quoted is a header block, as some web mailers write it above an unmarked quote.
    func isMarkedHeaderBlock(_ line: Int) -> Bool {
        var end = line
        while end < count, isQuoted(end), end < line + 10 { end += 1 }
        guard end >= line + 3, let next = nextFilled(after: end - 1), !isQuoted(next) else { return false }
        return isHeaderBlock(at: line) || isHeaderBlock(at: line + 1)
    }

    /// Four fields in a language that no table has: a name and an address, then a date. Only where a rule stands above them
    /// or stars around their names: a form that a customer has filled in looks the same otherwise.
    private func isForeignHeaderBlock(at line: Int) -> Bool {
        guard line + 4 <= count, bytes[lines[line]].contains(UInt8(ascii: "@")) else { return false }
        let block = lines[line..<line + 4]
        guard hasYearOrClock(lines[line + 1]) || hasForeignDigits(lines[line + 1]) else { return false }
        let isBold = bytes[lines[line].lowerBound..<lines[line].upperBound].first == UInt8(ascii: "*")
        return block.allSatisfy { field in
            fieldName(field) != nil && (bytes[field.lowerBound] == UInt8(ascii: "*")) == isBold
        }
    }

    /// `From: … Sent: … To: … Subject: …`, in any of the languages.
    private func isHeaderBlock(at line: Int) -> Bool {
        guard mayStartHeaderBlock(lines[line]), let name = fieldName(lines[line]) else { return false }
        let startsWithFrom = ReplyPhrases.from.isWhole(name, in: bytes)
        guard startsWithFrom || ReplyPhrases.dates.isWhole(name, in: bytes) else { return false }
        var found = 0
        var hasFrom = startsWithFrom
        for next in line + 1..<min(count, line + 7) {
            guard let name = fieldName(lines[next]) else { continue }
            let isFrom = ReplyPhrases.from.isWhole(name, in: bytes)
            hasFrom = hasFrom || isFrom
            if isFrom || ReplyPhrases.fields.isWhole(name, in: bytes) { found += 1 }
        }
        return hasFrom && found >= 2
    }

    /// What most lines differ in, before a colon is looked for.
    private func mayStartHeaderBlock(_ range: Range<Int>) -> Bool {
        ReplyPhrases.firstFields.isPrefix(of: behindMarks(range)..<range.upperBound, in: bytes)
    }

    /// Where `Von` stands in `*Von:* x`.
    private func fieldName(_ range: Range<Int>) -> Range<Int>? {
        let start = behindMarks(range)
        let bound = min(range.upperBound, start + 48)
        var end = start
        while end < bound, bytes[end] != 0x3A, !isWideColon(end, bound) { end &+= 1 }
        guard end < bound else { return nil }
        while end > start,
            bytes[end - 1] <= 0x20 || bytes[end - 1] == UInt8(ascii: "*") || isNoBreakSpace(before: end, start)
        {
            end -= bytes[end - 1] == 0xA0 ? 2 : 1
        }
        return start < end ? start..<end : nil
    }

    private static func isMark(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "*") || byte == UInt8(ascii: ">") || byte == 0x20
    }

    private func behindMarks(_ range: Range<Int>) -> Int {
        var start = range.lowerBound
        while start < range.upperBound, Self.isMark(bytes[start]) { start &+= 1 }
        return start
    }

    /// U+FF1A.
    private func isWideColon(_ index: Int, _ bound: Int) -> Bool {
        bytes[index] == 0xEF && index + 2 < bound && bytes[index + 1] == 0xBC && bytes[index + 2] == 0x9A
    }

    private func isNoBreakSpace(before end: Int, _ start: Int) -> Bool {
        end - 2 >= start && bytes[end - 1] == 0xA0 && bytes[end - 2] == 0xC2
    }
}
