import GatehouseCore

/// `chat_history.json` of Snapchat's "My Data": an object with one array for each conversation; before 2023 two arrays of
/// received and sent messages.
///
/// No ids. `Created(microseconds)` is named after a unit that it doesn't always have: its size tells which.
struct SnapchatHistory: ExportFormat {
    let format = MessageFormat(name: "snapchat", summary: "Snapchat My Data: chat_history.json")
    let provider = "snapchat"

    func confidence(in shape: DocumentShape) -> Confidence? {
        let hasKind = shape.paths.contains { $0.hasSuffix("[].Media Type") }
        guard hasKind, shape.paths.contains(where: { $0.hasSuffix("[].Created") }) else { return nil }
        return shape.paths.contains { $0.hasSuffix("[].From") || $0.hasSuffix("[].To") } ? .certain : .possible
    }

    func read(_ session: ExportSession, emit: (ParsedItem) throws -> Void) throws {
        try session.walk(format.name, emit: emit) { reader in
            var isExport = false
            while try reader.hasValue() {
                guard try reader.enterObject() else { return isExport }
                while let key = try reader.nextKey() {
                    guard try reader.enterArray() else {
                        try reader.skipValue()
                        continue
                    }
                    isExport = true
                    try session.elements(&reader, emit: emit) { value, raw, warnings in
                        let message = SnapchatMessage(value: value, raw: raw, warnings: warnings, conversation: key)
                        try message.emit(in: session, to: emit)
                    }
                }
            }
            return isExport
        }
    }
}

/// One element of a conversation's array.
struct SnapchatMessage {
    let value: JSONValue
    let raw: [UInt8]
    let warnings: [String]
    /// The array's key: a user's name, a group's id, or `Received Saved Chat History` and the like.
    let conversation: String

    func emit(in session: ExportSession, to emit: (ParsedItem) throws -> Void) throws {
        guard value.members != nil else {
            let detail = "an entry of '\(UnicodeText.printable(conversation))' is no object."
            return try emit(session.rejected("unknown_event", detail, at: value.offset, raw: raw))
        }
        let kind = value["Media Type"]?.string?.uppercased() ?? "TEXT"
        let isErased = kind == "STATUSERASEDMESSAGE"
        let isMissedCall = kind.hasPrefix("STATUS") && kind.contains("CALL") && kind.contains("MISSED")
        if kind.hasPrefix("STATUS"), !isErased, !isMissedCall {
            return try emit(session.ignored("status_" + kind.dropFirst(6), at: value.offset))
        }
        var message = base(in: session)
        if isErased {
            message.type = .messageDeleted
        } else if isMissedCall {
            message.type = .callMissed
        } else {
            message.text = (value["Content"] ?? value["Text"])?.string ?? ""
            message.attachments = attachments(kind)
        }
        if message.type == .messageCreated, message.text.isEmpty, message.attachments.isEmpty {
            return try emit(session.ignored("empty_message", at: value.offset))
        }
        try emit(session.item(message))
    }

    private func base(in session: ExportSession) -> DirectMessage {
        let isList = conversation.hasSuffix("Chat History") || conversation.hasSuffix("Snap History")
        let sender = value["From"]?.string
        let receiver = value["To"]?.string
        var message = DirectMessage(sender: Party(id: sender, username: sender))
        message.conversation = "snapchat:\(isList ? sender ?? receiver ?? conversation : conversation)"
        if let isSender = value["IsSender"]?.bool {
            message.direction = isSender ? .outbound : .inbound
            if isSender { session.owner.add(sender) }
        } else if isList {
            message.direction = conversation.hasPrefix("Sent") ? .outbound : .inbound
        }
        let title = value["Conversation Title"]?.string ?? ""
        message.subject = title.isEmpty ? nil : title
        // A group has a title; a conversation of two is called after the other one.
        let peer = isList ? receiver : title.isEmpty ? conversation : nil
        message.others = peer.map { [Party(id: $0, username: $0)] } ?? []
        message.time = time(in: session)
        message.raw = raw
        message.offset = value.offset
        message.warnings = warnings
        return message
    }

    /// The exact number, if it means the same second as the text beside it.
    private func time(in session: ExportSession) -> SentTime? {
        let text = SentTime(text: value["Created"]?.string, zone: session.zone)
        guard let exact = SentTime(epoch: value["Created(microseconds)"]) else { return text }
        guard let text else { return exact }
        return abs(exact.timestamp.milliseconds - text.timestamp.milliseconds) < 2000 ? exact : text
    }

    /// The files lie in `chat_media` under names that hold the id among other things; what is not text is named by it.
    private func attachments(_ kind: String) -> [ExportAttachment] {
        let ids = (value["Media IDs"]?.string ?? "").unicodeScalars.split { $0 == " " || $0 == "|" || $0 == "," }
            .map { String($0) }
        if !ids.isEmpty { return ids.map { ExportAttachment(AttachmentInfo(status: .omitted, name: $0)) } }
        guard ["MEDIA", "IMAGE", "VIDEO", "STICKER", "NOTE", "SHARE", "LOCATION"].contains(kind) else { return [] }
        return [ExportAttachment(AttachmentInfo(status: .omitted, name: kind.lowercased()))]
    }
}
