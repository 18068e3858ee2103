import GatehouseCore

/// LiveChat's webhooks (https://platform.text.com/docs/management/webhooks/), and chats as its API lists them.
///
/// `incoming_event` is one message; `incoming_chat` brings those with which a chat began. An author is an id alone: only a
/// chat says whose. Agents' ids are their e-mail addresses, bots' 32 hexadecimal digits, customers' UUIDs.
struct LiveChatFormat: WebChatFormat {
    let format = MessageFormat(name: "livechat", summary: "LiveChat (text.com) webhook or chat transcript")
    let provider = "livechat"

    func confidence(in value: JSONValue, headers: [String: String]) -> Confidence? {
        if value["action"]?.string != nil, let payload = value["payload"], payload.members != nil {
            let marks = ["webhook_id", "secret_key", "organization_id", "license_id", "webhook_type"]
            if marks.contains(where: { value[$0] != nil }) { return .certain }
            return payload["chat_id"] != nil || payload["chat"] != nil ? .likely : nil
        }
        let chat = value["chats"]?[0] ?? value
        let isChat = chat["users"]?.array != nil && chat["id"]?.string != nil
        return isChat && (chat["thread"]?["events"] != nil || chat["threads"]?[0]?["events"] != nil) ? .likely : nil
    }

    func read(_ document: ChatDocument, emit: (ParsedItem) throws -> Void) throws {
        let value = document.value
        try value.requireObject("the document")
        let account = try value.idField("organization_id", "license_id")
        guard let action = try value.wordField("action") else { return try readChats(value, account, document, emit) }
        let payload = try value.objectField("payload")
        if action == "incoming_chat", let chat = try payload?.objectField("chat") {
            // Without the account a message would not be known again; without the users nobody knows whose it is.
            if document.isCut, account == nil || chat["users"] == nil { return }
            return try readChat(chat, account, document, emit)
        }
        if document.isCut { return }
        let types: [String: EventType] = [
            "incoming_event": .messageCreated, "event_updated": .messageRevised, "event_deleted": .messageDeleted,
        ]
        guard let type = types[action], let payload else { return try emit(document.ignored(action)) }
        var frame = ChatMessage()
        frame.account = account
        frame.conversationID = try payload.wordField("chat_id")
        frame.type = type
        let event = try payload.objectField("event") ?? payload
        // The event's bytes alone are kept: beside it stands the webhook's secret.
        frame.offset = event.offset
        try emit(item(event, frame, users: [:], document))
    }

    private func readChats(
        _ value: JSONValue,
        _ account: String?,
        _ document: ChatDocument,
        _ emit: (ParsedItem) throws -> Void
    ) throws {
        for chat in try value.arrayField("chats") ?? [value] {
            if document.isCut, chat["id"] == nil || chat["users"] == nil { continue }
            try readChat(chat, account, document, emit)
        }
    }

    private func readChat(
        _ chat: JSONValue,
        _ account: String?,
        _ document: ChatDocument,
        _ emit: (ParsedItem) throws -> Void
    ) throws {
        var frame = ChatMessage()
        frame.account = account
        frame.conversationID = try chat.wordField("id")
        var users: [String: Party] = [:]
        for user in try chat.arrayField("users") ?? [] {
            guard let id = user.word("id") else { continue }
            users[id] = Party(
                id: id,
                name: Party.text(user.word("name")),
                email: user.word("email"),
                role: user.word("type") == "customer" ? .customer : Self.isBot(id) ? .bot : .agent
            )
        }
        frame.customer = users.values.filter { $0.role == .customer }.min { ($0.id ?? "") < ($1.id ?? "") }
        let threads = try [chat.objectField("thread")].compactMap(\.self) + (chat.arrayField("threads") ?? [])
        var isEmpty = true
        for thread in threads {
            let events = try thread.arrayField("events") ?? []
            if !events.isEmpty { isEmpty = false }
            try document.forEach(events, named: "thread.events", emit) { event throws(JSONFieldError) in
                var frame = frame
                frame.offset = event.offset
                return try item(event, frame, users: users, document)
            }
        }
        if isEmpty, !document.isCut { try emit(document.ignored("empty_transcript")) }
    }

    private func item(
        _ event: JSONValue,
        _ frame: ChatMessage,
        users: [String: Party],
        _ document: ChatDocument
    ) throws(JSONFieldError) -> ParsedItem {
        let kind = event.word("type") ?? "message"
        if kind == "system_message" { return document.ignored(kind, at: event) }
        var message = frame
        message.id = try event.idField("id", "event_id")
        message.scope = "\(frame.account ?? ""):\(frame.conversationID ?? "")"
        message.text = try event.textField("text") ?? ""
        message.setFirstTime(event["created_at"], event["timestamp"])
        if let file = AttachmentInfo.remote(event) { message.attachments = [file] }
        for field in try event.arrayField("fields") ?? [] { message.addLine(Self.line(of: field)) }
        for element in event["elements"]?.array ?? [] {
            for key in ["title", "subtitle"] { message.addLine(element.word(key)) }
        }
        let author = event.word("author_id").map { users[$0] ?? Self.party($0, &message.warnings) }
        message.setSender(author ?? Party(role: .customer), customer: frame.customer)
        if event.word("visibility", "recipients") == "agents" { message.direction = .internal }
        if message.isEmpty, message.type != .messageDeleted {
            guard event.given("content") != nil || kind == "rich_message" else {
                return document.ignored(kind == "message" ? "empty_message" : kind, at: event)
            }
            message.warnings.append("unsupported_content:\(ChatDocument.word(kind))")
        }
        return .message(message.parsed(in: document))
    }

    /// `label: answer` of a form's field; an answer is a text, a choice or several.
    private static func line(of field: JSONValue) -> String? {
        let answer = field.given("answer") ?? field.given("value") ?? field.given("answers")
        let answers = answer?.array ?? [answer].compactMap(\.self)
        let words = answers.compactMap { $0.text ?? $0.word("label", "value") }.filter { !$0.isEmpty }
        guard !words.isEmpty else { return nil }
        return (field.word("label").map { "\($0): " } ?? "") + words.joined(separator: ", ")
    }

    private static func party(_ id: String, _ warnings: inout [String]) -> Party {
        if id.utf8.contains(UInt8(ascii: "@")) { return Party(id: id, email: id, role: .agent) }
        guard isBot(id) else { return Party(id: id, role: .customer) }
        warnings.append("author_assumed:bot")
        return Party(id: id, role: .bot)
    }

    private static func isBot(_ id: String) -> Bool {
        id.utf8.count == 32 && id.utf8.allSatisfy { (48...57).contains($0) || (0x61...0x66).contains($0) }
    }
}
