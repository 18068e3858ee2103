import GatehouseCore

/// `data.triage` in the words of a support lead.
enum TriageExplanation {
    /// - Parameter dedup: The envelope's `data.dedup`, where there is a stored message.
    static func lines(_ triage: JSONValue, dedup: JSONValue? = nil) -> [String] {
        var lines: [String] = []
        urgency(triage["urgency"], &lines)
        topics(triage["topics"]?.array ?? [], &lines)
        language(triage["language"], &lines)
        sentiment(triage["sentiment"], &lines)
        facts(triage, &lines)
        dangers(triage["safety"], &lines)
        routing(triage, &lines)
        lines += others(triage, dedup)
        lines.append("Rules: version \(triage["rules_version"]?.string ?? "unknown")")
        return lines
    }

    private static func urgency(_ value: JSONValue?, _ lines: inout [String]) {
        lines.append("Urgency: \(value?["level"]?.string ?? "unknown"), \(value?["score"]?.text ?? "?") of 100 points")
        let reasons = value?["reasons"]?.array ?? []
        if reasons.isEmpty { lines.append("  No rule found anything urgent.") }
        if let language = value?["unserved_language"]?.string {
            lines.append("  There are no words of urgency in this language (\(language)): a person has to read it.")
        }
        for reason in reasons {
            lines.append(
                "  + \(reason["points"]?.text ?? "0") \(title(reason["rule"])): “\(reason["matched"]?.string ?? "")” in the \(reason["where"]?.string ?? "body")"
            )
        }
        raise(reasons, &lines)
        for match in value?["not_counted"]?.array ?? [] {
            let why = match["why"]?.string ?? ""
            lines.append(
                "  seen, not counted: “\(match["matched"]?.string ?? "")” (\(title(match["rule"]))): \(whys[why] ?? why)"
            )
        }
    }

    /// By how much the circumstances raised the score, and the cap on it.
    private static func raise(_ reasons: [JSONValue], _ lines: inout [String]) {
        let points = reasons.reduce(0) { sum, reason in
            let isRaise = reason["rule"]?.string.flatMap(UrgencyRaise.init(rule:)) != nil
            return sum + (isRaise ? Int(reason["points"]?.int64 ?? 0) : 0)
        }
        guard points > 0 else { return }
        lines.append(
            "  Mood, VIP and repetition raised it by \(points) of at most \(UrgencyRaise.limit) points; they never change the level."
        )
    }

    private static let whys = [
        "negated": "the message says it is not so", "past": "it is over",
        "elsewhere": "it happened to somebody else, or at another company",
        "hypothetical": "only a question of what would be",
        "quoted": "somebody else's words, quoted", "signature": "part of the signature",
        "disclaimer": "part of a disclaimer",
    ]

    private static func topics(_ topics: [JSONValue], _ lines: inout [String]) {
        for topic in topics {
            let words = (topic["reasons"]?.array ?? []).compactMap(\.string).map { "“\($0)”" }.joined(separator: ", ")
            let score = Int(((topic["score"]?.double ?? 0) * 100).rounded())
            let why = words.isEmpty ? "no words of any topic" : words
            lines.append("Topic: \(title(topic["name"])), \(score) %: \(why)")
        }
    }

    private static func language(_ value: JSONValue?, _ lines: inout [String]) {
        let confidence = Int(((value?["confidence"]?.double ?? 0) * 100).rounded())
        lines.append("Language: \(value?["tag"]?.string ?? "und"), \(confidence) % sure")
    }

    private static func sentiment(_ value: JSONValue?, _ lines: inout [String]) {
        guard let name = value?["name"]?.string else { return }
        let words = (value?["matched"]?.array ?? []).compactMap(\.string).joined(separator: ", ")
        lines.append("Mood: \(name)" + (words.isEmpty ? "" : ": \(words)"))
    }

