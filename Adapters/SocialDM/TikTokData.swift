import GatehouseCore

/// `user_data.json` or `user_data_tiktok.json` of TikTok's "Download your data", for its direct messages.
///
/// They stand under `Direct Message(s)` → `Direct Messages` or `Chat History` → `ChatHistory` → `Chat History with NAME:`; only
/// that last key is relied on. No ids and no zone.
struct TikTokData: ExportFormat {
    static let prefix = "Chat History with "
    /// Levels above the chats; more is no download of TikTok's.
    private static let maximumDepth = 6

    let format = MessageFormat(name: "tiktok", summary: "TikTok download: user_data.json")
    let provider = "tiktok"

    func confidence(in shape: DocumentShape) -> Confidence? {
        if shape.paths.contains(where: { $0.contains("." + Self.prefix) }) { return .certain }
        if shape.paths.contains(where: { $0.hasSuffix(".ChatHistory") }) { return .likely }
        // The chats stand far behind the account's other traces.
        let roots = [".Activity", ".Your Activity", ".Direct Message", ".Direct Messages"]
        guard roots.contains(where: shape.has) else { return nil }
        let lists = [".VideoList", ".FavoriteVideoList", ".LoginHistoryList", ".ItemFavoriteList"]
        let isTikTok = shape.paths.contains { path in lists.contains(where: path.hasSuffix) }
        return isTikTok || shape.name.contains("tiktok") ? .certain : nil
    }

    func read(_ session: ExportSession, emit: (ParsedItem) throws -> Void) throws {
        var chats = TikTokChats()
        try session.walk(format.name, emit: emit) { reader in
            var isExport = false
            while try reader.hasValue() {
                guard try reader.enterObject() else { return isExport }
                // One level of objects after the other, without recursion.
                let top = reader.depth
                while reader.depth >= top {
                    guard let key = try reader.nextKey() else { continue }
                    if let chat = TikTokChat(key), try reader.enterArray() {
                        isExport = true
                        try readChat(&reader, chat, &chats, session, emit: emit)
                    } else if Self.leadsToChats(key), reader.depth < Self.maximumDepth, try reader.enterObject() {
                        isExport = true
                    } else {
                        try reader.skipValue()
                    }
                }
            }
            return isExport
        }
    }

    private static func leadsToChats(_ key: String) -> Bool {
        ["Direct Message", "Direct Messages", "Chat History", "ChatHistory", "Group Chat", "GroupChat"].contains(key)
    }

    private func readChat(
        _ reader: inout JSONReader,
        _ chat: TikTokChat,
        _ chats: inout TikTokChats,
        _ session: ExportSession,
        emit: (ParsedItem) throws -> Void
    ) throws {
        try session.elements(&reader, emit: emit) { value, raw, warnings in
            guard value.members != nil else {
                let detail = "an entry of a chat is no object."
                return try emit(session.rejected("unknown_event", detail, at: value.offset, raw: raw))
            }
            var message = chats.message(value, of: chat, in: session)
            message.raw = raw
            message.warnings = warnings
            if message.text.isEmpty {
                try emit(session.ignored("empty_message", at: value.offset))
            } else {
                try emit(session.item(message))
            }
        }
    }
}

/// `Chat History with NAME:`, and `Group Chat History with NAME:` for groups.
struct TikTokChat {
    let name: String
    let isGroup: Bool

    /// - Returns: nil for a key that names no chat.
    init?(_ key: String) {
        let group = "Group "
        isGroup = key.hasPrefix(group + TikTokData.prefix)
        guard isGroup || key.hasPrefix(TikTokData.prefix) else { return nil }
        let rest = key.dropFirst(TikTokData.prefix.count + (isGroup ? group.count : 0))
        name = String(rest.hasSuffix(":") ? rest.dropLast() : rest)
    }
}

/// Who is who in the chats of one download: who is not the one after whom a chat is called owns it.
struct TikTokChats {
    private var owner: String?

    mutating func message(_ value: JSONValue, of chat: TikTokChat, in session: ExportSession) -> DirectMessage {
        let sender = value["From"]?.string
        var message = DirectMessage(sender: Party(id: sender, username: sender))
        message.conversation = chat.isGroup ? "tiktok:group:\(chat.name)" : "tiktok:\(chat.name)"
        if chat.isGroup { message.subject = chat.name }
        message.time = SentTime(text: value["Date"]?.string, zone: session.zone)
        message.text = value["Content"]?.string ?? ""
        message.offset = value.offset
        // A group is called after nobody.
        guard !chat.isGroup else { return message }
        let peer = chat.name
        let isOwn = owner == nil && session.owner.matches(message.sender)
        if isOwn || owner == nil && session.owner.matches(Party(name: peer)) {
            // The configured account tells who is who.
            if isOwn, sender != peer { message.others = [Party(id: peer, username: peer)] }
        } else if sender == peer {
            message.direction = .inbound
        } else if owner == nil || owner == sender {
            owner = sender
            session.owner.add(sender)
            message.direction = .outbound
            message.others = [Party(id: peer, username: peer)]
        }
        return message
    }
}
