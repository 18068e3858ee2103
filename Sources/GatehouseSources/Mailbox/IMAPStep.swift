import GatehouseCore

/// Up to `IMAPSource.stepCount` messages of a folder, from their sizes to the pipeline.
struct IMAPStep {
    /// What is kept of a message that is too large, to tell a person who wrote.
    static let headBytes = 64 * 1024

    /// Ascending.
    let uids: [UInt32]
    let folder: String
    let validity: UInt32
    let settings: MailboxSettings
    let context: IntakeContext

    private var limit: Int { context.limits.messageBytes }

    /// - Parameter knownGmailIDs: Gmail's ids of what was handed on already, to which this step adds its own.
    /// - Returns: The UID up to which nothing is missing any more; nil where the first is.
    func read(
        over client: IMAPClient,
        knownGmailIDs: inout Set<UInt64>,
        _ accept: (SourceInput) throws -> Void
    ) throws -> UInt32? {
        var facts: [UInt32: IMAPFetch] = [:]
        for set in UIDSet.texts(uids) { facts.merge(try client.facts(set)) { first, _ in first } }
        var progress = IMAPProgress(uids: uids)
        var wanted: [UInt32] = []
        var tooLarge: [UInt32: Int] = [:]
        for uid in uids {
            // One that is gone by now is nobody's; one that the server only keeps silent about is asked for once more.
            guard let fact = facts[uid] else {
                wanted.append(uid)
                continue
            }
            if let id = fact.gmailID, knownGmailIDs.contains(id) {
                try hand(uid, fact, .ignored(IgnoredInput(kind: "label_copy", position: place(uid))), &progress, accept)
            } else if let size = fact.size, size > limit {
                tooLarge[uid] = size
            } else {
                wanted.append(uid)
            }
        }
        try fetch(wanted, facts, over: client, &progress, &tooLarge, accept)
        for (uid, size) in tooLarge.sorted(by: { $0.key < $1.key }) {
            let rejected = try rejection(uid, size, over: client)
            try hand(uid, facts[uid], .rejected(rejected), &progress, accept)
        }
        knownGmailIDs.formUnion(uids.compactMap { progress.isHanded($0) ? facts[$0]?.gmailID : nil })
        return progress.last
    }

    /// Fetches in pieces of some 16 MiB; what an answer leaves out is asked for by itself.
    private func fetch(
        _ wanted: [UInt32],
        _ facts: [UInt32: IMAPFetch],
        over client: IMAPClient,
        _ progress: inout IMAPProgress,
        _ tooLarge: inout [UInt32: Int],
        _ accept: (SourceInput) throws -> Void
    ) throws {
        var pieces: [[UInt32]] = []
        var pieceBytes = Int.max
        for uid in wanted {
            let size = min(facts[uid]?.size ?? limit, limit)
            if pieces.isEmpty || pieceBytes &+ size > IMAPSource.stepBytes {
                pieces.append([])
                pieceBytes = 0
            }
            pieces[pieces.count - 1].append(uid)
            pieceBytes += size
        }
        var refusal: MailboxError?
        for piece in pieces + wanted.map({ [$0] }) {
            let missing = piece.filter { !progress.isDone($0) && tooLarge[$0] == nil }
            let expected = missing.reduce(0) { $0 + min(facts[$1]?.size ?? limit, limit) }
            do {
                for set in UIDSet.texts(missing) {
                    try client.bodies(set, room: limit, expected: expected) { uid, body in
                        guard missing.contains(uid), !progress.isDone(uid), tooLarge[uid] == nil else { return }
                        switch body {
                        case .bytes(let bytes): try hand(uid, facts[uid], bytes, &progress, accept)
                        case .omitted(let count): tooLarge[uid] = count
                        case .none: break
                        }
                    }
                }
            } catch let error as MailboxError {
                // Some servers refuse all of a set for one message in it, which shows when each is asked for by itself.
                guard case .refused = error else { throw error }
                refusal = error
            }
        }
        for uid in wanted where !progress.isDone(uid) && tooLarge[uid] == nil {
            guard try client.facts("\(uid)")[uid] != nil else {
                progress.pass(uid)  // deleted meanwhile
                continue
            }
            // A server that gives nothing at all is ill, and not this message.
            if let refusal, !progress.isAnyHanded { throw refusal }
            try hand(uid, facts[uid], .rejected(undelivered(uid, refusal)), &progress, accept)
        }
    }

