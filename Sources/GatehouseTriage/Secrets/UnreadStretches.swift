import CProcessor
import GatehouseCore

/// Tells which stretches of some bytes have not been read elsewhere, so that the same words are not read twice.
///
/// A mail's text mostly stands in its original as it is, and the parts of a reply are lines of the whole. What was found to
/// hold no secret in one place holds none in the other, but for what goes over an edge: a seed phrase. No other secret
/// goes over a line's end.
enum UnreadStretches {
    /// Bytes to each side of an edge that are read again: more than a phrase of 24 words has.
    private static let margin = 256
    /// Below it a text is read again.
    private static let worthwhile = 512
    /// Lines in a row that differ before the search is given up.
    private static let mostDifferent = 4

    // MARK: Texts within an original

    /// The stretches of `bytes` that are not lines of one of `texts`, each of which has been read.
    static func of(_ bytes: borrowing Span<UInt8>, read texts: [String]) -> [Range<Int>] {
        var known: [Range<Int>] = []
        for text in texts where text.utf8.count >= worthwhile { note(text.utf8.span, in: bytes, &known) }
        guard !known.isEmpty else { return [0..<bytes.count] }
        known.sort { $0.lowerBound < $1.lowerBound }
        var unread: [Range<Int>] = []
        var start = 0
        for range in known where range.upperBound > start {
            let inner = inner(range, bytes)
            guard inner.lowerBound >= start, !inner.isEmpty else { continue }
            unread.append(start..<inner.lowerBound)
            start = inner.upperBound
        }
        unread.append(start..<bytes.count)
        return unread
    }

    /// What of a known stretch need not be read: without its margins, and whole lines.
    private static func inner(_ range: Range<Int>, _ bytes: borrowing Span<UInt8>) -> Range<Int> {
        guard range.count > 2 * margin else { return range.lowerBound..<range.lowerBound }
        let first = range.lowerBound + margin
        guard let feed = ByteSearch.firstIndex(of: 0x0A, in: bytes, first..<range.upperBound) else {
            return range.lowerBound..<range.lowerBound
        }
        var end = range.upperBound - margin
        while end > feed, bytes[end - 1] != 0x0A { end -= 1 }
        return feed + 1..<max(feed + 1, end)
    }

    /// Notes where the lines of `text` stand in `bytes` one behind the other. A line that differs is left out.
    private static func note(
        _ text: borrowing Span<UInt8>,
        in bytes: borrowing Span<UInt8>,
        _ known: inout [Range<Int>]
    ) {
        guard var (place, other) = beginning(of: text, in: bytes) else { return }
        var different = 0
        while place < text.count, other < bytes.count, different < mostDifferent {
            let (length, otherLength) = common(text, place, bytes, other)
            if otherLength >= 2 * margin {
                known.append(other..<other + otherLength)
                different = 0
            } else {
                different += 1
            }
            guard let feed = ByteSearch.firstIndex(of: 0x0A, in: text, place + length..<text.count),
                let otherFeed = ByteSearch.firstIndex(of: 0x0A, in: bytes, other + otherLength..<bytes.count)
            else { return }
            (place, other) = (feed + 1, otherFeed + 1)
        }
    }

    /// Where the first of the text's longer lines stands that is one of the bytes' lines, too: the subject may say what the
    /// text says first, but not as a line of its own.
    private static func beginning(
        of text: borrowing Span<UInt8>,
        in bytes: borrowing Span<UInt8>
    ) -> (Int, Int)? {
        let lines = FirstLines(text)
        /// Of the lines, those that are still sought.
        var count = lines.count
        var found: (Int, Int)?
        find(lines, text, bytes, at: 0, &count, &found)
        var place = 0
        while count > 0, place &+ 16 <= bytes.count {
            var feeds = cprocessor_bits(cprocessor_equal(WideBytes.load(bytes, place), 0x0A))
            while feeds != 0, count > 0 {
                find(lines, text, bytes, at: place &+ feeds.trailingZeroBitCount &+ 1, &count, &found)
                feeds &= feeds &- 1
            }
            place &+= 16
        }
        while count > 0, place < bytes.count {
            if bytes[place] == 0x0A { find(lines, text, bytes, at: place &+ 1, &count, &found) }
            place &+= 1
        }
        return found
    }

    /// Notes which of the first `count` lines stands at `start`; from then on those before it are sought alone.
    @inline(__always)
    private static func find(
        _ lines: FirstLines,
        _ text: borrowing Span<UInt8>,
        _ bytes: borrowing Span<UInt8>,
        at start: Int,
        _ count: inout Int,
        _ found: inout (Int, Int)?
    ) {
        guard start &+ 8 <= bytes.count else { return }
        let head = LetterBlock.load(bytes, start)
        guard lines.mayHold(head) else { return }
        for index in 0..<count where lines.heads[index] == head {
            guard stands(lines.ranges[index], of: text, in: bytes, at: start) else { continue }
            found = (lines.ranges[index].lowerBound, start)
            count = index
            return
        }
    }

