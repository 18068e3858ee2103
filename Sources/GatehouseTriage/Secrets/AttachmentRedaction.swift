import GatehouseCore

extension SecretRedactor {
    func redactAttachments(_ message: inout ParsedMessage, _ tally: inout RedactionTally) {
        for index in message.envelope.data.attachments.indices {
            let name = message.envelope.data.attachments[index].name
            if let name, let new = redacted(name, at: "attachment_name", &tally) {
                message.envelope.data.attachments[index].name = new
            }
            guard let bytes = message.contents[index] else { continue }
            let place = message.envelope.data.attachments[index].name ?? "attachment \(index + 1)"
            let declared = message.envelope.data.attachments[index].mediaType
            guard let new = redactedContent(bytes, declared, at: place, &tally) else { continue }
            message.contents[index] = new
            message.envelope.data.attachments[index].size = new.count
            message.envelope.data.attachments[index].sha256 = SHA256.hex(of: new)
        }
    }

    /// The content of a text without its secrets, in UTF-8; nil where it held none, or is no text.
    private func redactedContent(
        _ bytes: [UInt8],
        _ declared: String?,
        at place: String,
        _ tally: inout RedactionTally
    ) -> [UInt8]? {
        guard let text = Self.text(of: bytes, declared) else { return nil }
        let isHTML = text.utf8.prefix(4096).contains(UInt8(ascii: "<"))
        let clean = isHTML ? redactedHTML(text, at: place, &tally) : redacted(text, at: place, &tally)
        let kept = clean.map { Array($0.utf8) }
        // A mail within a mail has encodings of its own, a JSON file its escapes.
        let encoded = kept == nil ? originalScan.encodedSecret(in: bytes) : nil
        guard let kind = encoded ?? originalScan.escapedSecret(in: kept ?? bytes) else { return kept }
        let finding = SecretFinding(kind: kind, range: 0..<0, isProven: true)
        tally.note(finding, bytes, at: place, isRemoved: true)
        return Array("\(kind.replacement) This file held it in encoded form, and nothing of it is kept.\n".utf8)
    }

    /// nil for what is no text.
    static func text(of bytes: [UInt8], _ declared: String?) -> String? {
        guard bytes.count >= 4 else { return nil }
        if let charset = wideCharset(bytes) { return CharsetDecoder.decode(bytes, label: charset).text }
        guard !bytes.prefix(1024).contains(0) else { return nil }
        switch MediaType.detect(bytes) {
        case let type? where !type.hasPrefix("text/") && type != "application/xml" && type != "application/rtf":
            return nil
        default: return UnicodeText.normalised(CharsetDecoder.decode(bytes, label: nil).text)
        }
    }

    /// The name of the wide encoding that the first bytes show, by their mark or by every second one being zero.
    private static func wideCharset(_ bytes: [UInt8]) -> String? {
        if bytes.starts(with: [0xFF, 0xFE, 0, 0]) { return "utf-32le" }
        if bytes.starts(with: [0, 0, 0xFE, 0xFF]) { return "utf-32be" }
        if bytes.starts(with: [0xFF, 0xFE]) { return "utf-16le" }
        if bytes.starts(with: [0xFE, 0xFF]) { return "utf-16be" }
        let head = bytes.prefix(64)
        let zeros = [0, 1].map { odd in head.indices.filter { $0 & 1 == odd && head[$0] == 0 }.count }
        if zeros[1] > head.count / 3, zeros[0] == 0 { return "utf-16le" }
        if zeros[0] > head.count / 3, zeros[1] == 0 { return "utf-16be" }
        return nil
    }
}
