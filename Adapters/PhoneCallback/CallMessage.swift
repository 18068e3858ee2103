import GatehouseCore

/// A missed call or a voicemail on its way to an envelope: what all telephone systems tell of it.
struct CallMessage {
    let payload: PhonePayload
    var data: MessageData
    /// Who called, or whom we called, in words.
    private(set) var customerWords: String
    /// What belongs to the message besides its text: recordings that lie beside the payload, by attachment.
    var contents: [Int: [UInt8]] = [:]
    /// The message's own bytes; those of the payload.
    let raw: [UInt8]

    /// - Parameters:
    ///   - callID: The system's id of the call: all that belongs to it shares the conversation.
    init(_ payload: PhonePayload, provider: String, callID: String?, isOutbound: Bool, from: CallParty, to: CallParty) {
        self.payload = payload
        raw = payload.document.bytes
        data = MessageData(channel: .phoneCallback, provider: provider)
        data.direction = isOutbound ? .outbound : .inbound
        data.account = payload.context.account
        data.messageID = callID
        data.conversationID = callID
        data.from = from.party.map { [$0] } ?? []
        data.to = to.party.map { [$0] } ?? []
        let customer = isOutbound ? to : from
        if isOutbound {
            data.to = data.to.map(Self.customer)
        } else {
            data.from = data.from.map(Self.customer)
        }
        data.customer = isOutbound ? data.to.first : data.from.first
        var callback = CallbackRequest()
        callback.phone = customer.reading?.e164
        callback.phoneRaw = customer.raw
        callback.phoneStatus = customer.reading?.status ?? .unparsed
        callback.extension = customer.reading?.extension
        data.callback = callback
        customerWords = customer.words
        if let name = customer.party?.name { customerWords = "\(name), \(customerWords)" }
        data.warnings = [customer.warning].compactMap(\.self) + customer.warnings + payload.warnings
        var call = PhoneCall()
        call.id = callID
        data.call = call
    }

    private static func customer(_ party: Party) -> Party {
        var party = party
        party.role = .customer
        return party
    }

    /// A call that nobody answered.
    ///
    /// - Parameters:
    ///   - status: The system's word.
    ///   - words: The same for people: `no answer`.
    mutating func beMissed(status: String, words: String, seconds: Int? = nil) {
        data.call?.status = status
        data.call?.durationSeconds = seconds
        let facts = seconds.map { "\(words), \($0) s" } ?? words
        data.body.text =
            data.direction == .outbound
            ? "Call to \(customerWords) not connected (\(facts))" : "Missed call from \(customerWords) (\(facts))"
    }

    /// A recording, its transcript, or both.
    ///
    /// - Parameter recording: Where the recording is, as the system states it.
    mutating func beVoicemail(seconds: Int?, transcript: String?, recording: AttachmentInfo?, note: String? = nil) {
        data.call?.status = "voicemail"
        data.call?.durationSeconds = seconds
        let spoken = transcript.map { UnicodeText.normalised(PhonePayload.trimmed($0)) } ?? ""
        data.call?.transcript = spoken.isEmpty ? nil : spoken
        data.call?.recordingURL = recording?.url
        let facts = [seconds.map { "\($0) s" }, note].compactMap(\.self)
        let length = facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))"
        data.body.text = "Voicemail from \(customerWords)\(length)" + (spoken.isEmpty ? "" : ":\n\n\(spoken)")
        data.attachments = recording.map { [$0] } ?? []
    }

    /// - Parameter time: When it happened; its absence is no doubt, since some systems state none.
    func parsed(_ type: EventType, keys: [IdentityKey], time: PayloadTime?) -> ParsedMessage {
        var data = data
        data.times = time?.times ?? Times()
        data.times.receivedAt = payload.context.receivedAt
        data.body.format = .plain
        data.raw = payload.document.rawFacts(of: raw)
        let envelope = Envelope(
            source: payload.context.source,
            type: type,
            time: time?.timestamp ?? payload.context.receivedAt,
            data: data
        )
        return ParsedMessage(envelope: envelope, keys: keys, raw: raw, contents: contents)
    }

    /// A duration in whole seconds; nil for what is none.
    static func seconds(_ text: String?) -> Int? {
        guard let text, let value = Double(text), value.isFinite, (0...1_000_000).contains(value) else { return nil }
        return Int(value)
    }
}

extension AttachmentInfo {
    /// A recording on a telephone system's server.
    ///
    /// - Parameter moment: When the link was made, for links that state only how long they live.
    init(recording url: String, madeAt moment: Timestamp?) {
        let path = Array(url.utf8.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") })
        let name = path.lastIndex(of: UInt8(ascii: "/")).map { path[($0 + 1)...] } ?? []
        let dot = name.lastIndex(of: UInt8(ascii: "."))
        let suffix = dot.map { String(decoding: name[($0 + 1)...], as: UTF8.self).lowercased() } ?? ""
        let types = [
            "mp3": "audio/mpeg", "wav": "audio/wav", "ogg": "audio/ogg", "m4a": "audio/mp4", "opus": "audio/ogg",
        ]
        let type = types[suffix]
        self.init(
            status: .remote,
            name: type == nil ? nil : UnicodeText.normalised(String(decoding: name, as: UTF8.self)),
            mediaType: type
        )
        self.url = url
        expiresAt = Self.expiry(of: url, madeAt: moment)
    }

    /// Amazon's signed links: `X-Amz-Date=20260102T030405Z&X-Amz-Expires=600`, or `Expires=` and seconds since 1970.
    private static func expiry(of url: String, madeAt moment: Timestamp?) -> Timestamp? {
        guard let question = url.utf8.firstIndex(of: UInt8(ascii: "?")) else { return nil }
        let query = FormFields(decoding: Array(url.utf8[url.utf8.index(after: question)...]))
        if let until = query["Expires"].flatMap(Int64.init), (1_000_000_000...99_999_999_999).contains(until) {
            return Timestamp(seconds: until)
        }
        guard let life = query["X-Amz-Expires"].flatMap(Int64.init), (1...10_000_000).contains(life) else { return nil }
        guard let start = query["X-Amz-Date"].flatMap(RemoteLink.amazonTime) ?? moment else { return nil }
        return Timestamp(milliseconds: start.milliseconds &+ life &* 1000)
    }
}
