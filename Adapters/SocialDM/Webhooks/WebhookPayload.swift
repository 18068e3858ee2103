import GatehouseCore

/// What one input holds: gathered in its order, then handed on.
///
/// One is made for each input, so that nothing passes from one payload into the next. A body has at most
/// `limits.message_bytes`, and so have its messages together.
final class WebhookPayload {
    private enum Item {
        case message(WebhookMessage)
        case other(ParsedItem)
    }

    /// Pictures sent at once; the platforms allow ten or twenty.
    private static let maximumAlbum = 100

    let document: PayloadDocument
    /// True where the body breaks off: then only whole events whose account is known are messages.
    var isCut: Bool
    /// Where the present payload stands, if the input holds several.
    var root: Int?
    private let warnings: [String]
    private var items: [Item] = []
    /// Where the first part of each album stands in `items`.
    private var albums: [String: Int] = [:]
    private var ordinals: [[UInt8]: Int] = [:]

    init(document: PayloadDocument, isCut: Bool, warnings: [String]) {
        self.document = document
        self.isCut = isCut
        self.warnings = warnings
    }

    var context: IntakeContext { document.context }
    var headers: [String: String] { document.context.headers }

    // MARK: - What a format finds

    /// Takes a message; parts of one album become one message, as far as they are in one body.
    func add(_ message: WebhookMessage) {
        var message = message
        if message.parts.isEmpty, let root { message.parts = [root] }
        guard let album = message.album, message.type == .messageCreated else { return items.append(.message(message)) }
        if let index = albums[album], case .message(var first) = items[index], first.parts.count < Self.maximumAlbum {
            first.join(message)
            items[index] = .message(first)
            return
        }
        albums[album] = items.count
        items.append(.message(message))
    }

    /// Counts something that is no message, by the vendor's own word or ours.
    func ignore(_ kind: String, at value: JSONValue? = nil) {
        let word = ExportSession.word(kind)
        items.append(
            .other(.ignored(IgnoredInput(kind: word.isEmpty ? "unknown_event" : word, position: position(value))))
        )
    }

    func ignore(each values: [JSONValue], as kind: String) {
        for value in values { ignore(kind, at: value) }
    }

    func reject(_ reason: String, _ detail: String, at value: JSONValue? = nil) {
        items.append(.other(document.rejected(reason, detail, at: value?.offset ?? 0, item: value?.offset)))
    }

    func reject(_ error: JSONFieldError, at offset: Int?) {
        items.append(.other(document.rejected(error, item: offset)))
    }

    /// Reads a list's elements one by one: one that is broken costs itself and no other.
    func each(_ values: [JSONValue], named name: String, _ read: (JSONValue) throws -> Void) throws {
        for (index, value) in values.enumerated() {
            do {
                try value.requireObject("\(name)[\(index)]")
                try read(value)
            } catch var error as JSONFieldError {
                if !error.field.hasPrefix(name) { error.field = "\(name)[\(index)].\(error.field)" }
                reject(error, at: value.offset)
            }
        }
    }

    private func position(_ value: JSONValue?) -> String {
        value.map { "\(document.position)#\($0.offset)" } ?? document.position
    }

    // MARK: - What becomes of it

    /// Hands all of it on.
    func finish(_ emit: (ParsedItem) throws -> Void) throws {
        if items.isEmpty, !isCut { ignore("empty_event_list") }
        for item in items {
            switch item {
            case .message(let message): try emit(.message(parsed(message)))
            case .other(let other): try emit(other)
            }
        }
    }

    private func parsed(_ message: WebhookMessage) -> ParsedMessage {
        let raw = raw(of: message)
        let (keys, ordinal) = identity(of: message)
        var data = message.data(provider: document.provider, account: context.account)
        data.times.receivedAt = context.receivedAt
        data.raw = document.rawFacts(of: raw, at: message.parts.first)
        data.warnings = warnings + data.warnings
        if data.attachments.count > context.limits.attachmentCount {
            data.attachments.removeLast(data.attachments.count - context.limits.attachmentCount)
            data.warnings.append("attachments_cut")
        }
        let envelope = Envelope(
            source: context.source,
            type: message.type,
            time: message.time?.timestamp ?? context.receivedAt,
            data: data
        )
        return ParsedMessage(envelope: envelope, keys: keys, ordinal: ordinal, raw: raw)
    }

    /// The event's own bytes, those of an album's parts on lines of their own; the whole body where it is one message.
    private func raw(of message: WebhookMessage) -> [UInt8] {
        guard !message.parts.isEmpty else { return document.bytes }
        return Array(message.parts.map { document.bytes(ofValueAt: $0) }.joined(separator: [0x0A]))
    }

    /// The platform's ids; or else conversation, sender, time and content with an ordinal among equal ones.
    private func identity(of message: WebhookMessage) -> ([IdentityKey], Int?) {
        if !message.keys.isEmpty {
            let album = message.album.map { [$0] } ?? []
            return ((message.keys + album).map { IdentityKey(.authoritative, $0) }, nil)
        }
        guard let time = message.time else { return ([], nil) }
        let hash = SHA256Stream()
        for field in [message.account, message.conversation, message.sender.id] { hash.update(field: field ?? "") }
        hash.update(field: String(time.timestamp.milliseconds))
        hash.update(field: message.type.rawValue)
        hash.update(field: message.text)
        for attachment in message.attachments { hash.update(field: attachment.contentID ?? attachment.url ?? "") }
        let digest = Array(hash.finish().prefix(16))
        let ordinal = ordinals[digest, default: 0]
        ordinals[digest] = ordinal + 1
        return ([IdentityKey(.composite, "\(document.provider):\(Hex.encode(digest)):\(ordinal)")], ordinal)
    }
}
