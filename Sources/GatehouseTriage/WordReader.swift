import CProcessor

/// The table's words that a word is or begins with; there are never many.
struct FoundWords {
    private(set) var words = InlineArray<8, KnownWord>(repeating: KnownWord())
    var count = 0

    @inline(__always)
    mutating func append(_ word: KnownWord) {
        guard count < 8 else { return }
        words[count] = word
        count += 1
    }
}

/// Phrases whose beginning was read, and those that the present word leads on; a text with more at once is made of one word.
struct OpenPhrases {
    struct Phrase {
        var state: UInt32
        var first: PhraseHit.Edge
        /// Of the words that lead on from the state.
        var continuations: UInt64
    }

    private static let most = 24

    /// Two lists in turn: one is read while the other is written.
    private var phrases = InlineArray<48, Phrase>(
        repeating: Phrase(state: 0, first: PhraseHit.Edge(word: 0, position: 0, byte: 0), continuations: 0)
    )
    private var base = 0
    private(set) var count = 0
    private var nextCount = 0

    @inline(__always)
    subscript(index: Int) -> Phrase { phrases[base + index] }

    @inline(__always)
    mutating func appendNext(_ phrase: Phrase) {
        guard nextCount < Self.most else { return }
        phrases[Self.most - base + nextCount] = phrase
        nextCount += 1
    }

    /// The next word's list takes this one's place.
    @inline(__always)
    mutating func turn() {
        base = Self.most - base
        count = nextCount
        nextCount = 0
    }

    @inline(__always)
    mutating func removeAll() { count = 0 }
}

/// Eight bytes of text at once.
enum LetterBlock {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    /// The highest bit of each byte.
    static let highest: UInt64 = 0x8080_8080_8080_8080

    /// The block with its Latin letters in lower case, and how many of its first bytes are ASCII letters or digits.
    @inline(__always)
    static func read(_ block: UInt64) -> (folded: UInt64, count: Int) {
        let high = 0x80 * ones
        // Additions that set a byte's highest bit where the byte is at least the bound; none carries over.
        let plain = block & ~high
        let lower = plain | 0x20 * ones
        let alpha = (lower &+ 0x1F * ones) & ~(lower &+ 0x05 * ones) & high  // a…z
        let digit = (plain &+ 0x50 * ones) & ~(plain &+ 0x46 * ones) & high  // 0…9
        let letters = (alpha | digit) & ~block
        return (block | alpha >> 2, (~letters & high).trailingZeroBitCount / 8)
    }

    /// A byte's highest bit for each letter or digit of ASCII.
    @inline(__always)
    static func alphanumerics(_ block: UInt64) -> UInt64 {
        let plain = block & ~(0x80 * ones)
        let lower = plain | 0x20 * ones
        let alpha = (lower &+ 0x1F * ones) & ~(lower &+ 0x05 * ones)
        let digit = (plain &+ 0x50 * ones) & ~(plain &+ 0x46 * ones)
        return (alpha | digit) & ~block & (0x80 * ones)
    }

    /// A byte's highest bit for each ASCII digit.
    @inline(__always)
    static func digits(_ block: UInt64) -> UInt64 {
        let plain = block & ~(0x80 * ones)
        return (plain &+ 0x50 * ones) & ~(plain &+ 0x46 * ones) & ~block & (0x80 * ones)
    }

    /// A byte's highest bit for each letter of ASCII.
    @inline(__always)
    static func letters(_ block: UInt64) -> UInt64 { smallLetters(block | 0x20 * ones) }

    /// A byte's highest bit for each letter of ASCII in lower case.
    @inline(__always)
    static func smallLetters(_ block: UInt64) -> UInt64 {
        let plain = block & ~(0x80 * ones)
        return (plain &+ 0x1F * ones) & ~(plain &+ 0x05 * ones) & ~block & (0x80 * ones)
    }

    /// False where one of the eight bytes is certainly none of `ByteClass.token`.
    @inline(__always)
    static func mayBeToken(_ block: UInt64) -> Bool { othersThanToken(block) == 0 }

