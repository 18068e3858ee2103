package import GatehouseCore
import Glibc

/// The likeliest languages of a text, in memory of its own.
package struct LanguageRanking: Sendable {
    private static let most = 4
    /// A candidate below this is not worth naming.
    private static let leastConfidence: Float = 0.001
    static let mostConfidence = 0.999
    /// With such a lead in nats all other languages of a script together are less likely than 1 − `mostConfidence`.
    private static let beyondDoubt: Float = 16

    /// Best first.
    private var tags = InlineArray<4, String>(repeating: "")
    private var confidences = InlineArray<4, Double>(repeating: 0)
    private var count = 0

    /// Nothing in the text is language.
    static let nothing = LanguageRanking("und", 0)

    init(_ tag: String, _ confidence: Double) {
        (tags[0], confidences[0], count) = (tag, confidence, 1)
    }

    /// - Parameter preferences: What is added to the classes' scores, in nats.
    init(_ sums: ClassSums, in section: LanguageModel.Section, _ preferences: LanguagePreferences) {
        let classes = min(section.names.count, ClassSums.most)
        let (best, lead) = sums.best(of: classes)
        if Float(lead) * section.scale > preferences.spread + Self.beyondDoubt {
            (tags[0], confidences[0], count) = (section.names[best], Self.mostConfidence, 1)
            return
        }
        var scores = InlineArray<48, Float>(repeating: 0)
        var ranked = InlineArray<4, Int>(repeating: 0)
        var count = 0
        for index in 0..<classes {
            scores[index] = Float(sums[index]) * section.scale + preferences.values[index]
            var place = count
            while place > 0, scores[index] > scores[ranked[place - 1]] { place -= 1 }
            guard place < Self.most else { continue }
            count = min(count + 1, Self.most)
            for later in stride(from: count - 1, to: place, by: -1) { ranked[later] = ranked[later - 1] }
            ranked[place] = index
        }
        let top = scores[ranked[0]]
        var total: Float = 0
        for index in 0..<classes {
            // What is less than a Float's last digit of the sum is not worth its exponential.
            scores[index] = scores[index] - top < -20 ? 0 : expf(scores[index] - top)
            total += scores[index]
        }
        for place in 0..<count where place == 0 || scores[ranked[place]] / total >= Self.leastConfidence {
            tags[place] = section.names[ranked[place]]
            confidences[place] = min(Double(scores[ranked[place]] / total), Self.mostConfidence)
            self.count = place + 1
        }
    }

    package var tag: String { tags[0] }
    package var confidence: Double { confidences[0] }

    /// As the envelope has it.
    package var result: LanguageResult {
        LanguageResult(
            tag: tags[0],
            confidence: confidences[0],
            candidates: count < 2
                ? [] : (1..<count).map { LanguageCandidate(tag: tags[$0], confidence: confidences[$0]) }
        )
    }
}

/// What is added to the scores of a section's classes, and how far these differ at most.
struct LanguagePreferences: Sendable {
    var values: [Float]
    var spread: Float

    init(_ section: LanguageModel.Section, preferred: Set<String>, preference: Double) {
        values = zip(section.names, section.biases).map { name, bias in
            let main = name.prefix { $0 != "-" }
            return bias + (preferred.contains(name) || preferred.contains(String(main)) ? Float(preference) : 0)
        }
        spread = (values.max() ?? 0) - (values.min() ?? 0)
    }
}
