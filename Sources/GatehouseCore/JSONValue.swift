/// One key and its value, in the document's order.
package struct JSONMember: Sendable, Equatable {
    package let key: String
    /// Bytes before the key's first quote.
    package let keyOffset: Int
    package let value: JSONValue

    package init(key: String, keyOffset: Int, value: JSONValue) {
        self.key = key
        self.keyOffset = keyOffset
        self.value = value
    }
}

/// A JSON value that remembers where it stood; numbers keep their digits, objects their order and equal keys.
package struct JSONValue: Sendable, Equatable {
    package enum Content: Sendable, Equatable {
        case null
        case bool(Bool)
        /// As written: ids above 2^53 stay exact.
        case number(String)
        case string(String)
        case array([JSONValue])
        case object([JSONMember])
    }

    package let content: Content
    /// Bytes of the document before the value.
    package let offset: Int

    package init(_ content: Content, offset: Int = 0) {
        self.content = content
        self.offset = offset
    }

    /// The value of the first member with this key; nil for other values.
    package subscript(key: String) -> JSONValue? {
        guard case .object(let members) = content else { return nil }
        // Lengths first: most keys differ there, and nothing is copied on the way.
        let length = key.utf8.count
        for index in members.indices where members[index].key.utf8.count == length && members[index].key == key {
            return members[index].value
        }
        return nil
    }

    /// The element of an array; nil outside its bounds.
    package subscript(index: Int) -> JSONValue? {
        guard case .array(let values) = content, values.indices.contains(index) else { return nil }
        return values[index]
    }

    package var string: String? {
        if case .string(let text) = content { text } else { nil }
    }

    /// A string, or a number as it is written: ids come as both.
    package var text: String? {
        switch content {
        case .string(let text), .number(let text): text
        default: nil
        }
    }

    /// A whole number within 64 bits; strings do not count.
    package var int64: Int64? {
        if case .number(let text) = content { Int64(text) } else { nil }
    }

    /// A finite number. `1e400` and `NaN` give nil.
    package var double: Double? {
        guard case .number(let text) = content, let value = Double(text), value.isFinite else { return nil }
        return value
    }

    package var bool: Bool? {
        if case .bool(let value) = content { value } else { nil }
    }

    package var array: [JSONValue]? {
        if case .array(let values) = content { values } else { nil }
    }

    package var members: [JSONMember]? {
        if case .object(let members) = content { members } else { nil }
    }

    package var isNull: Bool {
        if case .null = content { true } else { false }
    }

    /// `object`, `array`, `string`, `number`, `boolean` or `null`.
    package var typeName: String {
        switch content {
        case .null: "null"
        case .bool: "boolean"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    /// Members whose key an earlier member of the same object has.
    package var repeatedMembers: [JSONMember] {
        guard case .object(let members) = content else { return [] }
        var seen: Set<String> = []
        return members.filter { !seen.insert($0.key).inserted }
    }

    /// The value at a JSON Pointer (RFC 6901), `/a/b/0`; the empty pointer is the value itself.
    package func pointer(_ pointer: String) -> JSONValue? {
        guard !pointer.isEmpty else { return self }
        let bytes = Array(pointer.utf8)
        guard bytes[0] == UInt8(ascii: "/") else { return nil }
        var value = self
        for token in bytes.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            let key = Self.unescape(token)
            switch value.content {
            case .object:
                guard let next = value[key] else { return nil }
                value = next
            case .array:
                guard let index = Self.index(key), let next = value[index] else { return nil }
                value = next
            default: return nil
            }
        }
        return value
    }

    /// `~1` is a slash and `~0` a tilde (RFC 6901 §3).
    private static func unescape(_ token: ArraySlice<UInt8>) -> String {
        var result: [UInt8] = []
        var isEscape = false
        for byte in token {
            if isEscape {
                isEscape = false
                switch byte {
                case UInt8(ascii: "0"): result.append(UInt8(ascii: "~"))
                case UInt8(ascii: "1"): result.append(UInt8(ascii: "/"))
                default: result += [UInt8(ascii: "~"), byte]
                }
            } else if byte == UInt8(ascii: "~") {
                isEscape = true
            } else {
                result.append(byte)
            }
        }
        if isEscape { result.append(UInt8(ascii: "~")) }
        return String(decoding: result, as: UTF8.self)
    }

    /// An array index without leading zeros (RFC 6901 §4).
    private static func index(_ token: String) -> Int? {
        guard token.utf8.allSatisfy({ (48...57).contains($0) }), token == "0" || !token.hasPrefix("0") else {
            return nil
        }
        return Int(token)
    }

    /// A key as a piece of a JSON Pointer.
    package static func pointerToken(_ key: String) -> String {
        var result = "/"
        for scalar in key.unicodeScalars {
            switch scalar {
            case "~": result += "~0"
            case "/": result += "~1"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
