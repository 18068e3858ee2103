import GatehouseCore

/// X (Twitter): the Account Activity API, and direct messages of the newer X Activity API.
///
/// `{"for_user_id", "direct_message_events": [{"type": "message_create", "id", "created_timestamp": "ms", "message_create":
/// {"target": {"recipient_id"}, "sender_id", "message_data": {"text", "entities", "attachment"}}}], "users"}`
/// (https://docs.x.com/x-api/account-activity). What the account itself sends comes too: that is an echo. Keys are the same as
/// those of the archive.
struct XWebhook: WebhookFormat {
    let format = MessageFormat(name: "x-webhook", summary: "X (Twitter) Account Activity webhook")
    let provider = "x"

    /// Lists that hold no direct messages, by the name under which each entry is counted.
    private static let silent = [
        "direct_message_indicate_typing_events": "typing", "direct_message_mark_read_events": "read_receipt",
    ]

    func confidence(in body: WebhookBody, headers: [String: String]) -> Confidence? {
        guard let value = body.json else { return nil }
        if value["data"]?["event_uuid"] != nil, value["data"]?["event_type"] != nil { return .certain }
        let hasEvents = value.members?.contains { $0.key.hasSuffix("_events") } == true
        if value["for_user_id"] != nil { return hasEvents ? .certain : .likely }
        if value["direct_message_events"] != nil || value["user_event"]?["revoke"] != nil { return .likely }
        return headers["x-twitter-webhooks-signature"] != nil && value.members != nil ? .likely : nil
    }

    func read(_ body: WebhookBody, into payload: WebhookPayload) throws {
        guard let value = body.json else { return payload.reject("not_json", "X's webhooks are JSON.") }
        try value.requireObject("the document")
        if let data = value.object("data"), data.has("event_type") { return try readActivity(data, payload) }
        let owner = value.given("for_user_id")
        // Without it what the account itself has sent can't be told apart.
        if payload.isCut, owner == nil { return }
        let users = Dictionary((value["users"]?.members ?? []).map { ($0.key, $0.value) }) { first, _ in first }
        for member in value.members ?? [] {
            if member.key == "direct_message_events" {
                let events = try value.arrayField(member.key) ?? []
                try payload.each(events, named: member.key) { try read($0, owner: owner, users: users, payload) }
            } else if let kind = Self.silent[member.key] {
                payload.ignore(each: member.value.array ?? [member.value], as: kind)
            } else if member.key.hasSuffix("_events") {
                let kind = String(member.key.dropLast("_events".count))
                payload.ignore(each: member.value.array ?? [member.value], as: kind)
            } else if member.key == "user_event" {
                payload.ignore("user_event", at: member.value)
            }
        }
    }

    private func read(_ event: JSONValue, owner: String?, users: [String: JSONValue], _ payload: WebhookPayload) throws
    {
        guard let create = try event.objectField("message_create") else {
            return payload.ignore(event.given("type") ?? "unknown_event", at: event)
        }
        let senderID = create.given("sender_id")
        if owner != nil, senderID == owner { return payload.ignore("echo", at: event) }
        let data = try create.objectField("message_data")
        var message = WebhookMessage(
            sender: Self.party(senderID, users),
            key: event.given("id").map { "x:\($0)" },
            part: event
        )
        let recipientID = create.object("target")?.given("recipient_id")
        message.account = owner ?? recipientID
        message.recipient = recipientID.map { Self.party($0, users) }
        message.conversation =
            (create.object("target") ?? create).given("conversation_id").map { "x:\($0)" }
            ?? Self.conversation(senderID, recipientID)
        message.setTime(event["created_timestamp"])
        if let data { try Self.fill(&message, from: data) }
        if message.text.isEmpty, message.attachments.isEmpty { message.warnings.append("empty_message") }
        payload.add(message)
    }

    /// Both ids, the smaller first, as the archive names a conversation.
    private static func conversation(_ one: String?, _ other: String?) -> String? {
        guard let one, let other else { return nil }
        let isOrdered = (one.utf8.count, one) <= (other.utf8.count, other)
        return isOrdered ? "x:\(one)-\(other)" : "x:\(other)-\(one)"
    }