    /// The first longer lines of a text.
    private struct FirstLines {
        /// 64 bytes of each.
        private(set) var ranges = InlineArray<8, Range<Int>>(repeating: 0..<0)
        /// Their first eight bytes.
        private(set) var heads = InlineArray<8, UInt64>(repeating: 0)
        private(set) var count = 0
        /// A bit for each hash of these.
        private var hashes: UInt64 = 0

        init(_ text: borrowing Span<UInt8>) {
            var place = 0
            while place < text.count, count < 2 * mostDifferent {
                let end = ByteSearch.firstIndex(of: 0x0A, in: text, place..<text.count) ?? text.count
                if end - place >= 8 {
                    ranges[count] = place..<min(end, place + 64)
                    heads[count] = LetterBlock.load(text, place)
                    hashes |= 1 << Self.hash(heads[count])
                    count += 1
                }
                place = end + 1
            }
        }

        /// False where none of the lines begins with these eight bytes.
        @inline(__always)
        func mayHold(_ head: UInt64) -> Bool { hashes >> Self.hash(head) & 1 == 1 }

        @inline(__always)
        private static func hash(_ head: UInt64) -> UInt64 { (head &* 0x9E37_79B9_7F4A_7C15) >> 58 }
    }

    private static func stands(
        _ line: Range<Int>,
        of text: borrowing Span<UInt8>,
        in bytes: borrowing Span<UInt8>,
        at start: Int
    ) -> Bool {
        guard start <= bytes.count - line.count else { return false }
        for offset in 0..<line.count where text[line.lowerBound + offset] != bytes[start + offset] { return false }
        return true
    }

    /// How far both are the same from the two places on; CRLF is the same as LF.
    private static func common(
        _ text: borrowing Span<UInt8>,
        _ start: Int,
        _ bytes: borrowing Span<UInt8>,
        _ otherStart: Int
    ) -> (Int, Int) {
        var (place, other) = (start, otherStart)
        while true {
            while place &+ 8 <= text.count, other &+ 8 <= bytes.count,
                unsafe LetterBlock.loadUnchecked(text, place) == LetterBlock.loadUnchecked(bytes, other)
            {
                place &+= 8
                other &+= 8
            }
            while place < text.count, other < bytes.count, text[place] == bytes[other] {
                place &+= 1
                other &+= 1
            }
            guard place < text.count, other &+ 1 < bytes.count, bytes[other] == 0x0D, bytes[other &+ 1] == 0x0A,
                text[place] == 0x0A
            else { return (place &- start, other &- otherStart) }
            other &+= 1
        }
    }

    // MARK: Parts of a text

    /// The stretches of `part` around each place at which lines meet that are apart in `whole`, which has been read.
    static func seams(of part: borrowing Span<UInt8>, in whole: borrowing Span<UInt8>) -> [Range<Int>] {
        var seams: [Range<Int>] = []
        var (place, other) = (0, 0)
        func add(_ range: Range<Int>) {
            let range = lines(around: range, part)
            if let last = seams.last, range.lowerBound <= last.upperBound {
                seams[seams.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                seams.append(range)
            }
        }
        while place < part.count {
            let key = (place..<min(part.count, place + 32)).map { part[$0] }
            guard let found = ByteSearch.firstIndex(of: key, in: whole, other..<whole.count),
                found == 0 || whole[found - 1] <= 0x20
            else {
                add(place..<part.count)
                return seams
            }
            var (length, _) = common(part, place, whole, found)
            if place + length < part.count {
                while length > 0, part[place + length - 1] != 0x0A { length -= 1 }
            } else if found + length < whole.count, whole[found + length] > 0x20, part[part.count - 1] > 0x20 {
                // It ends within a word of the whole.
                length = 0
            }
            guard length > 0 else {
                add(place..<part.count)
                return seams
            }
            if place > 0 { add(place..<place) }
            place += length
            other = found + length
        }
        return seams
    }

    /// The range with its margins, to the ends of their lines.
    private static func lines(around range: Range<Int>, _ bytes: borrowing Span<UInt8>) -> Range<Int> {
        var start = max(0, range.lowerBound - margin)
        while start > 0, bytes[start - 1] != 0x0A { start -= 1 }
        let far = min(bytes.count, range.upperBound + margin)
        return start..<(ByteSearch.firstIndex(of: 0x0A, in: bytes, far..<bytes.count) ?? bytes.count)
    }
}
