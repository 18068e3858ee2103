import GatehouseCore

/// One message, or one notice, of a chat: its header line and the lines below it.
struct WhatsAppMessage {
    let header: WhatsAppHeader
    let start: Int
    /// Behind the last line that belongs to it.
    var end: Int
    /// False where its last line has no end.
    var isTerminated: Bool
    let isFirst: Bool
    let chat: WhatsAppOverview

    init(header: WhatsAppHeader, line: TextLine, isFirst: Bool, chat: WhatsAppOverview) {
        self.header = header
        start = line.offset
        end = line.end
        isTerminated = line.isTerminated
        self.isFirst = isFirst
        self.chat = chat
    }

    func emit(in session: ExportSession, to emit: (ParsedItem) throws -> Void) throws {
        let rest = chat.bytes[min(start + header.length, end)..<end]
        let line = rest.prefix { $0 != 0x0A }
        guard let (name, bodyStart) = WhatsAppText.author(of: line, known: chat.authors) else {
            return try emit(notice(WhatsAppText.clean(rest), in: session))
        }
        let body = rest[bodyStart...]
        let isMarked = WhatsAppText.isMarked(body)
        let text = WhatsAppText.clean(body)
        let isTitle = name == chat.title && !chat.authors.contains(name)
        let isNotice = (isMarked || isTitle || isFirst) && WhatsAppWords.isNotice(text)
        guard !isNotice, !(isTitle && (isMarked || isFirst)) else {
            return try emit(session.ignored("notice", at: start))
        }
        var message = base(from: name, in: session)
        if isMarked, WhatsAppWords.isMissedCall(text) {
            message.type = .callMissed
            message.text = String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "\u{200E}" }))
        } else if WhatsAppWords.isDeletion(text) || isMarked && WhatsAppWords.isDeletionByAdmin(text) {
            message.type = .messageDeleted
        } else {
            WhatsAppContent(body: body, text: text, session: session).fill(&message)
            if message.text.isEmpty, message.attachments.isEmpty {
                return try emit(session.ignored("empty_message", at: start))
            }
        }
        try emit(session.item(message))
    }

    /// A line without an author: what happened to the chat. A missed call is somebody who wanted to talk.
    private func notice(_ text: String, in session: ExportSession) -> ParsedItem {
        guard WhatsAppWords.isMissedCall(text) else { return session.ignored("notice", at: start) }
        // "Missed voice call from Ann" names who called.
        let named = chat.authors.filter { text.contains($0) }.max { $0.utf8.count < $1.utf8.count }
        var message = base(from: chat.isPair ? chat.title : named, in: session)
        message.type = .callMissed
        message.text = text
        return session.item(message)
    }

    private func base(from name: String?, in session: ExportSession) -> DirectMessage {
        var message = DirectMessage(sender: Self.party(name, region: session.input.context.defaultRegion))
        message.conversation = chat.conversation
        message.subject = chat.isPair ? nil : chat.title
        if let civil = WhatsAppDates.civil(header, chat.order) {
            message.time = SentTime(text: Self.iso(civil, header), zone: session.zone)
            // As it is written: a longer export may show another order of day and month.
            message.keyTime = header.key
        } else {
            message.warnings.append("date_unparsed")
        }
        if !isTerminated { message.warnings.append(TextEnd.unsure) }
        if !chat.isOrderCertain { message.warnings.append("date_order_assumed:\(chat.order.word)") }
        if chat.isPair, let peer = chat.title {
            // An account that is neither of the two, such as a number, says nothing of who is who.
            let isTold = session.owner.matches(message.sender) || session.owner.matches(Self.party(peer, region: nil))
            if !isTold { message.direction = name == peer ? .inbound : .outbound }
            if name != peer { message.others = [Self.party(peer, region: session.input.context.defaultRegion)] }
        }
        message.raw = Array(chat.bytes[start..<end])
        message.offset = start
        return message
    }

    private static func iso(_ civil: CivilTime, _ header: WhatsAppHeader) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
        let minute = "\(civil.year)-\(two(civil.month))-\(two(civil.day))T\(two(civil.hour)):\(two(civil.minute))"
        return header.second == nil ? minute : "\(minute):\(two(civil.second))"
    }

    /// People who are not in the phone's contacts are called by their numbers.
    private static func party(_ name: String?, region: String?) -> Party {
        var party = Party(name: name)
        if let name, name.hasPrefix("+") {
            party.phone = PhoneNumberTable.world.read(name, defaultRegion: region).e164
        }
        return party
    }
}

