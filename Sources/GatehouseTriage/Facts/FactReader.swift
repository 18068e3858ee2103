import GatehouseCore

/// The facts and links of all texts of a message.
struct FactReader {

    private(set) var facts: [Fact] = []
    /// Every link, also one whose fact is a repetition.
    private(set) var links: [LinkText] = []
    private var seen: Set<String> = []

    private static let mostFacts = 200
    private static let fewFacts = 12

    let patterns: [FactPattern]
    let language: String
    let region: String?

    init(_ data: borrowing MessageData, language: String, configuration: TriageConfiguration) {
        patterns = configuration.factPatterns
        self.language = String(language.prefix { $0 != "-" })
        region = configuration.region
        read(data.subject, "subject")
        read(data.body.strippedText ?? data.body.text, "body")
        read(data.body.strippedQuote, "quote")
        read(data.body.strippedSignature, "signature")
        read(data.callback?.topic, "body")
        read(data.call?.transcript, "body")
    }

    /// Whether no fact before it says the same: few are compared one by one, more by their hashes.
    private mutating func isNew(_ kind: FactKind, _ value: String) -> Bool {
        if facts.count < Self.fewFacts {
            return !facts.indices.contains { facts[$0].kind == kind && facts[$0].value == value }
        }
        if seen.isEmpty { seen = Set(facts.map { $0.kind.rawValue + $0.value }) }
        return seen.insert(kind.rawValue + value).inserted
    }

    private mutating func read(_ text: String?, _ location: String) {
        guard let text, !text.isEmpty, facts.count < Self.mostFacts else { return }
        var scanner = FactScanner(text, language: language, region: region)
        var found = scanner.scan()
        if !patterns.isEmpty {
            let own = FactPattern.find(patterns, in: scanner.bytes, most: FactScanner.mostFacts)
            found.removeAll { fact in own.contains { $0.range.overlaps(fact.range) } }
            found = (found + own).sorted { $0.range.lowerBound < $1.range.lowerBound }
        }
        var position = ScalarCount()
        for index in found.indices {
            if let link = found[index].link { links.append(link) }
            let start = position.advance(to: found[index].range.lowerBound, in: scanner.bytes.span)
            let end = position.advance(to: found[index].range.upperBound, in: scanner.bytes.span)
            let (kind, value) = (found[index].kind, found[index].value)
            guard facts.count < Self.mostFacts, isNew(kind, value) else { continue }
            var fact = Fact(kind: kind, value: value, location: location, start: start, end: end)
            fact.network = found[index].network
            fact.checksum = found[index].checksum
            facts.append(fact)
        }
    }
}
