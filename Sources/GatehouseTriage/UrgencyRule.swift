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
    /// Distance from the centre, in units (`TokenisedText`).
    let window: Int32
    let crossesSentences: Bool
    /// A mask of concepts for each term.
    let terms: [UInt64]
    let excluded: UInt64

    /// nil where the line is no rule or names a concept that no table has.
    init?(_ line: String, concepts: ConceptTable) {
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
                guard let bit = concepts.bit(of: String(name)) else { return nil }
                mask |= bit
            }
            if isExcluded { excluded |= mask } else { terms.append(mask) }
        }
        guard !terms.isEmpty else { return nil }
        name = String(fields[0])
        self.level = level
        self.points = points
        self.window = window * 2
        crossesSentences = fields[3].hasSuffix("+")
        self.terms = terms
        self.excluded = excluded
    }
}
