import GatehouseCore

/// A chat message from an HTML form, urlencoded or multipart: the fields of `generic-chat` by their own names, the
/// sender's as `name`, `email`, `phone` and `username`, and every file as an attachment.
extension WebChatFormat {
    /// - Throws: What `emit` throws.
    func read(_ form: FormDocument, of payload: PayloadDocument, _ emit: (ParsedItem) throws -> Void) throws {
        guard self is GenericChatFormat else {
            let detail = "The input is a form, and a \(format.name) payload is JSON."
            return try emit(payload.rejected("json_invalid", detail))
        }
        if form.isCut {
            let detail = "The form ends before its closing boundary: it was cut on the way."
            return try emit(payload.rejected("form_truncated", detail))
        }
        let files = form.attachments(limit: payload.context.limits.attachmentCount)
        let document = ChatDocument(
            payload: payload,
            value: Self.document(form, files.infos),
            isCut: false,
            warnings: form.warnings + files.warnings
        )
        do {
            try read(document) { item in
                guard case .message(var message) = item else { return try emit(item) }
                message.envelope.data.attachments = files.infos
                message.contents = files.contents
                try emit(.message(message))
            }
        } catch let error as JSONFieldError {
            try emit(payload.rejected(error))
        }
    }

    /// The form as the JSON document that a program would have sent. Of a field that came again the first counts.
    private static func document(_ form: FormDocument, _ files: [AttachmentInfo]) -> JSONValue {
        var members: [JSONMember] = []
        var sender: [JSONMember] = []
        var seen: Set<String> = []
        func member(_ key: String, _ value: String) -> JSONMember {
            JSONMember(key: key, keyOffset: 0, value: JSONValue(.string(value)))
        }
        for field in form.fields.fields where seen.insert(field.name).inserted {
            switch field.name {
            case "name", "email", "phone", "username": sender.append(member(field.name, field.value))
            case "message", "body": members.append(member("text", field.value))
            case "format", "id", "account", "conversation_id", "subject", "text", "sent_at", "time_zone", "in_reply_to":
                members.append(member(field.name, field.value))
            default: continue
            }
        }
        // By what is in them two messages without words are told apart.
        let attachments = files.map { file in
            JSONValue(.object([member("name", file.name ?? ""), member("url", "sha256:" + (file.sha256 ?? ""))]))
        }
        members.append(JSONMember(key: "attachments", keyOffset: 0, value: JSONValue(.array(attachments))))
        members.append(JSONMember(key: "from", keyOffset: 0, value: JSONValue(.object(sender))))
        return JSONValue(.object(members))
    }
}

extension FormDocument {
    /// The form that an input is, if it is one.
    init?(_ bytes: [UInt8], in context: IntakeContext) {
        self.init(bytes, contentType: context.headers["content-type"], limits: context.limits)
    }
}