    private static func facts(_ triage: JSONValue, _ lines: inout [String]) {
        for fact in triage["facts"]?.array ?? [] {
            var notes: [String] = [fact["where"]?.string ?? ""]
            if let network = fact["network"]?.string { notes.append(network) }
            switch fact["checksum"]?.string {
            case "valid": notes.append("check digits right")
            case "invalid": notes.append("check digits WRONG: look for a typing error")
            default: break
            }
            lines.append(
                "Fact: \(title(fact["kind"])) \(fact["value"]?.string ?? "") (\(notes.joined(separator: ", ")))"
            )
        }
        let missing = (triage["missing"]?.array ?? []).map { title($0) }
        if !missing.isEmpty { lines.append("Ask for: " + missing.joined(separator: ", ")) }
    }

    private static func dangers(_ safety: JSONValue?, _ lines: inout [String]) {
        for removed in safety?["redactions"]?.array ?? [] {
            lines.append("Removed: \(title(removed["kind"])) from the \(removed["where"]?.string ?? "message")")
        }
        for flag in safety?["flags"]?.array ?? [] {
            lines.append("Beware: \(title(flag["name"])): \(flag["reason"]?.string ?? "")")
        }
    }

    private static func routing(_ triage: JSONValue, _ lines: inout [String]) {
        func names(_ key: String) -> String { (triage[key]?.array ?? []).compactMap(\.string).joined(separator: ", ") }
        let rule = triage["routed_by"]?.string.map { "rule \($0)" } ?? "no routing rule fits"
        lines.append("Queue: \(triage["queue"]?.string ?? "the target's own") (\(rule))")
        if let due = triage["due_by"]?.string { lines.append("Answer due by: \(due)") }
        if !names("tags").isEmpty { lines.append("Tags: \(names("tags"))") }
        if !names("targets").isEmpty { lines.append("Targets: \(names("targets"))") }
        if case .bool(true)? = triage["vip"]?.content { lines.append("The sender is on the VIP list.") }
    }

    /// What it has to do with other messages.
    static func others(_ triage: JSONValue?, _ dedup: JSONValue?) -> [String] {
        var lines: [String] = []
        for related in dedup?["related"]?.array ?? [] {
            let why = related["why"]?.string ?? ""
            lines.append("Related: \(related["id"]?.string ?? ""): \(relations[why] ?? title(related["why"]))")
        }
        if let cluster = dedup?["cluster"] {
            let senders = cluster["senders"]?.text ?? "many"
            lines.append("Cluster: \(senders) senders wrote the same; the first is \(cluster["id"]?.string ?? "")")
        }
        for surge in triage?["surges"]?.array ?? [] {
            let usual = surge["usual"]?.text ?? "?"
            let count = surge["count"]?.text ?? "?"
            lines.append("Surge: \(count) messages on \(title(surge["topic"])) in this hour, usual are up to \(usual)")
        }
        return lines
    }

    private static let relations = [
        "same_sender_similar_text": "the same sender said much the same within three days",
        "same_transaction": "it names the same transaction",
        "same_message_other_account": "the same message came to another account",
        "message_id_reused": "another message has the same Message-ID",
        "named_by_stranger": "a stranger names its ticket",
    ]

    private static func title(_ value: JSONValue?) -> String {
        (value?.string ?? "").split(separator: "_").joined(separator: " ")
    }

    /// The value as JSON on one line.
    static func json(_ value: JSONValue) -> String {
        var writer = JSONWriter()
        write(value, &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private static func write(_ value: JSONValue, _ json: inout JSONWriter) {
        switch value.content {
        case .null: json.raw(Array("null".utf8))
        case .bool(let flag): json.bool(flag)
        case .number(let text): json.raw(Array(text.utf8))
        case .string(let text): json.string(text)
        case .array(let values): json.array { for value in values { write(value, &$0) } }
        case .object(let members):
            json.object { json in
                for member in members {
                    json.key(member.key)
                    write(member.value, &json)
                }
            }
        }
    }
}
