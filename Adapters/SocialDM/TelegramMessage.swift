import GatehouseCore

/// One element of a chat's `messages`.
struct TelegramMessage {
    let record: JSONRecord
    let warnings: [String]
    let place: TelegramPlace

    func emit(in session: ExportSession, to emit: (ParsedItem) throws -> Void) throws {
        guard record.isObject else {
            let detail = "an entry of 'messages' is no object."
            return try emit(session.rejected("unknown_event", detail, at: record.offset, raw: record.bytes))
        }
        switch record.string("type") {
        case "service": return try emit(service(in: session))
        case "unsupported": return try emit(session.ignored("unsupported_message", at: record.offset))
        default: break
        }
        // Given away at once: a message has many parts to count.
        try emit(session.item(message(in: session)))
        guard let reactions = record["reactions"]?.array else { return }
        for reaction in reactions { try emit(session.ignored("reaction", at: reaction.offset)) }
    }

    private func message(in session: ExportSession) -> DirectMessage {
        var message = DirectMessage()
        setSender(of: &message, id: "from_id", name: "from")
        fill(&message, in: session)
        let content = TelegramText.text(of: record)
        message.text = content.text
        for word in ExportSession.words(for: content.repairs) where !message.warnings.contains(word) {
            message.warnings.append(word)
        }
        if record.has("photo") || record.has("file") { message.attachments = attachments(in: session) }
        if content.isMore, let card = record.string("contact_vcard") {
            message.attachments += [attachment(card, shown: nil, in: session)].compactMap(\.self)
        }
        if message.text.isEmpty, message.attachments.isEmpty {
            message.warnings.append("unsupported_content:\(TelegramText.kind(of: record))")
        }
        if isEdited { message.warnings.append("edited") }
        if let origin = record.string("forwarded_from") {
            message.warnings.append("forwarded_from:\(UnicodeText.printable(String(origin.unicodeScalars.prefix(80))))")
        }
        return message
    }

    /// Exports of old programs write 1970 for what was never edited.
    private var isEdited: Bool {
        if let stamp = record.text("edited_unixtime") { return stamp != "0" }
        return record.string("edited").map { !$0.hasPrefix("1970-01-01") && !$0.hasPrefix("1969-12-31") } ?? false
    }

    /// Joins, pins, calls and the like. A missed call is somebody who wanted to talk.
    private func service(in session: ExportSession) -> ParsedItem {
        let action = record.string("action") ?? "unknown"
        guard action == "phone_call", record.string("discard_reason") == "missed" else {
            return session.ignored("service_" + action, at: record.offset)
        }
        var message = DirectMessage()
        setSender(of: &message, id: "actor_id", name: "actor")
        fill(&message, in: session)
        message.type = .callMissed
        return session.item(message)
    }

    private func setSender(of message: inout DirectMessage, id: StaticString, name: StaticString) {
        message.sender.id = TelegramPeer.id(record.text(id))
        message.sender.name = record.string(name)
    }

    /// What every kind of message has; in place, since a message has many parts to copy.
    private func fill(_ message: inout DirectMessage, in session: ExportSession) {
        message.conversation = place.conversation
        if let conversation = place.conversation, place.hasID, let id = record.text("id") {
            message.id = UnicodeText.joined(conversation, ":", id)
        }
        setDirection(of: &message, in: session)
        if place.peers.isEmpty { message.subject = place.name }
        message.time =
            SentTime(seconds: record.text("date_unixtime"))
            ?? SentTime(text: record.string("date"), zone: session.zone)
        if let id = record.text("reply_to_message_id") { message.inReplyTo = replies(to: id) }
        message.raw = record.bytes
        message.offset = record.offset
        message.warnings = warnings
    }

    /// In a chat of two who is not the other one is the owner; notes to oneself go nowhere.
    private func setDirection(of message: inout DirectMessage, in session: ExportSession) {
        if place.isSavedMessages { message.direction = .internal }
        guard !place.peers.isEmpty else { return }
        // A deleted account has no name; old exports have no ids.
        let isPeer =
            message.sender.id.map { $0 == place.peerID }
            ?? (message.sender.name == nil || message.sender.name == place.peerName)
        message.direction = isPeer ? .inbound : .outbound
        if isPeer {
            if place.isBotChat { message.automated = .bot }
        } else {
            message.others = place.peers
            session.owner.add(id: message.sender.id)
        }
    }

    private func replies(to id: String) -> [String] {
        if let peer = TelegramPeer.id(record.text("reply_to_peer_id")) { return ["telegram:\(peer):\(id)"] }
        return place.conversation.map { [UnicodeText.joined($0, ":", id)] } ?? []
    }

