import GatehouseCore

/// LINE Messaging API (https://developers.line.biz/en/reference/messaging-api/#webhook-event-objects).
///
/// `{"destination", "events": [{"type", "mode", "timestamp", "source": {"type", "userId", "groupId", "roomId"},
/// "webhookEventId", "deliveryContext": {"isRedelivery"}, "message": {"id", "type", "text"}}]}`. Pictures sent at once come one
/// by one with a common `imageSet.id`. LINE's own content is fetched by the message's id, for a time that LINE doesn't state.
struct LINEWebhook: WebhookFormat {
    let format = MessageFormat(name: "line-webhook", summary: "LINE Messaging API webhook")
    let provider = "line"

    func confidence(in body: WebhookBody, headers: [String: String]) -> Confidence? {
        guard let value = body.json, let events = value["events"]?.array else { return nil }
        let isMarked = events.first.map { $0["mode"] != nil || $0["webhookEventId"] != nil || $0["replyToken"] != nil }
        // LINE's own test of the address has no events.
        if value["destination"]?.string != nil { return isMarked ?? true ? .certain : .likely }
        if headers["x-line-signature"] != nil { return .likely }
        return isMarked == true || events.isEmpty && value.members?.count == 1 ? .possible : nil
    }

    func read(_ body: WebhookBody, into payload: WebhookPayload) throws {
        guard let value = body.json else { return payload.reject("not_json", "LINE's webhooks are JSON.") }
        try value.requireObject("the document")
        let account = value.given("destination")
        if payload.isCut, account == nil { return }
        try payload.each(try value.arrayField("events") ?? [], named: "events") { event in
            try read(event, account: account, payload)
        }
    }

    private func read(_ event: JSONValue, account: String?, _ payload: WebhookPayload) throws {
        let type = event.given("type") ?? "unknown_event"
        if event.given("mode") == "standby" { return payload.ignore("standby", at: event) }
        guard ["message", "messageEdited", "unsend"].contains(type) else {
            return payload.ignore(Self.snakeCase(type), at: event)
        }
        let source = event.object("source")
        let chat = source?.given("groupId") ?? source?.given("roomId") ?? source?.given("userId")
        let content = try event.objectField(type == "unsend" ? "unsend" : "message")
        let id = content?.given(type == "unsend" ? "messageId" : "id") ?? event.given("webhookEventId")
        var message = WebhookMessage(
            sender: Party(webhook: source?.given("userId")),
            key: id.map { "line:\($0)" },
            part: event
        )
        message.account = account
        message.recipient = Party(webhook: account)
        message.conversation = chat.map { "line:\($0)" }
        message.setTime(event["timestamp"])
        switch type {
        case "unsend": message.becomeDeletion()
        default:
            if let content { try fill(&message, from: content, chat: chat, time: message.time?.timestamp) }
            if type == "messageEdited" { message.becomeEdit() }
        }
        payload.add(message)
    }

    private func fill(_ message: inout WebhookMessage, from content: JSONValue, chat: String?, time: Timestamp?) throws
    {
        let kind = content.given("type") ?? "unknown"
        message.text = try content.textField("text") ?? ""
        if let parent = content.given("quotedMessageId") { message.inReplyTo = ["line:\(parent)"] }
        switch kind {
        case "text": break
        case "location":
            let place = [content.given("latitude"), content.given("longitude")].compactMap(\.self)
            let words =
                [content.given("title"), content.given("address")]
                + [place.count == 2 ? "geo:\(place[0]),\(place[1])" : nil]
            message.add(line: words.compactMap(\.self).joined(separator: "\n"))
        case "image", "video", "audio", "file": message.attachments = [Self.file(content, kind)]
        case "sticker":
            let number = content.given("stickerId").map { "sticker \($0)" }
            message.attachments = [AttachmentInfo(status: .omitted, name: number ?? "sticker")]
        default: message.warnings.append("unsupported_content:\(ExportSession.word(kind))")
        }
        if let set = content.object("imageSet")?.given("id") {
            message.album = "line:\(chat ?? ""):album:\(set)"
        }
    }

    /// The sender's own link, or the id by which `/v2/bot/message/{id}/content` gives the bytes.
    ///
    /// That link ends alike for all files, so that it would not tell the pictures of a set apart; the name does.
    private static func file(_ content: JSONValue, _ kind: String) -> AttachmentInfo {
        let id = content.given("id")
        return .remoteFile(
            url: content.object("contentProvider")?.given("originalContentUrl"),
            id: id,
            name: content.given("fileName") ?? id.map { "\(kind)-\($0)" } ?? kind,
            size: content.given("fileSize")
        )
    }

    /// `videoPlayComplete` is counted as `video_play_complete`.
    static func snakeCase(_ word: String) -> String {
        var result = ""
        for scalar in word.unicodeScalars.prefix(64) {
            if scalar.properties.isUppercase, !result.isEmpty { result += "_" }
            result.unicodeScalars.append(scalar)
        }
        return result
    }
}
