import GatehouseCore

/// The words on a ticket, for systems that take text: the message, then a short block of what is known of it.
enum TicketText {
    static let textLimit = 1 << 20

    static func subject(_ message: OutgoingMessage, limit: Int = 200) -> String {
        let given = oneLine(message.givenSubject ?? "", limit: limit)
        if !given.isEmpty { return given }
        switch EventType(rawValue: message.type) {
        case .callbackRequested:
            return "Call back: \(message.callback?["phone"]?.text ?? message.customerLine ?? "unknown number")"
        case .callMissed: return "Missed call: \(message.customerLine ?? "unknown number")"
        case .voicemailReceived: return "Voicemail: \(message.customerLine ?? "unknown number")"
        default: break
        }
        let firstLine = message.text.split(separator: "\n").first { !oneLine(String($0.prefix(80)), limit: 80).isEmpty }
        if let firstLine { return oneLine(String(firstLine.prefix(400)), limit: min(80, limit)) }
        return "Message from \(message.customerLine ?? "an unknown sender")"
    }

    /// - Parameter byteLimit: What the message's own words may take; what is known of it comes after them in any case.
    static func body(_ message: OutgoingMessage, byteLimit: Int = .max) -> String {
        var lines: [String] = []
        if let lead = lead(message) { lines += [lead, ""] }
        let text = message.job.ticket == nil ? message.text : message.strippedText ?? message.text
        lines.append(visible(text.isEmpty ? message.text : text, limit: textLimit, byteLimit: byteLimit))
        lines += ["", "----------------------------------------"]
        lines += facts(message)
        lines.append("Gatehouse id: \(message.job.envelopeID)")
        return lines.joined(separator: "\n")
    }

    private static func lead(_ message: OutgoingMessage) -> String? {
        switch EventType(rawValue: message.type) {
        case .messageRevised: "The sender changed an earlier message. It now reads:"
        case .messageDeleted: "The sender deleted an earlier message."
        case .callbackCanceled: "The call back is no longer wanted."
        case .inputRejected: "This input could not be read as a message; its original is kept."
        default: message.text.isEmpty ? "(no text)" : nil
        }
    }

    private static func facts(_ message: OutgoingMessage) -> [String] {
        var lines: [String] = []
        func line(_ name: String, _ value: String?) {
            guard let value, !value.isEmpty else { return }
            lines.append("\(name): \(oneLine(value, limit: 500))")
        }
        line("Channel", message.channel + (message.account.map { " (\($0))" } ?? ""))
        line("From", message.customerLine)
        line("Phone", message.callback?["phone"]?.text ?? message.callback?["phone_raw"]?.text)
        for window in message.callback?["windows"]?.array ?? [] {
            let times = [window["start"]?.text, window["end"]?.text].compactMap { $0 }.joined(separator: " to ")
            line(
                "Wants to be called",
                [times, window["text"]?.text ?? ""].filter { !$0.isEmpty }.joined(separator: ", ")
            )
        }
        line("Transcript", message.call?["transcript"]?.text)
        line("Language", message.triage?.pointer("/language/tag")?.text)
        line("Urgency", urgency(message))
        line("Related", related(message))
        for entry in message.leftOut { line("Attachment left out", entry) }
        return lines
    }

    /// Other messages that an agent should know of, and how many say the same.
    private static func related(_ message: OutgoingMessage) -> String? {
        let dedup = message.job.envelope.pointer("/data/dedup")
        var parts = (dedup?["related"]?.array ?? []).prefix(3).compactMap { other -> String? in
            guard let id = other["id"]?.text else { return nil }
            let why = (other["why"]?.text ?? "").split(separator: "_").joined(separator: " ")
            return "\(id.prefix(16)) (\(why))"
        }
        if let senders = dedup?.pointer("/cluster/senders")?.text { parts.append("\(senders) senders wrote the same") }
        for surge in message.triage?["surges"]?.array ?? [] {
            parts.append("surge: \(surge["count"]?.text ?? "") on \(surge["topic"]?.text ?? "") in this hour")
        }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    /// The level, and the first three reasons in the message's own words.
    private static func urgency(_ message: OutgoingMessage) -> String? {
        guard let level = message.triage?.pointer("/urgency/level")?.string else { return nil }
        let reasons = (message.triage?.pointer("/urgency/reasons")?.array ?? []).prefix(3).compactMap {
            reason -> String? in
            guard let rule = reason["rule"]?.text else { return nil }
            return rule + (reason["matched"]?.text.map { " “\($0)”" } ?? "")
        }
        return reasons.isEmpty ? level : "\(level): \(reasons.joined(separator: "; "))"
    }

    /// One line: runs of white space and control characters become one space; cut with `…` past `limit` scalars.
    static func oneLine(_ text: String, limit: Int) -> String {
        var result = String.UnicodeScalarView()
        var count = 0
        var needsSpace = false
        for scalar in text.unicodeScalars {
            let value = scalar.value
            if value <= 0x20 || (0x7F...0xA0).contains(value) || value == 0x2028 || value == 0x2029 {
                needsSpace = count > 0
                continue
            }
            if (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value) { continue }
            if count >= limit {
                result.append("…")
                break
            }
            if needsSpace { result.append(" ") }
            needsSpace = false
            result.append(scalar)
            count += 1
        }
        return String(result)
    }

    /// Text as people may see it: control characters other than line ends and tabs become U+FFFD.
    static func visible(_ text: String, limit: Int, byteLimit: Int = .max) -> String {
        var result = String.UnicodeScalarView()
        var count = 0
        var bytes = 0
        for scalar in text.unicodeScalars {
            bytes += UTF8.width(scalar)
            if count >= limit || bytes > byteLimit {
                result.append(contentsOf: "\n[cut here: the text is longer; gatehouse keeps all of it]".unicodeScalars)
                break
            }
            let isControl =
                scalar.value < 0x20 && scalar != "\n" && scalar != "\t" || (0x7F..<0xA0).contains(scalar.value)
            result.append(isControl ? "\u{FFFD}" : scalar)
            count += 1
        }
        return String(result)
    }
}
