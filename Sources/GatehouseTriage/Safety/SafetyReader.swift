import GatehouseCore

/// All dangers of a message, with reasons.
struct SafetyReader {
    let links: LinkDangers

    init(_ configuration: TriageConfiguration) { links = LinkDangers(configuration.brandDomains) }

    func flags(
        _ data: borrowing MessageData,
        _ facts: FactReader,
        _ topics: TopicReader,
        contents: [Int: [UInt8]]
    ) -> [SafetyFlag] {
        var flags = links.find(facts.links, html: data.body.html, isList: data.automated == .list)
        for (name, words) in topics.flags.sorted(by: { $0.key < $1.key }) {
            let quoted = words.map { "“\($0)”" }.joined(separator: ", ")
            flags.append(SafetyFlag(name: name, reason: "the message says \(quoted)"))
        }
        if let impersonation = impersonation(data) { flags.append(impersonation) }
        return flags + AttachmentDangers.find(data.attachments, contents)
    }

    /// A sender whose name speaks for the brand while the address is somebody else's.
    private func impersonation(_ data: borrowing MessageData) -> SafetyFlag? {
        guard data.direction == .inbound, let sender = data.from.first, sender.role == nil || sender.role == .customer
        else {
            return nil
        }
        guard let name = sender.name ?? sender.username, links.names(name) else { return nil }
        if let host = sender.email?.split(separator: "@").last, links.isOwn(host.lowercased()) { return nil }
        let address = sender.email ?? sender.username ?? sender.id ?? "unknown"
        let reason = "“\(UnicodeText.printable(name))” writes from \(UnicodeText.printable(address))"
        return SafetyFlag(name: "staff_impersonation", reason: reason)
    }
}

extension LinkDangers {
    private static let offices: Set<String> = [
        "support", "security", "team", "service", "helpdesk", "help", "admin", "administrator", "official",
        "compliance",
        "agent", "desk", "care", "客服", "官方", "サポート", "고객센터", "поддержка", "soporte", "suporte", "destek", "الدعم",
    ]

    /// Whether a person's name is made of a brand and an office, such as "Acme Support".
    func names(_ name: String) -> Bool {
        guard knowsBrands else { return false }
        let words = name.lowercased().prefix(200).split { !$0.isLetter && !$0.isNumber }.map(String.init)
        guard words.contains(where: { word in Self.offices.contains { word == $0 || word.hasSuffix($0) } }) else {
            return false
        }
        return words.contains { isBrandWord($0) }
    }
}
