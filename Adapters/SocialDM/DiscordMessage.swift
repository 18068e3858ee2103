import GatehouseCore

/// One element of `messages` in a DiscordChatExporter document.
struct DiscordMessage {
    let value: JSONValue
    let raw: [UInt8]
    let warnings: [String]
    let channel: DiscordChannel

    /// What happened to a channel, by the exporter's words or by Discord's numbers, and what it is counted as.
    private static let events = [
        "recipientadd": "participants_joined", "recipientremove": "participants_left", "call": "call",
        "channelnamechange": "conversation_renamed", "channeliconchange": "conversation_avatar_changed",
        "channelpinnedmessage": "message_pinned", "guildmemberjoin": "participants_joined",
        "threadcreated": "thread_created", "1": "participants_joined", "2": "participants_left", "3": "call",
        "4": "conversation_renamed", "5": "conversation_avatar_changed", "6": "message_pinned",
        "7": "participants_joined", "18": "thread_created",
    ]
    /// Default, reply, slash command, a thread's first message, context menu command.
    private static let messageNumbers: Set<String> = ["0", "19", "20", "21", "23"]

    func emit(in session: ExportSession, to emit: (ParsedItem) throws -> Void) throws {
        guard value.members != nil else {
            let detail = "an entry of 'messages' is no object."
            return try emit(session.rejected("unknown_event", detail, at: value.offset, raw: raw))
        }
        let kind = (value["type"]?.text ?? "").lowercased()
        if let event = Self.events[kind] { return try emit(session.ignored(event, at: value.offset)) }
        if UInt(kind) != nil, !Self.messageNumbers.contains(kind) {
            return try emit(session.ignored("type_" + kind, at: value.offset))
        }
        let message = message(in: session)
        if kind == "21", message.text.isEmpty, message.attachments.isEmpty {
            // A thread's first message points to what stands in the channel.
            return try emit(session.ignored("thread_starter_message", at: value.offset))
        }
        try emit(session.item(message))
        for reaction in value["reactions"]?.array ?? [] { try emit(session.ignored("reaction", at: reaction.offset)) }
    }

    private func message(in session: ExportSession) -> DirectMessage {
        let author = value["author"]
        var message = DirectMessage(sender: Self.party(author))
        let id = value["id"]?.text
        message.id = id.map { "discord:\($0)" }
        message.conversation = channel.conversation
        message.subject = channel.subject
        message.time = DiscordID.time(value["timestamp"]?.string, id: id, zone: session.zone)
        if let other = value["reference"]?["messageId"]?.text { message.inReplyTo = ["discord:\(other)"] }
        message.raw = raw
        message.offset = value.offset
        message.warnings = warnings
        if author?["isBot"]?.bool == true { message.automated = .bot }
        if value["timestampEdited"]?.string != nil { message.warnings.append("edited") }
        if !channel.authors.contains(where: { session.owner.matches($0) }), !session.owner.matches(message.sender) {
            message.direction = channel.direction(of: author)
        }
        if let peer = channel.peer, message.direction != .inbound, !channel.isPeer(author) { message.others = [peer] }
        addContent(to: &message, in: session)
        return message
    }

    private func addContent(to message: inout DirectMessage, in session: ExportSession) {
        message.text = DiscordText.text(of: value)
        var sources = [value]
        if let forwarded = value["forwardedMessage"], forwarded.members != nil {
            message.warnings.append("forwarded")
            sources.append(forwarded)
            message.text = [message.text, DiscordText.text(of: forwarded)].filter { !$0.isEmpty }.joined(
                separator: "\n"
            )
        }
        for source in sources {
            for file in source["attachments"]?.array ?? [] { message.attachments.append(attachment(file, in: session)) }
            for sticker in source["stickers"]?.array ?? [] {
                guard let url = (sticker["sourceUrl"] ?? sticker["url"])?.string else { continue }
                message.attachments.append(place(url, name: sticker["name"]?.string, in: session))
            }
        }
        message.attachments = Array(message.attachments.prefix(session.limits.attachmentCount))
        if message.text.isEmpty, message.attachments.isEmpty {
            // Polls and the parts of new kinds are not in what the exporter writes.
            let kind = UnicodeText.printable(String((value["type"]?.text ?? "unknown").unicodeScalars.prefix(40)))
            message.warnings.append("unsupported_content:\(kind.lowercased())")
        }
    }

