// The one shape that every message takes. `deploy/schema/envelope.schema.json` says the same to machines,
// and a test holds the two together.

/// The four gates of the house; the raw value is the word in envelopes and on the command line.
package enum Channel: String, CaseIterable, Sendable {
    case email
    case socialDM = "social_dm"
    case webChat = "web_chat"
    case phoneCallback = "phone_callback"
}

/// CloudEvents' `type`.
package enum EventType: String, CaseIterable, Sendable {
    case messageCreated = "message.created"
    case messageRevised = "message.revised"
    case messageDeleted = "message.deleted"
    case callMissed = "call.missed"
    case voicemailReceived = "voicemail.received"
    case callbackRequested = "callback.requested"
    case callbackCanceled = "callback.canceled"
    case inputRejected = "input.rejected"
}

/// One message as a CloudEvents 1.0 object.
///
/// Absent values are nil or empty here and absent keys in JSON; nothing is invented. Texts are UTF-8 in form C
/// with LF line ends (`UnicodeText.normalised`).
package struct Envelope: Sendable, Equatable {
    /// base32 of a SHA-256 over account, key and revision: the same input has the same id on every machine.
    /// Empty until `MessageIdentity` has given it.
    package var id = ""
    /// CloudEvents' `source`: a path such as `/email/support-mail`.
    package var source: String
    package var type: EventType
    /// When it was sent, or else received.
    package var time: Timestamp?
    package var data: MessageData

    @inline(__always)
    package init(source: String, type: EventType, time: Timestamp? = nil, data: MessageData) {
        self.source = source
        self.type = type
        self.time = time
        self.data = data
    }
}

package enum Direction: String, CaseIterable, Sendable { case inbound, outbound, `internal`, system }

/// Who or what wrote it, where that is not a person.
package enum Automation: String, CaseIterable, Sendable {
    case no
    case autoReply = "auto_reply"
    case bounce, list, bot, echo
    case feedbackReport = "feedback_report"
}

/// The envelope's `data`.
package struct MessageData: Sendable, Equatable {
    package var channel: Channel
    /// The format's or vendor's word: `rfc5322`, `telegram`, `messenger`, `twilio`…
    package var provider: String
    /// Whose inbox: the mailbox's address, the page, the phone number. Scope of duplicates.
    package var account: String?
    package var direction = Direction.inbound
    package var automated = Automation.no
    /// The platform's own id; for e-mail the Message-ID without `<` and `>`.
    package var messageID: String?
    /// Groups messages; also CloudEvents' `subject`.
    package var conversationID: String?
    package var inReplyTo: [String] = []
    package var references: [String] = []
    /// 0 for the first form of a message, then counted up with each edit.
    package var revision = 0
    package var from: [Party] = []
    package var to: [Party] = []
    package var cc: [Party] = []
    package var bcc: [Party] = []
    package var replyTo: [Party] = []
    /// The one of them for whom the ticket is.
    package var customer: Party?
    package var subject: String?
    package var body = Body()
    /// What beside the text says in which language it is, the weightiest first; read by triage, not written out.
    package var languageHints: [LanguageHint] = []
    package var attachments: [AttachmentInfo] = []
    @Boxed package var mail: MailFacts? = nil
    @Boxed package var callback: CallbackRequest? = nil
    @Boxed package var call: PhoneCall? = nil
    package var times = Times()
    @Boxed package var authentication: AuthenticationVerdicts? = nil
    package var verification: Verification?
    @Boxed package var triage: TriageResult? = nil
    package var dedup: DedupFacts?
    package var raw = RawFacts()
    /// Doubts, each `name` or `name:detail`: `charset_guessed:gb18030`, `date_unparsed`…
    package var warnings: [String] = []

    @inline(__always)
    package init(channel: Channel, provider: String) {
        self.channel = channel
        self.provider = provider
    }
}

package enum Role: String, CaseIterable, Sendable { case customer, agent, bot, system }

