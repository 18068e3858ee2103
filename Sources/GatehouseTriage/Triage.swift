package import GatehouseCore
import GatehouseLanguage

/// Says of each message in which language it is, how urgent, what about, what it names and what to beware of, and why. Pure: no file, no clock, no network.
package struct Triage: Sendable {
    /// UTF-8 bytes from the beginning of a text that the urgency rules read, and from its end where it is longer than both:
    /// a letter says what it is about at one of the two.
    static let head = 8 * 1024
    static let tail = 2 * 1024
    /// As `head`, of what is only read to say that it doesn't count.
    static let uncountedHead = 2 * 1024

    /// Bytes of a body in which the customer's own part is sought.
    private static let farthestPart = 64 * 1024

    private let configuration: TriageConfiguration
    private let identifier: LanguageIdentifier
    private let tables: TriageRules
    private let topics: TopicTables
    private let ownTopics: TopicTables?
    private let safety: SafetyReader
    private let routing: Routing
    /// Names every table by its digest.
    private let version: String

    package init(configuration: TriageConfiguration = .init()) {
        self.configuration = configuration
        identifier = LanguageIdentifier(
            preferred: configuration.languages,
            preference: configuration.languagePreference
        )
        tables = .builtIn
        topics = .builtIn
        ownTopics = configuration.topics.isEmpty ? nil : TopicTables(configuration.topics)
        safety = SafetyReader(configuration)
        routing = Routing(configuration)
        let own = ownTopics.map { "+own-" + $0.table.digest } ?? ""
        version = tables.version + "+topics-1-" + topics.table.digest + own
    }

    /// Sets `envelope.data.triage`.
    /// - Parameter contents: The bytes of attachments by their number, to be looked at for macros and the like.
    package func assess(_ envelope: inout Envelope, contents: [Int: [UInt8]] = [:]) {
        AttachmentReader.read(&envelope.data, contents)
        let texts = MessageTexts(envelope.data)
        let language = language(of: texts, in: envelope.data)
        let phrases = envelope.data.automated == .no ? phrases(of: texts, in: language) : nil
        let urgency = urgency(of: texts, phrases, in: language)
        var result = TriageResult(rulesVersion: version, language: language, urgency: urgency)
        let facts = FactReader(envelope.data, language: language.tag, configuration: configuration)
        var reader = TopicReader()
        result.facts = facts.facts
        if let phrases {
            read(phrases, texts, &reader)
            result.facts = merged(result.facts, times(in: reader, texts, envelope.data))
            reader.read(urgency.reasons, topics)
            result.topics = reader.topics
            result.missing = MissingFacts.find(result.topics, result.facts, envelope.data)
            let sentiment = Sentiment(reader, texts.body)
            result.sentiment = sentiment.result
            result.isVIP = routing.vip.contains(envelope.data)
            UrgencyScore.raise(&result, by: sentiment)
        }
        result.safety.flags = safety.flags(envelope.data, facts, reader, contents: contents)
        routing.apply(to: &result, envelope.data)
        result.obey(envelope.data.mail?.control)
        envelope.data.triage = result
    }

    /// What takes secrets out, before `assess`.
    /// - Parameter key: Of the digests by which the same secret is found again.
    package func redactor(key: [UInt8]?) -> SecretRedactor {
        SecretRedactor(key: key, masksProbable: configuration.masksProbableSecrets)
    }

    /// What a person's own words say in the phrases of urgency and of the topics that are built in; each text is read once.
    private struct Phrases {
        var subject: (urgency: ScannedText, topics: ScannedText)?
        var body: (urgency: ScannedText, topics: ScannedText)
    }

    private func phrases(of texts: MessageTexts, in language: LanguageResult) -> Phrases {
        func words(_ table: UrgencyTable) -> (UrgencyTable, UInt32) {
            (table, languageBits(servedLanguages(language, table), language, table))
        }
        let (urgency, topics) = (words(tables.table), words(self.topics.table))
        func scan(_ text: String, tail: Int) -> (ScannedText, ScannedText) {
            PhraseScanner.scan(text, urgency, topics, head: Self.head, tail: tail)
        }
        let subject = texts.subject.flatMap { $0.isEmpty ? nil : scan($0, tail: 0) }
        return Phrases(subject: subject, body: scan(texts.body, tail: Self.tail))
    }

    private func read(_ phrases: Phrases, _ texts: MessageTexts, _ reader: inout TopicReader) {
        if let subject = phrases.subject { reader.read(subject.topics, topics, isBody: false) }
        reader.read(phrases.body.topics, topics, isBody: true)
        guard let ownTopics else { return }
        func scan(_ text: String, tail: Int) -> ScannedText {
            PhraseScanner.scan(text, ownTopics.table, languages: .max, head: Self.head, tail: tail)
        }
        if let subject = texts.subject, !subject.isEmpty {
            reader.read(scan(subject, tail: 0), ownTopics, isBody: false)
        }
        reader.read(scan(texts.body, tail: Self.tail), ownTopics, isBody: true)
    }

    /// `times`, which are all of the body, at their places among the facts.
    private func merged(_ facts: [Fact], _ times: [Fact]) -> [Fact] {
        guard !times.isEmpty else { return facts }
        let body =
            facts.firstIndex { $0.location == "body" } ?? facts.firstIndex { $0.location != "subject" } ?? facts.count
        let end = facts[body...].firstIndex { $0.location != "body" } ?? facts.count
        let sorted = (facts[body..<end] + times).sorted { $0.start < $1.start }
        return facts[..<body] + sorted + facts[end...]
    }

    /// Days named in words, such as "last night", where the text is the envelope's own and places in it count.
    private func times(in reader: TopicReader, _ texts: MessageTexts, _ data: borrowing MessageData) -> [Fact] {
        guard !reader.times.isEmpty, Self.begins(data.body.strippedText ?? data.body.text, with: texts.body) else {
            return []
        }
        let bytes = texts.body.utf8.span
        var facts: [Fact] = []
        var position = ScalarCount()
        // "The day before yesterday" and "yesterday morning" before "yesterday".
        let times = reader.times.sorted {
            ($0.range.lowerBound, $1.range.upperBound) < ($1.range.lowerBound, $0.range.upperBound)
        }
        for time in times {
            let scalars = position.advance(to: time.range.lowerBound, in: bytes)
            let end = scalars + time.text.unicodeScalars.count
            guard !facts.contains(where: { $0.value == time.text || $0.end > scalars }) else { continue }
            facts.append(Fact(kind: .date, value: time.text, location: "body", start: scalars, end: end))
        }
        return facts
    }

    private static func begins(_ whole: String, with part: String) -> Bool {
        LetterBlock.stands(part.utf8.span, part.utf8.count, in: whole.utf8.span, at: 0)
    }

    private func language(of texts: MessageTexts, in data: borrowing MessageData) -> LanguageResult {
        // Who answers a machine needs no account of what it pasted.
        var result = data.automated == .no ? identifier.analyse(texts.body) : identifier.identify(texts.body)
        // A short "see attachment" says less than the subject over it.
        if result.confidence < 0.6, let subject = texts.subject {
            result = identifier.identify(subject + "\n" + texts.body)
        }
        if !result.spans.isEmpty { result.spans = Self.moved(result.spans, from: texts.body, to: data.body.text) }
        var hints = data.languageHints
        if let language = data.callback?.language, let hint = LanguageHint(.callback, language) {
            hints.insert(hint, at: 0)
        }
        return LanguageDecision.decide(result, hints, minimum: configuration.minimumLanguageConfidence)
    }

    /// Spans count in the whole text; none where the part that was read doesn't stand in it as it is.
    private static func moved(_ spans: [LanguageSpan], from part: String, to whole: String) -> [LanguageSpan] {
        if begins(whole, with: part) { return spans }
        let partBytes = part.utf8.span
        let wholeBytes = whole.utf8.span
        // One place is looked at, so that a text of one letter costs no square.
        let beginning = Array(part.utf8.prefix(48))
        let near = Array(whole.utf8.prefix(farthestPart))
        guard let place = ByteSearch.firstIndex(of: beginning, in: near, 0..<near.count) else { return [] }
        let count = min(partBytes.count, LanguageIdentifier.spanLimit)
        guard LetterBlock.stands(partBytes, count, in: wholeBytes, at: place) else { return [] }
        var position = ScalarCount()
        let scalars = position.advance(to: place, in: wholeBytes)
        return spans.map { LanguageSpan(start: $0.start + scalars, end: $0.end + scalars, tag: $0.tag) }
    }

    /// - Parameter phrases: Of what a person wrote; nil for what a machine sends, which is about somebody's message, and
    ///   not an emergency of its own.
    private func urgency(of texts: MessageTexts, _ phrases: Phrases?, in language: LanguageResult) -> UrgencyResult {
        var matcher = UrgencyMatcher(tables)
        let served = servedLanguages(language, tables.table)
        let languages = languageBits(served, language, tables.table)
        // Only looked at to say that it doesn't count.
        func readUncounted(_ text: String?, _ why: String) {
            guard let text, !text.isEmpty else { return }
            let scanned = PhraseScanner.scan(
                text,
                tables.table,
                languages: languages,
                head: Self.uncountedHead,
                tail: 0
            )
            matcher.read(scanned, at: .uncounted(why))
        }
        if let phrases {
            if let subject = phrases.subject { matcher.read(subject.urgency, at: .subject) }
            matcher.read(phrases.body.urgency, at: .body)
        } else {
            readUncounted(texts.subject, "quoted")
            readUncounted(texts.body, "quoted")
        }
        readUncounted(texts.quote, "quoted")
        readUncounted(texts.signature, "signature")
        readUncounted(texts.disclaimer, "disclaimer")
        guard phrases != nil else {
            return UrgencyResult(level: .low, score: 10, reasons: [], notCounted: matcher.notCounted)
        }
        var result = UrgencyScore.result(of: matcher)
        result.unservedLanguage = served != 0 || language.tag == "und" ? nil : language.tag
        return result
    }

    /// The languages whose words count: what the text may be in, and English, which is mixed into all of them.
    private func languageBits(_ served: UInt32, _ language: LanguageResult, _ table: UrgencyTable) -> UInt32 {
        // No table, or no certainty: the words of all, since related languages share many.
        served == 0 || language.confidence < 0.5 ? .max : served | table.languageBit("en")
    }

    /// Those with a table that the text may be in, or that stand in it too; 0 for none.
    private func servedLanguages(_ language: LanguageResult, _ table: UrgencyTable) -> UInt32 {
        var bits = table.languageBit(language.tag)
        for candidate in language.candidates where candidate.confidence >= 0.05 {
            bits |= table.languageBit(candidate.tag)
        }
        for tag in language.also { bits |= table.languageBit(tag) }
        return bits
    }
}

