import GatehouseCore

/// Whether a mail is one that the desk itself sent, and that has come back: by its Message-ID's domain, by a mark that
/// the desk's systems set, or by its author.
struct OwnMail {
    let message: [UInt8]
    let header: HeaderBlock
    let settings: MailSettings

    func isEcho(_ data: MessageData) -> Bool {
        if !settings.ownMessageIDDomains.isEmpty, let domain = data.messageID?.domain,
            settings.ownMessageIDDomains.contains(domain)
        {
            return true
        }
        for marker in settings.ownMarkers where isMarked(marker) { return true }
        return isFromDesk(data)
    }

    private func isMarked(_ marker: MarkerField) -> Bool {
        guard let range = header.first(FieldName(marker.name), in: message) else { return false }
        guard let value = marker.value else { return true }
        return String(decoding: unfold(message, range.prefix(1000)).map(asciiLower), as: UTF8.self).contains(value)
    }

    /// A form on the desk's own site writes in the desk's name too, but asks for the answer to go to the customer.
    private func isFromDesk(_ data: MessageData) -> Bool {
        guard !settings.ownAddresses.isEmpty, let author = data.from.first?.email,
            settings.ownAddresses.contains(author)
        else { return false }
        return data.replyTo.allSatisfy { $0.email.map(settings.ownAddresses.contains) ?? true }
    }
}
