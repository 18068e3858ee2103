package import GatehouseCore
import Glibc

/// Tells the language of a text: first by its script, then by a linear model over character sequences.
///
/// A value is cheap to make and to copy; the table is part of the program.
package struct LanguageIdentifier: Sendable {
    /// Bytes of the text that are read.
    package static let limit = 4096
    /// Bytes that are read first; the rest only where they leave a doubt.
    private static let firstLook = 1024
    /// A lead of this many nats ends the reading: what follows can hardly turn it.
    private static let decided: Float = 30
    /// Words between two looks at the lead.
    private static let wordsPerLook = 16

    private let model: LanguageModel
    private let preferred: Set<String>
    private let preference: Float

    /// - Parameters:
    ///   - preferred: Languages to expect, such as those of the desk's customers; empty: none is more likely.
    ///   - preference: How much likelier each of them is than another, as the logarithm of the odds.
    package init(preferred: Set<String> = [], preference: Double = 1.5) {
        model = .builtIn
        self.preferred = preferred
        self.preference = Float(preference)
    }

    /// The language of `text`; `und` with confidence 0 where nothing in it is language.
    package func identify(_ text: String) -> LanguageResult {
        // The beginning of a long text nearly always settles it.
        let first = identify(text, limit: Self.firstLook)
        return text.utf8.count <= Self.firstLook || first.confidence >= 0.99 ? first : identify(text, limit: Self.limit)
    }

    private func identify(_ text: String, limit: Int) -> LanguageResult {
        let cleaned = CleanedText(FoldedText.scalars(of: text, limit: limit))
        let script = cleaned.mainScript
        switch script {
        case .none: return LanguageResult(tag: "und", confidence: 0)
        case .han, .kana: return chinese(cleaned)
        case .latin, .cyrillic, .arabic, .devanagari: return classify(cleaned, script)
        default:
            return LanguageResult(tag: script.onlyLanguage ?? "und", confidence: script.onlyLanguage == nil ? 0 : 0.99)
        }
    }

    /// Kana make it Japanese; without them the characters say which Chinese. A single の in a Chinese text does not.
    private func chinese(_ cleaned: CleanedText) -> LanguageResult {
        let kana = cleaned.letters[Int(Script.kana.rawValue)]
        let han = cleaned.letters[Int(Script.han.rawValue)]
        if kana * 10 > han { return LanguageResult(tag: "ja", confidence: 0.99) }
        let variant = HanVariants.tag(of: cleaned.scalars, in: model.section(for: .han))
        return LanguageResult(tag: variant.tag, confidence: variant.confidence)
    }

    private func classify(_ cleaned: CleanedText, _ script: Script) -> LanguageResult {
        guard let section = model.section(for: script) else { return LanguageResult(tag: "und", confidence: 0) }
        var sums = [SIMD8<Int32>](repeating: .zero, count: section.stride / 8)
        var features: [UInt32] = []
        features.reserveCapacity(256)
        var words = 0
        for word in cleaned.words where word.script == script {
            features.removeAll(keepingCapacity: true)
            WordFeatures.append(cleaned.scalars[word.start..<word.end], to: &features)
            section.add(features, to: &sums)
            words += 1
            if words % Self.wordsPerLook == 0, lead(sums, section) > Self.decided { break }
        }
        guard words > 0 else { return LanguageResult(tag: "und", confidence: 0) }
        return result(sums, section)
    }

    /// How far the best class is before the second, in nats.
    private func lead(_ sums: [SIMD8<Int32>], _ section: LanguageModel.Section) -> Float {
        var best = Int32.min
        var second = Int32.min
        for index in section.names.indices {
            let sum = sums[index / 8][index % 8]
            if sum > best {
                second = best
                best = sum
            } else if sum > second {
                second = sum
            }
        }
        return Float(best &- second) * section.scale
    }

    /// Softmax over the sums, with the preference for expected languages.
    private func result(_ sums: [SIMD8<Int32>], _ section: LanguageModel.Section) -> LanguageResult {
        var scores = section.names.indices.map { index in
            Float(sums[index / 8][index % 8]) * section.scale + section.biases[index]
                + (preferred.contains(section.names[index]) ? preference : 0)
        }
        let top = scores.max() ?? 0
        var total: Float = 0
        for index in scores.indices {
            scores[index] = expf(scores[index] - top)
            total += scores[index]
        }
        let ranked = scores.indices.sorted { (scores[$0], $1) > (scores[$1], $0) }
        let best = ranked.prefix(4).map { index in
            LanguageCandidate(tag: section.names[index], confidence: Double(scores[index] / total))
        }
        guard let first = best.first else { return LanguageResult(tag: "und", confidence: 0) }
        let candidates = best.dropFirst().filter { $0.confidence >= 0.001 }
        return LanguageResult(tag: first.tag, confidence: min(first.confidence, 0.999), candidates: Array(candidates))
    }
}
