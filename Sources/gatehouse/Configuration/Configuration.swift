import EmailAdapter
import GatehouseCore
import GatehousePipeline
import GatehouseSources
import GatehouseStore
import GatehouseTransfer
import GatehouseTriage
import GatehouseWebhooks

/// What the configuration file says, checked and with its paths made whole.
struct Configuration {
    struct Source {
        enum Kind: String {
            case maildir, mbox, folder
            /// On a server.
            case imap, pop3
            /// Fed by `ingest`, not by `poll`.
            case webhook

            var holdsMail: Bool { self == .maildir || self == .mbox || isOnServer }
            var isOnServer: Bool { self == .imap || self == .pop3 }
        }

        var name: String
        var kind: Kind
        var path: String
        var channel: Channel?
        var format: String?
        var after: AfterRead
        var subfolders: MaildirSubfolders
        var settleSeconds: Int
        var since: Timestamp?
        var context: IntakeContext
        /// Of a mailbox on a server.
        var mailbox: Mailbox?
        /// Of a webhook.
        var signature: Signature?
        var mapping: FieldMapping?
    }

    /// A mailbox on an IMAP or POP3 server.
    struct Mailbox {
        var address: MailboxAddress
        var encryption: MailConnection.Encryption
        var user: String
        var login: MailboxSettings.Login
        var secret: Secret
        /// Run where the server refuses the token, before the secret is read again.
        var renewCommand: [String]?
        var folders: [String]
        var caFile: String?
        var timeoutMilliseconds: Int
    }

    /// How a webhook's sender proves who it is.
    struct Signature {
        var recipe: SignatureRecipe
        var secret: Secret
        /// The secret before it, while the vendor changes over.
        var previousSecret: Secret?
        /// Whether a request without any signature is turned away.
        var isRequired: Bool
        /// What was typed into Meta's form beside the address.
        var verifyToken: Secret?
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
        /// A preset of the team's own.
        var template: JSONValue?
        var priorities: [UrgencyLevel: String]
        /// Of an archive.
        var path: String?
        /// Which messages it gets; nil for all.
        var condition: TargetCondition?
        var ratePerSecond: Double?
        var concurrency: Int
        var timeoutMilliseconds: Int
        var attachmentBytes: Int?
        var retryMinimumMilliseconds: Int64?
        var retryMaximumMilliseconds: Int64?
        var lookupDelayMilliseconds: Int64?
        var serverErrorLimit: Int?
        var caFile: String?
        /// Who we are to its TLS.
        var clientCertificate: String?
        var clientKey: String?
        var clientKeySecret: Secret?
        /// An address, or `none`.
        var proxy: String?
        var proxyUser: String?
        var proxySecret: Secret?
    }

    var path: String
    var stateDirectory: String
    var region: String?
    var timeZone: String?
    var sources: [Source] = []
    var targets: [Target] = []
    var policy = TicketPolicy()
    var redeliverySeconds: Int64 = 86_400
    var triage = TriageConfiguration()
    var limits = Limits()
    /// How many days the bytes of what is settled are kept; nil where the configuration does not say.
    var keepBytesDays: Int?
    /// Where `run` writes its counts for Prometheus.
    var metricsPath: String?
    var mail = MailSettings()
    var loopBreaker: LoopBreaker?
}
