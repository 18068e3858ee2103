import GatehouseCore

/// What the placeholders of a preset stand for, for one message.
struct MessageValues {
    /// The names that every preset may use; `option.NAME` and what is taken from answers come on top.
    static let names: Set<String> = [
        "id", "text", "body", "subject", "priority", "level", "queue", "tags", "channel", "account", "language", "type",
        "time", "since", "is_note", "is_reply", "labels", "ticket", "ticket.0", "ticket.1", "ticket.2", "base", "user",
        "files", "envelope", "customer.name", "customer.first_name", "customer.last_name", "customer.email",
        "customer.any_email", "customer.phone", "customer.username", "customer.id", "customer.key", "customer.line",
    ]
    /// What a file has of its own; in a text outside `$files` they stand for all files, one on each line.
    static let fileNames: Set<String> = ["name", "type", "size", "bytes", "base64"]
    /// What is known only where requests are authorised.
    static let proofNames: Set<String> = ["user", "secret", "session", "base"]

    var message: OutgoingMessage
    /// The conversation's ticket, or the one that was just made.
    var ticket: String?
    /// Stands in the place of the message's words where only something about it is to be said.
    var notice: String?
    let base: String
    let user: String?
    let options: [String: String]
    let priorities: [String: String]
    var textBytes = Int.max

    func value(_ name: String) -> PresetValue? {
        if name.hasPrefix("customer.") { return customer(String(name.dropFirst(9))).map { .text($0) } }
        if name.hasPrefix("option.") { return options[String(name.dropFirst(7))].map { .text($0) } }
        switch name {
        case "is_note": return .bool(!message.isPersonsMessage)
        case "is_reply": return .bool(message.isPersonsMessage)
        case "tags": return .list(tags)
        case "labels": return .list((text("priority").map { [$0] } ?? []) + tags)
        case "files": return .list(message.files.map(\.name))
        default: return text(name).map { .text($0) }
        }
    }

    private func text(_ name: String) -> String? {
        switch name {
        case "id": message.job.envelopeID
        case "text": TicketText.visible(message.text, limit: TicketText.textLimit, byteLimit: textBytes)
        case "body": notice ?? TicketText.body(message, byteLimit: textBytes)
        case "subject": TicketText.subject(message)
        case "priority": message.priority ?? priorities[message.level.rawValue]
        case "level": message.level.rawValue
        case "queue": message.queue
        case "channel": message.channel
        case "account": message.account
        case "language": message.triage?.pointer("/language/tag")?.text
        case "type": message.type
        case "time": message.job.envelope["time"]?.string
        case "since": since
        case "base": base
        case "user": user
        case "ticket": ticket
        case "ticket.0": part(0)
        case "ticket.1": part(1)
        case "ticket.2": part(2)
        case "envelope": String(decoding: message.job.envelopeBytes, as: UTF8.self)
        default: nil
        }
    }

    /// A ticket that is called by several names has slashes between them.
    private func part(_ index: Int) -> String? {
        let parts = ticket?.split(separator: "/", omittingEmptySubsequences: false) ?? []
        return parts.indices.contains(index) ? String(parts[index]) : nil
    }

    private func customer(_ name: String) -> String? {
        let customer = message.customer
        switch name {
        case "email": return message.customerAddress
        // For systems that know people by nothing else; no mail can reach it (RFC 2606 §2).
        case "any_email": return message.customerAddress ?? "\(key)@customers.invalid"
        case "line": return message.customerLine
        case "name":
            return customer?["name"]?.string.map { TicketText.oneLine($0, limit: 100) }
        case "first_name": return names?.first
        case "last_name": return names?.last
        case "key": return key
        default: return customer?[name]?.text.map { TicketText.oneLine($0, limit: 200) }
        }
    }

    /// The name before its last space, and what is behind it.
    private var names: (first: String, last: String?)? {
        guard let name = self.customer("name"), !name.isEmpty else { return nil }
        guard let space = name.lastIndex(of: " ") else { return (name, nil) }
        return (String(name[..<space]), String(name[name.index(after: space)...]))
    }

    /// The same for all messages of one person on one channel, and fit for any system's identifier.
    private var key: String {
        let customer = message.customer
        let known = ["id", "email", "phone", "username", "name"].lazy.compactMap { customer?[$0]?.text }.first
        let whose = "\(message.channel)\n\(message.account ?? "")\n\(known ?? message.job.envelopeID)"
        return "gatehouse-" + SHA256.hex(of: Array(whose.utf8)).prefix(32)
    }

    /// In small letters, without spaces: some systems part tags there.
    private var tags: [String] {
        let given = message.triage?["tags"]?.array?.compactMap(\.string) ?? []
        let topics = message.triage?["topics"]?.array?.compactMap { $0["name"]?.string } ?? []
        var seen: Set<String> = []
        return (given + topics).compactMap { tag in
            let plain = TicketText.oneLine(tag, limit: 60).lowercased().map { " ,;\"".contains($0) ? "_" : $0 }
            let word = String(plain)
            return word.isEmpty || !seen.insert(word).inserted ? nil : word
        }
    }

    /// A time before which no attempt can have been made, with an hour's grace for a target's clock.
    private var since: String? {
        let envelope = message.job.envelope
        let text = envelope.pointer("/data/times/ingested_at")?.string ?? envelope["time"]?.string
        guard let text, let time = Timestamp(rfc3339: text) else { return nil }
        return Timestamp(milliseconds: (time.milliseconds / 1000 - 3600) * 1000).rfc3339.replacing(".000Z", with: "Z")
    }

    /// - Parameters:
    ///   - taken: What the answers to this file's own requests gave.
    ///   - others: Where all other names are looked for first.
    func file(_ index: Int, _ taken: [String: String], beside others: @escaping PresetValues) -> PresetValues {
        let file = message.files[index]
        return { name in
            guard name.hasPrefix("file.") else { return others(name) ?? self.value(name) }
            switch name.dropFirst(5) {
            case "name": return .text(file.name)
            case "type": return .text(file.mediaType)
            case "size": return .number(String(file.bytes.count))
            case "bytes": return .bytes(file: index)
            case "base64": return .base64(file: index)
            default: return taken[String(name.dropFirst(5))].map { .text($0) }
            }
        }
    }
}
