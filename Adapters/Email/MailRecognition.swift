import GatehouseCore

/// Tells mail from other inputs by its first lines.
enum MailRecognition {
    /// Fields of which one marks a mail, since other texts with colons do not have them.
    private static let typical = [
        "received", "return-path", "message-id", "mime-version", "delivered-to", "from", "to", "subject", "date",
        "x-original-to",
        "dkim-signature", "content-type", "reply-to", "sender", "cc", "references", "in-reply-to",
    ].map { FieldName($0) }

    static func matches(_ original: [UInt8], name: String) -> [FormatMatch] {
        guard !original.isEmpty else { return [] }
        let head = LineEnds.readable(original)
        let start = LineEnds.start(of: head)
        var headerStart = start
        let isMbox = MboxReader.isFromLine(head, start, lineEnd(in: head, start, head.count))
        if isMbox { headerStart = lineEnd(in: head, start, head.count) }
        let header = HeaderBlock(of: head, in: headerStart..<head.count, limits: Limits())
        let known = typical.filter { header.first($0, in: head) != nil }.count
        let format = isMbox ? "mbox" : "rfc5322"
        if isMbox, !header.fields.isEmpty { return [FormatMatch(format: format, confidence: .certain)] }
        if known >= 2 { return [FormatMatch(format: format, confidence: .certain)] }
        if known == 1 || name.hasSuffix(".eml") { return [FormatMatch(format: format, confidence: .likely)] }
        guard isText(head), !looksLikeJSON(head), !looksLikeForm(head) else { return [] }
        return [FormatMatch(format: "rfc5322", confidence: .possible)]
    }

    /// What starts with a brace or a bracket is some other channel's, whether or not it is known there.
    private static func looksLikeJSON(_ bytes: [UInt8]) -> Bool {
        let first = bytes.first { $0 > 0x20 && $0 != 0xEF && $0 != 0xBB && $0 != 0xBF }
        return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    }

    /// One line of several fields, as a form of a page is sent.
    private static func looksLikeForm(_ bytes: [UInt8]) -> Bool {
        bytes.contains(UInt8(ascii: "&")) && FormFields.looksLikeForm(bytes)
    }

    private static func isText(_ bytes: [UInt8]) -> Bool {
        let sample = bytes.prefix(4096)
        let controls = sample.count { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D && $0 != 0x1B && $0 != 0x0C }
        return controls * 50 <= sample.count
    }
}
