// What passes from a source through an adapter to the pipeline.

/// A key under which a message is known, and how much it proves.
package struct IdentityKey: Sendable, Hashable {
    package enum Strength: String, Sendable {
        /// A platform's own id: same key and other content is a revision of the same message.
        case authoritative
        /// The sender's word (Message-ID): same key and other content is another message.
        case claimed
        /// Made by us from conversation, sender, time, content and ordinal, where a platform gives no id.
        case composite
    }

    package let strength: Strength
    /// Unique within the channel account: chat ids and the like are part of it.
    package let value: String

    package init(_ strength: Strength, _ value: String) {
        self.strength = strength
        self.value = value
    }
}

/// One message, read: its envelope without id and triage, and the bytes that belong to it.
package struct ParsedMessage: Sendable {
    package var envelope: Envelope
    /// Empty where a message has neither id nor time: then only equal bytes make a duplicate.
    package var keys: [IdentityKey]
    /// Which of several equal tuples in one document this is; only beside a composite key.
    package var ordinal: Int?
    /// The message's own bytes as they came.
    package var raw: [UInt8]
    /// The bytes of `envelope.data.attachments`, by index; one that is not stored has none.
    package var contents: [Int: [UInt8]]

    @inline(__always)
    package init(
        envelope: Envelope,
        keys: [IdentityKey],
        ordinal: Int? = nil,
        raw: [UInt8],
        contents: [Int: [UInt8]] = [:]
    ) {
        self.envelope = envelope
        self.keys = keys
        self.ordinal = ordinal
        self.raw = raw
        self.contents = contents
    }

    /// Of the original and what belongs to it.
    package var byteCount: Int { raw.count + contents.values.reduce(0) { $0 + $1.count } }
}

/// Bytes in which no message could be read; they are kept, and become an `input.rejected` envelope.
package struct RejectedInput: Sendable {
    /// A short snake_case name: `json_truncated`, `empty_input`…
    package var reason: String
    /// What is wrong, where, and what to do, in a sentence.
    package var detail: String
    /// A path, `path#offset` or `path:line:column`.
    package var position: String
    package var provider: String
    package var raw: [UInt8]

    /// `detail` with its place before it, once.
    package var sentence: String { detail.hasPrefix(position) ? detail : "\(position): \(detail)" }

    package init(reason: String, detail: String, position: String, provider: String, raw: [UInt8]) {
        self.reason = reason
        self.detail = detail
        self.position = position
        self.provider = provider
        self.raw = raw
    }
}

/// Something well-formed that is no message: a receipt, typing, an empty event list.
package struct IgnoredInput: Sendable, Equatable {
    /// What it is, as a snake_case word: `delivery_receipt`, `typing`…
    package var kind: String
    package var position: String

    package init(kind: String, position: String) {
        self.kind = kind
        self.position = position
    }
}

package enum ParsedItem: Sendable {
    case message(HeldMessage)
    case rejected(RejectedInput)
    case ignored(IgnoredInput)

    package static func message(_ message: consuming ParsedMessage) -> ParsedItem { .message(HeldMessage(message)) }
}

/// A message in memory of its own: an item is handed on several times, and a message has a hundred references to count.
///
/// Whoever holds an item alone may change its message where it lies. Items go from one thread to another by being given
/// away, and none is changed once it has been: hence `@unchecked`.
package final class HeldMessage: @unchecked Sendable {
    package var message: ParsedMessage

    package init(_ message: ParsedMessage) { self.message = message }

    /// An empty message, made where it lies.
    package init(
        source: String,
        type: EventType,
        time: Timestamp?,
        channel: Channel,
        provider: String,
        keys: [IdentityKey],
        ordinal: Int?
    ) {
        message = ParsedMessage(
            envelope: Envelope(
                source: source,
                type: type,
                time: time,
                data: MessageData(channel: channel, provider: provider)
            ),
            keys: keys,
            ordinal: ordinal,
            raw: []
        )
    }
}

/// Bounds on every input, each with a key in the configuration under `limits`.
package struct Limits: Sendable, Equatable {
    package var messageBytes = 32 << 20
    package var headerBytes = 1 << 20
    package var headerCount = 10_000
    package var addressCount = 2_000
    package var mimeDepth = 64
    package var partCount = 5_000
    package var attachmentCount = 1_000
    /// UTF-8 bytes of a mail's text, and as many of its HTML; the original keeps the rest.
    package var textBytes = 16 << 20
    package var jsonDepth = 256
    package var jsonStringBytes = 16 << 20
    /// How many bytes one byte of a zip may become; real exports stay below 100.
    package var zipRatio = 200
    /// Bytes that one zip may become in all.
    package var zipBytes = 64 << 30

    package init() {}
}

/// What the configuration knows about where an input comes from.
package struct IntakeContext: Sendable {
    /// CloudEvents' `source`, `/email/support-mail`.
    package var source: String
    /// The mailbox's address, the page, the number that was called. Where the configuration names none,
    /// an adapter may fill it from the input itself.
    package var account: String?
    /// ISO 3166 region for telephone numbers without a country code.
    package var defaultRegion: String?
    /// An IANA name for times without a zone, and its present distance from UTC; nil means UTC is assumed.
    package var timeZone: String?
    /// HTTP header fields of a webhook, names in lower case.
    package var headers: [String: String] = [:]
    /// Whether the webhook's signature was right; nil for what is no webhook.
    package var verification: Verification?
    package var receivedAt: Timestamp?
    /// What "tomorrow" in an input counts from where nothing was received and the input states no time: `parse` sets it.
    package var now: Timestamp?
    package var limits = Limits()
    /// Only e-mail's.
    package var mail = MailSettings()

    package init(source: String, account: String? = nil) {
        self.source = source
        self.account = account
    }
}

/// One input for an adapter: a file, a pipe, or bytes that a source has cut out of something larger.
///
/// By reference: it goes through many hands, and no copy of it is ever changed.
package final class AdapterInput {
    package let bytes: ByteReader
    /// For `data.raw.source_position`: a path or `path#offset`.
    package let position: String
    /// The file's own path where there is one: attachments of exports lie beside it.
    package let path: String?
    /// The archive in which the input is an entry: attachments of exports lie in it. Its names are never paths.
    package let place: ZipPlace?
    package let context: IntakeContext

    package init(
        bytes: ByteReader,
        position: String,
        path: String? = nil,
        place: ZipPlace? = nil,
        context: IntakeContext
    ) {
        self.bytes = bytes
        self.position = position
        self.path = path
        self.place = place
        self.context = context
    }
}
