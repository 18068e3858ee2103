import GatehouseCore
import GatehousePipeline

/// What the configuration file says, checked and with its paths made whole.
struct Configuration {
    struct Source {
        enum Kind: String { case maildir, mbox, folder }

        var name: String
        var kind: Kind
        var path: String
        var channel: Channel?
        var format: String?
        var after: AfterRead
        var settleSeconds: Int
        var since: Timestamp?
        var context: IntakeContext
    }

    enum AfterRead: Equatable {
        case keep, seen, delete
        case move(to: String)
    }

    struct Target {
        var name: String
        var preset: String
        var url: String
        var user: String?
        var secret: Secret?
        var queue: String?
        var options: [String: String]
        var priorities: [UrgencyLevel: String]
        var concurrency: Int
        var timeoutMilliseconds: Int
        var attachmentBytes: Int?
        var retryMinimumMilliseconds: Int64?
        var retryMaximumMilliseconds: Int64?
        var lookupDelayMilliseconds: Int64?
        var serverErrorLimit: Int?
        var caFile: String?
    }

    struct QueueRule {
        var queue: String
        var channels: [Channel]
        var languages: [String]
        var urgency: [UrgencyLevel]
    }

    var path: String
    var stateDirectory: String
    var region: String?
    var timeZone: String?
    var sources: [Source] = []
    var targets: [Target] = []
    var policy = TicketPolicy()
    var redeliverySeconds: Int64 = 86_400
    var languageConfidence: Double?
    var expectedLanguages: [String]?
    var languagePreference: Double?
    var queues: [QueueRule] = []
    var limits = Limits()
}
