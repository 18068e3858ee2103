import GatehouseCore

/// One chat message as a format has found it, before it becomes an envelope.
struct ChatMessage {
    /// The platform's own id of the message.
    var id: String?
    /// What makes `id` unique: the platform's account and the like.
    var scope = ""
    var conversationID: String?
    var account: String?
    var type = EventType.messageCreated
    var direction = Direction.inbound
    var automated = Automation.no
    var sender = Party()
    var recipient: Party?
    var customer: Party?
    var subject: String?
    var text = ""
    /// Where the platform sends HTML; `text` is then what a person would read of it.
    var html: String?
    /// The language of the customer's browser or widget.
    var locale: String?
    var inReplyTo: [String] = []
    var attachments: [AttachmentInfo] = []
    var time: PayloadTime?
    /// Where the message's own object stands; nil where the document is the message.
    var offset: Int?
    var warnings: [String] = []

    /// The message with its envelope and keys.
    ///
    /// - Parameter ordinals: Counts equal messages of one document; nil for a document of a single message.
    func parsed(in document: ChatDocument, ordinals: inout [String: Int]?) -> ParsedMessage {
        let payload = document.payload
        let raw = offset.map { payload.bytes(ofValueAt: $0) } ?? payload.bytes
        var data = MessageData(channel: .webChat, provider: payload.provider)
        data.account = document.context.account ?? account
        data.direction = direction
        data.automated = automated
        data.messageID = id
        data.conversationID = conversationID
        data.inReplyTo = inReplyTo
        data.from = sender == Party() ? [] : [sender]
        data.to = recipient.map { [$0] } ?? []
        data.customer = customer
        data.subject = subject.map(UnicodeText.normalised)
        data.body = Body(
            text: UnicodeText.normalised(text),
            html: html.map(UnicodeText.normalised),
            format: html == nil ? .plain : .html
        )
        let limit = document.context.limits.attachmentCount
        data.attachments = Array(attachments.prefix(limit))
        let accepted = document.context.headers["accept-language"]
        data.languageHints = [
            locale.flatMap { LanguageHint(.locale, $0) }, accepted.flatMap { LanguageHint(.acceptLanguage, $0) },
        ].compactMap { $0 }
        data.times = time?.times ?? Times()
        data.times.receivedAt = document.context.receivedAt
        data.raw = payload.rawFacts(of: raw, at: offset)
        data.warnings = document.warnings + warnings + (attachments.count > limit ? ["attachments_cut"] : [])
        let envelope = Envelope(
            source: document.context.source,
            type: type,
            time: time?.timestamp ?? document.context.receivedAt,
            data: data
        )
        let (keys, ordinal) = identity(in: document, ordinals: &ordinals)
        return ParsedMessage(envelope: envelope, keys: keys, ordinal: ordinal, raw: raw)
    }

    /// The one message of its document.
    func parsed(in document: ChatDocument) -> ParsedMessage {
        var ordinals: [String: Int]?
        return parsed(in: document, ordinals: &ordinals)
    }

    /// The platform's id; or else conversation, sender, time, text and an ordinal among equal ones.
    private func identity(in document: ChatDocument, ordinals: inout [String: Int]?) -> ([IdentityKey], Int?) {
        let prefix = document.payload.provider + ":" + scope
        if let id { return ([IdentityKey(.authoritative, "\(prefix):\(id)")], nil) }
        // Without a time two equal messages of a conversation are told apart only within one document.
        guard time != nil || ordinals != nil else { return ([], nil) }
        let digest = SHA256Stream()
        digest.update(field: scope)
        // A document that names no conversation stands for one.
        let isAnonymous = conversationID == nil && time == nil
        digest.update(field: isAnonymous ? document.digest : conversationID ?? "")
        digest.update(field: direction.rawValue)
        // A chat has one visitor, whose name and address may become known between two transcripts.
        let isCustomer = sender.role == .customer
        digest.update(field: isCustomer ? "customer" : sender.id ?? sender.email ?? sender.name ?? "")
        digest.update(field: time.map { String($0.timestamp.milliseconds) } ?? "")
        digest.update(field: text)
        for attachment in attachments { digest.update(field: attachment.url ?? attachment.name ?? "") }
        let tuple = Hex.encode(digest.finish())
        let ordinal = ordinals?[tuple] ?? 0
        if ordinals != nil { ordinals?[tuple] = ordinal + 1 }
        return ([IdentityKey(.composite, "\(prefix):\(tuple):\(ordinal)")], ordinal)
    }
}

extension Party {
    /// Trims and normalises; an empty text is an absent one.
    static func text(_ text: String?) -> String? { text.map(UnicodeText.normalised) }

    /// A person as chat payloads hold one: `id`, `name`, `email`, and two members that each platform names in its own way.
    init(
        _ value: JSONValue,
        names: (username: String, phone: String),
        role: Role,
        context: IntakeContext,
        warnings: inout [String]
    ) throws {
        self.init(
            id: try value.wordField("id"),
            name: Self.text(try value.wordField("name")),
            email: try value.wordField("email"),
            username: try value.wordField(names.username),
            role: role
        )
        setPhone(try value.wordField(names.phone), context: context, warnings: &warnings)
    }

    /// A telephone number as the platform holds it, in E.164 where it can be read.
    mutating func setPhone(_ text: String?, context: IntakeContext, warnings: inout [String]) {
        guard let text else { return }
        let reading = PhoneNumberTable.world.read(text, defaultRegion: context.defaultRegion)
        phone = reading.e164
        if reading.e164 == nil { warnings.append("phone_\(reading.status.rawValue):\(UnicodeText.normalised(text))") }
    }
}

extension ChatMessage {
    /// Takes a time in any of its forms; one that is no time is a warning.
    mutating func setTime(_ value: JSONValue?, zone: TimeZoneTable? = nil) {
        guard let value, !value.isNull else { return }
        time = PayloadTime(value, assuming: zone)
        if time == nil { warnings.append("date_unparsed:" + UnicodeText.normalised(value.text ?? value.typeName)) }
    }
}