    /// A byte's highest bit for each that is certainly none of `ByteClass.token`.
    @inline(__always)
    static func othersThanToken(_ block: UInt64) -> UInt64 {
        let plain = block & ~(0x80 * ones)
        // From + to z.
        let inside = (plain &+ 0x55 * ones) & ~(plain &+ 0x05 * ones) & ~block
        return ~inside & (0x80 * ones)
    }

    /// A byte's highest bit for each of `ByteClass.token`.
    @inline(__always)
    static func tokens(_ block: UInt64) -> UInt64 {
        let plain = block & ~(0x80 * ones)
        let lower = plain | 0x20 * ones
        let alpha = (lower &+ 0x1F * ones) & ~(lower &+ 0x05 * ones)  // a…z
        let middle = (plain &+ 0x53 * ones) & ~(plain &+ 0x45 * ones)  // -./0…9:
        let others = differs(0x2B, plain) & differs(0x3D, plain) & differs(0x5F, plain)  // + = _
        return (alpha | middle | ~others) & ~block & (0x80 * ones)
    }

    /// A byte's highest bit for each that may be of a number in groups: digits, blanks, `-`, `.`, and what is not ASCII.
    @inline(__always)
    static func groupedDigits(_ block: UInt64) -> UInt64 {
        let plain = block & ~(0x80 * ones)
        let digit = (plain &+ 0x50 * ones) & ~(plain &+ 0x46 * ones)
        let mark = (plain &+ 0x53 * ones) & ~(plain &+ 0x51 * ones)  // - .
        return (digit | mark | ~differs(0x20, plain) | block) & (0x80 * ones)
    }

    /// Where the bytes of a kind begin that end before `place`, not before `floor`.
    ///
    /// - Parameter marks: A byte's highest bit for each of the kind.
    @inline(__always)
    static func start(
        _ bytes: borrowing Span<UInt8>,
        _ place: Int,
        _ floor: Int,
        of marks: (UInt64) -> UInt64
    ) -> Int {
        var start = place
        while start &- 8 >= floor {
            let others = ~marks(load(bytes, start &- 8)) & highest
            guard others == 0 else { return start &- others.leadingZeroBitCount / 8 }
            start &-= 8
        }
        while start > floor, marks(UInt64(bytes[start &- 1])) & 0x80 != 0 { start &-= 1 }
        return start
    }

    /// How many bytes have their highest bit set, as alone may be.
    @inline(__always)
    static func count(_ marks: UInt64) -> Int { Int(truncatingIfNeeded: ((marks >> 7) &* ones) >> 56) }

    /// A byte's highest bit, among others, for each that is not `byte`; `plain` has no such bit itself.
    @inline(__always)
    private static func differs(_ byte: UInt8, _ plain: UInt64) -> UInt64 {
        (plain ^ (UInt64(byte) * ones)) &+ 0x7F * ones
    }

    /// Whether the first `count` bytes of `part` stand in `whole` at `place`.
    @inline(__always)
    static func stands(
        _ part: borrowing Span<UInt8>,
        _ count: Int,
        in whole: borrowing Span<UInt8>,
        at place: Int
    ) -> Bool {
        guard place &+ count <= whole.count else { return false }
        var index = 0
        while index &+ 8 <= count {
            guard load(part, index) == load(whole, place &+ index) else { return false }
            index &+= 8
        }
        for rest in index..<count where part[rest] != whole[place &+ rest] { return false }
        return true
    }

    /// The eight bytes at `index`, which must be there.
    @inline(__always)
    static func load(_ bytes: borrowing Span<UInt8>, _ index: Int) -> UInt64 {
        precondition(index >= 0 && index <= bytes.count &- 8)
        return unsafe loadUnchecked(bytes, index)
    }

    /// The eight bytes at `index`; who asks has made sure that they are there.
    @unsafe
    @inline(__always)
    static func loadUnchecked(_ bytes: borrowing Span<UInt8>, _ index: Int) -> UInt64 {
        unsafe UInt64(
            littleEndian: bytes.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self)
        )
    }
}

/// A word of less than 16 bytes of ASCII, in lower case, as nearly every one is.
struct FoldedWord {
    /// Eight bytes each, the first byte lowest; zeros behind the last.
    let low: UInt64
    let high: UInt64
    let length: Int
    /// Of all of it.
    let key: UInt64
    /// Of its first letters.
    let lengthsPlace: Int