/// A person or account: what is known of it.
package struct Party: Sendable, Equatable {
    package var id: String?
    package var name: String?
    package var email: String?
    /// E.164, `+49…`.
    package var phone: String?
    package var username: String?
    package var role: Role?

    @inlinable
    package init(
        id: String? = nil,
        name: String? = nil,
        email: String? = nil,
        phone: String? = nil,
        username: String? = nil,
        role: Role? = nil
    ) {
        self.id = id
        self.name = name
        self.email = email
        self.phone = phone
        self.username = username
        self.role = role
    }
}

package enum BodyFormat: String, CaseIterable, Sendable { case plain, html, flowed }

package struct Body: Sendable, Equatable {
    /// All of the text, decoded.
    package var text = ""
    /// The new text alone, where a quote or a signature was split off.
    package var strippedText: String?
    package var strippedQuote: String?
    package var strippedSignature: String?
    package var html: String?
    package var format: BodyFormat?

    package init(text: String = "", html: String? = nil, format: BodyFormat? = nil) {
        self.text = text
        self.html = html
        self.format = format
    }
}

package enum AttachmentStatus: String, CaseIterable, Sendable { case stored, remote, omitted, missing }

/// What the envelope says of an attachment; its bytes travel beside it (`ParsedMessage.contents`).
package struct AttachmentInfo: Sendable, Equatable {
    package var name: String?
    /// As declared by the sender.
    package var mediaType: String?
    /// As the first bytes tell.
    package var detectedType: String?
    package var size: Int?
    /// 64 lower-case hex digits.
    package var sha256: String?
    package var disposition: String?
    package var contentID: String?
    package var role: String?
    package var isSensitive = false
    /// Of an image, in pixels.
    package var width: Int?
    package var height: Int?
    /// `empty`, `unreadable`, `encrypted`, `same_as_before`.
    package var notes: [String] = []
    package var status: AttachmentStatus
    package var url: String?
    package var expiresAt: Timestamp?
    /// For e-mail the part's number as in IMAP: `1.2`.
    package var part: String?

    package init(status: AttachmentStatus, name: String? = nil, mediaType: String? = nil) {
        self.status = status
        self.name = name
        self.mediaType = mediaType
    }

    /// An attachment whose bytes are at hand: size, digest and detected type are filled in.
    package init(bytes: [UInt8], name: String?, mediaType: String?) {
        self.init(status: .stored, name: name, mediaType: mediaType)
        size = bytes.count
        sha256 = SHA256.hex(of: bytes)
        detectedType = MediaType.detect(bytes)
    }
}

package enum Protection: String, CaseIterable, Sendable { case pgp, smime }

package struct BounceReport: Sendable, Equatable {
    package var recipient: String?
    /// RFC 3463: `5.1.1`.
    package var status: String?
    package var diagnosis: String?

    package init(recipient: String? = nil, status: String? = nil, diagnosis: String? = nil) {
        self.recipient = recipient
        self.status = status
        self.diagnosis = diagnosis
    }
}

/// What only e-mail has.
package struct MailFacts: Sendable, Equatable {
    package var signed: Protection?
    package var encrypted: Protection?
    /// RFC 5546: `REQUEST`, `CANCEL`…
    package var calendarMethod: String?
    package var bounce: BounceReport?
    package var ticketsNamed: [String] = []
    /// What a trusted sender asked for by a field.
    package var control: MailControl?

    package init() {}
}

/// Priority and queue as a trusted sender's fields name them.
package struct MailControl: Sendable, Equatable {
    package var priority: UrgencyLevel?
    package var queue: String?

    package init(priority: UrgencyLevel? = nil, queue: String? = nil) {
        self.priority = priority
        self.queue = queue
    }
}

package enum PhoneStatus: String, CaseIterable, Sendable { case valid, possible, invalid, unparsed }

