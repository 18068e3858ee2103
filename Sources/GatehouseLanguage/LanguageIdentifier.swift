package import GatehouseCore
import Glibc

/// Tells the language of a text: first by its script, then by a linear model over character sequences.
///
/// A value is cheap to make and to copy; the table is part of the program.
package struct LanguageIdentifier: Sendable {
    /// Bytes of the text that are read.
    package static let limit = 4096
    /// Bytes that are read first, and then: more only where they leave a doubt.
    private static let looks = [384, 1024, limit]
    /// A lead of this many nats ends the reading: what follows can hardly turn it.
    private static let decided: Float = 30
    /// Words between two looks at the lead.
    private static let wordsPerLook = 16

    private let model: LanguageModel
    /// For each section of the model what is added to its classes' scores.
    private let preferences: [[Float]]

    /// - Parameters:
    ///   - preferred: Languages to expect, such as those of the desk's customers; empty: none is more likely.
    ///   - preference: How much likelier each of them is than another, as the logarithm of the odds.
    package init(preferred: Set<String> = [], preference: Double = 1.5) {
        model = .builtIn
        preferences = model.sections.map { section in
            zip(section.names, section.biases).map { $1 + (preferred.contains($0) ? Float(preference) : 0) }
        }
    }

    /// The language of `text`; `und` with confidence 0 where nothing in it is language.
    package func identify(_ text: String) -> LanguageResult {
        // The beginning of a long text nearly always settles it.
        for limit in Self.looks.dropLast() {
            let (result, isSettled) = look(text, limit)
            if text.utf8.count <= limit || isSettled { return result }
        }
        return look(text, Self.limit).result
    }

    /// The language by the first `limit` bytes, and whether more of them would say the same.
    private func look(_ text: String, _ limit: Int) -> (result: LanguageResult, isSettled: Bool) {
        let cleaned = CleanedText(FoldedText.scalars(of: text, limit: limit))
        let script = cleaned.mainScript
        if limit > Self.looks[0] {
            let result = identify(cleaned, script).result
            return (result, result.confidence >= 0.99)
        }
        let (result, isDecided) = identify(cleaned, script)
        return (result, isDecided && script == .latin && isMostlyASCII(text, limit, Self.looks[1]))
    }

    /// Whether what follows is in the Latin script too, as far as the second look would see.
    private func isMostlyASCII(_ text: String, _ start: Int, _ end: Int) -> Bool {
        let bytes = text.utf8.span
        var others = 0
        for index in start..<max(start, min(end, bytes.count)) { others += Int(bytes[index] >> 7) }
        return others * 8 < end - start
    }

    private func identify(_ cleaned: CleanedText, _ script: Script) -> (result: LanguageResult, isDecided: Bool) {
        switch script {
        case .none: return (LanguageResult(tag: "und", confidence: 0), false)
        case .han, .kana: return (chinese(cleaned), false)
        case .latin, .cyrillic, .arabic, .devanagari: return classify(cleaned, script)
        default:
            let tag = script.onlyLanguage
            return (LanguageResult(tag: tag ?? "und", confidence: tag == nil ? 0 : 0.99), false)
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

    /// - Returns: Also whether one language led so far that the rest was not read.
    private func classify(_ cleaned: CleanedText, _ script: Script) -> (result: LanguageResult, isDecided: Bool) {
        guard let place = model.sections.firstIndex(where: { $0.script == script }) else {
            return (LanguageResult(tag: "und", confidence: 0), false)
        }
        let section = model.sections[place]
        var sums = [SIMD8<Int32>](repeating: .zero, count: section.stride / 8)
        var features: [UInt32] = []
        features.reserveCapacity(256)
        var words = 0
        var isDecided = false
        for word in cleaned.words where word.script == script {
            features.removeAll(keepingCapacity: true)
            WordFeatures.append(cleaned.scalars[word.start..<word.end], to: &features)
            section.add(features, to: &sums)
            words += 1
            if words % Self.wordsPerLook == 0, lead(sums, section) > Self.decided {
                isDecided = true
                break
            }
        }
        guard words > 0 else { return (LanguageResult(tag: "und", confidence: 0), false) }
        return (result(sums, section, preferences[place]), isDecided)
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
    private func result(
        _ sums: [SIMD8<Int32>],
        _ section: LanguageModel.Section,
        _ preferences: [Float]
    ) -> LanguageResult {
        var scores = section.names.indices.map { index in
            Float(sums[index / 8][index % 8]) * section.scale + preferences[index]
        }
        var ranked: [Int] = []
        for index in scores.indices {
            let place = ranked.firstIndex { scores[$0] < scores[index] } ?? ranked.count
            guard place < 4 else { continue }
            if ranked.count == 4 { ranked.removeLast() }
            ranked.insert(index, at: place)
        }
        guard let first = ranked.first else { return LanguageResult(tag: "und", confidence: 0) }
        let top = scores[first]
        var total: Float = 0
        for index in scores.indices {
            // What is less than a Float's last digit of the sum is not worth its exponential.
            scores[index] = scores[index] - top < -20 ? 0 : expf(scores[index] - top)
            total += scores[index]
        }
        let candidates = ranked.dropFirst().map { index in
            LanguageCandidate(tag: section.names[index], confidence: Double(scores[index] / total))
        }
        return LanguageResult(
            tag: section.names[first],
            confidence: min(Double(scores[first] / total), 0.999),
            candidates: candidates.filter { $0.confidence >= 0.001 }
        )
    }
}
