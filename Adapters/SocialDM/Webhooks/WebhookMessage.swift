import GatehouseCore

/// What every vendor's message comes down to, before it becomes an envelope.
///
/// Ids begin with the provider's name (`line:325708`), since several vendors may share a source; where a platform's ids
/// are unique within a chat alone, the chat is part of them.
struct WebhookMessage {
    /// The platform's ids of the message, its own first; empty where it has none.
    var keys: [String] = []
    /// What pictures that were sent at once have in common, where the platform sends them one by one.
    var album: String?
    var conversation: String?
    /// The page, number or bot that was written to, as far as the payload says.
    var account: String?
    var type = EventType.messageCreated
    var revision = 0
    var direction = Direction.inbound
    var sender: Party
    var recipient: Party?
    var subject: String?
    var text = ""
    var inReplyTo: [String] = []
    var attachments: [AttachmentInfo] = []
    var time: PayloadTime?
    var warnings: [String] = []
    /// Where the objects stand of which it was made; empty where it is the whole body.
    var parts: [Int] = []

    init(sender: Party, key: String? = nil, part: JSONValue? = nil) {
        self.sender = sender
        keys = key.map { [$0] } ?? []
        parts = part.map { [$0.offset] } ?? []
    }

    /// Takes a time in any of its forms; one that is no time is a warning.
    mutating func setTime(_ value: JSONValue?, zone: TimeZoneTable? = nil) {
        guard let text = value?.text, !text.isEmpty else { return }
        time = PayloadTime(text, assuming: zone)
        if time == nil { warnings.append("date_unparsed:" + UnicodeText.normalised(text)) }
    }

    /// Another form of a message that is known, or will be: same key, next number.
    mutating func becomeEdit(number: Int = 1) {
        type = .messageRevised
        // A count from outside: nobody edits a message ten thousand times, and the store counts on from here.
        revision = min(max(number, 1), 9999)
    }

    /// Taken back: what is left is who, when and which.
    mutating func becomeDeletion() {
        type = .messageDeleted
        revision = 1
        text = ""
        attachments = []
    }

    mutating func add(line: String?) {
        guard let line, !line.isEmpty else { return }
        text += (text.isEmpty ? "" : "\n") + line
    }

    /// Takes in another part of the same album.
    mutating func join(_ other: WebhookMessage) {
        keys += other.keys.filter { !keys.contains($0) }
        if text != other.text { add(line: other.text) }
        attachments += other.attachments
        inReplyTo += other.inReplyTo.filter { !inReplyTo.contains($0) }
        warnings += other.warnings.filter { !warnings.contains($0) }
        parts += other.parts
    }

    func data(provider: String, account configured: String?) -> MessageData {
        var data = MessageData(channel: .socialDM, provider: provider)
        data.account = configured ?? account
        data.direction = direction
        data.messageID = keys.first
        data.conversationID = conversation
        data.inReplyTo = inReplyTo
        data.revision = revision
        data.subject = subject.map(UnicodeText.normalised)
        data.body = Body(text: UnicodeText.normalised(text), format: .plain)
        data.attachments = attachments
        data.times = time?.times ?? Times()
        data.warnings = warnings
        if let album { data.warnings.append("album:" + UnicodeText.printable(album)) }
        var sender = sender
        if sender == Party() { data.warnings.append("sender_missing") }
        if sender != Party() {
            sender.role = sender.role ?? (direction == .inbound ? .customer : .agent)
            data.from = [sender]
        }
        data.to = recipient.map { [$0] } ?? []
        data.customer = direction == .inbound ? data.from.first : nil
        return data
    }
}

extension Party {
    /// A person as webhooks know one; empty texts count as absent.
    init(webhook id: String?, name: String? = nil, username: String? = nil) {
        self.init(
            id: id.flatMap { $0.isEmpty ? nil : $0 },
            name: name.flatMap { $0.isEmpty ? nil : UnicodeText.normalised($0) },
            username: username.flatMap { word in
                let bare = word.hasPrefix("@") ? String(word.dropFirst()) : word
                return bare.isEmpty ? nil : bare
            }
        )
    }
}

// Members that a message can do without: one of another type counts as absent.
extension JSONValue {
    /// A text or number without white space around it.
    func given(_ key: String) -> String? { try? wordField(key) }

    func object(_ key: String) -> JSONValue? { self[key].flatMap { $0.members == nil ? nil : $0 } }

    func list(_ key: String) -> [JSONValue] { self[key]?.array ?? [] }

    func isTrue(_ key: String) -> Bool { self[key]?.bool == true }

    /// Whether the key is there with something in it.
    func has(_ key: String) -> Bool { self[key].map { !$0.isNull } ?? false }
}
