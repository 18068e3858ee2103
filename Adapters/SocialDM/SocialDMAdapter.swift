package import GatehouseCore

/// Direct messages of social networks and messengers, from the exports that people download.
package struct SocialDMAdapter: ChannelAdapter {
    /// Every format of this channel: a new one is a file of its own and a line here.
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

    package var formats: [MessageFormat] { Self.all.map(\.format) }

    package func recognise(head: [UInt8], name: String, headers: [String: String]) -> [FormatMatch] {
        Self.matches(DocumentShape(head: head, name: name))
    }

    package func parse(_ input: AdapterInput, format: String, emit: (ParsedItem) throws -> Void) throws {
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
        try reader.read(session, emit: emit)
    }

    /// The formats that may fit, the surest first.
    private static func matches(_ shape: DocumentShape) -> [FormatMatch] {
        all.compactMap { format in
            format.confidence(in: shape).map { FormatMatch(format: format.format.name, confidence: $0) }
        }
        .sorted { $0.confidence > $1.confidence }
    }
}
