import GatehouseCore

extension TriageResult {
    /// What a trusted sender's fields ask for goes before what rules say; the words that rules saw stay to be read.
    mutating func obey(_ control: MailControl?) {
        guard let control else { return }
        if let level = control.priority {
            let band = level.scores
            urgency.score = min(max(urgency.score, band.lowerBound), band.upperBound)
            let reason = UrgencyReason(
                rule: "control_field",
                points: urgency.score,
                matched: level.rawValue,
                location: "header"
            )
            urgency.level = level
            urgency.reasons.insert(reason, at: 0)
        }
        if let queue = control.queue { self.queue = queue }
    }
}
