import GatehouseCore

/// Sunshine Conversations' webhooks, version 2 (https://developer.zendesk.com/api-reference/conversations/#tag/Webhooks).
///
/// A document brings several events; each `conversation:message` is a message.
struct SunshineFormat: WebChatFormat {
    let format = MessageFormat(name: "sunshine-v2", summary: "Sunshine Conversations webhook, version 2 (events)")
    let provider = "sunshine"

    private static let families = ["conversation:", "user:", "client:", "switchboard:"]

    func confidence(in value: JSONValue, headers: [String: String]) -> Confidence? {
        guard let events = value["events"]?.array, value["app"]?.members != nil else { return nil }
        if value["webhook"]?["version"]?.string == "v2" { return .certain }
        guard let first = events.first else { return value["webhook"]?.members != nil ? .certain : nil }
        let isKnown = first["type"]?.string.map { type in Self.families.contains { type.hasPrefix($0) } } ?? false
        return isKnown ? .certain : value["webhook"]?.members != nil ? .likely : nil
    }

    func read(_ document: ChatDocument, emit: (ParsedItem) throws -> Void) throws {
        let value = document.value
        try value.requireObject("the document")
        let app = try value.objectField("app")?.wordField("id")
        // Without it the messages of a cut document would not be known again.
        if document.isCut, app == nil { return }
        let events = try value.arrayField("events") ?? []
        if events.isEmpty, !document.isCut { return try emit(document.ignored("empty_event_list")) }
        try document.forEach(events, named: "events", emit) { event throws(JSONFieldError) in
            try item(event, app: app, document)
        }
    }

    private func item(_ event: JSONValue, app: String?, _ document: ChatDocument) throws(JSONFieldError) -> ParsedItem {
        let name = try event.wordField("type") ?? ""
        let payload = try event.objectField("payload")
        let isRemoval = name.hasSuffix("message:deleted") || name == "message.deleted"
        guard name == "conversation:message" || isRemoval, let payload, let value = try payload.objectField("message")
        else {
            if name == "conversation:typing" { return document.ignored("typing", at: event) }
            return document.ignored(name, at: event)
        }
        var message = ChatMessage()
        message.offset = event.offset
        message.account = app
        message.conversationID = try payload.objectField("conversation")?.wordField("id")
        message.id = try value.wordField("id")
        message.scope = app ?? ""
        message.setFirstTime(value["received"], event["createdAt"])
        if let content = try value.objectField("content") { try SunshineContent.read(content, &message) }
        if let quoted = value.object("quotedMessage") {
            message.inReplyTo = [quoted.object("message")?.word("id") ?? quoted.word("id")].compactMap(\.self)
        }
        setSender(value, payload, &message)
        if isRemoval || value["deleted"]?.bool == true { message.type = .messageDeleted }
        if message.isEmpty, message.type != .messageDeleted { return document.ignored("empty_message", at: event) }
        return .message(message.parsed(in: document))
    }

    private func setSender(_ value: JSONValue, _ payload: JSONValue, _ message: inout ChatMessage) {
        let author = value.object("author")
        let user = author?.object("user") ?? payload.object("user")
        let isUser = author?.word("type") != "business"
        let subtypes = author?["subtypes"]?.array?.compactMap(\.string) ?? []
        let source = value.object("source")?.word("type")
        let isBot = source == "zd:answerBot" || subtypes.contains("AI") || subtypes.contains("bot")
        let customer = user.map { SunshineContent.person($0) }
        if isUser {
            var party = customer ?? Party(role: .customer)
            party.id = author?.word("userId") ?? party.id
            party.name = Party.text(author?.word("displayName")) ?? party.name
            message.setSender(party, customer: nil)
            message.locale = user?.object("profile")?.word("locale")
        } else {
            let party = Party(
                id: author?.word("userId"),
                name: Party.text(author?.word("displayName")),
                role: isBot ? .bot : .agent
            )
            message.setSender(party, customer: customer)
        }
    }
}

/// What both versions of Sunshine's messages have in common.
enum SunshineContent {
    /// The text, the file, the place, the filled form.
    static func read(_ content: JSONValue, _ message: inout ChatMessage) throws(JSONFieldError) {
        message.text = try content.textField("text") ?? ""
        let kind = content.word("type") ?? "text"
        if let url = content.word("mediaUrl") {
            let name = Party.text(content.word("fileName", "altText"))
            var file = AttachmentInfo.remote(url: url, name: name, mediaType: content.word("mediaType"))
            file.size = content.word("mediaSize").flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
            message.attachments = [file]
        }
        if let place = content.object("coordinates") {
            let title = content.object("location").flatMap { $0.word("name", "address") }
            message.addLine(title)
            message.addLine([place.word("lat"), place.word("long")].compactMap(\.self).joined(separator: ", "))
        }
        for field in try content.arrayField("fields") ?? [] {
            let choice = field["select"]?[0]?.word("label", "name")
            guard let answer = field.word("text", "email") ?? choice else { continue }
            message.addLine((field.word("label", "name").map { "\($0): " } ?? "") + answer)
        }
        for item in try content.arrayField("items") ?? [] {
            message.addLine([item.word("title"), item.word("description")].compactMap(\.self).joined(separator: ": "))
        }
        if message.isEmpty, kind != "text" { message.warnings.append("unsupported_content:\(ChatDocument.word(kind))") }
    }

    /// A user of either version.
    static func person(_ user: JSONValue) -> Party {
        let profile = user.object("profile") ?? user
        let name = [profile.word("givenName"), profile.word("surname")].compactMap(\.self).joined(separator: " ")
        return Party(
            id: user.word("id", "_id"),
            name: Party.text(name.isEmpty ? nil : name),
            email: profile.word("email"),
            username: user.word("externalId", "userId"),
            role: .customer
        )
    }
}
