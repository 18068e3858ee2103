package import GatehouseCore

/// Direct messages of social networks and messengers: exports that people download, and webhooks.
package struct SocialDMAdapter: ChannelAdapter {
    /// Every export of this channel: a new one is a file of its own and a line here. For webhooks see `WebhookFormats`.
    static let all: [any ExportFormat] = [
        XArchive(),
        MetaThread(.messenger),
        MetaThread(.instagram),
        MetaPage(.messenger),
        MetaPage(.instagram),
        TelegramDesktop(),
        LineChat(),
        SignalText(),
        SignalCLI(),
        GoogleChat(),
        LinkedInMessages(),
        RedditMessages(),
        SnapchatHistory(),
        TikTokData(),
        DiscordChat(),
        DiscordPackage(),
        SlackExport(),
        WhatsAppChat(),
    ]

    package let channel = Channel.socialDM

    package init() {}

    package var formats: [MessageFormat] {
        let exports = Self.all.map { reader in
            var format = reader.format
            format.isExport = true
            return format
        }
        return exports + WebhookFormats.all.map(\.format)
    }

    package func recognise(head: [UInt8], name: String, headers: [String: String]) -> [FormatMatch] {
        Self.matches(DocumentShape(head: head, name: name))
            + WebhookFormats.matches(head: head, name: name, headers: headers)
    }

    package func parse(_ input: AdapterInput, format: String, emit: (ParsedItem) throws -> Void) throws {
        if let webhook = WebhookFormats.all.first(where: { $0.format.name == format }) {
            return try WebhookFormats.parse(input, as: webhook, emit: emit)
        }
        guard let reader = Self.all.first(where: { $0.format.name == format }) else {
            throw IntakeError.unknownFormat(
                place: input.position,
                looksLike: "'\(format)' is no format of direct messages",
                candidates: formats.map(\.name)
            )
        }
        let head = try input.bytes.peek(DocumentShape.headSize)
        let session = ExportSession(input: input, provider: reader.provider, format: format)
        guard head.contains(where: { !JSONShape.isBlank($0) }) else {
            return try emit(session.rejected("empty_input", "the file is empty.", raw: head))
        }
        let matches = Self.matches(DocumentShape(head: head, name: input.path ?? input.position))
        if let other = matches.first, other.confidence >= .likely, !matches.contains(where: { $0.format == format }) {
            let detail = "this is no \(format) export; it looks like \(other.format). Pass --format \(other.format)."
            return try emit(session.rejected("wrong_format", detail, raw: head))
        }
        // Of what breaks off before its first message the start is kept.
        session.brokenBytes = head
        guard reader.isText, UTF16Document.isMarked(head) else { return try reader.read(session, emit: emit) }
        let (double, overflows) = input.context.limits.messageBytes.multipliedReportingOverflow(by: 2)
        let limit = overflows ? .max : double
        guard let text = try input.inUTF8(limit: limit) else {
            let detail = "longer than \(limit) bytes in UTF-16. Save it as UTF-8, or raise limits.message_bytes."
            return try emit(session.rejected("input_too_large", detail, raw: head))
        }
        let converted = ExportSession(input: text, provider: reader.provider, format: format)
        converted.brokenBytes = head
        try reader.read(converted, emit: emit)
    }

    /// The formats that may fit, the surest first.
    private static func matches(_ shape: DocumentShape) -> [FormatMatch] {
        all.compactMap { format in
            format.confidence(in: shape).map { FormatMatch(format: format.format.name, confidence: $0) }
        }
        .sorted { $0.confidence > $1.confidence }
    }
}
