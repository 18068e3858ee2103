import GatehouseCore

/// What a sender wrote in before says what a message of five words is in.
extension Store {
    /// A text that is this sure says what its sender writes in.
    private static let sure = 0.9

    /// Lets the sender's earlier language decide where the text leaves it open, and keeps this one for the next time.
    func considerSender(of new: inout NewMessage) throws(StoreError) {
        guard new.envelope.data.direction == .inbound, new.envelope.data.automated == .no,
            let language = new.envelope.data.triage?.language, let sender = sender(of: new.envelope.data)
        else { return }
        if language.decidedBy == nil, language.tag != "und", language.confidence >= Self.sure {
            return try connection.run(
                """
                INSERT INTO sender_language VALUES (?1, ?2)
                ON CONFLICT DO UPDATE SET tag = excluded.tag WHERE tag <> excluded.tag
                """,
                .bytes(sender),
                .text(language.tag)
            )
        }
        let sql = "SELECT tag FROM sender_language WHERE sender = ?1"
        guard let tag = try connection.first(sql, .bytes(sender), take: { $0.text(0) }) else { return }
        guard let hint = LanguageHint(.sender, tag) else { return }
        new.envelope.data.triage?.language = LanguageDecision.decide(language, [hint], minimum: 0)
    }

    /// A keyed digest of an address or number, or of a platform's id; nil for nobody.
    private func sender(of data: MessageData) -> [UInt8]? {
        guard let party = data.customer ?? data.from.first else { return nil }
        let name = (party.email.map(UnicodeText.lowercased) ?? party.phone) ?? party.id.map { "\(data.provider):\($0)" }
        guard let name, !name.isEmpty else { return nil }
        return Array(SHA256.digest(of: key + Array("language:\(name)".utf8)).prefix(16))
    }
}