package struct CallbackWindow: Sendable, Equatable {
    package var start: Timestamp?
    package var end: Timestamp?
    /// As the customer put it.
    package var text: String?

    package init(start: Timestamp? = nil, end: Timestamp? = nil, text: String? = nil) {
        self.start = start
        self.end = end
        self.text = text
    }
}

/// What a person who wants to be called back asked for.
package struct CallbackRequest: Sendable, Equatable {
    /// E.164.
    package var phone: String?
    package var phoneRaw: String?
    package var phoneStatus: PhoneStatus?
    package var `extension`: String?
    package var windows: [CallbackWindow] = []
    /// An IANA name.
    package var timeZone: String?
    /// `stated`, `region` or `unknown`.
    package var timeZoneSource: String?
    package var topic: String?
    /// BCP 47.
    package var language: String?

    package init() {}
}

package struct PhoneCall: Sendable, Equatable {
    package var id: String?
    package var status: String?
    package var durationSeconds: Int?
    package var recordingURL: String?
    package var transcript: String?

    package init() {}
}

package enum TimePrecision: String, CaseIterable, Sendable { case ms, s, min, day }

package struct Times: Sendable, Equatable {
    package var sentAt: Timestamp?
    package var receivedAt: Timestamp?
    /// When the store took it; absent where nothing was stored (`gatehouse parse`).
    package var ingestedAt: Timestamp?
    package var precision: TimePrecision?
    /// `UTC`, `stated`, or `assumed:` and the zone that was assumed.
    package var zone: String?

    package init(sentAt: Timestamp? = nil, precision: TimePrecision? = nil, zone: String? = nil) {
        self.sentAt = sentAt
        self.precision = precision
        self.zone = zone
    }
}

/// RFC 8601 verdicts, of a trusted server only.
package struct AuthenticationVerdicts: Sendable, Equatable {
    package var spf: String?
    package var dkim: String?
    package var dmarc: String?
    package var isTrusted = false

    package init() {}
}

package enum VerificationStatus: String, CaseIterable, Sendable {
    case verified, failed, absent
    case notApplicable = "not_applicable"
}

/// Whether a webhook's signature was right.
package struct Verification: Sendable, Equatable {
    package var status: VerificationStatus
    package var scheme: String?

    package init(status: VerificationStatus, scheme: String? = nil) {
        self.status = status
        self.scheme = scheme
    }
}

package enum DedupMethod: String, CaseIterable, Sendable { case native, composite, content }

package struct RelatedMessage: Sendable, Equatable {
    package var id: String
    package var why: String

    package init(id: String, why: String) {
        self.id = id
        self.why = why
    }
}

/// The same text from many senders: a campaign, or an outage that many report.
package struct MessageCluster: Sendable, Equatable {
    /// The envelope's id of the first message of it.
    package var id: String
    /// How many senders it has, with this message's.
    package var senders: Int

    package init(id: String, senders: Int) {
        self.id = id
        self.senders = senders
    }
}

package struct DedupFacts: Sendable, Equatable {
    package var keys: [String] = []
    package var method: DedupMethod
    /// `fp1:` and hex; absent where no key is at hand (`gatehouse parse`).
    package var fingerprint: String?
    /// Which of several equal tuples in one document this is; 0 for the first.
    package var ordinal: Int?
    package var related: [RelatedMessage] = []
    package var cluster: MessageCluster?

    package init(
        keys: [String],
        method: DedupMethod,
        fingerprint: String? = nil,
        ordinal: Int? = nil,
        related: [RelatedMessage] = []
    ) {
        self.keys = keys
        self.method = method
        self.fingerprint = fingerprint
        self.ordinal = ordinal
        self.related = related
    }
}

/// Where the message came from, byte for byte.
package struct RawFacts: Sendable, Equatable {
    /// 64 hex digits: of `ParsedMessage.raw`, as the adapter hands it on.
    package var sha256: String?
    package var size: Int?
    /// A path, or `path#offset`.
    package var sourcePosition: String?
    /// The parser and its version: `email/1`.
    package var parser: String?

    package init() {}
}
