package import GatehouseCore
import Synchronization

/// An envelope as it is stored, read when somebody first looks into it: most targets take its bytes as they are.
package final class StoredEnvelopeJSON: Sendable {
    package let bytes: [UInt8]
    /// False where no member of it can be `attachments`: within a string its quotes would stand behind backslashes.
    package let mayHaveAttachments: Bool
    private let known: Mutex<JSONValue?>

    /// - Parameter value: What the bytes say, where that is known.
    /// - Throws: `JSONError` if they are no JSON any more.
    package init(_ bytes: [UInt8], value: JSONValue? = nil) throws {
        self.bytes = bytes
        mayHaveAttachments = Self.hasAttachmentsKey(bytes)
        guard value == nil, !JSONDocument.isPlainObject(bytes) else {
            known = Mutex(value)
            return
        }
        known = Mutex(try JSONDocument.parse(bytes, name: "envelope", options: .strict))
    }

    package var value: JSONValue {
        known.withLock { known in
            if let known { return known }
            let value = (try? JSONDocument.parse(bytes, name: "envelope", options: .strict)) ?? JSONValue(.null)
            known = value
            return value
        }
    }

    /// By its `m`, which is the seldomest of its letters.
    private static func hasAttachmentsKey(_ bytes: [UInt8]) -> Bool {
        var start = 0
        while let place = ByteSearch.firstIndex(of: UInt8(ascii: "m"), in: bytes, start..<bytes.count) {
            if ByteSearch.matches(attachmentsKey, bytes, at: place - 7) { return true }
            start = place + 1
        }
        return false
    }

    private static let attachmentsKey = Array("\"attachments\"".utf8)
}

/// One message for one target.
package struct DeliveryJob: Sendable {
    /// The outbox row.
    package var id: Int64
    package var envelopeID: String
    package let stored: StoredEnvelopeJSON
    package var conversation: String?
    /// The conversation's ticket; nil opens one.
    package var ticket: String?
    /// How often it was tried before.
    package var attempts = 0
    /// An earlier attempt may have made the ticket without our hearing of it.
    package var outcomeUnknown = false
    /// How often in a row, up to now, the target answered this message with one and the same 5xx.
    package var equalServerErrors = 0
    /// Since this message's last try the target has taken another one: what keeps failing is then this message's fault.
    package var othersWentThrough = false

    package var envelope: JSONValue { stored.value }
    /// The same envelope, as it is stored.
    package var envelopeBytes: [UInt8] { stored.bytes }

    package init(id: Int64, envelopeID: String, envelope: StoredEnvelopeJSON) {
        self.id = id
        self.envelopeID = envelopeID
        stored = envelope
    }
}

/// What became of a job.
package enum DeliveryOutcome: Sendable, Equatable {
    /// - Parameters:
    ///   - url: Where a person can look at the ticket.
    ///   - lookedUp: The ticket was there already: an earlier attempt had made it.
    case sent(ticket: String, url: String?, lookedUp: Bool)
    /// - Parameter outcomeUnknown: Hand it back in the next attempt's job.
    case retry(afterMilliseconds: Int64, reason: String, status: Int?, outcomeUnknown: Bool)
    /// Nothing was sent, since the target is down or asked for a pause: no attempt of this message.
    case postponed(afterMilliseconds: Int64, reason: String)
    /// The same request would be refused again.
    /// - Parameter answer: The target's words: bounded, printable, without secrets.
    case dead(reason: String, status: Int?, answer: String)
    /// The conversation's ticket is no more; the message needs a new one.
    case ticketGone(reason: String)
}

/// What one attempt looked like, for the audit.
package struct AttemptFacts: Sendable, Equatable {
    /// The last answer's.
    package var status: Int?
    /// All requests of the attempt together.
    package var durationMilliseconds: Int64 = 0
    package var requests = 0
    /// The start of the last answer: bounded, printable, without secrets.
    package var answer = ""
    /// The last answer said when to come again.
    package var askedToWait = false

    package init() {}
}
