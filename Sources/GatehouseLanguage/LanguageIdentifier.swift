import CProcessor
package import GatehouseCore

/// Tells the language of a text: first by its script, then by a linear model over character sequences and words.
///
/// A value is cheap to make and to copy; the table is part of the program.
package struct LanguageIdentifier: Sendable {
    /// Bytes of the text that are read.
    package static let limit = 4096
    /// Bytes that are read for spans.
    package static let spanLimit = SpanReader.limit
    /// How much of a text that begins in Latin letters is seen before that may settle its script.
    private static let scriptLook = 1024

    let model: LanguageModel
    /// For each section of the model.
    private let preferences: [LanguagePreferences]
    let caches = WordSumCaches()

    /// - Parameters:
    ///   - preferred: Languages to expect, such as those of the desk's customers; empty: none is more likely.
    ///   - preference: How much likelier each of them is than another, as the logarithm of the odds.
    ///   - model: Another table, for the trainer's trials.
    package init(preferred: Set<String> = [], preference: Double = 1.5, model: LanguageModel = .builtIn) {
        self.model = model
        preferences = model.sections.map {
            LanguagePreferences($0, preferred: preferred, preference: preference)
        }
    }

    /// The language of `text`; `und` with confidence 0 where nothing in it is language.
    package func identify(_ text: String) -> LanguageResult { rank(text).result }

    /// The same without a single allocation.
    package func rank(_ text: String) -> LanguageRanking {
        let cache = caches.take()
        defer { caches.giveBack(cache) }
        return rank(text, cache)
    }

    func rank(_ text: String, _ cache: WordSumCache) -> LanguageRanking {
        let bytes = text.utf8.span
        let limit = min(bytes.count, Self.limit)
        var window = TextWindow()
        var scanner = WordScanner()
        var reader = LanguageReader(model, cache)
        var place = 0
        /// Nil until the first window has said that it knows.
        var isMostlyASCII: Bool?
        while place < limit {
            place = window.fill(bytes, from: place, limit: limit)
            let scalars = window.scalars.span
            let isDecided = scanner.scan(scalars, window.count) { reader.add(scalars, $0) }
            guard isDecided else { continue }
            if reader.mainScript == .latin {
                // What follows may be in another script, to which a few Latin words say nothing.
                let isRest = isMostlyASCII ?? Self.isMostlyASCII(bytes, place, min(limit, Self.scriptLook))
                isMostlyASCII = isRest
                if isRest { break }
            } else if reader.mainScript.isModelled {
                break
            }
        }
        return ranking(reader)
    }

    private static func isMostlyASCII(_ bytes: borrowing Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        var others = 0
        var index = min(start, end)
        // Nearly always there are none.
        while end &- index >= 16, cprocessor_bits(TextWindow.block(bytes, index)) == 0 { index &+= 16 }
        while index < end {
            others += Int(bytes[index] >> 7)
            index &+= 1
        }
        return others * 8 <= max(0, end - start)
    }

    func ranking(_ reader: borrowing LanguageReader) -> LanguageRanking {
        let script = reader.mainScript
        switch script {
        case .none: return .nothing
        case .han, .kana:
            // Kana make it Japanese; a single の in a Chinese text does not.
            if reader.count(.kana) * 10 > reader.count(.han) { return LanguageRanking("ja", 0.99) }
            let variant = HanVariants.tag(of: reader.han)
            return LanguageRanking(variant.tag, variant.confidence)
        case .latin, .cyrillic, .arabic, .devanagari:
            guard let place = model.sections.firstIndex(where: { $0.script == script }),
                let sums = reader.sums(of: script, in: model.sections[place])
            else { return .nothing }
            return LanguageRanking(sums, in: model.sections[place], preferences[place])
        default:
            return script.onlyLanguage.map { LanguageRanking($0, 0.99) } ?? .nothing
        }
    }

    func preferences(of script: Script) -> LanguagePreferences? {
        model.sections.firstIndex { $0.script == script }.map { preferences[$0] }
    }
}
