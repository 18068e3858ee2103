/// What happens to a message in its mailbox once it is on disk.
package enum AfterCommit: Sendable, Equatable {
    /// It stays as it is.
    case keep
    /// It moves from `new` to `cur` with the flag `S`; for a Maildir only.
    case seen
    /// It moves into another Maildir, or to the end of another mbox.
    case move(to: String)
    case delete

    /// Stands in a message's position, so that a later run can finish what an earlier one has committed and no more:
    /// what was read to be kept is not deleted because the configuration says otherwise today.
    var mark: String {
        switch self {
        case .keep: "1"
        case .seen: "seen"
        case .move: "move"
        case .delete: "delete"
        }
    }
}
