import GatehouseCore
import GatehouseStore
import GatehouseTriage

/// What is done to each entry between reading and storing: fingerprint, triage, the plan for each target.
struct EntryPlanning: Sendable {
    let triage: Triage
    let planner: TargetPlanner

    func plan(_ entry: inout IntakeEntry) {
        guard case .message(var message) = entry.item else { return }
        // The entry gives it away meanwhile: what is held once is changed without a copy.
        entry.item = .ignored(IgnoredInput(kind: "", position: ""))
        // Before triage: what it puts in place of secrets changes with its rules, and a fingerprint must not.
        entry.contentDigest = EnvelopeIdentity.contentDigest(of: message.envelope)
        triage.assess(&message.envelope, contents: message.contents)
        entry.targets = planner.plans(for: message.envelope)
        message.envelope.data.triage?.targets = entry.targets.filter { $0.state == .ready }.map(\.name)
        entry.item = .message(message)
    }
}