/// A body taken apart into the writer's words and what WhatsApp says of media.
struct WhatsAppContent {
    let body: ArraySlice<UInt8>
    let text: String
    let session: ExportSession

    func fill(_ message: inout DirectMessage) {
        var text = withoutEdit(text, &message)
        if let (name, rest) = attachedAtEnd(text) ?? attachedAtStart(text) {
            message.attachments = [session.attachment(name, in: session.folder)]
            text = rest
        } else if let (name, rest) = omittedAtStart(text) ?? omittedAtEnd(text) {
            let info = AttachmentInfo(status: .omitted, name: name.isEmpty ? nil : name)
            message.attachments = [ExportAttachment(info)]
            text = rest
        }
        // Within WhatsApp's own words the mark parts one from the next.
        message.text =
            WhatsAppText.isMarked(body)
            ? String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "\u{200E}" })) : text
    }

    private func exists(_ name: String) -> Bool {
        switch session.folder?.read(name, limit: 0) {
        case .tooLarge, .bytes: true
        default: false
        }
    }

    /// `words <attached: 00000012-PHOTO.jpg>`, as iOS writes it in the phone's language.
    private func attachedAtEnd(_ text: String) -> (name: String, rest: String)? {
        let bytes = Array(text.utf8)
        guard bytes.last == UInt8(ascii: ">"), let open = bytes.lastIndex(of: UInt8(ascii: "<")) else { return nil }
        let inside = bytes[(open + 1)..<(bytes.count - 1)]
        let colon = inside.firstIndex(of: UInt8(ascii: ":")).map { $0 + 1 }
        let wide = WhatsAppContent.index(of: Array("：".utf8), in: inside).map { $0 + 3 }
        guard let start = colon ?? wide, start < inside.endIndex else { return nil }
        let name = String(decoding: inside[start...].drop { $0 == 0x20 }, as: UTF8.self)
        let hasMark = Self.index(of: WhatsAppText.mark + [UInt8(ascii: "<")], in: body) != nil
        let isFile = WhatsAppText.isFileName(name) && hasMark
        guard isFile || WhatsAppText.isOwnFileName(name) || exists(name) else { return nil }
        var rest = bytes[..<open]
        while let last = rest.last, last == 0x20 || last == 0x0A { rest.removeLast() }
        return (name, String(decoding: rest, as: UTF8.self))
    }

    /// `IMG-20180129-WA0025.jpg (file attached)` with the caption below, as Android writes it.
    private func attachedAtStart(_ text: String) -> (name: String, rest: String)? {
        let bytes = Array(text.utf8)
        let line = bytes.prefix { $0 != 0x0A }
        guard line.last == UInt8(ascii: ")") || line.suffix(3).elementsEqual("）".utf8) else { return nil }
        let open = line.lastIndex(of: UInt8(ascii: "(")) ?? Self.index(of: Array("（".utf8), in: line)
        guard let open, open > 0, !line[open...].contains(where: { (48...57).contains($0) }) else { return nil }
        var end = open
        while end > 0, line[end - 1] == 0x20 { end -= 1 }
        let name = String(decoding: line[..<end], as: UTF8.self)
        let inside = String(decoding: line[open...].drop { $0 == UInt8(ascii: "(") }.dropLast(), as: UTF8.self)
        let isSaid = WhatsAppText.isMarkedEitherWay(body) || WhatsAppWords.isAttachedFile(inside)
        let isOwn = WhatsAppText.isOwnFileName(name) && (isSaid || !name.hasSuffix("."))
        guard isOwn || WhatsAppText.isFileName(name) && (isSaid || exists(name)) else {
            return nil
        }
        return (name, String(decoding: bytes[line.endIndex...].drop { $0 == 0x0A }, as: UTF8.self))
    }

    /// `<Media omitted>` with the caption below, as Android writes it.
    private func omittedAtStart(_ text: String) -> (name: String, rest: String)? {
        guard text.utf8.first == UInt8(ascii: "<") else { return nil }
        let bytes = Array(text.utf8)
        let line = bytes.prefix { $0 != 0x0A }
        guard line.last == UInt8(ascii: ">"),
            WhatsAppWords.isOmission(String(decoding: line, as: UTF8.self))
        else { return nil }
        return ("", String(decoding: bytes[line.endIndex...].drop { $0 == 0x0A }, as: UTF8.self))
    }

    /// `the caption ‎image omitted`, `report.pdf • ‎3 pages ‎document omitted`, as iOS writes it.
    ///
    /// - Returns: The file's name, empty where none is told; nil where nothing was left out.
    private func omittedAtEnd(_ text: String) -> (name: String, rest: String)? {
        // The mark tells WhatsApp's words from the writer's. At the start of a later line it stands before a poll's answers.
        guard let mark = Self.lastIndex(of: WhatsAppText.mark, in: body),
            mark == body.startIndex || body[mark - 1] != 0x0A, !body[mark...].dropLast().contains(0x0A),
            WhatsAppWords.isOmission(String(decoding: body[mark...], as: UTF8.self))
        else { return nil }
        let bullet = Self.lastIndex(of: Array("\u{2022}".utf8), in: body[..<mark])
        let words = WhatsAppText.clean(body[..<(bullet ?? mark)])
        // The writer's words keep a bullet of their own.
        return WhatsAppText.isFileName(words) && !words.utf8.contains(0x0A)
            ? (words, "") : ("", bullet == nil ? words : WhatsAppText.clean(body[..<mark]))
    }

    /// The text without WhatsApp's remark that it was changed.
    private func withoutEdit(_ text: String, _ message: inout DirectMessage) -> String {
        guard text.hasSuffix(">") else { return text }
        let bytes = Array(text.utf8)
        guard let open = bytes.lastIndex(of: UInt8(ascii: "<")) else { return text }
        let remark = String(decoding: bytes[open...], as: UTF8.self)
        let marked = WhatsAppText.mark + Array(remark.utf8)
        let trimmed = body.suffix(marked.count + 8)
        // Marked words in brackets at the end are a remark; with a colon they name a file, at the start they are the text.
        let isMarked = open > 0 && !remark.contains(":") && Self.index(of: marked, in: trimmed) != nil
        guard WhatsAppWords.edits.contains(remark) || isMarked && !WhatsAppWords.isOmission(remark) else { return text }
        message.warnings.append("edited")
        var rest = bytes[..<open]
        while let last = rest.last, last == 0x20 || last == 0x0A { rest.removeLast() }
        return String(decoding: rest, as: UTF8.self)
    }

    static func index(of needle: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        guard let first = needle.first else { return nil }
        var search = bytes
        while let start = search.firstIndex(of: first) {
            if bytes[start...].starts(with: needle) { return start }
            search = bytes[(start + 1)...]
        }
        return nil
    }

    private static func lastIndex(of needle: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        guard let first = needle.first else { return nil }
        var search = bytes
        while let start = search.lastIndex(of: first) {
            if bytes[start...].starts(with: needle) { return start }
            search = bytes[..<start]
        }
        return nil
    }
}
