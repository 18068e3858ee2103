import GatehouseCore

/// Stretches of one language, and which of them the customer wrote.
struct LanguageRuns {
    private struct Run {
        var tag: String
        /// Words of the text, by number.
        var first: Int
        var last: Int
        var words: Int
        var letters: Int
        var weight: Double
        var isIntroduced: Bool
    }

    /// A run of less is a name, a title or a chance.
    private static let fewestWords = 3
    private static let fewestLetters = 9
    /// Of a script that isn't Latin, fewer letters say enough.
    private static let fewestOwnLetters = 4

    // How much a letter counts in the choice of the main language.
    private static let pastedWeight = 0.05
    private static let introducedWeight = 0.5
    private static let introducedEnglishWeight = 0.2
    /// Error messages, interfaces and products are English; who can write English all along writes no other language.
    private static let englishWeight = 0.5
    /// People say first what they want, in their own words.
    private static let firstWeight = 1.5

    private let words: [SpanReader.Word]
    /// By word.
    private let wordTags: [String]
    private var runs: [Run] = []

    init(_ reader: borrowing SpanReader) {
        words = reader.words
        wordTags = reader.words.map { reader.tag(of: $0.found) }
        var open: [Script: Int] = [:]
        for (number, word) in words.enumerated() where !wordTags[number].isEmpty {
            let letters = Int(word.end - word.start)
            let weight = Double(letters * word.script.weight) * (word.isPasted ? Self.pastedWeight : 1)
            // A run goes on over words of another script, such as a product's name.
            let script = word.script == .kana ? .han : word.script
            if let place = open[script], runs[place].tag == wordTags[number] {
                runs[place].last = number
                runs[place].words += 1
                runs[place].letters += letters
                runs[place].weight += weight
            } else {
                open[script] = runs.count
                runs.append(
                    Run(
                        tag: wordTags[number],
                        first: number,
                        last: number,
                        words: 1,
                        letters: letters,
                        weight: weight,
                        isIntroduced: word.isIntroduced
                    )
                )
            }
        }
        runs.removeAll { !Self.counts($0, words[$0.first].script) }
    }

    private static func counts(_ run: Run, _ script: Script) -> Bool {
        switch script {
        case .latin: run.words >= fewestWords && run.letters >= fewestLetters
        case .cyrillic, .arabic, .devanagari: run.words >= 2 && run.letters >= fewestOwnLetters
        default: run.letters >= fewestOwnLetters
        }
    }

    /// The languages with the customer's own first; one or none where the text is not mixed.
    var tags: [String] {
        var weights: [(tag: String, weight: Double)] = []
        for (number, run) in runs.enumerated() {
            var weight = run.weight
            if number == 0 {
                weight *= Self.firstWeight
            } else if run.isIntroduced {
                // A colon may also stand behind a label ("Transcript:") before the customer's own words.
                weight *= run.tag == "en" ? Self.introducedEnglishWeight : Self.introducedWeight
            }
            if run.tag == "en" { weight *= Self.englishWeight }
            if let place = weights.firstIndex(where: { $0.tag == run.tag }) {
                weights[place].weight += weight
            } else {
                weights.append((run.tag, weight))
            }
        }
        return weights.enumerated().sorted { one, two in
            one.element.weight != two.element.weight
                ? one.element.weight > two.element.weight : one.offset < two.offset
        }.map(\.element.tag)
    }

    /// Stretches one behind the other; a word of no run belongs to the stretch around it.
    var spans: [LanguageSpan] {
        let kept = Set(runs.map(\.tag))
        var spans: [LanguageSpan] = []
        for (word, tag) in zip(words, wordTags) where kept.contains(tag) {
            if let last = spans.indices.last, spans[last].tag == tag {
                spans[last].end = Int(word.end)
            } else {
                spans.append(LanguageSpan(start: Int(word.start), end: Int(word.end), tag: tag))
            }
        }
        return spans
    }
}
