import GatehouseCore

/// What a delivery status notification says (RFC 3464), or a server's own words.
struct BounceReader {
    let body: MailBody
    /// The notice in a server's own words.
    let text: String
    /// The value of Exim's X-Failed-Recipients, where there is one.
    let failed: String?
    /// The notice's own author and recipients: the address that failed is none of theirs.
    let strangers: [Party]

    /// nil where nothing can be made out.
    var report: BounceReport? {
        var report = BounceReport()
        readReports(&report)
        if report.recipient == nil, let failed {
            report.recipient = failed.split(separator: ",").first.map { String($0).trimmedBlanks }
        }
        readServiceNotice(&report)
        let own = Set(strangers.compactMap { $0.email?.lowercased() })
        BounceText(text, own: own).fill(&report)
        return report == BounceReport() ? nil : report
    }

    /// Of several recipients, the first who failed; or the first at all.
    private func readReports(_ report: inout BounceReport) {
        for (index, attachment) in body.attachments.enumerated() {
            guard let type = attachment.mediaType, type.hasSuffix("delivery-status"), let bytes = body.contents[index]
            else { continue }
            let groups = DeliveryStatus.groups(in: bytes, 0..<bytes.count)
            guard let group = groups.first(where: { $0.action == "failed" }) ?? groups.first else { continue }
            report.recipient = group.address.isEmpty ? nil : group.address
            report.status = group.status
            report.diagnosis = group.diagnosis
            return
        }
    }

    /// Amazon's notice: `{"notificationType":"Bounce","bounce":{"bouncedRecipients":[{"emailAddress":…}]}}`.
    private func readServiceNotice(_ report: inout BounceReport) {
        guard report == BounceReport(), text.utf8.first == UInt8(ascii: "{") else { return }
        // A line about the subscription may follow the object.
        let line = Array(text.utf8.prefix { $0 != 0x0A }.prefix(256 * 1024))
        guard let document = try? JSONDocument.parse(line, options: .strict),
            let recipient = document.pointer("/bounce/bouncedRecipients/0")
        else { return }
        report.recipient = recipient["emailAddress"]?.string.map(UnicodeText.normalised)
        report.status = recipient["status"]?.string.flatMap(StatusCode.first)
        report.diagnosis = recipient["diagnosticCode"]?.string.map(UnicodeText.normalised)
    }
}
