import GatehouseCore

/// Viber bots (https://developers.viber.com/docs/api/rest-bot-api/#callbacks).
///
/// `{"event": "message", "timestamp": ms, "message_token": 4912661846655238145, "sender": {"id", "name"}, "message": {"type",
/// "text", "media"}}`. The token is a number above 2^53. Links to media work for an hour.
struct ViberWebhook: WebhookFormat {
    let format = MessageFormat(name: "viber-webhook", summary: "Viber bot webhook")
    let provider = "viber"

    private static let silent = [
        "webhook": "handshake", "delivered": "delivery_receipt", "seen": "read_receipt", "failed": "delivery_failed",
        "subscribed": "subscribed", "unsubscribed": "unsubscribed", "conversation_started": "conversation_started",
        "client_status": "client_status", "action": "action",
    ]

    func confidence(in body: WebhookBody, headers: [String: String]) -> Confidence? {
        guard let value = body.json, let event = value["event"]?.string else { return nil }
        let hasToken = value["message_token"]?.text != nil && value["timestamp"]?.text != nil
        let isKnown = event == "message" || Self.silent[event] != nil
        if hasToken { return isKnown ? .certain : .likely }
        if isKnown, headers["x-viber-content-signature"] != nil { return .certain }
        // A body that is cut may lack the token, which stands near the start in all that were seen.
        return event == "message" && value["sender"] != nil && value["message"]?["tracking_data"] != nil ? .likely : nil
    }

    func read(_ body: WebhookBody, into payload: WebhookPayload) throws {
        guard let value = body.json else { return payload.reject("not_json", "Viber's webhooks are JSON.") }
        try value.requireObject("the document")
        if payload.isCut { return }
        let event = try value.wordField("event") ?? "unknown_event"
        guard event == "message" else { return payload.ignore(Self.silent[event] ?? event, at: value) }
        let sender = try value.objectField("sender")
        var message = WebhookMessage(
            sender: Party(webhook: sender?.given("id"), name: sender?.given("name")),
            key: value.given("message_token").map { "viber:\($0)" }
        )
        message.conversation = (value.given("chat_id") ?? sender?.given("id")).map { "viber:\($0)" }
        message.setTime(value["timestamp"])
        if let content = try value.objectField("message") { try fill(&message, from: content) }
        payload.add(message)
    }

    private func fill(_ message: inout WebhookMessage, from content: JSONValue) throws {
        let kind = content.given("type") ?? "unknown"
        message.text = try content.textField("text") ?? ""
        switch kind {
        case "text": break
        case "picture", "video", "file":
            let expiry = message.time.map { Timestamp(milliseconds: $0.timestamp.milliseconds &+ 3_600_000) }
            message.attachments = [
                .remoteFile(
                    url: content.given("media"),
                    name: content.given("file_name") ?? kind,
                    size: content.given("size") ?? content.given("file_size"),
                    expiresAt: expiry
                )
            ]
        case "url": if let link = content.given("media"), link != message.text { message.add(line: link) }
        case "location":
            if let place = content.object("location"), let latitude = place.given("lat"),
                let longitude = place.given("lon")
            {
                message.add(line: "geo:\(latitude),\(longitude)")
            }
        case "contact":
            let card = content.object("contact")
            message.add(
                line: [card?.given("name"), card?.given("phone_number")].compactMap(\.self).joined(separator: " ")
            )
        case "sticker":
            let number = content.given("sticker_id").map { "sticker \($0)" }
            message.attachments = [AttachmentInfo(status: .omitted, name: number ?? "sticker")]
        default: message.warnings.append("unsupported_content:\(ExportSession.word(kind))")
        }
    }
}
