/// A phrase of the table, found in a text.
struct PhraseHit {
    /// One end of a phrase.
    struct Edge {
        /// The number of the word.
        var word: Int32
        /// Units before the word in the whole text: 2 for a word, 1 for a Chinese character, a kana or a Hangul syllable.
        var position: Int32
        /// Its first byte, or the byte behind it.
        var byte: Int32
    }

    var concepts: UInt64
    var sentence: Int32
    /// Whether it begins among the first words of its sentence.
    var opensSentence: Bool
    var first: Edge
    /// Included.
    var last: Edge

    /// Whether it is part of a longer phrase.
    func isInside(_ other: PhraseHit) -> Bool {
        other.first.word <= first.word && other.last.word >= last.word
            && other.last.word - other.first.word > last.word - first.word
    }
}

/// What a text says in the table's phrases.
struct ScannedText {
    private let text: String
    fileprivate(set) var hits: [PhraseHit] = []
    fileprivate(set) var words: Int32 = 0
    fileprivate(set) var hasQuestion = false
    /// The sentences that end in a question mark, in their order.
    fileprivate(set) var questions: [Int32] = []

    init(_ text: String) { self.text = text }

    /// The same text by the phrases of another table.
    fileprivate func with(_ hits: [PhraseHit]) -> ScannedText {
        var other = self
        other.hits = hits
        return other
    }

    /// The phrase's words as the message has them.
    func words(_ hit: PhraseHit) -> String {
        let start = Int(hit.first.byte)
        let count = max(0, Int(hit.last.byte) - start)
        let bytes = text.utf8.span
        return unsafe String(unsafeUninitializedCapacity: count) { buffer in
            for index in 0..<count {
                let byte = bytes[start + index]
                unsafe buffer[index] = byte == 0x0A ? 0x20 : byte
            }
            return count
        }
    }
}

/// Finds the phrases of one or two tables in one pass over the UTF-8: words are folded and hashed as they are read, and no
/// word is kept.
struct PhraseScanner<Other: PhraseFinding> {
    private let letters: PlainLetters
    private var phrases: TablePhrases
    private var others: Other

    private var result: ScannedText
    private var position: Int32 = 0
    private var sentence: Int32 = 0
    /// The number of the sentence's first word.
    private var sentenceStart: Int32 = 0
    private var wordsInSentence = 0

    /// A sentence that never ends is cut here.
    private static var longestSentence: Int { 160 }
    /// A mail wraps its sentences, a chat doesn't: only a line shorter than this, or an empty one, ends the sentence.
    private static var wrappedLine: Int { 45 }

    private init(_ phrases: TablePhrases, _ others: Other, _ text: String) {
        letters = phrases.words.table.letters
        self.phrases = phrases
        self.others = others
        result = ScannedText(text)
    }

    private mutating func read(_ text: String, head: Int, tail: Int) {
        let bytes = text.utf8.span
        if bytes.count <= head + tail {
            read(bytes, 0, bytes.count)
        } else {
            read(bytes, 0, Self.wordBreak(bytes, head))
            if tail > 0 {
                endSentence()
                read(bytes, Self.wordBreak(bytes, bytes.count - tail), bytes.count)
            }
        }
    }

    /// The end of the word that a cut at `place` would go through, or the next character where words are long.
    private static func wordBreak(_ bytes: borrowing Span<UInt8>, _ place: Int) -> Int {
        var index = place
        while index < bytes.count, index < place + 48, bytes[index] > 0x20 { index += 1 }
        if index < bytes.count, bytes[index] > 0x20 { index = place }
        while index < bytes.count, bytes[index] & 0xC0 == 0x80 { index += 1 }
        return index
    }