    /// nil for a word that is longer, or has an apostrophe or another script behind it, and where none begins.
    /// - Parameter start: At least sixteen bytes before the end.
    @inline(__always)
    init?(_ bytes: borrowing Span<UInt8>, _ start: Int) {
        let block = WideBytes.load(bytes, start)
        let capitals = cprocessor_within(block, 0x41, 26)
        let folded = block | capitals & SIMD16(repeating: 0x20)
        let kept = cprocessor_bits(cprocessor_within(folded, 0x61, 26) | cprocessor_within(block, 0x30, 10))
        let length = (~kept).trailingZeroBitCount
        guard length > 0, length < 16 else { return nil }
        let halves = unsafe unsafeBitCast(folded, to: SIMD2<UInt64>.self)
        let low = UInt64(littleEndian: halves[0]) & WordHash.mask(min(8, length))
        let high = length > 8 ? UInt64(littleEndian: halves[1]) & WordHash.mask(length &- 8) : 0
        let next = bytes[start &+ length]
        guard next < 0x80, next != 0x27, next != 0 else { return nil }
        (self.low, self.high, self.length) = (low, high, length)
        let first = WordHash.step(WordHash.start, low)
        key = WordHash.finish(length <= 8 ? first : WordHash.step(first, high))
        lengthsPlace = WordHash.lengthsPlace(low)
    }

    /// Of its first `count` bytes.
    @inline(__always)
    func key(_ count: Int) -> UInt64 {
        let first = WordHash.step(WordHash.start, count < 8 ? low & WordHash.mask(count) : low)
        return WordHash.finish(count <= 8 ? first : WordHash.step(first, high & WordHash.mask(count - 8)))
    }
}

/// Reads one word: folds it, hashes it, and looks its beginnings and the whole up.
struct WordReader {
    let table: UrgencyTable
    let languages: UInt32

    @inline(__always)
    func look(_ word: FoldedWord, _ found: inout FoundWords) {
        var lengths = table.beginningLengths(word.lengthsPlace, languages)
        while lengths != 0 {
            let count = lengths.trailingZeroBitCount
            guard count <= word.length else { break }
            lengths &= lengths - 1
            let word = table.beginning(word.key(count), languages)
            if let word { found.append(word) }
        }
        if let word = table.word(word.key, languages) { found.append(word) }
    }

    func look(_ word: LetterWord, _ found: inout FoundWords) {
        look(word.bytes, &found)
        if word.arabic.isOne { lookWithoutClitics(word.arabic, &found) }
    }

    private func look(_ word: WordBytes, _ found: inout FoundWords) {
        var lengths = table.beginningLengths(WordHash.lengthsPlace(word.firstBlock), languages)
        while lengths != 0 {
            let count = lengths.trailingZeroBitCount
            guard count <= word.count else { break }
            lengths &= lengths - 1
            if let known = table.beginning(word.key(count), languages) { found.append(known) }
        }
        if word.isWhole, let known = table.word(word.key(word.count), languages) { found.append(known) }
    }
}

/// Arabic writes "and", "with", "for" and the article onto the word, so that it is looked up with and without them.
extension WordReader {
    private func lookWithoutClitics(_ letters: LetterWord.ArabicWord, _ found: inout FoundWords) {
        var start = 0
        if letters.count - start > 3, letters[start] == 0x648 || letters[start] == 0x641 {  // wa, fa
            start += 1
            look(letters, from: start, &found)
        }
        // bi, li, ka
        if letters.count - start > 3, letters[start] == 0x628 || letters[start] == 0x644 || letters[start] == 0x643 {
            start += 1
            look(letters, from: start, &found)
            if letters[start] == 0x644, letters.count - start > 3 { look(letters, from: start + 1, &found) }  // lil-
        }
        if letters.count - start > 4, letters[start] == 0x627, letters[start + 1] == 0x644 {  // al-
            look(letters, from: start + 2, &found)
        }
    }

    private func look(_ letters: LetterWord.ArabicWord, from start: Int, _ found: inout FoundWords) {
        guard letters.count <= 48 else { return }
        var word = WordBytes()
        for index in start..<letters.count { word.append(letters[index]) }
        look(word, &found)
    }
}
