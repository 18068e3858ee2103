import Foundation
import GatehouseCore
import GatehouseStore

/// A state directory of its own for each test, gone with it.
final class TemporaryState {
    let directory: String
    private let root: String

    init() {
        root = FileManager.default.temporaryDirectory.appending(path: "gatehouse-store-\(UUID().uuidString)").path
        directory = root + "/state"
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func open(_ options: Store.Options = Store.Options()) throws -> Store {
        try Store(directory: directory, create: true, options: options)
    }
}

/// Noon of some day.
let noon = Timestamp(milliseconds: 1_767_355_200_000)

func later(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: noon.milliseconds + seconds * 1000) }

/// A message as an adapter and triage would hand it on.
struct Sample {
    var channel = Channel.email
    var account: String? = "support@example.org"
    var keys: [IdentityKey] = []
    var text = "Where is my withdrawal?"
    var raw: String?
    var conversation: String?
    var urgency = UrgencyLevel.normal
    var language = LanguageResult(tag: "en", confidence: 1)
    var sender = "ada@example.com"
    var time = noon
    var targets = [TargetPlan(name: "tickets")]
    var attachment: [UInt8]?
    var type = EventType.messageCreated
    var direction = Direction.inbound
    var automated = Automation.no
    var revision = 0

    var original: [UInt8] { Array((raw ?? "raw of \(text)").utf8) }

    var entry: IntakeEntry {
        var data = MessageData(channel: channel, provider: "test")
        data.account = account
        data.conversationID = conversation
        data.from = [Party(name: "Ada", email: sender)]
        data.direction = direction
        data.automated = automated
        data.revision = revision
        data.body.text = text
        data.triage = TriageResult(
            rulesVersion: "test",
            language: language,
            urgency: UrgencyResult(level: urgency, score: 0)
        )
        if let attachment { data.attachments = [AttachmentInfo(bytes: attachment, name: "a.bin", mediaType: nil)] }
        let envelope = Envelope(source: "/email/test", type: type, time: time, data: data)
        let message = ParsedMessage(
            envelope: envelope,
            keys: keys,
            raw: original,
            contents: attachment.map { [0: $0] } ?? [:]
        )
        return IntakeEntry(
            item: .message(message),
            origin: IntakeOrigin(channel: channel, source: "/email/test", account: account),
            targets: targets
        )
    }
}

extension Store {
    func take(_ samples: Sample..., at now: Timestamp = noon) throws -> [IntakeResult] {
        try commit(samples.map(\.entry), positions: [], of: "test", now: now)
    }

    func takeOne(_ sample: Sample, at now: Timestamp = noon) throws -> IntakeResult {
        try commit([sample.entry], positions: [], of: "test", now: now)[0]
    }

    func leaseAll(_ limit: Int = 100, at now: Timestamp = noon) throws -> [OutboxJob] {
        try lease(target: "tickets", limit: limit, now: now, seconds: 60)
    }
}
