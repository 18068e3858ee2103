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
        guard let content = PhonePayload.content(of: head, name: name, contentType: headers["content-type"]).content
        else { return [] }
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
        if let error = read.error { return try emit(document.rejected(error)) }
        guard let content = read.content else {
            let detail = "The input is neither JSON, nor a form (urlencoded or multipart), nor a voicemail's text file."
            return try emit(document.rejected("unknown_encoding", detail))
        }
        if read.warnings.contains(PhonePayload.formCut) {
            let detail = "The form ends before its closing boundary: it was cut on the way."
            return try emit(document.rejected(PhonePayload.formCut, detail))
        }
        if reader.encodesStrictly, let cut = PhonePayload.cutEscape(in: document.bytes, content) {
            let detail = "The form ends inside an escape (%xx): it was cut on the way."
            return try emit(document.rejected(PhonePayload.formCut, detail, at: cut))
        }
        let payload = PhonePayload(document: document, content: content, warnings: read.warnings, path: input.path)
        do {
            try reader.read(payload, emit: emit)
        } catch let error as JSONFieldError {
            try emit(document.rejected(error))
        }
    }
}

/// What is particular to one format.
protocol PhoneCallbackFormat: Sendable {
    var format: MessageFormat { get }
    /// For `data.provider`.
    var provider: String { get }

    /// True for vendors, whose forms escape each `%`: one that ends in half an escape was cut.
    var encodesStrictly: Bool { get }

    /// Whether a body is of this format; `content` may lack its end.
    func confidence(in content: PhonePayload.Content, headers: [String: String]) -> Confidence?

    /// Hands on what the body says.
    ///
    /// - Throws: `JSONFieldError` if it can't be read; what `emit` throws goes through.
    func read(_ payload: PhonePayload, emit: (ParsedItem) throws -> Void) throws
}

extension PhoneCallbackFormat {
    var encodesStrictly: Bool { true }
}
