package import GatehouseCore

/// A mailbox on a POP3 server.
///
/// A message's place is the name that the server gives it in every session (UIDL), and each known name is one position, as
/// for a Maildir; a name that is gone is forgotten. Deletion is what POP3 has: messages whose commit is on disk are marked at
/// the end, and the server deletes them with QUIT or not at all.
package final class POP3Source: MailboxSource {
    static let stepCount = 50
    static let stepBytes = 16 << 20

    package let name: String
    private let settings: MailboxSettings
    private let context: IntakeContext
    private var client: POP3Client?
    private var listed: [String: POP3Client.Message] = [:]
    private var leftOver: [String] = []
    private var acknowledged: [String] = []

    package init(name: String, settings: MailboxSettings, context: IntakeContext) {
        self.name = name
        self.settings = settings
        self.context = context
    }

    package func probe() throws -> String {
        let client = try POP3Client.session(settings)
        let count = try client.list().count
        try client.quit()
        return "logged in to \(settings.address.text), \(count) messages"
    }

    package func poll(
        positions: [String: String],
        accept: (SourceInput) throws -> Void
    ) throws -> [PositionUpdate] {
        (listed, leftOver, acknowledged) = ([:], [], [])
        let client = try POP3Client.session(settings)
        self.client = client
        var fresh: [(item: String, message: POP3Client.Message)] = []
        var counts: [String: Int] = [:]
        for message in try client.list() {
            // Names should be unique; where a server makes them of the content, two messages may have one.
            let count = counts[message.uid, default: 0] + 1
            counts[message.uid] = count
            let item = "\(settings.owner) \(message.uid)" + (count == 1 ? "" : " \(count)")
            listed[item] = message
            guard let mark = positions[item] else {
                fresh.append((item, message))
                continue
            }
            if mark == settings.action.mark, settings.action == .delete { leftOver.append(item) }
        }
        do {
            try read(fresh, over: client, accept)
        } catch {
            // Answers may still be on their way: what waits to be deleted waits for the next run.
            self.client = nil
            throw error
        }
        return positions.keys.filter { listed[$0] == nil }.sorted().map { PositionUpdate(item: $0, value: nil) }
    }

    package func acknowledge(_ receipts: [String]) throws { acknowledged += receipts.filter { !$0.isEmpty } }

    /// - Returns: Names that the server has deleted.
    package func close() throws -> [PositionUpdate] {
        guard let client else { return [] }
        self.client = nil
        do {
            let items = leftOver + acknowledged
            try client.markDeleted(items.compactMap { listed[$0] })
            try client.quit()
            return items.map { PositionUpdate(item: $0, value: nil) }
        } catch {
            throw PartialPoll(forgotten: [], cause: error)
        }
    }

    private func place(_ item: String) -> String {
        "\(settings.address.text)/;UIDL=\(item.dropFirst(settings.owner.count + 1))"
    }

    private func read(
        _ fresh: [(item: String, message: POP3Client.Message)],
        over client: POP3Client,
        _ accept: (SourceInput) throws -> Void
    ) throws {
        let limit = context.limits.messageBytes
        var waiting: [(item: String, message: POP3Client.Message)] = []
        var waitingBytes = 0
        var refused: [(item: String, words: String)] = []
        func fetch() throws {
            defer { (waiting, waitingBytes) = ([], 0) }
            guard !waiting.isEmpty else { return }
            try client.retrieve(waiting.map(\.message), limit: limit)
            for (item, _) in waiting {
                switch try client.retrieved(limit: limit) {
                case .bytes(let bytes): try hand(item, bytes, nil, accept)
                case .cut(let head, let size): try hand(item, [], tooLarge(item, size, head), accept)
                case .refused(let words): refused.append((item, words))
                }
            }
        }
        for (item, message) in fresh {
            if let size = message.size, size > limit {
                try fetch()
                let head = try client.head(of: message, limit: IMAPStep.headBytes)
                try hand(item, [], tooLarge(item, size, head), accept)
                continue
            }
            waiting.append((item, message))
            waitingBytes += message.size ?? limit
            let isFull = waiting.count >= Self.stepCount || waitingBytes >= Self.stepBytes || !client.canPipeline
            if isFull { try fetch() }
        }
        try fetch()
        // A server that gives nothing at all is ill, and not these messages.
        if let first = refused.first, refused.count == fresh.count {
            throw MailboxError.refused(server: client.server, what: "all messages", words: first.words)
        }
        for (item, words) in refused { try hand(item, [], undelivered(item, words), accept) }
    }

    private func tooLarge(_ item: String, _ size: Int, _ head: [UInt8]) -> RejectedInput {
        TooLargeMessage.rejection(at: place(item), size: size, limit: context.limits.messageBytes, head: head)
    }

    private func undelivered(_ item: String, _ words: String) -> RejectedInput {
        RejectedInput(
            reason: "not_delivered",
            detail: "the server lists this message and does not give it: \(words). Look at it with a mail program.",
            position: place(item),
            provider: "rfc5322",
            raw: Array("\(place(item))\n".utf8)
        )
    }

    private func hand(
        _ item: String,
        _ bytes: [UInt8],
        _ rejected: RejectedInput?,
        _ accept: (SourceInput) throws -> Void
    ) throws {
        // What is not stored as a whole stays in the mailbox as it is.
        let mark = rejected == nil ? settings.action.mark : MailboxSettings.Action.keep.mark
        let reader = ByteReader(bytes: bytes, name: place(item))
        try accept(
            SourceInput(
                input: AdapterInput(bytes: reader, position: place(item), context: context),
                format: "rfc5322",
                positions: [PositionUpdate(item: item, value: mark)],
                receipt: rejected == nil && settings.action == .delete ? item : "",
                outcome: rejected.map { .rejected($0) }
            )
        )
    }
}
