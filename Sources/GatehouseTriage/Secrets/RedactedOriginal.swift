import GatehouseCore

/// What is kept in place of an original that held a secret.
enum RedactedOriginal {
    private static let note = "Secrets were removed from this message: this is what is left of it, not the original."

    /// A plain mail for e-mail, an envelope in JSON for other channels.
    static func rendering(of envelope: Envelope) -> [UInt8] {
        guard envelope.data.channel == .email else { return EnvelopeEncoder.encode(envelope) }
        let data = envelope.data
        var lines: [String] = []
        func field(_ name: String, _ value: String?) {
            guard let value, !value.isEmpty else { return }
            // A field is one line here: what breaks lines becomes a blank.
            lines.append("\(name): " + String(decoding: value.utf8.map { $0 < 0x20 ? 0x20 : $0 }, as: UTF8.self))
        }
        func people(_ parties: [Party]) -> String {
            parties.map { party in
                let address = party.email ?? ""
                guard let name = party.name else { return address }
                let quoted = name.utf8.flatMap { $0 == 0x22 || $0 == 0x5C ? [0x5C, $0] : [$0] }
                return "\"\(String(decoding: quoted, as: UTF8.self))\" <\(address)>"
            }.joined(separator: ", ")
        }
        field("From", people(data.from))
        field("To", people(data.to))
        field("Cc", people(data.cc))
        field("Reply-To", people(data.replyTo))
        field("Subject", data.subject)
        field("Message-ID", data.messageID.map { "<\($0)>" })
        field("In-Reply-To", data.inReplyTo.map { "<\($0)>" }.joined(separator: " "))
        field("References", data.references.map { "<\($0)>" }.joined(separator: " "))
        field("X-Gatehouse-Redacted", note)
        lines += [
            "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", "",
        ]
        lines.append(data.body.text)
        return Array(lines.joined(separator: "\n").utf8)
    }
}
