import GatehouseCore

/// The groups of fields in a `message/delivery-status` (RFC 3464 §2.1): one of the message, then one for each recipient.
enum DeliveryStatus {
    struct Recipient {
        /// Without its type.
        var address: String
        /// `failed`, `delayed`, `delivered`, `relayed` or `expanded`.
        var action: String?
        /// RFC 3463, as it is in the envelope.
        var status: String?
        var diagnosis: String?
    }

    private static let maximumGroups = 200

    /// - Returns: The groups that name a recipient, in their order.
    static func groups(in bytes: [UInt8], _ range: Range<Int>) -> [Recipient] {
        var groups: [Recipient] = []
        var start = range.lowerBound
        var limits = Limits()
        limits.headerCount = 100
        for _ in 0..<maximumGroups where start < range.upperBound {
            while start < range.upperBound, isLineEnd(bytes[start]) { start &+= 1 }
            let group = HeaderBlock(of: bytes, in: start..<range.upperBound, limits: limits)
            if let recipient = recipient(group, bytes) { groups.append(recipient) }
            guard group.bodyStart > start else { break }
            start = group.bodyStart
        }
        return groups
    }

    private static func recipient(_ group: HeaderBlock, _ bytes: [UInt8]) -> Recipient? {
        func value(_ name: String) -> String? {
            guard let range = group.first(FieldName(name), in: bytes) else { return nil }
            var decoder = HeaderTextDecoder()
            let text = UnicodeText.normalised(decoder.text(of: bytes, range.prefix(2000))).trimmedBlanks
            return text.isEmpty ? nil : text
        }
        guard let address = value("final-recipient") ?? value("original-recipient") else { return nil }
        // "X.400" and "UTF-8" addresses have a type too; empty ones happen.
        let named = withoutType(address)
        return Recipient(
            address: named.isEmpty ? value("original-recipient").map(withoutType) ?? "" : named,
            action: value("action")?.lowercased().split(separator: " ").first.map(String.init),
            status: value("status").flatMap(StatusCode.first),
            diagnosis: value("diagnostic-code").map(withoutType).flatMap { $0.isEmpty ? nil : $0 }
        )
    }

    /// `rfc822; joe@example.org` → `joe@example.org` (§2.1.2).
    private static func withoutType(_ value: String) -> String {
        guard let semicolon = value.firstIndex(of: ";") else { return value }
        let text = String(value[value.index(after: semicolon)...]).trimmedBlanks
        return text.hasPrefix("<") && text.hasSuffix(">") ? String(text.dropFirst().dropLast()) : text
    }
}
