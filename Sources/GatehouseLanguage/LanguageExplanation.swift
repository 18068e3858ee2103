import GatehouseCore

/// Which pieces of a text spoke for its language.
package struct LanguageExplanation: Sendable {
    package struct Piece: Sendable {
        /// A word, or a sequence of letters of one, with `_` for the word's boundary.
        package var text: String
        /// What it says for the language against the next best, in nats.
        package var nats: Double
    }

    package var script: String
    package var words: Int
    /// The language against which was weighed; nil where the script alone decided.
    package var rival: String?
    /// The weightiest first.
    package var pieces: [Piece]
}

extension LanguageIdentifier {
    /// Words of a text that are explained.
    private static let explainedWords = 200

    /// Weighs each word of the text, and each sequence of letters in it, for `tag` against its strongest rival.
    package func explain(_ text: String, as tag: String) -> LanguageExplanation {
        let ranking = rank(text)
        let words = TextWords.words(of: text)
        let script = words.first?.first.map(Script.of) ?? .none
        var explanation = LanguageExplanation(script: "\(script)", words: words.count, rival: nil, pieces: [])
        let others = [ranking.tag] + ranking.result.candidates.map(\.tag)
        guard let section = model.section(for: script), let own = section.names.firstIndex(of: tag),
            let rival = others.compactMap({ section.names.firstIndex(of: $0) }).first(where: { $0 != own })
                ?? Self.rival(of: own, words, section)
        else { return explanation }
        explanation.rival = section.names[rival]
        var pieces: [String: Double] = [:]
        for word in words.prefix(Self.explainedWords) {
            for (piece, sums) in section.weights.pieces(of: word) {
                pieces[piece, default: 0] += Double(Float(sums[own] &- sums[rival]) * section.scale)
            }
        }
        explanation.pieces = pieces.map { LanguageExplanation.Piece(text: $0.key, nats: $0.value) }.sorted { one, two in
            abs(one.nats) != abs(two.nats) ? abs(one.nats) > abs(two.nats) : one.text < two.text
        }
        return explanation
    }

    /// The class that comes nearest where no candidate is worth naming.
    private static func rival(of own: Int, _ words: [[UInt32]], _ section: LanguageModel.Section) -> Int? {
        var sums = ClassSums()
        var features = WordFeatures()
        for word in words.prefix(explainedWords) {
            features.read(word.span, 0, word.count)
            sums.add(section.weights.sums(of: &features))
        }
        return section.names.indices.filter { $0 != own }.max { sums[$0] < sums[$1] }
    }
}

extension LanguageModel.Weights {
    /// What each sequence of letters says, and what the vocabulary says of the whole word.
    func pieces(of word: [UInt32]) -> [(text: String, sums: ClassSums)] {
        var features = WordFeatures()
        features.read(word.span, 0, word.count)
        var result: [(text: String, sums: ClassSums)] = []
        let letters = Array(word.prefix(WordFeatures.longestWord))
        let boundary = UInt32(0x5F)
        let bounded = [boundary] + letters + [boundary]
        var place = 0
        for start in 0...letters.count {
            let shortest = start == 0 ? 2 : 1
            let longest = min(WordFeatures.longestSequence, bounded.count - start)
            guard shortest <= longest else { continue }
            for length in shortest...longest where place < features.count {
                var sums = ClassSums()
                add(row: Int(features.hashes[place]) & mask, shift: 0, to: &sums)
                result.append((Self.text(bounded[start..<start + length]), sums))
                place += 1
            }
        }
        let group = group(of: features.key)
        if group != 0 {
            var sums = ClassSums()
            add(row: mask + 1 + group, shift: groupShift, to: &sums)
            result.append(("\(Self.text(letters[...])) (word)", sums))
        }
        return result
    }

    private static func text(_ scalars: ArraySlice<UInt32>) -> String {
        var view = String.UnicodeScalarView()
        for scalar in scalars { view.append(Unicode.Scalar(scalar) ?? "\u{FFFD}") }
        return String(view)
    }
}