    private mutating func read(_ bytes: borrowing Span<UInt8>, _ start: Int, _ end: Int) {
        var index = start
        var lineStart = start
        // Bytes of this line that begin no character.
        var trailing = 0
        while index < end {
            let byte = bytes[index]
            if byte &- 0x30 < 0x4B, index &+ 16 <= end, let word = FoldedWord(bytes, index) {
                phrases.look(word)
                others.look(word)
                let stop = index &+ word.length
                endWord(index, stop, units: 2)
                index = bytes[stop] == 0x20 ? stop &+ 1 : stop
                continue
            }
            if byte == 0x20 {
                index += 1
            } else if byte < 0x80 {
                if LetterWord.letter(byte) != nil {
                    readWord(bytes, &index, end, &trailing)
                } else {
                    if byte == 0x0A {
                        if index - lineStart - trailing < Self.wrappedLine { endSentence() }
                        (lineStart, trailing) = (index + 1, 0)
                    } else {
                        punctuation(UInt32(byte), bytes, index + 1, end)
                    }
                    index += 1
                }
            } else {
                let (scalar, length) = letters.read(bytes, index)
                if PlainLetters.isCharacterWord(scalar) {
                    var block: UInt64 = 0
                    for place in 0..<length { block |= UInt64(bytes[index + place]) << UInt64(place * 8) }
                    let key = WordHash.finish(WordHash.step(WordHash.start, block))
                    phrases.look(key)
                    others.look(key)
                    endWord(index, index + length, units: 1)
                } else if PlainLetters.isLetter(scalar) {
                    readWord(bytes, &index, end, &trailing)
                    continue
                } else {
                    punctuation(scalar, bytes, index + length, end)
                }
                index += length
                trailing += length - 1
            }
        }
    }

    private mutating func readWord(
        _ bytes: borrowing Span<UInt8>,
        _ index: inout Int,
        _ end: Int,
        _ trailing: inout Int
    ) {
        let start = index
        let word = LetterWord(bytes, start, end, letters)
        others.look(word)
        phrases.look(word)
        index = word.end
        trailing += word.trailing
        endWord(start, index, units: 2)
    }

    private mutating func punctuation(_ scalar: UInt32, _ bytes: borrowing Span<UInt8>, _ next: Int, _ end: Int) {
        switch scalar {
        case 0x3F, 0xFF1F, 0x61F:
            result.hasQuestion = true
            if wordsInSentence > 0 { result.questions.append(sentence) }
            endSentence()
        case 0x2E:
            // Not the point in "3.14" or "example.com", nor of an ordinal as in "seit dem 4. gesperrt".
            guard next < end else { return endSentence() }
            if next >= 2, bytes[next - 2] &- 0x30 < 10, next + 1 < end, bytes[next] == 0x20,
                bytes[next + 1] &- 0x61 < 26
            {
                return
            }
            let isInside =
                bytes[next] < 0x80
                ? LetterWord.letter(bytes[next]) != nil : PlainLetters.isLetter(letters.read(bytes, next).scalar)
            if !isInside { endSentence() }
        case 0x21, 0x3B, 0x3002, 0xFF01, 0x2026: endSentence()
        default: break
        }
    }

    private mutating func endSentence() {
        if wordsInSentence > 0 { (sentence, sentenceStart) = (sentence + 1, result.words) }
        wordsInSentence = 0
        phrases.endSentence()
        others.endSentence()
    }

    @inline(__always)
    private mutating func endWord(_ start: Int, _ end: Int, units: Int32) {
        let edge = PhraseHit.Edge(word: result.words, position: position, byte: Int32(start))
        phrases.endWord(edge, Int32(end), sentence, sentenceStart)
        others.endWord(edge, Int32(end), sentence, sentenceStart)
        result.words += 1
        position += units
        wordsInSentence += 1
        if wordsInSentence >= Self.longestSentence { endSentence() }
    }
}

extension PhraseScanner<NoPhrases> {
    /// - Parameters:
    ///   - languages: Bits of the languages whose words count.
    ///   - head: Bytes that are read from the beginning.
    ///   - tail: Bytes that are read from the end of a longer text, where a letter says what it asks for.
    static func scan(_ text: String, _ table: UrgencyTable, languages: UInt32, head: Int, tail: Int) -> ScannedText {
        var scanner = PhraseScanner(TablePhrases(table, languages), NoPhrases(), text)
        scanner.read(text, head: head, tail: tail)
        return scanner.result.with(scanner.phrases.hits)
    }
}

extension PhraseScanner<TablePhrases> {
    /// What a text says in the phrases of each of two tables.
    static func scan(
        _ text: String,
        _ table: (UrgencyTable, languages: UInt32),
        _ other: (UrgencyTable, languages: UInt32),
        head: Int,
        tail: Int
    ) -> (ScannedText, ScannedText) {
        let others = TablePhrases(other.0, other.languages)
        var scanner = PhraseScanner(TablePhrases(table.0, table.languages), others, text)
        scanner.read(text, head: head, tail: tail)
        return (scanner.result.with(scanner.phrases.hits), scanner.result.with(scanner.others.hits))
    }
}
