import GatehouseCore

/// Marks, moves or deletes messages whose commit is on disk, and remembers which are still to be done.
struct IMAPChanges {
    private let action: MailboxSettings.Action
    private let owner: String
    private var acknowledged: [PendingMessage] = []
    /// What an earlier run has committed, and did not come to change. A dry run leaves it alone.
    private var leftOver: [PendingMessage] = []
    /// Their positions are needed no more.
    private var done: [String] = []
    /// The first thing that could not be done; nothing more is tried after it, and the next poll begins with it.
    private(set) var failure: (any Error)?

    init(_ settings: MailboxSettings) {
        action = settings.action
        owner = settings.owner
    }

    /// - Parameter folders: Those that are read: what lies in others is left as it is.
    mutating func begin(_ positions: [String: String], folders: [String]) {
        for (item, mark) in positions where item.hasPrefix(PendingMessage.prefix) {
            let message = PendingMessage(item, of: owner)
            if let message, mark == action.mark, folders.contains(message.folder) {
                leftOver.append(message)
            } else {
                done.append(item)
            }
        }
    }

    /// After a change of UIDVALIDITY a UID means another message.
    mutating func forget(of folder: String, unless validity: UInt32) {
        let stale = leftOver.filter { $0.folder == folder && $0.validity != validity }
        guard !stale.isEmpty else { return }
        leftOver.removeAll { $0.folder == folder && $0.validity != validity }
        done += stale.map(\.item)
    }

    mutating func acknowledge(_ receipts: [String]) {
        acknowledged += receipts.compactMap { PendingMessage($0, of: owner) }
    }

    func hasWork(withLeftOver: Bool) -> Bool {
        failure == nil && (!acknowledged.isEmpty || withLeftOver && !leftOver.isEmpty)
    }

    /// Does what waits, folder by folder.
    mutating func perform(withLeftOver: Bool, _ session: () throws -> IMAPClient) {
        var waiting = Set(acknowledged)
        acknowledged = []
        if withLeftOver {
            waiting.formUnion(leftOver)
            leftOver = []
        }
        for (folder, messages) in Dictionary(grouping: waiting, by: \.folder).sorted(by: { $0.key < $1.key }) {
            guard failure == nil else { return }
            do {
                try change(messages, in: folder, over: session())
            } catch {
                failure = error
            }
        }
    }

    private mutating func change(_ messages: [PendingMessage], in folder: String, over client: IMAPClient) throws {
        let selected = try client.select(folder, forChanges: true)
        if selected.isReadOnly {
            let words = "it may only be read: 'after' needs more rights there"
            throw MailboxError.refused(server: client.server, what: "changes in \(folder)", words: words)
        }
        let valid = messages.filter { $0.validity == selected.validity }
        for set in UIDSet.texts(valid.map(\.uid).sorted()) {
            switch action {
            case .keep: break
            case .seen: try client.markSeen(set)
            case .delete: try client.delete(set)
            case .move(let target): try client.move(set, to: target)
            }
        }
        done += messages.map(\.item)
    }

    mutating func takeDone() -> [PositionUpdate] {
        defer { done = [] }
        return done.map { PositionUpdate(item: $0, value: nil) }
    }
}
