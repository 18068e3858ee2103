package import GatehouseCore

/// Which messages a target gets: `targets[].when`. What does not fit is `not_due` there.
package struct TargetCondition: Sendable, Equatable {
    /// At least so urgent; nil takes every level.
    package var urgency: UrgencyLevel?
    /// Empty takes every channel.
    package var channels: [Channel] = []

    package init() {}

    func admits(_ envelope: Envelope) -> Bool {
        if let urgency, (envelope.data.triage?.urgency.level ?? .normal).rank < urgency.rank { return false }
        return channels.isEmpty || channels.contains(envelope.data.channel)
    }
}
