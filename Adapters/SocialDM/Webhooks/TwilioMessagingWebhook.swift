import GatehouseCore

/// Twilio Programmable Messaging: SMS, MMS, WhatsApp, RCS and Messenger by one form
/// (https://www.twilio.com/docs/messaging/guides/webhook-request), and Conversations' events
/// (https://www.twilio.com/docs/conversations/conversations-webhooks).
///
/// `MessageSid=SM…&AccountSid=AC…&From=%2B49…&To=%2B49…&Body=…&NumMedia=1&MediaUrl0=…`. No field has a time. A `+` that was not
/// escaped has become a space.
struct TwilioMessagingWebhook: WebhookFormat {
    let format = MessageFormat(name: "twilio-messaging", summary: "Twilio SMS and WhatsApp webhook")
    let provider = "twilio"

    private static let ids = ["MessageSid", "SmsMessageSid", "SmsSid"]

    func confidence(in body: WebhookBody, headers: [String: String]) -> Confidence? {
        guard let fields = body.form, fields["CallSid"] == nil else { return nil }
        if fields["ConversationSid"] != nil, fields["EventType"] != nil { return .certain }
        guard Self.ids.contains(where: { fields[$0] != nil }) else { return nil }
        return fields["AccountSid"] != nil || fields["From"] != nil ? .certain : .likely
    }

    func read(_ body: WebhookBody, into payload: WebhookPayload) throws {
        guard let fields = body.form else {
            return payload.reject("not_a_form", "Twilio's webhooks are application/x-www-form-urlencoded.")
        }
        if let event = Self.word(fields, "EventType"), fields["ConversationSid"] != nil {
            return readConversation(event, fields, payload)
        }
        let status = Self.word(fields, "MessageStatus") ?? Self.word(fields, "SmsStatus") ?? "received"
        // A text that is sent out has the same fields; what comes in is `received` or, over some carriers, `receiving`.
        guard ["received", "receiving"].contains(status) else {
            let names = ["delivered": "delivery_receipt", "read": "read_receipt"]
            return payload.ignore(names[status] ?? "status_\(status)")
        }
        guard let sid = Self.ids.compactMap({ Self.word(fields, $0) }).first else {
            return payload.reject("no_message_id", "There is no field 'MessageSid', which every message of Twilio has.")
        }
        // A form has no end mark: but no message comes from nobody, and an id at the very end has all of its 34 characters.
        guard fields["From"] != nil, fields.fields.last?.value != sid || !Self.isCutID(sid) else {
            return payload.reject("form_truncated", "The form breaks off: its MessageSid or its From is not whole.")
        }
        if let count = Self.word(fields, "NumMedia").flatMap({ Int($0) }), count > 0,
            (0..<min(count, 100)).contains(where: { fields["MediaUrl\($0)"] == nil })
        {
            return payload.reject("form_truncated", "The form breaks off: of its \(count) files not all are named.")
        }
        let to = Self.address(fields, "To", payload.context)
        var message = WebhookMessage(
            sender: Self.address(fields, "From", payload.context),
            key: "twilio:\(sid)"
        )
        message.sender.name = Self.word(fields, "ProfileName").map(UnicodeText.normalised)
        message.recipient = to == Party() ? nil : to
        message.account = to.id ?? Self.word(fields, "MessagingServiceSid") ?? Self.word(fields, "AccountSid")
        message.conversation = message.sender.id.map { "twilio:\($0)" }
        fill(&message, from: fields)
        payload.add(message)
    }

    /// Two letters and fewer than 32 hexadecimal digits.
    private static func isCutID(_ sid: String) -> Bool {
        let digits = sid.utf8.dropFirst(2)
        return sid.hasPrefix("SM") || sid.hasPrefix("MM")
            ? digits.count < 32 && digits.allSatisfy { Hex.value(of: $0) != nil } : false
    }

