import GatehouseCore

/// Parts a reply into what is new, what is quoted, and the signature; all three are kept.
///
/// Quotes are told by `>` marks, by attribution lines ("On … wrote:"), by separators ("--- Original Message ---") and
/// by header blocks as Outlook writes them. An attribution needs a date and either an address or a word for "wrote", so
/// that it is found in languages that are not in the tables too. Forwarded mail is no quote.
enum ReplySplitter {
    /// Bytes of a text that is parted. Nobody writes a longer answer, and each line takes some thirty bytes.
    private static let longestText = 1 << 20

    /// Fills the stripped parts where there is anything to part, and something new is left.
    static func split(_ body: inout Body, subject: String?) {
        guard !body.text.isEmpty else { return }
        guard body.text.utf8.count <= longestText else { return }
        let lines = ReplyLines(body.text)
        let start = subject?.leadingBytes(32) ?? []
        let isForward = ReplyPhrases.forwardedSubjects.isPrefix(of: 0..<start.count, in: start)
        var kinds = [Kind](repeating: .new, count: lines.count)
        if !isForward { markQuotes(lines, &kinds) }
        markListFooter(lines, &kinds)
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
        var hasMarked = false
        while line < lines.count {
            if lines.isQuoted(line), !lines.isFoldedColon(line) {
                if !hasMarked, lines.isMarkedHeaderBlock(line) {
                    for place in line..<lines.count { kinds[place] = .quote }
                    return
                }
                hasMarked = true
                kinds[line] = .quote
                line += 1
                // What was broken off a marked line has no mark.
                if lines.isBrokenOff(line) {
                    kinds[line] = .quote
                    line += 1
                }
            } else if lines.announcesForward(line) {
                return
            } else if let start = lines.attributionStart(endingAt: line).map(lines.fieldsStart(above:)) {
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

    /// What a list server puts under every mail is as good as a signature.
    private static func markListFooter(_ lines: ReplyLines, _ kinds: inout [Kind]) {
        guard let last = kinds.lastIndex(of: .new) else { return }
        for line in max(0, last - 8)...last where kinds[line] == .new && lines.startsListFooter(line, last: last) {
            for place in line...last where kinds[place] == .new { kinds[place] = .signature }
            return
        }
    }

    /// From `-- `, a "Sent from" line or a good-bye up to the quote, or to the end.
    private static func markSignature(_ lines: ReplyLines, _ kinds: inout [Kind]) {
        guard let last = kinds.lastIndex(of: .new) else { return }
        let lastFilled = (0...last).last { kinds[$0] == .new && !lines.isBlank($0) }
        for line in 0...last where kinds[line] == .new {
            let isSignature =
                lines.isSignatureMark(line) || (line > 0 && lines.isSentFrom(line, isLast: line == lastFilled))
                || (line > 0 && lines.isGoodbye(line, last: last))
            guard isSignature else { continue }
            // Under a mere greeting the signature is all that there is to read.
            if lines.isSalutation((0..<line).filter { kinds[$0] == .new && !lines.isBlank($0) }) { return }
            for place in line...last where kinds[place] == .new { kinds[place] = .signature }
            return
        }
    }
}
