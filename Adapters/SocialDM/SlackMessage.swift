import GatehouseCore

/// One element of a day file.
struct SlackMessage {
    var value: JSONValue
    let raw: [UInt8]
    let warnings: [String]
    let channel: SlackChannel?
    let directory: SlackDirectory
    /// Whether it stands in a record of a change, as its later form.
    var isChange = false

    /// Subtypes under which somebody says something; the others tell what happened to the channel.
    private static let said: Set<String> = [
        "", "bot_message", "me_message", "thread_broadcast", "reply_broadcast", "file_share", "file_comment",
        "file_mention", "slackbot_response", "assistant_app_thread", "ekm_access_denied",
    ]

    func emit(in session: ExportSession, to emit: (ParsedItem) throws -> Void) throws {
        guard value.members != nil else {
            let detail = "an entry of the day's list is no object."
            return try emit(session.rejected("unknown_event", detail, at: value.offset, raw: raw))
        }
        if let type = value["type"]?.string, type != "message" {
            return try emit(session.ignored(type, at: value.offset))
        }
        let subtype = value["subtype"]?.string ?? ""
        switch subtype {
        case "message_changed":
            guard let body = value["message"], body.members != nil else { break }
            var changed = self
            changed.value = body
            changed.isChange = true
            return try changed.emit(in: session, to: emit)
        case "message_deleted", "tombstone": return try emit(deletion(in: session))
        // Something typed by a person has an id of the program in which it was typed.
        case _ where !Self.said.contains(subtype) && value["client_msg_id"] == nil:
            return try emit(session.ignored(subtype, at: value.offset))
        default: break
        }
        var message = base(of: value, in: session)
        let text = SlackText(directory: directory)
        message.text = text.text(of: value)
        message.attachments = files(in: session)
        // A change of a message that the document doesn't have is all there is of it: it is the message.
        if let id = message.id, !session.told.insert(id).inserted, isChange { message.type = .messageRevised }
        if value["edited"]?.members != nil { message.warnings.append("edited") }
        if message.text.isEmpty, message.attachments.isEmpty {
            try emit(session.ignored("empty_message", at: value.offset))
        } else {
            try emit(session.item(message))
        }
        for reaction in value["reactions"]?.array ?? [] { try emit(session.ignored("reaction", at: reaction.offset)) }
    }

    /// A message that was taken back: only its place is left, or in exports with a record of changes what it was.
    private func deletion(in session: ExportSession) -> ParsedItem {
        let former = value["previous_message"] ?? value["original"] ?? value["message"]
        let isRecord = value["subtype"]?.string == "message_deleted"
        var message = base(of: isRecord ? former ?? value : value, in: session)
        if isRecord, let ts = (value["deleted_ts"] ?? former?["ts"])?.text {
            message.id = id(ts)
            message.time = Self.time(value["ts"]) ?? message.time
        }
        message.type = .messageDeleted
        // Of a tombstone Slack's own bot is the author: who took it back is not told.
        if message.sender.id == "USLACKBOT" { message.sender = Party() }
        return session.item(message)
    }

    private func base(of body: JSONValue, in session: ExportSession) -> DirectMessage {
        var message = DirectMessage(sender: sender(of: body))
        // Slack's events don't tell it; the same message by export and by webhook has the same sender.
        message.email = message.sender.email
        message.sender.email = nil
        message.id = body["ts"]?.text.flatMap(id)
        let thread = body["thread_ts"]?.text
        message.conversation = channel?.place.map {
            SlackChannel.conversation($0, thread: thread ?? body["ts"]?.text, isDirect: channel?.isDirect == true)
        }
        message.place = channel?.party
        message.time = Self.time(body["ts"])
        if let thread, thread != body["ts"]?.text, let id = id(thread) { message.inReplyTo = [id] }
        if let members = channel?.members, members.count == 2, channel?.isDirect == true {
            message.others = members.filter { $0 != message.sender.id }.map { directory.person($0) ?? Party(id: $0) }
        }
        let isBot = body["subtype"]?.string == "bot_message" || body["subtype"]?.string == "slackbot_response"
        if isBot || body["user"]?.text.map(directory.isBot) ?? (body["bot_id"]?.text != nil) {
            message.automated = .bot
        }
        message.raw = raw
        message.offset = body.offset
        message.warnings = warnings
        return message
    }

