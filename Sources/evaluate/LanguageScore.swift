/// How well the model does on the texts of one set and class.
struct LanguageScore {
    private struct Tally {
        var texts = 0
        var right = 0
        /// Right if related languages counted as one.
        var rightByGroup = 0

        static func percent(_ count: Int, of texts: Int) -> Double { Double(count) * 100 / Double(max(1, texts)) }
    }

    /// Languages that texts of a few words hardly tell apart.
    static let closeGroups = [["bs", "hr", "sr"], ["id", "ms"], ["no", "da"], ["gl", "pt", "es"], ["cs", "sk"]]
    private static let bins = 10

    private var tallies: [String: Tally] = [:]
    /// Texts, right ones and confidence by tenths of confidence.
    private var calibration = [(texts: Double, right: Double, confidence: Double)](repeating: (0, 0, 0), count: bins)
    private(set) var texts = 0
    var seconds = 0.0

    mutating func add(_ answer: String, _ confidence: Double, expected: String) {
        let (answer, expected) = (Self.main(answer), Self.main(expected))
        let isRight = answer == expected
        tallies[expected, default: Tally()].texts += 1
        if isRight { tallies[expected]?.right += 1 }
        if isRight || Self.closeGroups.contains(where: { $0.contains(answer) && $0.contains(expected) }) {
            tallies[expected]?.rightByGroup += 1
        }
        texts += 1
        // "Don't know" claims nothing.
        guard answer != "und" else { return }
        let bin = min(Self.bins - 1, max(0, Int(confidence * Double(Self.bins))))
        calibration[bin].texts += 1
        calibration[bin].right += isRight ? 1 : 0
        calibration[bin].confidence += confidence
    }

    var languages: [String] { tallies.keys.sorted() }

    /// Right answers in a hundred, the mean over the languages; only over those of `languages` where it is given.
    func accuracy(over languages: Set<String>? = nil) -> Double { mean(over: languages) { $0.right } }

    /// The same with the close groups as one language each.
    var accuracyByGroup: Double { mean(over: nil) { $0.rightByGroup } }

    func accuracy(of language: String) -> Double? {
        tallies[language].map { Tally.percent($0.right, of: $0.texts) }
    }

    func accuracyByGroup(of language: String) -> Double? {
        tallies[language].map { Tally.percent($0.rightByGroup, of: $0.texts) }
    }

    /// Mean distance of confidence and accuracy over the tenths, weighed by their texts; in a hundred.
    var calibrationError: Double {
        let told = calibration.map(\.texts).reduce(0, +)
        return calibration.map { abs($0.right - $0.confidence) }.reduce(0, +) / max(1, told) * 100
    }

    var textsPerSecond: Int { Int(Double(texts) / max(seconds, 1e-9) / 1000) * 1000 }

    private func mean(over languages: Set<String>?, _ right: (Tally) -> Int) -> Double {
        // In a fixed order, so that the last digit is always the same.
        let chosen = tallies.sorted { $0.key < $1.key }.filter { languages?.contains($0.key) ?? true }
        let sum = chosen.reduce(0.0) { $0 + Tally.percent(right($1.value), of: $1.value.texts) }
        return sum / Double(max(1, chosen.count))
    }

    /// The tag without its script; Nynorsk and Bokmål are one, and so are Filipino and Tagalog.
    static func main(_ tag: String) -> String {
        let main = String(tag.prefix { $0 != "-" })
        return main == "nn" || main == "nb" ? "no" : main == "fil" ? "tl" : main
    }
}
