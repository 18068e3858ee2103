import GatehouseCore

/// One message (RFC 5322 and MIME) to its envelope. It always makes one, whatever the bytes are.
struct MailParser {
    let context: IntakeContext
    /// A path, or `path#offset`.
    let position: String

    func parse(_ original: [UInt8]) -> ParsedMessage {
        let message = LineEnds.readable(original)
        let header = HeaderBlock(of: message, in: LineEnds.start(of: message)..<message.count, limits: context.limits)
        let tree = MIMETree(message, header: header, limits: context.limits)
        let body = MailBody(message, tree, limits: context.limits)
        let charset = HeaderCharset(message, header, tree, guessed: body.guessedCharset)
        var fields = MailFields(message, header, charset, limits: context.limits)

        var data = MessageData(channel: .email, provider: "rfc5322")
        fields.fill(&data)
        data.account = context.account ?? fields.deliveredTo
        data.body = body.body
        data.attachments = body.attachments
        data.times.receivedAt = context.receivedAt
        let detector = AutomationDetector(
            message: message,
            header: header,
            tree: tree,
            body: body,
            settings: context.mail
        )
        detector.fill(&data)
        ReplySplitter.split(&data.body, subject: data.subject)
        data.raw.sha256 = SHA256.hex(of: original)
        data.raw.size = original.count
        data.raw.sourcePosition = position
        data.raw.parser = "email/1"
        data.warnings = distinct(tree.warnings + fields.warnings + body.warnings + data.warnings)
        if header.lacksSeparator {
            data.warnings.append(header.fields.isEmpty ? "header_missing" : "header_unseparated")
        }
        let time = data.times.sentAt ?? data.times.receivedAt
        // Before the envelope takes the data over.
        let key = key(of: data)
        let envelope = Envelope(source: context.source, type: .messageCreated, time: time, data: data)
        return ParsedMessage(envelope: envelope, keys: [key], raw: original, contents: body.contents)
    }

    /// The sender's Message-ID, or else what tells this message from others.
    private func key(of data: MessageData) -> IdentityKey {
        if let id = data.messageID { return IdentityKey(.claimed, id) }
        let digest = SHA256Stream()
        digest.update(field: data.times.sentAt?.rfc3339 ?? "")
        digest.update(field: data.from.first?.email ?? data.from.first?.name ?? "")
        digest.update(field: data.subject ?? "")
        digest.update(field: data.body.text)
        digest.update(field: data.body.html ?? "")
        for attachment in data.attachments { digest.update(field: attachment.sha256 ?? "") }
        return IdentityKey(.composite, Hex.encode(digest.finish()))
    }

    private func distinct(_ warnings: [String]) -> [String] {
        var seen: Set<String> = []
        return warnings.filter { seen.insert($0).inserted }
    }
}

/// Line ends that are not those of RFC 5322 §2.3.
enum LineEnds {
    /// The message with line ends that can be read: where it has no LF at all, CR stands for it.
    static func readable(_ message: [UInt8]) -> [UInt8] {
        guard ByteSearch.firstIndex(of: 0x0A, in: message, 0..<message.count) == nil,
            ByteSearch.firstIndex(of: 0x0D, in: message, 0..<message.count) != nil
        else { return message }
        return message.map { $0 == 0x0D ? 0x0A : $0 }
    }

    /// Behind a byte order mark and empty lines.
    static func start(of message: [UInt8]) -> Int {
        var start = ByteSearch.matches([0xEF, 0xBB, 0xBF], message, at: 0) ? 3 : 0
        while start < message.count, isLineEnd(message[start]) { start += 1 }
        return start
    }
}
