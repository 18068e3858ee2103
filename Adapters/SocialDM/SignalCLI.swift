import GatehouseCore

/// What signal-cli writes in daemon mode: one JSON-RPC notification `receive` a line, or bare `{"envelope": …}` of `-o json`.
///
/// An account and the time at which it sent a message name the message; edits and deletions name it by that time. What was
/// sent from another device of the account comes as `syncMessage` and is outbound. (signal-cli, man/signal-cli-jsonrpc.5.adoc.)
struct SignalCLI: ExportFormat {
    let format = MessageFormat(name: "signal-cli", summary: "signal-cli: JSON-RPC 'receive' notifications, one a line")
    let provider = "signal"

    func confidence(in shape: DocumentShape) -> Confidence? {
        for root in ["", ".params", ".params.result"] {
            guard shape.has(root + ".envelope.timestamp") || shape.has(root + ".envelope.sourceUuid") else { continue }
            return .certain
        }
        // A line may be an answer, or an event without a message.
        if shape.has(".params.envelope") || shape.has(".params.result.envelope") { return .certain }
        return shape.has(".envelope.source") || shape.has(".envelope.sourceNumber") ? .likely : nil
    }

    func read(_ session: ExportSession, emit: (ParsedItem) throws -> Void) throws {
        var events = SignalEvents(session)
        let head = try session.input.bytes.peek(DocumentShape.headSize)
        guard Self.isOnePerLine(head) else {
            return try session.walk(format.name, emit: emit) { reader in
                var isAny = false
                while try reader.hasValue() {
                    isAny = true
                    guard let (value, raw, warnings) = try session.element(&reader, emit: emit) else { continue }
                    try events.take(
                        value,
                        raw: raw,
                        warnings: warnings.filter { !$0.hasSuffix("concatenated_documents") },
                        emit: emit
                    )
                }
                return isAny
            }
        }
        var lines = TextLines(session.input.bytes, limit: session.limits.messageBytes)
        while let line = try lines.next() {
            guard line.bytes.contains(where: { !JSONShape.isBlank($0) }) else { continue }
            try read(line, &events, session, emit: emit)
        }
    }

    /// A broken line costs itself.
    private func read(
        _ line: TextLine,
        _ events: inout SignalEvents,
        _ session: ExportSession,
        emit: (ParsedItem) throws -> Void
    ) throws {
        let partial = JSONDocument.readPartially(
            line.bytes,
            name: session.input.position,
            options: JSONOptions(limits: session.limits)
        )
        if let error = partial.error {
            let isCut = error.reason == .truncated && !line.isTerminated
            let reason = isCut ? "json_truncated" : "json_invalid"
            return try emit(session.rejected(reason, error.words, at: line.offset + error.offset, raw: line.bytes))
        }
        guard let value = partial.value else { return }
        let warnings = partial.repairs.map { "json_repaired:\($0.rawValue)" }
        try events.take(value, raw: line.bytes, base: line.offset, warnings: warnings, emit: emit)
    }

    /// Whether the first line is an object by itself.
    private static func isOnePerLine(_ head: [UInt8]) -> Bool {
        guard let end = head.drop(while: JSONShape.isBlank).firstIndex(of: 0x0A) else { return false }
        let first = Array(head[..<end].drop(while: JSONShape.isBlank))
        return (try? JSONDocument.parse(first))?.members != nil
    }
}

/// One notification after the other.
struct SignalEvents {
    /// Edits whose original is remembered, so that an edit of an edit finds it too.
    private static let maximumEdits = 10_000

    private let session: ExportSession
    private var originals: [String: String] = [:]

    init(_ session: ExportSession) { self.session = session }