    private func fill(_ message: inout WebhookMessage, from fields: FormFields) {
        message.text = fields["Body"] ?? ""
        if message.text.isEmpty {
            message.text = Self.word(fields, "ButtonText") ?? Self.word(fields, "ListTitle") ?? ""
        }
        if let latitude = Self.word(fields, "Latitude"), let longitude = Self.word(fields, "Longitude") {
            let words = [Self.word(fields, "Label"), Self.word(fields, "Address"), "geo:\(latitude),\(longitude)"]
            message.add(line: words.compactMap(\.self).joined(separator: "\n"))
        }
        let stated = Self.word(fields, "NumMedia").flatMap { Int($0) } ?? 0
        for index in 0..<min(max(stated, 0), 100) {
            guard let url = Self.word(fields, "MediaUrl\(index)") else { continue }
            let type = Self.word(fields, "MediaContentType\(index)")
            message.attachments.append(.remoteFile(url: url, kind: "media", mediaType: type))
        }
        if message.attachments.count < stated { message.warnings.append("attachments_missing") }
        if let parent = Self.word(fields, "OriginalRepliedMessageSid") {
            message.inReplyTo = ["twilio:\(parent)"]
        }
        if fields["Forwarded"] == "true" || fields["FrequentlyForwarded"] == "true" {
            message.warnings.append("forwarded")
        }
        if message.text.isEmpty, message.attachments.isEmpty { message.warnings.append("empty_message") }
    }

    /// `+4930…`, `whatsapp:+4930…`, `messenger:123`, a short code or a name.
    private static func address(_ fields: FormFields, _ name: String, _ context: IntakeContext) -> Party {
        guard var text = fields[name], !text.isEmpty else { return Party() }
        let scheme = text.utf8.firstIndex(of: UInt8(ascii: ":")).map { String(text[..<text.index(after: $0)]) } ?? ""
        var rest = String(text.dropFirst(scheme.count))
        if rest.hasPrefix(" "), rest.utf8.dropFirst().allSatisfy({ (48...57).contains($0) }), rest.utf8.count > 7 {
            rest = "+" + rest.dropFirst()
        }
        rest = PayloadText.trimmed(rest) ?? ""
        text = scheme + rest
        var party = Party(webhook: text)
        if rest.hasPrefix("+") { party.phone = PhoneNumberTable.world.read(rest, defaultRegion: nil).e164 }
        if party.phone == nil, scheme.isEmpty {
            let country = word(fields, "\(name)Country").flatMap { $0.utf8.count == 2 ? $0 : nil }
            party.phone = PhoneNumberTable.world.read(rest, defaultRegion: country ?? context.defaultRegion).e164
        }
        return party
    }

    private static func word(_ fields: FormFields, _ name: String) -> String? {
        fields[name].flatMap(PayloadText.trimmed)
    }

    // MARK: - Conversations

    /// `onMessageAdded`, `onMessageUpdated`, `onMessageRemoved`; other events are counted by name.
    private func readConversation(_ event: String, _ fields: FormFields, _ payload: WebhookPayload) {
        guard ["onMessageAdded", "onMessageUpdated", "onMessageRemoved"].contains(event) else {
            return payload.ignore(LINEWebhook.snakeCase(event))
        }
        // What people write comes from a carrier or a chat client; the API is ours.
        if Self.word(fields, "Source") == "API" { return payload.ignore("echo") }
        let service = Self.word(fields, "ChatServiceSid") ?? Self.word(fields, "AccountSid") ?? ""
        var message = WebhookMessage(
            sender: Self.address(fields, "Author", payload.context),
            key: Self.word(fields, "MessageSid").map { "twilio:\($0)" }
        )
        message.account = service
        message.conversation = Self.word(fields, "ConversationSid").map { "twilio:\($0)" }
        let time = Self.word(fields, "DateUpdated") ?? Self.word(fields, "DateCreated")
        message.setTime(time.map { JSONValue(.string($0)) })
        message.text = fields["Body"] ?? ""
        let media = fields["Media"].flatMap { try? JSONDocument.parse(Array($0.utf8)) }?.array ?? []
        message.attachments = media.prefix(100).map {
            .remoteFile(
                url: nil,
                id: $0.given("Sid"),
                name: $0.given("Filename") ?? $0.given("Sid"),
                mediaType: $0.given("ContentType"),
                size: $0.given("Size")
            )
        }
        if event == "onMessageUpdated" { message.becomeEdit() }
        if event == "onMessageRemoved" { message.becomeDeletion() }
        payload.add(message)
    }
}
