import GatehouseCore

/// What `list` asks of a message that only its envelope can tell.
struct EnvelopeQuery: Sendable {
    var topic: String?
    var queue: String?
    /// A part of the sender's or customer's name, address, number or id, whatever its case.
    var sender: String?

    var isEmpty: Bool { topic == nil && queue == nil && sender == nil }

    func admits(_ envelope: [UInt8]) -> Bool {
        guard let data = (try? JSONDocument.parse(envelope))?["data"] else { return false }
        let triage = data["triage"]
        if let queue, triage?["queue"]?.string != queue { return false }
        if let topic {
            let topics = triage?["topics"]?.array ?? []
            guard topics.contains(where: { $0["name"]?.string == topic }) else { return false }
        }
        guard let wanted = sender?.lowercased() else { return true }
        let people = (data["from"]?.array ?? []) + (data["customer"].map { [$0] } ?? [])
        return people.contains { person in
            ["name", "email", "phone", "username", "id"].contains { key in
                person[key]?.text?.lowercased().contains(wanted) == true
            }
        }
    }
}