    private static func party(_ id: String?, _ users: [String: JSONValue]) -> Party {
        let user = id.flatMap { users[$0] }
        return Party(webhook: id, name: user?.given("name"), username: user?.given("screen_name"))
    }

    private static func fill(_ message: inout WebhookMessage, from data: JSONValue) throws {
        var links = (data.object("entities")?.list("urls") ?? []).compactMap { link -> XLink? in
            guard let short = link.given("url") else { return nil }
            return XLink(short: short, expanded: link.given("expanded_url") ?? short)
        }
        let attachment = data.object("attachment")
        if let media = attachment?.object("media") {
            message.attachments.append(Self.file(media))
            if let short = media.given("url"), !links.contains(where: { $0.short == short }) {
                links.append(XLink(short: short, expanded: "https://twitter.com/messages/media/"))
            }
        } else {
            message.attachments = links.filter(\.isMediaMarker).map {
                .remoteFile(url: $0.expanded, kind: "attachment")
            }
        }
        message.text = XText.expanded(XText.unescaped(try data.textField("text") ?? ""), links: links)
        if let place = attachment?.object("location")?.object("shared_coordinate")?.object("coordinates") {
            let numbers = place.list("coordinates").compactMap(\.text)
            // GeoJSON has the longitude first, RFC 5870 the latitude.
            if numbers.count >= 2 { message.add(line: "geo:\(numbers[1]),\(numbers[0])") }
        }
    }

    /// A picture, or the largest form of a film.
    private static func file(_ media: JSONValue) -> AttachmentInfo {
        let films = (media.object("video_info")?.list("variants") ?? []).filter {
            $0.given("content_type")?.hasPrefix("video/") == true
        }
        let best = films.max { ($0["bitrate"]?.int64 ?? 0) < ($1["bitrate"]?.int64 ?? 0) }
        return .remoteFile(
            url: best?.given("url") ?? media.given("media_url_https") ?? media.given("media_url"),
            id: media.given("id_str") ?? media.given("id"),
            kind: media.given("type"),
            mediaType: best?.given("content_type")
        )
    }

    // MARK: - X Activity API

    private static let activities: Set<String> = ["dm.received", "dm.create", "dm.message_create"]
    private static let silentActivities = [
        "dm.sent": "echo", "dm.read": "read_receipt", "dm.indicate_typing": "typing",
    ]

    /// `{"data": {"event_uuid", "filter": {"user_id"}, "event_type": "dm.received", "payload", "includes"}}`
    /// (https://docs.x.com/x-api/activity/event-payloads).
    private func readActivity(_ data: JSONValue, _ payload: WebhookPayload) throws {
        let kind = data.given("event_type") ?? "unknown_event"
        let owner = data.object("filter")?.given("user_id")
        let content = data.object("payload") ?? data
        if payload.isCut { return }
        guard Self.activities.contains(kind) else {
            return payload.ignore(Self.silentActivities[kind] ?? kind, at: data)
        }
        if let events = try content.arrayField("direct_message_events") {
            return try payload.each(events, named: "direct_message_events") {
                try read($0, owner: owner, users: [:], payload)
            }
        }
        let sender = content.given("sender_id")
        if owner != nil, sender == owner { return payload.ignore("echo", at: data) }
        guard content.has("text") || content.has("attachments"), let id = content.given("id") else {
            return payload.ignore("dm_without_text", at: data)
        }
        let people = data.object("includes")?.list("users") ?? []
        let user = people.first { sender != nil && $0.given("id") == sender }
        var message = WebhookMessage(
            sender: Party(webhook: sender, name: user?.given("name"), username: user?.given("username")),
            key: "x:\(id)"
        )
        message.account = owner
        message.conversation =
            content.given("dm_conversation_id").map { "x:\($0)" } ?? Self.conversation(sender, owner)
        message.setTime(content["created_at"])
        message.text = XText.unescaped(try content.textField("text") ?? "")
        let media = content.object("attachments")?.list("media_keys") ?? []
        message.attachments = media.compactMap(\.text).map { .remoteFile(url: nil, id: $0, kind: "media") }
        payload.add(message)
    }
}
