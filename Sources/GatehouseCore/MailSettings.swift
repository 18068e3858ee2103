/// What the configuration says of e-mail: whom to believe, and what is the desk's own.
package struct MailSettings: Sendable, Equatable {
    /// The authserv-ids (RFC 8601 §2.5), in lower case, whose Authentication-Results are believed.
    package var trustedServers: Set<String> = []
    /// Mail that the desk itself sent comes from these.
    package var ownAddresses = AddressSet()
    /// Domains of Message-IDs that the desk's own systems give, in lower case.
    package var ownMessageIDDomains: Set<String> = []
    /// Fields by which the desk's own systems mark what they send.
    package var ownMarkers: [MarkerField] = []
    package var control = ControlSettings()
    /// How tickets are named in a subject; empty takes any `[word #123]`.
    package var ticketTokens: [TicketToken] = []

    package init() {}
}

/// Addresses and whole domains, compared without regard to case.
package struct AddressSet: Sendable, Equatable {
    private var addresses: Set<String> = []
    private var domains: Set<String> = []

    /// - Parameter entries: `joe@example.org` for one address, `@example.org` for all of a domain, not of those below it.
    package init(_ entries: [String] = []) {
        for entry in entries.map({ $0.lowercased() }) {
            if entry.hasPrefix("@") { domains.insert(String(entry.dropFirst())) } else { addresses.insert(entry) }
        }
    }

    package var isEmpty: Bool { addresses.isEmpty && domains.isEmpty }

    package func contains(_ address: String) -> Bool {
        guard !isEmpty else { return false }
        let address = address.lowercased()
        if addresses.contains(address) { return true }
        guard let at = address.lastIndex(of: "@") else { return false }
        return domains.contains(String(address[address.index(after: at)...]))
    }
}

/// A field by its name, or by its name and a word in its value.
package struct MarkerField: Sendable, Equatable {
    /// In lower case.
    package var name: String
    package var value: String?

    /// - Parameter text: `X-RT-Loop-Prevention` or `X-RT-Loop-Prevention: desk.example`.
    package init(_ text: String) {
        let pieces = text.split(separator: ":", maxSplits: 1).map { $0.lowercased() }
        name = String((pieces.first ?? "").reversed().drop { $0 == " " }.reversed())
        let word = pieces.count > 1 ? String(pieces[1].drop { $0 == " " }) : ""
        value = word.isEmpty ? nil : word
    }
}

/// Who may set a message's priority and queue by a field, and what the fields are called.
package struct ControlSettings: Sendable, Equatable {
    package var trustedSenders = AddressSet()
    /// Obeys only where a trusted server vouches for the author's domain; otherwise anybody may write any From.
    package var needsAuthentication = true
    package var priorityField = "X-Gatehouse-Priority"
    package var queueField = "X-Gatehouse-Queue"

    package init() {}
}

/// A ticket's name in a subject, as `[rt #{id}]`: what stands before and after its digits.
package struct TicketToken: Sendable, Equatable {
    /// Both in lower case.
    package let prefix: [UInt8]
    package let suffix: [UInt8]

    /// - Returns: nil unless `{id}` stands in it once, with something before it and behind it.
    package init?(_ pattern: String) {
        let bytes = pattern.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        let mark = Array("{id}".utf8)
        guard let place = ByteSearch.firstIndex(of: mark, in: bytes, 0..<bytes.count), place > 0 else { return nil }
        suffix = Array(bytes[(place + mark.count)...])
        prefix = Array(bytes[..<place])
        guard !suffix.isEmpty, ByteSearch.firstIndex(of: mark, in: suffix, 0..<suffix.count) == nil else { return nil }
    }
}
