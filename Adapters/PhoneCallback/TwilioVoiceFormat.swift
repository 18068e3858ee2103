import GatehouseCore

/// Twilio's voice webhooks, `application/x-www-form-urlencoded`
/// (https://www.twilio.com/docs/voice/twiml#request-parameters, …/voice/api/recording, …/voice/twiml/record).
///
/// Status callbacks come for each step of a call; only a missed call, a voicemail and its transcription are messages.
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
        case .missed(let status):
            try emit(.message(try CallMessage(payload, fields, callID).missed(status)))
        case .voicemail:
            try emit(.message(try CallMessage(payload, fields, callID).voicemail()))
        }
    }

    private enum Event {
        case nothing(String)
        /// With the status that says why.
        case missed(String)
        case voicemail
    }

    /// What a request tells; the words are Twilio's.
    private static func event(_ fields: FormFields) -> Event {
        if let status = fields["TranscriptionStatus"] {
            return status == "failed" ? .nothing("transcription_failed") : .voicemail
        }
        if let status = fields["RecordingStatus"], status != "completed" {
            return .nothing("recording_\(plain(status))")
        }
        if fields["RecordingUrl"] != nil || fields["RecordingSid"] != nil {
            // Recordings of conversations between people are no messages to us.
            let source = fields["RecordingSource"] ?? "RecordVerb"
            return source == "RecordVerb" ? .voicemail : .nothing("call_recording")
        }
        let unanswered = ["no-answer", "busy", "failed", "canceled"]
        if let status = fields["DialCallStatus"], !status.isEmpty {
            return unanswered.contains(status) ? .missed(status) : .nothing("call_\(plain(status))")
        }
        let status = fields["CallStatus"] ?? ""
        return unanswered.contains(status) ? .missed(status) : .nothing("call_\(plain(status))")
    }

    /// A status as a snake_case word; what Twilio doesn't say today is not repeated.
    private static func plain(_ status: String) -> String {
        switch status {
        case "queued", "initiated", "ringing", "in-progress", "completed", "answered", "absent", "failed":
            String(decoding: status.utf8.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 }, as: UTF8.self)
        default: "unknown_status"
        }
    }
}

/// One call, on its way to an envelope.
private struct CallMessage {
    let payload: PhonePayload
    let fields: FormFields
    let callID: String
    private var data = MessageData(channel: .phoneCallback, provider: "twilio")
    private var callerWords = ""

    init(_ payload: PhonePayload, _ fields: FormFields, _ callID: String) throws {
        self.payload = payload
        self.fields = fields
        self.callID = callID
        let isOutbound = fields["Direction"]?.hasPrefix("outbound") == true
        let from = try payload.phone("From", "Caller")
        let to = try payload.phone("To", "Called")
        let (caller, callerReading) = party(from, country: fields["FromCountry"])
        let (called, calledReading) = party(to, country: fields["ToCountry"])
        data.direction = isOutbound ? .outbound : .inbound
        // Not the number that was called: a recording's callback doesn't name it, and keys are scoped by account.
        data.account = payload.context.account ?? fields["AccountSid"]
        data.conversationID = callID
        data.from = caller.map { [$0] } ?? []
        data.to = called.map { [$0] } ?? []
        if isOutbound {
            data.to = data.to.map { customer(in: $0) }
        } else {
            data.from = data.from.map { customer(in: $0) }
        }
        data.customer = isOutbound ? data.to.first : data.from.first
        let reading = isOutbound ? calledReading : callerReading
        var callback = CallbackRequest()
        callback.phone = reading?.e164
        callback.phoneRaw = isOutbound ? to : from
        callback.phoneStatus = reading?.status ?? .unparsed
        data.callback = callback
        let isStated = (isOutbound ? to : from) != nil
        callerWords =
            data.customer?.phone ?? data.customer?.id ?? (isStated ? "a withheld number" : "an unknown number")
        if data.customer == nil {
            data.warnings.append(isStated ? "caller_anonymous" : "caller_not_stated")
        } else if data.customer?.phone == nil {
            data.warnings.append("caller_without_number")
        }
        data.warnings += payload.warnings
    }

    private func customer(in party: Party) -> Party {
        var party = party
        party.role = .customer
        return party
    }

