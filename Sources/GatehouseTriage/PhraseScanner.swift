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

    fileprivate init(_ text: String) { self.text = text }

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

/// Finds the table's phrases in one pass over the UTF-8: words are folded and hashed as they are read, and no word is kept.
struct PhraseScanner {
    private let table: UrgencyTable
    /// Bits of the languages whose words count.
    private let languages: UInt32
    private let words: WordReader

    private var result: ScannedText
    private var found = FoundWords()
    private var open = OpenPhrases()
    private var position: Int32 = 0
    private var sentence: Int32 = 0
    /// The number of the sentence's first word.
    private var sentenceStart: Int32 = 0
    private var wordsInSentence = 0

    /// Words of which the first that matters is one: a greeting may stand before it.
    private static let opening: Int32 = 2
    /// A sentence that never ends is cut here.
    private static let longestSentence = 160
    /// A mail wraps its sentences, a chat doesn't: only a line shorter than this, or an empty one, ends the sentence.
    private static let wrappedLine = 45

    private init(_ table: UrgencyTable, _ languages: UInt32, _ text: String) {
        self.table = table
        self.languages = languages
        words = WordReader(table: table, languages: languages)
        result = ScannedText(text)
    }

    /// - Parameters:
    ///   - head: Bytes that are read from the beginning.
    ///   - tail: Bytes that are read from the end of a longer text, where a letter says what it asks for.
    static func scan(_ text: String, _ table: UrgencyTable, languages: UInt32, head: Int, tail: Int) -> ScannedText {
        var scanner = PhraseScanner(table, languages, text)
        let bytes = text.utf8.span
        if bytes.count <= head + tail {
            scanner.read(bytes, 0, bytes.count)
        } else {
            scanner.read(bytes, 0, wordBreak(bytes, head))
            if tail > 0 {
                scanner.endSentence()
                scanner.read(bytes, wordBreak(bytes, bytes.count - tail), bytes.count)
            }
        }
        return scanner.result
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
            if byte &- 0x30 < 0x4B, index &+ 16 <= end {
                let stop = words.readShort(bytes, index, &found)
                if stop > index {
                    endWord(index, stop, units: 2)
                    index = bytes[stop] == 0x20 ? stop &+ 1 : stop
                    continue
                }
            }
            if byte == 0x20 {
                index += 1
            } else if byte < 0x80 {
                if WordReader.letter(byte) != nil {
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
                let (scalar, length) = table.letters.read(bytes, index)
                if PlainLetters.isCharacterWord(scalar) {
                    var block: UInt64 = 0
                    for place in 0..<length { block |= UInt64(bytes[index + place]) << UInt64(place * 8) }
                    let key = WordHash.finish(WordHash.step(WordHash.start, block))
                    if let word = table.word(key, languages) { found.append(word) }
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
        index = words.readLetters(bytes, start, end, &found, &trailing)
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
            if next >= 2, bytes[next - 2] &- 0x30 < 10, next + 1 < end, bytes[next] == 0x20, bytes[next + 1] &- 0x61 < 26 {
                return
            }
            let isInside =
                bytes[next] < 0x80
                ? WordReader.letter(bytes[next]) != nil : PlainLetters.isLetter(table.letters.read(bytes, next).scalar)
            if !isInside { endSentence() }
        case 0x21, 0x3B, 0x3002, 0xFF01, 0x2026: endSentence()
        default: break
        }
    }

    private mutating func endSentence() {
        if wordsInSentence > 0 { (sentence, sentenceStart) = (sentence + 1, result.words) }
        wordsInSentence = 0
        open.removeAll()
    }

    @inline(__always)
    private mutating func endWord(_ start: Int, _ end: Int, units: Int32) {
        if found.count == 0 {
            open.removeAll()
        } else {
            follow(PhraseHit.Edge(word: result.words, position: position, byte: Int32(start)), end: Int32(end))
            found.count = 0
        }
        result.words += 1
        position += units
        wordsInSentence += 1
        if wordsInSentence >= Self.longestSentence { endSentence() }
    }

    /// Leads the open phrases on by the words that were found, and opens new ones.
    private mutating func follow(_ first: PhraseHit.Edge, end: Int32) {
        let last = PhraseHit.Edge(word: first.word, position: first.position, byte: end)
        for index in 0..<open.count {
            let continuations = open[index].continuations
            for place in 0..<found.count where found.words[place].continues {
                let number = found.words[place].number
                // Nearly every pair ends here, without a look into the large table.
                guard continuations & UrgencyTable.continuation(number) != 0 else { continue }
                let step = WordHash.ofStep(open[index].state, number)
                if let state = table.steps.value(of: step) { reach(state, open[index].first, last) }
            }
        }
        for place in 0..<found.count {
            let state = found.words[place].start
            if state != 0 { reach(state, first, last) }
        }
        open.turn()
    }

    @inline(__always)
    private mutating func reach(_ state: UInt32, _ first: PhraseHit.Edge, _ last: PhraseHit.Edge) {
        let (concepts, continuations) = table.concepts(at: state, languages)
        if concepts != 0 {
            if result.hits.isEmpty { result.hits.reserveCapacity(32) }
            let opens = first.word - sentenceStart < Self.opening
            result.hits.append(
                PhraseHit(concepts: concepts, sentence: sentence, opensSentence: opens, first: first, last: last)
            )
        }
        if continuations != 0 { open.appendNext(.init(state: state, first: first, continuations: continuations)) }
    }
}
