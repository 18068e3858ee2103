import GatehouseCore

/// Zendesk's event webhooks (https://developer.zendesk.com/api-reference/webhooks/event-types/messaging-events).
///
/// `messaging_ticket.message_added` is a chat message, `ticket.comment_added` a comment on a ticket; of all other events
/// the name is counted. Times have nanoseconds.
struct ZendeskMessagingFormat: WebChatFormat {
    let format = MessageFormat(name: "zendesk-messaging", summary: "Zendesk event webhook (messaging)")
    let provider = "zendesk"

    private static let prefix = "zen:event-type:"

    func confidence(in value: JSONValue, headers: [String: String]) -> Confidence? {
        if value["type"]?.string?.hasPrefix(Self.prefix) == true { return .certain }
        return value["zendesk_event_version"] != nil && value["event"] != nil ? .certain : nil
    }

    func read(_ document: ChatDocument, emit: (ParsedItem) throws -> Void) throws {
        let value = document.value
        try value.requireObject("the document")
        // One message is one document: cut, it is no message.
        if document.isCut { return }
        let type = try value.wordField("type") ?? ""
        let name = type.hasPrefix(Self.prefix) ? String(type.dropFirst(Self.prefix.count)) : type
        let event = try value.objectField("event")
        var message = ChatMessage()
        message.account = try value.wordField("account_id")
        message.setFirstTime(value["time"])
        switch name {
        case "messaging_ticket.message_added": try readMessage(event, &message)
        case "ticket.comment_added": try readComment(event, &message)
        default: return try emit(document.ignored(name))
        }
        message.scope = (message.account ?? "") + message.scope
        let ticket = try value.objectField("detail")?.wordField("id") ?? value.wordField("subject")
        message.conversationID = message.conversationID ?? ticket.map { "ticket-\($0)" }
        if message.isEmpty { return try emit(document.ignored("empty_message")) }
        try emit(.message(message.parsed(in: document)))
    }

    private func readMessage(_ event: JSONValue?, _ message: inout ChatMessage) throws {
        let content = try event?.objectField("message")
        message.id = try content?.wordField("id")
        message.scope = ":message"
        message.conversationID = try event?.wordField("conversation_id")
        message.setMarkup(try content?.textField("body") ?? "")
        message.attachments += (try content?.arrayField("attachments") ?? []).compactMap { .remote($0) }
        let actor = event?.object("actor")
        let id = actor?.word("id")
        let role: Role =
            switch actor?.word("type") {
            case "agent": id?.contains("answerBot") == true ? .bot : .agent
            case "system", "trigger", "bot": .bot
            default: .customer
            }
        message.setSender(Party(id: id, name: Party.text(actor?.word("name")), role: role), customer: nil)
    }

    private func readComment(_ event: JSONValue?, _ message: inout ChatMessage) throws {
        let comment = try event?.objectField("comment")
        message.id = try comment?.wordField("id")
        message.scope = ":comment"
        message.setMarkup(try comment?.textField("body") ?? "")
        let author = comment?.object("author")
        let role: Role = author?["is_staff"]?.bool == true ? .agent : .customer
        let party = Party(id: author?.word("id"), name: Party.text(author?.word("name")), role: role)
        message.setSender(party, customer: nil)
        if comment?["is_public"]?.bool == false { message.direction = .internal }
    }
}