/// Level and points from what the rules found.
enum UrgencyScore {
    /// Mood and a VIP's standing raise the score within its level and never the level itself; each says so as a rule.
    static func raise(_ result: inout TriageResult, by sentiment: Sentiment) {
        if result.isVIP {
            result.urgency.raise(
                by: .vip,
                points: UrgencyRaise.vip.points,
                matched: "the sender is on the VIP list",
                location: "header"
            )
        }
        guard sentiment.points > 0 else { return }
        let words = sentiment.result.matched.joined(separator: ", ")
        result.urgency.raise(
            by: .mood,
            sentiment.result.name,
            points: sentiment.points,
            matched: words,
            location: "body"
        )
    }

    /// The highest rule sets the level and the points, each further one adds 3, pressing words 5, within the level's band.
    static func result(of matcher: UrgencyMatcher) -> UrgencyResult {
        let level = matcher.level ?? .normal
        // A word of thanks lowers nothing: only a message that says nothing else is low.
        let best = matcher.reasons.map(\.points).max() ?? 30
        let others = max(0, matcher.reasons.count - 1) * 3
        let score = min(100, best + others + (matcher.isPressing && level > .low ? 5 : 0))
        return UrgencyResult(
            level: level,
            score: max(level.scores.lowerBound, min(level.scores.upperBound, score)),
            reasons: matcher.reasons,
            notCounted: matcher.notCounted
        )
    }
}
