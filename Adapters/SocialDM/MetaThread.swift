import GatehouseCore

/// `message_N.json` of Messenger's and Instagram's "Download your information", and the camelCase form of
/// Messenger's end-to-end encrypted chats.
///
/// No ids of messages or senders, no replies, no edits; newest first; what names the thread stands behind the messages.
/// Hence the document is gone through twice: once for its names, once for its messages.
struct MetaThread: ExportFormat {
    enum Network: String { case messenger, instagram }

    let format: MessageFormat
    let provider: String
    private let network: Network

    init(_ network: Network) {
        self.network = network
        provider = network.rawValue
        let name = network == .messenger ? "Facebook Messenger" : "Instagram"
        format = MessageFormat(name: network.rawValue, summary: "\(name) download: message_N.json of one thread")
    }

    func confidence(in shape: DocumentShape) -> Confidence? {
        // A thread without messages still has its frame.
        let isFrame = shape.has(".participants") && shape.has(".messages")
        let isEncrypted = shape.has(".messages[].senderName") || isFrame && shape.has(".threadName")
        let hasMessages = shape.has(".messages[].sender_name") || shape.has(".messages[].senderName")
        let hasTimes = shape.has(".messages[].timestamp_ms") || shape.has(".messages[].timestamp")
        guard hasMessages ? hasTimes : isEncrypted || isFrame && shape.has(".thread_path") else { return nil }
        if isEncrypted { return network == .messenger ? .certain : nil }
        func names(_ words: [String]) -> Bool { words.contains { shape.name.contains($0) || shape.mentions($0) } }
        let isInstagram = names(["your_instagram_activity", "cdninstagram"]) || shape.name.contains("instagram")
        let isFacebook =
            names(["your_activity_across_facebook", "your_facebook_activity", "facebook.com/"])
            || shape.name.contains("facebook") || shape.name.contains("messenger")
        if isInstagram != isFacebook { return isInstagram == (network == .instagram) ? .certain : .possible }
        // Instagram's downloads have no kind of message and no kind of thread.
        let hasKinds = shape.has(".messages[].type") || shape.has(".thread_type")
        return hasKinds && network == .messenger ? .likely : .possible
    }

    func read(_ session: ExportSession, emit: (ParsedItem) throws -> Void) throws {
        let limit = session.limits.messageBytes.multipliedReportingOverflow(by: 2).partialValue
        let (bytes, isCut) = try session.input.bytes.readAll(limit: max(limit, session.limits.messageBytes))
        guard !isCut else {
            let detail = "a thread of more than \(limit) bytes. Raise limits.message_bytes to take it whole."
            return try emit(session.rejected("input_too_large", detail, raw: bytes))
        }
        let options = JSONOptions(limits: session.limits)
        let name = session.input.position
        let header = MetaHeader(JSONReader(bytes: bytes, name: name, options: options), folder: session.folder)
        header.identifyOwner(session)
        var reader = JSONReader(bytes: bytes, name: name, options: options)
        do {
            var isThread = false
            while try reader.hasValue() {
                guard try reader.enterObject() else { break }
                while let key = try reader.nextKey() {
                    guard key == "messages", try reader.enterArray() else {
                        try reader.skipValue()
                        continue
                    }
                    isThread = true
                    try readMessages(&reader, header, session, emit: emit)
                }
            }
            guard !isThread else { return }
            try emit(session.rejected("not_\(provider)", "the JSON in it has no 'messages' array.", raw: bytes))
        } catch let error as JSONError {
            try emit(session.rejected(error, raw: session.brokenBytes))
        }
    }

    private func readMessages(
        _ reader: inout JSONReader,
        _ header: MetaHeader,
        _ session: ExportSession,
        emit: (ParsedItem) throws -> Void
    ) throws {
        try session.elements(&reader, emit: emit) { value, raw, warnings in
            let message = MetaMessage(value: value, raw: raw, warnings: warnings, header: header)
            try message.emit(in: session, to: emit)
        }
    }
}

/// What a thread's document says besides its messages.
struct MetaHeader {
    private(set) var participants: [String] = []
    private(set) var title: String?
    private(set) var threadID: String?
    private(set) var isEncrypted = false

    init(participants: [String], title: String?, folder: ExportFolder?) {
        self.participants = participants
        self.title = title
        threadID = folder.flatMap(Self.threadFolder)
    }

    /// Goes through the document once without its messages; a document that breaks off gives what stands before.
    init(_ reader: consuming JSONReader, folder: ExportFolder?) {
        threadID = folder.flatMap(Self.threadFolder)
        do throws(JSONError) {
            guard try reader.enterObject() else { return }
            while let key = try reader.nextKey() {
                switch key {
                case "participants":
                    let list = try reader.readValue().array ?? []
                    isEncrypted = list.contains { $0.string != nil }
                    participants = list.compactMap { $0.string ?? $0["name"]?.string }.map(MojibakeRepair.clean)
                case "title": title = try reader.readValue().string.map(MojibakeRepair.clean)
                case "threadName":
                    title = try reader.readValue().string.map(MojibakeRepair.clean).map(Self.withoutNumber)
                case "thread_path":
                    if let path = try reader.readValue().string { threadID = ExportSession.lastComponent(path) }
                default: try reader.skipValue()
                }
            }
        } catch {
            return
        }
    }

    var isPair: Bool { participants.count == 2 }

    /// Groups the thread's messages: the thread's own id, or what it is called.
    ///
    /// Two people may have the same name, so names alone are taken only where there is nothing else.
    var conversationID: String? {
        if let threadID { return threadID }
        if !participants.isEmpty { return "names:" + participants.sorted().joined(separator: ", ") }
        return title.map { "title:\($0)" }
    }

    /// The conversation as part of a key. The two forms of one chat overlap and share nothing but the people in it.
    var keyConversation: String? {
        isPair ? participants.sorted().joined(separator: "\n") : conversationID
    }

    /// `Ann` of `Ann_12`, as threads of the encrypted form are called, in which the number is the file's.
    private static func withoutNumber(_ name: String) -> String {
        let digits = name.utf8.reversed().prefix { (0x30...0x39).contains($0) }.count
        guard digits > 0, name.utf8.count > digits + 1, name.utf8.dropLast(digits).last == UInt8(ascii: "_") else {
            return name
        }
        return String(decoding: Array(name.utf8.dropLast(digits + 1)), as: UTF8.self)
    }

    /// A thread of two is called after the other one.
    func identifyOwner(_ session: ExportSession) {
        guard isPair, participants[0] != participants[1], let title, let index = participants.firstIndex(of: title)
        else {
            return
        }
        let name = participants[1 - index]
        // The account may be an id, which no download has; or it is the other one, whose side this is.
        guard !session.owner.matches(Party(name: title)) else { return }
        session.owner.add(Party(name: name))
    }

    /// `alice_ABC123` of `…/inbox/alice_ABC123/message_1.json`.
    private static func threadFolder(_ folder: ExportFolder) -> String? {
        let parts = folder.components
        let boxes = ["inbox", "archived_threads", "filtered_threads", "message_requests", "e2ee_cutover"]
        guard parts.count >= 2, boxes.contains(parts[parts.count - 2]) else { return nil }
        return parts[parts.count - 1]
    }
}
