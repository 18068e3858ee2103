import GatehouseCore

/// Groove's webhooks (https://www.groovehq.com/docs/webhooks): a message, or a ticket with the message that began it.
///
/// What happened stands in the header `X-Groove-Event`; without it the body's shape tells a message from a ticket.
struct GrooveFormat: WebChatFormat {
    let format = MessageFormat(name: "groove", summary: "Groove webhook (replies, notes, ticket started)")
    let provider = "groove"

    func confidence(in value: JSONValue, headers: [String: String]) -> Confidence? {
        guard let href = value["href"]?.string else { return nil }
        let ticket = value["ticket"] ?? value
        let isMarked = value["links"]?.members != nil || ticket["links"]?.members != nil
        if href.contains("groovehq.com/") || headers["x-groove-event"] != nil { return isMarked ? .certain : .likely }
        return href.hasPrefix("/v1/tickets/") && isMarked ? .certain : nil
    }

    func read(_ document: ChatDocument, emit: (ParsedItem) throws -> Void) throws {
        let value = document.value
        try value.requireObject("the document")
        // One message is one document: cut, it is no message.
        if document.isCut { return }
        let event = document.context.headers["x-groove-event"]
        let href = try value.wordField("href") ?? ""
        var message = ChatMessage()
        message.account = Self.host(value.word("app_ticket_url", "app_url"))
        message.setFirstTime(value["created_at"])
        if href.contains("/messages/") {
            try readMessage(value, &message, document)
        } else if value.given("last_message") != nil, value.word("message_count") == "1",
            event ?? "ticket_started" == "ticket_started"
        {
            try readTicket(value, &message)
        } else {
            return try emit(document.ignored(event ?? (value["state"] != nil ? "ticket_changed" : "unknown_event")))
        }
        if message.isEmpty { return try emit(document.ignored("empty_message")) }
        try emit(.message(message.parsed(in: document)))
    }

    private func readMessage(_ value: JSONValue, _ message: inout ChatMessage, _ document: ChatDocument) throws {
        message.id = try value.wordField("id")
        message.scope = "\(message.account ?? ""):message"
        let links = value.object("links")
        message.conversationID = links?.object("ticket")?.word("href").map(Self.lastPart)
        message.setMarkup(try value.textField("body") ?? value.textField("plain_text_body") ?? "")
        message.attachments += (try value.arrayField("attachments") ?? []).compactMap { .remote($0) }
        let isAgent = value["agent_response"]?.bool == true
        let author = Self.person(links?.object("author"), isAgent ? .agent : .customer)
        let recipient = links?.object("recipient").map { Self.person($0, .customer) }
        message.setSender(author, customer: isAgent ? recipient : nil)
        if value["note"]?.bool == true { message.direction = .internal }
    }

    /// A ticket has no id of its first message: there is one, so the ticket's number stands for it.
    private func readTicket(_ value: JSONValue, _ message: inout ChatMessage) throws {
        let number = try value.wordField("number")
        message.id = number
        message.scope = "\(message.account ?? ""):ticket"
        message.conversationID = number
        message.subject = value.word("title")
        message.setMarkup(try value.textField("last_message") ?? "")
        var customer = Self.person(value.object("links")?.object("customer"), .customer)
        customer.name = Party.text(value.word("customer_name"))
        if value.word("last_message_type") == "agent" {
            message.setSender(Party(role: .agent), customer: customer)
        } else {
            message.setSender(customer, customer: nil)
        }
    }

    /// A link to an agent or a customer ends with the e-mail address.
    private static func person(_ link: JSONValue?, _ role: Role) -> Party {
        let address = link?.word("href").map(lastPart)
        let isAddress = address?.utf8.contains(UInt8(ascii: "@")) == true
        return Party(id: link?.word("id"), email: isAddress ? address : nil, role: role)
    }

    private static func lastPart(of url: String) -> String {
        let bytes = Array(url.utf8)
        let slash = bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
        return FormFields.decode(bytes[slash...].flatMap { $0 == UInt8(ascii: "+") ? Array("%2B".utf8) : [$0] }[...])
    }

    /// Whose it is: the subdomain of `https://example.groovehq.com/…`.
    private static func host(_ url: String?) -> String? {
        guard let url, let scheme = url.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let host = url.utf8[scheme...].dropFirst(3).prefix { $0 != UInt8(ascii: "/") }
        return host.isEmpty ? nil : UnicodeText.normalised(String(decoding: host, as: UTF8.self))
    }
}
