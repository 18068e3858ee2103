package import GatehouseCore
import GatehouseLanguage

/// Says of each message in which language it is and how urgent, and why. Pure: no file, no clock, no network.
package struct Triage: Sendable {
    /// UTF-8 bytes from the beginning of a text that the urgency rules read, and from its end where it is longer than both:
    /// a letter says what it is about at one of the two.
    static let head = 8 * 1024
    static let tail = 2 * 1024

    private let configuration: TriageConfiguration
    private let identifier: LanguageIdentifier
    private let tables: TriageRules

    package init(configuration: TriageConfiguration = .init()) {
        self.configuration = configuration
        identifier = LanguageIdentifier(
            preferred: configuration.languages,
            preference: configuration.languagePreference
        )
        tables = .builtIn
    }

    /// Sets `envelope.data.triage`.
    package func assess(_ envelope: inout Envelope) {
        let texts = MessageTexts(envelope.data)
        let language = language(of: texts, hint: envelope.data.callback?.language)
        let urgency = urgency(of: texts, in: language, automation: envelope.data.automated)
        var result = TriageResult(rulesVersion: tables.version, language: language, urgency: urgency)
        if let route = route(envelope.data.channel, language, urgency) {
            result.queue = route.queue
            result.tags = route.tags
        }
        result.obey(envelope.data.mail?.control)
        envelope.data.triage = result
    }

    /// What takes secrets out, before `assess`.
    /// - Parameter key: Of the digests by which the same secret is found again.
    package func redactor(key: [UInt8]?) -> SecretRedactor {
        SecretRedactor(key: key, masksProbable: configuration.masksProbableSecrets)
    }

    private func language(of texts: MessageTexts, hint: String?) -> LanguageResult {
        var result = identifier.identify(texts.body)
        // A short "see attachment" says less than the subject over it.
        if result.confidence < 0.6, let subject = texts.subject {
            result = identifier.identify(subject + "\n" + texts.body)
        }
        guard result.confidence < configuration.minimumLanguageConfidence else { return result }
        if let hint, !hint.isEmpty { return LanguageResult(tag: hint, confidence: 0.5, candidates: result.candidates) }
        guard result.tag != "und" else { return result }
        let guess = LanguageCandidate(tag: result.tag, confidence: result.confidence)
        return LanguageResult(tag: "und", confidence: 0, candidates: [guess] + result.candidates.prefix(2))
    }

    private func urgency(of texts: MessageTexts, in language: LanguageResult, automation: Automation) -> UrgencyResult {
        var matcher = UrgencyMatcher(tables)
        let languages = languageBits(language)
        // What a machine sends is about somebody's message, not an emergency of its own.
        let isAutomated = automation != .no
        func read(_ text: String?, _ place: TextPlace, tail: Int = 0) {
            guard let text, !text.isEmpty else { return }
            let scanned = PhraseScanner.scan(text, tables.table, languages: languages, head: Self.head, tail: tail)
            matcher.read(scanned, at: place)
        }
        read(texts.subject, isAutomated ? .uncounted("quoted") : .subject)
        read(texts.body, isAutomated ? .uncounted("quoted") : .body, tail: Self.tail)
        // Only looked at to say that they don't count.
        read(texts.quote, .uncounted("quoted"))
        read(texts.signature, .uncounted("signature"))
        if isAutomated { return UrgencyResult(level: .low, score: 10, reasons: [], notCounted: matcher.notCounted) }
        return UrgencyScore.result(of: matcher)
    }

    /// The languages whose words count: what the text may be in, and English, which is mixed into all of them.
    private func languageBits(_ language: LanguageResult) -> UInt32 {
        var bits = tables.table.languageBit(language.tag)
        for candidate in language.candidates where candidate.confidence >= 0.05 {
            bits |= tables.table.languageBit(candidate.tag)
        }
        // No table, or no certainty: the words of all, since related languages share many.
        if bits == 0 || language.confidence < 0.5 { return .max }
        return bits | tables.table.languageBit("en")
    }

    private func route(
        _ channel: Channel,
        _ language: LanguageResult,
        _ urgency: UrgencyResult
    ) -> TriageConfiguration.Route? {
        configuration.routes.first { route in
            (route.level == nil || route.level == urgency.level) && (route.channel == nil || route.channel == channel)
                && (route.language == nil || language.tag == route.language
                    || language.tag.hasPrefix((route.language ?? "") + "-"))
        }
    }
}

/// Level and points from what the rules found.
enum UrgencyScore {
    /// The lowest and highest score of a level.
    static func band(_ level: UrgencyLevel) -> ClosedRange<Int> {
        switch level {
        case .critical: 80...100
        case .high: 55...79
        case .normal: 20...54
        case .low: 0...19
        }
    }

    /// The highest rule sets the level and the points, each further one adds 3, pressing words 5, within the level's band.
    static func result(of matcher: UrgencyMatcher) -> UrgencyResult {
        let level = matcher.level ?? .normal
        // A word of thanks lowers nothing: only a message that says nothing else is low.
        let best = matcher.reasons.map(\.points).max() ?? 30
        let others = max(0, matcher.reasons.count - 1) * 3
        let score = min(100, best + others + (matcher.isPressing && level > .low ? 5 : 0))
        let limits = band(level)
        return UrgencyResult(
            level: level,
            score: max(limits.lowerBound, min(limits.upperBound, score)),
            reasons: matcher.reasons,
            notCounted: matcher.notCounted
        )
    }
}
