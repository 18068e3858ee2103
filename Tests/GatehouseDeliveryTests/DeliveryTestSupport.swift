import GatehouseCore
import GatehouseTransfer
import Synchronization
import Testing

@testable import GatehouseDelivery

/// An envelope as the store would hold it, by its parts.
func makeJob(
    _ id: String,
    text: String = "My withdrawal is stuck",
    ticket: String? = nil,
    extra: String = "",
    outcomeUnknown: Bool = false
) throws -> DeliveryJob {
    let json = """
        {"specversion":"1.0","id":"\(id)","source":"/email/support","type":"message.created","data":{"channel":"email",\
        "provider":"rfc5322","account":"support@example.org","direction":"inbound",\
        "from":[{"name":"Alice Example","email":"alice@example.org"}],"subject":"Withdrawal stuck",\
        "body":{"text":"\(text)"},"triage":{"rules_version":"1","language":{"tag":"en","confidence":0.9},\
        "urgency":{"level":"high","score":70,"reasons":[{"rule":"stuck_funds","points":70,"matched":"stuck","where":"body"}]}}\
        \(extra)}}
        """
    let bytes = Array(json.utf8)
    var job = DeliveryJob(id: 1, envelopeID: id, envelope: try StoredEnvelopeJSON(bytes))
    job.ticket = ticket
    job.outcomeUnknown = outcomeUnknown
    return job
}

/// Outcomes of one delivery, in the order of the jobs.
func deliver(
    _ jobs: [DeliveryJob],
    by engine: DeliveryEngine,
    to target: String = "desk",
    contents: [String: [UInt8]] = [:]
) throws -> [DeliveryOutcome] {
    var outcomes: [String: DeliveryOutcome] = [:]
    func settle(_ job: DeliveryJob, _ outcome: DeliveryOutcome, _ facts: AttemptFacts) {
        #expect(outcomes[job.envelopeID] == nil, "settled twice: \(job.envelopeID)")
        outcomes[job.envelopeID] = outcome
    }
    try engine.deliver(jobs, to: target, content: { contents[$0] }, settled: settle)
    return jobs.compactMap { outcomes[$0.envelopeID] }
}

/// A GET's answer as JSON.
func read(_ url: String) throws -> JSONValue {
    let address = try #require(HTTPURL(url))
    return try JSONDocument.parse(HTTPClient().perform(HTTPRequest(.get, address)).body)
}

func send(_ text: String, to url: String) throws {
    let address = try #require(HTTPURL(url))
    _ = try HTTPClient().perform(HTTPRequest(.post, address, body: Array(text.utf8)))
}

/// A value that a script's threads share.
final class Mutexed<Value: Sendable>: Sendable {
    private let storage: Mutex<Value>
    init(_ value: Value) { storage = Mutex(value) }

    var value: Value {
        get { storage.withLock { $0 } }
        set { storage.withLock { $0 = newValue } }
    }
}

final class AtomicFlag: Sendable {
    private let flag = Mutexed(false)

    /// True the first time alone.
    func setOnce() -> Bool {
        defer { flag.value = true }
        return !flag.value
    }
}
