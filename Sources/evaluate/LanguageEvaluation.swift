import GatehouseCore
import GatehouseLanguage

/// Accuracy, calibration and speed of the language model.
enum LanguageEvaluation {
    /// One class of texts in one set, such as the word pairs of `lingua`.
    struct TextSet {
        var set: String
        var kind: String
        /// Languages with their texts.
        var texts: [(tag: String, lines: [String])]

        var name: String { "\(set), \(kind)" }
    }

    private static let kinds = ["word", "pair", "sentence"]
    /// The most spoken ones among customers of such a desk, for the measure with a prior.
    static let largest: Set<String> = [
        "en", "es", "fr", "de", "it", "pt", "ru", "tr", "id", "vi", "pl", "nl", "ar", "zh", "ja", "ko", "hi", "uk",
    ]

    /// - Parameter model: A table in a file, in place of the one that was built in.
    static func run(folder: String, model path: String?) {
        let model = path.map(EvaluationFiles.model) ?? .builtIn
        let sets = textSets(in: folder)
        guard !sets.isEmpty else { Evaluate.fail("no texts in \(folder)", 66) }
        let scores = sets.map { score($0, LanguageIdentifier(model: model)) }
        printOverview(sets, scores, LanguageIdentifier(preferred: largest, preference: 1.5, model: model))
        printLanguages(sets, scores)
        printGroups(sets, scores)
        if let tatoeba = sets.first(where: { $0.set == "tatoeba" && $0.kind == "sentence" }) {
            DirtyTexts.evaluate(tatoeba, LanguageIdentifier(model: model))
            MixedTexts.evaluate(tatoeba, LanguageIdentifier(model: model))
        }
    }

    /// Texts per second of processor time, the best of five rounds over the lines of a file: `make bench`'s figure.
    static func printSpeed(file: String) {
        let texts = EvaluationFiles.lines(file)
        guard !texts.isEmpty else { Evaluate.fail("no texts in \(file)", 66) }
        let identifier = LanguageIdentifier()
        var best = 0.0
        for _ in 0..<5 {
            let start = Evaluate.processorTime
            var told = 0
            for text in texts where identifier.rank(text).confidence > 0 { told += 1 }
            guard told > 0 else { continue }
            best = max(best, Double(texts.count) / max(1e-9, Evaluate.processorTime - start))
        }
        print(Int(best))
    }

    private static func textSets(in folder: String) -> [TextSet] {
        EvaluationFiles.names(in: folder).flatMap { set in
            kinds.compactMap { kind in
                let texts = EvaluationFiles.names(in: "\(folder)/\(set)").compactMap { tag in
                    let lines = EvaluationFiles.lines("\(folder)/\(set)/\(tag)/\(kind).txt")
                    return lines.isEmpty ? nil : (tag: tag, lines: lines)
                }
                return texts.isEmpty ? nil : TextSet(set: set, kind: kind, texts: texts)
            }
        }
    }

    static func score(_ set: TextSet, _ identifier: LanguageIdentifier) -> LanguageScore {
        var score = LanguageScore()
        for (tag, lines) in set.texts {
            let start = Evaluate.processorTime
            let results = lines.map { identifier.identify($0) }
            score.seconds += Evaluate.processorTime - start
            for result in results { score.add(result.tag, result.confidence, expected: tag) }
        }
        return score
    }

    private static func printOverview(_ sets: [TextSet], _ scores: [LanguageScore], _ withPrior: LanguageIdentifier) {
        print("| set | accuracy | close groups as one | 18 largest, with prior | calibration error | texts/s |")
        print("|---|---|---|---|---|---|")
        for (set, score) in zip(sets, scores) {
            let prior = self.score(set, withPrior).accuracy(over: largest)
            let figures = [score.accuracy(), score.accuracyByGroup, prior, score.calibrationError]
            let cells = figures.map { Evaluate.decimal($0, 1) } + ["\(score.textsPerSecond)"]
            print("| \(set.name) | \(cells.joined(separator: " | ")) |")
        }
    }

    private static func printLanguages(_ sets: [TextSet], _ scores: [LanguageScore]) {
        print("\n| language | \(sets.map(\.name).joined(separator: " | ")) |")
        print("|---|" + String(repeating: "---|", count: sets.count))
        for language in Set(scores.flatMap(\.languages)).sorted() {
            let cells = scores.map { score in score.accuracy(of: language).map { Evaluate.decimal($0, 1) } ?? "" }
            print("| \(language) | \(cells.joined(separator: " | ")) |")
        }
    }

    private static func printGroups(_ sets: [TextSet], _ scores: [LanguageScore]) {
        print("\nClose groups, strictly / as one:\n\n| language | \(sets.map(\.name).joined(separator: " | ")) |")
        print("|---|" + String(repeating: "---|", count: sets.count))
        for language in LanguageScore.closeGroups.joined() {
            let cells = scores.map { score in
                guard let strict = score.accuracy(of: language), let group = score.accuracyByGroup(of: language) else {
                    return ""
                }
                return Evaluate.decimal(strict, 1) + " / " + Evaluate.decimal(group, 1)
            }
            print("| \(language) | \(cells.joined(separator: " | ")) |")
        }
    }
}
