import GatehouseCore

/// What all messages of one document share: the input, the account's owner, the files beside it.
///
/// One is made for each input, so that nothing passes from one document into the next.
final class ExportSession {
    let input: AdapterInput
    let provider: String
    /// The folder in which the export's own files lie; nil where the input is no file.
    let folder: ExportFolder?
    /// The configured account, and what the document itself says of its owner.
    var owner = Owner()
    /// What was read of the element on which the document broke off.
    var brokenBytes: [UInt8] = []
    /// For times that name no zone.
    let zone: AssumedZone
    private let parser: String
    private var knownPeople = KnownPeople()
    private var ordinals: [[UInt8]: Int] = [:]
    /// The ids of messages that the document has told, where its format records changes of them.
    var told: Set<String> = []
    /// How many later forms of a message the document has had so far, by its id.
    private var revisions: [String: Int] = [:]

    init(input: AdapterInput, provider: String, format: String) {
        self.input = input
        self.provider = provider
        parser = "\(format)/1"
        zone = AssumedZone(input.context.timeZone)
        folder = input.place.map(ExportFolder.init(beside:)) ?? input.path.map(ExportFolder.init(besideFile:))
        owner.add(input.context.account)
    }

    var limits: Limits { input.context.limits }

    /// The input once more from its start; nil where it came through a pipe.
    func reopened() -> ByteReader? {
        if let place = input.place {
            let stream = place.archive.entry(named: place.name).flatMap { try? place.archive.stream($0) }
            return stream.map { place.archive.reader($0, name: input.position) }
        }
        return input.path.flatMap { try? ByteReader(path: $0) }
    }

    /// A reader over the input with the configured bounds.
    func reader() -> JSONReader { JSONReader(input.bytes, options: JSONOptions(limits: limits)) }

    // MARK: - Items

    /// The message as an envelope with its keys.
    ///
    /// It is filled in where it lies: an envelope has many parts, and each copy counts every one of them.
    func item(_ message: consuming DirectMessage) -> ParsedItem {
        let (keys, ordinal) = identity(of: message)
        let held = HeldMessage(
            source: input.context.source,
            type: message.type,
            time: message.time?.timestamp ?? input.context.receivedAt,
            channel: .socialDM,
            provider: provider,
            keys: keys,
            ordinal: ordinal
        )
        fill(&held.message, from: &message)
        return .message(held)
    }

    private func fill(_ parsed: inout ParsedMessage, from message: inout DirectMessage) {
        for (index, attachment) in message.attachments.enumerated() { parsed.contents[index] = attachment.bytes }
        let people = knownPeople.people(of: message, owner: &owner)
        fill(&parsed.envelope.data, from: &message)
        add(people, to: &parsed.envelope.data)
        swap(&parsed.raw, &message.raw)
    }

    /// Takes over what it can, so that nothing is counted twice.
    private func fill(_ data: inout MessageData, from message: inout DirectMessage) {
        // Never what the document says of its owner: not every export of a chat says it, and the account is the scope of keys.
        data.account = input.context.account
        data.automated = message.automated
        swap(&data.messageID, &message.id)
        // An edit or a deletion is a later form of the message whose id it has; the store counts on from what it knows.
        if let id = data.messageID, message.type == .messageRevised || message.type == .messageDeleted {
            let number = revisions[id, default: 0] + 1
            revisions[id] = number
            data.revision = number
        }
        swap(&data.conversationID, &message.conversation)
        swap(&data.inReplyTo, &message.inReplyTo)
        data.subject = message.subject.map(UnicodeText.normalised)
        data.body.text = UnicodeText.normalised(message.text)
        data.body.format = .plain
        if message.type == .callMissed {
            data.call = PhoneCall()
            data.call?.status = "missed"
        }
        data.times.sentAt = message.time?.timestamp
        data.times.precision = message.time?.precision
        data.times.zone = message.time?.zone
        data.times.receivedAt = input.context.receivedAt
        data.raw.sha256 = SHA256.hex(of: message.raw)
        data.raw.size = message.raw.count
        data.raw.sourcePosition = position(message.offset)
        data.raw.parser = parser
        swap(&data.warnings, &message.warnings)
        if !message.attachments.isEmpty {
            data.attachments = message.attachments.map(\.info)
            data.warnings += message.attachments.compactMap(\.warning)
        }
        if message.time == nil { data.warnings.append("time_missing") }
    }

    private func add(_ people: MessagePeople, to data: inout MessageData) {
        data.direction = people.direction
        data.from = people.from
        data.to = people.to
        data.customer = people.customer
        if people.isDirectionAssumed { data.warnings.append("direction_assumed:inbound") }
    }

    func ignored(_ kind: String, at offset: Int) -> ParsedItem {
        .ignored(IgnoredInput(kind: Self.word(kind), position: position(offset)))
    }

    func rejected(_ reason: String, _ detail: String, at offset: Int? = nil, raw: [UInt8]) -> ParsedItem {
        let place = offset.map(position) ?? input.position
        return .rejected(
            RejectedInput(
                reason: reason,
                detail: detail,
                position: place,
                provider: provider,
                raw: Array(raw.prefix(limits.messageBytes))
            )
        )
    }

    /// What a syntax error, or a value that is too large, leaves of the document.
    ///
    /// - Throws: `IntakeError` where the bytes themselves could not be read: another try may succeed.
    func rejected(_ error: JSONError, raw: [UInt8]) throws -> ParsedItem {
        let reason: String
        switch error.reason {
        case .input(let failure): throw failure
        case .truncated: reason = "json_truncated"
        case .valueTooLarge: reason = "message_too_large"
        default: reason = "json_invalid"
        }
        let detail = "line \(error.line), column \(error.column): \(error.words)"
        return rejected(reason, detail, at: error.offset, raw: raw)
    }

    private func position(_ offset: Int) -> String { UnicodeText.joined(input.position, "#", String(offset)) }

    /// A platform's word as the name of a counter: lower case, digits and underscores.
    static func word(_ text: String) -> String {
        var result = ""
        for scalar in text.lowercased().unicodeScalars.prefix(48) {
            let isPlain = ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar)
            result.unicodeScalars.append(isPlain ? scalar : "_")
        }
        return result
    }

    // MARK: - Identity

    /// The platform's id, or else conversation, sender, time and content with an ordinal among equal ones.
    ///
    /// The ordinal counts within this document, so that two equal messages in one moment both live, and a longer export
    /// of the same chat gives each the same key again.
    private func identity(of message: borrowing DirectMessage) -> ([IdentityKey], Int?) {
        if let id = message.id { return ([IdentityKey(.authoritative, id)], nil) }
        guard let time = message.time else { return ([], nil) }
        let hash = SHA256Stream()
        hash.update(field: message.keyConversation ?? message.conversation ?? "")
        hash.update(field: message.sender.id ?? message.sender.name ?? "")
        hash.update(field: message.keyTime ?? String(time.timestamp.milliseconds))
        hash.update(field: message.type.rawValue)
        hash.update(field: message.text)
        hash.update(field: String(message.attachments.count))
        let digest = Array(hash.finish().prefix(16))
        let ordinal = ordinals[digest, default: 0]
        ordinals[digest] = ordinal + 1
        return ([IdentityKey(.composite, "\(provider):\(Hex.encode(digest)):\(ordinal)")], ordinal)
    }
}
