package import GatehouseCore

/// Telephone: requests to be called back, missed calls and voicemails.
package struct PhoneCallbackAdapter: ChannelAdapter {
    /// A new format is a file of its own and one line here.
    private static let readers: [any PhoneCallbackFormat] = [
        TwilioVoiceFormat(),
        AircallFormat(),
        ZammadCTIFormat(),
        GenesysFormat(),
        CalendlyFormat(),
        AsteriskVoicemailFormat(),
        GenericCallbackFormat(),
    ]

    package init() {}

    package var channel: Channel { .phoneCallback }
    package var formats: [MessageFormat] { Self.readers.map(\.format) }

    package func recognise(head: [UInt8], name: String, headers: [String: String]) -> [FormatMatch] {
        guard var content = PhonePayload.content(of: head, name: name, contentType: headers["content-type"]).content
        else { return [] }
        // Of several payloads in one file the first tells.
        if case .json(let value) = content, value.members == nil,
            let first = JSONDocument.firstPayload(of: head, name: name)
        {
            content = .json(first)
        }
        return Self.readers.compactMap { reader in
            reader.confidence(in: content, headers: headers).map {
                FormatMatch(format: reader.format.name, confidence: $0)
            }
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
        let document = try PayloadDocument(input, provider: reader.provider, parser: "phone-callback/1")
        if document.isBlank { return try emit(document.rejectedAsEmpty()) }
        let read = PhonePayload.content(
            of: document.bytes,
            name: document.position,
            contentType: document.context.headers["content-type"],
            limits: document.context.limits
        )
        if case .json(let value)? = read.content,
            let several = document.parts(of: JSONDocument.Partial(value: value, error: read.error, repairs: []))
        {
            return try Self.readSeveral(several, of: document, by: reader, path: input.path, emit)
        }
        if let error = read.error { return try emit(document.rejected(error)) }
        guard let content = read.content else {
            let detail = "The input is neither JSON, nor a form (urlencoded or multipart), nor a voicemail's text file."
            return try emit(document.rejected("unknown_encoding", detail))
        }
        if let cut = read.cut {
            return try emit(document.rejected("form_truncated", cut.detail, at: cut.offset))
        }
        try Self.read(
            PhonePayload(document: document, content: content, warnings: read.warnings, path: input.path),
            by: reader,
            emit
        )
    }

    private static func read(
        _ payload: PhonePayload,
        by reader: any PhoneCallbackFormat,
        _ emit: (ParsedItem) throws -> Void
    ) throws {
        do {
            try reader.read(payload, emit: emit)
        } catch let error as JSONFieldError {
            try emit(payload.document.rejected(error))
        }
    }

    /// Payloads that somebody has gathered in one input, in an array or one after another.
    private static func readSeveral(
        _ several: (parts: [PayloadDocument], error: JSONError?),
        of document: PayloadDocument,
        by reader: any PhoneCallbackFormat,
        path: String?,
        _ emit: (ParsedItem) throws -> Void
    ) throws {
        if several.parts.isEmpty, several.error == nil { try emit(document.ignored("empty_event_list")) }
        for part in several.parts {
            let read = part.json()
            let warnings = read.repairs.map { "json_repaired:\($0.rawValue)" }
            let content = PhonePayload.Content.json(read.value ?? JSONValue(.null))
            let payload = PhonePayload(document: part, content: content, warnings: warnings, path: path)
            try Self.read(payload, by: reader, emit)
        }
        if let error = several.error { try emit(document.rejected(error)) }
    }
}

/// What is particular to one format.
protocol PhoneCallbackFormat: Sendable {
    var format: MessageFormat { get }
    /// For `data.provider`.
    var provider: String { get }

    /// Whether a body is of this format; `content` may lack its end.
    func confidence(in content: PhonePayload.Content, headers: [String: String]) -> Confidence?

    /// Hands on what the body says.
    ///
    /// - Throws: `JSONFieldError` if it can't be read; what `emit` throws goes through.
    func read(_ payload: PhonePayload, emit: (ParsedItem) throws -> Void) throws
}
