/// The words of a text that is all ASCII, one after the other: what `CleanedText` finds in it, without a list of them.
enum ASCIIWords {
    /// Visits the words of folded text until `visit` says that it has enough.
    @inline(__always)
    static func visit(_ text: borrowing Span<UInt8>, _ visit: (_ start: Int, _ end: Int) -> Bool) {
        var index = 0
        while index < text.count {
            guard text[index] > 0x20 else {
                index += 1
                continue
            }
            let start = index
            while index < text.count, isLetter(text[index]) { index += 1 }
            // Nearly every run is one word, perhaps with a sign behind it.
            let stop = index
            if stop > start, stop < text.count, isClosing(text[stop]) { index += 1 }
            if stop > start, index == text.count || text[index] <= 0x20 {
                if !UbiquitousWords.contains(text, start, stop), visit(start, stop) { return }
                continue
            }
            while index < text.count, text[index] > 0x20 { index += 1 }
            if !CleanedText.isJunk(text, start, index), cut(text, start, index, visit) { return }
        }
    }

    /// Cuts a run without spaces into words; true: enough.
    @inline(__always)
    private static func cut(
        _ text: borrowing Span<UInt8>,
        _ start: Int,
        _ end: Int,
        _ visit: (_ start: Int, _ end: Int) -> Bool
    ) -> Bool {
        var index = start
        while index < end {
            guard isLetter(text[index]) else {
                index += 1
                continue
            }
            let first = index
            while index < end {
                let isInside = text[index] == 0x27 && index + 1 < end && isLetter(text[index + 1])
                guard isInside || isLetter(text[index]) else { break }
                index += 1
            }
            let hasDigit =
                (first > start && CleanedText.isDigit(text[first - 1]))
                || (index < end && CleanedText.isDigit(text[index]))
            if !hasDigit, !UbiquitousWords.contains(text, first, index), visit(first, index) { return true }
        }
        return false
    }

    @inline(__always)
    private static func isLetter(_ byte: UInt8) -> Bool { byte &- 0x61 < 26 }

    /// `!`, `,`, `.`, `;` and `?`, which nothing but words ends in.
    @inline(__always)
    private static func isClosing(_ byte: UInt8) -> Bool {
        byte == 0x2E || byte == 0x2C || byte == 0x21 || byte == 0x3F || byte == 0x3B
    }

    /// How many of the bytes from `start` up to `end` are ASCII.
    static func count(_ bytes: borrowing Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        var others = 0
        for index in start..<end { others += Int(bytes[index] >> 7) }
        return end - start - others
    }
}
