package import GatehouseCore

/// One rule: concepts that together say how urgent a message is.
///
/// Source: `Sources/CTables/data/urgency-rules.tsv`, lines of
/// `name<TAB>level<TAB>points<TAB>window<TAB>pattern`. The pattern's terms are concepts, `A|B` where either will do, and
/// `!A` for one that must not be in the sentence. The first term is the rule's centre: the others stand within `window` words
/// of it, in its sentence, or in the sentences around it where the window ends in `+`. Negation is looked for at the centre.
package struct UrgencyRule: Sendable {
    package let name: String
    package let level: UrgencyLevel
    package let points: Int
    /// Distance from the centre, in units (`PhraseHit.Edge`).
    let window: Int32
    let crossesSentences: Bool
    /// A mask of concepts for each term.
    let terms: [UInt64]
    let excluded: UInt64

    /// nil where the line is no rule or names a concept that is not among `concepts`.
    init?(_ line: String, concepts: [String]) {
        let fields = line.split(separator: "\t")
        guard fields.count == 5, let level = UrgencyLevel(rawValue: String(fields[1])), let points = Int(fields[2]),
            let window = Int32(fields[3].hasSuffix("+") ? fields[3].dropLast() : fields[3]), window > 0, window < 1000
        else { return nil }
        var terms: [UInt64] = []
        var excluded: UInt64 = 0
        for term in fields[4].split(separator: " ") {
            let isExcluded = term.hasPrefix("!")
            var mask: UInt64 = 0
            for name in (isExcluded ? term.dropFirst() : term).split(separator: "|") {
                guard let bit = concepts.firstIndex(of: name.lowercased()) else { return nil }
                mask |= 1 << UInt64(bit)
            }
            if isExcluded { excluded |= mask } else { terms.append(mask) }
        }
        guard !terms.isEmpty, terms.count < 256, (0...100).contains(points) else { return nil }
        name = String(fields[0])
        self.level = level
        self.points = points
        self.window = window * 2
        crossesSentences = fields[3].hasSuffix("+")
        self.terms = terms
        self.excluded = excluded
    }

    private static let levels: [UrgencyLevel] = [.low, .normal, .high, .critical]

    /// One number of bytes (level, points, number of terms, whether it crosses sentences) with the window in its upper
    /// half, the excluded concepts, and the terms.
    var encoded: [UInt64] {
        let place = Self.levels.firstIndex(of: level) ?? 0
        let head = UInt64(place) | UInt64(points) << 8 | UInt64(terms.count) << 16 | (crossesSentences ? 1 << 24 : 0)
        return [head | UInt64(window) << 32, excluded] + terms
    }

    /// The rules of a compiled table, which names them in their order.
    static func all(in table: UrgencyTable) -> [UrgencyRule] {
        var place = 0
        return table.ruleNames.map { name in
            let head = table.rules[place]
            let count = Int(head >> 16 & 0xFF)
            defer { place += 2 + count }
            return UrgencyRule(
                name: name,
                level: levels[Int(head & 3)],
                points: Int(head >> 8 & 0xFF),
                window: Int32(truncatingIfNeeded: head >> 32),
                crossesSentences: head >> 24 & 1 == 1,
                terms: (0..<max(1, count)).map { table.rules[place + 2 + $0] },
                excluded: table.rules[place + 1]
            )
        }
    }

    private init(
        name: String,
        level: UrgencyLevel,
        points: Int,
        window: Int32,
        crossesSentences: Bool,
        terms: [UInt64],
        excluded: UInt64
    ) {
        self.name = name
        self.level = level
        self.points = points
        self.window = window
        self.crossesSentences = crossesSentences
        self.terms = terms
        self.excluded = excluded
    }
}
