import GatehouseCore

/// A body, JSON or form, behind one way to ask for its fields.
struct PhonePayload {
    enum Content {
        case json(JSONValue)
        case form(FormFields)
        /// The lines of a voicemail's description.
        case voicemail(VoicemailText)
    }

    let document: PayloadDocument
    let content: Content
    let warnings: [String]
    /// The file's own path where there is one: a voicemail's audio lies beside it.
    var path: String?

    var context: IntakeContext { document.context }

    /// Tells JSON and forms (urlencoded or multipart) apart by the first byte: `{` and `[` start JSON.
    static func content(
        of bytes: [UInt8],
        name: String,
        contentType: String? = nil,
        limits: Limits = Limits()
    ) -> (content: Content?, error: JSONError?, warnings: [String], cut: FormCut?) {
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let first = bytes[start...].first { $0 != 0x20 && !(0x09...0x0D).contains($0) }
        // A voicemail's section is no array, where somebody has dropped the comment above it.
        if first == UInt8(ascii: "["), bytes[start...].drop(while: { $0 != first }).starts(with: "[message]".utf8),
            let voicemail = VoicemailText(bytes)
        {
            return (.voicemail(voicemail), nil, [], nil)
        }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            let read = JSONDocument.readPartially(bytes, name: name, options: JSONOptions(limits: limits))
            return (read.value.map(Content.json), read.error, read.repairs.map { "json_repaired:\($0.rawValue)" }, nil)
        }
        if let voicemail = VoicemailText(bytes) { return (.voicemail(voicemail), nil, [], nil) }
        guard let form = FormDocument(bytes, contentType: contentType, limits: limits) else {
            return (nil, nil, [], nil)
        }
        return (.form(form.fields), nil, form.warnings, form.cut)
    }

    /// The files that came in a form.
    var files: FormDocument? {
        guard case .form = content else { return nil }
        return FormDocument(document.bytes, contentType: context.headers["content-type"], limits: context.limits)
    }

    /// The first of these fields that holds more than white space.
    func word(_ keys: String...) throws(JSONFieldError) -> String? {
        for key in keys {
            switch content {
            case .json(let value):
                if let word = try value.wordField(key) { return UnicodeText.normalised(word) }
            case .form(let fields):
                for value in fields.all(key) {
                    let word = Self.trimmed(value)
                    if !word.isEmpty { return UnicodeText.normalised(word) }
                }
            case .voicemail(let text):
                if let word = text[key] { return UnicodeText.normalised(word) }
            }
        }
        return nil
    }

    /// Every text of these fields that holds more than white space: of a form's repeated names, of JSON's arrays.
    func words(_ keys: String...) throws(JSONFieldError) -> [String] {
        var words: [String] = []
        for key in keys {
            if case .form(let fields) = content {
                words += fields.all(key).map(Self.trimmed).filter { !$0.isEmpty }.map(UnicodeText.normalised)
            } else if let values = value(key)?.array {
                words += values.prefix(100).compactMap(\.text).map(Self.trimmed).filter { !$0.isEmpty }
                    .map(UnicodeText.normalised)
            } else if let word = try word(key) {
                words.append(word)
            }
        }
        return words
    }

    /// The document as an object of JSON.
    func object() throws(JSONFieldError) -> JSONValue {
        guard case .json(let value) = content else {
            throw JSONFieldError(field: "the document", expected: "an object of JSON", found: "form", offset: 0)
        }
        try value.requireObject("the document")
        return value
    }

    /// A telephone field as it came.
    ///
    /// A `+` that the sender forgot to escape has become a space, so that a leading space before digits is one.
    func phone(_ keys: String...) throws(JSONFieldError) -> String? {
        for key in keys {
            if case .form(let fields) = content, let value = fields.all(key).first(where: { !Self.trimmed($0).isEmpty })
            {
                return UnicodeText.normalised(Self.withLostPlus(value))
            }
            if let word = try word(key) { return word }
        }
        return nil
    }

    /// A number from a form, trimmed, with the `+` that its leading space has been.
    static func withLostPlus(_ value: String) -> String {
        let bytes = Array(value.utf8.prefix(9))
        let hasLostPlus = bytes.count > 8 && bytes[0] == 0x20 && (49...57).contains(bytes[1])
        return (hasLostPlus ? "+" : "") + trimmed(value)
    }

    /// A field's value where it is no text: an array or object of JSON.
    func value(_ key: String) -> JSONValue? {
        if case .json(let value) = content, let member = value[key], !member.isNull { member } else { nil }
    }

    static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }
}

extension PhonePayload.Content {
    /// Whether a field of this name is there, whatever it holds.
    func has(_ key: String) -> Bool {
        switch self {
        case .json(let value): value[key] != nil
        case .form(let fields): fields[key] != nil
        case .voicemail: false
        }
    }

    /// A field's text.
    func text(_ key: String) -> String? {
        switch self {
        case .json(let value): value[key]?.text
        case .form(let fields): fields[key]
        case .voicemail: nil
        }
    }
}
