/// Cuts a text into words by script, without what is no language.
///
/// Left out: URLs and host names, e-mail addresses, `@handles`, `/commands`, `:emoji_names:`, tokens of program code,
/// Latin tokens that hold a digit (hashes, addresses, order numbers), coin tickers, and the few words that are the same
/// everywhere ("ok"). Words in quotation marks, in code fences and in quoted lines are marked, since somebody else may
/// have written them.
struct WordScanner {
    /// A word, or a run of characters of a script without spaces; places in the window.
    struct Piece {
        var start: Int
        var end: Int
        var script: Script
        /// Stands in quotation marks, in code or in a quoted line.
        var isPasted: Bool
    }

    /// Scalars in which the end of a quotation is sought.
    private static let longestQuotation = 240

    private var isAtLineStart = true
    private var isQuotedLine = false
    private var isFenced = false
    /// Where the quotation ends in which we are.
    private var quotationEnd = 0
    /// Up to here no end of a quotation was found.
    private var searched = 0

    /// Visits the words of a window until `visit` says that it has enough.
    ///
    /// - Returns: Whether it has.
    @inline(__always)
    mutating func scan(_ text: borrowing Span<UInt32>, _ count: Int, _ visit: (Piece) -> Bool) -> Bool {
        (quotationEnd, searched) = (0, 0)
        var index = 0
        while index < count {
            let first = text[index]
            if Self.isSpace(first) {
                index += 1
                if first == 0x0A { (isAtLineStart, isQuotedLine) = (true, false) }
                continue
            }
            if isAtLineStart { (isAtLineStart, isQuotedLine) = (false, first == 0x3E) }
            let start = index
            let script = Script.of(first)
            if Self.isWide(first) {
                while index < count, Self.isWide(text[index]), Script.of(text[index]) == script { index += 1 }
                if script != .none, visit(piece(start, index, script)) { return true }
                // Corner brackets and the like open quotations in the middle of a run too.
                if script == .none { openQuotation(text, start, count) }
                continue
            }
            if script != .none {
                // Nearly every token is one word, perhaps with a sign behind it.
                while index < count, Script.of(text[index]) == script { index += 1 }
                let stop = index
                if index < count, Self.isClosing(text[index]) { index += 1 }
                if index == count || Self.isSpace(text[index]) {
                    let isNoWord = script == .latin && UbiquitousWords.contains(text, start, stop)
                    if !isNoWord, visit(piece(start, stop, script)) { return true }
                    continue
                }
            }
            while index < count, !Self.isSpace(text[index]), !Self.isWide(text[index]) { index += 1 }
            openQuotation(text, start, count)
            if JunkTokens.contain(text, start, index) { continue }
            if cut(text, start, index, visit) { return true }
        }
        return false
    }

    private func piece(_ start: Int, _ end: Int, _ script: Script) -> Piece {
        Piece(start: start, end: end, script: script, isPasted: isQuotedLine || isFenced || start < quotationEnd)
    }

    /// Sees whether a quotation or a code fence begins or ends at a token.
    private mutating func openQuotation(_ text: borrowing Span<UInt32>, _ start: Int, _ count: Int) {
        if text[start] == 0x60, start + 2 < count, text[start + 1] == 0x60, text[start + 2] == 0x60 {
            isFenced.toggle()
            return
        }
        guard start >= quotationEnd, start >= searched, !isFenced else { return }
        // An opening bracket may stand before it.
        let place = text[start] == 0x28 && start + 1 < count ? start + 1 : start
        let closing: (UInt32, UInt32)
        switch text[place] {
        case 0x22, 0x60: closing = (text[place], text[place])
        case 0x201C: closing = (0x201D, 0x201D)
        case 0x201E: closing = (0x201C, 0x201D)
        case 0x201D: closing = (0x201D, 0x201D)
        case 0xAB: closing = (0xBB, 0xBB)
        case 0xBB: closing = (0xAB, 0xBB)
        case 0x300C: closing = (0x300D, 0x300D)
        case 0x300E: closing = (0x300F, 0x300F)
        default: return
        }
        var index = place + 1
        let end = min(count, place + Self.longestQuotation)
        while index < end, text[index] != 0x0A {
            if text[index] == closing.0 || text[index] == closing.1 {
                quotationEnd = index
                return
            }
            index += 1
        }
        searched = index
    }

    /// Cuts a token into words: letters of one script with apostrophes between them. True: enough.
    private func cut(
        _ text: borrowing Span<UInt32>,
        _ start: Int,
        _ end: Int,
        _ visit: (Piece) -> Bool
    ) -> Bool {
        var index = start
        while index < end {
            let script = Script.of(text[index])
            guard script != .none else {
                index += 1
                continue
            }
            let first = index
            var last = index + 1
            index += 1
            while index < end {
                let next = text[index]
                if Script.of(next) == script || Self.isMark(next) {
                    index += 1
                    last = index
                } else if Self.joins(next), index + 1 < end, Script.of(text[index + 1]) == script {
                    index += 1
                } else {
                    break
                }
            }
            if script == .latin {
                let hasDigit =
                    (first > start && JunkTokens.isDigit(text[first - 1]))
                    || (index < end && JunkTokens.isDigit(text[index]))
                if hasDigit || UbiquitousWords.contains(text, first, last) { continue }
            }
            if visit(piece(first, last, script)) { return true }
        }
        return false
    }

    @inline(__always)
    private static func isSpace(_ scalar: UInt32) -> Bool {
        scalar <= 0x20 || scalar == 0xA0 || scalar == 0x3000 || (scalar >= 0x2000 && scalar <= 0x200A)
    }

    /// Scripts that are counted by the character: those that write without spaces, or need no words.
    @inline(__always)
    private static func isWide(_ scalar: UInt32) -> Bool {
        scalar >= 0x0E00 && (scalar >= 0x2E80 || scalar < 0x0F00 || (scalar >= 0x1100 && scalar < 0x1200))
            && !(scalar >= 0xFB50 && scalar < 0xFF00)
    }

    /// `!`, `,`, `.`, `;` and `?`, which nothing but words ends in.
    @inline(__always)
    private static func isClosing(_ scalar: UInt32) -> Bool {
        scalar == 0x2E || scalar == 0x2C || scalar == 0x21 || scalar == 0x3F || scalar == 0x3B
    }

    /// Combining marks and the joiners of Persian and Indic spelling belong to the word.
    @inline(__always)
    private static func isMark(_ scalar: UInt32) -> Bool {
        (scalar >= 0x300 && scalar < 0x370) || scalar == 0x200C || scalar == 0x200D
    }

    @inline(__always)
    private static func joins(_ scalar: UInt32) -> Bool { scalar == 0x27 || scalar == 0xB7 }
}
