import GatehouseCore

/// The facts and links of all texts of a message.
struct FactReader {

    private(set) var facts: [Fact] = []
    /// Every link, also one whose fact is a repetition.
    private(set) var links: [LinkText] = []
    /// For each fact a digest of its value; 0 where that is not all of ASCII.
    private var digests: [UInt64] = []

    private static let mostFacts = 200

    let patterns: [FactPattern]
    let language: String
    let region: String?

    init(_ data: borrowing MessageData, language: String, configuration: TriageConfiguration) {
        patterns = configuration.factPatterns
        self.language = String(language.utf8.prefix { $0 != UInt8(ascii: "-") }) ?? language
        region = configuration.region
        read(data.subject, "subject")
        read(data.body.strippedText ?? data.body.text, "body")
        read(data.body.strippedQuote, "quote")
        read(data.body.strippedSignature, "signature")
        read(data.callback?.topic, "body")
        read(data.call?.transcript, "body")
    }

    /// Whether no fact before it says the same. Nearly every other value is told from it by its digest; what is beyond
    /// ASCII may be the same in other bytes, and is compared.
    private func isNew(_ kind: FactKind, _ value: String, _ digest: UInt64) -> Bool {
        for index in digests.indices where digests[index] == digest || digest == 0 || digests[index] == 0 {
            if facts[index].kind == kind, facts[index].value == value { return false }
        }
        return true
    }

    /// FNV-1a over eight bytes at a time; 0 for what is not of ASCII.
    private static func digest(_ value: String) -> UInt64 {
        let bytes = value.utf8.span
        var (hash, union): (UInt64, UInt64) = (0xCBF2_9CE4_8422_2325 ^ UInt64(bytes.count), 0)
        var index = 0
        while index < bytes.count {
            var block: UInt64 = 0
            if bytes.count &- index >= 8 {
                block = LetterBlock.load(bytes, index)
            } else {
                for place in index..<bytes.count { block = block << 8 | UInt64(bytes[place]) }
            }
            union |= block
            hash = (hash ^ block) &* 0x100_0000_01B3
            hash ^= hash >> 29
            index &+= 8
        }
        return union & LetterBlock.highest == 0 ? hash | 1 : 0
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
            guard facts.count < Self.mostFacts else { continue }
            let digest = Self.digest(value)
            guard isNew(kind, value, digest) else { continue }
            var fact = Fact(kind: kind, value: value, location: location, start: start, end: end)
            fact.network = found[index].network
            fact.checksum = found[index].checksum
            facts.append(fact)
            digests.append(digest)
        }
    }
}
