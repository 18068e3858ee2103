import GatehouseCore

/// Twilio's voice webhooks, `application/x-www-form-urlencoded`
/// (https://www.twilio.com/docs/voice/twiml#request-parameters, …/voice/api/recording, …/voice/twiml/record).
///
/// Status callbacks come for each step of a call; only a missed call, a voicemail and its transcription are messages, and
/// these are one: each has the call's `CallSid` as its key, so what is told later is a revision of what came first.
struct TwilioVoiceFormat: PhoneCallbackFormat {
    let format = MessageFormat(name: "twilio-voice", summary: "Twilio voice webhook (status, recording, transcription)")
    let provider = "twilio"

    func confidence(in content: PhonePayload.Content, headers: [String: String]) -> Confidence? {
        guard case .form(let fields) = content, let call = fields["CallSid"] else { return nil }
        let isKnown = ["CallStatus", "RecordingSid", "TranscriptionSid", "DialCallStatus"].contains {
            fields[$0] != nil
        }
        return call.hasPrefix("CA") && isKnown ? .certain : .likely
    }

    func read(_ payload: PhonePayload, emit: (ParsedItem) throws -> Void) throws {
        guard case .form(let fields) = payload.content, let callID = try payload.word("CallSid") else {
            let detail = "There is no field 'CallSid', which every voice webhook of Twilio has."
            return try emit(payload.document.rejected("no_call_id", detail))
        }
        switch Self.event(fields) {
        case .nothing(let kind): try emit(payload.document.ignored(kind))
        case .unclear(let status):
            let words = status.isEmpty ? "no field 'CallStatus'" : "no call status '\(UnicodeText.printable(status))'"
            let detail = "There is \(words) of Twilio's in it. It was cut, or tells something that is not known here."
            try emit(payload.document.rejected("call_status_unknown", detail, at: payload.document.bytes.count))
        case .missed(let status): try emit(try missed(status, payload, fields, callID))
        case .voicemail: try emit(try voicemail(payload, fields, callID))
        }
    }

    private enum Event {
        case nothing(String)
        /// A status that Twilio doesn't have, or none.
        case unclear(String)
        /// With the status that says why.
        case missed(String)
        case voicemail
    }

    private static let unanswered: Set<String> = ["no-answer", "busy", "failed", "canceled"]
    private static let underWay: Set<String> = [
        "queued", "initiated", "ringing", "in-progress", "answered", "completed",
    ]

    /// What a request tells; the words are Twilio's.
    private static func event(_ fields: FormFields) -> Event {
        // Live transcription of a conversation (https://www.twilio.com/docs/voice/twiml/transcription).
        if let event = fields["TranscriptionEvent"] { return .nothing(EventName.kind(event)) }
        if let status = fields["TranscriptionStatus"] {
            return status == "failed" ? .nothing("transcription_failed") : .voicemail
        }
        if let status = fields["RecordingStatus"], status != "completed" {
            return .nothing(EventName.kind(status, prefix: "recording_"))
        }
        // A caller who is put through, or tries to be: what was recorded then is no message to us.
        if let status = fields["DialCallStatus"], !status.isEmpty {
            return unanswered.contains(status) ? .missed(status) : .nothing(EventName.kind(status, prefix: "call_"))
        }
        if fields["RecordingUrl"] != nil || fields["RecordingSid"] != nil {
            let source = fields["RecordingSource"] ?? "RecordVerb"
            return source == "RecordVerb" ? .voicemail : .nothing("call_recording")
        }
        // The caller gave up waiting; the call itself counts as completed.
        if fields["QueueResult"] == "hangup" { return .missed("hangup") }
        let status = fields["CallStatus"] ?? ""
        guard unanswered.contains(status) else {
            return underWay.contains(status) ? .nothing(EventName.kind(status, prefix: "call_")) : .unclear(status)
        }
        // One of several telephones that rang; the caller's own call says whether any was answered.
        let isLeg = fields["ParentCallSid"]?.isEmpty == false && fields["Direction"] == "outbound-dial"
        return isLeg ? .nothing("dial_leg_" + EventName.kind(status)) : .missed(status)
    }

    private func missed(_ status: String, _ payload: PhonePayload, _ fields: FormFields, _ callID: String) throws
        -> ParsedItem
    {
        var message = try call(payload, fields, callID)
        // `CallDuration` counts seconds; `Duration` counts minutes and is not read.
        let seconds = CallMessage.seconds(fields["DialCallDuration"]) ?? CallMessage.seconds(fields["CallDuration"])
        message.beMissed(status: status, words: Self.words(status), seconds: seconds)
        return parsed(message, .callMissed, fields, callID)
    }

    /// A recording, with its transcription in the same request or in a later one.
    private func voicemail(_ payload: PhonePayload, _ fields: FormFields, _ callID: String) throws -> ParsedItem {
        var message = try call(payload, fields, callID)
        let url = fields["RecordingUrl"].flatMap { $0.isEmpty ? nil : UnicodeText.normalised($0) }
        message.beVoicemail(
            seconds: CallMessage.seconds(fields["RecordingDuration"]),
            transcript: fields["TranscriptionText"],
            recording: url.map { AttachmentInfo(recording: $0, madeAt: nil) }
        )
        return parsed(message, .voicemailReceived, fields, callID)
    }

    private func call(_ payload: PhonePayload, _ fields: FormFields, _ callID: String) throws -> CallMessage {
        let isOutbound = fields["Direction"]?.hasPrefix("outbound") == true
        let from = CallParty(
            try payload.phone("From", "Caller"),
            name: try payload.word("CallerName"),
            country: fields["FromCountry"] ?? fields["CallerCountry"],
            context: payload.context
        )
        let to = CallParty(
            try payload.phone("To", "Called"),
            country: fields["ToCountry"] ?? fields["CalledCountry"],
            context: payload.context
        )
        var message = CallMessage(
            payload,
            provider: provider,
            callID: callID,
            isOutbound: isOutbound,
            from: from,
            to: to
        )
        // Not the number that was called: a recording's callback doesn't name it, and keys are scoped by account.
        message.data.account = payload.context.account ?? fields["AccountSid"]
        return message
    }

    /// All that comes of one call is one message: what is told later is its revision.
    private func parsed(_ message: CallMessage, _ type: EventType, _ fields: FormFields, _ callID: String)
        -> ParsedItem
    {
        var message = message
        let stated = fields["Timestamp"] ?? fields["RecordingStartTime"]
        let time = stated.flatMap { PayloadTime($0) }
        if let stated, time == nil { message.data.warnings.append("date_unparsed:" + UnicodeText.normalised(stated)) }
        let key = IdentityKey(.authoritative, "twilio:\(fields["AccountSid"] ?? ""):call:\(callID)")
        return .message(message.parsed(type, keys: [key], time: time))
    }

    private static func words(_ status: String) -> String {
        switch status {
        case "no-answer": "no answer"
        case "canceled": "the caller hung up"
        case "hangup": "the caller hung up while waiting"
        case "failed": "could not be connected"
        default: status
        }
    }
}
