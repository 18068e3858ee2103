import GatehouseCore

/// `message_N.html` of Messenger's and Instagram's download.
///
/// The classes of its elements change with every year, so none is relied on: a message is the innermost element that holds a
/// date of its own and words before it, the first of which is the sender. Dates are in the account's language and zone.
struct MetaPage: ExportFormat {
    let format: MessageFormat
    let provider: String
    private let network: MetaThread.Network

    init(_ network: MetaThread.Network) {
        self.network = network
        provider = network.rawValue
        let name = network == .messenger ? "Facebook Messenger" : "Instagram"
        format = MessageFormat(
            name: network.rawValue + "-html",
            summary: "\(name) download: message_N.html of one thread"
        )
    }

    func confidence(in shape: DocumentShape) -> Confidence? {
        let start = shape.head.prefix(512).drop(while: JSONShape.isBlank)
        guard start.first == UInt8(ascii: "<") else { return nil }
        let isInstagram = shape.name.contains("instagram") || shape.mentions("cdninstagram")
        let boxes = ["/inbox/", "/archived_threads/", "/filtered_threads/", "/message_requests/", "/e2ee_cutover/"]
        let isThread =
            boxes.contains(where: shape.name.contains) || shape.mentions("Participants:")
            || shape.mentions("_a6-") || shape.mentions("_3-9")
        guard isThread || shape.name.contains("message_") else { return nil }
        guard !MetaPageReader(shape.head).blocks.isEmpty else { return nil }
        // The two networks' pages differ in nothing else.
        guard isInstagram == (network == .instagram) else { return .possible }
        return isThread ? .certain : .likely
    }

    func read(_ session: ExportSession, emit: (ParsedItem) throws -> Void) throws {
        let limit = session.limits.messageBytes
        let (bytes, isCut) = try session.input.bytes.readAll(limit: limit)
        guard !isCut else {
            let detail = "a page of more than \(limit) bytes. Raise limits.message_bytes to take it whole."
            return try emit(session.rejected("input_too_large", detail, raw: bytes))
        }
        let page = MetaPageReader(bytes)
        guard !page.blocks.isEmpty else {
            return try emit(
                session.rejected("not_\(provider)_html", "there is no sender with a date in it.", raw: bytes)
            )
        }
        let header = MetaHeader(participants: page.participants, title: page.title, folder: session.folder)
        header.identifyOwner(session)
        for block in page.blocks { try emit(session.item(message(block, in: page, header, session))) }
        guard !page.isWhole else { return }
        let end = page.blocks.last?.end ?? 0
        let detail = "the page has no end. It was cut, or is still being written."
        try emit(session.rejected("html_truncated", detail, at: end, raw: Array(bytes[min(end, bytes.count)...])))
    }

    private func message(
        _ block: MetaPageReader.Block,
        in page: MetaPageReader,
        _ header: MetaHeader,
        _ session: ExportSession
    ) -> DirectMessage {
        var message = DirectMessage(sender: Party(name: block.sender))
        message.others = header.isPair ? header.participants.filter { $0 != block.sender }.map { Party(name: $0) } : []
        message.conversation = header.conversationID.map { "\(provider):\($0)" }
        message.keyConversation = header.keyConversation
        message.subject = header.isPair ? nil : header.title
        message.time = LocalisedTime(block.date).parsed(order: .monthFirst).flatMap { SentTime($0, zone: session.zone) }
        message.text = page.text(of: block)
        message.raw = Array(page.bytes[block.start..<block.end])
        message.offset = block.start
        message.attachments = page.files(of: block).prefix(session.limits.attachmentCount).map { name in
            if name.hasPrefix("https://") || name.hasPrefix("http://") { return session.remoteAttachment(name) }
            return MetaMessage.local(name, in: session)
        }
        return message
    }
}