    /// What `photo` and `file` name; `thumbnail` is a smaller picture of the same.
    private func attachments(in session: ExportSession) -> [ExportAttachment] {
        let shown = record.string("file_name")
        let photo = record.string("photo").flatMap { attachment($0, shown: nil, in: session) }
        let file = record.string("file").flatMap { attachment($0, shown: shown, in: session) }
        return [photo, file].compactMap(\.self)
    }

    /// - Parameter name: A path, or a sentence that says why there is none.
    private func attachment(_ name: String, shown: String?, in session: ExportSession) -> ExportAttachment? {
        guard !name.isEmpty else { return nil }
        let mediaType = record.string("mime_type")
        guard Self.isSentence(name) else {
            return session.attachment(name, in: session.folder, shown: shown, mediaType: mediaType)
        }
        let status: AttachmentStatus = name.hasPrefix("(File unavailable") ? .missing : .omitted
        let named = record.string("file_name").map(UnicodeText.normalised)
        var info = AttachmentInfo(status: status, name: named, mediaType: mediaType)
        info.size = (record["file_size"] ?? record["photo_file_size"])?.int64.flatMap { $0 >= 0 ? Int($0) : nil }
        return ExportAttachment(info)
    }

    /// "(File not included. Change data exporting settings to download.)" stands where a path would.
    private static func isSentence(_ name: String) -> Bool {
        name.hasPrefix("(") && name.hasSuffix(")") && !name.utf8.contains(UInt8(ascii: "/"))
    }
}

/// What a message says in words.
enum TelegramText {
    /// - Returns: The words, the repairs that only they needed, and whether some are not the writer's but tell what was sent.
    static func text(of message: JSONRecord) -> (text: String, repairs: [JSONRepair], isMore: Bool) {
        var text = message.string("text") ?? plain(message["text"])
        var repairs: [JSONRepair] = []
        if text.isEmpty, message.has("text_entities") {
            let entities = message.deferred("text_entities")
            text = plain(entities.value)
            repairs = entities.repairs
        }
        let isMore = message.has("poll") || message.has("location_information") || message.has("contact_information")
        guard isMore || text.isEmpty else { return (text, repairs, false) }
        var extras = [poll(message["poll"]), place(message), contact(message)]
        // What these are sent with has no words of its own.
        if text.isEmpty {
            extras += [tasks(message["todo_list"]), game(message), invoice(message["invoice_information"])]
        }
        if text.isEmpty, let emoji = message.string("sticker_emoji") { extras.append(emoji) }
        return (([text] + extras).filter { !$0.isEmpty }.joined(separator: "\n"), repairs, isMore)
    }

    /// What a message without words or files is, by the member that only such a message has.
    static func kind(of message: JSONRecord) -> String {
        if message.has("giveaway_information") { return "giveaway_information" }
        if message.has("giveaway_results") { return "giveaway_results" }
        if message.has("paid_stars_amount") { return "paid_media" }
        return message.has("self_destruct_period_seconds") ? "self_destruct_media" : "unknown"
    }

    private static func tasks(_ list: JSONValue?) -> String {
        guard let list else { return "" }
        let items = (list["items"] ?? list["tasks"] ?? list["answers"])?.array ?? []
        let lines = items.prefix(100).compactMap { ($0["title"] ?? $0["text"]).map(plain) }.map { "- \($0)" }
        return ([list["title"].map(plain) ?? ""] + lines).joined(separator: "\n")
    }

    private static func game(_ message: JSONRecord) -> String {
        [message.string("game_title"), message.string("game_description"), message.string("game_link")]
            .compactMap(\.self).filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// The amount counts the currency's smallest unit, as the vendor's API has it.
    private static func invoice(_ invoice: JSONValue?) -> String {
        guard let invoice else { return "" }
        let price = ["amount", "currency"].compactMap { invoice[$0]?.text }.joined(separator: " ")
        let words = ["title", "description"].compactMap { invoice[$0]?.string }
        return (words + [price]).filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private static func poll(_ poll: JSONValue?) -> String {
        guard let poll else { return "" }
        let answers = (poll["answers"]?.array ?? []).compactMap { $0["text"].map(plain) }
        return ([poll["question"].map(plain) ?? ""] + answers.map { "- \($0)" }).joined(separator: "\n")
    }

    /// A place by name and address, and by RFC 5870.
    private static func place(_ message: JSONRecord) -> String {
        var lines = [message.string("place_name"), message.string("address")].compactMap(\.self).filter { !$0.isEmpty }
        let point = message["location_information"]
        if let latitude = point?["latitude"]?.text, let longitude = point?["longitude"]?.text {
            lines.append("geo:\(latitude),\(longitude)")
        }
        return lines.joined(separator: "\n")
    }

    private static func contact(_ message: JSONRecord) -> String {
        guard let contact = message["contact_information"] else { return "" }
        let words = ["first_name", "last_name", "phone_number"].compactMap { contact[$0]?.string }
        return words.filter { !$0.isEmpty }.joined(separator: " ")
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
