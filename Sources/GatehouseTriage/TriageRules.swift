import CTables

/// The tables of triage, as they are built in: words by concept and language, and the rules over concepts.
package final class TriageRules: Sendable {
    let table: UrgencyTable
    package let rules: [UrgencyRule]
    /// A name and a digest of the tables: changes with every word.
    package let version: String
    /// For each concept the rules whose centre it is.
    let rulesByCentre: [[Int]]
    /// Concepts that work on the others rather than being part of a rule.
    let negation: UInt64
    let negationBehind: UInt64
    let hypothetical: UInt64
    let past: UInt64
    let solved: UInt64
    let pressing: UInt64

    package static let builtIn: TriageRules = {
        let file = unsafe ctables_urgency()
        guard let table = unsafe UrgencyTable(UnsafeRawBufferPointer(start: file.bytes, count: file.count)) else {
            preconditionFailure("urgency.bin is not of this version: run `make rules`")
        }
        return TriageRules(table)
    }()

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
        negation = table.bit(of: "not")
        negationBehind = table.bit(of: "not_behind")
        hypothetical = table.bit(of: "hypothetical")
        past = table.bit(of: "past")
        solved = table.bit(of: "solved")
        pressing = table.bit(of: "pressing")
    }

    /// Languages with a table of words.
    package var languages: [String] { table.languages }
    package var conceptNames: [String] { table.concepts }
}
