/// A departure from RFC 8259 that real exports hold and the reader repairs; the raw value is the word in warnings.
package enum JSONRepair: String, CaseIterable, Sendable {
    case byteOrderMark = "byte_order_mark"
    /// `window.YTD.direct_messages.part0 = ` before the value.
    case assignmentPrefix = "assignment_prefix"
    case trailingSemicolon = "trailing_semicolon"
    case concatenatedDocuments = "concatenated_documents"
    /// `\x0B`, as Telegram Desktop writes control characters.
    case hexEscape = "hex_escape"
    /// `\q`: both characters are kept.
    case unknownEscape = "unknown_escape"
    case loneSurrogate = "lone_surrogate"
    case controlCharacter = "control_character"
    case invalidUTF8 = "invalid_utf8"
    /// A comma before `]` or `}`, or one too many between two values.
    case extraComma = "extra_comma"
    /// `NaN`, `Infinity`, `+1`, `.5`, `01`.
    case looseNumber = "loose_number"
    case unquotedValue = "unquoted_value"
    case unquotedKey = "unquoted_key"
    /// A string longer than the limit, cut there.
    case stringCut = "string_cut"
    /// A value nested deeper than the limit, read as null.
    case depthCut = "depth_cut"
}

/// What a reader takes and how much of it.
package struct JSONOptions: Sendable {
    /// Repairs what `JSONRepair` names; without it the first departure is an error.
    package var isTolerant = true
    /// Reads `// …` and `/* … */` as white space.
    package var allowsComments = false
    /// Allows a comma before `]` and `}` even where nothing else is tolerated.
    package var allowsTrailingCommas = false
    /// Levels of `{` and `[`; held to at most 1024.
    package var maximumDepth: Int
    /// Bytes of one string or key as they stand in the document.
    package var maximumStringBytes: Int
    /// Bytes of one value that `readValue` builds.
    package var maximumValueBytes: Int

    package init(limits: Limits = Limits()) {
        maximumDepth = min(max(limits.jsonDepth, 1), 1024)
        maximumStringBytes = max(limits.jsonStringBytes, 1)
        maximumValueBytes = max(limits.messageBytes, 1)
    }

    /// For exports and webhooks.
    package static let tolerant = JSONOptions()

    /// RFC 8259 as it stands.
    package static let strict = JSONOptions().with { $0.isTolerant = false }

    /// For our own files written by people: strict, with comments and trailing commas.
    package static let configuration = JSONOptions.strict.with {
        $0.allowsComments = true
        $0.allowsTrailingCommas = true
    }

    private func with(_ change: (inout JSONOptions) -> Void) -> JSONOptions {
        var copy = self
        change(&copy)
        return copy
    }
}

/// One step through a document.
package enum JSONEvent: Sendable, Equatable {
    case beginObject
    case key(String)
    case endObject
    case beginArray
    case endArray
    case string(String)
    /// The number as it stands in the document, so that no digit is lost.
    case number(String)
    case bool(Bool)
    case null
}
