import CTables
import GatehouseCore

/// The tables of triage, as they are built in: words by concept and language, and the rules over concepts.
package struct TriageRules: Sendable {
    let concepts: ConceptTable
    package let rules: [UrgencyRule]
    /// Lines that could not be read; a test holds this empty.
    package let faults: [String]
    /// A name and a digest of the tables: changes with every word.
    package let version: String
    /// Concepts that work on the others rather than being part of a rule.
    let negation: UInt64
    let negationBehind: UInt64
    let hypothetical: UInt64
    let past: UInt64
    let solved: UInt64
    let pressing: UInt64

    package static let builtIn = TriageRules()

    private init() {
        let words = unsafe Self.bytes(ctables_urgency_words())
        let lines = unsafe Self.bytes(ctables_urgency_rules())
        concepts = ConceptTable(words)
        var rules: [UrgencyRule] = []
        var faults = concepts.faults
        for line in lines.split(separator: 0x0A) where line.first != 0x23 {
            let text = String(decoding: line, as: UTF8.self)
            if let rule = UrgencyRule(text, concepts: concepts) { rules.append(rule) } else { faults.append(text) }
        }
        self.rules = rules
        self.faults = faults
        version = "urgency-1-" + SHA256.hex(of: words + lines).prefix(8)
        negation = concepts.bit(of: "NOT") ?? 0
        negationBehind = concepts.bit(of: "NOT_BEHIND") ?? 0
        hypothetical = concepts.bit(of: "HYPOTHETICAL") ?? 0
        past = concepts.bit(of: "PAST") ?? 0
        solved = concepts.bit(of: "SOLVED") ?? 0
        pressing = concepts.bit(of: "PRESSING") ?? 0
    }

    /// Languages with a table of words.
    package var languages: [String] { concepts.languages }
    package var conceptNames: [String] { concepts.concepts }

    private static func bytes(_ file: ctables_file) -> [UInt8] {
        unsafe Array(UnsafeBufferPointer(start: file.bytes, count: file.count))
    }
}
