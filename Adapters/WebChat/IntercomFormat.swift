import GatehouseCore

/// Intercom's webhooks (https://developers.intercom.com/docs/references/webhooks/webhook-models).
///
/// The conversation's opening is `source` (before API 2.0 `conversation_message`), what was said since is a list of parts;
/// a notification holds the parts that it is about. Texts are HTML, since 2.15 plain.
struct IntercomFormat: WebChatFormat {
    let format = MessageFormat(name: "intercom", summary: "Intercom webhook (conversation topics)")
    let provider = "intercom"

    func confidence(in value: JSONValue, headers: [String: String]) -> Confidence? {
        guard value["type"]?.string == "notification_event" else { return nil }
        let isMarked = value["topic"]?.string != nil || value["data"]?["type"]?.string == "notification_event_data"
        return isMarked || value["app_id"] != nil ? .certain : .likely
    }

    func read(_ document: ChatDocument, emit: (ParsedItem) throws -> Void) throws {
        let value = document.value
        try value.requireObject("the document")
        let topic = try value.wordField("topic") ?? ""
        let item = try value.objectField("data")?.objectField("item")
        let isTicket = topic.hasPrefix("ticket") && item?["ticket_part"]?.members != nil
        guard let item, document.isCut || isTicket || topic.hasPrefix("conversation"), !topic.contains(".tag.") else {
            if document.isCut { return }
            return try emit(document.ignored(topic))
        }
        let frame = try Frame(item, app: value.wordField("app_id"), topic: topic, document)
        if document.isCut { return try readParts(of: item, frame, document, emit) }
        var count = 0
        func pass(_ item: ParsedItem) throws {
            count += 1
            try emit(item)
        }
        if topic.hasSuffix(".created"),
            let opening = try item.objectField("source") ?? item.objectField("conversation_message")
        {
            try document.forEach([opening], named: "data.item.source", pass) { value throws(JSONFieldError) in
                try frame.opening(value, of: item, in: document)
            }
        }
        try readParts(of: item, frame, document, pass)
        if count == 0 { try emit(document.ignored(topic)) }
    }

    private func readParts(
        of item: JSONValue,
        _ frame: Frame,
        _ document: ChatDocument,
        _ emit: (ParsedItem) throws -> Void
    ) throws {
        var parts = try item.object("conversation_parts")?.arrayField("conversation_parts") ?? []
        if document.isCut {
            // Only whole parts of a list, and only where what makes them known again has come before the cut.
            guard frame.isKnown else { return }
        } else {
            parts += [item.object("ticket_part")].compactMap(\.self)
            if item["type"]?.string == "conversation_part" { parts.append(item) }
        }
        try document.forEach(parts, named: "data.item.conversation_parts", emit) { value throws(JSONFieldError) in
            try frame.part(value, in: document)
        }
    }

    /// What the messages of a notification have in common.
    private struct Frame {
        let template: ChatMessage
        let app: String
        let isRedaction: Bool
        /// The language of the customer's browser.
        let locale: String?

        init(_ item: JSONValue, app: String?, topic: String, _ document: ChatDocument) throws(JSONFieldError) {
            var template = ChatMessage()
            template.account = app
            let isPart = item["type"]?.string == "conversation_part"
            template.conversationID = isPart ? item.word("conversation_id") : try item.wordField("id")
            if let ticket = item.object("ticket") { template.conversationID = ticket.word("id").map { "ticket-\($0)" } }
            template.subject = Self.subject(item)
            let contact =
                item.object("user") ?? item.object("contact") ?? item.object("contacts")?["contacts"]?[0]
                ?? item["contacts"]?[0]
            template.customer = contact.map { Self.party($0, .customer, document.context, &template.warnings) }
            self.template = template
            self.app = app ?? ""
            locale = contact?.word("language_override", "locale")
            isRedaction = topic.hasSuffix(".redacted")
        }

        /// Whether a cut document says whose its parts are.
        var isKnown: Bool { !app.isEmpty && template.conversationID != nil && template.customer != nil }

        private static func subject(_ item: JSONValue) -> String? {
            let opening = item.object("source") ?? item.object("conversation_message")
            guard let subject = item.word("title") ?? opening?.word("subject") else { return nil }
            return HTMLText.text(of: subject)
        }

        func opening(
            _ value: JSONValue,
            of item: JSONValue,
            in document: ChatDocument
        ) throws(JSONFieldError) -> ParsedItem {
            var message = try message(value, in: document)
            message.id = try value.wordField("id")
            message.scope = "\(app):message"
            message.setFirstTime(value["created_at"], item["created_at"])
            // What a campaign or a bot has begun no person wrote.
            let beginnings = ["operator_initiated", "automated", "campaigns_initiated"]
            if message.direction == .outbound, value.word("delivered_as").map(beginnings.contains) == true {
                message.automated = .bot
            }
            return finished(message, in: document, empty: "empty_message", at: value)
        }

        func part(_ value: JSONValue, in document: ChatDocument) throws(JSONFieldError) -> ParsedItem {
            let kind = value.word("part_type") ?? "comment"
            var message = try message(value, in: document)
            message.id = try value.wordField("id")
            message.scope = "\(app):part"
            message.setFirstTime(value["created_at"], value["notified_at"])
            if kind.hasPrefix("note") { message.direction = .internal }
            return finished(message, in: document, empty: kind == "comment" ? "empty_message" : kind, at: value)
        }

        private func finished(
            _ message: ChatMessage,
            in document: ChatDocument,
            empty: String,
            at value: JSONValue
        ) -> ParsedItem {
            var message = message
            if isRedaction || value["redacted"]?.bool == true { message.type = .messageDeleted }
            if message.isEmpty, message.type != .messageDeleted { return document.ignored(empty, at: value) }
            return .message(message.parsed(in: document))
        }

        private func message(_ value: JSONValue, in document: ChatDocument) throws(JSONFieldError) -> ChatMessage {
            var message = template
            message.offset = value.offset
            message.setMarkup(try value.textField("body") ?? "")
            let files = try value.arrayField("attachments") ?? []
            var seen = Set(message.attachments.map(\.url))
            for file in files.compactMap({ AttachmentInfo.remote($0) }) where seen.insert(file.url).inserted {
                message.attachments.append(file)
            }
            let author = value.object("author")
            let role: Role =
                switch author?.word("type") {
                case "user", "lead", "contact", "customer", nil: .customer
                case "bot", "operator": .bot
                default: author?["from_ai_agent"]?.bool == true ? .bot : .agent
                }
            var party = author.map { Self.party($0, role, document.context, &message.warnings) } ?? Party(role: role)
            if role == .customer, let known = template.customer, party.id == nil || party.id == known.id {
                party = Party(
                    id: known.id ?? party.id,
                    name: party.name ?? known.name,
                    email: party.email ?? known.email,
                    phone: known.phone ?? party.phone,
                    username: known.username,
                    role: .customer
                )
            }
            message.setSender(party, customer: role == .customer ? nil : template.customer)
            if role == .customer { message.locale = locale }
            return message
        }

        private static func party(
            _ value: JSONValue,
            _ role: Role,
            _ context: IntakeContext,
            _ warnings: inout [String]
        ) -> Party {
            var party = Party(
                id: value.word("id"),
                name: Party.text(value.word("name")),
                email: value.word("email"),
                username: role == .customer ? value.word("user_id", "external_id") : nil,
                role: role
            )
            party.setPhone(value.word("phone"), context: context, warnings: &warnings)
            return party
        }
    }
}
