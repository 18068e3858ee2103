import GatehouseCore

/// WhatsApp Business Platform, Cloud API
/// (https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks).
///
/// `{"object": "whatsapp_business_account", "entry": [{"id", "changes": [{"field": "messages", "value": {"metadata":
/// {"display_phone_number", "phone_number_id"}, "contacts": [{"profile": {"name"}, "wa_id"}], "messages": [{"from", "id",
/// "timestamp": "s", "type", "text": {"body"}}], "statuses": […]}}]}]}`. A sender is a number without `+`, or an id that is no
/// number (`US.1234`).
struct WhatsAppWebhook: WebhookFormat {
    let format = MessageFormat(name: "whatsapp-webhook", summary: "WhatsApp Cloud API webhook (Meta)")
    let provider = "whatsapp"

    func confidence(in body: WebhookBody, headers: [String: String]) -> Confidence? {
        guard let value = body.json else { return nil }
        if value["object"]?.string == "whatsapp_business_account" { return .certain }
        let inner = value["entry"]?[0]?["changes"]?[0]?["value"] ?? value["value"] ?? value
        // Providers that pass the Cloud API on send the inner object alone.
        if inner["messaging_product"]?.string == "whatsapp", inner["metadata"] != nil { return .certain }
        // The older interface, which some of them still have, has no product and no number.
        let isOlder = inner["messages"]?[0]?["timestamp"] != nil && inner["contacts"]?[0]?["wa_id"] != nil
        return isOlder ? .likely : nil
    }

    func read(_ body: WebhookBody, into payload: WebhookPayload) throws {
        guard let value = body.json else { return payload.reject("not_json", "WhatsApp's webhooks are JSON.") }
        try value.requireObject("the document")
        guard let entries = try value.arrayField("entry") else {
            if payload.isCut { return }
            return try readValue(value.object("value") ?? value, payload)
        }
        try payload.each(entries, named: "entry") { entry in
            try payload.each(try entry.arrayField("changes") ?? [], named: "changes") { change in
                let field = change.given("field") ?? "messages"
                guard let value = try change.objectField("value") else {
                    return payload.ignore(field, at: change)
                }
                if field == "messages" { return try readValue(value, payload) }
                let echoes = value.list("message_echoes")
                if echoes.isEmpty { payload.ignore(field, at: change) }
                payload.ignore(each: echoes, as: "echo")
            }
        }
    }

    private func readValue(_ value: JSONValue, _ payload: WebhookPayload) throws {
        let messages = try value.arrayField("messages") ?? []
        let contacts = Contacts(value.list("contacts"))
        try payload.each(messages, named: "messages") {
            try read($0, metadata: value.object("metadata"), contacts, payload)
        }
        for status in value.list("statuses") {
            let kind =
                switch status.given("status") {
                case "delivered": "delivery_receipt"
                case "read": "read_receipt"
                case let word?: "status_\(word)"
                case nil: "status"
                }
            payload.ignore(kind, at: status)
        }
        payload.ignore(each: value.list("message_echoes"), as: "echo")
        if messages.isEmpty { payload.ignore(each: value.list("errors"), as: "errors") }
    }

    /// Who wrote, by the ids that messages name them with.
    private struct Contacts {
        private var byID: [String: JSONValue] = [:]
        private let only: JSONValue?

        init(_ contacts: [JSONValue]) {
            only = contacts.count == 1 ? contacts[0] : nil
            for contact in contacts {
                for id in [contact.given("wa_id"), contact.given("user_id")] { if let id { byID[id] = contact } }
            }
        }

        /// A group's messages name each sender; alone in the list it is the one.
        func contact(_ ids: [String?]) -> JSONValue? { ids.compactMap { $0.flatMap { byID[$0] } }.first ?? only }
    }

    private func read(
        _ item: JSONValue,
        metadata: JSONValue?,
        _ contacts: Contacts,
        _ payload: WebhookPayload
    ) throws {
        let type = item.given("type") ?? "unknown"
        if ["reaction", "system", "request_welcome", "ephemeral"].contains(type) {
            return payload.ignore(type, at: item)
        }
        let from = item.given("from") ?? item.given("from_user_id")
        let number = metadata?.given("phone_number_id")
        let ownNumber = Self.digits(metadata?.given("display_phone_number"))
        if from != nil, Self.digits(from) == ownNumber, ownNumber != nil { return payload.ignore("echo", at: item) }
        var message = WebhookMessage(
            sender: Self.sender(from, contacts.contact([from, item.given("from_user_id")])),
            key: item.given("id").map { "whatsapp:\($0)" },
            part: item
        )
        message.account = number ?? ownNumber
        message.recipient = Party(webhook: number)
        message.recipient?.phone = Self.phone(ownNumber)
        message.conversation = (item.given("group_id") ?? from).map { "whatsapp:\($0)" }
        message.setTime(item["timestamp"])
        switch type {
        case "edit":
            let edit = try item.objectField("edit")
            message.keys = edit?.given("original_message_id").map { ["whatsapp:\($0)"] } ?? message.keys
            if let content = edit?.object("message") {
                try WhatsAppCloudContent.fill(&message, from: content, type: content.given("type") ?? "text")
            }
            message.becomeEdit()
        case "revoke":
            let original = try item.objectField("revoke")?.given("original_message_id")
            message.keys = original.map { ["whatsapp:\($0)"] } ?? message.keys
            message.becomeDeletion()
        default: try WhatsAppCloudContent.fill(&message, from: item, type: type)
        }
        payload.add(message)
    }

