package import GatehouseCore

/// Web chat: one webhook for each message, or one document for a whole conversation.
package struct WebChatAdapter: ChannelAdapter {
    /// A new format is a file of its own and one line here.
    private static let readers: [any WebChatFormat] = [
        ChatwootFormat(),
        TawkFormat(),
        IntercomFormat(),
        CrispFormat(),
        LiveChatFormat(),
        ZendeskMessagingFormat(),
        SunshineFormat(),
        SunshineLegacyFormat(),
        FreshchatFormat(),
        FrontFormat(),
        GrooveFormat(),
        OlarkFormat(),
        RocketChatFormat(),
        JotformFormat(),
        GenericChatFormat(),
    ]

    package init() {}

    package var channel: Channel { .webChat }
    package var formats: [MessageFormat] { Self.readers.map(\.format) }

    package func recognise(head: [UInt8], name: String, headers: [String: String]) -> [FormatMatch] {
        let isJSON = Self.startsLikeJSON(head)
        let form = isJSON ? nil : FormDocument(head, contentType: headers["content-type"])
        let value = isJSON ? JSONDocument.readPartially(head, name: name).value : nil
        // Of several payloads in one file the first tells.
        let first = value?.members == nil && isJSON ? JSONDocument.firstPayload(of: head, name: name) : value
        return Self.readers.compactMap { reader in
            let confidence =
                if let form {
                    reader.confidence(in: form, headers: headers)
                } else {
                    (reader.readsLists ? value : first).flatMap { reader.confidence(in: $0, headers: headers) }
                }
            return confidence.map { FormatMatch(format: reader.format.name, confidence: $0) }
        }
    }

    package func parse(_ input: AdapterInput, format: String, emit: (ParsedItem) throws -> Void) throws {
        guard let reader = Self.readers.first(where: { $0.format.name == format }) else {
            throw IntakeError.unknownFormat(
                place: input.position,
                looksLike: "'\(format)' is no format of \(channel.rawValue)",
                candidates: formats.map(\.name)
            )
        }
        let payload = try PayloadDocument(input, provider: reader.provider, parser: "web-chat/1")
        if payload.isBlank { return try emit(payload.rejectedAsEmpty()) }
        if !Self.startsLikeJSON(payload.bytes), let form = FormDocument(payload.bytes, in: payload.context) {
            return try reader.read(form, of: payload, emit)
        }
        try reader.readJSON(payload, emit)
    }

    /// What a document looks like that has none of a format's marks: another format, or nothing known (empty).
    static func lookalike(of value: JSONValue, for reader: any WebChatFormat, headers: [String: String]) -> String? {
        let others = readers.compactMap { other in
            other.confidence(in: value, headers: headers).map { (name: other.format.name, confidence: $0) }
        }
        if let best = others.max(by: { $0.confidence < $1.confidence }), best.confidence > .possible {
            return best.name
        }
        // Our own format asks for so little that it has no marks to miss.
        return reader is GenericChatFormat ? nil : ""
    }
}

extension WebChatAdapter {
    static func startsLikeJSON(_ bytes: [UInt8]) -> Bool {
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let first = bytes[start...].first { $0 != 0x20 && !(0x09...0x0D).contains($0) }
        return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    }
}

/// What is particular to one format.
protocol WebChatFormat: Sendable {
    var format: MessageFormat { get }
    /// For `data.provider`.
    var provider: String { get }

    /// How the vendor sends a form, if it does.
    var form: FormLayout { get }

    /// Whether an array is a document of this format; else it holds several.
    var readsLists: Bool { get }

    /// Whether a document is of this format; `value` may lack its end.
    func confidence(in value: JSONValue, headers: [String: String]) -> Confidence?

    /// Hands on the document's messages in its order.
    ///
    /// - Throws: `JSONFieldError` if the document as a whole can't be read; what `emit` throws goes through.
    func read(_ document: ChatDocument, emit: (ParsedItem) throws -> Void) throws
}

extension WebChatFormat {
    var readsLists: Bool { false }

    /// Reads a payload of JSON, as far as it goes; or several that somebody has gathered in one input.
    func readJSON(_ payload: PayloadDocument, _ emit: (ParsedItem) throws -> Void) throws {
        let read = payload.json()
        // Several documents one after another are no list; one that breaks off is.
        var isList = read.value?.array != nil
        if case .trailingContent? = read.error?.reason { isList = false }
        guard !(isList && readsLists), let several = payload.parts(of: read) else {
            return try readOne(payload, read, emit)
        }
        if several.parts.isEmpty, several.error == nil { try emit(payload.ignored("empty_event_list")) }
        for part in several.parts { try readOne(part, part.json(), emit) }
        if let error = several.error { try emit(payload.rejected(error)) }
    }

    private func readOne(
        _ payload: PayloadDocument,
        _ read: JSONDocument.Partial,
        _ emit: (ParsedItem) throws -> Void
    ) throws {
        let document = ChatDocument(
            payload: payload,
            value: read.value ?? JSONValue(.null),
            isCut: read.error != nil,
            warnings: read.repairs.map { "json_repaired:\($0.rawValue)" }
        )
        let headers = payload.context.headers
        if read.error == nil, let value = read.value, value.members != nil,
            confidence(in: value, headers: headers) == nil,
            let other = WebChatAdapter.lookalike(of: value, for: self, headers: headers)
        {
            let hint = other.isEmpty ? "none of its marks are there" : "it looks like \(other)"
            return try emit(payload.rejected("wrong_format", "This is no \(format.name): \(hint)."))
        }
        // Of a document that is cut only a transcript's whole items are messages; each reader knows whether it has any.
        if read.value != nil {
            do {
                try self.read(document, emit: emit)
            } catch let error as JSONFieldError {
                // The cut explains more than the field that it cost.
                if read.error == nil { try emit(payload.rejected(error)) }
            }
        }
        if let error = read.error { try emit(payload.rejected(error)) }
    }
}

/// A document and what is known of it before its format is.
struct ChatDocument {
    let payload: PayloadDocument
    let value: JSONValue
    /// True where the document breaks off, so that absent members prove nothing.
    let isCut: Bool
    let warnings: [String]
    /// 64 hex digits of all bytes: stands for the conversation where nothing else does.
    let digest: String

    init(payload: PayloadDocument, value: JSONValue, isCut: Bool, warnings: [String]) {
        self.payload = payload
        self.value = value
        self.isCut = isCut
        self.warnings = warnings
        digest = SHA256.hex(of: payload.bytes)
    }

    var context: IntakeContext { payload.context }
}
