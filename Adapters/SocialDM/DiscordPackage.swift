import GatehouseCore

/// `messages/c<channel>/messages.json` or `messages.csv` of Discord's own data package: what its owner has written, no more.
///
/// `channel.json` beside it says what kind of channel it was, `messages/index.json` what it was called, and
/// `account/user.json` (`user.json` in older packages) who the owner is.
struct DiscordPackage: ExportFormat {
    let format = MessageFormat(name: "discord-package", summary: "Discord data package: messages.json or messages.csv")
    let provider = "discord"
    let isText = true

    /// As `CSVHeader` has them; `attachments` is the fourth.
    private static let columns = ["id", "timestamp", "contents"]

    func confidence(in shape: DocumentShape) -> Confidence? {
        if shape.has("[].ID"), shape.has("[].Timestamp"), shape.has("[].Contents") { return .certain }
        return Self.isHeader(shape.columns) ? .certain : nil
    }

    func read(_ session: ExportSession, emit: (ParsedItem) throws -> Void) throws {
        let context = DiscordPackageContext(session)
        let head = try session.input.bytes.peek(DocumentShape.headSize)
        guard !Self.isHeader(DocumentShape(head: head, name: "").columns) else {
            return try readRows(context, session, emit: emit)
        }
        try session.walk(format.name, emit: emit) { reader in
            var isPackage = false
            while try reader.hasValue() {
                guard try reader.enterArray() else { return isPackage }
                isPackage = true
                let depth = reader.depth
                while try session.hasElement(&reader, depth: depth, emit: emit) {
                    guard let (value, raw, warnings) = try session.element(&reader, emit: emit) else { continue }
                    guard value["ID"] != nil else {
                        let detail = "an entry has no ID."
                        try emit(session.rejected("unknown_event", detail, at: value.offset, raw: raw))
                        continue
                    }
                    let row = DiscordRow(
                        id: value["ID"]?.text,
                        timestamp: value["Timestamp"]?.string,
                        contents: value["Contents"]?.text ?? "",
                        attachments: value["Attachments"]?.string ?? ""
                    )
                    var message = context.message(row, in: session)
                    message.raw = raw
                    message.offset = value.offset
                    message.warnings += warnings
                    try emit(session.item(message))
                }
            }
            return isPackage
        }
    }

    // MARK: - CSV

    private static func isHeader(_ names: [String]) -> Bool { columns.allSatisfy(names.contains) }

    private func readRows(
        _ context: DiscordPackageContext,
        _ session: ExportSession,
        emit: (ParsedItem) throws -> Void
    ) throws {
        try session.rows(
            isHeader: { Self.isHeader($0.names) },
            emit: emit,
            row: { row in
                guard let id = row["id"], UInt64(id) != nil else {
                    let detail = "a line has no id in front."
                    let place = row.record.offset
                    return try emit(session.rejected("unknown_event", detail, at: place, raw: row.record.raw))
                }
                let fields = DiscordRow(
                    id: id,
                    timestamp: row["timestamp"],
                    contents: row["contents"] ?? "",
                    attachments: row["attachments"] ?? ""
                )
                let base = session.message(from: Party(), row: row)
                var message = context.message(fields, in: session)
                message.raw = base.raw
                message.offset = base.offset
                message.warnings += base.warnings
                try emit(session.item(message))
            }
        )
    }
}

/// One message of a data package.
struct DiscordRow {
    let id: String?
    let timestamp: String?
    let contents: String
    /// Addresses with blanks between them.
    let attachments: String
}

/// What the files beside a package's messages say of them.
struct DiscordPackageContext {
    private static let fileLimit = 64 << 20

    private var channel: DiscordChannel
    private var owner = Party()
    private var others: [Party] = []

    init(_ session: ExportSession) {
        let folder = session.folder
        // `c4711`, or `4711` in older packages.
        var id = folder?.components.last.map { String($0.drop { $0 == "c" }) }.flatMap { UInt64($0) == nil ? nil : $0 }
        let messages = folder?.parent
        let description = Self.json("channel.json", in: folder)
        id = description?["id"]?.text ?? id
        let title = id.flatMap { Self.json("index.json", in: messages)?[$0]?.string }
        let isPair =
            ["1", "DM"].contains(description?["type"]?.text ?? "") || (title ?? "").hasPrefix("Direct Message")
        let root = messages?.parent
        let user = Self.json("account/user.json", in: root) ?? Self.json("user.json", in: root)
        if let user, let userID = user["id"]?.text {
            let shown = (user["global_name"] ?? user["username"])?.string
            owner = Party(id: userID, name: shown, username: user["username"]?.string)
            others = (description?["recipients"]?.array ?? []).compactMap(\.text).filter { $0 != userID }
                .map { Party(id: $0) }
        }
        var name = description?["name"]?.string ?? title
        if isPair, let full = title, let range = Self.range(of: " with ", in: full) {
            name = String(decoding: Array(full.utf8)[range.upperBound...], as: UTF8.self)
            if others.isEmpty { others = [Party(name: name)] }
        }
        channel = DiscordChannel(id: id, name: name, isPair: isPair)
        channel.readGuild(description?["guild"] ?? JSONValue(.null))
    }

    func message(_ row: DiscordRow, in session: ExportSession) -> DirectMessage {
        var message = DirectMessage(sender: owner)
        message.id = row.id.map { "discord:\($0)" }
        message.conversation = channel.conversation
        message.subject = channel.subject
        message.others = others.count == 1 ? others : []
        message.time = DiscordID.time(row.timestamp, id: row.id, zone: AssumedZone(nil))
        message.text = row.contents
        // A package holds what its owner wrote: outbound, unless the configured account is somebody else.
        let isStranger = session.owner.isKnown && owner != Party() && !session.owner.matches(owner)
        message.direction = isStranger ? .inbound : .outbound
        let urls = row.attachments.split { $0 == " " || $0 == "," || $0 == "\n" }.map(String.init)
        message.attachments = urls.prefix(session.limits.attachmentCount).map { url in
            var remote = session.remoteAttachment(url)
            remote.info.expiresAt = DiscordID.expiry(url)
            return remote
        }
        return message
    }

    private static func json(_ name: String, in folder: ExportFolder?) -> JSONValue? {
        guard case .bytes(let bytes)? = folder?.read(name, limit: fileLimit) else { return nil }
        return try? JSONDocument.parse(bytes)
    }

    private static func range(of needle: String, in text: String) -> Range<Int>? {
        let bytes = Array(text.utf8)
        let word = Array(needle.utf8)
        guard bytes.count >= word.count else { return nil }
        for start in 0...(bytes.count - word.count) where bytes[start..<start + word.count].elementsEqual(word) {
            return start..<start + word.count
        }
        return nil
    }
}
