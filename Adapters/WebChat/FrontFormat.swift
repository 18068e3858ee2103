import GatehouseCore

/// Front's webhooks (https://dev.frontapp.com/docs/webhooks): an event, what it is about in `target`, and the conversation.
///
/// Application webhooks wrap the event in `payload`. Messages of every channel come so; ids are unique within the company.
struct FrontFormat: WebChatFormat {
    let format = MessageFormat(name: "front", summary: "Front webhook (inbound, outbound, comment)")
    let provider = "front"

    func confidence(in value: JSONValue, headers: [String: String]) -> Confidence? {
        let event = Self.event(value)
        guard event["conversation"]?.members != nil, event["type"]?.string != nil else {
            let isSync = value["authorization"]?["id"] != nil && value["type"]?.string == "sync"
            return isSync || headers["x-front-signature"] != nil ? .likely : nil
        }
        if event["_links"]?.members != nil || event["id"]?.string?.hasPrefix("evt_") == true { return .certain }
        return event["emitted_at"] != nil ? .likely : nil
    }

    private static func event(_ value: JSONValue) -> JSONValue {
        guard value["authorization"]?.members != nil, let payload = value["payload"] else { return value }
        return payload
    }

    func read(_ document: ChatDocument, emit: (ParsedItem) throws -> Void) throws {
        try document.value.requireObject("the document")
        // One message is one document: cut, it is no message.
        if document.isCut { return }
        let event = Self.event(document.value)
        let name = try event.wordField("type") ?? document.value.word("type") ?? ""
        let target = try event.objectField("target")
        let kind = target?.object("_meta")?.word("type") ?? ""
        let isFault = ["error", "fail", "bounce"].contains { name.contains($0) }
        guard let content = target?.object("data"), kind == "message" || kind == "comment", !isFault else {
            return try emit(document.ignored(name))
        }
        if content["is_draft"]?.bool == true { return try emit(document.ignored("draft")) }
        var message = ChatMessage()
        let conversation = try event.objectField("conversation")
        message.conversationID = try conversation?.wordField("id")
        message.id = try content.wordField("id")
        message.scope = kind
        message.subject = content.word("subject") ?? conversation?.word("subject")
        message.account = Self.inbox(event)
        message.setMarkup(try content.textField("body") ?? content.textField("text") ?? "")
        if message.html != nil, let text = content.word("text") { message.text = text }
        message.setFirstTime(content["created_at"], content["posted_at"], event["emitted_at"])
        message.attachments += (try content.arrayField("attachments") ?? []).compactMap { .remote($0) }
        if let parent = content["_links"]?["related"]?.word("message_replied_to") {
            message.inReplyTo = [Self.lastPart(of: parent)]
        }
        try setParties(content, conversation, isComment: kind == "comment", &message, document.context)
        if message.isEmpty { return try emit(document.ignored("empty_message")) }
        try emit(.message(message.parsed(in: document)))
    }

    /// The first of the inboxes that an event names.
    private static func inbox(_ event: JSONValue) -> String? {
        guard let source = event.object("source"), source.object("_meta")?.word("type") == "inboxes" else { return nil }
        return source["data"]?[0]?.word("address", "id")
    }

    private func setParties(
        _ content: JSONValue,
        _ conversation: JSONValue?,
        isComment: Bool,
        _ message: inout ChatMessage,
        _ context: IntakeContext
    ) throws {
        let recipients = try content.arrayField("recipients") ?? []
        let author = content.object("author").map(Self.teammate)
        let isInbound = content["is_inbound"]?.bool ?? (author == nil)
        let other = recipients.first { $0.word("role") == (isInbound ? "from" : "to") }
        let customer = (isComment ? conversation?.object("recipient") : other ?? conversation?.object("recipient"))
            .map { Self.person($0, context) }
        if isInbound, !isComment {
            message.setSender(customer ?? Party(role: .customer), customer: nil)
        } else {
            message.setSender(author ?? Party(role: .agent), customer: customer)
        }
        if isComment { message.direction = .internal }
    }

    private static func teammate(_ value: JSONValue) -> Party {
        let name = [value.word("first_name"), value.word("last_name")].compactMap(\.self).joined(separator: " ")
        return Party(
            id: value.word("id"),
            name: Party.text(name.isEmpty ? nil : name),
            email: value.word("email"),
            username: value.word("username"),
            role: value.word("type") == "rule" || value.word("type") == "macro" ? .bot : .agent
        )
    }

    /// A handle is an address, a telephone number, or a name on some network.
    private static func person(_ value: JSONValue, _ context: IntakeContext) -> Party {
        var party = Party(name: Party.text(value.word("name")), role: .customer)
        guard let handle = value.word("handle") else { return party }
        if handle.utf8.contains(UInt8(ascii: "@")), !handle.hasPrefix("@") {
            party.email = handle
            return party
        }
        party.phone = PhoneNumberTable.world.read(handle, defaultRegion: context.defaultRegion).e164
        if party.phone == nil { party.username = handle }
        return party
    }

    private static func lastPart(of url: String) -> String {
        let bytes = Array(url.utf8)
        let slash = bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
        return String(decoding: bytes[slash...], as: UTF8.self)
    }
}
