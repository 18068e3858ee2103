import GatehouseCore

/// Tells returned mail and reports on delivery from ordinary mail.
///
/// A report in its own media type says what it is (RFC 3464, 5965, 8098). Servers that write in plain words are known by
/// what at least two signs agree in: the sender, the null return path, the subject, the words of the text, and the
/// returned mail that lies in it.
struct BounceRecognition {
    let message: [UInt8]
    let header: HeaderBlock
    let tree: MIMETree
    let text: String

    /// Of the text that is looked through for a server's words.
    private static let window = 8 * 1024

    private static let failed = FieldName("x-failed-recipients")
    private static let returnPath = FieldName("return-path")

    /// Exim's list of whom it could not reach.
    var failedRecipients: String? {
        header.first(Self.failed, in: message).map { range in
            String(decoding: unfold(message, range).prefix(1000), as: UTF8.self)
        }
    }

    /// The text, or the bytes as they stand where damaged MIME hides it.
    var noticeText: String {
        guard text.isEmpty else { return text }
        return String(decoding: message[header.bodyStart...].prefix(4 * Self.window), as: UTF8.self)
    }

    /// - Returns: nil where it is no report on another mail.
    func kind(of data: MessageData) -> Automation? {
        if let report = kindByMediaType() { return report }
        if failedRecipients != nil { return .bounce }
        let subject = data.subject?.leadingBytes(500) ?? []
        if let notice = kindByServiceNotice(subject) { return notice }
        func hasSubject() -> Bool { BouncePhrases.subjects.isFound(in: 0..<subject.count, of: subject) }
        // Searched only where the sender or the subject asks for it.
        func hasWords() -> Bool {
            let words = noticeText.leadingBytes(Self.window)
            return BouncePhrases.texts.isFound(in: 0..<words.count, of: words)
        }
        func hasCode() -> Bool { Self.hasReplyWithCode(noticeText.leadingBytes(Self.window)) }
        switch sender(data) {
        case .daemon: return isNullPath != false || hasSubject() || hasWords() ? .bounce : nil
        case .postmaster: return hasSubject() || hasWords() || isNullPath == true && hasCode() ? .bounce : nil
        case .other:
            if isNullPath == true { return hasSubject() && hasWords() ? .bounce : nil }
            guard BouncePhrases.certainSubjects.isPrefix(of: 0..<subject.count, in: subject) else { return nil }
            return hasWords() && holdsReturnedMail ? .bounce : nil
        }
    }

    /// `550 5.1.1` with Exchange's reason or without: no words, but a server's report in any language.
    private static func hasReplyWithCode(_ words: [UInt8]) -> Bool {
        guard let code = StatusCode.enhanced(in: words, 0..<words.count) else { return false }
        if BouncePhrases.serverReasons.isFound(in: 0..<words.count, of: words) { return true }
        return StatusCode.reply(in: words, max(0, code.lowerBound - 5)..<code.lowerBound) != nil
    }

    private func kindByMediaType() -> Automation? {
        let types = tree.parts.lazy.map(\.contentType.value)
        if let root = tree.parts.first, root.contentType.value == "multipart/report" {
            switch root.contentType.parameters["report-type"]?.lowercased() {
            case "delivery-status": return deliveryOutcome
            case "feedback-report": return .feedbackReport
            case "disposition-notification": return .autoReply
            default: break
            }
        }
        if types.contains("message/feedback-report") { return .feedbackReport }
        let hasStatus = types.contains { $0 == "message/delivery-status" || $0 == "message/global-delivery-status" }
        return hasStatus ? deliveryOutcome : nil
    }

    /// A report that everything was delivered is an answer of a machine, and no bounce.
    private var deliveryOutcome: Automation {
        for part in tree.parts where part.contentType.value.hasSuffix("delivery-status") {
            let actions = DeliveryStatus.groups(in: message, part.content).compactMap(\.action)
            if !actions.isEmpty, actions.allSatisfy({ ["delivered", "relayed", "expanded"].contains($0) }) {
                return .autoReply
            }
        }
        return .bounce
    }

    /// Notices of services that use a form of their own: Amazon's JSON, and Hotmail's complaints, which are a mail
    /// inside a mail.
    private func kindByServiceNotice(_ subject: [UInt8]) -> Automation? {
        if BouncePhrases.complaints.isPrefix(of: 0..<subject.count, in: subject),
            tree.parts.contains(where: { $0.contentType.value == "message/rfc822" })
        {
            return .feedbackReport
        }
        guard text.utf8.first == UInt8(ascii: "{") else { return nil }
        let start = Array(text.utf8.prefix(200)).filter { $0 > 0x20 }
        if ByteSearch.firstIndex(of: Self.serviceBounce, in: start, 0..<start.count) != nil { return .bounce }
        return ByteSearch.firstIndex(of: Self.serviceComplaint, in: start, 0..<start.count) != nil
            ? .feedbackReport : nil
    }

    private static let serviceBounce = Array(#""notificationType":"Bounce""#.utf8)
    private static let serviceComplaint = Array(#""notificationType":"Complaint""#.utf8)

    /// Whether the envelope's sender was empty (RFC 5321 §4.5.5); nil where no server noted it.
    private var isNullPath: Bool? {
        guard let range = header.first(Self.returnPath, in: message) else { return nil }
        // `<>`, with blanks or without.
        var signs = 0
        for index in range.prefix(1000) where message[index] > 0x20 {
            let expected = signs == 0 ? UInt8(ascii: "<") : UInt8(ascii: ">")
            guard signs < 2, message[index] == expected else { return false }
            signs += 1
        }
        return signs != 1
    }

    private enum Sender {
        /// No person writes under this name.
        case daemon
        /// A server's name, and a person's too.
        case postmaster
        case other
    }

    private func sender(_ data: MessageData) -> Sender {
        guard let author = data.from.first else { return .other }
        let address = author.email?.leadingBytes(200) ?? []
        let kind = sender(called: address, address.firstIndex(of: UInt8(ascii: "@")) ?? address.count)
        guard kind != .daemon, let name = author.name?.leadingBytes(200) else { return kind }
        let named = sender(called: name, name.count)
        return named == .other ? kind : named
    }

    /// - Parameter length: How much of `name` counts: an address up to its `@`.
    private func sender(called name: [UInt8], _ length: Int) -> Sender {
        if BouncePhrases.daemons.isPrefix(of: 0..<length, in: name) { return .daemon }
        if BouncePhrases.postmasters.isPrefix(of: 0..<length, in: name) { return .postmaster }
        return length > 40 && BouncePhrases.exchange.isPrefix(of: 0..<length, in: name) ? .postmaster : .other
    }

    /// The returned mail, or its header, as a part or behind a line that announces it.
    private var holdsReturnedMail: Bool {
        let types: Set<String> = ["message/rfc822", "text/rfc822-headers", "message/global", "message/partial"]
        if tree.parts.contains(where: { types.contains($0.contentType.value) }) { return true }
        let words = noticeText.leadingBytes(Self.window)
        return BouncePhrases.returnedMail.isFound(in: 0..<words.count, of: words)
    }
}