    /// Times are unique within a channel alone; without one there is no key that would last.
    private func id(_ ts: String) -> String? { channel?.place.map { "\($0):\(ts)" } }

    private func sender(of body: JSONValue) -> Party {
        let bot = body["bot_id"]?.text ?? body["bot_profile"]?["id"]?.text
        guard let id = body["user"]?.text ?? body["comment"]?["user"]?.text, !id.isEmpty else {
            let name = body["username"]?.string ?? body["bot_profile"]?["name"]?.string
            return Party(id: bot, name: name.flatMap { $0.isEmpty ? nil : $0 })
        }
        if let known = directory.person(id) { return known }
        let profile = body["user_profile"]
        return Party(
            id: id,
            name: SlackPerson.name(profile, or: profile) ?? body["username"]?.string,
            username: profile?["name"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        )
    }

    /// `1736478630.905399`: seconds and microseconds, which are cut to milliseconds without passing through a Double.
    static func time(_ ts: JSONValue?) -> SentTime? {
        guard let text = ts?.text else { return nil }
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? parts[1].prefix(3) : "000"
        guard let seconds = Int64(parts[0]), fraction.utf8.count == 3, let thousandths = UInt16(fraction) else {
            return SentTime(seconds: ts)
        }
        let (whole, isOver) = seconds.multipliedReportingOverflow(by: 1000)
        guard !isOver else { return nil }
        return SentTime(milliseconds: JSONValue(.number(String(whole &+ Int64(thousandths)))))
    }

    // MARK: - Files

    private func files(in session: ExportSession) -> [ExportAttachment] {
        let listed = value["files"]?.array ?? value["file"].map { [$0] } ?? []
        return listed.prefix(session.limits.attachmentCount).compactMap { file($0, in: session) }
    }

    private func file(_ file: JSONValue, in session: ExportSession) -> ExportAttachment? {
        guard file.members != nil else { return nil }
        let name = [file["name"], file["title"]].compactMap { $0?.string }.first { !$0.isEmpty }
        let mediaType = file["mimetype"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        if let local = local(file, name: name, mediaType: mediaType, in: session) { return local }
        var info: AttachmentInfo
        switch file["mode"]?.string {
        case "tombstone": info = AttachmentInfo(status: .missing, name: name, mediaType: mediaType)
        case "hidden_by_limit": info = AttachmentInfo(status: .omitted, name: name, mediaType: mediaType)
        default:
            let url = [file["url_private_download"], file["url_private"], file["external_url"], file["permalink"]]
                .compactMap { $0?.string }.first { !$0.isEmpty }
            guard let url else { return nil }
            info = session.remoteAttachment(Self.withoutToken(url)).info
            info.name = name ?? info.name
            info.mediaType = mediaType
        }
        info.name = info.name.map(UnicodeText.normalised)
        info.size = file["size"]?.int64.flatMap { $0 >= 0 ? Int($0) : nil }
        return ExportAttachment(info)
    }

    /// Exporters that fetch files put them into `attachments` beside the day, or into `__uploads` beside the channels.
    private func local(
        _ file: JSONValue,
        name: String?,
        mediaType: String?,
        in session: ExportSession
    ) -> ExportAttachment? {
        guard let id = file["id"]?.text, let name, let folder = session.folder else { return nil }
        let places: [(ExportFolder?, String)] = [
            (folder, "attachments/\(id)-\(name)"), (folder.parent, "__uploads/\(id)/\(name)"),
            (folder, "\(id)-\(name)"),
        ]
        for (folder, path) in places {
            let found = session.attachment(path, in: folder, shown: name, mediaType: mediaType)
            if found.bytes != nil || found.info.status == .omitted { return found }
        }
        return nil
    }

    /// An export's addresses carry a token that opens every file of the workspace: it goes into no ticket.
    static func withoutToken(_ url: String) -> String {
        let parts = url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return url }
        let fields = parts[1].split(separator: "&").filter { !$0.hasPrefix("t=xox") }
        return fields.isEmpty ? String(parts[0]) : parts[0] + "?" + fields.joined(separator: "&")
    }
}
