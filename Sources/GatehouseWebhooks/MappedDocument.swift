import GatehouseCore

/// A payload written anew as a document of one of the project's own formats.
///
/// So a mapped message is read by the very code that reads `generic-chat` and `generic-callback`: roles, telephone
/// numbers, windows in words, keys and revisions mean the same everywhere.
struct MappedDocument {
    /// One message: its own bytes as they came, and what the written document can't hold.
    struct Item {
        var raw: [UInt8]
        /// In the payload; nil where the whole of it is the message.
        var offset: Int?
        var files: [MappedPayload.File] = []
        var warnings: [String] = []
    }

    let mapping: FieldMapping

    /// A chat document with the messages that `payloads` stand at.
    ///
    /// - Parameters:
    ///   - isList: Whether they are items of a list, so that equal ones are told apart by their order.
    ///   - limit: In bytes; once the document is longer, the messages that are left are left out.
    /// - Returns: The document, and how many messages are in it.
    func chat(
        _ payloads: [MappedPayload],
        _ items: [Item],
        isList: Bool,
        limit: Int
    ) -> (document: [UInt8], count: Int) {
        var json = JSONWriter()
        var count = 0
        json.object { json in
            json.member("format", "gatehouse-chat/1")
            if let first = payloads.first {
                json.member("account", first.text(mapping.fields[.account]))
                json.member("time_zone", first.text(mapping.fields[.timeZone]))
            }
            guard isList else {
                if let payload = payloads.first, let item = items.first { writeMessage(&json, payload, item) }
                count = 1
                return
            }
            json.key("messages")
            json.array { json in
                while count < items.count, json.bytes.count < limit {
                    json.object { writeMessage(&$0, payloads[count], items[count]) }
                    count += 1
                }
            }
        }
        return (json.bytes, count)
    }

    private func writeMessage(_ json: inout JSONWriter, _ payload: MappedPayload, _ item: Item) {
        func text(_ field: FieldMapping.Field) -> String? { payload.text(mapping.fields[field]) }
        json.member("id", text(.id))
        json.member("conversation_id", text(.conversationID))
        json.member("subject", text(.subject))
        json.member("text", text(.text) ?? (item.files.isEmpty ? nil : ""))
        json.member("sent_at", payload.time(mapping.fields[.sentAt]))
        json.member("in_reply_to", text(.inReplyTo))
        json.member("from") { json in
            json.member("role", text(.senderRole))
            json.member("id", text(.senderID))
            json.member("name", text(.senderName))
            json.member("email", text(.senderEmail))
            json.member("phone", text(.senderPhone))
            json.member("username", text(.senderUsername))
        }
        if payload.holdsAny(mapping.isPrivate) { json.member("private", true) }
        if payload.holdsAny(mapping.deleted) { json.member("deleted", true) }
        if payload.holdsAny(mapping.revised) { json.member("edited_at", true) }
        // What makes two messages without words two: where their files lie, or what is in them.
        json.member("attachments", objects: item.files) { json, file in
            json.member("name", file.info.name)
            json.member("url", file.info.url ?? file.info.sha256.map { "sha256:" + $0 })
        }
    }

    /// A callback request; each message is a document of its own.
    func callback(_ payload: MappedPayload) -> [UInt8] {
        func text(_ field: FieldMapping.Field) -> String? { payload.text(mapping.fields[field]) }
        var json = JSONWriter()
        json.object { json in
            json.member("format", "gatehouse-callback/1")
            json.member("id", text(.id))
            json.member("account", text(.account))
            json.member("conversation_id", text(.conversationID))
            json.member("name", text(.senderName))
            json.member("email", text(.senderEmail))
            json.member("phone", text(.senderPhone))
            json.member("extension", text(.phoneExtension))
            json.member("topic", text(.subject))
            let notes = [text(.text), text(.notes)].compactMap(\.self)
            json.member("notes", notes.isEmpty ? nil : notes.joined(separator: "\n\n"))
            json.member("language", text(.language))
            json.member("country", text(.country))
            json.member("time_zone", text(.timeZone))
            json.member("created_at", payload.time(mapping.fields[.sentAt]))
            json.member("preferred_date", text(.windowDate))
            json.member("preferred_time_window", text(.windowText))
            json.member("preferred_start", text(.windowStart))
            json.member("preferred_end", text(.windowEnd))
            if payload.holdsAny(mapping.deleted) { json.member("action", "cancel") }
        }
        return json.bytes
    }
}
