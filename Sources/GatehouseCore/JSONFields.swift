/// A member of a payload that has another type than its format says.
package struct JSONFieldError: Error, Equatable {
    /// The member's key, or a path of keys: `messages[3].text`.
    package var field: String
    package let expected: String
    package let found: String
    /// Bytes of the document before the value.
    package let offset: Int

    package init(field: String, expected: String, found: String, offset: Int) {
        self.field = field
        self.expected = expected
        self.found = found
        self.offset = offset
    }
}

// Members by type: absent and null are nil, another type is an error that knows its place.
extension JSONValue {
    /// A string, or a number as it is written.
    package func textField(_ key: String) throws(JSONFieldError) -> String? {
        try field(key, "a string") { $0.text }
    }

    /// A text without white space around it; an empty one counts as absent.
    package func wordField(_ key: String) throws(JSONFieldError) -> String? {
        try textField(key).flatMap(Self.nonBlank)
    }

    package func boolField(_ key: String) throws(JSONFieldError) -> Bool? {
        try field(key, "true or false") { $0.bool }
    }

    package func objectField(_ key: String) throws(JSONFieldError) -> JSONValue? {
        try field(key, "an object") { $0.members == nil ? nil : $0 }
    }

    package func arrayField(_ key: String) throws(JSONFieldError) -> [JSONValue]? {
        try field(key, "an array") { $0.array }
    }

    /// This value as an object.
    package func requireObject(_ name: String) throws(JSONFieldError) {
        guard members == nil else { return }
        throw JSONFieldError(field: name, expected: "an object", found: typeName, offset: offset)
    }

    private func field<Result>(
        _ key: String,
        _ expected: String,
        _ read: (JSONValue) -> Result?
    ) throws(JSONFieldError) -> Result? {
        guard let value = self[key], !value.isNull else { return nil }
        if let result = read(value) { return result }
        throw JSONFieldError(field: key, expected: expected, found: value.typeName, offset: value.offset)
    }

    private static func nonBlank(_ text: String) -> String? {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return nil }
        return String(scalars[first...last])
    }
}
