import GatehouseCore

/// Meta's Messenger Platform: Messenger (`"object": "page"`) and Instagram (`"object": "instagram"`).
///
/// `{"object", "entry": [{"id", "time", "messaging": [{"sender": {"id"}, "recipient": {"id"}, "timestamp", "message": {"mid",
/// "text", "attachments"}}]}]}`; `standby` in the place of `messaging` while another app has the conversation; `changes` where
/// a field of the page is subscribed (https://developers.facebook.com/docs/messenger-platform/reference/webhook-events).
/// Times are milliseconds, seconds as text or ISO 8601.
struct MetaWebhook: WebhookFormat {
    enum Network: String, Sendable { case messenger, instagram }

    let network: Network
    let format: MessageFormat
    var provider: String { network.rawValue }

    init(_ network: Network) {
        self.network = network
        let name = network == .messenger ? "Messenger" : "Instagram"
        format = MessageFormat(name: "\(network.rawValue)-webhook", summary: "\(name) webhook (Meta)")
    }

    func confidence(in body: WebhookBody, headers: [String: String]) -> Confidence? {
        guard let value = body.json else { return nil }
        switch value["object"]?.string {
        // One app may serve both: the other format reads it as well.
        case "page": return network == .messenger ? .certain : .possible
        case "instagram": return network == .instagram ? .certain : .possible
        case nil: break
        default: return nil
        }
        // Without `object` only some events tell.
        guard let event = Self.firstEvent(value) else { return nil }
        guard let likely = Self.network(of: event, in: value) else { return .possible }
        return network == likely ? .likely : .possible
    }

    /// What only one of the two sends.
    private static func network(of event: JSONValue, in value: JSONValue) -> Network? {
        let message = event["message"]
        let id = message?.given("mid") ?? event["read"]?.given("mid") ?? ""
        if id.hasPrefix("m_") { return .messenger }
        // Instagram's ids are base64 of text that begins with "ig_".
        if id.hasPrefix("aWdf") || event["recipient"]?.given("id")?.hasPrefix("17841") == true { return .instagram }
        if event["delivery"] != nil || event["read"]?["watermark"] != nil { return .messenger }
        let marks = ["is_unsupported", "is_deleted"]
        if event["read"]?["mid"] != nil || marks.contains(where: { message?[$0] != nil }) { return .instagram }
        // Only Instagram sends messages as changes of a field.
        if value["entry"]?[0]?["changes"] != nil { return .instagram }
        let kinds = (message?.list("attachments") ?? []).compactMap { $0.given("type") }
        let isStory = kinds.contains { $0.hasPrefix("ig_") || $0 == "story_mention" || $0 == "share" }
        return isStory || message?["reply_to"]?["story"] != nil ? .instagram : nil
    }

    private static func firstEvent(_ value: JSONValue) -> JSONValue? {
        let entry = value["entry"]?.array?.first ?? value["messaging"].map { $0.array?.first ?? $0 }
        let events = entry?["messaging"] ?? entry?["standby"]
        let event = events?.array?.first ?? entry?["changes"]?[0]?["value"] ?? entry
        return event?["sender"] != nil && event?["recipient"] != nil ? event : nil
    }

    func read(_ body: WebhookBody, into payload: WebhookPayload) throws {
        guard let value = body.json else { return payload.reject("not_json", "Meta's webhooks are JSON.") }
        try value.requireObject("the document")
        if let entries = try value.arrayField("entry") {
            return try payload.each(entries, named: "entry") { try readEntry($0, payload) }
        }
        // Some that stand between unwrap the body, once or twice.
        guard let rest = value["messaging"] else {
            if payload.isCut { return }
            return payload.reject("no_entry", "The body has no 'entry', in which Meta's webhooks hold their events.")
        }
        let events = rest.array ?? [rest]
        try payload.each(events, named: "messaging") { event in
            if event["messaging"] != nil || event["standby"] != nil || event["changes"] != nil {
                try readEntry(event, payload)
            } else {
                try read(event, page: nil, payload)
            }
        }
    }

    private func readEntry(_ entry: JSONValue, _ payload: WebhookPayload) throws {
        let page = entry.given("id")
        let events = try entry.arrayField("messaging") ?? []
        try payload.each(events, named: "messaging") { try read($0, page: page, payload) }
        payload.ignore(each: entry.list("standby"), as: "standby")
        for change in entry.list("changes") {
            guard let value = change.object("value"), value.has("sender"), value.has("recipient") else {
                payload.ignore("change_" + (change.given("field") ?? "unknown"), at: change)
                continue
            }
            try payload.each([value], named: "value") { try read($0, page: page, payload) }
        }
    }

