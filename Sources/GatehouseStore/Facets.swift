import GatehouseCore

/// What triage says of a message that is counted by the hour.
package enum Facet: String, Sendable, CaseIterable {
    case topic, queue
    /// The kind of a secret that was taken out.
    case redaction
    /// A danger.
    case flag
}

extension Store {
    private struct Count: Hashable {
        var facet: Facet
        var value: String
        var channel: Channel
    }

    /// Adds a batch's new messages to the hour's counts.
    func countFacets(of entries: [IntakeEntry], _ results: [IntakeResult], now: Timestamp) throws(StoreError) {
        var counts: [Count: Int] = [:]
        for (entry, result) in zip(entries, results) where result.state == .accepted {
            guard case .message(let held) = entry.item else { continue }
            let data = held.message.envelope.data
            guard let triage = data.triage else { continue }
            let channel = data.channel
            func count(_ facet: Facet, _ value: String) {
                counts[Count(facet: facet, value: value, channel: channel), default: 0] += 1
            }
            if data.automated == .no {
                for topic in triage.topics { count(.topic, topic.name) }
            }
            if let queue = triage.queue { count(.queue, queue) }
            for redaction in triage.safety.redactions { count(.redaction, redaction.kind) }
            for flag in triage.safety.flags { count(.flag, flag.name) }
        }
        let hour = now.milliseconds / 3_600_000
        for (key, count) in counts {
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
