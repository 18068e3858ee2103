package import GatehouseCore

extension Envelope {
    /// A stored envelope with all that triage and policy look at; nil for JSON that is none of ours.
    ///
    /// The store's JSON stays the only full form of a message: what comes of this is assessed, and never stored.
    package init?(stored json: JSONValue) {
        guard let type = json["type"]?.string.flatMap(EventType.init(rawValue:)), let data = json["data"],
            let channel = data["channel"]?.string.flatMap(Channel.init(rawValue:))
        else { return nil }
        var message = MessageData(channel: channel, provider: data["provider"]?.string ?? "")
        message.account = data["account"]?.string
        message.direction = data["direction"]?.string.flatMap(Direction.init(rawValue:)) ?? .inbound
        message.automated = data["automated"]?.string.flatMap(Automation.init(rawValue:)) ?? .no
        message.messageID = data["message_id"]?.string
        message.conversationID = data["conversation_id"]?.string
        message.inReplyTo = (data["in_reply_to"]?.array ?? []).compactMap(\.string)
        message.references = (data["references"]?.array ?? []).compactMap(\.string)
        message.from = (data["from"]?.array ?? []).map(Party.init(stored:))
        message.to = (data["to"]?.array ?? []).map(Party.init(stored:))
        message.cc = (data["cc"]?.array ?? []).map(Party.init(stored:))
        message.replyTo = (data["reply_to"]?.array ?? []).map(Party.init(stored:))
        message.customer = data["customer"].map(Party.init(stored:))
        message.subject = data["subject"]?.string
        message.body = Body(stored: data["body"])
        message.attachments = (data["attachments"]?.array ?? []).map(AttachmentInfo.init(stored:))
        message.times.sentAt = data.pointer("/times/sent_at")?.string.flatMap { Timestamp(rfc3339: $0) }
        message.warnings = (data["warnings"]?.array ?? []).compactMap(\.string)
        if let control = data.pointer("/mail/control") {
            var facts = MailFacts()
            facts.control = MailControl(
                priority: control["priority"]?.string.flatMap(UrgencyLevel.init(rawValue:)),
                queue: control["queue"]?.string
            )
            message.mail = facts
        }
        if let callback = data["callback"] {
            var request = CallbackRequest()
            request.phone = callback["phone"]?.string
            request.topic = callback["topic"]?.string
            request.language = callback["language"]?.string
            message.callback = request
        }
        let time = json["time"]?.string.flatMap { Timestamp(rfc3339: $0) }
        self.init(source: json["source"]?.string ?? "", type: type, time: time, data: message)
        id = json["id"]?.string ?? ""
    }
}

extension Party {
    fileprivate init(stored json: JSONValue) {
        self.init(
            id: json["id"]?.string,
            name: json["name"]?.string,
            email: json["email"]?.string,
            phone: json["phone"]?.string,
            username: json["username"]?.string,
            role: json["role"]?.string.flatMap(Role.init(rawValue:))
        )
    }
}

extension Body {
    fileprivate init(stored json: JSONValue?) {
        self.init(text: json?["text"]?.string ?? "", html: json?["html"]?.string)
        strippedText = json?["stripped_text"]?.string
        strippedQuote = json?["stripped_quote"]?.string
        strippedSignature = json?["stripped_signature"]?.string
        format = json?["format"]?.string.flatMap(BodyFormat.init(rawValue:))
    }
}

extension AttachmentInfo {
    fileprivate init(stored json: JSONValue) {
        self.init(
            status: json["status"]?.string.flatMap(AttachmentStatus.init(rawValue:)) ?? .missing,
            name: json["name"]?.string,
            mediaType: json["media_type"]?.string
        )
        detectedType = json["detected_type"]?.string
        role = json["role"]?.string
        size = json["size"]?.int64.map { Int(clamping: $0) }
    }
}
