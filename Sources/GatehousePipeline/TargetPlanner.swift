package import GatehouseCore
package import GatehouseStore

/// Which targets get a message, and in which state it starts there.
package struct TargetPlanner: Sendable {
    package let targets: [String]
    package let policy: TicketPolicy
    /// By target; one that is not named gets every message that the policy sends.
    package let conditions: [String: TargetCondition]

    package init(targets: [String], policy: TicketPolicy, conditions: [String: TargetCondition] = [:]) {
        self.targets = targets
        self.policy = policy
        self.conditions = conditions
    }

    package func plans(for envelope: Envelope) -> [TargetPlan] {
        let decision = policy.decide(envelope)
        let idle = policy.idleSeconds(for: envelope.data.channel)
        // What routing names; nothing: all.
        let chosen = envelope.data.triage?.targets ?? []
        return targets.map { target in
            guard chosen.isEmpty || chosen.contains(target), conditions[target]?.admits(envelope) ?? true else {
                return TargetPlan(name: target, state: .notDue, conversationIdleSeconds: idle)
            }
            let state: TargetPlan.State =
                switch decision {
                case .send: .ready
                case .followUpOnly: .followUpOnly
                case .keep: .notDue
                }
            return TargetPlan(name: target, state: state, conversationIdleSeconds: idle)
        }
    }
}
