import GatehouseCore

/// Whether a machine wrote it, and the facts that only mail has (RFC 3834, 3464, 5965, 2919, 8551, 3156).
struct AutomationDetector {
    let message: [UInt8]
    let header: HeaderBlock
    let tree: MIMETree
    let body: MailBody

    func fill(_ data: inout MessageData) {
        var facts = MailFacts()
        let report = reportType
        data.automated = automation(report, data)
        if data.automated == .bounce {
            facts.bounce = BounceReader(body: body, failed: value(MachineFields.failedRecipients)).report
        }
        let protection = MailProtection(tree: tree, text: data.body.text)
        facts.signed = protection.signed
        facts.encrypted = protection.encrypted
        facts.calendarMethod = body.calendarMethod
        facts.ticketsNamed = TicketNames.named(in: data.subject ?? "")
        if facts != MailFacts() { data.mail = facts }
    }

    private var reportType: String? {
        guard let root = tree.parts.first, root.contentType.value == "multipart/report" else { return nil }
        if let type = root.contentType.parameters["report-type"]?.lowercased() { return type }
        let kinds = root.children.map { tree.parts[$0].contentType.value }
        if kinds.contains("message/delivery-status") { return "delivery-status" }
        return kinds.contains("message/feedback-report") ? "feedback-report" : nil
    }

    private func automation(_ report: String?, _ data: MessageData) -> Automation {
        switch report {
        case "delivery-status": return .bounce
        case "feedback-report": return .feedbackReport
        case "disposition-notification": return .autoReply
        default: break
        }
        if tree.parts.contains(where: { $0.contentType.value == "message/delivery-status" }) { return .bounce }
        if header.first(MachineFields.failedRecipients, in: message) != nil { return .bounce }
        if isFromDaemon(data), isNullSender || BounceSubjects.matches(data.subject ?? "") { return .bounce }
        return automationByHeader() ?? (AutoReplySubjects.matches(data.subject ?? "") ? .autoReply : .no)
    }

    private func automationByHeader() -> Automation? {
        let submitted = value(MachineFields.autoSubmitted)?.prefix { $0 != ";" && $0 != " " && $0 != "(" }
        if let submitted, submitted != "no", !submitted.isEmpty {
            return submitted == "auto-generated" ? .bot : .autoReply
        }
        for name in MachineFields.autoReply where value(name).map({ $0 != "no" && $0 != "false" }) ?? false {
            return .autoReply
        }
        let precedence = value(MachineFields.precedence)
        if precedence == "auto_reply" { return .autoReply }
        if MachineFields.list.contains(where: { header.first($0, in: message) != nil }) { return .list }
        if let precedence, ["bulk", "list", "junk"].contains(precedence) { return .list }
        if let suppressed = value(MachineFields.suppressed), suppressed != "none" { return .bot }
        return nil
    }

    /// The envelope's sender was empty, or is not known (RFC 5321 §4.5.5).
    private var isNullSender: Bool { value(MachineFields.returnPath)?.contains("<>") ?? true }

    private func isFromDaemon(_ data: MessageData) -> Bool {
        guard let sender = data.from.first else { return false }
        if let email = sender.email {
            let local = Array(email.utf8.prefix { $0 != UInt8(ascii: "@") })
            if Self.daemons.isPrefix(of: 0..<local.count, in: local) { return true }
        }
        let name = Array((sender.name ?? "").utf8)
        return Self.daemons.isPrefix(of: 0..<name.count, in: name)
    }

    private static let daemons = PhraseTable([
        "mailer-daemon", "postmaster", "post_master", "mail.delivery.system", "mail delivery system",
        "mail delivery subsystem",
    ])

    /// A field's value in lower case.
    private func value(_ name: FieldName) -> String? {
        header.first(name, in: message).map { range in
            String(decoding: unfold(message, range).prefix(1000).map(asciiLower), as: UTF8.self)
        }
    }
}

/// The fields by which machines give themselves away.
private enum MachineFields {
    static let failedRecipients = FieldName("x-failed-recipients")
    static let autoSubmitted = FieldName("auto-submitted")
    static let autoReply = ["x-autoreply", "x-autorespond", "x-autoresponder", "x-autoreply-from", "x-auto-reply"].map {
        FieldName($0)
    }
    static let precedence = FieldName("precedence")
    static let list = ["list-id", "list-post", "list-unsubscribe"].map { FieldName($0) }
    static let suppressed = FieldName("x-auto-response-suppress")
    static let returnPath = FieldName("return-path")
}

/// Subjects of out-of-office answers whose senders set no header.
enum AutoReplySubjects {
    private static let starts = PhraseTable([
        "automatic reply:", "auto-reply:", "auto reply:", "autoreply:", "auto response:", "autoresponse:",
        "out of office",
        "out of the office", "away from the office", "automatische antwort", "abwesenheitsnotiz", "abwesend:",
        "réponse automatique", "absence du bureau", "respuesta automática", "fuera de la oficina",
        "resposta automática",
        "risposta automatica", "automatisch antwoord", "afwezig:", "automatiskt svar", "autosvar",
        "automaattinen vastaus",
        "автоответ", "автоматический ответ", "automatyczna odpowiedź", "自动回复", "自動回覆", "自動返信", "不在通知", "자동 회신",
        "otomatik yanıt",
    ])

    static func matches(_ subject: String) -> Bool {
        // The table knows the cases of ASCII letters alone.
        let isASCII = subject.utf8.allSatisfy { $0 < 0x80 }
        let bytes = Array((isASCII ? subject : subject.lowercased()).utf8.prefix(64))
        return starts.isPrefix(of: 0..<bytes.count, in: bytes)
    }
}

/// Subjects under which servers return mail.
enum BounceSubjects {
    private static let words = PhraseTable([
        "deliver", "returned", "undeliverable", "failure", "failed", "mail error", "error sending", "bounce",
        "unzustellbar",
        "non remis", "no entregado", "devuelto", "não entregue", "mancata consegna", "nicht zugestellt", "退信", "配信不能",
    ])

    static func matches(_ subject: String) -> Bool {
        let bytes = Array(subject.utf8.prefix(500))
        return words.isFound(in: 0..<bytes.count, of: bytes)
    }
}

/// Tickets named in a subject, as ticket systems write them: `[rt #123]`, `[#123]`, `[Ticket#123]`.
enum TicketNames {
    static func named(in subject: String) -> [String] {
        let bytes = Array(subject.utf8)
        var names: [String] = []
        var cursor = 0
        while let open = ByteSearch.firstIndex(of: UInt8(ascii: "["), in: bytes, cursor..<bytes.count) {
            cursor = open + 1
            let bound = min(bytes.count, open + 80)
            guard let close = ByteSearch.firstIndex(of: UInt8(ascii: "]"), in: bytes, open..<bound),
                let hash = ByteSearch.firstIndex(of: UInt8(ascii: "#"), in: bytes, open..<close)
            else { continue }
            let digits = bytes[(hash + 1)..<close].drop { $0 == 0x20 }
            guard (1...20).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }) else { continue }
            let name = String(decoding: digits, as: UTF8.self)
            if !names.contains(name), names.count < 20 { names.append(name) }
        }
        return names
    }
}
