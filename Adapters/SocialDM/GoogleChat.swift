import GatehouseCore

/// `Groups/<space>/messages.json` of Google Chat in Google Takeout.
///
/// Times are sentences in the account's language; an edited message may have its `updated_date` only. Who exported it stands
/// in another folder of the download (`GoogleChatAccount`); the source's `account`, a name or an address, goes before.
struct GoogleChat: ExportFormat {
    let format = MessageFormat(name: "google-chat", summary: "Google Chat takeout: messages.json of one space")
    let provider = "google_chat"

    func confidence(in shape: DocumentShape) -> Confidence? {
        guard shape.has(".messages[].creator"), !shape.has(".messages[].from_id") else { return nil }
        let marks = [".created_date", ".updated_date", ".message_id", ".topic_id", ".message_state"]
        let isMessage = marks.contains { shape.has(".messages[]" + $0) }
        return isMessage ? .certain : .possible
    }

    func read(_ session: ExportSession, emit: (ParsedItem) throws -> Void) throws {
        let space = GoogleChatSpace(session)
        if !session.owner.isKnown, let owner = GoogleChatAccount.owner(session) {
            // Two people may have one name.
            session.owner.add(owner.email)
            session.owner.describe(owner)
        }
        try session.walk(format.name, emit: emit) { reader in
            var isExport = false
            while try reader.hasValue() {
                guard try reader.enterObject() else { return isExport }
                while let key = try reader.nextKey() {
                    guard key == "messages", try reader.enterArray() else {
                        try reader.skipValue()
                        continue
                    }
                    isExport = true
                    try session.elements(&reader, emit: emit) { value, raw, warnings in
                        let message = GoogleChatMessage(value: value, raw: raw, warnings: warnings, space: space)
                        try message.emit(in: session, to: emit)
                    }
                }
            }
            return isExport
        }
    }
}

/// The space to which messages belong, from the folder's name and from `group_info.json` in it.
struct GoogleChatSpace {
    private(set) var id: String?
    private(set) var name: String?
    private(set) var members: [Party] = []

    init(_ session: ExportSession) {
        if let folder = session.folder?.components.last,
            ["DM ", "Space ", "Group ", "Chat "].contains(where: folder.hasPrefix)
        {
            id = folder.utf8.split(separator: 0x20).last.map { String(decoding: Array($0), as: UTF8.self) }
        }
        guard case .bytes(let bytes)? = session.folder?.read("group_info.json", limit: 4 << 20),
            let info = try? JSONDocument.parse(bytes)
        else { return }
        name = info["name"]?.string
        members = (info["members"]?.array ?? []).map(GoogleChatMessage.person)
    }

    var isPair: Bool { members.count == 2 }
}

/// One element of a space's `messages`.
struct GoogleChatMessage {
    let value: JSONValue
    let raw: [UInt8]
    let warnings: [String]
    let space: GoogleChatSpace

    static func person(_ value: JSONValue) -> Party {
        Party(
            name: value["name"]?.string,
            email: value["email"]?.string.map { $0.lowercased() }
        )
    }

    func emit(in session: ExportSession, to emit: (ParsedItem) throws -> Void) throws {
        guard value.members != nil else {
            let detail = "an entry of 'messages' is no object."
            return try emit(session.rejected("unknown_event", detail, at: value.offset, raw: raw))
        }
        var message = DirectMessage(sender: value["creator"].map(Self.person) ?? Party())
        if value["creator"]?["user_type"]?.string?.lowercased() == "bot" { message.automated = .bot }
        let identifier = value["message_id"]?.text
        message.id = identifier.map { "google_chat:\($0)" }
        message.conversation = conversation(of: identifier)
        message.others = space.isPair ? space.members.filter { $0 != message.sender } : []
        message.subject = space.isPair ? nil : space.name
        message.raw = raw
        message.offset = value.offset
        message.warnings = warnings
        setTime(of: &message, in: session)
        if let quoted = value["quoted_message_metadata"]?["message_id"]?.text {
            message.inReplyTo = ["google_chat:\(quoted)"]
        }
        if value["message_state"]?.string == "DELETED" || value["deletion_metadata"] != nil {
            message.type = .messageDeleted
        } else {
            message.text = text
            message.attachments = attachments(in: session)
        }
        if session.owner.matches(Party(name: message.sender.email)) { message.direction = .outbound }
        if message.type == .messageCreated, message.text.isEmpty, message.attachments.isEmpty {
            try emit(session.ignored("empty_message", at: value.offset))
        } else {
            try emit(session.item(message))
        }
        for reaction in value["reactions"]?.array ?? [] { try emit(session.ignored("reaction", at: reaction.offset)) }
    }

    /// `<space>/<topic>/<message>` names the space, where the folder doesn't.
    private func conversation(of identifier: String?) -> String? {
        if let id = space.id { return "google_chat:\(id)" }
        guard let identifier, identifier.contains("/") else { return nil }
        let first = identifier.utf8.prefix { $0 != UInt8(ascii: "/") }
        return "google_chat:\(String(decoding: Array(first), as: UTF8.self))"
    }

    private func setTime(of message: inout DirectMessage, in session: ExportSession) {
        if let time = time(value["created_date"], in: session) {
            message.time = time
            if value["updated_date"] != nil { message.warnings.append("edited") }
        } else if let time = time(value["updated_date"], in: session) {
            message.time = time
            message.warnings.append("edited")
        } else if let time = time(value["deleted_date"], in: session) {
            message.time = time
        } else if value["created_date"] != nil || value["updated_date"] != nil {
            message.warnings.append("date_unparsed")
        }
    }

    private func time(_ field: JSONValue?, in session: ExportSession) -> SentTime? {
        guard let text = field?.string else { return nil }
        return SentTime(text: text, zone: session.zone)
            ?? LocalisedTime(text).parsed().flatMap { SentTime($0, zone: session.zone) }
    }

    /// The words, and the links of annotations that don't stand in them.
    private var text: String {
        var text = value["text"]?.string ?? ""
        for annotation in value["annotations"]?.array ?? [] {
            let link =
                annotation["url_metadata"]?["url"]?["private_do_not_access_or_else_safe_url_wrapped_value"]
                ?? annotation["url_metadata"]?["url"] ?? annotation["drive_metadata"]?["url"]
                ?? annotation["video_call_metadata"]?["meeting_space"]?["meeting_url"]
            guard let url = link?.string, url.hasPrefix("http"), !text.contains(url) else { continue }
            text += (text.isEmpty ? "" : "\n") + url
        }
        // A file of Google Drive is told by its title alone in some.
        guard text.isEmpty else { return text }
        let titles = (value["annotations"]?.array ?? []).compactMap { $0["drive_metadata"]?["title"]?.string }
        return titles.joined(separator: "\n")
    }

    private func attachments(in session: ExportSession) -> [ExportAttachment] {
        (value["attached_files"]?.array ?? []).prefix(session.limits.attachmentCount).compactMap { file in
            let shown = file["original_name"]?.string
            guard let name = file["export_name"]?.string ?? shown else { return nil }
            return session.attachment(name, in: session.folder, shown: shown ?? name)
        }
    }
}