    private func attachment(_ file: JSONValue, in session: ExportSession) -> ExportAttachment {
        var result = place(file["url"]?.string ?? "", name: file["fileName"]?.string, in: session)
        let size = file["fileSizeBytes"]?.int64.flatMap { $0 >= 0 ? Int($0) : nil }
        result.info.size = result.info.size ?? size
        return result
    }

    /// A file that the exporter has downloaded lies beside the document; else its address is remote.
    private func place(_ url: String, name: String?, in session: ExportSession) -> ExportAttachment {
        guard url.contains("://") else {
            let path = String(
                decoding: url.utf8.map { $0 == UInt8(ascii: "\\") ? UInt8(ascii: "/") : $0 },
                as: UTF8.self
            )
            return session.attachment(path, in: session.folder, shown: name)
        }
        var remote = session.remoteAttachment(url)
        remote.info.name = name.map(UnicodeText.normalised) ?? remote.info.name
        remote.info.expiresAt = DiscordID.expiry(url)
        return remote
    }

    static func party(_ author: JSONValue?) -> Party {
        let username = author?["name"]?.string
        let shown = author?["nickname"]?.string ?? author?["globalName"]?.string
        // `0000` is a bot without a number, `0` everybody since numbers were given up.
        let number = author?["discriminator"]?.text.flatMap { ["0000", "0", ""].contains($0) ? nil : $0 }
        let handle = username.map { name in number.map { "\(name)#\($0)" } ?? name }
        return Party(id: author?["id"]?.text, name: shown ?? username, username: handle)
    }
}

/// What a message says in words.
enum DiscordText {
    static func text(of message: JSONValue) -> String {
        var names: [String: String] = [:]
        for mention in message["mentions"]?.array ?? [] {
            guard let id = mention["id"]?.text else { continue }
            names[id] = (mention["nickname"] ?? mention["name"])?.string
        }
        let content = plain(message["content"]?.string ?? "", names: names)
        let cards = (message["embeds"]?.array ?? []).prefix(32)
        // The preview of a link repeats what the link says; a bot's card is all that the bot says.
        guard content.isEmpty else { return content }
        return cards.map(text(ofCard:)).filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private static func text(ofCard card: JSONValue) -> String {
        var lines = [card["author"]?["name"]?.string, card["title"]?.string, card["url"]?.string]
        lines.append(card["description"]?.string)
        for field in card["fields"]?.array ?? [] {
            lines.append("\(field["name"]?.string ?? ""): \(field["value"]?.string ?? "")")
        }
        lines.append(card["footer"]?["text"]?.string)
        return lines.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// `<@4711>` and `<@!4711>` as the person's name, `<:smile:4711>` as `:smile:`; other brackets stay.
    static func plain(_ text: String, names: [String: String]) -> String {
        guard text.utf8.contains(UInt8(ascii: "<")) else { return text }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "<"),
                let end = bytes[index...].prefix(80).firstIndex(of: UInt8(ascii: ">")),
                let word = mark(bytes[(index + 1)..<end], names: names)
            else {
                result.append(bytes[index])
                index += 1
                continue
            }
            result += word.utf8
            index = end + 1
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func mark(_ inside: ArraySlice<UInt8>, names: [String: String]) -> String? {
        let text = String(decoding: inside, as: UTF8.self)
        if text.hasPrefix("@") {
            let id = text.dropFirst(text.hasPrefix("@!") ? 2 : 1)
            return names[String(id)].map { "@\($0)" }
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].isEmpty || parts[0] == "a", !parts[1].isEmpty, UInt64(parts[2]) != nil else {
            return nil
        }
        return ":\(parts[1]):"
    }
}
