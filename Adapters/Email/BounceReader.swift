import GatehouseCore

/// What a delivery status notification says (RFC 3464), or a server's own words.
struct BounceReader {
    let body: MailBody
    /// The value of Exim's X-Failed-Recipients, where there is one.
    let failed: String?

    /// nil where nothing can be made out.
    var report: BounceReport? {
        var report = BounceReport()
        for (index, attachment) in body.attachments.enumerated() {
            guard let type = attachment.mediaType, type.hasSuffix("/delivery-status"), let bytes = body.contents[index]
            else {
                continue
            }
            readStatus(bytes, &report)
            if report.recipient != nil { break }
        }
        if report.recipient == nil, let failed {
            report.recipient = failed.split(separator: ",").first.map { String($0).trimmedBlanks }
        }
        BounceText.fill(&report, from: body.body.text)
        return report == BounceReport() ? nil : report
    }

    /// Groups of fields, parted by empty lines; the first group is of the message, each other of one recipient (§2.1).
    private func readStatus(_ bytes: [UInt8], _ report: inout BounceReport) {
        var start = 0
        for _ in 0..<100 where start < bytes.count {
            let group = HeaderBlock(of: bytes, in: start..<bytes.count, limits: Limits())
            func value(_ name: String) -> String? {
                guard let range = group.first(FieldName(name), in: bytes) else { return nil }
                var decoder = HeaderTextDecoder()
                let text = UnicodeText.normalised(decoder.text(of: bytes, range)).trimmedBlanks
                return text.isEmpty ? nil : text
            }
            if let recipient = value("final-recipient") ?? value("original-recipient") {
                report.recipient = withoutType(recipient)
                report.status = value("status").flatMap(BounceText.status)
                report.diagnosis = value("diagnostic-code").map(withoutType)
                return
            }
            guard group.bodyStart > start else { return }
            start = group.bodyStart
        }
    }

    /// `rfc822; joe@example.org` → `joe@example.org` (§2.1.2).
    private func withoutType(_ value: String) -> String {
        guard let semicolon = value.firstIndex(of: ";") else { return value }
        let text = String(value[value.index(after: semicolon)...]).trimmedBlanks
        return text.hasPrefix("<") && text.hasSuffix(">") ? String(text.dropFirst().dropLast()) : text
    }
}
