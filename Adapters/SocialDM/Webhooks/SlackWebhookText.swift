import GatehouseCore

/// Words and files of a Slack message.
enum SlackWebhookText {
    static func fill(_ message: inout WebhookMessage, from content: JSONValue) throws {
        message.text = plain(try content.textField("text") ?? "")
        if message.text.isEmpty {
            // What was shared or built of blocks says it there.
            let shared = content.list("attachments").prefix(100).compactMap {
                $0.given("text") ?? $0.given("fallback") ?? $0.given("title")
            }
            message.text = shared.map(plain).joined(separator: "\n")
        }
        let files = content.list("files") + (content.object("file").map { [$0] } ?? [])
        message.attachments = files.map(file)
        if message.text.isEmpty, message.attachments.isEmpty { message.warnings.append("empty_message") }
    }

    /// Fetched with the app's token.
    private static func file(_ value: JSONValue) -> AttachmentInfo {
        let mode = value.given("mode")
        if mode == "tombstone" || mode == "hidden_by_limit" {
            return AttachmentInfo(status: .missing, name: value.given("name") ?? value.given("id"))
        }
        return .remoteFile(
            url: value.given("url_private_download") ?? value.given("url_private"),
            id: value.given("id"),
            name: value.given("name") ?? value.given("title"),
            kind: value.given("filetype"),
            mediaType: value.given("mimetype"),
            size: value.given("size")
        )
    }

    /// mrkdwn's references as a person reads them: `<url|words>`, `<@U1|name>`, `<#C1|channel>`, `<!here>`; and the three
    /// characters that Slack escapes (https://docs.slack.dev/messaging/formatting-message-text).
    static func plain(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard bytes.contains(where: { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "&") }) else { return text }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "<"), let end = end(of: index, in: bytes) {
                result += reference(bytes[(index + 1)..<end])
                index = end + 1
            } else if bytes[index] == UInt8(ascii: "&"), let (byte, length) = escape(bytes[index...]) {
                result.append(byte)
                index += length
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The `>` that ends a reference: before the next `<` and in the same line. No reference is longer than 8 KiB.
    private static func end(of start: Int, in bytes: [UInt8]) -> Int? {
        for index in (start + 1)..<min(bytes.count, start + 8192) {
            switch bytes[index] {
            case UInt8(ascii: ">"): return index > start + 1 ? index : nil
            case UInt8(ascii: "<"), 0x0A: return nil
            default: continue
            }
        }
        return nil
    }

    private static func reference(_ content: ArraySlice<UInt8>) -> [UInt8] {
        let bar = content.firstIndex(of: UInt8(ascii: "|"))
        let target = Array(content[..<(bar ?? content.endIndex)])
        let label = bar.map { unescaped(content[($0 + 1)...]) } ?? []
        switch target.first {
        case UInt8(ascii: "@"):
            return label.isEmpty ? target : [UInt8(ascii: "@")] + label.drop { $0 == UInt8(ascii: "@") }
        case UInt8(ascii: "#"): return label.isEmpty ? target : [UInt8(ascii: "#")] + label
        case UInt8(ascii: "!"):
            if !label.isEmpty { return label }
            return [UInt8(ascii: "@")] + target.dropFirst().prefix { $0 != UInt8(ascii: "^") }
        default: break
        }
        let link = unescaped(target[...])
        guard !label.isEmpty, label != link else { return link }
        // An address that Slack itself has made a link of.
        if link.elementsEqual(Array("mailto:".utf8) + label) || link.elementsEqual(Array("tel:".utf8) + label) {
            return label
        }
        if link.elementsEqual(Array("http://".utf8) + label) || link.elementsEqual(Array("https://".utf8) + label) {
            return link
        }
        return label + Array(" (".utf8) + link + Array(")".utf8)
    }

    private static func unescaped(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            if bytes[index] == UInt8(ascii: "&"), let (byte, length) = escape(bytes[index...]) {
                result.append(byte)
                index += length
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }

    private static let escapes: [(name: [UInt8], byte: UInt8)] = [
        (Array("&amp;".utf8), UInt8(ascii: "&")), (Array("&lt;".utf8), UInt8(ascii: "<")),
        (Array("&gt;".utf8), UInt8(ascii: ">")),
    ]

    private static func escape(_ bytes: ArraySlice<UInt8>) -> (UInt8, Int)? {
        escapes.first { bytes.starts(with: $0.name) }.map { ($0.byte, $0.name.count) }
    }
}
