import GatehouseCore

/// `messages.csv` of LinkedIn's "Get a copy of your data".
///
/// The columns change by year; only the names of those below are needed. No ids of messages: a composite key stands for them.
struct LinkedInMessages: ExportFormat {
    let format = MessageFormat(name: "linkedin", summary: "LinkedIn download: messages.csv")
    let provider = "linkedin"
    let isText = true

    func confidence(in shape: DocumentShape) -> Confidence? {
        let columns = Set(shape.columns)
        guard columns.isSuperset(of: ["from", "to", "date", "content"]) else { return nil }
        return columns.contains("conversation id") || columns.contains("folder") ? .certain : .likely
    }

    func read(_ session: ExportSession, emit: (ParsedItem) throws -> Void) throws {
        try identifyOwner(session)
        try session.rows(
            isHeader: { $0.index("from") != nil && $0.index("content") != nil },
            emit: emit,
            row: { try read($0, session, emit: emit) }
        )
    }

    private func read(_ row: CSVRow, _ session: ExportSession, emit: (ParsedItem) throws -> Void) throws {
        if isYes(row["is message draft"]) || isYes(row["is conversation draft"]) {
            return try emit(session.ignored("draft", at: row.record.offset))
        }
        let sender = Party(
            id: row["sender profile url"],
            name: row["from"],
            username: Self.handle(row["sender profile url"])
        )
        var message = session.message(from: sender, row: row)
        message.conversation = row["conversation id"].map { "linkedin:\($0)" }
        message.others = Self.recipients(names: row["to"], urls: row["recipient profile urls"])
        message.subject = row["subject"] ?? row["conversation title"]
        message.text = Self.plain(row["content"] ?? "")
        if message.text != row["content"] ?? "" { message.warnings.append("html_to_text") }
        message.attachments = attachments(row["attachments"], in: session)
        setTime(of: &message, row["date"], in: session)
        switch (row["direction"] ?? row["folder"])?.lowercased() {
        case "outgoing", "sent": message.direction = .outbound
        case "incoming": message.direction = .inbound
        default: break
        }
        try emit(session.item(message))
    }

    private func isYes(_ field: String?) -> Bool { ["yes", "true", "1"].contains(field?.lowercased() ?? "") }

    /// Today `2025-06-01 14:03:22 UTC`; years ago `1/5/18, 3:04 PM`.
    private func setTime(of message: inout DirectMessage, _ field: String?, in session: ExportSession) {
        if let time = SentTime(text: field, zone: session.zone) {
            message.time = time
        } else if let field, let parsed = LocalisedTime(field).parsed(order: .monthFirst) {
            message.time = SentTime(parsed, zone: session.zone)
            message.warnings.append("date_order_assumed:m/d")
        }
    }

    /// The last piece of a profile's address.
    private static func handle(_ url: String?) -> String? {
        guard let url, url.contains("/in/") else { return nil }
        let parts = url.utf8.split(separator: UInt8(ascii: "/"))
        return parts.last.map { String(decoding: Array($0), as: UTF8.self) }
    }

    /// Names stand behind commas and may hold some themselves: they are taken apart only where there are as many addresses.
    static func recipients(names: String?, urls: String?) -> [Party] {
        let addresses = urls.map { split($0, at: ",") } ?? []
        guard let names else { return addresses.map { Party(id: $0, username: handle($0)) } }
        if addresses.count <= 1 { return [Party(id: addresses.first, name: names, username: handle(addresses.first))] }
        let single = split(names, at: ",")
        guard single.count == addresses.count else { return [Party(name: names)] }
        return zip(single, addresses).map { Party(id: $1, name: $0, username: handle($1)) }
    }

    private static func split(_ text: String, at separator: Character) -> [String] {
        text.split(separator: separator).map { String($0.drop { $0 == " " }) }.filter { !$0.isEmpty }
    }

    /// Sponsored messages are HTML.
    private static func plain(_ content: String) -> String {
        let trimmed = content.utf8.drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D }
        guard trimmed.first == UInt8(ascii: "<"), content.contains("</") || content.contains("/>") else {
            return content
        }
        return HTMLText.text(of: content)
    }

    private func attachments(_ field: String?, in session: ExportSession) -> [ExportAttachment] {
        guard let field else { return [] }
        let pieces = field.unicodeScalars.split { $0 == " " || $0 == "\n" || $0 == "\r" || $0 == "," }
            .prefix(session.limits.attachmentCount).map { String($0) }
        guard pieces.contains(where: { $0.hasPrefix("https://") || $0.hasPrefix("http://") }) else {
            return [session.attachment(field, in: session.folder)]
        }
        return pieces.filter { $0.hasPrefix("http") }.map { session.remoteAttachment($0) }
    }

    /// Who takes part in every one of several conversations, as far as the start of the file shows.
    private func identifyOwner(_ session: ExportSession) throws {
        guard !session.owner.isKnown else { return }
        let head = try session.input.bytes.peek(256 << 10)
        var reader = CSVReader(
            ByteReader(bytes: head, name: session.input.position),
            limit: session.limits.messageBytes
        )
        var conversations = CommonParticipant()
        var header: CSVHeader?
        while let record = try reader.next() {
            guard let header else {
                let candidate = CSVHeader(record)
                if candidate.index("from") != nil { header = candidate }
                continue
            }
            let row = CSVRow(record: record, header: header)
            guard row.hasAllFields, !record.isCut, let conversation = row["conversation id"] else { continue }
            let people =
                [Party(id: row["sender profile url"], name: row["from"])]
                + Self.recipients(names: row["to"], urls: row["recipient profile urls"])
            conversations.add(people.compactMap { $0.id ?? $0.name }, to: conversation)
        }
        if let owner = conversations.only { session.owner.add(owner) }
    }
}

/// Finds the one who takes part in all conversations of a document: whose export it is.
struct CommonParticipant {
    private var people: [String: Set<String>] = [:]

    mutating func add(_ participants: [String], to conversation: String) {
        guard people.count < 10_000 || people[conversation] != nil else { return }
        people[conversation, default: []].formUnion(participants)
    }

    /// nil where there is one conversation only, or where nobody or more than one is in all.
    var only: String? {
        guard people.count > 1, let first = people.values.first else { return nil }
        let common = people.values.dropFirst().reduce(first) { $0.intersection($1) }
        return common.count == 1 ? common.first : nil
    }
}
