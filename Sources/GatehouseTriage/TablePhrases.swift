/// What finds phrases among the words that `PhraseScanner` reads.
protocol PhraseFinding {
    mutating func look(_ word: FoldedWord)
    /// Looks a word of one character up.
    mutating func look(_ key: UInt64)
    mutating func look(_ word: LetterWord)
    mutating func endWord(_ first: PhraseHit.Edge, _ end: Int32, _ sentence: Int32, _ sentenceStart: Int32)
    mutating func endSentence()
}

/// No second table.
struct NoPhrases: PhraseFinding {
    @inline(__always)
    mutating func look(_ word: FoldedWord) {}
    @inline(__always)
    mutating func look(_ key: UInt64) {}
    @inline(__always)
    mutating func look(_ word: LetterWord) {}
    @inline(__always)
    mutating func endWord(_ first: PhraseHit.Edge, _ end: Int32, _ sentence: Int32, _ sentenceStart: Int32) {}
    @inline(__always)
    mutating func endSentence() {}
}

/// The phrases of one table.
struct TablePhrases: PhraseFinding {
    let words: WordReader
    private(set) var hits: [PhraseHit] = []
    /// Of the word that is being read.
    var found = FoundWords()
    private var open = OpenPhrases()

    /// Words of which the first that matters is one: a greeting may stand before it.
    private static let opening: Int32 = 2

    init(_ table: UrgencyTable, _ languages: UInt32) { words = WordReader(table: table, languages: languages) }

    @inline(__always)
    mutating func look(_ word: FoldedWord) { words.look(word, &found) }

    @inline(__always)
    mutating func look(_ key: UInt64) {
        if let word = words.table.word(key, words.languages) { found.append(word) }
    }

    mutating func look(_ word: LetterWord) { words.look(word, &found) }

    @inline(__always)
    mutating func endSentence() { open.removeAll() }

    /// - Parameters:
    ///   - first: The word's beginning.
    ///   - sentenceStart: The number of the sentence's first word.
    @inline(__always)
    mutating func endWord(_ first: PhraseHit.Edge, _ end: Int32, _ sentence: Int32, _ sentenceStart: Int32) {
        if found.count == 0 {
            open.removeAll()
        } else {
            follow(first, end, sentence, sentenceStart)
            found.count = 0
        }
    }

    /// Leads the open phrases on by the words that were found, and opens new ones.
    private mutating func follow(_ first: PhraseHit.Edge, _ end: Int32, _ sentence: Int32, _ sentenceStart: Int32) {
        let last = PhraseHit.Edge(word: first.word, position: first.position, byte: end)
        for index in 0..<open.count {
            let continuations = open[index].continuations
            for place in 0..<found.count where found.words[place].continues {
                let number = found.words[place].number
                // Nearly every pair ends here, without a look into the large table.
                guard continuations & UrgencyTable.continuation(number) != 0 else { continue }
                let step = WordHash.ofStep(open[index].state, number)
                if let state = words.table.steps.value(of: step) {
                    reach(state, open[index].first, last, sentence, sentenceStart)
                }
            }
        }
        for place in 0..<found.count {
            let state = found.words[place].start
            if state != 0 { reach(state, first, last, sentence, sentenceStart) }
        }
        open.turn()
    }

    @inline(__always)
    private mutating func reach(
        _ state: UInt32,
        _ first: PhraseHit.Edge,
        _ last: PhraseHit.Edge,
        _ sentence: Int32,
        _ sentenceStart: Int32
    ) {
        let (concepts, continuations) = words.table.concepts(at: state, words.languages)
        if concepts != 0 {
            if hits.isEmpty { hits.reserveCapacity(32) }
            let opens = first.word - sentenceStart < Self.opening
            hits.append(
                PhraseHit(concepts: concepts, sentence: sentence, opensSentence: opens, first: first, last: last)
            )
        }
        if continuations != 0 { open.appendNext(.init(state: state, first: first, continuations: continuations)) }
    }
}