    /// `contacts` has the name, and the id where it is not the number.
    private static func sender(_ from: String?, _ contact: JSONValue?) -> Party {
        let profile = contact?.object("profile")
        var party = Party(
            webhook: from ?? contact?.given("wa_id") ?? contact?.given("user_id"),
            name: profile?.given("name"),
            username: profile?.given("username") ?? contact?.given("username")
        )
        party.phone = phone(from) ?? phone(contact?.given("wa_id"))
        return party
    }

    /// The number that an id of digits is.
    private static func phone(_ id: String?) -> String? {
        guard let id, id.utf8.allSatisfy({ (48...57).contains($0) }), (7...15).contains(id.utf8.count) else {
            return nil
        }
        return PhoneNumberTable.world.read("+\(id)", defaultRegion: nil).e164
    }

    private static func digits(_ text: String?) -> String? {
        guard let text else { return nil }
        let digits = text.utf8.filter { (48...57).contains($0) }
        return digits.isEmpty ? nil : String(decoding: digits, as: UTF8.self)
    }
}

/// What a message says, by its type.
private enum WhatsAppCloudContent {
    private static let files = ["image", "video", "audio", "voice", "document", "sticker"]

    static func fill(_ message: inout WebhookMessage, from item: JSONValue, type: String) throws {
        // Contacts, and whatever else comes as a list, have no members of their own.
        let content = item[type]?.array == nil ? try item.objectField(type) : nil
        switch type {
        case "text": message.text = try content?.textField("body") ?? ""
        case "button": message.text = try content?.textField("text") ?? ""
        case "interactive": message.text = try interactive(content)
        case "location": message.text = place(content)
        case "contacts":
            for contact in try item.arrayField("contacts") ?? [] { message.add(line: card(contact)) }
        case "order": message.text = try order(content)
        case _ where files.contains(type):
            message.text = try content?.textField("caption") ?? ""
            message.attachments = [file(content, type)]
        default:
            message.text = try content?.textField("body") ?? ""
            message.warnings.append("unsupported_content:\(ExportSession.word(type))")
        }
        let context = item.object("context")
        if let parent = context?.given("id") { message.inReplyTo = ["whatsapp:\(parent)"] }
        let isForwarded = context?.isTrue("forwarded") == true || context?.isTrue("frequently_forwarded") == true
        if isForwarded { message.warnings.append("forwarded") }
        for error in item.list("errors") {
            message.warnings.append("platform_error:\(error.given("code") ?? "unknown")")
        }
        if message.text.isEmpty, message.attachments.isEmpty, !message.warnings.contains(where: isExplained) {
            message.warnings.append("empty_message")
        }
    }

    private static func isExplained(_ warning: String) -> Bool { warning.hasPrefix("unsupported_content") }

    /// The media API gives a link for the id; newer payloads bring one, which says until when it works.
    private static func file(_ content: JSONValue?, _ type: String) -> AttachmentInfo {
        var info = AttachmentInfo.remoteFile(
            url: content?.given("url") ?? content?.given("link"),
            id: content?.given("id"),
            name: content?.given("filename") ?? type,
            mediaType: content?.given("mime_type"),
            size: content?.given("file_size")
        )
        if let digest = content?.given("sha256").flatMap({ Base64.decode($0) }), digest.count == 32 {
            info.sha256 = Hex.encode(digest)
        }
        return info
    }

    private static func interactive(_ content: JSONValue?) throws -> String {
        guard let content else { return "" }
        for key in ["button_reply", "list_reply"] {
            guard let reply = content.object(key) else { continue }
            return [reply.given("title"), reply.given("description")].compactMap(\.self).joined(separator: "\n")
        }
        if let form = content.object("nfm_reply") {
            return [form.given("body"), form.given("response_json")].compactMap(\.self).joined(separator: "\n")
        }
        return try content.wordField("type") ?? ""
    }

    private static func place(_ content: JSONValue?) -> String {
        guard let content, let latitude = content.given("latitude"), let longitude = content.given("longitude") else {
            return ""
        }
        let words = [content.given("name"), content.given("address"), "geo:\(latitude),\(longitude)"]
        return words.compactMap(\.self).joined(separator: "\n")
    }

    private static func card(_ contact: JSONValue) -> String {
        let phones = contact.list("phones").compactMap { $0.given("phone") ?? $0.given("wa_id") }
        let mails = contact.list("emails").compactMap { $0.given("email") }
        let name = contact.object("name")?.given("formatted_name") ?? contact.object("name")?.given("first_name")
        return ([name].compactMap(\.self) + phones + mails).joined(separator: " ")
    }

    private static func order(_ content: JSONValue?) throws -> String {
        let lines = (content?.list("product_items") ?? []).prefix(500).map { item in
            [
                item.given("quantity"), item.given("product_retailer_id"), item.given("item_price"),
                item.given("currency"),
            ]
            .compactMap(\.self).joined(separator: " ")
        }
        return ([try content?.wordField("text")].compactMap(\.self) + lines).joined(separator: "\n")
    }
}
