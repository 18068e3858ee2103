import GatehouseCore

/// The CSV files of a Reddit data request: `messages.csv` and `chat_history.csv`.
struct RedditMessages: ExportFormat {
    let format = MessageFormat(name: "reddit", summary: "Reddit data request: messages.csv, chat_history.csv")
    let provider = "reddit"
    let isText = true

    func confidence(in shape: DocumentShape) -> Confidence? {
        let columns = Set(shape.columns)
        if columns.isSuperset(of: ["message id", "created at", "username", "message"]) { return .certain }
        guard columns.isSuperset(of: ["id", "date", "from", "to"]) else { return nil }
        return columns.contains("permalink") || columns.contains("thread id") ? .certain : .possible
    }

    func read(_ session: ExportSession, emit: (ParsedItem) throws -> Void) throws {
        try identifyOwner(session)
        try session.rows(
            isHeader: { $0.index("from") != nil || $0.index("username") != nil },
            emit: emit,
            row: { row in
                if row.header.index("username") != nil {
                    try emit(session.item(chatMessage(row, session)))
                } else if row.header.index("body") == nil {
                    // message_headers.csv has the same messages without their words.
                    try emit(session.ignored("message_header", at: row.record.offset))
                } else {
                    try emit(session.item(privateMessage(row, session)))
                }
            }
        )
    }

    private func privateMessage(_ row: CSVRow, _ session: ExportSession) -> DirectMessage {
        var message = base(row, id: row["id"], sender: row["from"], session)
        // Without a thread a message is the first of its own.
        message.conversation = (row["thread id"] ?? row["id"]).map { "reddit:\($0)" }
        message.others = row["to"].map { [Self.person($0)] } ?? []
        message.subject = row["subject"]
        message.time = time(row["date"], session)
        setText(row["body"], of: &message)
        return message
    }

    private func chatMessage(_ row: CSVRow, _ session: ExportSession) -> DirectMessage {
        var message = base(row, id: row["message id"], sender: row["username"], session)
        message.conversation = row["channel url"].map { "reddit:\($0)" }
        message.subject = row["channel name"] ?? row["subreddit"]
        message.inReplyTo = row["thread parent message id"].map { ["reddit:\($0)"] } ?? []
        message.time = time(row["created at"], session)
        if let updated = row["updated at"], updated != row["created at"] { message.warnings.append("edited") }
        setText(row["message"], of: &message)
        return message
    }

    private func base(_ row: CSVRow, id: String?, sender: String?, _ session: ExportSession) -> DirectMessage {
        var message = session.message(from: sender.map(Self.person) ?? Party(), row: row)
        message.id = id.map { "reddit:\($0)" }
        return message
    }

    /// What was taken back, or taken down, has no words any more.
    private func setText(_ text: String?, of message: inout DirectMessage) {
        message.text = text ?? ""
        if text == "[deleted]" || text == "[removed]" {
            message.type = .messageDeleted
            message.text = ""
        }
    }

    private func time(_ field: String?, _ session: ExportSession) -> SentTime? {
        SentTime(text: field, zone: session.zone)
            ?? field.flatMap { LocalisedTime($0).parsed(order: .monthFirst) }.flatMap {
                SentTime($0, zone: session.zone)
            }
    }

    /// `u/name`, `/u/name` and `name` are the same.
    private static func person(_ name: String) -> Party {
        var bare = name[...]
        for prefix in ["/u/", "u/"] where bare.hasPrefix(prefix) { bare = bare.dropFirst(prefix.count) }
        return Party(id: String(bare), username: String(bare))
    }

    /// The line `account_name,ann` of `statistics.csv`, which lies beside the messages.
    private func accountName(_ session: ExportSession) -> String? {
        guard case .bytes(let bytes)? = session.folder?.read("statistics.csv", limit: 1 << 20) else { return nil }
        var reader = CSVReader(ByteReader(bytes: bytes, name: "statistics.csv"), limit: 4096)
        while let record = try? reader.next() {
            if record.fields.count == 2, record.fields[0] == "account_name" { return Self.person(record.fields[1]).id }
        }
        return nil
    }

    /// Who is in every one of several threads, as far as the start of the file shows.
    private func identifyOwner(_ session: ExportSession) throws {
        guard !session.owner.isKnown else { return }
        if let name = accountName(session) { return session.owner.add(Party(id: name, username: name)) }
        let head = try session.input.bytes.peek(256 << 10)
        var reader = CSVReader(
            ByteReader(bytes: head, name: session.input.position),
            limit: session.limits.messageBytes
        )
        var threads = CommonParticipant()
        guard let first = try reader.next() else { return }
        let header = CSVHeader(first)
        while let record = try reader.next() {
            let row = CSVRow(record: record, header: header)
            guard row.hasAllFields, !record.isCut else { continue }
            let people = [row["from"], row["to"], row["username"]].compactMap { $0.flatMap { Self.person($0).id } }
            guard let thread = row["thread id", "channel url", "id"] else { continue }
            threads.add(people, to: thread)
        }
        if let owner = threads.only { session.owner.add(owner) }
    }
}
