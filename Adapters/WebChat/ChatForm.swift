import GatehouseCore

/// How a chat comes as a form, urlencoded or multipart.
enum FormLayout {
    /// It doesn't: this vendor sends JSON.
    case none
    /// One field holds the JSON document.
    case json(field: String)
    /// The fields are the document's members; one that comes several times is an array.
    case fields
    /// The fields of `generic-chat` by their own names, the sender's as `name`, `email`, `phone` and `username`.
    case ownFields
}

extension WebChatFormat {
    var form: FormLayout { .none }

    /// Whether a form is of this format.
    func confidence(in form: FormDocument, headers: [String: String]) -> Confidence? {
        switch self.form {
        case .none: return nil
        case .json(let field):
            guard let text = form.fields[field] else { return nil }
            let value = JSONDocument.readPartially(Array(text.utf8), name: field).value
            return value.flatMap { confidence(in: $0, headers: headers) }
        case .fields: return confidence(in: form.json, headers: headers)
        case .ownFields: return form.fields["format"] == GenericChatFormat.marker ? .certain : nil
        }
    }

    /// - Throws: What `emit` throws.
    func read(_ form: FormDocument, of payload: PayloadDocument, _ emit: (ParsedItem) throws -> Void) throws {
        if let cut = form.cut {
            return try emit(payload.rejected("form_truncated", cut.detail, at: cut.offset))
        }
        switch self.form {
        case .none:
            let detail = "The input is a form, and a \(format.name) payload is JSON."
            try emit(payload.rejected("json_invalid", detail))
        case .json(let field):
            guard let text = form.fields[field] else {
                let detail = "The form has no field '\(field)', which holds a \(format.name) payload."
                return try emit(payload.rejected("no_payload_field", detail))
            }
            // Offsets count within the field.
            let name = "\(payload.position):\(field)"
            let bytes = ByteReader(bytes: Array(text.utf8), name: name)
            let input = AdapterInput(bytes: bytes, position: name, context: payload.context)
            try readJSON(try PayloadDocument(input, provider: payload.provider, parser: payload.parser), emit)
        case .fields: try readFields(form.json, form, payload, emit)
        case .ownFields:
            let infos = form.attachments(limit: payload.context.limits.attachmentCount).infos
            try readFields(Self.document(form, infos), form, payload, emit)
        }
    }

    /// Reads a form as a JSON document; its files are attachments of the one message, behind those that it names.
    private func readFields(
        _ value: JSONValue,
        _ form: FormDocument,
        _ payload: PayloadDocument,
        _ emit: (ParsedItem) throws -> Void
    ) throws {
        let limit = payload.context.limits.attachmentCount
        let document = ChatDocument(payload: payload, value: value, isCut: false, warnings: form.warnings)
        do {
            try read(document) { item in
                guard case .message(let held) = item else { return try emit(item) }
                var message = held.message
                if case .ownFields = self.form { message.envelope.data.attachments = [] }
                let files = form.attachments(startingAt: message.envelope.data.attachments.count, limit: limit)
                message.envelope.data.attachments += files.infos
                message.envelope.data.warnings += files.warnings
                message.contents.merge(files.contents) { first, _ in first }
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
