import CTables
import GatehouseCore

/// The tables of triage, as they are built in: words by concept and language, and the rules over concepts.
package final class TriageRules: Sendable {
    let table: UrgencyTable
    package let rules: [UrgencyRule]
    /// A name and a digest of the tables: changes with every word.
    package let version: String
    /// For each concept the rules whose centre it is.
    let rulesByCentre: [[Int]]
    /// Those of them that have any.
    let centres: UInt64
    /// For each rule.
    let conditions: [RuleCondition]
    /// Concepts that work on the others rather than being part of a rule.
    let negation: UInt64
    let negationBehind: UInt64
    let hypothetical: UInt64
    /// A bare "if", which makes a question imagined where it opens it.
    let condition: UInt64
    /// "At another bank", "my friend says": not this desk's, or not this customer's.
    let elsewhere: UInt64
    let past: UInt64
    let solved: UInt64
    let pressing: UInt64
    let neutral: UInt64
    /// Phrases that take the meaning from the shorter ones in them.
    let shields: UInt64

    package static let builtIn = unsafe TriageRules(.embedded(ctables_urgency(), named: "urgency.bin"))

    private init(_ table: UrgencyTable) {
        self.table = table
        rules = UrgencyRule.all(in: table)
        version = "urgency-2-" + table.digest
        var byCentre = [[Int]](repeating: [], count: 64)
        for (index, rule) in rules.enumerated() {
            var centre = rule.terms[0]
            while centre != 0 {
                byCentre[centre.trailingZeroBitCount].append(index)
                centre &= centre - 1
            }
        }
        rulesByCentre = byCentre
        centres = byCentre.indices.reduce(0) { byCentre[$1].isEmpty ? $0 : $0 | 1 << UInt64($1) }
        conditions = rules.map(RuleCondition.init)
        negation = table.bit(of: "not")
        negationBehind = table.bit(of: "not_behind")
        hypothetical = table.bit(of: "hypothetical")
        condition = table.bit(of: "if")
        elsewhere = table.bit(of: "elsewhere")
        past = table.bit(of: "past")
        solved = table.bit(of: "solved")
        pressing = table.bit(of: "pressing")
        neutral = table.bit(of: "neutral")
        shields = table.bit(of: "not") | table.bit(of: "not_behind") | table.bit(of: "neutral")
    }

    /// Languages with a table of words.
    package var languages: [String] { table.languages }
    package var conceptNames: [String] { table.concepts }
}

/// What must be so before the phrases around a rule's centre are worth a look.
struct RuleCondition {
    private let excluded: UInt64
    /// One of these must be there: the rule's second term; nil for a rule of one term.
    private let partner: UInt64?
    private let crossesSentences: Bool
    let isLow: Bool

    init(_ rule: UrgencyRule) {
        excluded = rule.excluded
        partner = rule.terms.count > 1 ? rule.terms[1] : nil
        crossesSentences = rule.crossesSentences
        isLow = rule.level == .low
    }

    /// False where the rule can't be met in a text of these concepts.
    @inline(__always)
    func mayBeMet(_ text: UInt64) -> Bool { partner.map { text & $0 != 0 } ?? true }

    /// - Parameters:
    ///   - sentence: The concepts of the centre's sentence.
    ///   - standing: Those of them that are in phrases of their own.
    ///   - text: Those of the whole text.
    @inline(__always)
    func isMet(_ sentence: UInt64, standing: UInt64, _ text: UInt64) -> Bool {
        guard standing & excluded == 0, let partner else { return standing & excluded == 0 }
        return (crossesSentences ? text : sentence) & partner != 0
    }
}
