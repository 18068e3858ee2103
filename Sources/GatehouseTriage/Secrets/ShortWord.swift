/// A word of at most fifteen letters of ASCII between other bytes of ASCII, as most of a text's are: read at once, and the
/// same word that `WordWalk` finds letter by letter.
struct ShortWord {
    let start: Int
    let end: Int
    /// In lower case, the first one lowest.
    private let letters: (UInt64, UInt64)
    let count: Int

    /// Where the next word begins at or behind `place`, which is not the first place; nil near the text's end and where other
    /// than ASCII comes first.
    ///
    /// - Returns: The text's end where no word begins so near that it may be of one phrase with the word at `place`: that one
    ///   would end, and the gap behind it begin, less than `WordWalk.longest` bytes behind `place`.
    @inline(__always)
    static func start(_ bytes: borrowing Span<UInt8>, from place: Int) -> Int? {
        // The byte before tells whether a word goes on.
        var index = place &- 1
        let limit = place &+ WordWalk.longest &+ WordWalk.widestGap
        while index >= 0, index &+ 8 <= bytes.count {
            let block = unsafe LetterBlock.loadUnchecked(bytes, index)
            let letters = LetterBlock.letters(block)
            let starts = letters & ~(letters << 8) & ~0xFF
            let others = block & LetterBlock.highest
            if starts != 0 {
                // What lies behind the first of the starts has higher bits.
                return others & (starts &- 1) == 0 ? index &+ starts.trailingZeroBitCount / 8 : nil
            }
            guard others == 0 else { return nil }
            guard index < limit else { return bytes.count }
            index &+= 7
        }
        return nil
    }

    /// The next word from `place` on, where no word goes on.
    @inline(__always)
    init?(_ bytes: borrowing Span<UInt8>, behind place: Int) {
        var place = place
        var found: UInt64 = 0
        // No further than `WordWalk` looks for the next word.
        let limit = min(bytes.count &- 8, place &+ WordWalk.widestGap &- 8)
        while found == 0 {
            guard place <= limit else { return nil }
            let block = LetterBlock.load(bytes, place)
            guard block & LetterBlock.highest == 0 else { return nil }
            found = LetterBlock.letters(block)
            place &+= 8
        }
        self.init(bytes, from: place &- 8 &+ found.trailingZeroBitCount / 8)
    }

    /// - Parameter start: Of the word.
    @inline(__always)
    init?(_ bytes: borrowing Span<UInt8>, from start: Int) {
        guard start >= 0, start &+ 8 <= bytes.count else { return nil }
        let low = unsafe LetterBlock.loadUnchecked(bytes, start)
        var count = (~LetterBlock.letters(low) & LetterBlock.highest).trailingZeroBitCount / 8
        var high: UInt64 = 0
        if count == 8 {
            guard start &+ 16 <= bytes.count else { return nil }
            high = unsafe LetterBlock.loadUnchecked(bytes, start &+ 8)
            count &+= (~LetterBlock.letters(high) & LetterBlock.highest).trailingZeroBitCount / 8
        }
        guard count < 16, bytes[start &+ count] < 0x80 else { return nil }
        letters = (low, high)
        self.count = count
        self.start = start
        end = start &+ count
    }

    /// As `SeedWordHash` makes it of the same letters.
    @inline(__always)
    var hash: UInt64 {
        var hash = SeedWordHash()
        var rest = letters.0 | LetterBlock.highest >> 2
        for _ in 0..<min(count, 8) {
            hash.add(UInt32(truncatingIfNeeded: rest & 0xFF))
            rest >>= 8
        }
        guard count > 8 else { return hash.hash }
        rest = letters.1 | LetterBlock.highest >> 2
        for _ in 8..<count {
            hash.add(UInt32(truncatingIfNeeded: rest & 0xFF))
            rest >>= 8
        }
        return hash.hash
    }
}
