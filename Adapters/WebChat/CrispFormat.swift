import GatehouseCore

/// Crisp's webhooks (https://docs.crisp.chat/references/web-hooks/v1/).
///
/// One event for each message: `message:send` is the visitor's, `message:received` the operator's.
struct CrispFormat: WebChatFormat {
    let format = MessageFormat(
        name: "crisp",
        summary: "Crisp webhook (message:send, message:received, edits, removals)"
    )
    let provider = "crisp"

    func confidence(in value: JSONValue, headers: [String: String]) -> Confidence? {
        guard value["website_id"]?.string != nil, let event = value["event"]?.string else { return nil }
        if value["data"]?.members != nil || headers["x-crisp-signature"] != nil { return .certain }
        return event.contains(":") ? .likely : .possible
    }

    func read(_ document: ChatDocument, emit: (ParsedItem) throws -> Void) throws {
        let value = document.value
        try value.requireObject("the document")
        // One message is one document: cut, it is no message.
        if document.isCut { return }
        let event = try value.wordField("event") ?? ""
        let type: EventType
        switch event {
        case "message:send", "message:received": type = .messageCreated
        case "message:updated": type = .messageRevised
        case "message:removed": type = .messageDeleted
        default: return try emit(document.ignored(event.hasPrefix("message:compose") ? "typing" : event))
        }
        guard let data = try value.objectField("data") else { return try emit(document.ignored("empty_message")) }
        if data["type"]?.string == "event" { return try emit(document.ignored("conversation_event")) }
        var message = try message(data, event, in: document)
        message.type = type
        message.setFirstTime(data["timestamp"], value["timestamp"])
        if message.isEmpty, type != .messageDeleted { return try emit(document.ignored("empty_message")) }
        try emit(.message(message.parsed(in: document)))
    }

    private func message(_ data: JSONValue, _ event: String, in document: ChatDocument) throws -> ChatMessage {
        let website = try document.value.wordField("website_id") ?? data.wordField("website_id")
        let session = try data.wordField("session_id")
        var message = ChatMessage()
        message.account = website
        message.conversationID = session
        // A fingerprint is unique within its session.
        message.id = try data.wordField("fingerprint")
        message.scope = "\(website ?? ""):\(session ?? "")"
        try readContent(data, &message)
        let user = data.object("user")
        var party = Party(
            id: user?.word("user_id"),
            name: Party.text(user?.word("nickname")),
            email: user?.word("email"),
            role: .customer
        )
        switch data.word("from") ?? (event == "message:received" ? "operator" : "user") {
        case "operator":
            party.role = data["automated"]?.bool == true ? .bot : .agent
            message.setSender(party, customer: session.map { Party(id: $0, role: .customer) })
        default: message.setSender(party, customer: nil)
        }
        if data["type"]?.string == "note" { message.direction = .internal }
        return message
    }

    /// `content` is a text, or an object that differs with `type`.
    private func readContent(_ data: JSONValue, _ message: inout ChatMessage) throws {
        guard let content = data.given("content") else { return }
        if let text = content.text {
            message.text = text
            return
        }
        try content.requireObject("content")
        if let file = AttachmentInfo.remote(content) { message.attachments = [file] }
        for key in ["text", "explain", "value"] { message.addLine(content.word(key)) }
        for choice in content["choices"]?.array ?? [] where choice["selected"]?.bool == true {
            message.addLine(choice.word("label", "value"))
        }
        for target in content["targets"]?.array ?? [] {
            message.addLine(
                [target.word("title"), target.word("description")].compactMap(\.self).joined(separator: ": ")
            )
        }
        if message.isEmpty { message.warnings.append("unsupported_content:\(ChatDocument.word(data.word("type")))") }
    }
}
