import GatehouseCore

/// Where a payload of no known format has what an envelope needs, as the configuration says it: JSON Pointers
/// (RFC 6901) to the fields of the project's own formats, `generic-chat` and `generic-callback`.
package struct FieldMapping: Sendable, Equatable {
    /// The fields that a mapping may fill; the raw value is the path of the key in the configuration.
    package enum Field: String, CaseIterable, Sendable {
        case id, text, subject, account, language, country, notes
        case conversationID = "conversation_id"
        case sentAt = "sent_at"
        case inReplyTo = "in_reply_to"
        case timeZone = "time_zone"
        case senderID = "from.id"
        case senderName = "from.name"
        case senderEmail = "from.email"
        case senderPhone = "from.phone"
        case senderUsername = "from.username"
        case senderRole = "from.role"
        case phoneExtension = "callback.extension"
        case windowDate = "callback.date"
        case windowText = "callback.window"
        case windowStart = "callback.start"
        case windowEnd = "callback.end"
    }

    /// `data.provider` of the envelopes.
    package var provider = "generic"
    /// Texts that hold JSON themselves, read before everything else.
    package var decoded: [String] = []
    /// The list whose items are the messages; nil where the document is one message.
    package var each: String?
    package var fields: [Field: MappingRule] = [:]
    package var attachments: [AttachmentMapping] = []
    package var ignored: [IgnoreRule] = []
    package var deleted: [MappingCondition] = []
    package var revised: [MappingCondition] = []
    /// Notes among agents.
    package var isPrivate: [MappingCondition] = []

    package init() {}

    /// A condition, and the name under which what fits it is counted.
    package struct IgnoreRule: Sendable, Equatable {
        var condition: MappingCondition
        var kind: String
    }

    /// Whether a text is a JSON Pointer: empty, or `/` before each step, and `~` only as `~0` and `~1`.
    package static func isPointer(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.first ?? UInt8(ascii: "/") == UInt8(ascii: "/") else { return false }
        for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "~") {
            guard index + 1 < bytes.count,
                bytes[index + 1] == UInt8(ascii: "0") || bytes[index + 1] == UInt8(ascii: "1")
            else { return false }
        }
        return true
    }

    package static func pointerWords(_ text: String) -> String {
        let hint =
            text.hasPrefix("/") ? "write '~' as '~0' and '/' as '~1'" : "it starts with '/', as in '/message/text'"
        return "'\(UnicodeText.printable(text))' is no JSON Pointer (RFC 6901): \(hint)."
    }
}

/// A place in a payload.
package enum MappingPlace: Sendable, Equatable {
    /// In the message: the list's item, or the whole document.
    case item(String)
    case document(String)
    /// An HTTP header field, its name in lower case.
    case header(String)
}

/// How one field comes about.
package struct MappingRule: Sendable, Equatable {
    package indirect enum Origin: Sendable, Equatable {
        case place(MappingPlace)
        case fixed(String)
        /// The first that holds something.
        case first([MappingRule])
        /// All that hold something, with a text between them.
        case joined([MappingRule], String)
    }

    /// What a number of a time counts.
    package enum Unit: String, CaseIterable, Sendable {
        case seconds = "s"
        case milliseconds = "ms"
        case microseconds = "us"
        case nanoseconds = "ns"
    }

    package var origin: Origin
    /// nil tells it by the number's size.
    package var unit: Unit?
    /// The payload's words and ours; nil takes the text as it is.
    package var words: [String: String]?
    /// Where the place holds nothing, or a word that `words` has not.
    package var fallback: String?
    package var isHTML = false

    package init(_ origin: Origin) { self.origin = origin }
}

/// Whether something is so.
package struct MappingCondition: Sendable, Equatable {
    package enum Test: Sendable, Equatable {
        case isOneOf([String])
        case isNoneOf([String])
        /// Anything but null.
        case exists(Bool)
    }

    package var place: MappingPlace
    package var test: Test
}

/// Where files are named.
package struct AttachmentMapping: Sendable, Equatable {
    /// A list, an object or an address.
    package var each: MappingPlace
    package var url: MappingRule?
    package var name: MappingRule?
    package var mediaType: MappingRule?
    package var size: MappingRule?
    /// The bytes, in base 64.
    package var content: MappingRule?
}
