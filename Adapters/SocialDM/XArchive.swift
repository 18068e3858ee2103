import GatehouseCore

/// `data/direct-messages.js` and `data/direct-messages-group.js` of an X (Twitter) archive, and their parts.
///
/// JavaScript that assigns an array of conversations, newest message first; ids alone say who is who. One conversation may
/// be split over several entries and files.
struct XArchive: ExportFormat {
    let format = MessageFormat(name: "x-archive", summary: "X (Twitter) archive: direct-messages.js and its parts")
    let provider = "x"

    func confidence(in shape: DocumentShape) -> Confidence? {
        if shape.paths.contains(where: { $0.hasPrefix("[].dmConversation") }) { return .certain }
        guard let assignment = shape.assignment else { return nil }
        if assignment.hasPrefix("window.YTD.direct_message") { return .certain }
        // Tweets, likes, the account: the archive's other files, which are passed over.
        return assignment.hasPrefix("window.YTD.") || assignment == "window.__THAR_CONFIG" ? .likely : nil
    }

    func read(_ session: ExportSession, emit: (ParsedItem) throws -> Void) throws {
        let shape = DocumentShape(head: try session.input.bytes.peek(DocumentShape.headSize), name: "")
        if confidence(in: shape) == .likely { return try emit(session.ignored("x_other_data", at: 0)) }
        XAccount.identify(session)
        try session.walk(format.name, emit: emit) { reader in
            var isArchive = false
            // Parts that were joined into one file follow one another.
            while try reader.hasValue() {
                guard try reader.enterArray() else { return isArchive }
                isArchive = true
                while try reader.hasNextElement() { try readEntry(&reader, session, emit: emit) }
            }
            return isArchive
        }
    }

    /// `{"dmConversation": {…}}`
    private func readEntry(_ reader: inout JSONReader, _ session: ExportSession, emit: (ParsedItem) throws -> Void)
        throws
    {
        guard try reader.enterObject() else {
            try reader.skipValue()
            return try emit(session.ignored("unknown_entry", at: reader.offset))
        }
        while let key = try reader.nextKey() {
            guard key == "dmConversation", try reader.enterObject() else {
                try reader.skipValue()
                try emit(session.ignored("unknown_" + key, at: reader.offset))
                continue
            }
            try readConversation(&reader, session, emit: emit)
        }
    }

    private func readConversation(
        _ reader: inout JSONReader,
        _ session: ExportSession,
        emit: (ParsedItem) throws -> Void
    ) throws {
        var conversation: String?
        while let key = try reader.nextKey() {
            if key == "conversationId" {
                conversation = try reader.readValue().text
            } else if key == "messages", try reader.enterArray() {
                try session.elements(&reader, emit: emit) { value, raw, warnings in
                    let event = XEvent(value: value, raw: raw, warnings: warnings, conversation: conversation)
                    try event.emit(in: session, to: emit)
                }
            } else {
                try reader.skipValue()
            }
        }
    }
}

/// The archive's owner, which the messages themselves don't name.
enum XAccount {
    /// Asks `account.js` beside the messages, and then who takes part in every conversation of two.
    static func identify(_ session: ExportSession) {
        if case .bytes(let bytes)? = session.folder?.read("account.js", limit: 1 << 20),
            let account = try? JSONDocument.parse(bytes)[0]?["account"], let id = account["accountId"]?.text
        {
            let name = account["accountDisplayName"]?.string
            session.owner.add(Party(id: id))
            session.owner.describe(Party(id: id, name: name, username: account["username"]?.string))
            return
        }
        // Messages have ids alone: a handle that is configured is nobody's in them.
        let account = session.input.context.account
        guard account.map({ !$0.utf8.allSatisfy { (48...57).contains($0) } }) ?? true else { return }
        var common: Set<String>?
        if let head = try? session.input.bytes.peek(DocumentShape.headSize) {
            common = commonParticipants(JSONReader(bytes: head))
        }
        if common?.count != 1, let file = session.reopened() {
            common = commonParticipants(JSONReader(file, options: JSONOptions(limits: session.limits)))
        }
        if let common, common.count == 1, let id = common.first { session.owner.add(Party(id: id)) }
    }

    /// Ids that are in the name of every conversation of two, `<id>-<id>`, as far as the document can be read.
    private static func commonParticipants(_ reader: consuming JSONReader) -> Set<String>? {
        var common: Set<String>?
        func take(_ conversation: String) {
            let ids = Set(
                conversation.utf8.split(separator: UInt8(ascii: "-")).map { String(decoding: Array($0), as: UTF8.self) }
            )
            if ids.count == 2 { common = common?.intersection(ids) ?? ids }
        }
        do throws(JSONError) {
            guard try reader.enterArray() else { return nil }
            while try reader.hasNextElement() {
                guard try reader.enterObject() else {
                    try reader.skipValue()
                    continue
                }
                while let key = try reader.nextKey() {
                    guard key == "dmConversation", try reader.enterObject() else {
                        try reader.skipValue()
                        continue
                    }
                    while let key = try reader.nextKey() {
                        if key == "conversationId" {
                            take(try reader.readValue().text ?? "")
                        } else {
                            try reader.skipValue()
                        }
                    }
                }
            }
        } catch {
            return common
        }
        return common
    }
}
