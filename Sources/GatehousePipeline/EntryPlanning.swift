import GatehouseCore
import GatehouseStore
import GatehouseTriage

/// What is done to each entry between reading and storing: fingerprint, triage, the plan for each target.
struct EntryPlanning: Sendable {
    let triage: Triage
    let planner: TargetPlanner
    /// Takes secrets out before anything of a message is kept, written down or sent.
    let redactor: SecretRedactor

    func plan(_ entry: inout IntakeEntry) {
        if case .rejected(var input) = entry.item {
            if redactor.redact(&input) { entry.item = .rejected(input) }
            return
        }
        guard case .message(let held) = entry.item else { return }
        // Before triage: what it puts in place of secrets changes with its rules, and a fingerprint must not.
        entry.contentDigest = EnvelopeIdentity.contentDigest(of: held.message.envelope)
        let safety = redactor.redact(&held.message)
        if safety.replacesOriginal { entry.originalDigest = safety.originalDigest }
        triage.assess(&held.message.envelope, contents: held.message.contents)
        held.message.envelope.data.triage?.safety.add(safety.result)
        entry.targets = planner.plans(for: held.message.envelope)
        held.message.envelope.data.triage?.targets = entry.targets.filter { $0.state == .ready }.map(\.name)
    }
}
