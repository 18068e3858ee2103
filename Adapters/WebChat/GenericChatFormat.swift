import GatehouseCore

/// Gatehouse's own chat document, for every chat without a format of its own: one message or a whole conversation.
///
/// `deploy/schema/generic-chat.schema.json` describes it to machines, the adapter's README to people.
struct GenericChatFormat: WebChatFormat {
    static let marker = "gatehouse-chat/1"

    let format = MessageFormat(name: "generic-chat", summary: "Gatehouse's own chat JSON: one message or a transcript")
    let provider = "generic"
    let form = FormLayout.ownFields
    /// A list is a whole conversation.
    let readsLists = true

    private static let textKeys = ["text", "body"]
    private static let timeKeys = ["sent_at", "created_at", "timestamp", "time"]
    /// Events that are no messages, by the name under which they are counted.
    private static let silentTypes = [
        "typing": "typing", "read": "read_receipt", "delivered": "delivery_receipt", "joined": "participant_joined",
        "left": "participant_left", "opened": "chat_opened", "closed": "chat_closed",
    ]

    func confidence(in value: JSONValue, headers: [String: String]) -> Confidence? {
        if let array = value.array { return array.first.flatMap { Self.isListed($0) ? .possible : nil } }
        if value["format"]?.string == Self.marker { return .certain }
        // Phone callbacks have a format of their own, and everyone else's webhooks name an event.
        if value["format"] != nil || value["event"] != nil || value["callback"] != nil { return nil }
        let isConversation = value["conversation_id"]?.text != nil
        if let messages = value["messages"]?.array, isConversation || value["visitor"]?.members != nil {
            return messages.first.map(Self.looksLikeMessage) ?? true ? .likely : nil
        }
        return isConversation && Self.looksLikeMessage(value) ? .possible : nil
    }

    /// Whether a bare list's element is a message: that something has words and a time is no mark of a chat.
    private static func isListed(_ value: JSONValue) -> Bool {
        looksLikeMessage(value) && (value["from"] != nil || value["id"] != nil || value["conversation_id"] != nil)
    }

    private static func looksLikeMessage(_ value: JSONValue) -> Bool {
        let isContent = textKeys.contains { value[$0]?.string != nil } || value["attachments"]?.array != nil
        return isContent && (value["from"] != nil || timeKeys.contains { value[$0] != nil })
            && value["phone"] == nil && value["service"] == nil && value["event"] == nil
    }

    func read(_ document: ChatDocument, emit: (ParsedItem) throws -> Void) throws {
        let value = document.value
        if let array = value.array {
            let zone = Self.zone(of: document.context)
            return try readAll(array, in: document, frame: ChatMessage(), visitor: nil, zone: zone, emit)
        }
        try value.requireObject("the document")
        if let marker = try value.wordField("format"), marker != Self.marker {
            let detail = "'format' is \"\(UnicodeText.printable(marker))\"; this program reads \"\(Self.marker)\"."
            return try emit(document.payload.rejected("unknown_version", detail, at: value["format"]?.offset ?? 0))
        }
        var frame = ChatMessage()
        frame.account = try value.wordField("account")
        frame.conversationID = try value.wordField("conversation_id")
        frame.subject = try value.wordField("subject")
        frame.locale = value["locale"]?.string ?? value["language"]?.string
        let zone = try zone(value, document, &frame)
        var visitor: Party?
        if let stated = try value.objectField("visitor") {
            visitor = try Self.party(stated, .customer, document.context, &frame.warnings)
        }
        if let messages = try value.arrayField("messages") {
            // What stands behind the cut might have named the conversation.
            if document.isCut, frame.conversationID == nil { return }
            return try readAll(messages, in: document, frame: frame, visitor: visitor, zone: zone, emit)
        }
        if document.isCut { return }
        var ordinals: [String: Int]?
        if let item = try item(value, in: document, frame: frame, visitor: visitor, zone: zone, &ordinals) {
            try emit(item)
        }
    }

    private func zone(_ value: JSONValue, _ document: ChatDocument, _ frame: inout ChatMessage) throws -> TimeZoneTable?
    {
        if let name = try value.wordField("time_zone") {
            if let zone = TimeZoneTable(name: name) { return zone }
            frame.warnings.append("time_zone_unknown:" + UnicodeText.normalised(name))
        }
        return Self.zone(of: document.context)
    }

    private static func zone(of context: IntakeContext) -> TimeZoneTable? {
        context.timeZone.flatMap { TimeZoneTable(name: $0) }
    }

    private func readAll(
        _ messages: [JSONValue],
        in document: ChatDocument,
        frame: ChatMessage,
        visitor: Party?,
        zone: TimeZoneTable?,
        _ emit: (ParsedItem) throws -> Void
    ) throws {
        if messages.isEmpty, !document.isCut { return try emit(document.payload.ignored("empty_transcript")) }
        var ordinals: [String: Int]? = [:]
        for (index, value) in messages.enumerated() {
            var item: ParsedItem?
            do {
                try value.requireObject("item")
                var frame = frame
                frame.offset = value.offset
                // A list has no frame: each of its messages has the keys that it would have by itself.
                if document.value.array != nil {
                    frame.account = try value.wordField("account")
                    frame.conversationID = try value.wordField("conversation_id")
                    if document.isCut, try Self.isKnownByTheWhole(value) { continue }
                }
                item = try self.item(value, in: document, frame: frame, visitor: visitor, zone: zone, &ordinals)
            } catch var error as JSONFieldError {
                error.field = "messages[\(index)].\(error.field)"
                item = document.payload.rejected(error, item: value.offset)
            }
            if let item { try emit(item) }
        }
    }

