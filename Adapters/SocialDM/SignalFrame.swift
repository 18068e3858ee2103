import GatehouseCore

/// The `envelope` of one notification of signal-cli, and what is in it.
struct SignalFrame {
    enum Content {
        /// - edited: The time of the message that this one replaces.
        case message(JSONValue, edited: String?, isSent: Bool)
        /// No message, by the name under which it is counted.
        case ignored(String)
    }

    let envelope: JSONValue
    let raw: [UInt8]
    let offset: Int
    let warnings: [String]

    /// A number may be unknown; the account's UUID stays the same where the number changes.
    var sender: Party {
        let name = envelope["sourceName"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        let id = (envelope["sourceUuid"] ?? envelope["source"])?.text
        return Party(id: id, name: name, phone: Self.phone(envelope["sourceNumber"] ?? envelope["source"]))
    }

    static func phone(_ value: JSONValue?) -> String? { value?.string.flatMap { $0.hasPrefix("+") ? $0 : nil } }

    /// The key of the message that the sender sent at `stamp`.
    func key(_ stamp: String) -> String { "signal:\(sender.id ?? ""):\(stamp)" }

    var content: Content {
        if let data = envelope["dataMessage"] { return .message(data, edited: nil, isSent: false) }
        if let edit = envelope["editMessage"], let data = edit["dataMessage"] {
            return .message(data, edited: edit["targetSentTimestamp"]?.text, isSent: false)
        }
        if let sync = envelope["syncMessage"] { return Self.sync(sync) }
        if let receipt = envelope["receiptMessage"] {
            return .ignored(receipt["isRead"]?.bool == true ? "read_receipt" : "delivery_receipt")
        }
        for (key, kind) in [("typingMessage", "typing"), ("callMessage", "call_signal"), ("storyMessage", "story")]
        where envelope[key] != nil {
            return .ignored(kind)
        }
        return .ignored("empty_envelope")
    }

    private static func sync(_ sync: JSONValue) -> Content {
        guard let sent = sync["sentMessage"], sent.members != nil else {
            return .ignored(sync["readMessages"] == nil ? "sync" : "read_receipt")
        }
        guard let edit = sent["editMessage"], let data = edit["dataMessage"] else {
            return .message(sent, edited: nil, isSent: true)
        }
        return .message(data, edited: edit["targetSentTimestamp"]?.text, isSent: true)
    }

    /// What a message without words is.
    static func kind(of data: JSONValue) -> String {
        if data["reaction"]?.members != nil { return "reaction" }
        if data["isExpirationUpdate"]?.bool == true { return "expiration_update" }
        if data["groupInfo"]?["type"]?.string == "UPDATE" { return "group_update" }
        for key in ["payment", "pollCreate", "pollVote", "pollTerminate", "storyContext", "pinMessage"]
        where data[key]?.members != nil {
            return ExportSession.word(key)
        }
        return "empty_message"
    }

    /// The words, with names where people are mentioned, and the contacts that were sent.
    static func text(of data: JSONValue) -> String {
        var text = data["message"]?.string ?? ""
        let mentions = (data["mentions"]?.array ?? []).compactMap { mention -> (start: Int, name: String)? in
            guard let start = mention["start"]?.int64, let name = (mention["name"] ?? mention["number"])?.string else {
                return nil
            }
            return (Int(clamping: start), name)
        }
        if !mentions.isEmpty { text = named(text, mentions.sorted { $0.start < $1.start }) }
        for contact in data["contacts"]?.array ?? [] {
            let name = contact["name"]?["display"]?.string ?? contact["name"]?["givenName"]?.string ?? ""
            let phones = (contact["phone"]?.array ?? []).compactMap { $0["value"]?.string }
            let line = ([name] + phones).filter { !$0.isEmpty }.joined(separator: " ")
            if !line.isEmpty { text += (text.isEmpty ? "" : "\n") + line }
        }
        if let poll = data["pollCreate"], poll.members != nil {
            let answers = (poll["options"]?.array ?? []).prefix(100).compactMap { ($0["text"] ?? $0).string }
            let lines = [poll["question"]?.string ?? ""] + answers.map { "- \($0)" }
            text += (text.isEmpty ? "" : "\n") + lines.joined(separator: "\n")
        }
        if let note = data["payment"]?["note"]?.string, !note.isEmpty { text += (text.isEmpty ? "" : "\n") + note }
        return text
    }

    /// U+FFFC stands for each name; `start` counts UTF-16.
    private static func named(_ text: String, _ mentions: [(start: Int, name: String)]) -> String {
        var result = ""
        var position = 0
        var rest = mentions[...]
        for scalar in text.unicodeScalars {
            if scalar == "\u{FFFC}", let next = rest.first, next.start == position {
                result += "@" + next.name
                rest = rest.dropFirst()
            } else {
                result.unicodeScalars.append(scalar)
            }
            position += scalar.value > 0xFFFF ? 2 : 1
            while let next = rest.first, next.start < position { rest = rest.dropFirst() }
        }
        return result
    }
}
