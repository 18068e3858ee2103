import GatehouseCore

/// One element of a conversation's `messages`: an object with exactly one key, which says what happened.
struct XEvent {
    let value: JSONValue
    let raw: [UInt8]
    let warnings: [String]
    let conversation: String?

    /// What is no message, by the name under which it is counted.
    private static let events = [
        "joinConversation": "conversation_joined", "participantsJoin": "participants_joined",
        "participantsLeave": "participants_left", "conversationNameUpdate": "conversation_renamed",
        "conversationAvatarUpdate": "conversation_avatar_changed", "welcomeMessageCreate": "welcome_message",
        "reactionCreate": "reaction",
    ]

    func emit(in session: ExportSession, to emit: (ParsedItem) throws -> Void) throws {
        guard let member = value.members?.first else {
            let detail = "an entry of 'messages' is no event object."
            return try emit(session.rejected("unknown_event", detail, at: value.offset, raw: raw))
        }
        if let kind = Self.events[member.key] { return try emit(session.ignored(kind, at: value.offset)) }
        let body = member.value
        // An event of a kind that is not known yet counts as a message if it says something.
        guard member.key == "messageCreate" || body["text"]?.string != nil else {
            return try emit(session.ignored("unknown_" + member.key, at: value.offset))
        }
        // direct-message-headers.js lists the same ids without their texts.
        guard body["text"] != nil || body["mediaUrls"] != nil else {
            return try emit(session.ignored("message_header", at: value.offset))
        }
        try emit(session.item(message(body, in: session)))
        for reaction in body["reactions"]?.array ?? [] { try emit(session.ignored("reaction", at: reaction.offset)) }
    }

    private func message(_ body: JSONValue, in session: ExportSession) -> DirectMessage {
        let senderID = body["senderId"]?.text
        var message = DirectMessage(sender: Party(id: senderID))
        // The webhook's event id is the same number, so both ways give one key.
        message.id = body["id"]?.text.map { "x:\($0)" }
        let recipientID = body["recipientId"]?.text
        message.conversation = conversationID(senderID, recipientID).map { "x:\($0)" }
        message.others = recipientID.map { [Party(id: $0)] } ?? []
        message.time = SentTime(text: body["createdAt"]?.string, zone: session.zone)
        message.raw = raw
        message.offset = value.offset
        message.warnings = warnings
        if body["editHistory"]?.array?.isEmpty == false { message.warnings.append("edited") }
        let links = Self.links(body)
        message.text = XText.expanded(XText.unescaped(body["text"]?.string ?? ""), links: links)
        message.attachments = attachments(body, links: links, in: session)
        return message
    }

    /// `conversationId`, or for two people what it would be: both ids, the smaller first.
    private func conversationID(_ sender: String?, _ recipient: String?) -> String? {
        if let conversation { return conversation }
        guard let sender, let recipient else { return nil }
        let isOrdered = (sender.utf8.count, sender) <= (recipient.utf8.count, recipient)
        return isOrdered ? "\(sender)-\(recipient)" : "\(recipient)-\(sender)"
    }

    private static func links(_ body: JSONValue) -> [XLink] {
        (body["urls"]?.array ?? []).compactMap { link in
            guard let short = link["url"]?.string, !short.isEmpty else { return nil }
            return XLink(short: short, expanded: link["expanded"]?.string ?? short)
        }
    }

    /// Files are called `<message id>-<name>` in the archive; elsewhere the address is all there is.
    private func attachments(_ body: JSONValue, links: [XLink], in session: ExportSession) -> [ExportAttachment] {
        let urls = (body["mediaUrls"]?.array ?? []).compactMap(\.string).prefix(session.limits.attachmentCount)
        let identifier = body["id"]?.text ?? ""
        if urls.isEmpty {
            // The text's marker is then the only trace of what was attached.
            return links.filter(\.isMediaMarker).map { session.remoteAttachment($0.expanded) }
        }
        return urls.map { url in
            let remote = session.remoteAttachment(url)
            guard let name = remote.info.name, let folder = session.folder else { return remote }
            for place in ["direct_messages_media", "direct_messages_group_media"] {
                let local = session.attachment("\(place)/\(identifier)-\(name)", in: folder, shown: name)
                if local.bytes != nil || local.info.status == .omitted { return local }
            }
            return remote
        }
    }
}

/// A shortened address in a text, and where it leads.
struct XLink {
    let short: String
    let expanded: String

    /// `https://twitter.com/messages/media/<id>` stands for an attachment, not for words of the sender.
    var isMediaMarker: Bool {
        ["https://twitter.com/messages/media/", "https://x.com/messages/media/"].contains(where: expanded.hasPrefix)
    }
}

enum XText {
    /// The text as it was typed: X keeps these three escaped, in its API and in archives, and no others.
    static func unescaped(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
        let references: [(name: [UInt8], byte: UInt8)] = [
            (Array("&lt;".utf8), UInt8(ascii: "<")), (Array("&gt;".utf8), UInt8(ascii: ">")),
            (Array("&amp;".utf8), UInt8(ascii: "&")),
        ]
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let isReference = bytes[index] == UInt8(ascii: "&")
            let found = isReference ? references.first { bytes[index...].starts(with: $0.name) } : nil
            result.append(found?.byte ?? bytes[index])
            index += found?.name.count ?? 1
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The text with each `https://t.co/…` as the address it leads to, and without the markers of attachments.
    static func expanded(_ text: String, links: [XLink]) -> String {
        guard !links.isEmpty else { return text }
        let bytes = Array(text.utf8)
        let table = links.prefix(64).map { (short: Array($0.short.utf8), link: $0) }
            .sorted { $0.short.count > $1.short.count }
        var result: [UInt8] = []
        var index = 0
        var removedMarker = false
        while index < bytes.count {
            // Only an `h` can start one, so that a long text costs one look per byte.
            let found = bytes[index] == UInt8(ascii: "h") ? table.first { bytes[index...].starts(with: $0.short) } : nil
            guard let found else {
                result.append(bytes[index])
                index += 1
                continue
            }
            if found.link.isMediaMarker { removedMarker = true } else { result += Array(found.link.expanded.utf8) }
            index += found.short.count
        }
        // The marker was set off by a space.
        while removedMarker, let last = result.last, last == 0x20 { result.removeLast() }
        return String(decoding: result, as: UTF8.self)
    }
}
