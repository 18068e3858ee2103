import GatehouseCore

/// Aircall's webhooks (https://developer.aircall.io/api-references/#webhooks).
///
/// `{"resource": "call", "event": "call.voicemail_left", "timestamp": s, "token": "…", "data": {…}}`; `data` is the whole
/// call at each step, so only the steps that leave something to answer are messages. A voicemail comes after the call's
/// end and is a revision of the missed call: both have the call's id.
struct AircallFormat: PhoneCallbackFormat {
    let format = MessageFormat(name: "aircall", summary: "Aircall webhook (missed call, voicemail, text message)")
    let provider = "aircall"

    func confidence(in content: PhonePayload.Content, headers: [String: String]) -> Confidence? {
        guard case .json(let value) = content, let event = value["event"]?.string else { return nil }
        guard let resource = value["resource"]?.string else {
            let isAircall = value["data"]?["direct_link"]?.string?.hasPrefix("https://api.aircall.io/") == true
            return isAircall ? .certain : nil
        }
        let isOurs = event.hasPrefix(resource + ".") || value["data"]?["direct_link"] != nil
        guard isOurs || resource == "conversation_intelligence" else { return nil }
        return value["token"] != nil || value["timestamp"] != nil ? .certain : .likely
    }

    func read(_ payload: PhonePayload, emit: (ParsedItem) throws -> Void) throws {
        let value = try payload.object()
        let event = try value.wordField("event") ?? ""
        guard let data = try value.objectField("data") else {
            return try emit(payload.document.rejected("no_data", "There is no object 'data', which every event has."))
        }
        let time = PayloadTime(value["timestamp"])
        switch event {
        case "call.voicemail_left":
            try emit(try voicemail(data, payload, time))
        case "call.ended", "call.missed":
            let isAnswered = try data.wordField("answered_at") != nil
            if !isAnswered, try data.wordField("voicemail") != nil {
                return try emit(try voicemail(data, payload, time))
            }
            guard !isAnswered else { return try emit(payload.document.ignored("call_ended")) }
            try emit(try missed(data, payload, time))
        case "transcription.created" where data["type"]?.string == "voicemail":
            try emit(try transcription(data, payload, time))
        case "message.received":
            try emit(try textMessage(data, payload, time))
        default:
            try emit(payload.document.ignored(EventName.kind(event)))
        }
    }

    /// The call with both its ends; nil without an id.
    private func call(_ data: JSONValue, _ payload: PhonePayload, id: String) throws -> CallMessage {
        let contact = try data.objectField("contact")
        let names = [try contact?.wordField("first_name"), try contact?.wordField("last_name")].compactMap(\.self)
        let name = try names.isEmpty ? contact?.wordField("company_name") : names.joined(separator: " ")
        let number = try data.objectField("number")
        let isOutbound = try data.wordField("direction") == "outbound"
        // A foreign caller's number has its plus; one without is national where the called number is.
        let country = try number?.wordField("country")
        let customer = CallParty(
            try data.wordField("raw_digits").map(UnicodeText.normalised),
            name: name.map(UnicodeText.normalised),
            country: country,
            context: payload.context
        )
        let line = CallParty(
            try number?.wordField("digits"),
            name: try number?.wordField("name").map(UnicodeText.normalised),
            country: country,
            context: payload.context
        )
        var message = CallMessage(
            payload,
            provider: provider,
            callID: id,
            isOutbound: isOutbound,
            from: isOutbound ? line : customer,
            to: isOutbound ? customer : line
        )
        message.data.customer?.email = try contact?.arrayField("emails")?.first?.wordField("value")
        if let customer = message.data.customer {
            if isOutbound { message.data.to = [customer] } else { message.data.from = [customer] }
        }
        return message
    }

