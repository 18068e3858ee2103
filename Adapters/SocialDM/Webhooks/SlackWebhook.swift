import GatehouseCore

/// Slack: the Events API (https://docs.slack.dev/apis/events-api), and the forms of slash commands and outgoing webhooks.
///
/// `{"type": "event_callback", "team_id", "event_id", "event": {"type": "message", "subtype", "channel", "user", "ts",
/// "thread_ts", "text"}}`. A message's id is its channel with its `ts`, which is a text: as a number it would lose its last digits.
struct SlackWebhook: WebhookFormat {
    let format = MessageFormat(name: "slack-webhook", summary: "Slack Events API, slash command or outgoing webhook")
    let provider = "slack"

    /// Subtypes that are messages of people.
    private static let spoken: Set<String> = ["file_share", "thread_broadcast", "me_message", "reply_broadcast"]

    func confidence(in body: WebhookBody, headers: [String: String]) -> Confidence? {
        switch body {
        case .json(let value):
            switch value["type"]?.string {
            case "event_callback": return .certain
            case "url_verification": return value["challenge"] != nil ? .certain : .possible
            case "app_rate_limited": return value["api_app_id"] != nil ? .certain : nil
            default: break
            }
            let isWrapped = value["event"]?["type"] != nil && (value["team_id"] != nil || value["api_app_id"] != nil)
            return isWrapped ? .certain : nil
        case .form(let fields):
            let isTeam = fields["team_id"] != nil && fields["channel_id"] != nil && fields["user_id"] != nil
            if isTeam, fields["command"] != nil || fields["token"] != nil { return .certain }
            let isInteraction = fields["payload"]?.hasPrefix("{") == true && fields.fields.count == 1
            if isInteraction, headers["x-slack-signature"] != nil { return .certain }
            return isInteraction && fields["payload"]?.contains("\"trigger_id\"") == true ? .likely : nil
        case .xml: return nil
        }
    }

    func read(_ body: WebhookBody, into payload: WebhookPayload) throws {
        switch body {
        case .json(let value): try read(value, payload)
        case .form(let fields): read(fields, payload)
        case .xml: payload.reject("not_json", "Slack's webhooks are JSON or forms.")
        }
    }

    private func read(_ value: JSONValue, _ payload: WebhookPayload) throws {
        try value.requireObject("the document")
        if payload.isCut { return }
        if value.given("type") == "url_verification" { return payload.ignore("handshake") }
        guard let event = try value.objectField("event") else {
            return payload.ignore(value.given("type") ?? "unknown_event")
        }
        let type = event.given("type") ?? "unknown_event"
        switch type {
        case "message", "app_mention": break
        case "reaction_added", "reaction_removed": return payload.ignore("reaction")
        default: return payload.ignore(type)
        }
        let subtype = event.given("subtype")
        switch subtype {
        case "message_changed": try readChange(event, value, payload)
        case "message_deleted":
            let former = event.object("previous_message")
            if former.map(Self.isBot) == true { return payload.ignore("bot_message") }
            var message = message(former ?? event, ts: event.given("deleted_ts"), event, value)
            message.setTime(event["event_ts"] ?? event["ts"])
            message.becomeDeletion()
            payload.add(message)
        case let word? where !Self.spoken.contains(word): payload.ignore(word)
        default:
            if Self.isBot(event) { return payload.ignore("bot_message") }
            if Self.isOwn(event, value) { return payload.ignore("echo") }
            var message = message(event, ts: event.given("ts"), event, value)
            message.setTime(event["ts"] ?? event["event_ts"])
            try Self.fill(&message, from: event)
            payload.add(message)
        }
    }

    /// An edit, a deletion that leaves its replies standing, or only a link's preview.
    private func readChange(_ event: JSONValue, _ value: JSONValue, _ payload: WebhookPayload) throws {
        guard let content = try event.objectField("message") else { return payload.ignore("message_changed") }
        if content.given("subtype") == "tombstone" {
            let former = event.object("previous_message")
            var message = message(former ?? content, ts: content.given("ts"), event, value)
            message.setTime(event["event_ts"] ?? event["ts"])
            message.becomeDeletion()
            return payload.add(message)
        }
        if Self.isBot(content) { return payload.ignore("bot_message") }
        let former = event.object("previous_message")
        let isSame = former != nil && former?["text"]?.text == content["text"]?.text
        if isSame, former?.list("files").count == content.list("files").count {
            return payload.ignore("message_unfurled")
        }
        var message = message(content, ts: content.given("ts"), event, value)
        message.setTime(content.object("edited")?["ts"] ?? event["event_ts"] ?? event["ts"])
        try Self.fill(&message, from: content)
        message.becomeEdit()
        payload.add(message)
    }

