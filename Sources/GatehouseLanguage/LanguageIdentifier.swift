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
    private static let mostConfidence = 0.999
    /// With such a lead in nats all other languages of a script together are less likely than 1 − `mostConfidence`.
    private static let beyondDoubt: Float = 16
    private static let nothing = LanguageResult(tag: "und", confidence: 0)

    private let model: LanguageModel
    /// For each section of the model.
    private let preferences: [Preferences]

    /// What is added to the scores of a section's classes, and how far these differ at most.
    private struct Preferences {
        var values: [Float]
        var spread: Float
    }

    /// - Parameters:
    ///   - preferred: Languages to expect, such as those of the desk's customers; empty: none is more likely.
    ///   - preference: How much likelier each of them is than another, as the logarithm of the odds.
    package init(preferred: Set<String> = [], preference: Double = 1.5) {
        model = .builtIn
        preferences = model.sections.map { section in
            let values = zip(section.names, section.biases).map { name, bias in
                bias + (preferred.contains(name) ? Float(preference) : 0)
            }
            return Preferences(values: values, spread: (values.max() ?? 0) - (values.min() ?? 0))
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
        let bytes = text.utf8.span
        let end = min(bytes.count, limit)
        if ASCIIWords.count(bytes, 0, end) == end {
            let (result, isDecided) = classify(ascii: bytes, end)
            if limit > Self.looks[0] { return (result, result.confidence >= 0.99) }
            return (result, isDecided && isMostlyASCII(text, limit, Self.looks[1]))
        }
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
        let stop = max(start, min(end, bytes.count))
        return (stop - start - ASCIIWords.count(bytes, start, stop)) * 8 < end - start
    }

    private func identify(_ cleaned: CleanedText, _ script: Script) -> (result: LanguageResult, isDecided: Bool) {
        switch script {
        case .none: return (Self.nothing, false)
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
            return (Self.nothing, false)
        }
        var tally = LanguageTally(model.sections[place])
        let scalars = cleaned.scalars.span
        for word in cleaned.words where word.script == script {
            if tally.add(scalars, word.start, word.end) { break }
        }
        return (result(tally, preferences[place]), tally.isDecided)
    }

    /// The same for the first `end` bytes of a text that are all ASCII: its words are Latin ones, and none is kept.
    private func classify(
        ascii bytes: borrowing Span<UInt8>,
        _ end: Int
    ) -> (result: LanguageResult, isDecided: Bool) {
        guard let place = model.sections.firstIndex(where: { $0.script == .latin }) else {
            return (Self.nothing, false)
        }
        var tally = LanguageTally(model.sections[place])
        let text = FoldedText.ascii(bytes, end)
        let letters = text.span
        ASCIIWords.visit(letters) { first, end in tally.add(letters, first, end) }
        return (result(tally, preferences[place]), tally.isDecided)
    }

    /// Softmax over the sums, with the preference for expected languages.
    private func result(_ tally: LanguageTally, _ preferences: Preferences) -> LanguageResult {
        guard tally.words > 0 else { return Self.nothing }
        let section = tally.section
        let (best, lead) = tally.sums.best(of: section.names.count)
        if Float(lead) * section.scale > preferences.spread + Self.beyondDoubt {
            return LanguageResult(tag: section.names[best], confidence: Self.mostConfidence)
        }
        var scores = section.names.indices.map { index in
            Float(tally.sums[index]) * section.scale + preferences.values[index]
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
            confidence: min(Double(scores[first] / total), Self.mostConfidence),
            candidates: candidates.filter { $0.confidence >= 0.001 }
        )
    }
}
