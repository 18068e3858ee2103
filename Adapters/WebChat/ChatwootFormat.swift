import GatehouseCore

/// Chatwoot's webhooks (https://www.chatwoot.com/hc/user-guide/articles/1677693021-how-to-use-webhooks).
///
/// One event for each message. `message_type` is a word at the top level and an integer in nested objects; the
/// time is a text or seconds; ids are numbers in truth and strings in the vendor's example.
struct ChatwootFormat: WebChatFormat {
    let format = MessageFormat(name: "chatwoot", summary: "Chatwoot webhook (message_created, message_updated)")
    let provider = "chatwoot"

    private static let otherEvents: Set<String> = [
        "conversation_created", "conversation_updated", "conversation_status_changed", "conversation_typing_on",
        "conversation_typing_off", "webwidget_triggered", "contact_created", "contact_updated", "inbox_created",
        "inbox_updated",
    ]

    func confidence(in value: JSONValue, headers: [String: String]) -> Confidence? {
        guard let event = value["event"]?.string else { return nil }
        let marks = [
            "account", "conversation", "message_type", "inbox", "contact_inbox", "inbox_id", "changed_attributes",
        ]
        let isMarked = marks.contains { value[$0] != nil }
        if event == "message_created" || event == "message_updated" { return isMarked ? .certain : .possible }
        // An event that is new to us still has the frame.
        guard Self.otherEvents.contains(event) else { return isMarked ? .possible : nil }
        return isMarked ? .certain : .likely
    }

    func read(_ document: ChatDocument, emit: (ParsedItem) throws -> Void) throws {
        let value = document.value
        try value.requireObject("the document")
        // One message is one document: cut, it is no message.
        if document.isCut { return }
        let event = try value.wordField("event") ?? ""
        guard event == "message_created" || event == "message_updated" else {
            return try emit(document.ignored(event.hasPrefix("conversation_typing") ? "typing" : event))
        }
        let kind = try Kind(value)
        if kind == .activity { return try emit(document.payload.ignored("activity")) }
        var ordinals: [String: Int]?
        let message = try message(value, kind, isUpdate: event == "message_updated", document)
        try emit(.message(message.parsed(in: document, ordinals: &ordinals)))
    }

    private enum Kind {
        case incoming, outgoing, activity, template

        /// `message_type`; where it is missing the sender tells.
        init(_ value: JSONValue) throws {
            switch try value.wordField("message_type") {
            case "incoming", "0": self = .incoming
            case "outgoing", "1": self = .outgoing
            case "activity", "2": self = .activity
            case "template", "3": self = .template
            default:
                let sender = value["sender"]?["type"]?.string
                self = sender == "user" || sender == "agent_bot" ? .outgoing : .incoming
            }
        }
    }

    private func message(
        _ value: JSONValue,
        _ kind: Kind,
        isUpdate: Bool,
        _ document: ChatDocument
    ) throws -> ChatMessage {
        let conversation = try value.objectField("conversation")
        let account = try value.objectField("account")?.wordField("id")
        let inbox = try value.objectField("inbox")
        var message = ChatMessage()
        message.id = try value.wordField("id")
        message.scope = "\(account ?? ""):message"
        message.conversationID = try conversation?.wordField("id") ?? conversation?.wordField("display_id")
        let inboxID = try inbox?.wordField("id") ?? conversation?.wordField("inbox_id")
        message.account = [account, inboxID].contains(nil) ? account ?? inboxID : "\(account ?? "")/\(inboxID ?? "")"
        message.text = try value.textField("content") ?? ""
        message.setTime(value["created_at"])
        message.attachments = try Self.attachments(value.arrayField("attachments") ?? [], text: &message.text)
        let attributes = value["content_attributes"]
        if isUpdate { message.type = attributes?["deleted"]?.bool == true ? .messageDeleted : .messageRevised }
        if let parent = attributes?["in_reply_to"]?.text, !parent.isEmpty { message.inReplyTo = [parent] }
        try setParties(&message, value, kind, conversation, document.context)
        if try value.boolField("private") == true { message.direction = .internal }
        if kind == .template { message.automated = .bot }
        if attributes?["external_echo"]?.bool == true { message.automated = .echo }
        return message
    }

    private func setParties(
        _ message: inout ChatMessage,
        _ value: JSONValue,
        _ kind: Kind,
        _ conversation: JSONValue?,
        _ context: IntakeContext
    ) throws {
        let sender = try value.objectField("sender")
        let contact = try conversation?.objectField("meta")?.objectField("sender") ?? value.objectField("contact")
        let isInbound = kind == .incoming
        // Conversation.additional_attributes, or the contact's own.
        let attributes = [conversation, contact, sender].compactMap { $0?["additional_attributes"] }
        if isInbound { message.locale = attributes.compactMap { $0["browser_language"]?.string }.first }
        message.direction = isInbound ? .inbound : .outbound
        if isInbound {
            let source = sender ?? contact
            message.sender =
                try source.map { value in
                    try Self.party(value, .customer, context, &message.warnings)
                } ?? Party(role: .customer)
            message.customer = message.sender
        } else {
            let type = sender?["type"]?.string
            let isBot = type == "agent_bot" || type == "captain_assistant" || kind == .template
            if isBot { message.automated = .bot }
            message.sender =
                try sender.map { value in
                    try Self.party(value, isBot ? .bot : .agent, context, &message.warnings)
                } ?? Party(role: isBot ? .bot : .agent)
            message.customer = try contact.map { value in
                try Self.party(value, .customer, context, &message.warnings)
            }
            message.recipient = message.customer
        }
    }

    private static func party(
        _ value: JSONValue,
        _ role: Role,
        _ context: IntakeContext,
        _ warnings: inout [String]
    ) throws -> Party {
        let names = (username: "identifier", phone: "phone_number")
        return try Party(value, names: names, role: role, context: context, warnings: &warnings)
    }

    /// Files are links; a location or a contact card has no file and goes into the text.
    private static func attachments(_ values: [JSONValue], text: inout String) throws -> [AttachmentInfo] {
        var result: [AttachmentInfo] = []
        for value in values {
            try value.requireObject("attachments")
            let title = try value.wordField("fallback_title")
            guard let url = try value.wordField("data_url") else {
                let place = [value["coordinates_lat"]?.text, value["coordinates_long"]?.text].compactMap(\.self)
                let isPlace = place.count == 2 && place != ["0.0", "0.0"]
                let words = [title, isPlace ? place.joined(separator: ", ") : nil].compactMap(\.self)
                if !words.isEmpty { text += (text.isEmpty ? "" : "\n") + words.joined(separator: " ") }
                continue
            }
            var info = AttachmentInfo.remote(url: url, name: title, mediaType: nil)
            info.size = value["file_size"]?.int64.flatMap { $0 >= 0 ? Int(exactly: $0) : nil }
            result.append(info)
        }
        return result
    }
}
