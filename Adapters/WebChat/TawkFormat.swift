import GatehouseCore

/// tawk.to's webhooks (https://developer.tawk.to/webhooks/).
///
/// `chat:transcript_created` is a whole conversation in one document and fires again when it goes on; its messages
/// have no ids. `chat:start` brings the first message alone and ahead of the transcript; `chat:end` brings none.
struct TawkFormat: WebChatFormat {
    let format = MessageFormat(name: "tawk", summary: "tawk.to webhook (transcript, chat start, ticket)")
    let provider = "tawk"

    func confidence(in value: JSONValue, headers: [String: String]) -> Confidence? {
        guard let event = value["event"]?.string else { return nil }
        guard event.hasPrefix("chat:") || event == "ticket:create" else {
            // An event that is new to us still has the frame.
            return event.contains(":") && value["property"]?.members != nil ? .possible : nil
        }
        let isMarked = ["property", "chat", "chatId", "visitor", "ticket"].contains { value[$0] != nil }
        return isMarked || headers["x-tawk-signature"] != nil ? .certain : .likely
    }

    func read(_ document: ChatDocument, emit: (ParsedItem) throws -> Void) throws {
        let value = document.value
        try value.requireObject("the document")
        let property = try value.objectField("property")?.wordField("id")
        let event = try value.wordField("event") ?? ""
        if event == "chat:transcript_created" { return try readTranscript(document, property, emit) }
        if document.isCut { return }
        switch event {
        case "chat:start": try readStart(document, property, emit)
        case "ticket:create": try readTicket(document, property, emit)
        default: try emit(document.ignored(event))
        }
    }

    private func readTranscript(
        _ document: ChatDocument,
        _ property: String?,
        _ emit: (ParsedItem) throws -> Void
    ) throws {
        let chat = try document.value.objectField("chat")
        let chatID = try chat?.wordField("id") ?? document.value.wordField("chatId")
        // Without its id a cut transcript's messages would not be known again when it comes whole.
        if document.isCut, chatID == nil || property == nil { return }
        let messages = try chat?.arrayField("messages") ?? []
        if messages.isEmpty, !document.isCut { return try emit(document.payload.ignored("empty_transcript")) }
        var template = Self.template(property: property, chat: chatID)
        let about = try chat?.objectField("visitor") ?? document.value.objectField("visitor")
        let visitor = try visitor(about, document, &template)
        var ordinals: [String: Int]? = [:]
        var isFirstOfVisitor = true
        for (index, value) in messages.enumerated() {
            do {
                guard let message = try message(value, template, visitor, document) else {
                    try emit(
                        .ignored(
                            IgnoredInput(kind: "webrtc_call", position: document.payload.place(value.offset))
                        )
                    )
                    continue
                }
                var parsed = message.parsed(in: document, ordinals: &ordinals)
                if isFirstOfVisitor, message.direction == .inbound {
                    isFirstOfVisitor = false
                    parsed.keys += startKeys(message, minutes: 0...1)
                }
                try emit(.message(parsed))
            } catch var error as JSONFieldError {
                error.field = "chat.messages[\(index)].\(error.field)"
                try emit(document.payload.rejected(error, item: value.offset))
            }
        }
    }

    /// What all messages of a chat have in common.
    private static func template(property: String?, chat: String?) -> ChatMessage {
        var template = ChatMessage()
        template.scope = property ?? ""
        template.account = property
        template.conversationID = chat
        return template
    }

    /// - Returns: nil for a call, which is no message.
    private func message(
        _ value: JSONValue,
        _ template: ChatMessage,
        _ visitor: Party,
        _ document: ChatDocument
    ) throws -> ChatMessage? {
        try value.requireObject("item")
        var message = template
        message.offset = value.offset
        let type = try value.wordField("type") ?? "msg"
        if type == "webrtc-call" { return nil }
        message.text = try value.textField("msg") ?? value.textField("text") ?? ""
        message.setTime(value["time"])
        let sender = try value.objectField("sender")
        let name = Party.text(try sender?.wordField("n") ?? sender?.wordField("name"))
        switch try sender?.wordField("t") ?? sender?.wordField("type") {
        case "a", "agent":
            message.direction = .outbound
            message.sender = Party(id: try sender?.wordField("id"), name: name, role: .agent)
        case "s", "system":
            // Greetings and triggers, in the name of the company.
            message.direction = .outbound
            message.automated = .bot
            message.sender = Party(name: name, role: .bot)
        default:
            message.sender = visitor
            if message.sender.name == nil { message.sender.name = name }
        }
        message.customer = visitor
        if message.direction == .outbound { message.recipient = visitor }
        if type != "msg" { try readFile(value, &message) }
        return message
    }

