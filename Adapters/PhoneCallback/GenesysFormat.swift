import GatehouseCore

/// Callbacks of Genesys Cloud: the body that creates one (`POST /api/v2/conversations/callbacks`), and the events that tell
/// of one, by a notification channel or Amazon EventBridge
/// (https://developer.genesys.cloud/notificationsalerts/notifications/available-topics).
///
/// An event holds the whole conversation at each step, so that most of them say the same again: they have its id as their
/// key, and only another number or time makes a revision.
struct GenesysFormat: PhoneCallbackFormat {
    let format = MessageFormat(name: "genesys-callback", summary: "Genesys Cloud callback request or callback event")
    let provider = "genesys"

    func confidence(in content: PhonePayload.Content, headers: [String: String]) -> Confidence? {
        guard case .json(let value) = content else { return nil }
        if value["callbackNumbers"]?.array != nil {
            let marks = [
                "queueId", "routingData", "callbackUserName", "callbackScheduledTime", "validateCallbackNumbers",
            ]
            return marks.contains { value[$0] != nil } ? .certain : .likely
        }
        let event = value["detail"] ?? value
        if let topic = event["topicName"]?.string {
            return topic.hasPrefix("v2.") || topic == "channel.metadata" ? .certain : nil
        }
        if value["source"]?.string?.hasPrefix("aws.partner/genesys.com") == true { return .certain }
        // A conversation as the API gives it.
        let callbacks = value["participants"]?.array?.first { $0["callbacks"]?.array?.isEmpty == false }
        return callbacks?["callbacks"]?[0]?["callbackNumbers"] != nil ? .certain : nil
    }

    func read(_ payload: PhonePayload, emit: (ParsedItem) throws -> Void) throws {
        let value = try payload.object()
        if value["callbackNumbers"] != nil {
            return try emit(try request(value, payload, conversation: nil, time: nil, frame: value))
        }
        let event = try value.objectField("detail") ?? value
        let topic = try event.wordField("topicName") ?? value.wordField("detail-type") ?? ""
        if topic == "channel.metadata" { return try emit(payload.document.ignored("heartbeat")) }
        let body = try event.objectField("eventBody") ?? event
        guard let found = Self.callback(in: body) else {
            return try emit(payload.document.ignored("event_without_callback"))
        }
        let state = found["state"]?.string?.lowercased() ?? ""
        if ["terminated", "disconnected"].contains(state) {
            return try emit(payload.document.ignored("callback_\(state)"))
        }
        let isDetail = body["conversationId"] != nil
        guard let conversation = try body.wordField(isDetail ? "conversationId" : "id") else {
            let detail = "The event's conversation has no 'id'."
            return try emit(payload.document.rejected("no_conversation_id", detail, at: body.offset))
        }
        let time = PayloadTime(found["startTime"]) ?? PayloadTime(body["startTime"]) ?? PayloadTime(body["eventTime"])
        try emit(try request(found, payload, conversation: conversation, time: time, frame: body))
    }

    /// What holds the numbers: the body itself, a participant (the customer's before others), or one of its callbacks.
    private static func callback(in body: JSONValue) -> JSONValue? {
        if body["callbackNumbers"]?.array != nil { return body }
        let participants = body["participants"]?.array?.prefix(100) ?? []
        let customersFirst =
            participants.filter { $0["purpose"]?.string == "customer" }
            + participants.filter { $0["purpose"]?.string != "customer" }
        for participant in customersFirst {
            if participant["callbackNumbers"]?.array != nil { return participant }
            let callbacks = participant["callbacks"]?.array?.prefix(100) ?? []
            if let last = callbacks.last(where: { $0["callbackNumbers"]?.array != nil }) { return last }
        }
        return body["callbacks"]?.array?.prefix(100).first { $0["callbackNumbers"]?.array != nil }
    }

    private func request(
        _ value: JSONValue,
        _ payload: PhonePayload,
        conversation: String?,
        time: PayloadTime?,
        frame: JSONValue
    ) throws -> ParsedItem {
        var message = CallbackMessage(payload, provider: provider)
        let numbers = try value.arrayField("callbackNumbers") ?? []
        let texts = numbers.prefix(20).compactMap(\.text).map(PhonePayload.trimmed).filter { !$0.isEmpty }
        message.customer.name = try (value.wordField("callbackUserName") ?? value.wordField("name"))
            .map(UnicodeText.normalised)
        let others = message.setPhone(texts.map(UnicodeText.normalised), country: try frame.wordField("countryCode"))
        _ = message.findZone(stated: nil)
        let scheduled = try value.wordField("callbackScheduledTime")
        var windows = CallbackWindows(zone: nil, in: payload.context)
        message.callback.windows = [windows.window(start: scheduled, end: nil, text: nil)].compactMap(\.self)
        message.data.warnings += windows.warnings
        message.callback.language = try (value.wordField("language") ?? frame.wordField("languageId"))
            .flatMap(LanguageTag.init)?.text
        let facts = try Self.facts(frame["data"]) + Self.facts(value["attributes"] ?? frame["attributes"])
        var lines = [message.standardWords]
        if !others.isEmpty { lines.append("Also: " + others.joined(separator: ", ")) }
        message.data.body.text = UnicodeText.normalised((lines + facts).joined(separator: "\n"))
        message.data.messageID = conversation
        message.data.conversationID = conversation
        return .message(message.parsed(time: time, keys: try keys(value, conversation, texts, scheduled)))
    }

    /// The conversation's id; a request that has none yet is known by what it asks for, if it names a time.
    private func keys(
        _ value: JSONValue,
        _ conversation: String?,
        _ numbers: [String],
        _ scheduled: String?
    ) throws -> [IdentityKey] {
        if let conversation { return [IdentityKey(.authoritative, "genesys:conversation:\(conversation)")] }
        guard let scheduled else { return [] }
        let digest = SHA256Stream()
        for field in numbers + [scheduled, try value.wordField("callbackUserName") ?? ""] {
            digest.update(field: field)
        }
        return [IdentityKey(.composite, "genesys:callback:\(Hex.encode(digest.finish()))")]
    }

    /// What the flow or the form before it has noted, as lines.
    private static func facts(_ value: JSONValue?) throws -> [String] {
        (value?.members ?? []).prefix(50).compactMap { member in
            guard let text = member.value.text.map(PhonePayload.trimmed), !text.isEmpty else { return nil }
            return "\(member.key): \(text)"
        }
    }
}
