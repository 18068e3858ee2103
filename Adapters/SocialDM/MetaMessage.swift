import GatehouseCore

/// One element of a thread's `messages`, in either spelling of its keys.
struct MetaMessage {
    let value: JSONValue
    let raw: [UInt8]
    let warnings: [String]
    let header: MetaHeader

    /// Keys under which files are listed.
    private static let fileLists = ["photos", "videos", "audio_files", "files", "gifs", "media"]

    func items(in session: ExportSession) -> [ParsedItem] {
        guard value.members != nil else {
            return [
                session.rejected("unknown_event", "an entry of 'messages' is no object.", at: value.offset, raw: raw)
            ]
        }
        let kind = value["type"]?.string?.lowercased() ?? ""
        if kind == "subscribe" { return [session.ignored("participants_joined", at: value.offset)] }
        if kind == "unsubscribe" { return [session.ignored("participants_left", at: value.offset)] }
        var message = base(in: session)
        if kind == "call" || value["call_duration"] != nil {
            guard value["missed"]?.bool == true else { return [session.ignored("call", at: value.offset)] }
            message.type = .callMissed
            message.call = PhoneCall()
            message.call?.status = "missed"
            message.text = text
            return [session.item(message)]
        }
        let reactions = (value["reactions"]?.array ?? []).map { session.ignored("reaction", at: $0.offset) }
        if (value["is_unsent"] ?? value["isUnsent"])?.bool == true {
            // The sender took it back: what it said is not carried on.
            message.type = .messageDeleted
            return [session.item(message)] + reactions
        }
        message.text = text
        message.attachments = attachments(in: session)
        // Of a vanished or withheld message only the frame is left.
        guard !message.text.isEmpty || !message.attachments.isEmpty else {
            return [session.ignored("empty_message", at: value.offset)] + reactions
        }
        return [session.item(message)] + reactions
    }

    private func base(in session: ExportSession) -> DirectMessage {
        let name = (value["sender_name"] ?? value["senderName"])?.string.map(MojibakeRepair.clean)
        var message = DirectMessage(sender: Party(name: name))
        message.others = header.isPair ? header.participants.filter { $0 != name }.map { Party(name: $0) } : []
        message.conversation = header.conversationID.map { "\(session.provider):\($0)" }
        message.keyConversation = header.keyConversation
        message.subject = header.isPair ? nil : header.title
        message.time = SentTime(milliseconds: value["timestamp_ms"] ?? value["timestamp"])
        message.raw = raw
        message.offset = value.offset
        message.warnings = warnings
        return message
    }

    /// The text, and what a shared link adds to it.
    private var text: String {
        var parts: [String] = []
        func add(_ text: String?) {
            guard let text, !text.isEmpty else { return }
            let clean = MojibakeRepair.clean(text)
            if !parts.contains(where: { $0.contains(clean) }) { parts.append(clean) }
        }
        add((value["content"] ?? value["text"])?.string)
        add(value["share"]?["share_text"]?.string)
        add(value["share"]?["link"]?.string)
        return parts.joined(separator: "\n")
    }

    private func attachments(in session: ExportSession) -> [ExportAttachment] {
        var names: [String] = []
        for list in Self.fileLists {
            for file in value[list]?.array ?? [] {
                if let name = file["uri"]?.string ?? file.string { names.append(name) }
            }
        }
        if let name = value["sticker"]?["uri"]?.string { names.append(name) }
        return names.prefix(session.limits.attachmentCount).map { name in
            if name.hasPrefix("https://") || name.hasPrefix("http://") { return session.remoteAttachment(name) }
            return local(MojibakeRepair.clean(name), in: session)
        }
    }

    /// A file named from the export's root (`messages/inbox/…`), or in the encrypted form from the thread's own folder.
    private func local(_ name: String, in session: ExportSession) -> ExportAttachment {
        let first = name.utf8.prefix { $0 != UInt8(ascii: "/") }
        let root = session.folder?.root(above: String(decoding: Array(first), as: UTF8.self))
        return session.attachment(name, in: root ?? session.folder)
    }
}