    /// The number, the SIP or client address, or nil where the caller withheld it.
    private func party(_ text: String?, country: String?) -> (Party?, PhoneReading?) {
        guard let text, !Self.isWithheld(text) else { return (nil, nil) }
        let region = country.flatMap { $0.utf8.count == 2 ? $0 : nil } ?? payload.context.defaultRegion
        if text.hasPrefix("client:") { return (Party(id: text), nil) }
        let reading = PhoneNumberTable.world.read(text, defaultRegion: region)
        if let phone = reading.e164 {
            return (
                Party(id: text.hasPrefix("+") ? nil : text, name: try? payload.word("CallerName"), phone: phone),
                reading
            )
        }
        return (Party(id: text), reading)
    }

    /// Twilio's words and the numbers that spell them on a keypad (https://www.twilio.com/docs/voice, "anonymous calls").
    private static func isWithheld(_ text: String) -> Bool {
        let words = [
            "anonymous", "restricted", "unknown", "unavailable", "blocked", "private", "+266696687", "+7378742833",
            "+8656696", "+86282452253", "+2562533", "+464",
        ]
        return words.contains(text.lowercased())
    }

    func missed(_ status: String) -> ParsedMessage {
        var copy = self
        let seconds = fields["DialCallDuration"].flatMap(Self.seconds) ?? fields["CallDuration"].flatMap(Self.seconds)
        copy.data.call = call(status: status, seconds: seconds)
        let words = Self.words(status)
        let facts = seconds.map { "\(words), \($0) s" } ?? words
        copy.data.body.text =
            data.direction == .outbound
            ? "Call to \(callerWords) not connected (\(facts))" : "Missed call from \(callerWords) (\(facts))"
        copy.data.messageID = callID
        return copy.parsed(.callMissed, key: "call:\(callID)")
    }

    /// A recording, with its transcription in the same request or in a later one: both have the recording's id.
    func voicemail() -> ParsedMessage {
        var copy = self
        let seconds = fields["RecordingDuration"].flatMap(Self.seconds)
        var call = call(status: "voicemail", seconds: seconds)
        call.recordingURL = fields["RecordingUrl"]
        let transcript = fields["TranscriptionText"].map { UnicodeText.normalised(PhonePayload.trimmed($0)) } ?? ""
        call.transcript = transcript.isEmpty ? nil : transcript
        copy.data.call = call
        let length = seconds.map { " (\($0) s)" } ?? ""
        copy.data.body.text =
            "Voicemail from \(callerWords)\(length)" + (transcript.isEmpty ? "" : ":\n\n\(transcript)")
        if let url = call.recordingURL, !url.isEmpty {
            var recording = AttachmentInfo(status: .remote, name: nil, mediaType: nil)
            recording.url = url
            copy.data.attachments = [recording]
        }
        let id = fields["RecordingSid"].flatMap { $0.isEmpty ? nil : $0 }
        copy.data.messageID = id ?? callID
        return copy.parsed(.voicemailReceived, key: id.map { "recording:\($0)" } ?? "voicemail:\(callID)")
    }

    private func call(status: String, seconds: Int?) -> PhoneCall {
        var call = PhoneCall()
        call.id = callID
        call.status = status
        call.durationSeconds = seconds
        return call
    }

    private func parsed(_ type: EventType, key: String) -> ParsedMessage {
        var data = data
        let stated = fields["Timestamp"] ?? fields["RecordingStartTime"]
        let time = stated.flatMap { PayloadTime($0) }
        if let stated, time == nil { data.warnings.append("date_unparsed:" + UnicodeText.normalised(stated)) }
        data.times = time?.times ?? Times()
        data.times.receivedAt = payload.context.receivedAt
        data.body.format = .plain
        data.raw = payload.document.rawFacts(of: payload.document.bytes)
        let envelope = Envelope(
            source: payload.context.source,
            type: type,
            time: time?.timestamp ?? payload.context.receivedAt,
            data: data
        )
        let scope = fields["AccountSid"] ?? ""
        return ParsedMessage(
            envelope: envelope,
            keys: [IdentityKey(.authoritative, "twilio:\(scope):\(key)")],
            raw: payload.document.bytes
        )
    }

    /// `CallDuration` counts seconds; `Duration` counts minutes and is not read.
    private static func seconds(_ text: String) -> Int? {
        Int(text).flatMap { (0...1_000_000).contains($0) ? $0 : nil }
    }

    private static func words(_ status: String) -> String {
        switch status {
        case "no-answer": "no answer"
        case "canceled": "the caller hung up"
        case "failed": "could not be connected"
        default: status
        }
    }
}
