import GatehouseCore

/// A voicemail of Asterisk: `msg0000.txt`, and the audio beside it (`app_voicemail.c`).
///
/// Asterisk numbers a mailbox's files anew whenever one is deleted or moved, so the name says nothing. What stays is
/// `msg_id` (since Asterisk 11), and else the mailbox, the second, the caller and the channel. The `.txt` is put in place
/// after the audio: once it is there, both are whole.
struct AsteriskVoicemailFormat: PhoneCallbackFormat {
    let format = MessageFormat(name: "asterisk-voicemail", summary: "Asterisk voicemail: msg0000.txt beside its audio")
    let provider = "asterisk"

    func confidence(in content: PhonePayload.Content, headers: [String: String]) -> Confidence? {
        if case .voicemail = content { .certain } else { nil }
    }

    func read(_ payload: PhonePayload, emit: (ParsedItem) throws -> Void) throws {
        guard case .voicemail(let text) = payload.content else {
            let detail = "There is no section [message] with 'origmailbox', 'callerid' and 'origtime'."
            return try emit(payload.document.rejected("no_voicemail_fields", detail))
        }
        // The last line that Asterisk writes; an early version adds it when the caller has hung up.
        guard text.brokenLine == nil, text["duration"] != nil, text["origtime"] ?? text["origdate"] != nil else {
            let detail = "The file breaks off before 'duration', its last line, or has no 'origtime': it is not whole."
            let place = text.brokenLine ?? payload.document.bytes.count
            return try emit(payload.document.rejected("voicemail_truncated", detail, at: place))
        }
        try emit(.message(try message(text, payload)))
    }

    private func message(_ text: VoicemailText, _ payload: PhonePayload) throws -> ParsedMessage {
        let callerID = Self.callerID(text["callerid"] ?? "")
        let caller = CallParty(callerID.number, name: callerID.name, context: payload.context)
        let mailbox = text["origmailbox"] ?? text["exten"]
        let id = text["msg_id"]
        let time = text["origtime"].flatMap { PayloadTime($0) } ?? text["origdate"].flatMap { PayloadTime($0) }
        var message = CallMessage(
            payload,
            provider: provider,
            callID: id,
            isOutbound: false,
            from: caller,
            to: CallParty(nil, context: payload.context)
        )
        message.data.to = mailbox.map { [Party(id: UnicodeText.normalised($0))] } ?? []
        message.data.account = payload.context.account ?? mailbox.map(UnicodeText.normalised)
        if time == nil { message.data.warnings.append("date_unparsed") }
        if payload.document.bytes.last != 0x0A { message.data.warnings.append("last_line_unterminated") }
        if text.isGuessed { message.data.warnings.append("charset_guessed:windows-1252") }
        let flag = text["flag"].map(UnicodeText.normalised)
        message.beVoicemail(
            seconds: CallMessage.seconds(text["duration"]),
            transcript: nil,
            recording: nil,
            note: flag.map { $0 == "Urgent" ? "marked urgent" : UnicodeText.printable($0) }
        )
        addAudio(to: &message)
        let keys = keys(text, id: id)
        message.data.conversationID = id ?? keys.first?.value
        return message.parsed(.voicemailReceived, keys: keys, time: time)
    }

    /// The id where there is one, and what every version writes: a mailbox that is upgraded gets ids for old messages.
    private func keys(_ text: VoicemailText, id: String?) -> [IdentityKey] {
        let digest = SHA256Stream()
        for name in ["origmailbox", "origtime", "callerid", "callerchan"] { digest.update(field: text[name] ?? "") }
        if text["origtime"] == nil { digest.update(field: text["origdate"] ?? "") }
        let composite = IdentityKey(.composite, "asterisk:voicemail:\(Hex.encode(digest.finish()))")
        guard let id else { return [composite] }
        return [IdentityKey(.authoritative, "asterisk:msg_id:\(UnicodeText.normalised(id))"), composite]
    }

    /// Each file beside the text that has its name: Asterisk can be told to keep several formats of one message.
    private func addAudio(to message: inout CallMessage) {
        let payload = message.payload
        var found: [VoicemailAudio.File] = []
        if let path = payload.path {
            found = VoicemailAudio.files(beside: path, limit: payload.context.limits.messageBytes)
        }
        for file in found {
            var info: AttachmentInfo
            if let bytes = file.bytes {
                info = AttachmentInfo(bytes: bytes, name: file.name, mediaType: file.mediaType)
                message.contents[message.data.attachments.count] = bytes
            } else {
                info = AttachmentInfo(status: .omitted, name: file.name, mediaType: file.mediaType)
                info.size = file.size
                message.data.warnings.append("audio_omitted")
            }
            message.data.attachments.append(info)
        }
        guard found.isEmpty else { return }
        // Without the file's name, which changes: the message would seem to.
        message.data.attachments = [AttachmentInfo(status: .missing, name: "voicemail")]
        message.data.warnings.append("audio_missing")
    }

    /// `"Jörg Schäfer" <+4930123456>`, `<102>`, `102`, `Unknown`; quotes inside the name are escaped.
    static func callerID(_ text: String) -> (name: String?, number: String?) {
        let bytes = Array(PhonePayload.trimmed(text).utf8)
        guard let open = bytes.lastIndex(of: UInt8(ascii: "<")) else {
            let isNumber = bytes.contains { (48...57).contains($0) } || bytes.first == UInt8(ascii: "\"")
            let plain = unquoted(bytes[...])
            if plain.isEmpty { return (nil, nil) }
            return isNumber && bytes.first != UInt8(ascii: "\"") ? (nil, plain) : (nil, plain)
        }
        let close = bytes[open...].firstIndex(of: UInt8(ascii: ">")) ?? bytes.count
        let number = unquoted(bytes[(open + 1)..<close])
        let name = unquoted(bytes[..<open])
        return (name.isEmpty || name == number ? nil : name, number.isEmpty ? nil : number)
    }

    private static func unquoted(_ bytes: ArraySlice<UInt8>) -> String {
        var text = PhonePayload.trimmed(String(decoding: bytes, as: UTF8.self))
        if text.utf8.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") {
            text = String(text.dropFirst().dropLast())
        }
        var result: [UInt8] = []
        var isEscaped = false
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\\"), !isEscaped {
                isEscaped = true
                continue
            }
            isEscaped = false
            result.append(byte)
        }
        return UnicodeText.normalised(PhonePayload.trimmed(String(decoding: result, as: UTF8.self)))
    }
}
