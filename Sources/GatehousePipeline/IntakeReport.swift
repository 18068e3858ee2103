import GatehouseCore
import GatehouseStore

/// What one run of intake did, in numbers that add up: every input is counted once.
package struct IntakeReport: Sendable, Equatable {
    package private(set) var accepted = 0
    package private(set) var duplicates = 0
    package private(set) var rejected = 0
    package private(set) var refused = 0
    /// By kind: `typing`, `delivery_receipt`…
    package private(set) var ignored: [String: Int] = [:]
    /// The ids of the accepted messages, up to 1,000 of them.
    package private(set) var acceptedIDs: [String] = []
    /// Some input could not be read now and is tried again by the next poll.
    package var hasUnreadInputs = false
    /// What an operator should look at, in sentences.
    package var problems: [String] = []

    package init() {}

    package var inputs: Int { accepted + duplicates + rejected + refused + ignored.values.reduce(0, +) }

    /// - Parameter kinds: For what was no message its name, in the results' order.
    mutating func count(_ results: [IntakeResult], _ kinds: [String?]) {
        for (result, kind) in zip(results, kinds) {
            switch result.state {
            case .accepted:
                accepted += 1
                if acceptedIDs.count < 1000, let id = result.id { acceptedIDs.append(id) }
            case .duplicate: duplicates += 1
            case .rejected: rejected += 1
            case .refused: refused += 1
            case .ignored: ignored[kind ?? "unnamed", default: 0] += 1
            }
        }
    }

    package static func + (left: IntakeReport, right: IntakeReport) -> IntakeReport {
        var sum = left
        sum.accepted += right.accepted
        sum.duplicates += right.duplicates
        sum.rejected += right.rejected
        sum.refused += right.refused
        sum.ignored.merge(right.ignored, uniquingKeysWith: +)
        sum.acceptedIDs += right.acceptedIDs.prefix(max(0, 1000 - sum.acceptedIDs.count))
        sum.hasUnreadInputs = sum.hasUnreadInputs || right.hasUnreadInputs
        sum.problems += right.problems
        return sum
    }
}
