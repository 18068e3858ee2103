import GatehouseCore

/// A channel or a direct chat as DiscordChatExporter writes it in JSON: guild, channel, then the messages, oldest first.
///
/// (Tyrrrz/DiscordChatExporter, DiscordChatExporter.Core/Exporting/JsonMessageWriter.cs.)
struct DiscordChat: ExportFormat {
    let format = MessageFormat(
        name: "discord-chat-exporter",
        summary: "DiscordChatExporter: JSON of one channel or chat"
    )
    let provider = "discord"

    func confidence(in shape: DocumentShape) -> Confidence? {
        let isFramed = shape.has(".guild") && shape.has(".channel") && shape.has(".messages")
        if shape.has(".messages[].author"), shape.has(".messages[].timestamp"), shape.has(".messages[].content") {
            return isFramed || shape.has(".messages[].timestampEdited") ? .certain : .likely
        }
        return isFramed && (shape.has(".dateRange") || shape.has(".channel.categoryId")) ? .certain : nil
    }

    func read(_ session: ExportSession, emit: (ParsedItem) throws -> Void) throws {
        var channel = DiscordChannel(head: try session.input.bytes.peek(DocumentShape.headSize))
        try session.walk(format.name, emit: emit) { reader in
            var isExport = false
            while try reader.hasValue() {
                guard try reader.enterObject() else { return isExport }
                while let key = try reader.nextKey() {
                    switch key {
                    case "guild": channel.readGuild(try reader.readValue())
                    case "channel": channel.readChannel(try reader.readValue())
                    case "messages":
                        guard try reader.enterArray() else {
                            try reader.skipValue()
                            continue
                        }
                        isExport = true
                        try readMessages(&reader, channel, session, emit: emit)
                    default: try reader.skipValue()
                    }
                }
            }
            return isExport
        }
    }

    private func readMessages(
        _ reader: inout JSONReader,
        _ channel: DiscordChannel,
        _ session: ExportSession,
        emit: (ParsedItem) throws -> Void
    ) throws {
        try session.elements(&reader, emit: emit) { value, raw, warnings in
            let message = DiscordMessage(value: value, raw: raw, warnings: warnings, channel: channel)
            try message.emit(in: session, to: emit)
        }
    }
}

/// Where messages were written.
struct DiscordChannel {
    private(set) var id: String?
    private(set) var name: String?
    private var guild: String?
    private var isPair = false
    /// Whether somebody of the channel's own name writes in it, as far as the document's start shows.
    private var knowsPeer = false
    /// Who writes at the start of a chat of two.
    private(set) var authors: [Party] = []

    init(id: String?, name: String?, isPair: Bool) {
        self.id = id
        self.name = name
        self.isPair = isPair
    }

    /// - Parameter head: The document's start.
    init(head: [UInt8]) {
        let start = JSONDocument.readPartially(head, name: "head").value
        readChannel(start?["channel"] ?? JSONValue(.null))
        guard isPair, let name else { return }
        for message in start?["messages"]?.array ?? [] {
            if Self.isCalled(name, message["author"]) { knowsPeer = true }
            let author = DiscordMessage.party(message["author"])
            if authors.count < 8, !authors.contains(author) { authors.append(author) }
        }
    }

    mutating func readGuild(_ value: JSONValue) { guild = value["name"]?.string }

    mutating func readChannel(_ value: JSONValue) {
        id = value["id"]?.text
        name = value["name"]?.string
        // By name, or by number as in Discord's own interface.
        isPair = value["type"]?.text == "DirectTextChat" || value["type"]?.text == "1"
    }

    var conversation: String? {
        if let id { return "discord:\(id)" }
        return name.map { "discord:name:\($0)" }
    }

    /// A chat of two has no subject: it is called after the other one.
    var subject: String? {
        guard !isPair, let name else { return nil }
        // "Direct Messages" stands where a guild would.
        guard let guild, guild != "Direct Messages" else { return name }
        return "\(guild) #\(name)"
    }

    /// The other one of a chat of two, who gave it its name.
    var peer: Party? { isPair ? name.map { Party(name: $0) } : nil }

    /// Whether somebody wrote to the chat's owner; nil where it can't be told.
    func direction(of author: JSONValue?) -> Direction? {
        guard knowsPeer, let name else { return nil }
        return Self.isCalled(name, author) ? .inbound : .outbound
    }

    /// Whether the chat of two is called after this author.
    func isPeer(_ author: JSONValue?) -> Bool { name.map { Self.isCalled($0, author) } ?? false }

    private static func isCalled(_ name: String, _ author: JSONValue?) -> Bool {
        ["nickname", "name", "globalName"].contains { author?[$0]?.string == name }
    }
}

/// Discord's ids hold the moment at which they were given out.
enum DiscordID {
    /// Milliseconds since 2015-01-01T00:00:00Z stand above 22 bits (discord.com/developers/docs/reference#snowflakes).
    static func time(_ id: String?) -> SentTime? {
        guard let id, let number = UInt64(id), number >> 22 > 0 else { return nil }
        let milliseconds = Int64(number >> 22) + 1_420_070_400_000
        return SentTime(milliseconds: JSONValue(.number(String(milliseconds))))
    }

    /// The document's time; one without a zone is UTC, as the id proves, and no message is older than Discord.
    static func time(_ text: String?, id: String?, zone: AssumedZone) -> SentTime? {
        let stated = SentTime(text: text, zone: AssumedZone(nil))
        guard let stated, stated.zone.hasPrefix("assumed:") else { return stated ?? time(id) }
        guard let exact = time(id), abs(exact.timestamp.milliseconds &- stated.timestamp.milliseconds) < 2000 else {
            return SentTime(text: text, zone: zone)
        }
        return exact
    }

    /// Signed addresses of attachments say in hexadecimal seconds until when they hold: `…?ex=65e1b2c3&is=…&hm=…`.
    static func expiry(_ url: String) -> Timestamp? {
        let bytes = Array(url.utf8)
        guard let question = bytes.firstIndex(of: UInt8(ascii: "?")) else { return nil }
        for field in bytes[(question + 1)...].split(separator: UInt8(ascii: "&")) where field.starts(with: "ex=".utf8) {
            let digits = String(decoding: field.dropFirst(3), as: UTF8.self)
            return Int64(digits, radix: 16).map { Timestamp(seconds: $0) }
        }
        return nil
    }
}