    /// Events that are no messages, by the name under which they are counted.
    private static let silent = [
        ("delivery", "delivery_receipt"), ("read", "read_receipt"), ("reaction", "reaction"), ("typing", "typing"),
    ]

    private func read(_ event: JSONValue, page: String?, _ payload: WebhookPayload) throws {
        let senderID = event.object("sender")?.given("id") ?? event.object("sender")?.given("user_ref")
        let recipientID = event.object("recipient")?.given("id")
        // Meta's own test event has an entry of id 0.
        let isOwn = senderID != nil && senderID == page && page != "0"
        var message = WebhookMessage(sender: Party(webhook: senderID), part: event)
        message.account = recipientID ?? page
        message.recipient = Party(webhook: recipientID ?? page)
        message.conversation = senderID.map { "\(provider):\($0)" }
        message.setTime(event["timestamp"])
        if isOwn || event.object("message")?.isTrue("is_echo") == true, !Self.isSilent(event) {
            return payload.ignore("echo", at: event)
        }
        guard try readContent(of: event, into: &message) else {
            let kind = Self.silent.first { event.has($0.0) }?.1
            let other = event.members?.first { !["sender", "recipient", "timestamp"].contains($0.key) }?.key
            return payload.ignore(kind ?? other ?? "unknown_event", at: event)
        }
        let isEmpty = message.text.isEmpty && message.attachments.isEmpty && message.type != .messageDeleted
        if isEmpty, !message.warnings.contains("unsupported_content") { message.warnings.append("empty_message") }
        payload.add(message)
    }

    private static func isSilent(_ event: JSONValue) -> Bool { silent.contains { event.has($0.0) } }

    /// - Returns: False where nothing in the event was written or pressed by a person.
    private func readContent(of event: JSONValue, into message: inout WebhookMessage) throws -> Bool {
        var mid: String?
        if let content = try event.objectField("message") {
            mid = content.given("mid")
            try fill(&message, from: content)
        } else if let edit = try event.objectField("message_edit") {
            mid = edit.given("mid")
            message.text = try edit.textField("text") ?? ""
            message.becomeEdit(number: edit["num_edit"]?.int64.flatMap { Int(exactly: $0) } ?? 1)
        } else if let postback = try event.objectField("postback") {
            // The button's words stand in the conversation as the person's own.
            mid = postback.given("mid")
            message.text = try postback.wordField("title") ?? postback.wordField("payload") ?? ""
            message.warnings.append("button")
        } else {
            return false
        }
        message.keys = mid.map { ["\(provider):\($0)"] } ?? []
        return true
    }

    private func fill(_ message: inout WebhookMessage, from content: JSONValue) throws {
        if content.isTrue("is_deleted") { return message.becomeDeletion() }
        message.text = try content.textField("text") ?? ""
        if content.isTrue("is_unsupported") { message.warnings.append("unsupported_content") }
        let attachments = try content.arrayField("attachments") ?? []
        for attachment in attachments { Self.add(attachment, to: &message) }
        let reply = content.object("reply_to")
        if let parent = reply?.given("mid") { message.inReplyTo = ["\(provider):\(parent)"] }
        if let story = reply?.object("story")?.given("url") {
            // The story that was answered: without it the answer says little.
            message.attachments.append(.remoteFile(url: story, name: "story", kind: "story"))
        }
    }

    /// A file, or what has none: a place, a shared link, a card.
    private static func add(_ attachment: JSONValue, to message: inout WebhookMessage) {
        let content = attachment.object("payload")
        let kind = attachment.given("type") ?? "attachment"
        if let place = content?.object("coordinates"), let latitude = place.given("lat"),
            let longitude = place.given("long")
        {
            // RFC 5870
            return message.add(line: "geo:\(latitude),\(longitude)")
        }
        let title = attachment.given("title") ?? content?.given("title")
        let url = content?.given("url") ?? attachment.given("url") ?? attachment.given("URL")
        if kind == "fallback" || kind == "template" {
            // The link of a fallback mostly stands in the text already.
            let isShort = message.text.utf8.count <= 2000
            let words = [title, url].compactMap(\.self).filter { !isShort || !message.text.contains($0) }
            return message.add(line: words.joined(separator: " "))
        }
        let id = content?.given("id") ?? content?.given("sticker_id") ?? content?.given("reel_video_id")
        message.attachments.append(.remoteFile(url: url, id: id, name: title, kind: kind))
    }
}