    /// Whether only the bytes of all of its document tell a message from an equal one.
    private static func isKnownByTheWhole(_ value: JSONValue) throws -> Bool {
        let isNamed = try value.wordField("id") ?? value.wordField("conversation_id") != nil
        return !isNamed && !timeKeys.contains { value[$0].map { !$0.isNull } == true }
    }

    private func item(
        _ value: JSONValue,
        in document: ChatDocument,
        frame: ChatMessage,
        visitor: Party?,
        zone: TimeZoneTable?,
        _ ordinals: inout [String: Int]?
    ) throws -> ParsedItem? {
        if let type = try value.wordField("type"), let kind = Self.silentTypes[type] {
            return .ignored(IgnoredInput(kind: kind, position: document.payload.place(value.offset)))
        }
        var message = frame
        message.id = try value.wordField("id")
        message.scope = [frame.account, frame.conversationID].map { $0 ?? "" }.joined(separator: ":")
        message.conversationID = try value.wordField("conversation_id") ?? frame.conversationID
        message.subject = try value.wordField("subject") ?? frame.subject
        var text: String?
        for key in Self.textKeys where text == nil { text = try value.textField(key) }
        message.text = text ?? ""
        message.attachments = try Self.attachments(value.arrayField("attachments") ?? [])
        if let key = Self.timeKeys.first(where: { value[$0].map { !$0.isNull } == true }) {
            message.setTime(value[key], zone: zone)
        }
        try setParties(&message, value, visitor, document.context)
        if try value.boolField("private") == true { message.direction = .internal }
        if let edited = value["edited_at"], !edited.isNull { message.type = .messageRevised }
        if try value.boolField("deleted") == true { message.type = .messageDeleted }
        if let parent = value["in_reply_to"] {
            message.inReplyTo = parent.array?.compactMap(\.text) ?? parent.text.map { [$0] } ?? []
        }
        if text == nil, message.attachments.isEmpty, message.type != .messageDeleted {
            let detail = "The message has neither 'text' nor 'attachments'. Send the customer's words as 'text'."
            return document.payload.rejected("no_text", detail, at: value.offset, item: frame.offset)
        }
        return .message(message.parsed(in: document, ordinals: &ordinals))
    }

    private func setParties(
        _ message: inout ChatMessage,
        _ value: JSONValue,
        _ visitor: Party?,
        _ context: IntakeContext
    ) throws {
        let from = value["from"].flatMap { $0.isNull ? nil : $0 }
        let isObject = from?.members != nil
        let word = try isObject ? from?.wordField("role") : value.wordField("from")
        let role = Self.role(word ?? "visitor")
        if role == nil { message.warnings.append("role_unknown:" + UnicodeText.normalised(word ?? "")) }
        var sender = Party(role: role ?? .customer)
        if isObject, let from { sender = try Self.party(from, role ?? .customer, context, &message.warnings) }
        if sender.role == .customer, let visitor {
            if sender == Party(role: .customer) { sender = visitor }
            sender.id = sender.id ?? visitor.id
        }
        message.sender = sender
        message.customer = sender.role == .customer ? sender : visitor
        switch sender.role {
        case .agent: message.direction = .outbound
        case .bot:
            message.direction = .outbound
            message.automated = .bot
        case .system: message.direction = .system
        case .customer, nil: message.direction = .inbound
        }
        if message.direction == .outbound { message.recipient = visitor }
    }

    private static func role(_ word: String) -> Role? {
        switch word.lowercased() {
        case "visitor", "customer", "user", "client", "contact", "guest": .customer
        case "agent", "operator", "staff", "support", "admin": .agent
        case "bot", "assistant": .bot
        case "system": .system
        default: nil
        }
    }

    private static func party(
        _ value: JSONValue,
        _ role: Role,
        _ context: IntakeContext,
        _ warnings: inout [String]
    ) throws -> Party {
        let names = (username: "username", phone: "phone")
        return try Party(value, names: names, role: role, context: context, warnings: &warnings)
    }

    private static func attachments(_ values: [JSONValue]) throws -> [AttachmentInfo] {
        var result: [AttachmentInfo] = []
        for value in values {
            try value.requireObject("attachments")
            let name = Party.text(try value.wordField("name"))
            let type = try value.wordField("media_type")
            var info: AttachmentInfo
            if let url = try value.wordField("url") {
                info = .remote(url: url, name: name, mediaType: type)
            } else {
                info = AttachmentInfo(status: .missing, name: name, mediaType: type)
            }
            info.size = value["size"]?.int64.flatMap { $0 >= 0 ? Int(exactly: $0) : nil }
            info.expiresAt = PayloadTime(value["expires_at"])?.timestamp
            result.append(info)
        }
        return result
    }
}
