import GatehouseCore
import GatehouseLanguage

/// Accuracy, calibration and speed of the language model.
enum LanguageEvaluation {
    private struct Score {
        /// Right answers in a hundred, for each language.
        var accuracies: [Double] = []
        /// Texts, right ones and confidence by tenths of confidence.
        var bins = [(texts: Double, right: Double, confidence: Double)](repeating: (0, 0, 0), count: 10)
        var texts = 0
        var seconds = 0.0

        var accuracy: Double { accuracies.reduce(0, +) / Double(max(1, accuracies.count)) }

        /// Mean distance of confidence and accuracy over the tenths, weighed by their texts; in a hundred.
        var calibrationError: Double {
            bins.map { abs($0.right - $0.confidence) }.reduce(0, +) / Double(max(1, texts)) * 100
        }
    }

    static func run(folder: String) {
        print("| set | accuracy | calibration error | texts/s |")
        print("|---|---|---|---|")
        let identifier = LanguageIdentifier()
        var texts = 0
        for set in EvaluationFiles.names(in: folder) {
            for kind in ["word", "pair", "sentence"] {
                var score = Score()
                for tag in EvaluationFiles.names(in: "\(folder)/\(set)") {
                    let lines = EvaluationFiles.lines("\(folder)/\(set)/\(tag)/\(kind).txt")
                    if !lines.isEmpty { measure(lines, tag, identifier, &score) }
                }
                guard score.texts > 0 else { continue }
                texts += score.texts
                let figures = [score.accuracy, score.calibrationError].map { Evaluate.decimal($0, 1) }
                let rate = Int(Double(score.texts) / max(score.seconds, 1e-9) / 1000) * 1000
                print("| \(set), \(kind) | \(figures[0]) | \(figures[1]) | \(rate) |")
            }
        }
        if texts == 0 { Evaluate.fail("no texts in \(folder)", 66) }
    }

    private static func measure(
        _ lines: [String],
        _ tag: String,
        _ identifier: LanguageIdentifier,
        _ score: inout Score
    ) {
        let start = Evaluate.processorTime
        let results = lines.map { identifier.identify($0) }
        score.seconds += Evaluate.processorTime - start
        var right = 0
        for result in results {
            let isRight = main(result.tag) == main(tag)
            right += isRight ? 1 : 0
            let bin = min(9, max(0, Int(result.confidence * 10)))
            score.bins[bin].texts += 1
            score.bins[bin].right += isRight ? 1 : 0
            score.bins[bin].confidence += result.confidence
        }
        score.texts += lines.count
        score.accuracies.append(Double(right) * 100 / Double(lines.count))
    }

    /// The tag without its script; Nynorsk and Bokmål are one.
    private static func main(_ tag: String) -> String {
        let main = String(tag.prefix { $0 != "-" })
        return main == "nn" || main == "nb" ? "no" : main
    }
}
