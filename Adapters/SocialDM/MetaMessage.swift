import GatehouseCore

/// One element of a thread's `messages`, in either spelling of its keys.
struct MetaMessage {
    let value: JSONValue
    let raw: [UInt8]
    let warnings: [String]
    let header: MetaHeader

    /// Keys under which files are listed.
    private static let fileLists = ["photos", "videos", "audio_files", "files", "gifs", "media"]

    func emit(in session: ExportSession, to emit: (ParsedItem) throws -> Void) throws {
        guard value.members != nil else {
            let detail = "an entry of 'messages' is no object."
            return try emit(session.rejected("unknown_event", detail, at: value.offset, raw: raw))
        }
        let kind = value["type"]?.string?.lowercased() ?? ""
        if kind == "subscribe" { return try emit(session.ignored("participants_joined", at: value.offset)) }
        if kind == "unsubscribe" { return try emit(session.ignored("participants_left", at: value.offset)) }
        if kind == "call" || value["call_duration"] != nil { return try emit(call(in: session)) }
        var message = base(in: session)
        if (value["is_unsent"] ?? value["isUnsent"])?.bool == true {
            // The sender took it back: what it said is not carried on.
            message.type = .messageDeleted
        } else {
            message.text = text
            message.attachments = attachments(in: session)
        }
        if message.type == .messageCreated, message.text.isEmpty, message.attachments.isEmpty {
            // Of a vanished or withheld message only the frame is left.
            try emit(session.ignored("empty_message", at: value.offset))
        } else {
            try emit(session.item(message))
        }
        for reaction in value["reactions"]?.array ?? [] { try emit(session.ignored("reaction", at: reaction.offset)) }
    }

    /// A call that was missed is somebody who wanted to talk; one that was taken is over.
    private func call(in session: ExportSession) -> ParsedItem {
        // Where `missed` is not written a call without a length was not taken.
        let isMissed = value["missed"]?.bool ?? (value["call_duration"]?.int64 == 0)
        guard isMissed else { return session.ignored("call", at: value.offset) }
        var message = base(in: session)
        message.type = .callMissed
        message.text = text
        return session.item(message)
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
            return Self.local(MojibakeRepair.clean(name), in: session)
        }
    }

    /// A file named from the export's root (`messages/inbox/…`), or in the encrypted form from the thread's own folder.
    static func local(_ name: String, in session: ExportSession) -> ExportAttachment {
        let first = name.utf8.prefix { $0 != UInt8(ascii: "/") }
        let root = session.folder?.root(above: String(decoding: Array(first), as: UTF8.self))
        return session.attachment(name, in: root ?? session.folder)
    }
}
