/// The six states of a message at a target.
package enum OutboxState: String, CaseIterable, Sendable {
    case ready
    /// The loop breaker stopped it, or a person must look first.
    case held
    case sent
    /// The target will never take it.
    case dead
    /// A person decided that it needs no ticket.
    case dropped
    /// Policy: no ticket for this kind of message.
    case notDue = "not_due"

    /// Few rows are in these, and they have indexes of their own.
    var isOpen: Bool { self == .ready || self == .held || self == .dead }

    /// As SQL. SQLite takes a partial index only where its own condition stands in the statement, word for word.
    func condition(in table: String) -> String {
        switch self {
        case .held, .dead: "\(table).state IN ('held', 'dead') AND \(table).state = '\(rawValue)'"
        default: "\(table).state = '\(rawValue)'"
        }
    }
}
