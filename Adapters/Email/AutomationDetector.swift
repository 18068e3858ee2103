import GatehouseCore

/// Whether a machine wrote it, and the facts that only mail has (RFC 3834, 3464, 5965, 2919, 8551, 3156).
///
/// By reference: it holds all of the mail, and a value would be copied for each of its questions.
final class AutomationDetector {
    let message: [UInt8]
    let header: HeaderBlock
    let tree: MIMETree
    let body: MailBody
    let settings: MailSettings

    init(message: [UInt8], header: HeaderBlock, tree: MIMETree, body: MailBody, settings: MailSettings) {
        self.message = message
        self.header = header
        self.tree = tree
        self.body = body
        self.settings = settings
    }

    func fill(_ data: inout MessageData) {
        var facts = MailFacts()
        let bounces = BounceRecognition(message: message, header: header, tree: tree, text: data.body.text)
        data.automated = automation(bounces, data)
        if data.automated == .bounce {
            let ours = data.to + data.cc + data.from
            let reader = BounceReader(
                body: body,
                text: bounces.noticeText,
                failed: bounces.failedRecipients,
                strangers: ours
            )
            facts.bounce = reader.report
        }
        let protection = MailProtection(tree: tree, text: data.body.text)
        facts.signed = protection.signed
        facts.encrypted = protection.encrypted
        facts.calendarMethod = body.calendarMethod
        facts.ticketsNamed = TicketNames.named(in: data.subject ?? "", tokens: settings.ticketTokens)
        fillTrust(&data, &facts)
        if facts != MailFacts() { data.mail = facts }
    }

    /// What trusted servers say of the sender, and what a trusted sender asks for.
    private func fillTrust(_ data: inout MessageData, _ facts: inout MailFacts) {
        let results = AuthenticationResults(
            message,
            header,
            servers: settings.trustedServers,
            author: onlyAuthor(data)?.domain
        )
        data.authentication = results.verdicts
        let fields = ControlFields(
            message,
            header,
            settings: settings.control,
            author: onlyAuthor(data),
            isAuthentic: results.isAuthorAuthentic
        )
        facts.control = fields.control
        data.warnings += fields.warnings
    }

    /// The author's address in lower case; nil where two authors are named, so that nobody can say for which of them a
    /// verdict stands.
    private func onlyAuthor(_ data: MessageData) -> String? {
        guard data.from.count == 1, header.count(of: MachineFields.from, in: message) == 1 else { return nil }
        return data.from.first?.email?.lowercased()
    }

    private func automation(_ bounces: BounceRecognition, _ data: MessageData) -> Automation {
        if let kind = bounces.kind(of: data) { return kind }
        if OwnMail(message: message, header: header, settings: settings).isEcho(data) { return .echo }
        let kind = automationByHeader() ?? .no
        // Exchange calls its out-of-office answers "auto-generated"; only their subject says more.
        guard kind == .no || kind == .bot, AutoReplySubjects.matches(data.subject ?? "") else { return kind }
        return .autoReply
    }

    // Loops and not `contains(where:)` here: what takes a method for a closure copies all of this for each call.
    private func automationByHeader() -> Automation? {
        let submitted = firstValue(of: MachineFields.autoSubmitted)?.prefix { $0 != ";" && $0 != " " && $0 != "(" }
        if let submitted, submitted != "no", !submitted.isEmpty {
            return submitted.hasPrefix("auto-generated") || submitted == "auto-notified" ? .bot : .autoReply
        }
        for name in MachineFields.autoReply where isSet(name) { return .autoReply }
        let precedence = firstValue(of: MachineFields.precedence)
        if precedence == "auto_reply" || precedence == "auto-reply" || value(MachineFields.preference) == "auto_reply" {
            return .autoReply
        }
        if value(MachineFields.deliveredTo) == "autoresponder" { return .autoReply }
        for name in MachineFields.list where header.first(name, in: message) != nil { return .list }
        if let precedence, ["bulk", "list", "junk"].contains(precedence) { return .list }
        for name in MachineFields.machine where isSet(name) { return .bot }
        if let suppressed = value(MachineFields.suppressed), suppressed != "none" { return .bot }
        return nil
    }

    private func firstValue(of names: [FieldName]) -> String? {
        for name in names { if let value = value(name) { return value } }
        return nil
    }

    private func isSet(_ name: FieldName) -> Bool {
        value(name).map { !["no", "false", "none", "0"].contains($0) } ?? false
    }

    /// A field's value in lower case.
    private func value(_ name: FieldName) -> String? {
        header.first(name, in: message).map { range in
            String(decoding: unfold(message, range).prefix(1000).map(asciiLower), as: UTF8.self)
        }
    }
}

extension HeaderBlock {
    /// How many fields have that name.
    fileprivate func count(of name: FieldName, in message: [UInt8]) -> Int {
        fields.reduce(0) { $0 + (self.is($1, name, in: message) ? 1 : 0) }
    }
}

/// The fields by which machines give themselves away.
private enum MachineFields {
    static let from = FieldName("from")
    static let autoSubmitted = ["auto-submitted", "x-auto-submitted", "x-autosubmitted"].map { FieldName($0) }
    static let autoReply = [
        "x-autoreply", "x-autorespond", "x-autoresponder", "x-autoreply-from", "x-auto-reply", "x-auto-respond",
        "x-auto-response", "x-mail-autoreply", "x-vacation", "x-exim-autoreply", "x-away-action", "x-autogenerated",
        "x-auto-reply-from", "x-amazon-auto-reply", "x-gm-auto-reply", "x-autoreply-domain",
    ].map { FieldName($0) }
    static let machine = ["x-cron-env", "x-fc-machinegenerated", "x-auto-notification"].map { FieldName($0) }
    static let precedence = ["precedence", "x-precedence"].map { FieldName($0) }
    static let preference = FieldName("preference")
    static let deliveredTo = FieldName("delivered-to")
    static let list = ["list-id", "list-post", "list-unsubscribe", "x-mailman-version", "mailing-list"].map {
        FieldName($0)
    }
    static let suppressed = FieldName("x-auto-response-suppress")
}
