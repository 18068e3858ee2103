import GatehouseCore

/// Parts a reply into what is new, what is quoted, and the signature; all three are kept.
///
/// Quotes are told by `>` marks, by attribution lines ("On … wrote:"), by separators ("--- Original Message ---") and
/// by
/// header blocks as Outlook writes them. An attribution needs a date and either an address or a word for "wrote", so
/// that it
/// is found in languages that are not in the tables too. Forwarded mail is no quote.
enum ReplySplitter {
    /// Bytes of a text that is parted. Nobody writes a longer answer, and each line takes some thirty bytes.
    private static let longestText = 1 << 20

    /// Fills the stripped parts where there is anything to part, and something new is left.
    static func split(_ body: inout Body, subject: String?) {
        guard !body.text.isEmpty else { return }
        guard body.text.utf8.count <= longestText else { return }
        let lines = ReplyLines(body.text)
        let start = Array((subject ?? "").utf8.prefix(32))
        let isForward = ReplyPhrases.forwardedSubjects.isPrefix(of: 0..<start.count, in: start)
        var kinds = [Kind](repeating: .new, count: lines.count)
        if !isForward { markQuotes(lines, &kinds) }
        markSignature(lines, &kinds)
        guard kinds.contains(where: { $0 != .new }) else { return }
        let text = lines.text(where: { kinds[$0] == .new })
        guard !text.isEmpty else { return }
        body.strippedText = text
        body.strippedQuote = nonEmpty(lines.text(where: { kinds[$0] == .quote }))
        body.strippedSignature = nonEmpty(lines.text(where: { kinds[$0] == .signature }))
    }

    private enum Kind { case new, quote, signature }

    private static func nonEmpty(_ text: String) -> String? { text.isEmpty ? nil : text }

    private static func markQuotes(_ lines: ReplyLines, _ kinds: inout [Kind]) {
        var line = 0
        while line < lines.count {
            if lines.isQuoted(line), !lines.isFoldedColon(line) {
                kinds[line] = .quote
                line += 1
            } else if lines.announcesForward(line) {
                return
            } else if let start = lines.attributionStart(endingAt: line) {
                for place in start...line { kinds[place] = .quote }
                let next = lines.nextFilled(after: line)
                // With marks only the marked lines are the quote: the answer may stand below.
                guard next == nil || !lines.isQuoted(next ?? 0) else {
                    line += 1
                    continue
                }
                for place in line..<lines.count { kinds[place] = .quote }
                return
            } else if let start = lines.originalStart(at: line) {
                for place in start..<lines.count { kinds[place] = .quote }
                return
            } else {
                line += 1
            }
        }
    }

    /// From `-- `, a "Sent from" line or a good-bye up to the quote, or to the end.
    private static func markSignature(_ lines: ReplyLines, _ kinds: inout [Kind]) {
        guard let last = kinds.lastIndex(of: .new) else { return }
        for line in 0...last where kinds[line] == .new {
            let isSignature =
                lines.isSignatureMark(line) || (line > 0 && lines.isSentFrom(line))
                || (line > 0 && lines.isGoodbye(line, last: last))
            guard isSignature else { continue }
            for place in line...last where kinds[place] == .new { kinds[place] = .signature }
            return
        }
    }
}

/// A text as lines, with the questions that the splitter asks of them.
private struct ReplyLines {
    private let bytes: [UInt8]
    /// Trimmed; empty for a blank line.
    private var lines: [Range<Int>] = []
    /// Where each starts, and behind them the end of the text.
    private var starts: [Int] = []

    private static let longestAttribution = 600

    var count: Int { lines.count }

    init(_ text: String) {
        bytes = Array(text.utf8)
        lines.reserveCapacity(bytes.count / 32 + 1)
        starts.reserveCapacity(bytes.count / 32 + 2)
        var start = 0
        while start < bytes.count {
            let next = lineEnd(in: bytes, start, bytes.count)
            var from = start
            var end = next
            while from < end, bytes[from] <= 0x20 { from &+= 1 }
            while end > from, bytes[end - 1] <= 0x20 { end &-= 1 }
            lines.append(from..<end)
            starts.append(start)
            start = next
        }
        starts.append(start)
    }

    func text(where isWanted: (Int) -> Bool) -> String {
        var result: [UInt8] = []
        var first = 0
        while first < count {
            guard isWanted(first) else {
                first += 1
                continue
            }
            var last = first
            while last + 1 < count, isWanted(last + 1) { last += 1 }
            result += bytes[starts[first]..<starts[last + 1]]
            first = last + 1
        }
        var end = result.count
        var start = 0
        while end > 0, result[end - 1] <= 0x20 { end &-= 1 }
        while start < end, result[start] == 0x0A { start &+= 1 }
        return String(decoding: result[start..<end], as: UTF8.self)
    }

    func isQuoted(_ line: Int) -> Bool { lines[line].first.map { bytes[$0] == UInt8(ascii: ">") } ?? false }

    /// `>:`, the last piece of an attribution that was folded inside its address.
    func isFoldedColon(_ line: Int) -> Bool {
        lines[line].count <= 2 && lines[line].last.map { bytes[$0] == 0x3A } ?? false
    }

    func nextFilled(after line: Int) -> Int? {
        (line + 1..<max(line + 1, count)).prefix(50).first { !lines[$0].isEmpty }
    }

