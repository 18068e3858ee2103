import GatehouseCore

/// What a Slack message says in words: mrkdwn with its references spelled out
/// (https://docs.slack.dev/messaging/formatting-message-text).
///
/// Export and webhook share it, so that the same message by both is one. Only an export knows the names behind ids: a message
/// that mentions somebody without a label is the one that differs.
struct SlackText {
    private static let maximumDepth = 16
    /// No reference is longer.
    private static let longestReference = 8192

    private let directory: SlackDirectory

    init(directory: SlackDirectory = SlackDirectory()) { self.directory = directory }

    /// The text; where there is none, what the blocks say; and what cards and shared messages add.
    func text(of message: JSONValue) -> String {
        var parts = [plain(message["text"]?.string ?? "")]
        if parts[0].isEmpty { parts[0] = blocks(message["blocks"], depth: 0) }
        if let comment = message["comment"]?["comment"]?.string, parts[0].isEmpty { parts.append(plain(comment)) }
        for card in (message["attachments"]?.array ?? []).prefix(64) {
            // The preview of a link repeats what the link says.
            let isPreview = card["from_url"]?.string != nil && card["is_share"]?.bool != true
            if !isPreview || parts[0].isEmpty { parts.append(text(ofCard: card)) }
        }
        return parts.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private func text(ofCard card: JSONValue) -> String {
        var lines = [card["pretext"], card["author_name"], card["title"], card["text"]].map { plain($0?.string ?? "") }
        for field in card["fields"]?.array ?? [] {
            let title = plain(field["title"]?.string ?? "")
            let value = plain(field["value"]?.string ?? "")
            lines.append(title.isEmpty ? value : "\(title): \(value)")
        }
        if lines.allSatisfy(\.isEmpty) { lines.append(blocks(card["blocks"], depth: 0)) }
        if lines.allSatisfy(\.isEmpty) { lines.append(plain(card["fallback"]?.string ?? "")) }
        return lines.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// The texts in Block Kit's tree, a line for each block.
    private func blocks(_ value: JSONValue?, depth: Int) -> String {
        guard depth < Self.maximumDepth, let value else { return "" }
        if let list = value.array {
            let pieces = list.map { blocks($0, depth: depth + 1) }.filter { !$0.isEmpty }
            // The pieces of one line of rich text follow one another; all else stands below.
            let isLine = list.contains { ["text", "link", "user", "emoji", "channel"].contains($0["type"]?.string) }
            return pieces.joined(separator: isLine ? "" : "\n")
        }
        switch value["type"]?.string {
        case "user": return mention(value["user_id"]?.text ?? "", label: nil)
        case "channel": return channel(value["channel_id"]?.text ?? "", label: nil)
        case "usergroup": return "@" + (value["usergroup_id"]?.text ?? "group")
        case "broadcast": return "@" + (value["range"]?.string ?? "here")
        case "emoji": return value["name"]?.string.map { ":\($0):" } ?? ""
        case "link": return link(value["url"]?.string ?? "", label: value["text"]?.string)
        // Rich text is not escaped.
        case "text", "plain_text": return value["text"]?.string ?? ""
        case "mrkdwn": return plain(value["text"]?.string ?? "")
        default: break
        }
        return ["text", "elements", "fields"].map { blocks(value[$0], depth: depth + 1) }.filter { !$0.isEmpty }
            .joined(separator: "\n")
    }

    /// mrkdwn without its angle brackets and escapes; `*bold*` and the like stay as they were typed.
    func plain(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "&") }) else { return text }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "<"), let end = Self.end(of: index, in: bytes) {
                result += reference(bytes[(index + 1)..<end]).utf8
                index = end + 1
            } else if let (byte, length) = Self.entity(bytes, at: index) {
                result.append(byte)
                index += length
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The `>` that ends a reference: before the next `<` and in the same line.
    private static func end(of start: Int, in bytes: [UInt8]) -> Int? {
        for index in (start + 1)..<min(bytes.count, start + longestReference) {
            switch bytes[index] {
            case UInt8(ascii: ">"): return index > start + 1 ? index : nil
            case UInt8(ascii: "<"), 0x0A: return nil
            default: continue
            }
        }
        return nil
    }

    /// Slack escapes three characters and no other.
    private static func entity(_ bytes: [UInt8], at index: Int) -> (UInt8, Int)? {
        guard bytes[index] == UInt8(ascii: "&") else { return nil }
        let rest = bytes[index...]
        if rest.starts(with: "&amp;".utf8) { return (UInt8(ascii: "&"), 5) }
        if rest.starts(with: "&lt;".utf8) { return (UInt8(ascii: "<"), 4) }
        if rest.starts(with: "&gt;".utf8) { return (UInt8(ascii: ">"), 4) }
        return nil
    }

    private static func unescaped(_ bytes: ArraySlice<UInt8>) -> String {
        let bytes = Array(bytes)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let (byte, length) = entity(bytes, at: index) ?? (bytes[index], 1)
            result.append(byte)
            index += length
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// What stands between `<` and `>`: a person, a channel, a group, a date or an address, each perhaps with a label.
    private func reference(_ inside: ArraySlice<UInt8>) -> String {
        let bar = inside.firstIndex(of: UInt8(ascii: "|"))
        let target = Self.unescaped(inside[..<(bar ?? inside.endIndex)])
        let label = bar.map { Self.unescaped(inside[($0 + 1)...]) }
        let rest = String(target.dropFirst())
        switch target.first {
        case "@": return mention(rest, label: label)
        case "#": return channel(rest, label: label)
        case "!":
            // `<!date^1392734382^{date}^https://…|Feb 18, 2014>` and `<!subteam^S012|@group>` say it in their labels.
            if let label, !label.isEmpty { return label }
            return "@" + String(rest.split(separator: "^").first ?? "")
        default: return link(target, label: label)
        }
    }

    private func mention(_ id: String, label: String?) -> String {
        if let label, !label.isEmpty { return label.hasPrefix("@") ? label : "@" + label }
        let person = directory.person(id)
        return "@" + (person?.name ?? person?.username ?? id)
    }

    private func channel(_ id: String, label: String?) -> String {
        if let label, !label.isEmpty { return "#" + label }
        return "#" + (directory.channel(id: id)?.name ?? id)
    }

    /// Behind a link's words stands where it leads.
    private func link(_ target: String, label: String?) -> String {
        guard let label, !label.isEmpty, label != target else { return target }
        // An address of which Slack itself has made a link.
        if target == "mailto:" + label || target == "tel:" + label { return label }
        if target == "http://" + label || target == "https://" + label { return target }
        return "\(label) (\(target))"
    }
}
