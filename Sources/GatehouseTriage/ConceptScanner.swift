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
    private let table: ConceptTable
    /// Words so far that may go on to be a phrase.
    private var open: [(state: UInt32, first: Int)] = []
    private var found: [UInt32] = []

    /// Phrases that may be open at once; more means a text made of one word.
    private static let mostOpen = 24
    /// Beginnings shorter than this are not in the table, except in scripts of characters.
    private static let shortestBeginning = 2
    private static let longestWord = 40

    init(_ table: ConceptTable) { self.table = table }

    /// - Parameter languages: Bits of the languages whose words count.
    mutating func hits(in text: TokenisedText, languages: UInt32) -> [ConceptHit] {
        var hits: [ConceptHit] = []
        open.removeAll(keepingCapacity: true)
        var sentence: Int32 = -1
        for index in text.tokens.indices {
            let token = text.tokens[index]
            if token.sentence != sentence {
                open.removeAll(keepingCapacity: true)
                sentence = token.sentence
            }
            look(up: token, in: text)
            guard !found.isEmpty else {
                open.removeAll(keepingCapacity: true)
                continue
            }
            if open.count < Self.mostOpen { open.append((0, index)) }
            let before = open
            open.removeAll(keepingCapacity: true)
            for (state, first) in before {
                for word in found {
                    guard let next = table.steps.value(of: ConceptTable.stepKey(state, word)) else { continue }
                    if open.count < Self.mostOpen { open.append((next, first)) }
                    for meaning in table.meanings[Int(next)] where meaning.languages & languages != 0 {
                        hits.append(
                            ConceptHit(concepts: meaning.concepts, first: first, last: index, sentence: sentence)
                        )
                    }
                }
            }
        }
        return hits
    }

    /// The table's words that the token is or begins with.
    private mutating func look(up token: TokenisedText.Token, in text: TokenisedText) {
        found.removeAll(keepingCapacity: true)
        look(from: Int(token.start), to: Int(token.end), text)
        // Arabic writes "and", "with", "for" and the article onto the word.
        let first = text.scalars[Int(token.start)]
        guard first >= 0x620, first < 0x700 else { return }
        var start = Int(token.start)
        let end = Int(token.end)
        if end - start > 3, [0x648, 0x641].contains(text.scalars[start]) {
            start += 1
            look(from: start, to: end, text)
        }
        if end - start > 3, [0x628, 0x644, 0x643].contains(text.scalars[start]) {
            look(from: start + 1, to: end, text)
            if text.scalars[start + 1] == 0x644 || text.scalars[start + 1] == 0x627 { start += 1 }
        }
        if end - start > 4, text.scalars[start] == 0x627, text.scalars[start + 1] == 0x644 {
            look(from: start + 2, to: end, text)
        } else if end - start > 3, text.scalars[start] == 0x644, start > Int(token.start) {
            look(from: start + 1, to: end, text)
        }
    }

    private mutating func look(from start: Int, to end: Int, _ text: TokenisedText) {
        var hash = WordHash.start
        var length = 0
        let stop = min(end, start + Self.longestWord)
        for index in start..<stop {
            let scalar = text.scalars[index]
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
