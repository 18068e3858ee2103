import GatehouseCore

/// Rocket.Chat's omnichannel webhooks (https://docs.rocket.chat/docs/webhooks).
///
/// Whatever the event, what was said stands in `messages`; newer servers give each its `_id`. Who isn't the visitor has an
/// `agentId`.
struct RocketChatFormat: WebChatFormat {
    let format = MessageFormat(name: "rocketchat-livechat", summary: "Rocket.Chat livechat webhook (sessions)")
    let provider = "rocketchat"

    func confidence(in value: JSONValue, headers: [String: String]) -> Confidence? {
        guard let type = value["type"]?.string else { return nil }
        if type.hasPrefix("Livechat") {
            return value["visitor"] != nil || value["_id"] != nil || headers["x-rocketchat-livechat-token"] != nil
                ? .certain : .likely
        }
        return type == "Message" && value["visitor"]?.members != nil ? .certain : nil
    }

    func read(_ document: ChatDocument, emit: (ParsedItem) throws -> Void) throws {
        let value = document.value
        try value.requireObject("the document")
        let type = try value.wordField("type") ?? ""
        var frame = ChatMessage()
        frame.conversationID = try value.wordField("_id")
        frame.scope = frame.conversationID ?? ""
        frame.subject = value.word("topic")
        let about = try value.objectField("visitor")
        let visitor = Self.visitor(about, document.context, &frame.warnings)
        if type == "LivechatOfflineMessage" { return try readOffline(document, visitor, frame, emit) }
        // Room and visitor stand first; without them nobody knows whose a cut transcript's messages are.
        if document.isCut, frame.conversationID == nil || about == nil { return }
        let messages = try value.arrayField("messages") ?? []
        if messages.isEmpty, !document.isCut { return try emit(document.ignored(type)) }
        let agent = value.object("agent")
        var ordinals: [String: Int]? = [:]
        try document.forEach(messages, named: "messages", emit) { item throws(JSONFieldError) in
            // `t` names what the room did: somebody joined, the chat was closed.
            if let kind = item.word("t") { return document.ignored(kind, at: item) }
            var message = frame
            message.offset = item.offset
            message.id = try item.wordField("_id")
            message.text = try item.textField("msg") ?? ""
            message.setFirstTime(item["ts"])
            if item.given("editedAt") != nil { message.type = .messageRevised }
            message.attachments = Self.attachments(item)
            Self.setSender(item, about, agent, visitor, &message)
            if message.isEmpty { return document.ignored("empty_message", at: item) }
            return .message(message.parsed(in: document, ordinals: &ordinals))
        }
    }

    private static func setSender(
        _ item: JSONValue,
        _ about: JSONValue?,
        _ agent: JSONValue?,
        _ visitor: Party,
        _ message: inout ChatMessage
    ) {
        let user = item.object("u")
        let username = item.word("username") ?? user?.word("username")
        let id = item.word("agentId") ?? (user?.word("username") == visitor.username ? nil : user?.word("_id"))
        let isAgent = id != nil || username != nil && username == agent?.word("username")
        guard isAgent, username == nil || username != visitor.username else {
            return message.setSender(visitor, customer: nil)
        }
        let isKnown = id != nil && id == agent?.word("_id") || username != nil && username == agent?.word("username")
        let party = Party(
            id: id,
            name: isKnown ? Party.text(agent?.word("name")) : Party.text(user?.word("name")),
            email: isKnown ? agent?.word("email") : nil,
            username: username,
            role: id == "rocket.cat" || username == "rocket.cat" ? .bot : .agent
        )
        message.setSender(party, customer: visitor)
    }

    /// A file's link leads to the server; it may be a path there.
    private static func attachments(_ item: JSONValue) -> [AttachmentInfo] {
        var result: [AttachmentInfo] = []
        if let upload = item.object("fileUpload"), let url = upload.word("publicFilePath") {
            let file = item.object("file")
            result.append(
                .remote(
                    url: url,
                    name: Party.text(file?.word("name")),
                    mediaType: upload.word("type") ?? file?.word("type")
                )
            )
        }
        var seen = Set(result.map(\.url))
        for value in item["attachments"]?.array ?? [] {
            guard let url = value.word("title_link", "image_url", "audio_url", "video_url"), seen.insert(url).inserted
            else { continue }
            result.append(
                .remote(url: url, name: Party.text(value.word("title")), mediaType: value.word("image_type"))
            )
        }
        return result
    }

    private func readOffline(
        _ document: ChatDocument,
        _ visitor: Party,
        _ frame: ChatMessage,
        _ emit: (ParsedItem) throws -> Void
    ) throws {
        if document.isCut { return }
        var message = frame
        message.text = try document.value.textField("message") ?? ""
        message.setFirstTime(document.value["sentAt"])
        message.setSender(visitor, customer: nil)
        if message.isEmpty { return try emit(document.ignored("empty_message")) }
        try emit(.message(message.parsed(in: document)))
    }

    /// Addresses and numbers are texts, or lists of objects.
    private static func visitor(_ value: JSONValue?, _ context: IntakeContext, _ warnings: inout [String]) -> Party {
        let first = value?["email"]?[0] ?? value?["visitorEmails"]?[0]
        var party = Party(
            id: value?.word("_id", "token"),
            name: Party.text(value?.word("name")),
            email: value?.word("email") ?? first?.word("address") ?? first?.text,
            username: value?.word("username"),
            role: .customer
        )
        let phone = value?["phone"]?[0]
        party.setPhone(
            value?.word("phone") ?? phone?.word("phoneNumber") ?? phone?.text,
            context: context,
            warnings: &warnings
        )
        return party
    }
}