    /// - Parameter base: Bytes of the input before the document in which `value` counts its offset.
    mutating func take(
        _ value: JSONValue,
        raw: [UInt8],
        base: Int = 0,
        warnings: [String],
        emit: (ParsedItem) throws -> Void
    ) throws {
        let offset = base + value.offset
        guard value.members != nil else {
            return try emit(session.rejected("unknown_event", "a line is no JSON object.", at: offset, raw: raw))
        }
        let parameters = value["params"]?["result"] ?? value["params"] ?? value
        guard let envelope = parameters["envelope"] else {
            let isAnswer = value["result"] != nil || value["error"] != nil
            return try emit(session.ignored(isAnswer ? "rpc_answer" : "unknown_notification", at: offset))
        }
        if let failure = parameters["exception"] ?? value["exception"] {
            // Something was sent that could not be read: a person must know.
            let words = failure["message"]?.string ?? failure["type"]?.string ?? "no reason given"
            let detail = "signal-cli could not read a message: \(UnicodeText.printable(words))"
            return try emit(session.rejected("signal_exception", detail, at: offset, raw: raw))
        }
        session.owner.add(parameters["account"]?.text)
        let frame = SignalFrame(envelope: envelope, raw: raw, offset: offset, warnings: warnings)
        switch frame.content {
        case .ignored(let kind): try emit(session.ignored(kind, at: offset))
        case .message(let data, let edited, let isSent):
            guard let message = message(data, edited: edited, isSent: isSent, in: frame) else {
                return try emit(session.ignored(SignalFrame.kind(of: data), at: offset))
            }
            try emit(session.item(message))
        }
    }

    private mutating func message(_ data: JSONValue, edited: String?, isSent: Bool, in frame: SignalFrame)
        -> DirectMessage?
    {
        var message = DirectMessage(sender: frame.sender)
        message.raw = frame.raw
        message.offset = frame.offset
        message.warnings = frame.warnings
        let stamp = data["timestamp"] ?? frame.envelope["timestamp"]
        message.time = SentTime(milliseconds: stamp)
        if let text = stamp?.text { message.id = frame.key(text) }
        setPeople(of: &message, data, isSent: isSent, in: frame)
        if let deleted = data["remoteDelete"]?["timestamp"]?.text {
            message.type = .messageDeleted
            message.id = original(of: frame.key(deleted))
            return message
        }
        if let edited {
            message.type = .messageRevised
            let original = original(of: frame.key(edited))
            if let key = message.id, originals.count < Self.maximumEdits { originals[key] = original }
            message.id = original
        }
        if let quote = data["quote"], let stamp = quote["id"]?.text {
            let author = (quote["authorUuid"] ?? quote["authorNumber"] ?? quote["author"])?.text
            message.inReplyTo = author.map { ["signal:\($0):\(stamp)"] } ?? []
        }
        message.text = SignalFrame.text(of: data)
        message.attachments = attachments(data)
        guard !message.text.isEmpty || !message.attachments.isEmpty else { return nil }
        return message
    }

    private func original(of key: String) -> String { originals[key] ?? key }

    private func setPeople(of message: inout DirectMessage, _ data: JSONValue, isSent: Bool, in frame: SignalFrame) {
        let group = (data["groupInfo"]?["groupId"] ?? data["groupV2"]?["id"])?.text
        message.direction = isSent ? .outbound : .inbound
        var peer = frame.sender
        if isSent {
            // Beside an edit, and not in it.
            let sent = frame.envelope["syncMessage"]?["sentMessage"] ?? data
            peer = Party(
                id: (sent["destinationUuid"] ?? sent["destination"])?.text,
                phone: SignalFrame.phone(sent["destinationNumber"] ?? sent["destination"])
            )
            if group == nil { message.others = peer == Party() ? [] : [peer] }
            let isNote = peer.id != nil && peer.id == frame.sender.id
            if isNote, group == nil { message.direction = .internal }
        }
        message.subject = data["groupInfo"]?["groupName"]?.string
        message.conversation = group.map { "signal:group:\($0)" } ?? (peer.id ?? peer.phone).map { "signal:\($0)" }
    }

    /// signal-cli keeps files under their id in a folder of its own; one that lies beside the input is taken.
    private func attachments(_ data: JSONValue) -> [ExportAttachment] {
        var attachments = (data["attachments"]?.array ?? []).prefix(session.limits.attachmentCount).map { file in
            let identifier = file["id"]?.text ?? ""
            let shown = file["filename"]?.string ?? identifier
            var attachment = session.attachment(
                "attachments/\(identifier)",
                in: identifier.isEmpty ? nil : session.folder,
                shown: shown,
                mediaType: file["contentType"]?.string
            )
            if attachment.bytes == nil {
                attachment.info.size = file["size"]?.int64.flatMap { Int(exactly: max($0, 0)) }
            }
            return attachment
        }
        if data["sticker"]?.members != nil {
            attachments.append(ExportAttachment(AttachmentInfo(status: .omitted, name: "sticker")))
        }
        return attachments
    }
}
