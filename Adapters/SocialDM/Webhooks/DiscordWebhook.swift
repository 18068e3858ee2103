import GatehouseCore

/// Discord: gateway dispatches that a bot has passed on, message objects, interactions and webhook events
/// (https://discord.com/developers/docs/events/gateway-events, …/resources/message, …/interactions/receiving-and-responding).
///
/// `{"op": 0, "t": "MESSAGE_CREATE", "d": {"id", "channel_id", "guild_id", "author": {"id", "username", "bot"}, "content",
/// "timestamp", "attachments"}}`. Ids are numbers above 2^53 in strings. Links to attachments say until when they work.
struct DiscordWebhook: WebhookFormat {
    let format = MessageFormat(name: "discord-webhook", summary: "Discord gateway dispatch, message or interaction")
    let provider = "discord"

    func confidence(in body: WebhookBody, headers: [String: String]) -> Confidence? {
        guard let value = body.json else { return nil }
        if value["t"]?.string != nil, value["d"] != nil, value["op"] != nil { return .certain }
        if Self.isMessage(value) { return .certain }
        let isSigned = headers["x-signature-ed25519"] != nil
        guard value["application_id"] != nil, value["type"]?.int64 != nil else { return isSigned ? .likely : nil }
        let isInteraction = value["token"] != nil || value["event"] != nil || value["version"] != nil
        return isInteraction || isSigned ? .certain : .likely
    }

    private static func isMessage(_ value: JSONValue) -> Bool {
        value["channel_id"]?.string != nil && value["author"]?["id"] != nil && value["content"] != nil
    }

    func read(_ body: WebhookBody, into payload: WebhookPayload) throws {
        guard let value = body.json else { return payload.reject("not_json", "Discord's payloads are JSON.") }
        try value.requireObject("the document")
        if payload.isCut { return }
        if let name = value.given("t") {
            guard let data = try value.objectField("d") else { return payload.ignore(name) }
            return try read(event: name, data, payload)
        }
        if let event = value.object("event") {
            guard let data = event.object("data"), Self.isMessage(data) else {
                return payload.ignore(event.given("type") ?? "unknown_event")
            }
            return try read(data, isEdit: event.given("type")?.contains("UPDATE") == true, payload)
        }
        if Self.isMessage(value) { return try read(value, isEdit: value.has("edited_timestamp"), payload) }
        // 0 is a webhook event's ping, 1 an interaction's.
        switch value["type"]?.int64 {
        case 0?, 1?: payload.ignore("handshake")
        case 2?: try readCommand(value, payload)
        case 3?: payload.ignore("message_component")
        case 4?: payload.ignore("autocomplete")
        case 5?: try readForm(value, payload)
        default: payload.ignore("unknown_event")
        }
    }

    private func read(event name: String, _ data: JSONValue, _ payload: WebhookPayload) throws {
        switch name {
        case "MESSAGE_CREATE": try read(data, isEdit: false, payload)
        case "MESSAGE_UPDATE":
            // Without the time of an edit only a link's preview has been added.
            guard data.has("edited_timestamp"), data.has("content") else { return payload.ignore("message_unfurled") }
            try read(data, isEdit: true, payload)
        case "MESSAGE_DELETE": deletion(of: data.given("id"), data, payload)
        case "MESSAGE_DELETE_BULK":
            for id in try data.arrayField("ids") ?? [] { deletion(of: id.text, data, payload) }
        case "INTERACTION_CREATE":
            if data["type"]?.int64 == 2 { return try readCommand(data, payload) }
            if data["type"]?.int64 == 5 { return try readForm(data, payload) }
            payload.ignore("interaction")
        case "TYPING_START": payload.ignore("typing")
        case _ where name.hasPrefix("MESSAGE_REACTION_"): payload.ignore("reaction")
        default: payload.ignore(name)
        }
    }

    /// Who has taken it back is not told.
    private func deletion(of id: String?, _ data: JSONValue, _ payload: WebhookPayload) {
        guard let id else { return payload.ignore("message_delete") }
        var message = WebhookMessage(sender: Party(), key: "discord:\(id)")
        setPlace(&message, data)
        message.becomeDeletion()
        payload.add(message)
    }

    private func setPlace(_ message: inout WebhookMessage, _ data: JSONValue) {
        message.conversation = data.given("channel_id").map { "discord:\($0)" }
        message.account = data.given("guild_id") ?? data.given("application_id")
    }

