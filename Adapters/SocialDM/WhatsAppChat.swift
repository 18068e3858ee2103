import GatehouseCore

/// `_chat.txt` (iOS) or `WhatsApp Chat with X.txt` (Android): the text that WhatsApp sends for one chat, without ids or zones.
///
/// Each message starts with a date in the phone's own manner (`WhatsAppHeader`); other lines continue it. Which number is the
/// day is decided from the whole file, so the file is gone through twice.
struct WhatsAppChat: ExportFormat {
    let format = MessageFormat(name: "whatsapp", summary: "WhatsApp chat export: _chat.txt, with its media beside it")
    let provider = "whatsapp"
    let isText = true

    func confidence(in shape: DocumentShape) -> Confidence? {
        var lines = TextLines(shape.head, name: shape.name)
        var headers = 0
        var read = 0
        var isFirst = false
        var isOfSignal = false
        while read < 200, let line = try? lines.next() {
            guard !line.isBlank else { continue }
            if let header = WhatsAppHeader(line.bytes[...]) {
                headers += 1
                isOfSignal = isOfSignal || header.isWrittenLikeSignal
                isFirst = isFirst || read == 0
            }
            read += 1
        }
        guard headers > 0 else { return nil }
        let isNamed = shape.name.contains("whatsapp") || ExportSession.lastComponent(shape.name).hasPrefix("_chat")
        guard isNamed || !isOfSignal else { return nil }
        if isFirst { return isNamed || headers > 1 || read == 1 ? .certain : .likely }
        return isNamed ? .likely : nil
    }

    func read(_ session: ExportSession, emit: (ParsedItem) throws -> Void) throws {
        let limit = session.limits.messageBytes.multipliedReportingOverflow(by: 2).partialValue
        let (bytes, isCut) = try session.input.bytes.readAll(limit: limit)
        let chat = try WhatsAppOverview(bytes, session)
        guard chat.dates.count > 0 else {
            let detail = "no line in it starts with a date and a time as WhatsApp writes them."
            return try emit(session.rejected("not_whatsapp", detail, raw: bytes))
        }
        if isCut {
            let detail = "longer than \(limit) bytes; what comes later is not read. Raise limits.message_bytes."
            try emit(session.rejected("input_too_large", detail, raw: []))
        }
        var lines = TextLines(bytes, name: session.input.position)
        var pending: WhatsAppMessage?
        // What a cut has left of a message that has only just begun.
        var rest: TextLine?
        while let line = try lines.next() {
            if let header = chat.header(of: line) {
                if !line.isTerminated, WhatsAppText.isWithinFrame(line.bytes.dropFirst(header.length)) {
                    rest = line
                    continue
                }
                try pending?.emit(in: session, to: emit)
                pending = WhatsAppMessage(header: header, line: line, isFirst: pending == nil, chat: chat)
            } else if TextEnd.isWithinStart(line, like: chat.firstStart) {
                rest = line
            } else if pending != nil {
                pending?.end = line.end
                pending?.isTerminated = line.isTerminated
            } else if !line.isBlank {
                let detail = "text before the first message."
                try emit(session.rejected("text_before_messages", detail, at: line.offset, raw: line.bytes))
            }
        }
        if let pending, isCut || TextEnd.isWithinCharacter(bytes) {
            let raw = Array(bytes[pending.start..<pending.end])
            return try emit(session.rejected(TextEnd.reason, TextEnd.detail, at: pending.start, raw: raw))
        }
        try pending?.emit(in: session, to: emit)
        if let rest {
            try emit(session.rejected(TextEnd.reason, TextEnd.detail, at: rest.offset, raw: rest.bytes))
        }
    }
}

/// What the whole file says of each message: how dates are written, who takes part, what the chat is called.
struct WhatsAppOverview {
    private static let maximumAuthors = 10_000

    let bytes: [UInt8]
    private(set) var dates: WhatsAppDates
    let order: WhatsAppDates.Order
    let isOrderCertain: Bool
    private(set) var authors: Set<String> = []
    /// The other one's name, or the group's; nil where nothing tells.
    private(set) var title: String?
    private let style: WhatsAppHeader.Style?
    private var firstLine: [UInt8] = []
    /// The date and time of the first message as they are written.
    private(set) var firstStart: [UInt8] = []

    init(_ bytes: [UInt8], _ session: ExportSession) throws(IntakeError) {
        self.bytes = bytes
        var dates = WhatsAppDates(newest: session.input.context.receivedAt, region: session.input.context.defaultRegion)
        var lines = TextLines(bytes, name: session.input.position)
        var style: WhatsAppHeader.Style?
        var noticeAuthor: String?
        while let line = try lines.next() {
            guard let header = WhatsAppHeader(line.bytes[...]), style == nil || header.style == style else { continue }
            dates.take(header)
            let rest = line.bytes.dropFirst(header.length)
            let split = WhatsAppText.author(of: rest, known: [])
            if style == nil {
                style = header.style
                firstStart = Array(line.bytes.prefix(header.length))
                firstLine = Array(header.key.utf8) + rest
                // The first line of a chat is a notice that has the chat's own name where a person's would stand. One that
                // has lost its beginning starts with anything.
                if let split, WhatsAppText.isFirstNotice(rest[split.body...]) { noticeAuthor = split.name }
                if noticeAuthor != nil { continue }
            }
            if let split, authors.count < Self.maximumAuthors { authors.insert(split.name) }
        }
        self.dates = dates
        self.style = style
        (order, isOrderCertain) = dates.decision
        title = Self.title(session) ?? noticeAuthor ?? Self.sender(in: session, among: authors)
    }

    /// A line that starts a message: one with a header like the file's first. Others are quoted from elsewhere.
    func header(of line: TextLine) -> WhatsAppHeader? {
        guard let header = WhatsAppHeader(line.bytes[...]), header.style == style else { return nil }
        return header
    }

    /// Whether two people talk, one of whom gave the chat its name.
    var isPair: Bool { title.map { authors.count <= 2 && authors.contains($0) } ?? false }

    /// Groups the messages. Without a name the chat's first line stands for it, which stays while the chat grows.
    var conversation: String {
        if let title { return "whatsapp:\(title)" }
        let hash = SHA256Stream()
        hash.update(field: "whatsapp")
        hash.update(firstLine)
        return "whatsapp:first:\(Hex.encode(Array(hash.finish().prefix(8))))"
    }

    /// The sender whose name stands in the file's, whatever the other words in it. A name alone is what a person has called it.
    private static func sender(in session: ExportSession, among authors: Set<String>) -> String? {
        let files = [session.input.place?.name ?? session.input.path, session.input.place?.archive.name]
        let names = files.compactMap { $0.map(ExportSession.lastComponent) }.filter { name in
            !authors.contains { name == $0 || name == $0 + ".txt" || name == $0 + ".zip" }
        }
        return ChatTitle.sender(in: names, among: authors)
    }

    /// The name in `WhatsApp Chat with Ann.txt` or, around `_chat.txt`, in `WhatsApp Chat - Ann.zip` or its folder.
    private static func title(_ session: ExportSession) -> String? {
        var names = [ExportSession.lastComponent(session.input.place?.name ?? session.input.path ?? "")]
        names += [session.folder?.components.last ?? ""]
        if let place = session.input.place { names.append(ExportSession.lastComponent(place.archive.name)) }
        guard let name = names.first(where: { $0.lowercased().contains("whatsapp") }) else { return nil }
        return WhatsAppText.title(ofFile: name)
    }
}
