import GatehouseCore

/// Freshchat's webhooks
/// (https://crmsupport.freshworks.com/support/solutions/articles/50000004461-freshchat-webhooks-payload-structure-and-authentication).
///
/// A message is a list of parts: `message_parts` with one member each that names its kind, in older payloads `msg_parts`
/// with `part_type` and `properties`.
struct FreshchatFormat: WebChatFormat {
    let format = MessageFormat(name: "freshchat", summary: "Freshchat webhook (message_create)")
    let provider = "freshchat"

    func confidence(in value: JSONValue, headers: [String: String]) -> Confidence? {
        guard let action = Self.action(value), value["data"]?.members != nil else { return nil }
        let isKnown = ["message_", "conversation_"].contains { action.hasPrefix($0) }
        let isMarked = value["actor"] != nil || value["action_time"] != nil || headers["x-freshchat-signature"] != nil
        let message = value["data"]?["message"]
        let hasParts = message?["message_parts"] != nil || message?["msg_parts"] != nil
        if isKnown { return isMarked || hasParts ? .certain : .possible }
        return isMarked && value["action_time"] != nil ? .likely : nil
    }

    /// Freshworks' apps are told the same as `onMessageCreate`.
    private static func action(_ value: JSONValue) -> String? {
        if let action = value["action"]?.string { return action }
        return value["event"]?.string == "onMessageCreate" && value["data"]?["message"] != nil ? "message_create" : nil
    }

    func read(_ document: ChatDocument, emit: (ParsedItem) throws -> Void) throws {
        let value = document.value
        try value.requireObject("the document")
        // One message is one document: cut, it is no message.
        if document.isCut { return }
        let action = Self.action(value) ?? ""
        let types: [String: EventType] = [
            "message_create": .messageCreated, "message_update": .messageRevised, "message_delete": .messageDeleted,
        ]
        guard let type = types[action], let data = try value.objectField("data"),
            let content = try data.objectField("message")
        else { return try emit(document.ignored(action)) }
        let actor = value.object("actor") ?? data.object("actor")
        let kind = content.word("message_type") ?? "normal"
        let role = content.word("actor_type") ?? actor?.word("actor_type", "type") ?? value.word("actor") ?? "user"
        if kind == "system" || role == "system" { return try emit(document.ignored("system_message")) }
        var message = ChatMessage()
        message.type = type
        message.account = try content.wordField("app_id")
        message.conversationID = try content.wordField("conversation_id")
        message.id = try content.wordField("id")
        message.scope = "\(message.account ?? ""):\(message.conversationID ?? "")"
        message.setFirstTime(content["created_time"], value["action_time"])
        try readParts(content, &message)
        setSender(role, content, actor, &message)
        if kind == "private" || content["botsPrivateNote"]?.bool == true { message.direction = .internal }
        if message.isEmpty, type != .messageDeleted { return try emit(document.ignored("empty_message")) }
        try emit(.message(message.parsed(in: document)))
    }

    private func setSender(_ role: String, _ content: JSONValue, _ actor: JSONValue?, _ message: inout ChatMessage) {
        let name = [actor?.word("first_name"), actor?.word("last_name")].compactMap(\.self).joined(separator: " ")
        var party = Party(
            id: content.word("actor_id") ?? actor?.word("actor_id", "id"),
            name: Party.text(name.isEmpty ? nil : name),
            email: actor?.word("email")
        )
        let user = content.word("user_id")
        switch role {
        case "agent", "bot":
            party.role = role == "bot" ? .bot : .agent
            message.setSender(party, customer: user.map { Party(id: $0, role: .customer) })
        default:
            party.role = .customer
            party.id = party.id ?? user
            message.setSender(party, customer: nil)
        }
    }

    private func readParts(_ content: JSONValue, _ message: inout ChatMessage) throws {
        let parts = try content.arrayField("message_parts") ?? content.arrayField("msg_parts") ?? []
        for part in parts {
            try part.requireObject("message_parts")
            // A collection holds parts of its own, no deeper.
            let collection = part["collection"]?["sub_parts"]?.array ?? []
            for part in [part] + collection { try read(part, &message) }
        }
    }

    private func read(_ part: JSONValue, _ message: inout ChatMessage) throws {
        let kind: String
        let value: JSONValue
        if let type = part.word("part_type") {
            kind = type
            value = part.object("properties") ?? part
        } else {
            guard let member = part.members?.first(where: { !$0.value.isNull }) else { return }
            kind = member.key
            value = member.value
        }
        switch kind {
        case "collection": return
        case "text", "email", "html":
            var piece = ChatMessage()
            piece.setMarkup(try value.textField("content") ?? value.textField("text") ?? value.text ?? "")
            message.addLine(piece.text)
            message.attachments += piece.attachments
            if let html = piece.html, message.html == nil, message.text == piece.text { message.html = html }
        case "image", "file", "video", "audio", "attachment":
            if let file = AttachmentInfo.remote(value) {
                message.attachments.append(file)
            } else {
                message.warnings.append("attachment_without_link")
            }
        case "url_button", "url":
            message.addLine([value.word("label"), value.word("url")].compactMap(\.self).joined(separator: ": "))
        case "quick_reply_button": message.addLine(value.word("custom_reply_text", "label"))
        case "reference":
            message.addLine(value.word("label"))
        default: message.warnings.append("unsupported_content:\(ChatDocument.word(kind))")
        }
    }
}
