import GatehouseCore

/// Olark's webhook (https://www.olark.com/help/webhooks): a whole conversation when it ends, as the form field `data`.
///
/// Messages have no ids; times are seconds with a fraction, as text.
struct OlarkFormat: WebChatFormat {
    let format = MessageFormat(name: "olark", summary: "Olark webhook (transcript; form field 'data' or JSON)")
    let provider = "olark"
    let form = FormLayout.json(field: "data")

    private static let kinds = ["MessageToVisitor", "MessageToOperator", "OfflineMessage"]

    func confidence(in value: JSONValue, headers: [String: String]) -> Confidence? {
        let isConversation = value["kind"]?.string?.lowercased() == "conversation"
        let first = value["items"]?[0]?["kind"]?.string
        let isKnown = first.map(Self.kinds.contains)
        if isConversation, value["items"]?.array != nil { return isKnown ?? true ? .certain : .likely }
        if isKnown == true { return .certain }
        return isConversation && (value["visitor"] != nil || value["operators"] != nil) ? .likely : nil
    }

    func read(_ document: ChatDocument, emit: (ParsedItem) throws -> Void) throws {
        let value = document.value
        try value.requireObject("the document")
        var frame = ChatMessage()
        frame.conversationID = try value.wordField("id")
        // Without it the messages of a cut transcript would not be known again.
        if document.isCut, frame.conversationID == nil { return }
        frame.scope = "conversation"
        let visitor = try visitor(value, document, &frame)
        let members = value.object("operators")?.members ?? []
        let operators = Dictionary(members.map { ($0.key, $0.value) }) { first, _ in first }
        let items = try value.arrayField("items") ?? []
        if items.isEmpty, !document.isCut { return try emit(document.ignored("empty_transcript")) }
        var ordinals: [String: Int]? = [:]
        try document.forEach(items, named: "items", emit) { item throws(JSONFieldError) in
            let kind = try item.wordField("kind") ?? ""
            guard Self.kinds.contains(kind) else { return document.ignored(kind, at: item) }
            var message = frame
            message.offset = item.offset
            message.text = try item.textField("body") ?? ""
            message.setFirstTime(item["timestamp"])
            let nickname = Party.text(item.word("nickname"))
            if kind == "MessageToVisitor" {
                let id = item.word("operatorId")
                let about = id.flatMap { operators[$0] }
                let party = Party(
                    id: id,
                    name: nickname ?? Party.text(about?.word("nickname")),
                    email: about?.word("emailAddress"),
                    username: about?.word("username"),
                    // A greeting is sent in nobody's name.
                    role: id == nil && nickname == nil ? .bot : .agent
                )
                message.setSender(party, customer: visitor)
            } else {
                var party = visitor
                party.name = party.name ?? nickname
                message.setSender(party, customer: nil)
            }
            if message.isEmpty { return document.ignored("empty_message", at: item) }
            return .message(message.parsed(in: document, ordinals: &ordinals))
        }
    }

    private func visitor(_ value: JSONValue, _ document: ChatDocument, _ frame: inout ChatMessage) throws -> Party {
        let about = try value.objectField("visitor")
        var party = Party(
            id: about?.word("id"),
            name: Party.text(about?.word("fullName")),
            email: about?.word("emailAddress"),
            role: .customer
        )
        party.setPhone(about?.word("phoneNumber"), context: document.context, warnings: &frame.warnings)
        return party
    }
}