    private func message(_ content: JSONValue, ts: String?, _ event: JSONValue, _ value: JSONValue) -> WebhookMessage {
        let channel = event.given("channel") ?? event.object("channel")?.given("id")
        let profile = content.object("user_profile")
        var message = WebhookMessage(
            sender: Party(
                webhook: content.given("user") ?? event.given("user"),
                name: profile?.given("real_name") ?? profile?.given("display_name"),
                username: content.given("username") ?? profile?.given("name")
            )
        )
        message.account = value.given("team_id") ?? value.given("context_team_id")
        if let channel, let ts {
            message.keys = ["slack:\(channel):\(ts)"]
        } else if let id = value.given("event_id") {
            message.keys = ["slack:event:\(id)"]
        }
        let thread = content.given("thread_ts")
        let isDirect = ["im", "mpim"].contains(event.given("channel_type")) || channel?.hasPrefix("D") == true
        message.conversation = channel.map {
            SlackChannel.conversation("slack:\($0)", thread: thread ?? ts, isDirect: isDirect)
        }
        if let channel, let thread, thread != ts { message.inReplyTo = ["slack:\(channel):\(thread)"] }
        return message
    }

    private static func fill(_ message: inout WebhookMessage, from content: JSONValue) throws {
        _ = try content.textField("text")
        message.text = SlackText().text(of: content)
        message.attachments = SlackWebhookFiles.files(of: content)
        if message.text.isEmpty, message.attachments.isEmpty { message.warnings.append("empty_message") }
    }

    private static func isBot(_ content: JSONValue) -> Bool {
        content.given("bot_id") != nil || content.object("bot_profile") != nil
            || content.given("subtype") == "bot_message"
            || content.given("user") == "USLACKBOT"
    }

    /// What the app's own bot user has said.
    private static func isOwn(_ event: JSONValue, _ value: JSONValue) -> Bool {
        guard let user = event.given("user") else { return false }
        return value.list("authorizations").contains { $0.isTrue("is_bot") && $0.given("user_id") == user }
    }

    // MARK: - Forms

    private func read(_ fields: FormFields, _ payload: WebhookPayload) {
        if let text = fields["payload"] {
            let value = JSONDocument.readPartially(Array(text.utf8), name: "payload").value
            return payload.ignore(value?.given("type") ?? "interaction")
        }
        let isBot = fields["user_id"] == "USLACKBOT" || fields["bot_id"].map { !$0.isEmpty } == true
        if isBot { return payload.ignore("bot_message") }
        guard let text = fields["text"] else {
            return payload.reject("no_text_field", "There is no field 'text', which each of Slack's forms has: it was cut.")
        }
        let words = SlackText().plain(text)
        let command = fields["command"]
        if words.isEmpty { return payload.ignore(command == nil ? "empty_message" : "slash_command") }
        var message = WebhookMessage(sender: Party(webhook: fields["user_id"], username: fields["user_name"]))
        message.account = fields["team_id"]
        message.text = [command, words].compactMap(\.self).joined(separator: " ")
        let channel = fields["channel_id"].flatMap { $0.isEmpty ? nil : $0 }
        let ts = fields["timestamp"].flatMap { $0.isEmpty ? nil : $0 }
        if let channel, let ts {
            message.keys = ["slack:\(channel):\(ts)"]
        } else if let trigger = fields["trigger_id"], !trigger.isEmpty {
            message.keys = ["slack:trigger:\(trigger)"]
        }
        message.setTime(ts.map { JSONValue(.string($0)) })
        let isDirect = channel?.hasPrefix("D") == true || command != nil
        message.conversation = channel.map {
            SlackChannel.conversation("slack:\($0)", thread: fields["thread_ts"] ?? ts, isDirect: isDirect)
        }
        payload.add(message)
    }
}
