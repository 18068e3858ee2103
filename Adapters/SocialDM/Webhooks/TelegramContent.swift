import GatehouseCore

/// What a message of the Bot API holds: words, files, and things that are told in words.
enum TelegramContent {
    /// Members that make a message of a person, not of the service.
    private static let kinds: Set<String> = [
        "text", "caption", "photo", "document", "video", "animation", "audio", "voice", "video_note", "sticker",
        "contact", "location", "venue", "poll", "dice", "game", "paid_media", "story", "checklist", "web_app_data",
        "rich_message", "live_photo",
    ]

    /// Members that say about a message where it stands, never what it is.
    private static let frame: Set<String> = [
        "message_id", "from", "chat", "date", "edit_date", "sender_chat", "message_thread_id", "is_topic_message",
        "reply_to_message", "business_connection_id", "via_bot", "has_protected_content", "author_signature",
        "media_group_id", "entities", "caption_entities", "reply_markup", "link_preview_options", "sender_boost_count",
        "effect_id", "forward_origin", "forward_from", "forward_from_chat", "forward_date", "external_reply", "quote",
    ]

    private static let files = [
        "animation", "document", "video", "audio", "voice", "video_note", "sticker", "live_photo",
    ]

    static func isContent(_ value: JSONValue) -> Bool { kinds.contains { value.has($0) } }

    /// `service_new_chat_members`: what the service tells, by the first member that is not part of every message.
    static func serviceName(_ value: JSONValue) -> String {
        let member = value.members?.first { !frame.contains($0.key) && !$0.value.isNull }
        return member.map { "service_\($0.key)" } ?? "empty_message"
    }

    static func fill(_ message: inout WebhookMessage, from value: JSONValue) throws {
        message.text = linked(try value.textField("text") ?? "", value.list("entities"))
        message.add(line: linked(try value.textField("caption") ?? "", value.list("caption_entities")))
        addFiles(to: &message, from: value)
        message.add(line: value.object("sticker")?.given("emoji"))
        if let venue = value.object("venue") {
            message.add(line: place(venue["location"], venue.given("title"), venue.given("address")))
        } else if value.has("location") {
            message.add(line: place(value["location"]))
        }
        if let card = value.object("contact") {
            let words = ["first_name", "last_name", "phone_number"].compactMap { card.given($0) }
            message.add(line: words.joined(separator: " "))
        }
        if let poll = value.object("poll") { message.add(line: list(poll.given("question"), poll.list("options"))) }
        if let tasks = value.object("checklist") { message.add(line: list(tasks.given("title"), tasks.list("tasks"))) }
        message.add(line: value.object("dice").flatMap { $0.given("emoji") })
        message.add(line: value.object("game").flatMap { $0.given("title") })
        message.add(line: value.object("web_app_data").flatMap { $0.given("data") })
        if message.text.isEmpty, message.attachments.isEmpty {
            let kind = kinds.sorted().first { value.has($0) } ?? "unknown"
            message.warnings.append("unsupported_content:\(kind)")
        }
    }

    private static func list(_ title: String?, _ items: [JSONValue]) -> String {
        ([title].compactMap(\.self) + items.prefix(100).compactMap { $0.given("text").map { "- \($0)" } })
            .joined(separator: "\n")
    }

    private static func place(_ value: JSONValue?, _ words: String?...) -> String? {
        guard let latitude = value?.given("latitude"), let longitude = value?.given("longitude") else { return nil }
        // RFC 5870
        return (words.compactMap(\.self) + ["geo:\(latitude),\(longitude)"]).joined(separator: "\n")
    }

    // MARK: - Files

    private static func addFiles(to message: inout WebhookMessage, from value: JSONValue) {
        if let photo = largest(value.list("photo")) { message.attachments.append(file(photo, "photo")) }
        // A moving picture comes a second time as a document, for old bots.
        for kind in files where kind != "document" || !value.has("animation") {
            if let content = value.object(kind) { message.attachments.append(file(content, kind)) }
        }
        for media in (value.object("paid_media")?.list("paid_media") ?? []).prefix(100) {
            if let photo = largest(media.list("photo")) { message.attachments.append(file(photo, "photo")) }
            if let video = media.object("video") { message.attachments.append(file(video, "video")) }
        }
    }

    /// The sizes of one picture: the one with the most pixels.
    private static func largest(_ sizes: [JSONValue]) -> JSONValue? {
        func pixels(_ size: JSONValue) -> Double { (size["width"]?.double ?? 0) * (size["height"]?.double ?? 0) }
        return sizes.max { pixels($0) < pixels($1) }
    }

    /// `getFile` gives a link for the id. The name tells the pictures of an album apart.
    private static func file(_ content: JSONValue, _ kind: String) -> AttachmentInfo {
        let unique = content.given("file_unique_id") ?? content.given("file_id").map { String($0.prefix(64)) }
        return .remoteFile(
            url: nil,
            id: content.given("file_id"),
            name: content.given("file_name") ?? unique.map { "\(kind)-\($0)" } ?? kind,
            mediaType: content.given("mime_type") ?? (kind == "photo" ? "image/jpeg" : nil),
            size: content.given("file_size")
        )
    }

    // MARK: - Links

    /// Behind a link's words stands where it leads. Offsets count UTF-16 code units.
    private static func linked(_ text: String, _ entities: [JSONValue]) -> String {
        let links = entities.prefix(1000).compactMap { entity -> (end: Int, url: String)? in
            guard entity.given("type") == "text_link", let url = entity.given("url"),
                let start = entity["offset"]?.int64, let length = entity["length"]?.int64, start >= 0, length >= 0
            else {
                return nil
            }
            let (end, isOver) = start.addingReportingOverflow(length)
            return isOver ? nil : Int(exactly: end).map { ($0, url) }
        }
        guard !links.isEmpty else { return text }
        let units = Array(text.utf16)
        var result: [UInt16] = []
        var done = 0
        for link in links.sorted(by: { $0.end < $1.end }) where link.end >= done && link.end <= units.count {
            result += units[done..<link.end]
            result += Array(" (\(link.url))".utf16)
            done = link.end
        }
        result += units[done...]
        return String(decoding: result, as: UTF16.self)
    }
}