    /// The documentation doesn't say where a file's link stands, so every usual place is looked at.
    private func readFile(_ value: JSONValue, _ message: inout ChatMessage) throws {
        let places = [value["file"], value["data"]?["file"], value["content"]?["file"], value["data"], value]
        for place in places.compactMap(\.self) {
            guard let url = place["url"]?.string ?? place["link"]?.string else { continue }
            let name = place["name"]?.string ?? place["fileName"]?.string
            var info = AttachmentInfo.remote(
                url: url,
                name: name.map(UnicodeText.normalised),
                mediaType: place["mimeType"]?.string ?? place["type"]?.string.flatMap { $0.contains("/") ? $0 : nil }
            )
            info.size = place["size"]?.int64.flatMap { $0 >= 0 ? Int(exactly: $0) : nil }
            message.attachments = [info]
            return
        }
        if message.text.hasPrefix("https://") || message.text.hasPrefix("http://") {
            message.attachments = [.remote(url: message.text, name: nil, mediaType: nil)]
        } else {
            message.attachments = [AttachmentInfo(status: .missing)]
            message.warnings.append("attachment_without_link")
        }
    }

    private func readStart(_ document: ChatDocument, _ property: String?, _ emit: (ParsedItem) throws -> Void) throws {
        let value = document.value
        guard let first = try value.objectField("message") else {
            return try emit(document.payload.ignored("chat_start"))
        }
        let chatID = try value.wordField("chatId") ?? value.objectField("chat")?.wordField("id")
        var template = Self.template(property: property, chat: chatID)
        let visitor = try visitor(value.objectField("visitor"), document, &template)
        guard var message = try message(first, template, visitor, document) else {
            return try emit(document.payload.ignored("webrtc_call"))
        }
        message.offset = nil
        if message.time == nil { message.setTime(value["time"]) }
        var ordinals: [String: Int]?
        var parsed = message.parsed(in: document, ordinals: &ordinals)
        // The transcript gives this message the time at which it was written; this event comes up to a minute later.
        if message.direction == .inbound { parsed.keys += startKeys(message, minutes: 0...0) }
        try emit(.message(parsed))
    }

    /// The first message of a chat comes twice: alone, and in the transcript with a time of its own.
    private func startKeys(_ message: ChatMessage, minutes: ClosedRange<Int64>) -> [IdentityKey] {
        guard let chat = message.conversationID, let time = message.time else { return [] }
        let digest = SHA256Stream()
        digest.update(field: chat)
        digest.update(field: message.text)
        let content = Hex.encode(digest.finish())
        return minutes.map { later in
            let minute = time.timestamp.seconds / 60 + later
            return IdentityKey(.composite, "\(provider):\(message.scope):start:\(content):\(minute)")
        }
    }

    private func readTicket(_ document: ChatDocument, _ property: String?, _ emit: (ParsedItem) throws -> Void) throws {
        let value = document.value
        guard let ticket = try value.objectField("ticket") else {
            throw JSONFieldError(field: "ticket", expected: "an object", found: "null", offset: value.offset)
        }
        var message = ChatMessage()
        message.scope = "\(property ?? ""):ticket"
        message.account = property
        message.id = try ticket.wordField("id")
        message.conversationID = message.id.map { "ticket-\($0)" }
        message.subject = try ticket.wordField("subject")
        message.text = try ticket.textField("message") ?? ""
        message.setTime(value["time"])
        let requester = try value.objectField("requester")
        message.sender = Party(
            name: Party.text(try requester?.wordField("name")),
            email: try requester?.wordField("email"),
            role: requester?["type"]?.string == "agent" ? .agent : .customer
        )
        if message.sender.role == .agent { message.direction = .outbound } else { message.customer = message.sender }
        var ordinals: [String: Int]?
        try emit(.message(message.parsed(in: document, ordinals: &ordinals)))
    }

    /// A visitor who gave no name is called `V` and a number: an id, not a name.
    private func visitor(
        _ value: JSONValue?,
        _ document: ChatDocument,
        _ message: inout ChatMessage
    ) throws -> Party {
        var party = Party(role: .customer)
        party.id = try value?.wordField("id")
        party.email = try value?.wordField("email")
        let name = Party.text(try value?.wordField("name"))
        let digits = Array((name ?? "").utf8.dropFirst())
        if name?.utf8.first == UInt8(ascii: "V"), digits.count >= 10, digits.allSatisfy({ (48...57).contains($0) }) {
            party.id = party.id ?? name
        } else {
            party.name = name
        }
        party.setPhone(try value?.wordField("phone"), context: document.context, warnings: &message.warnings)
        return party
    }
}
