import GatehouseCore

/// Telegram Bot API (https://core.telegram.org/bots/api#update).
///
/// `{"update_id", "message": {"message_id", "date", "chat": {"id", "type"}, "from": {"id", "first_name"}, "text"}}`, or
/// `getUpdates`' `{"ok": true, "result": [update, …]}`. Message ids are unique within a chat; chats are named as in Telegram
/// Desktop's export (`telegram:channel1234` for -1001234), so that both ways give one key. Pictures sent at once come one by
/// one with a common `media_group_id`, the words mostly on the first.
struct TelegramWebhook: WebhookFormat {
    let format = MessageFormat(name: "telegram-webhook", summary: "Telegram Bot API update")
    let provider = "telegram"

    /// Kinds of update that hold a message.
    private static let messages: Set<String> = [
        "message", "edited_message", "channel_post", "edited_channel_post", "business_message",
        "edited_business_message", "guest_message",
    ]

    func confidence(in body: WebhookBody, headers: [String: String]) -> Confidence? {
        guard let value = body.json else { return nil }
        let update = value["result"]?.array?.first ?? value
        if update["update_id"]?.text != nil { return .certain }
        if value["ok"]?.bool == true, value["result"]?.array?.isEmpty == true { return .likely }
        return headers["x-telegram-bot-api-secret-token"] != nil && value.members != nil ? .likely : nil
    }

    func read(_ body: WebhookBody, into payload: WebhookPayload) throws {
        guard let value = body.json else { return payload.reject("not_json", "Telegram's updates are JSON.") }
        try value.requireObject("the document")
        if let updates = value["result"]?.array {
            return try payload.each(updates, named: "result") { try read(update: $0, part: $0, payload) }
        }
        if payload.isCut { return }
        try read(update: value, part: nil, payload)
    }

    private func read(update: JSONValue, part: JSONValue?, _ payload: WebhookPayload) throws {
        guard let member = update.members?.first(where: { $0.key != "update_id" && $0.value.members != nil }) else {
            return payload.ignore("empty_update", at: update)
        }
        if member.key == "deleted_business_messages" { return try readDeletion(member.value, part: part, payload) }
        // Presses of buttons, queries, polls, members, boosts, reactions: nothing that a person has written.
        guard Self.messages.contains(member.key) else {
            return payload.ignore(Self.receipts[member.key] ?? member.key, at: member.value)
        }
        let item = TelegramUpdate(value: member.value, kind: member.key)
        switch try item.content() {
        case .ignored(let kind): payload.ignore(kind, at: member.value)
        case .message(var message):
            message.parts = part.map { [$0.offset] } ?? []
            payload.add(message)
        }
    }

    private static let receipts = ["message_reaction": "reaction", "message_reaction_count": "reaction"]

    /// Who of the two has taken them back is not told.
    private func readDeletion(_ value: JSONValue, part: JSONValue?, _ payload: WebhookPayload) throws {
        let chat = TelegramBotChat(value["chat"], business: value.given("business_connection_id"))
        for id in try value.arrayField("message_ids") ?? [] {
            guard let id = id.text else { continue }
            var message = WebhookMessage(sender: chat.peer, key: chat.key(id), part: part)
            message.conversation = chat.name
            message.becomeDeletion()
            payload.add(message)
        }
    }
}

/// The chat of an update.
struct TelegramBotChat {
    /// `telegram:user42`; `telegram:business:<connection>:user42` where the bot acts for an account.
    let name: String?
    let type: String?
    let title: String?
    /// The person of a chat of two.
    let peer: Party

    init(_ chat: JSONValue?, business: String?) {
        type = chat?.given("type")
        title = chat?.given("title")
        let id = chat?.given("id")
        let local = id.map { Self.peerID($0, type: chat?.given("type")) }
        name = local.map { "telegram:" + (business.map { "business:\($0):" } ?? "") + $0 }
        let words = [chat?.given("first_name"), chat?.given("last_name")].compactMap(\.self)
        let isPerson = type == nil || type == "private"
        peer =
            isPerson
            ? Party(webhook: local, name: words.joined(separator: " "), username: chat?.given("username")) : Party()
    }