    private func undelivered(_ uid: UInt32, _ refusal: MailboxError?) -> RejectedInput {
        let words = "the server lists this message and does not give it. Look at it with a mail program."
        return RejectedInput(
            reason: "not_delivered",
            detail: refusal.map { "\(words) \($0)" } ?? words,
            position: place(uid),
            provider: "rfc5322",
            raw: Array("\(place(uid)), UIDVALIDITY \(validity)\n".utf8)
        )
    }

    private func place(_ uid: UInt32) -> String { "\(settings.address.text)/\(folder);UID=\(uid)" }

    private func hand(
        _ uid: UInt32,
        _ fact: IMAPFetch?,
        _ bytes: [UInt8],
        _ progress: inout IMAPProgress,
        _ accept: (SourceInput) throws -> Void
    ) throws {
        var context = context
        context.receivedAt = fact?.internalDate.flatMap(InternalDate.timestamp) ?? context.receivedAt
        let reader = ByteReader(bytes: bytes, name: place(uid))
        try hand(uid, AdapterInput(bytes: reader, position: place(uid), context: context), nil, &progress, accept)
    }

    private func hand(
        _ uid: UInt32,
        _ fact: IMAPFetch?,
        _ outcome: ParsedItem,
        _ progress: inout IMAPProgress,
        _ accept: (SourceInput) throws -> Void
    ) throws {
        let input = AdapterInput(
            bytes: ByteReader(bytes: [], name: place(uid)),
            position: place(uid),
            context: context
        )
        try hand(uid, input, outcome, &progress, accept)
    }

    private func hand(
        _ uid: UInt32,
        _ input: AdapterInput,
        _ outcome: ParsedItem?,
        _ progress: inout IMAPProgress,
        _ accept: (SourceInput) throws -> Void
    ) throws {
        progress.finish(uid)
        var positions: [PositionUpdate] = []
        if let last = progress.last {
            let value = IMAPPosition.value(validity, last)
            let item = IMAPPosition.folderItem(folder, of: settings.owner)
            positions.append(PositionUpdate(item: item, value: value))
        }
        var receipt = ""
        // What is not stored as a whole stays in the mailbox as it is.
        var isWhole = true
        if case .rejected = outcome { isWhole = false }
        if isWhole, settings.action != .keep {
            receipt = PendingMessage(owner: settings.owner, folder: folder, validity: validity, uid: uid).item
            positions.append(PositionUpdate(item: receipt, value: settings.action.mark))
        }
        try accept(
            SourceInput(input: input, format: "rfc5322", positions: positions, receipt: receipt, outcome: outcome)
        )
    }

    /// The note that is kept of a message which is too large, with its first 64 KiB.
    private func rejection(_ uid: UInt32, _ size: Int, over client: IMAPClient) throws -> RejectedInput {
        var head: [UInt8] = []
        try client.bodies("\(uid)", part: "<0.\(Self.headBytes)>", room: Self.headBytes, expected: Self.headBytes) {
            if $0 == uid, case .bytes(let bytes) = $1 { head = bytes }
        }
        return TooLargeMessage.rejection(at: place(uid), size: size, limit: limit, head: head)
    }
}

/// What is noted of a message that is larger than `limits.message_bytes`.
enum TooLargeMessage {
    static func rejection(at place: String, size: Int, limit: Int, head: [UInt8]) -> RejectedInput {
        RejectedInput(
            reason: "message_too_large",
            detail:
                "\(size) bytes, more than limits.message_bytes (\(limit)). It stays in the mailbox as it is, and is not"
                + " fetched again: raise the limit, save it as a file, and hand that to 'gatehouse ingest'.",
            position: place,
            provider: "rfc5322",
            raw: head.isEmpty ? Array("\(place), \(size) bytes\n".utf8) : head
        )
    }
}

/// Which messages of a step are done. The folder's position may only rise past those below which nothing is missing.
struct IMAPProgress {
    private let uids: [UInt32]
    private var handed: Set<UInt32> = []
    private var gone: Set<UInt32> = []
    private var next = 0

    init(uids: [UInt32]) { self.uids = uids }

    /// The highest UID up to which all are done.
    var last: UInt32? { next > 0 ? uids[next - 1] : nil }

    var isAnyHanded: Bool { !handed.isEmpty }

    func isHanded(_ uid: UInt32) -> Bool { handed.contains(uid) }

    func isDone(_ uid: UInt32) -> Bool { handed.contains(uid) || gone.contains(uid) }

    /// It is on its way to the store.
    mutating func finish(_ uid: UInt32) {
        handed.insert(uid)
        advance()
    }

    /// There is no such message any more.
    mutating func pass(_ uid: UInt32) {
        gone.insert(uid)
        advance()
    }

    private mutating func advance() { while next < uids.count, isDone(uids[next]) { next += 1 } }
}