    func isSignatureMark(_ line: Int) -> Bool {
        lines[line].count == 2 && ends(lines[line], with: Self.twoDashes)
    }

    func isSentFrom(_ line: Int) -> Bool {
        guard lines[line].count < 200, lines[line].count > 5, lines[line - 1].isEmpty else { return false }
        return ReplyPhrases.sentFrom.isPrefix(of: lines[line], in: bytes)
    }

    /// A good-bye with a few short lines below it, and nothing else.
    func isGoodbye(_ line: Int, last: Int) -> Bool {
        guard last - line <= 8, lines[line].count < 60, !lines[line].isEmpty else { return false }
        var end = lines[line].upperBound
        while end > lines[line].lowerBound, ",.!".utf8.contains(bytes[end - 1]) { end &-= 1 }
        guard ReplyPhrases.goodbyes.isWhole(lines[line].lowerBound..<end, in: bytes) else { return false }
        return (line...last).allSatisfy { lines[$0].count <= 60 }
    }

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
            guard !lines[start].isEmpty, start == line || !isQuoted(start) else { return nil }
            let range = lines[start].lowerBound..<lines[line].upperBound
            guard range.count <= Self.longestAttribution else { return nil }
            if isAttribution(range, firstLine: lines[start]) { return start }
        }
        return nil
    }

    /// A colon, or "wrote" with or without dashes behind it.
    private func mayEndAttribution(_ range: Range<Int>) -> Bool {
        let last = bytes[range.upperBound - 1]
        guard last == 0x3A || last == 0x9A || last == UInt8(ascii: "e") || last == UInt8(ascii: "-") else {
            return false
        }
        return endsInColon(range) || ends(range, with: Self.wrote) || ends(range, with: Self.wroteDashed)
    }

    private func endsInColon(_ range: Range<Int>) -> Bool {
        bytes[range.upperBound - 1] == 0x3A || ends(range, with: Self.wideColon)
    }

    private func ends(_ range: Range<Int>, with text: [UInt8]) -> Bool {
        range.count >= text.count && ByteSearch.matches(text, bytes, at: range.upperBound - text.count)
    }

    private static let wrote = Array("wrote".utf8)
    private static let wroteDashed = Array("wrote ----".utf8)
    private static let wideColon = Array("：".utf8)
    private static let twoDashes = Array("--".utf8)

    private func isAttribution(_ range: Range<Int>, firstLine: Range<Int>) -> Bool {
        guard bytes[firstLine].contains(where: { (48...57).contains($0) }), hasYearOrClock(range) else { return false }
        let hasClock = hasClock(range)
        if endsInColon(range) {
            if hasClock, bytes[range].contains(UInt8(ascii: "@")) { return true }
            return ReplyPhrases.wrote.isFound(in: range, of: bytes)
        }
        return hasClock
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
        if first == UInt8(ascii: "-"), lines[line].count > 8 {
            let isBetweenDashes = bytes[lines[line].lowerBound + 1] == first && ends(lines[line], with: Self.twoDashes)
            if isBetweenDashes, ReplyPhrases.original.isFound(in: lines[line], of: bytes) { return line }
        }
        if isHeaderBlock(at: line) { return line }
        guard first == UInt8(ascii: "_") || first == UInt8(ascii: "-") || first == UInt8(ascii: "=") else { return nil }
        guard lines[line].count >= 4, bytes[lines[line]].allSatisfy({ $0 == first }) else { return nil }
        return nextFilled(after: line).flatMap { isHeaderBlock(at: $0) ? line : nil }
    }

    /// `From: … Sent: … To: … Subject: …`, in any of the languages.
    private func isHeaderBlock(at line: Int) -> Bool {
        guard mayStartHeaderBlock(lines[line]), let name = fieldName(lines[line]),
            ReplyPhrases.from.isWhole(name, in: bytes)
        else { return false }
        var found = 0
        for next in line + 1..<min(count, line + 7) {
            guard let name = fieldName(lines[next]) else { continue }
            if ReplyPhrases.fields.isWhole(name, in: bytes) || ReplyPhrases.from.isWhole(name, in: bytes) { found += 1 }
        }
        return found >= 2
    }

    /// What most lines differ in, before a colon is looked for.
    private func mayStartHeaderBlock(_ range: Range<Int>) -> Bool {
        var start = range.lowerBound
        while start < range.upperBound, bytes[start] == UInt8(ascii: "*") { start &+= 1 }
        return ReplyPhrases.from.isPrefix(of: start..<range.upperBound, in: bytes)
    }

    /// Where `Von` stands in `*Von:* x`.
    private func fieldName(_ range: Range<Int>) -> Range<Int>? {
        var start = range.lowerBound
        while start < range.upperBound, bytes[start] == UInt8(ascii: "*") { start &+= 1 }
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

    /// U+FF1A.
    private func isWideColon(_ index: Int, _ bound: Int) -> Bool {
        bytes[index] == 0xEF && index + 2 < bound && bytes[index + 1] == 0xBC && bytes[index + 2] == 0x9A
    }

    private func isNoBreakSpace(before end: Int, _ start: Int) -> Bool {
        end - 2 >= start && bytes[end - 1] == 0xA0 && bytes[end - 2] == 0xC2
    }
}
