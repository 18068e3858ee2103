package import GatehouseCore

/// Which messages a target gets: `targets[].when`. What does not fit is `not_due` there.
package struct TargetCondition: Sendable, Equatable {
    /// At least so urgent; nil takes every level.
    package var urgency: UrgencyLevel?
    /// Empty takes every channel.
    package var channels: [Channel] = []
    /// One of them is enough; empty takes every message.
    package var topics: [String] = []

    package init() {}

    func admits(_ envelope: Envelope) -> Bool {
        if let urgency, (envelope.data.triage?.urgency.level ?? .normal).rank < urgency.rank { return false }
        guard channels.isEmpty || channels.contains(envelope.data.channel) else { return false }
        return topics.isEmpty || envelope.data.triage?.topics.contains { topics.contains($0.name) } ?? false
    }
}
