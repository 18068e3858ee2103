import GatehouseCore

/// A text as lines, with the questions that the splitter asks of them.
struct ReplyLines {
    private let text: String
    let bytes: [UInt8]
    /// Trimmed; empty for a blank line.
    private(set) var lines: [Range<Int>] = []
    /// Where each starts, and behind them the end of the text.
    private var starts: [Int] = []

    var count: Int { lines.count }

    init(_ text: String) {
        self.text = text
        bytes = Array(text.utf8)
        lines.reserveCapacity(bytes.count / 32 + 1)
        starts.reserveCapacity(bytes.count / 32 + 2)
        var start = 0
        while start < bytes.count {
            let next = lineEnd(in: bytes, start, bytes.count)
            lines.append(Self.visible(start..<next, of: bytes))
            starts.append(start)
            start = next
        }
        starts.append(start)
    }

    /// Without what is not seen at both ends: blanks, and the marks that turn the direction of Hebrew and Arabic.
    private static func visible(_ range: Range<Int>, of bytes: [UInt8]) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        if end > start, bytes[end - 1] == 0x0A { end &-= 1 }
        // Nearly every line begins and ends with a visible character of ASCII, or is empty.
        if end > start, bytes[start] > 0x20, bytes[start] < 0x80, bytes[end - 1] > 0x20, bytes[end - 1] < 0x80 {
            return start..<end
        }
        while start < end {
            let length = bytes[start] <= 0x20 ? 1 : unseenLength(bytes, start, end)
            if length == 0 { break }
            start &+= length
        }
        while end > start {
            if bytes[end - 1] <= 0x20 {
                end &-= 1
            } else if bytes[end - 1] >= 0x80, end - start >= 3, unseenLength(bytes, end - 3, end) == 3 {
                end &-= 3
            } else if bytes[end - 1] == 0xA0, end - start >= 2, bytes[end - 2] == 0xC2 {
                end &-= 2
            } else {
                break
            }
        }
        return start..<end
    }

    /// How many bytes an unseen character takes: U+00A0, U+200B…U+200F, U+202A…U+202F, U+2060…U+2069, U+FEFF.
    private static func unseenLength(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int {
        switch bytes[start] {
        case 0xC2: return start + 1 < end && bytes[start + 1] == 0xA0 ? 2 : 0
        case 0xE2:
            guard start + 2 < end else { return 0 }
            let (second, third) = (bytes[start + 1], bytes[start + 2])
            let isMark =
                second == 0x80 && ((0x8B...0x8F).contains(third) || (0xAA...0xAF).contains(third))
                || second == 0x81 && (0xA0...0xA9).contains(third)
            return isMark ? 3 : 0
        case 0xEF: return start + 2 < end && bytes[start + 1] == 0xBB && bytes[start + 2] == 0xBF ? 3 : 0
        default: return 0
        }
    }

    /// The wanted lines, without empty ones before them and blanks behind them.
    func text(where isWanted: (Int) -> Bool) -> String {
        var pieces: [Range<Int>] = []
        var line = 0
        while line < count {
            let first = line
            while line < count, isWanted(line) { line += 1 }
            if line > first { pieces.append(starts[first]..<starts[line]) }
            while line < count, !isWanted(line) { line += 1 }
        }
        while let last = pieces.last {
            let end = bytes[last].lastIndex { $0 > 0x20 }.map { $0 + 1 }
            pieces.removeLast()
            guard let end else { continue }
            pieces.append(last.lowerBound..<end)
            break
        }
        // Pieces of the text itself, whose bytes need no second look: lines end where characters do.
        var result = ""
        for piece in pieces {
            var start = piece.lowerBound
            if result.isEmpty { while start < piece.upperBound, bytes[start] == 0x0A { start &+= 1 } }
            let utf8 = text.utf8
            let from = utf8.index(utf8.startIndex, offsetBy: start)
            result += text[from..<utf8.index(from, offsetBy: piece.upperBound - start)]
        }
        return result
    }

    func isQuoted(_ line: Int) -> Bool { lines[line].first.map { bytes[$0] == UInt8(ascii: ">") } ?? false }

    /// `>:`, the last piece of an attribution that was folded inside its address.
    func isFoldedColon(_ line: Int) -> Bool {
        lines[line].count <= 2 && lines[line].last.map { bytes[$0] == 0x3A } ?? false
    }

    /// The rest of a quoted line that a mail program has wrapped without marking it again: it goes on in the middle of a
    /// sentence, and more quoted text follows at once.
    func isBrokenOff(_ line: Int) -> Bool {
        guard line > 0, line + 1 < count, isQuoted(line + 1), !isQuoted(line), !lines[line].isEmpty else {
            return false
        }
        guard lines[line].count <= 60, lines[line - 1].count >= 66 else { return false }
        let first = bytes[lines[line].lowerBound]
        let isLowerCase = (0x61...0x7A).contains(first) || first >= 0x80
        return isLowerCase && !".?!:;".utf8.contains(bytes[lines[line - 1].upperBound - 1])
    }

    func isBlank(_ line: Int) -> Bool { lines[line].isEmpty }

    /// True where one of `filled` is all there is, and a greeting.
    func isSalutation(_ filled: [Int]) -> Bool {
        guard filled.count == 1, let line = filled.first, lines[line].count < 40 else { return false }
        var end = lines[line].upperBound
        while end > lines[line].lowerBound, ",!".utf8.contains(bytes[end - 1]) { end &-= 1 }
        return ReplyPhrases.salutations.isWhole(lines[line].lowerBound..<end, in: bytes)
    }

    /// A rule of underscores or dashes, and words about a list in the few lines below it.
    func startsListFooter(_ line: Int, last: Int) -> Bool {
        guard let first = lines[line].first, lines[line].count >= 2, last > line else { return false }
        guard bytes[first] == UInt8(ascii: "_") || bytes[first] == UInt8(ascii: "-"),
            bytes[lines[line]].allSatisfy({ $0 == bytes[first] })
        else { return false }
        return (line + 1...last).contains { ReplyPhrases.mailingLists.isFound(in: lines[$0], of: bytes) }
    }

    func nextFilled(after line: Int) -> Int? {
        (line + 1..<max(line + 1, count)).prefix(50).first { !lines[$0].isEmpty }
    }

    func isSignatureMark(_ line: Int) -> Bool {
        lines[line].count == 2 && ends(lines[line], with: Self.twoDashes)
    }

    /// "Sent from my iPhone". The words alone do not tell: "Sent from my wallet to yours" is what people write of.
    ///
    /// - Parameter isLast: Nothing new stands below; then no empty line need stand above it.
    func isSentFrom(_ line: Int, isLast: Bool) -> Bool {
        guard lines[line].count < 200, lines[line].count > 5, isLast || lines[line - 1].isEmpty,
            ReplyPhrases.sentFrom.isPrefix(of: lines[line], in: bytes)
        else { return false }
        return ReplyPhrases.mailPrograms.isFound(in: lines[line], of: bytes)
    }

    /// A good-bye with a few short lines below it, and nothing else.
    func isGoodbye(_ line: Int, last: Int) -> Bool {
        guard last - line <= 8, lines[line].count < 60, !lines[line].isEmpty else { return false }
        var end = lines[line].upperBound
        while end > lines[line].lowerBound, ",.!".utf8.contains(bytes[end - 1]) { end &-= 1 }
        guard ReplyPhrases.goodbyes.isWhole(lines[line].lowerBound..<end, in: bytes) else { return false }
        return (line...last).allSatisfy { lines[$0].count <= 60 }
    }
}
