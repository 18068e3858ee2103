import GatehouseCore
import GatehouseTriage

/// A message of a customer with this text, assessed.
func assessed(
    _ text: String,
    subject: String? = nil,
    automated: Automation = .no,
    configuration: TriageConfiguration = .init(),
    change: (inout MessageData) -> Void = { _ in }
) -> TriageResult {
    var data = MessageData(channel: .email, provider: "rfc5322")
    data.subject = subject
    data.automated = automated
    data.body.text = text
    change(&data)
    var envelope = Envelope(source: "/email/test", type: .messageCreated, data: data)
    Triage(configuration: configuration).assess(&envelope)
    return envelope.data.triage
        ?? TriageResult(
            rulesVersion: "",
            language: LanguageResult(tag: "", confidence: 0),
            urgency: UrgencyResult(level: .low, score: -1)
        )
}
