import GatehouseCore

/// One element of a chat's `messages`.
struct TelegramMessage {
    let value: JSONValue
    let raw: [UInt8]
    let warnings: [String]
    let place: TelegramPlace

    /// Keys that name a file; `thumbnail` is a smaller picture of the same.
    private static let fileKeys = ["photo", "file"]

    func emit(in session: ExportSession, to emit: (ParsedItem) throws -> Void) throws {
        guard value.members != nil else {
            let detail = "an entry of 'messages' is no object."
            return try emit(session.rejected("unknown_event", detail, at: value.offset, raw: raw))
        }
        switch value["type"]?.string {
        case "service": return try emit(service(in: session))
        case "unsupported": return try emit(session.ignored("unsupported_message", at: value.offset))
        default: break
        }
        var message = base(from: "from", in: session)
        message.text = TelegramText.text(of: value)
        message.attachments = attachments(in: session)
        if isEdited { message.warnings.append("edited") }
        if let origin = value["forwarded_from"]?.string {
            message.warnings.append("forwarded_from:\(UnicodeText.printable(String(origin.unicodeScalars.prefix(80))))")
        }
        try emit(session.item(message))
        for reaction in value["reactions"]?.array ?? [] { try emit(session.ignored("reaction", at: reaction.offset)) }
    }

    /// Exports of old programs write 1970 for what was never edited.
    private var isEdited: Bool {
        if let stamp = value["edited_unixtime"]?.text { return stamp != "0" }
        return value["edited"]?.string.map { !$0.hasPrefix("1970-01-01") && !$0.hasPrefix("1969-12-31") } ?? false
    }

    /// Joins, pins, calls and the like. A missed call is somebody who wanted to talk.
    private func service(in session: ExportSession) -> ParsedItem {
        let action = value["action"]?.string ?? "unknown"
        guard action == "phone_call", value["discard_reason"]?.string == "missed" else {
            return session.ignored("service_" + action, at: value.offset)
        }
        var message = base(from: "actor", in: session)
        message.type = .callMissed
        message.call = PhoneCall()
        message.call?.status = "missed"
        return session.item(message)
    }

    private func base(from key: String, in session: ExportSession) -> DirectMessage {
        let sender = Party(id: TelegramPeer.id(value[key + "_id"]), name: value[key]?.string)
        var message = DirectMessage(sender: sender)
        message.conversation = place.conversation
        if let conversation = place.conversation, place.hasID, let id = value["id"]?.text {
            message.id = UnicodeText.joined(conversation, ":", id)
        }
        setDirection(of: &message, in: session)
        message.subject = place.peer == nil ? place.name : nil
        message.time =
            SentTime(seconds: value["date_unixtime"])
            ?? SentTime(text: value["date"]?.string, zone: session.zone)
        message.inReplyTo = replies
        message.raw = raw
        message.offset = value.offset
        message.warnings = warnings
        return message
    }

    /// In a chat of two who is not the other one is the owner; notes to oneself go nowhere.
    private func setDirection(of message: inout DirectMessage, in session: ExportSession) {
        if place.type == "saved_messages" { message.direction = .internal }
        guard let peer = place.peer else { return }
        let sender = message.sender
        // A deleted account has no name; old exports have no ids.
        let isPeer = sender.id.map { $0 == peer.id } ?? (sender.name == nil || sender.name == peer.name)
        message.direction = isPeer ? .inbound : .outbound
        if isPeer {
            if place.type == "bot_chat" { message.automated = .bot }
        } else {
            message.others = [peer]
            session.owner.add(id: sender.id)
        }
    }

    private var replies: [String] {
        guard let id = value["reply_to_message_id"]?.text else { return [] }
        if let peer = TelegramPeer.id(value["reply_to_peer_id"]) { return ["telegram:\(peer):\(id)"] }
        return place.conversation.map { [UnicodeText.joined($0, ":", id)] } ?? []
    }

    private func attachments(in session: ExportSession) -> [ExportAttachment] {
        let named = Self.fileKeys.filter { value[$0] != nil }
        guard !named.isEmpty else { return [] }
        let shown = value["file_name"]?.string
        let mediaType = value["mime_type"]?.string
        return named.compactMap { key -> ExportAttachment? in
            guard let name = value[key]?.string, !name.isEmpty else { return nil }
            guard !Self.isSentence(name) else {
                let status: AttachmentStatus = name.hasPrefix("(File unavailable") ? .missing : .omitted
                var info = AttachmentInfo(status: status, name: shown.map(UnicodeText.normalised), mediaType: mediaType)
                info.size = (value["file_size"] ?? value["photo_file_size"])?.int64.flatMap { $0 >= 0 ? Int($0) : nil }
                return ExportAttachment(info)
            }
            return session.attachment(
                name,
                in: session.folder,
                shown: key == "file" ? shown : nil,
                mediaType: mediaType
            )
        }
    }

    /// "(File not included. Change data exporting settings to download.)" stands where a path would.
    private static func isSentence(_ name: String) -> Bool {
        name.hasPrefix("(") && name.hasSuffix(")") && !name.utf8.contains(UInt8(ascii: "/"))
    }
}

/// What a message says in words.
enum TelegramText {
    static func text(of message: JSONValue) -> String {
        var parts = [plain(message["text"])]
        if parts[0].isEmpty { parts[0] = plain(message["text_entities"]) }
        let (poll, place, contact) = (message["poll"], message["location_information"], message["contact_information"])
        if poll == nil, place == nil, contact == nil { return parts[0] }
        if let poll {
            let answers = (poll["answers"]?.array ?? []).compactMap { $0["text"].map(plain) }
            parts.append(([poll["question"].map(plain) ?? ""] + answers.map { "- \($0)" }).joined(separator: "\n"))
        }
        if let place, let latitude = place["latitude"]?.text,
            let longitude = place["longitude"]?.text
        {
            // RFC 5870
            parts.append("geo:\(latitude),\(longitude)")
        }
        if let contact {
            let words = ["first_name", "last_name", "phone_number"].compactMap { contact[$0]?.string }
            parts.append(words.filter { !$0.isEmpty }.joined(separator: " "))
        }
        return parts.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// A string, or an array of strings and of objects with a `text`.
    private static func plain(_ value: JSONValue?) -> String {
        guard let value else { return "" }
        if let text = value.string { return text }
        var result = ""
        for piece in value.array ?? [] {
            let text = piece.string ?? piece["text"]?.string ?? ""
            result += text
            // Behind a link's words stands where it leads.
            if let target = piece["href"]?.string, target != text { result += " (\(target))" }
        }
        return result
    }
}