    private func read(_ data: JSONValue, isEdit: Bool, _ payload: WebhookPayload) throws {
        let author = try data.objectField("author")
        if author?.isTrue("bot") == true || data.has("webhook_id") { return payload.ignore("bot_message") }
        // 0 is a message, 19 an answer, 20 and 23 a command's; the others are told by the service.
        let type = data["type"]?.int64 ?? 0
        guard [0, 19, 20, 21, 23].contains(type) else { return payload.ignore("service_message_\(type)") }
        var message = WebhookMessage(
            sender: Self.party(author, data.object("member")),
            key: data.given("id").map { "discord:\($0)" }
        )
        setPlace(&message, data)
        message.setTime(isEdit && data.has("edited_timestamp") ? data["edited_timestamp"] : data["timestamp"])
        let names = data.list("mentions").compactMap { person -> (String, String)? in
            guard let id = person.given("id") else { return nil }
            return (id, person.given("global_name") ?? person.given("username") ?? id)
        }
        message.text = DiscordWebhookText.plain(try data.textField("content") ?? "", names: names)
        message.attachments = try (data.arrayField("attachments") ?? []).map(Self.file)
        for sticker in data.list("sticker_items").prefix(10) {
            message.attachments.append(AttachmentInfo(status: .omitted, name: sticker.given("name") ?? "sticker"))
        }
        for snapshot in data.list("message_snapshots").prefix(10) {
            message.add(line: snapshot.object("message")?.given("content"))
            message.warnings.append("forwarded")
        }
        if let parent = data.object("message_reference"), parent["type"]?.int64 ?? 0 == 0 {
            message.inReplyTo = parent.given("message_id").map { ["discord:\($0)"] } ?? []
        }
        if message.text.isEmpty, message.attachments.isEmpty {
            // Without the privileged intent a bot gets messages, and not what they say.
            message.warnings.append("empty_message")
        }
        if isEdit { message.becomeEdit() }
        payload.add(message)
    }

    private static func party(_ user: JSONValue?, _ member: JSONValue?) -> Party {
        let name = member?.given("nick") ?? user?.given("global_name") ?? user?.given("username")
        return Party(webhook: user?.given("id"), name: name, username: user?.given("username"))
    }

    private static func file(_ value: JSONValue) -> AttachmentInfo {
        .remoteFile(
            url: value.given("url"),
            id: value.given("id"),
            name: value.given("title") ?? value.given("filename"),
            kind: "attachment",
            mediaType: value.given("content_type"),
            size: value.given("size")
        )
    }

    // MARK: - Interactions

    private func interaction(_ value: JSONValue) -> WebhookMessage {
        let member = value.object("member")
        var message = WebhookMessage(
            sender: Self.party(member?.object("user") ?? value.object("user"), member),
            key: value.given("id").map { "discord:interaction:\($0)" }
        )
        setPlace(&message, value)
        message.time = value.given("id").flatMap(Self.time)
        return message
    }

    /// A snowflake counts milliseconds since 2015 in its upper 42 bits.
    private static func time(of id: String) -> PayloadTime? {
        guard let number = UInt64(id) else { return nil }
        let moment = Timestamp(milliseconds: Int64(number >> 22) + 1_420_070_400_000)
        return PayloadTime(timestamp: moment, precision: .ms, zone: "UTC")
    }

    /// `/support text: …`: what the person typed is in the options.
    private func readCommand(_ value: JSONValue, _ payload: WebhookPayload) throws {
        guard let data = try value.objectField("data") else { return payload.ignore("application_command") }
        var words: [String] = []
        var open = data.list("options").prefix(100)[...]
        while let option = open.popFirst(), words.count < 100 {
            if let word = option.given("value") { words.append(word) }
            open += option.list("options").prefix(100)
        }
        guard !words.isEmpty else { return payload.ignore("application_command") }
        var message = interaction(value)
        message.text = (["/" + (data.given("name") ?? "")] + words).joined(separator: " ")
        payload.add(message)
    }

    /// A form's fields, each a component in a row.
    private func readForm(_ value: JSONValue, _ payload: WebhookPayload) throws {
        var message = interaction(value)
        var open = (try value.objectField("data")?.arrayField("components") ?? []).prefix(100)[...]
        var seen = 0
        while let component = open.popFirst(), seen < 1000 {
            seen += 1
            message.add(line: component.given("value"))
            open += component.list("components").prefix(100)
            if let inner = component.object("component") { open.append(inner) }
        }
        guard !message.text.isEmpty else { return payload.ignore("modal_submit") }
        payload.add(message)
    }
}

/// Discord's references as a person reads them.
enum DiscordWebhookText {
    /// `<@123>` becomes `@name`, `<:smile:456>` becomes `:smile:`.
    static func plain(_ text: String, names: [(id: String, name: String)]) -> String {
        let bytes = Array(text.utf8)
        guard bytes.contains(UInt8(ascii: "<")) else { return text }
        let table = Dictionary(names.prefix(1000).map { ($0.id, $0.name) }) { first, _ in first }
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let window = bytes[index...].prefix(128)
            if bytes[index] == UInt8(ascii: "<"), let end = window.firstIndex(of: UInt8(ascii: ">")),
                let words = reference(String(decoding: bytes[(index + 1)..<end], as: UTF8.self), table)
            {
                result += Array(words.utf8)
                index = end + 1
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func reference(_ content: String, _ names: [String: String]) -> String? {
        if content.hasPrefix("@") {
            let id = content.drop { $0 == "@" || $0 == "!" }
            return names[String(id)].map { "@\($0)" }
        }
        guard content.hasPrefix(":") || content.hasPrefix("a:") else { return nil }
        let parts = content.utf8.split(separator: UInt8(ascii: ":"))
        let name = parts.count >= 2 ? parts[parts.count - 2] : nil
        return name.map { ":\(String(decoding: Array($0), as: UTF8.self)):" }
    }
}
