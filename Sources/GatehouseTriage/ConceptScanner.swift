/// A phrase of the table, found in a text.
struct ConceptHit {
    var concepts: UInt64
    /// Tokens, both included.
    var first: Int
    var last: Int
    var sentence: Int32
}

/// Finds the table's phrases: one pass over the words, a few hash look-ups for each.
struct ConceptScanner {
    /// Words so far that may go on to be a phrase.
    private typealias OpenPhrase = (state: UInt32, first: Int)

    private let table: ConceptTable

    /// Phrases that may be open at once; more means a text made of one word.
    private static let mostOpen = 24
    /// Beginnings shorter than this are not in the table.
    private static let shortestBeginning = 2
    private static let longestWord = 40

    init(_ table: ConceptTable) { self.table = table }

    /// - Parameter languages: Bits of the languages whose words count.
    func hits(in text: TokenisedText, languages: UInt32) -> [ConceptHit] {
        var hits: [ConceptHit] = []
        var open: [OpenPhrase] = []
        var next: [OpenPhrase] = []
        var found = FoundWords()
        var sentence: Int32 = -1
        for index in text.tokens.indices {
            let token = text.tokens[index]
            found.count = 0
            look(up: token, in: text.scalars, &found)
            if token.sentence != sentence || found.count == 0 { open.removeAll(keepingCapacity: true) }
            sentence = token.sentence
            guard found.count > 0 else { continue }
            if open.count < Self.mostOpen { open.append((0, index)) }
            next.removeAll(keepingCapacity: true)
            for (state, first) in open {
                for place in 0..<found.count {
                    let key = ConceptTable.stepKey(state, found.words[place])
                    guard let step = table.steps.value(of: key) else { continue }
                    if next.count < Self.mostOpen { next.append((step, first)) }
                    let concepts = table.concepts(at: step, languages)
                    guard concepts != 0 else { continue }
                    hits.append(ConceptHit(concepts: concepts, first: first, last: index, sentence: sentence))
                }
            }
            swap(&open, &next)
        }
        return hits
    }

    /// The table's words that a token is or begins with; there are never many.
    private struct FoundWords {
        var words = InlineArray<8, UInt32>(repeating: 0)
        var count = 0

        @inline(__always)
        mutating func append(_ word: UInt32) {
            guard count < 8 else { return }
            words[count] = word
            count += 1
        }
    }

    @inline(__always)
    private func look(up token: TokenisedText.Token, in scalars: [UInt32], _ found: inout FoundWords) {
        let start = Int(token.start)
        let end = Int(token.end)
        look(from: start, to: end, scalars, &found)
        let first = scalars[start]
        if first >= 0x620, first < 0x700 { lookWithoutClitics(start, end, scalars, &found) }
    }

    /// Arabic writes "and", "with", "for" and the article onto the word.
    private func lookWithoutClitics(_ first: Int, _ end: Int, _ scalars: [UInt32], _ found: inout FoundWords) {
        var start = first
        if end - start > 3, scalars[start] == 0x648 || scalars[start] == 0x641 {  // wa, fa
            start += 1
            look(from: start, to: end, scalars, &found)
        }
        if end - start > 3, scalars[start] == 0x628 || scalars[start] == 0x644 || scalars[start] == 0x643 {
            start += 1
            look(from: start, to: end, scalars, &found)
            if scalars[start] == 0x644, end - start > 3 { look(from: start + 1, to: end, scalars, &found) }  // lil-
        }
        if end - start > 4, scalars[start] == 0x627, scalars[start + 1] == 0x644 {  // al-
            look(from: start + 2, to: end, scalars, &found)
        }
    }

    @inline(__always)
    private func look(from start: Int, to end: Int, _ scalars: [UInt32], _ found: inout FoundWords) {
        var hash = WordHash.start
        var length = 0
        let stop = min(end, start + Self.longestWord)
        for index in start..<stop {
            let scalar = scalars[index]
            guard scalar != 0, scalar != 0x27 else { continue }
            hash = WordHash.step(hash, scalar)
            length += 1
            if length >= Self.shortestBeginning, let word = table.beginnings.value(of: WordHash.finish(hash)) {
                found.append(word)
            }
        }
        if stop == end, let word = table.words.value(of: WordHash.finish(hash)) { found.append(word) }
    }
}
