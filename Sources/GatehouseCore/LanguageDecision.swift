/// A language from what the text says, what is said beside it, and how sure one must be.
package enum LanguageDecision {
    /// A text that is this sure needs no hint.
    private static let sure = 0.95
    /// A language that the text doesn't speak against.
    private static let plausible = 0.02
    /// Of a hint to a text that says nothing.
    private static let hintedConfidence = 0.5

    /// How much likelier a hint makes its language.
    private static func odds(_ origin: LanguageHint.Origin) -> Double {
        switch origin {
        case .callback: 30
        case .sender: 12
        case .locale, .contentLanguage: 8
        case .acceptLanguage: 5
        }
    }

    /// - Parameters:
    ///   - minimum: Below this confidence the tag is `und`, and the guess becomes the first of the candidates.
    package static func decide(_ text: LanguageResult, _ hints: [LanguageHint], minimum: Double) -> LanguageResult {
        var result = text
        if text.confidence < sure, text.also.isEmpty, text.tag != "und" { weigh(hints, &result) }
        if result.tag == "zh", let hint = hints.first(where: { $0.tag.hasPrefix("zh-") }) {
            (result.tag, result.decidedBy) = (hint.tag, hint.origin.rawValue)
        }
        guard result.confidence < minimum || result.tag == "und" else { return result }
        // What the text can hardly be in is no help; where it says nothing, any hint is.
        let isOpen = result.tag == "und" || result.confidence < minimum
        if isOpen, let hint = hints.first {
            result.candidates = ranked(result).filter { $0.tag != "und" && $0.tag != hint.tag }
            (result.tag, result.confidence, result.decidedBy) = (hint.tag, hintedConfidence, hint.origin.rawValue)
            return result
        }
        guard result.tag != "und" else { return result }
        let candidates = ranked(result)
        result = LanguageResult(tag: "und", confidence: 0, candidates: Array(candidates.prefix(3)))
        return result
    }

    /// Makes the hinted languages likelier among those that the text may be in.
    private static func weigh(_ hints: [LanguageHint], _ result: inout LanguageResult) {
        guard !hints.isEmpty else { return }
        var ranked = ranked(result)
        let rest = max(0, 1 - ranked.map(\.confidence).reduce(0, +))
        for hint in hints {
            guard let place = ranked.firstIndex(where: { $0.tag == hint.tag }), ranked[place].confidence >= plausible
            else {
                continue
            }
            ranked[place].confidence *= odds(hint.origin)
        }
        let total = ranked.map(\.confidence).reduce(rest, +)
        guard total > 0 else { return }
        for index in ranked.indices { ranked[index].confidence /= total }
        // Stable, so that nothing changes where nothing was said.
        ranked = ranked.enumerated().sorted { one, two in
            one.element.confidence != two.element.confidence
                ? one.element.confidence > two.element.confidence : one.offset < two.offset
        }.map(\.element)
        guard let best = ranked.first else { return }
        if best.tag != result.tag {
            result.decidedBy = hints.first { $0.tag == best.tag }?.origin.rawValue
        }
        (result.tag, result.confidence) = (best.tag, min(best.confidence, 0.999))
        result.candidates = Array(ranked.dropFirst())
    }

    private static func ranked(_ result: LanguageResult) -> [LanguageCandidate] {
        [LanguageCandidate(tag: result.tag, confidence: result.confidence)] + result.candidates
    }
}
