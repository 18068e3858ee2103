package import GatehouseCore
package import GatehouseStore

/// Which targets get a message, and in which state it starts there.
package struct TargetPlanner: Sendable {
    package let targets: [String]
    package let policy: TicketPolicy

    package init(targets: [String], policy: TicketPolicy) {
        self.targets = targets
        self.policy = policy
    }

    package func plans(for envelope: Envelope) -> [TargetPlan] {
        let decision = policy.decide(envelope)
        let idle = policy.idleSeconds(for: envelope.data.channel)
        // What routing names; nothing: all.
        let chosen = envelope.data.triage?.targets ?? []
        return targets.map { target in
            guard chosen.isEmpty || chosen.contains(target) else {
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
