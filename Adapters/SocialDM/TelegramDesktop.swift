import GatehouseCore

/// `result.json` of Telegram Desktop: one chat, or the whole account with `chats` and `left_chats`.
///
/// The writer puts control characters as `\x0B`, which is no JSON; version 4.1 wrote paths without quotes. Message ids are
/// unique within a chat alone. (tdesktop, Telegram/SourceFiles/export/output/export_output_json.cpp.)
struct TelegramDesktop: ExportFormat {
    let format = MessageFormat(name: "telegram-desktop", summary: "Telegram Desktop export: result.json")
    let provider = "telegram"

    func confidence(in shape: DocumentShape) -> Confidence? {
        for list in ["", ".chats.list[]", ".left_chats.list[]"] {
            let message = "\(list).messages[]"
            let hasDate = shape.has(message + ".date_unixtime")
            if hasDate || shape.has(message + ".from_id") || shape.has(message + ".text_entities") { return .certain }
            let isMessage =
                shape.has(message + ".date") && (shape.has(message + ".text") || shape.has(message + ".actor"))
            if isMessage { return shape.has(message + ".type") ? .certain : .possible }
        }
        if shape.has(".chats.list") || shape.has(".left_chats.list") { return .certain }
        if shape.has(".personal_information"), shape.has(".about") { return .likely }
        return shape.has(".messages") && shape.has(".type") && shape.has(".id") ? .possible : nil
    }

    func read(_ session: ExportSession, emit: (ParsedItem) throws -> Void) throws {
        try session.walk(format.name, emit: emit) { reader in
            var isExport = false
            while try reader.hasValue() {
                guard try reader.enterObject() else { return isExport }
                if try readChat(&reader, isTop: true, session, emit: emit) { isExport = true }
            }
            return isExport
        }
    }

    /// Reads an object that was entered: a chat, or at the top also the account's export.
    ///
    /// - Returns: Whether it has a list of messages or chats.
    private func readChat(
        _ reader: inout JSONReader,
        isTop: Bool,
        _ session: ExportSession,
        emit: (ParsedItem) throws -> Void
    ) throws -> Bool {
        var chat = TelegramChat()
        var isExport = false
        while let key = try reader.nextKey() {
            switch key {
            case "name": chat.name = try reader.readValue().string
            case "type": chat.type = try reader.readValue().string
            case "id": chat.id = try reader.readValue().text
            case "messages":
                guard try reader.enterArray() else {
                    try reader.skipValue()
                    continue
                }
                isExport = true
                try readMessages(&reader, chat, session, emit: emit)
            case "personal_information" where isTop: identifyOwner(try reader.readValue(), session)
            case "chats" where isTop, "left_chats" where isTop:
                if try readChats(&reader, session, emit: emit) { isExport = true }
            default: try reader.skipValue()
            }
        }
        return isExport
    }

    /// `{"about": "…", "list": [chat, …]}`
    private func readChats(
        _ reader: inout JSONReader,
        _ session: ExportSession,
        emit: (ParsedItem) throws -> Void
    ) throws -> Bool {
        guard try reader.enterObject() else {
            try reader.skipValue()
            return false
        }
        var hasList = false
        while let key = try reader.nextKey() {
            guard key == "list", try reader.enterArray() else {
                try reader.skipValue()
                continue
            }
            hasList = true
            while try reader.hasNextElement() {
                guard try reader.enterObject() else {
                    try reader.skipValue()
                    continue
                }
                _ = try readChat(&reader, isTop: false, session, emit: emit)
            }
        }
        return hasList
    }

    private func readMessages(
        _ reader: inout JSONReader,
        _ chat: TelegramChat,
        _ session: ExportSession,
        emit: (ParsedItem) throws -> Void
    ) throws {
        let place = TelegramPlace(chat)
        // `text_entities` says again what `text` says.
        try session.records(&reader, deferring: "text_entities", emit: emit) { record, warnings in
            let message = TelegramMessage(record: record, warnings: warnings, place: place)
            try message.emit(in: session, to: emit)
        }
    }

    /// A full export says whose it is.
    private func identifyOwner(_ person: JSONValue, _ session: ExportSession) {
        guard let id = TelegramPeer.id(person["user_id"]?.text) else { return }
        let names = [person["first_name"], person["last_name"]].compactMap { $0?.string }.filter { !$0.isEmpty }
        let username = person["username"]?.string.map { String($0.drop { $0 == "@" }) }.flatMap {
            $0.isEmpty ? nil : $0
        }
        let name = names.isEmpty ? nil : names.joined(separator: " ")
        // The name stays out of the comparison: others may have the same one.
        session.owner.add(Party(id: id))
        session.owner.describe(Party(id: id, name: name, username: username))
    }
}

/// What all messages of a chat have in common, made out once and shared by them.
final class TelegramPlace: Sendable {
    let type: String?
    let name: String?
    /// As in envelopes.
    let conversation: String?
    /// Whether the conversation has an id of its own, within which those of messages are unique.
    let hasID: Bool
    /// The other one of a chat of two.
    let peer: Party?
    /// The same, as a list.
    let peers: [Party]

    init(_ chat: TelegramChat) {
        type = chat.type
        name = chat.name
        conversation = chat.conversation
        hasID = chat.id != nil
        peer = chat.peer
        peers = chat.peer.map { [$0] } ?? []
    }
}

/// The chat to which messages belong.
struct TelegramChat {
    var id: String?
    var name: String?
    /// `personal_chat`, `private_supergroup`…
    var type: String?

    /// Users, basic groups and channels count their ids apart.
    private var kind: String? {
        switch type {
        case "personal_chat", "bot_chat", "saved_messages", "replies", "verification_codes": "user"
        case "private_group": "chat"
        case "private_supergroup", "public_supergroup", "private_channel", "public_channel": "channel"
        default: nil
        }
    }

    /// `telegram:user4711`; nil where the export names no chat.
    var conversation: String? {
        if let id { return "telegram:\(kind ?? "")\(id)" }
        return name.map { "telegram:name:\($0)" }
    }

    /// The other person of a chat of two.
    var peer: Party? {
        guard type == "personal_chat" || type == "bot_chat", let id else { return nil }
        return Party(id: "user\(id)", name: name)
    }
}

/// `user123`, `channel123`, `chat123`.
enum TelegramPeer {
    /// An id as today's exports write it; older ones wrote a bare number, with the kind in its bits above 32.
    static func id(_ text: String?) -> String? {
        guard let text, !text.isEmpty else { return nil }
        guard let number = UInt64(text) else { return text }
        switch number >> 32 {
        case 1: return "chat\(number & 0xFFFF_FFFF)"
        case 2: return "channel\(number & 0xFFFF_FFFF)"
        default: return "user\(number)"
        }
    }
}
