import GatehouseCore

/// What triage says of a message that is counted by the hour.
package enum Facet: String, Sendable, CaseIterable {
    case topic, queue
    /// The kind of a secret that was taken out.
    case redaction
    /// A danger.
    case flag
}

/// A fact that is counted, and where.
struct FacetKey: Hashable {
    var facet: Facet
    var value: String
    var channel: Channel
}

extension Store {
    /// Counts what triage says of a new message; in memory until its batch is stored.
    func countFacets(of data: borrowing MessageData) {
        guard let triage = data.triage else { return }
        let channel = data.channel
        func count(_ facet: Facet, _ value: String) {
            facetCounts[FacetKey(facet: facet, value: value, channel: channel), default: 0] += 1
        }
        if data.automated == .no {
            for topic in triage.topics { count(.topic, topic.name) }
        }
        if let queue = triage.queue { count(.queue, queue) }
        for redaction in triage.safety.redactions { count(.redaction, redaction.kind) }
        for flag in triage.safety.flags { count(.flag, flag.name) }
    }

    /// Adds the batch's new messages to the hour's counts; call it inside its transaction.
    func saveFacets(now: Timestamp) throws(StoreError) {
        defer { facetCounts = [:] }
        let hour = now.milliseconds / 3_600_000
        for (key, count) in facetCounts {
            try connection.run(
                "INSERT INTO facet VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET count = count + excluded.count",
                .int(hour),
                .text(key.facet.rawValue),
                .text(Self.shortened(key.value, to: 64)),
                .text(key.channel.rawValue),
                .int(count)
            )
        }
    }
}
