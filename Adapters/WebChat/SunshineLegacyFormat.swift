import GatehouseCore

/// Sunshine Conversations' (Smooch's) webhooks, version 1 (https://docs.smooch.io/rest/v1/#webhooks-payload).
///
/// `received` is seconds with a fraction; `messages` holds one or several messages of one user.
struct SunshineLegacyFormat: WebChatFormat {
    let format = MessageFormat(name: "sunshine-v1", summary: "Sunshine Conversations (Smooch) webhook, version 1")
    let provider = "sunshine"

    func confidence(in value: JSONValue, headers: [String: String]) -> Confidence? {
        guard let trigger = value["trigger"]?.string else { return nil }
        let marks = ["app", "appUser", "messages", "conversation", "version", "client"]
        let count = marks.count { value[$0] != nil }
        if trigger.contains(":") || trigger == "message" || trigger == "postback" {
            return count > 0 ? .certain : .likely
        }
        return count > 1 ? .likely : nil
    }

    func read(_ document: ChatDocument, emit: (ParsedItem) throws -> Void) throws {
        let value = document.value
        try value.requireObject("the document")
        let trigger = try value.wordField("trigger") ?? ""
        guard trigger == "message" || trigger == "message:appUser" || trigger == "message:appMaker" else {
            if document.isCut { return }
            return try emit(document.ignored(trigger.hasPrefix("typing") ? "typing" : trigger))
        }
        let appObject = try value.objectField("app")
        let app = try appObject?.idField("_id", "id")
        let user = try value.objectField("appUser")
        let conversation = try value.objectField("conversation")
        let userID = try user?.idField("_id", "id")
        // User and conversation mostly stand behind the messages; a cut document lacks what says whose they are.
        if document.isCut, app == nil || user == nil && conversation == nil { return }
        var frame = ChatMessage()
        frame.account = app
        frame.conversationID = try conversation?.idField("_id", "id") ?? userID
        frame.scope = app ?? ""
        frame.customer = user.map(SunshineContent.person)
        frame.locale = user?.word("locale")
        let messages = try value.arrayField("messages") ?? []
        if messages.isEmpty, !document.isCut { return try emit(document.ignored("empty_event_list")) }
        try document.forEach(messages, named: "messages", emit) { item throws(JSONFieldError) in
            try self.item(item, frame, isOutbound: trigger == "message:appMaker", document)
        }
    }

    private func item(
        _ value: JSONValue,
        _ frame: ChatMessage,
        isOutbound: Bool,
        _ document: ChatDocument
    ) throws(JSONFieldError) -> ParsedItem {
        var message = frame
        message.offset = value.offset
        message.id = try value.idField("_id", "id")
        try SunshineContent.read(value, &message)
        message.setFirstTime(value["received"])
        var party = Party(id: value.word("authorId"), name: Party.text(value.word("name")), role: .customer)
        let role = value.word("role") ?? (isOutbound ? "appMaker" : "appUser")
        if role == "appUser" {
            if let known = frame.customer {
                party.id = known.id ?? party.id
                party.name = known.name ?? party.name
                party.email = known.email
                party.username = known.username
            }
            message.setSender(party, customer: nil)
        } else {
            message.locale = nil
            party.role = value.object("source")?.word("type") == "zd:answerBot" ? .bot : .agent
            message.setSender(party, customer: frame.customer)
            if role == "whisper" { message.direction = .internal }
        }
        if message.isEmpty { return document.ignored("empty_message", at: value) }
        return .message(message.parsed(in: document))
    }
}
