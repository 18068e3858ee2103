/// Any word, read letter by letter: of other scripts than Latin, with accents or an apostrophe, or a long one.
struct LetterWord {
    private(set) var bytes = WordBytes()
    private(set) var arabic = ArabicWord()
    /// Where it ends: an elision ("l'argent") ends it, "don't" goes on.
    private(set) var end: Int
    /// Its bytes that begin no character.
    private(set) var trailing = 0

    /// The letters of a word that begins with an Arabic one.
    struct ArabicWord {
        fileprivate(set) var isOne = false
        private var scalars = InlineArray<48, UInt32>(repeating: 0)
        /// Of the word, of which `scalars` holds the beginning.
        private(set) var count = 0

        fileprivate mutating func append(_ scalar: UInt32) {
            if count < 48 { scalars[count] = scalar }
            count += 1
        }

        subscript(index: Int) -> UInt32 { index < 48 ? scalars[index] : 0 }
    }

    /// - Parameter limit: Where the text ends.
    @inline(never)
    init(_ text: borrowing Span<UInt8>, _ start: Int, _ limit: Int, _ letters: PlainLetters) {
        var count = 0
        var hasApostrophe = false
        var index = start
        while index < limit {
            let byte = text[index]
            if let letter = Self.letter(byte), letter != 0 {
                bytes.append(ascii: letter)
                if arabic.isOne { arabic.append(letter) }
                count += 1
                index += 1
                continue
            }
            let (scalar, length) = byte < 0x80 ? (UInt32(byte), 1) : letters.read(text, index)
            if scalar == 0x27 {
                guard !hasApostrophe, count > 2, Self.isLetter(text, index + length, limit, letters) else { break }
                hasApostrophe = true
            } else if PlainLetters.isCharacterWord(scalar) || !PlainLetters.isLetter(scalar) {
                break
            }
            if count == 0 { arabic.isOne = scalar >= 0x620 && scalar < 0x700 }
            bytes.append(scalar)
            if arabic.isOne { arabic.append(scalar) }
            count += 1
            index += length
            trailing += length - 1
        }
        end = index
    }

    /// The letter in lower case, or nil where the byte is none; NUL vanishes and is part of its word.
    @inline(__always)
    static func letter(_ byte: UInt8) -> UInt32? {
        let lower = UInt32(byte &- 0x41 < 26 ? byte | 0x20 : byte)
        return lower &- 0x61 < 26 || lower &- 0x30 < 10 || lower == 0 ? lower : nil
    }

    /// Whether a letter of a word stands at `index`.
    private static func isLetter(
        _ text: borrowing Span<UInt8>,
        _ index: Int,
        _ limit: Int,
        _ letters: PlainLetters
    ) -> Bool {
        guard index < limit else { return false }
        if text[index] < 0x80 { return letter(text[index]) != nil }
        let scalar = letters.read(text, index).scalar
        return PlainLetters.isLetter(scalar) && !PlainLetters.isCharacterWord(scalar)
    }
}