    func key(_ message: String) -> String? { name.map { "\($0):\(message)" } }

    /// As exports name them: -1001234 is `channel1234`, -1234 is `chat1234`, 1234 is `user1234`.
    static func peerID(_ id: String, type: String? = nil) -> String {
        if id.hasPrefix("-100"), id.utf8.count > 11 || type == "channel" || type == "supergroup" {
            return "channel" + id.dropFirst(4)
        }
        if id.hasPrefix("-") { return "chat" + id.dropFirst() }
        return "user" + id
    }
}

/// One `message` of an update, or what takes its place.
private struct TelegramUpdate {
    let value: JSONValue
    let kind: String

    enum Content {
        case message(WebhookMessage)
        case ignored(String)
    }

    private var isEdit: Bool { kind.hasPrefix("edited_") }

    func content() throws -> Content {
        let business = value.given("business_connection_id")
        let chat = TelegramBotChat(value["chat"], business: business)
        let from = value.object("from")
        let onBehalf = value.object("sender_chat")
        if value.has("sender_business_bot") { return .ignored("echo") }
        if onBehalf == nil, from?.isTrue("is_bot") == true { return .ignored("bot_message") }
        if value.isTrue("is_automatic_forward") { return .ignored("automatic_forward") }
        // In a business chat whoever is not the other one is the account's owner.
        if business != nil, chat.type == "private", from != nil, from?.given("id") != value["chat"]?.given("id") {
            return .ignored("echo")
        }
        if isEdit, value.has("location") { return .ignored("live_location") }
        guard TelegramContent.isContent(value) else { return .ignored(TelegramContent.serviceName(value)) }
        var message = WebhookMessage(sender: Self.party(onBehalf ?? from))
        message.keys = value.given("message_id").flatMap(chat.key).map { [$0] } ?? []
        message.conversation = chat.name
        if let topic = value.given("message_thread_id"), value.isTrue("is_topic_message") {
            message.conversation = chat.name.map { "\($0):topic\(topic)" }
        }
        message.subject = chat.title
        message.setTime(isEdit ? value["edit_date"] ?? value["date"] : value["date"])
        if kind.hasSuffix("channel_post") { message.direction = .outbound }
        try TelegramContent.fill(&message, from: value)
        if let parent = value.object("reply_to_message") {
            let other = parent["chat"].map { TelegramBotChat($0, business: business) } ?? chat
            message.inReplyTo = parent.given("message_id").flatMap(other.key).map { [$0] } ?? []
        }
        if let group = value.given("media_group_id") { message.album = chat.key("album:\(group)") }
        addOrigin(to: &message)
        if isEdit { message.becomeEdit() }
        return .message(message)
    }

    private func addOrigin(to message: inout WebhookMessage) {
        let origin = value.object("forward_origin")
        let chat = origin?.object("chat") ?? origin?.object("sender_chat") ?? value.object("forward_from_chat")
        let person = origin?.object("sender_user") ?? value.object("forward_from") ?? chat
        let hidden = origin?.given("sender_user_name") ?? value.given("forward_sender_name")
        guard let name = person.flatMap({ Self.party($0).name }) ?? hidden else {
            if origin != nil { message.warnings.append("forwarded") }
            return
        }
        message.warnings.append("forwarded_from:\(UnicodeText.printable(String(name.unicodeScalars.prefix(80))))")
    }

    /// A user, or a chat in whose name somebody writes.
    private static func party(_ value: JSONValue?) -> Party {
        guard let value else { return Party() }
        let words = [value.given("first_name"), value.given("last_name")].compactMap(\.self)
        return Party(
            webhook: value.given("id").map { TelegramBotChat.peerID($0, type: value.given("type")) },
            name: words.isEmpty ? value.given("title") : words.joined(separator: " "),
            username: value.given("username")
        )
    }
}
