import GatehouseCore

/// Calendly's webhooks: a booked call and its withdrawal
/// (https://developer.calendly.com/api-docs/ZG9jOjM2MzE2MDM4-webhook-payload).
///
/// `payload` is the invitee; the first version of the interface has `payload.invitee` and `payload.event` instead. The
/// number is in the event's location where the host calls, in `text_reminder_number`, or in an answer. A rescheduled call
/// comes as a cancellation of the old invitee and a new one that names it.
struct CalendlyFormat: PhoneCallbackFormat {
    let format = MessageFormat(name: "calendly", summary: "Calendly webhook (invitee.created, invitee.canceled)")
    let provider = "calendly"

    func confidence(in content: PhonePayload.Content, headers: [String: String]) -> Confidence? {
        guard case .json(let value) = content, let event = value["event"]?.string else { return nil }
        let isOurs =
            event.hasPrefix("invitee.") || event.hasPrefix("invitee_") || event.hasPrefix("routing_form_submission.")
        return isOurs ? (value["payload"]?.members != nil ? .certain : .likely) : nil
    }

    func read(_ payload: PhonePayload, emit: (ParsedItem) throws -> Void) throws {
        let value = try payload.object()
        let event = try value.wordField("event") ?? ""
        guard event == "invitee.created" || event == "invitee.canceled" else {
            return try emit(payload.document.ignored(EventName.kind(event)))
        }
        guard let body = try value.objectField("payload") else {
            let detail = "There is no object 'payload', which every event has."
            return try emit(payload.document.rejected("no_payload", detail))
        }
        let invitee = body["invitee"]?.members == nil ? body : body["invitee"] ?? body
        let booking = body["scheduled_event"]?.members != nil ? body["scheduled_event"] : nil
        let slot = booking ?? (body["event"]?.members != nil ? body["event"] : nil)
        guard let id = try invitee.wordField("uri") ?? invitee.wordField("uuid") else {
            let detail = "The invitee has neither 'uri' nor 'uuid': the booking can't be told from others."
            return try emit(payload.document.rejected("no_invitee_id", detail, at: invitee.offset))
        }
        var message = CallbackMessage(payload, provider: provider)
        message.isCanceled = event == "invitee.canceled"
        try fill(&message, invitee: invitee, slot: slot, answers: answers(body, invitee))
        if message.isCanceled { try note(body["cancellation"] ?? invitee["cancellation"], invitee, in: &message) }
        message.data.messageID = UnicodeText.normalised(id)
        // What is booked anew goes on in the conversation of what it replaces.
        let old = (invitee["old_invitee"] ?? body["old_invitee"])
        let oldID = old?.text ?? old?["uuid"]?.text ?? old?["uri"]?.text
        message.data.conversationID = UnicodeText.normalised(oldID ?? id)
        message.data.inReplyTo = oldID.map { [UnicodeText.normalised($0)] } ?? []
        let kind = message.isCanceled ? "canceled" : "created"
        let time =
            PayloadTime(value["created_at"]) ?? PayloadTime(value["time"]) ?? PayloadTime(invitee["updated_at"])
            ?? PayloadTime(invitee["created_at"])
        let key = IdentityKey(.authoritative, "calendly:\(id):\(kind)")
        try emit(.message(message.parsed(time: time, keys: [key])))
    }

    private func fill(
        _ message: inout CallbackMessage,
        invitee: JSONValue,
        slot: JSONValue?,
        answers: [(question: String, answer: String)]
    ) throws {
        let names = [try invitee.wordField("first_name"), try invitee.wordField("last_name")].compactMap(\.self)
        message.customer.name = (try invitee.wordField("name") ?? (names.isEmpty ? nil : names.joined(separator: " ")))
            .map(UnicodeText.normalised)
        message.customer.email = try invitee.wordField("email").map(UnicodeText.normalised)
        message.setPhone(try numbers(invitee, slot, answers))
        let zone = message.findZone(stated: try invitee.wordField("timezone").map(UnicodeText.normalised))
        var windows = CallbackWindows(zone: zone, in: message.payload.context)
        let window = windows.window(
            start: try slot?.wordField("start_time"),
            end: try slot?.wordField("end_time"),
            text: nil
        )
        message.callback.windows = [window].compactMap(\.self)
        // That a withdrawn call's time has passed concerns nobody.
        if !message.isCanceled { message.data.warnings += windows.warnings }
        let topic = try (slot?.wordField("name") ?? invitee.wordField("event_type_name")).map(UnicodeText.normalised)
        message.callback.topic = topic
        message.data.subject = topic
        let lines = answers.map { "\($0.question): \($0.answer)" }
        message.data.body.text = UnicodeText.normalised(([message.standardWords] + lines).joined(separator: "\n"))
    }

    /// Where a number may stand, the surest place first.
    private func numbers(
        _ invitee: JSONValue,
        _ slot: JSONValue?,
        _ answers: [(question: String, answer: String)]
    ) throws -> [String] {
        var found: [String] = []
        // Of `inbound_call` the location is the number that the invitee is to call.
        if let location = slot?["location"], location["type"]?.string == "outbound_call" {
            found += [location["location"]?.text].compactMap(\.self)
        }
        found += [try invitee.wordField("text_reminder_number")].compactMap(\.self)
        let words = [
            "phone", "number", "mobile", "telefon", "rufnummer", "handy", "nummer", "téléphone", "numéro", "teléfono",
            "número", "celular", "móvil", "telefone", "телефон", "номер", "电话", "手机", "電話", "전화", "هاتف", "numero",
        ]
        for entry in answers where entry.answer.utf8.contains(where: { (48...57).contains($0) || $0 >= 0x80 }) {
            let question = entry.question.lowercased()
            let isAsked = words.contains { question.contains($0) }
            // A sentence that names an order's number is no telephone number.
            let reading = PhoneNumberTable.world.read(entry.answer, defaultRegion: nil)
            if isAsked || reading.status == .valid && !reading.hasOtherText { found.append(entry.answer) }
        }
        return found.map(PhonePayload.trimmed).filter { !$0.isEmpty }.map(UnicodeText.normalised)
    }

    private func answers(_ body: JSONValue, _ invitee: JSONValue) throws -> [(question: String, answer: String)] {
        let list = try body.arrayField("questions_and_answers") ?? invitee.arrayField("questions_and_answers") ?? []
        return try list.prefix(100).compactMap { entry in
            guard let answer = try entry.wordField("answer") else { return nil }
            return (try entry.wordField("question") ?? "?", answer)
        }
    }

    private func note(_ value: JSONValue?, _ invitee: JSONValue, in message: inout CallbackMessage) throws {
        var lines: [String] = []
        let canceler = try value?.wordField("canceled_by") ?? invitee.wordField("canceler_name")
        if let canceler { lines.append("Canceled by: \(canceler)") }
        let reason = try value?.wordField("reason") ?? invitee.wordField("cancel_reason")
        if let reason { lines.append("Reason: \(reason)") }
        if try invitee.boolField("rescheduled") == true { lines.append("It was booked anew for another time.") }
        message.data.body.text += lines.map { "\n" + UnicodeText.normalised($0) }.joined()
    }
}
