import GatehouseCore

/// One vendor's webhook: how its body is recognised, and what of it are messages.
protocol WebhookFormat: Sendable {
    var format: MessageFormat { get }
    /// `data.provider` of its envelopes, and the first part of their keys.
    var provider: String { get }

    /// How sure this format is that a body is its own; nil if it is not. The body may lack its end.
    func confidence(in body: WebhookBody, headers: [String: String]) -> Confidence?

    /// Puts what the body says into `payload`, in its order.
    ///
    /// - Throws: `JSONFieldError` where a member that it can't do without has the wrong type.
    func read(_ body: WebhookBody, into payload: WebhookPayload) throws
}

enum WebhookFormats {
    /// A new vendor is a file of its own and a line here.
    static let all: [any WebhookFormat] = [
        XWebhook(),
        MetaWebhook(.messenger),
        MetaWebhook(.instagram),
        WhatsAppWebhook(),
        TelegramWebhook(),
        LINEWebhook(),
        ViberWebhook(),
        SlackWebhook(),
        DiscordWebhook(),
        TwilioMessagingWebhook(),
        WeChatWebhook(),
    ]

    /// The formats that a body may have, told by its shape and by the sender's header fields.
    static func matches(head: [UInt8], name: String, headers: [String: String]) -> [FormatMatch] {
        guard let body = WebhookBody.read(head, name: name, limits: Limits()).body?.first else { return [] }
        return all.compactMap { format in
            format.confidence(in: body, headers: headers).map {
                FormatMatch(format: format.format.name, confidence: $0)
            }
        }
    }

    /// Reads a body and hands on what it holds.
    static func parse(_ input: AdapterInput, as format: any WebhookFormat, emit: (ParsedItem) throws -> Void) throws {
        let document = try PayloadDocument(input, provider: format.provider, parser: "\(format.format.name)/1")
        if document.isBlank { return try emit(document.rejectedAsEmpty()) }
        let read = WebhookBody.read(document.bytes, name: document.position, limits: document.context.limits)
        if let first = read.body?.first, format.confidence(in: first, headers: document.context.headers) == nil {
            return try emit(wrongFormat(document, format, first))
        }
        // A form is one message: of half of it nothing is whole.
        if case .form(let cut)? = read.failure {
            return try emit(document.rejected("form_truncated", cut.detail, at: cut.offset))
        }
        let payload = WebhookPayload(document: document, isCut: read.failure != nil, warnings: read.warnings)
        // Of several payloads in one input each is whole: the one that breaks off is left out.
        let isSeveral = read.body?.json?.array != nil
        if isSeveral { payload.isCut = false }
        for body in read.body?.parts ?? [] {
            payload.root = isSeveral ? body.json?.offset : nil
            do {
                try format.read(body, into: payload)
            } catch let error as JSONFieldError {
                // The cut explains more than the field that it cost.
                if read.failure == nil || isSeveral { payload.reject(error, at: body.json?.offset) }
            }
        }
        payload.isCut = read.failure != nil
        try payload.finish(emit)
        switch read.failure {
        case .json(let error): try emit(document.rejected(error))
        case .xml(let error): try emit(document.rejected(error.reason, error.detail, at: error.offset))
        case .neither:
            let detail = "The input is neither JSON nor XML nor application/x-www-form-urlencoded."
            try emit(document.rejected("unknown_encoding", detail))
        case .form, nil: break
        }
    }

    private static func wrongFormat(
        _ document: PayloadDocument,
        _ format: any WebhookFormat,
        _ body: WebhookBody
    ) -> ParsedItem {
        let others = all.compactMap { other in
            other.confidence(in: body, headers: document.context.headers).map { (other.format.name, $0) }
        }
        let name = format.format.name
        guard let best = others.max(by: { $0.1 < $1.1 })?.0 else {
            return document.rejected("wrong_format", "This is no \(name): none of its marks are there.")
        }
        return document.rejected("wrong_format", "This is no \(name); it looks like \(best). Pass --format \(best).")
    }
}

/// A webhook's body, decoded as far as that is the same for all vendors.
enum WebhookBody {
    case json(JSONValue)
    case form(FormFields)
    case xml(FlatXML)

    /// Why a body could not be read to its end.
    enum Failure {
        case json(JSONError)
        case xml(FlatXMLError)
        case form(FormCut)
        case neither
    }

    /// Tells the three apart by the first byte.
    static func read(
        _ bytes: [UInt8],
        name: String,
        limits: Limits
    ) -> (body: WebhookBody?, failure: Failure?, warnings: [String]) {
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let first = bytes[start...].first { $0 != 0x20 && !(0x09...0x0D).contains($0) }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            let read = JSONDocument.readPartially(bytes, name: name, options: JSONOptions(limits: limits))
            if case .trailingContent? = read.error?.reason { return readSeveral(bytes, name: name, limits: limits) }
            let warnings = read.repairs.map { "json_repaired:\($0.rawValue)" }
            return (read.value.map(WebhookBody.json), read.error.map(Failure.json), warnings)
        }
        if first == UInt8(ascii: "<") {
            let read = FlatXML.read(bytes)
            return (.xml(read.document), read.error.map(Failure.xml), [])
        }
        var body = bytes[start...]
        while let last = body.last, last == 0x0A || last == 0x0D { body.removeLast() }
        guard FormFields.looksLikeForm(Array(body)) else { return (nil, .neither, []) }
        return (.form(FormFields(decoding: Array(body))), FormFields.cut(in: body).map(Failure.form), [])
    }

    /// Payloads one after another, as somebody has appended them to a file: an array of them, as far as they are whole.
    private static func readSeveral(
        _ bytes: [UInt8],
        name: String,
        limits: Limits
    ) -> (body: WebhookBody?, failure: Failure?, warnings: [String]) {
        let several = JSONDocument.readSeveral(bytes, name: name, options: JSONOptions(limits: limits))
        let value = JSONValue(.array(several.values))
        let repairs = several.repairs.map { "json_repaired:\($0.rawValue)" }
        return (.json(value), several.error.map(Failure.json), repairs)
    }

    var json: JSONValue? { if case .json(let value) = self { value } else { nil } }
    var form: FormFields? { if case .form(let fields) = self { fields } else { nil } }
    var xml: FlatXML? { if case .xml(let document) = self { document } else { nil } }

    /// A JSON array's elements are payloads of their own: several that somebody has gathered in one file.
    var parts: [WebhookBody] { json?.array?.map(WebhookBody.json) ?? [self] }

    var first: WebhookBody? { json?.array.map { $0.first.map(WebhookBody.json) } ?? self }
}
