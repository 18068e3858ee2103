package import GatehouseCore

/// A mailbox on a server, which can be tried without reading it.
package protocol MailboxSource: MessageSource {
    /// Logs in and looks.
    ///
    /// - Returns: What was found, in words.
    func probe() throws -> String
}

/// Folders of a mailbox on an IMAP server.
///
/// A message's place is the folder's UIDVALIDITY and its UID; its identity is what the adapter finds, as for a Maildir. So
/// a server that numbers its messages anew makes no message new. Messages are read in steps of `stepCount`: first their
/// sizes, then those that are not too large, without touching a flag. What is to happen to them is done between the steps
/// and at the end, for messages whose commit is on disk.
package final class IMAPSource: MailboxSource {
    static let stepCount = 100
    static let stepBytes = 16 << 20

    package let name: String
    private let settings: MailboxSettings
    private let context: IntakeContext
    private var client: IMAPClient?
    private var changes: IMAPChanges
    /// Gmail's ids of what this poll has read: a message with several labels is in several folders.
    private var knownGmailIDs: Set<UInt64> = []

    package init(name: String, settings: MailboxSettings, context: IntakeContext) {
        self.name = name
        self.settings = settings
        self.context = context
        changes = IMAPChanges(settings)
    }

    package func probe() throws -> String {
        let client = try session()
        defer { client.logOut() }
        let found = try settings.folders.map { folder in
            "\(folder): \(try client.select(folder, forChanges: false).count) messages"
        }
        return "logged in to \(settings.address.text), \(found.joined(separator: ", "))"
    }

    package func poll(
        positions: [String: String],
        accept: (SourceInput) throws -> Void
    ) throws -> [PositionUpdate] {
        knownGmailIDs = []
        changes = IMAPChanges(settings)
        changes.begin(positions, folders: settings.folders)
        var updates: [PositionUpdate] = []
        var failure: MailboxError?
        for folder in settings.folders {
            let item = IMAPPosition.folderItem(folder, of: settings.owner)
            do {
                if let value = try read(folder, from: positions[item], accept) {
                    updates.append(PositionUpdate(item: item, value: value))
                }
            } catch let error as MailboxError {
                // A folder that is not there, or not ours to read, holds up no other.
                guard case .refused = error else { throw error }
                failure = failure ?? error
            }
        }
        if let failure { throw PartialPoll(forgotten: updates, cause: failure) }
        return updates
    }

    package func acknowledge(_ receipts: [String]) throws { changes.acknowledge(receipts) }

    package func close() throws -> [PositionUpdate] {
        defer {
            client?.logOut()
            client = nil
        }
        if changes.hasWork(withLeftOver: true) {
            changes.perform(withLeftOver: true) { [self] in try session() }
        }
        let done = changes.takeDone()
        if let failure = changes.failure { throw PartialPoll(forgotten: done, cause: failure) }
        return done
    }

    /// The connection, made anew where it was lost.
    private func session() throws -> IMAPClient {
        if let client, client.isUsable { return client }
        let made = try IMAPClient.session(settings)
        client = made
        return made
    }

    /// - Returns: The folder's new position; nil where it stays.
    private func read(
        _ folder: String,
        from position: String?,
        _ accept: (SourceInput) throws -> Void
    ) throws -> String? {
        let client = try session()
        let selected = try client.select(folder, forChanges: false)
        changes.forget(of: folder, unless: selected.validity)
        let known = IMAPPosition.read(position)
        var last = known?.validity == selected.validity ? known?.uid ?? 0 : 0
        guard selected.count > 0, selected.nextUID.map({ $0 > last &+ 1 || last == 0 }) ?? true else { return nil }
        // What a server numbers beyond the next number that it has announced waits for the next poll.
        let uids = try client.uids(above: last).filter { $0 < selected.nextUID ?? UInt32.max }
        guard !uids.isEmpty else { return nil }
        var start = 0
        while start < uids.count {
            let end = min(start + Self.stepCount, uids.count)
            let step = IMAPStep(
                uids: Array(uids[start..<end]),
                folder: folder,
                validity: selected.validity,
                settings: settings,
                context: context
            )
            last = try step.read(over: client, knownGmailIDs: &knownGmailIDs, accept) ?? last
            start = end
            if changes.hasWork(withLeftOver: false) {
                changes.perform(withLeftOver: false) { client }
                guard try client.select(folder, forChanges: false).validity == selected.validity else { return nil }
            }
        }
        return IMAPPosition.value(selected.validity, last)
    }
}
