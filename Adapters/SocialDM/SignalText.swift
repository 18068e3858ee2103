import GatehouseCore

/// A Signal chat as text, as tools write it from the desktop program's database: `[2019-12-24, 12:23] Jane Doe: Hello`.
///
/// Other lines continue a message. No ids, no zone. `Me` is who exported it; `![name](media/file.jpg)` is an attachment.
struct SignalText: ExportFormat {
    /// Names of files that say nothing about the chat in them.
    private static let plainNames: Set = ["chat", "index", "messages", "export", "signal", "result", "conversation"]

    let format = MessageFormat(name: "signal-text", summary: "Signal chat as text: [2019-12-24, 12:23] Name: …")
    let provider = "signal"
    let isText = true

    func confidence(in shape: DocumentShape) -> Confidence? {
        guard let first = shape.lines(1).first, let row = SignalRow(first) else { return nil }
        // WhatsApp's files look alike; where they write such dates, they write seconds.
        let isWhatsApp =
            shape.name.contains("whatsapp") || shape.name.hasSuffix("_chat.txt") || shape.mentions("\u{200E}")
        if isWhatsApp { return .possible }
        return row.precision == "min" || shape.name.contains("signal") ? .certain : .possible
    }

    func read(_ session: ExportSession, emit: (ParsedItem) throws -> Void) throws {
        let conversation = Self.conversation(session.input.path)
        let head = try session.input.bytes.peek(1 << 20)
        if ByteSearch.firstIndex(of: Array("] Me: ".utf8), in: head, 0..<head.count) != nil { session.owner.add("Me") }
        var lines = TextLines(session.input.bytes, limit: session.limits.messageBytes)
        var pending: TextMessage?
        var hasRows = false
        // What a cut has left of a message that has only just begun.
        var rest: TextLine?
        while let line = try lines.next() {
            if Self.isWithinFrame(line) {
                rest = line
                continue
            }
            guard let row = SignalRow(line.text) else {
                if pending == nil, !line.bytes.isEmpty { try emit(session.ignored("preamble", at: line.offset)) }
                pending?.add(line, limit: session.limits.messageBytes)
                continue
            }
            if let pending { try emit(session.item(message(pending, in: conversation, session))) }
            hasRows = true
            let time = SentTime(row.time, zone: session.zone)
            pending = TextMessage(sender: UnicodeText.normalised(row.sender), time: time, text: row.text, line: line)
        }
        if let pending {
            try emit(pending.cut(in: session) ?? session.item(message(pending, in: conversation, session)))
        }
        if hasRows, let rest {
            try emit(session.rejected(TextEnd.reason, TextEnd.detail, at: rest.offset, raw: rest.bytes))
        }
        guard !hasRows else { return }
        let detail = "no line in it starts with a date in brackets, a name and a colon."
        try emit(session.rejected("not_signal_text", detail, raw: session.brokenBytes))
    }

    /// Whether a last line breaks off before a message's first word.
    private static func isWithinFrame(_ line: TextLine) -> Bool {
        guard !line.isTerminated else { return false }
        if TextEnd.isWithinStart(line, like: Array("[2019-12-24, 12:23] ".utf8)) { return true }
        if let row = SignalRow(line.text) { return row.text.isEmpty }
        // A colon away from being a row.
        return SignalRow(line.text + ":") != nil && TextEnd.isWithinName(String(line.text.drop { $0 != "]" }))
    }

    private func message(_ text: TextMessage, in conversation: String?, _ session: ExportSession) -> DirectMessage {
        var message = text.message()
        message.conversation = conversation.map { "signal:\($0)" }
        let (words, files) = SignalLinks.split(message.text)
        guard !files.isEmpty else { return message }
        message.text = words
        message.attachments = files.prefix(session.limits.attachmentCount).map { file in
            session.attachment(file.path, in: session.folder, shown: file.name.isEmpty ? nil : file.name)
        }
        return message
    }

    /// The file's name, or that of its folder.
    private static func conversation(_ path: String?) -> String? {
        guard let path else { return nil }
        let name = ExportSession.lastComponent(path)
        let stem = String(name.prefix { $0 != "." })
        guard plainNames.contains(stem.lowercased()) || stem.isEmpty else { return stem }
        return ExportFolder(besideFile: path).components.last
    }
}

/// The first line of a message.
struct SignalRow {
    let time: ParsedTime
    let sender: String
    let text: String

    var precision: String { time.precision }

    /// - Returns: nil for what continues the message before.
    init?(_ line: String) {
        let bytes = Array(line.utf8)
        guard bytes.first == UInt8(ascii: "["), bytes.count > 12,
            let close = ByteSearch.firstIndex(of: UInt8(ascii: "]"), in: bytes, 11..<min(bytes.count, 40)),
            close + 2 < bytes.count, bytes[close + 1] == 0x20
        else { return nil }
        // `2019-12-24, 12:23`
        let date = bytes[1..<close].filter { $0 != UInt8(ascii: ",") }
        guard let time = ParsedTime(iso8601: String(decoding: date, as: UTF8.self)), time.precision != "day",
            date[4] == UInt8(ascii: "-")
        else { return nil }
        guard
            let colon = ByteSearch.firstIndex(
                of: UInt8(ascii: ":"),
                in: bytes,
                (close + 2)..<min(bytes.count, close + 200)
            ),
            colon > close + 2
        else { return nil }
        self.time = time
        sender = String(decoding: bytes[(close + 2)..<colon], as: UTF8.self)
        text = String(decoding: bytes[(colon + 1)...].drop { $0 == 0x20 }, as: UTF8.self)
    }
}

/// Markdown that stands for attachments.
enum SignalLinks {
    /// Takes `![name](media/x.jpg)` and `[name](./media/x.pdf)` out of a text; other links are the sender's words.
    static func split(_ text: String) -> (words: String, files: [(name: String, path: String)]) {
        guard text.contains("](") else { return (text, []) }
        let bytes = Array(text.utf8)
        var words: [UInt8] = []
        var files: [(name: String, path: String)] = []
        var index = 0
        while index < bytes.count {
            let isImage =
                bytes[index] == UInt8(ascii: "!") && index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "[")
            if isImage || bytes[index] == UInt8(ascii: "["), let file = file(bytes, at: index + (isImage ? 2 : 1)) {
                files.append((file.name, file.path))
                index = file.end
            } else {
                words.append(bytes[index])
                index += 1
            }
        }
        while let last = words.last, last == 0x20 || last == 0x0A { words.removeLast() }
        return (String(decoding: words.drop { $0 == 0x20 || $0 == 0x0A }, as: UTF8.self), files)
    }

    private static func file(_ bytes: [UInt8], at start: Int) -> (name: String, path: String, end: Int)? {
        // Names are short; the search is bounded, so that many brackets stay linear.
        let middle = ByteSearch.firstIndex(of: Array("](".utf8), in: bytes, start..<min(bytes.count, start + 256))
        guard let middle else { return nil }
        let range = (middle + 2)..<min(bytes.count, middle + 1024)
        guard let end = ByteSearch.firstIndex(of: UInt8(ascii: ")"), in: bytes, range) else { return nil }
        let path = String(decoding: bytes[(middle + 2)..<end], as: UTF8.self)
        guard path.hasPrefix("media/") || path.hasPrefix("./media/") else { return nil }
        return (String(decoding: bytes[start..<middle], as: UTF8.self), path, end + 1)
    }
}