    private func voicemail(_ data: JSONValue, _ payload: PhonePayload, _ time: PayloadTime?) throws -> ParsedItem {
        guard let id = try data.wordField("id") else { return noID(payload) }
        var message = try call(data, payload, id: id)
        let made = time ?? PayloadTime(data["ended_at"])
        let recording = try data.wordField("voicemail").map { AttachmentInfo(recording: $0, madeAt: made?.timestamp) }
        message.beVoicemail(
            seconds: CallMessage.seconds(try data.wordField("duration")),
            transcript: nil,
            recording: recording
        )
        let ended = PayloadTime(data["ended_at"]) ?? PayloadTime(data["started_at"]) ?? time
        return .message(message.parsed(.voicemailReceived, keys: [key(id)], time: ended))
    }

    private func missed(_ data: JSONValue, _ payload: PhonePayload, _ time: PayloadTime?) throws -> ParsedItem {
        guard let id = try data.wordField("id") else { return noID(payload) }
        var message = try call(data, payload, id: id)
        let reason = try data.wordField("missed_call_reason") ?? "not_answered"
        message.beMissed(
            status: UnicodeText.normalised(reason),
            words: Self.words(reason),
            seconds: CallMessage.seconds(try data.wordField("duration"))
        )
        let started = PayloadTime(data["started_at"]) ?? time
        return .message(message.parsed(.callMissed, keys: [key(id)], time: started))
    }

    /// What was said in a voicemail, which Aircall hears some minutes later.
    private func transcription(_ data: JSONValue, _ payload: PhonePayload, _ time: PayloadTime?) throws -> ParsedItem {
        guard let id = try data.wordField("call_id") else { return noID(payload) }
        let nobody = CallParty(nil, context: payload.context)
        var message = CallMessage(
            payload,
            provider: provider,
            callID: id,
            isOutbound: false,
            from: nobody,
            to: nobody
        )
        let content = try data.objectField("content")
        let spoken = try content?.arrayField("utterances")?.prefix(10_000).compactMap { try $0.wordField("text") } ?? []
        guard !spoken.isEmpty else { return payload.document.ignored("transcription_empty") }
        message.beVoicemail(seconds: nil, transcript: spoken.joined(separator: "\n"), recording: nil)
        message.data.callback?.language = try content?.wordField("language").flatMap(LanguageTag.init)?.text
        return .message(message.parsed(.voicemailReceived, keys: [key(id)], time: time))
    }

    private func textMessage(_ data: JSONValue, _ payload: PhonePayload, _ time: PayloadTime?) throws -> ParsedItem {
        guard let id = try data.wordField("id") else { return noID(payload) }
        var message = try call(data, payload, id: id)
        message.data.call = nil
        message.data.conversationID = message.data.customer?.phone ?? id
        message.data.body.text = UnicodeText.normalised(try data.textField("body") ?? "")
        let links = try [data.wordField("media_url")].compactMap(\.self)
        message.data.attachments = links.map { AttachmentInfo(recording: $0, madeAt: time?.timestamp) }
        let sent = PayloadTime(data["created_at"]) ?? time
        return .message(
            message.parsed(.messageCreated, keys: [IdentityKey(.authoritative, "aircall:message:\(id)")], time: sent)
        )
    }

    private func key(_ id: String) -> IdentityKey { IdentityKey(.authoritative, "aircall:call:\(id)") }

    private func noID(_ payload: PhonePayload) -> ParsedItem {
        payload.document.rejected("no_call_id", "'data' has no 'id', which every call of Aircall has.")
    }

    /// `agents_did_not_answer` as words.
    private static func words(_ reason: String) -> String {
        switch reason {
        case "out_of_opening_hours": "outside opening hours"
        case "short_abandoned": "the caller hung up within seconds"
        case "abandoned_in_ivr": "the caller hung up in the menu"
        case "abandoned_in_classic": "the caller hung up while waiting"
        case "no_available_agent": "no agent was available"
        case "agents_did_not_answer", "not_answered": "no answer"
        default: UnicodeText.printable(reason)
        }
    }
}
