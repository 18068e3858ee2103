/// One place where a document is not as its schema says.
package struct SchemaViolation: Sendable, Equatable {
    /// JSON Pointer (RFC 6901) of the value; empty for the whole document.
    package let pointer: String
    /// Bytes of the document before the value or key.
    package let offset: Int
    /// The schema's word that spoke: `required`, `enum`…
    package let keyword: String
    /// What is wrong and what would be right, in a sentence without the place.
    package let message: String

    package init(pointer: String, offset: Int, keyword: String, message: String) {
        self.pointer = pointer
        self.offset = offset
        self.keyword = keyword
        self.message = message
    }
}

/// A JSON Schema (draft 2020-12), as far as this project's own schemas use it.
///
/// `unsupportedKeywords` names what a schema uses beyond that; a test holds it empty for every schema in `deploy/schema`.
package struct JSONSchema: Sendable {
    /// Keywords that are checked.
    static let assertions: Set<String> = [
        "type", "properties", "required", "additionalProperties", "propertyNames", "items", "enum", "const", "$ref",
        "anyOf", "oneOf", "allOf", "not", "if", "then", "else", "minimum", "maximum", "exclusiveMinimum", "minLength",
        "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "uniqueItems", "pattern", "format",
    ]
    /// Keywords that only explain.
    static let annotations: Set<String> = [
        "$schema", "$id", "$defs", "$comment", "title", "description", "default", "examples", "deprecated",
        "markdownDescription",
    ]

    let document: JSONValue

    package init(document: JSONValue) { self.document = document }

    /// Where `value` breaks the schema, in the order of the document; empty if it holds.
    package func violations(of value: JSONValue) -> [SchemaViolation] {
        var check = SchemaCheck(root: document)
        check.check(value, against: document, at: "")
        return check.violations.enumerated()
            .sorted { ($0.element.offset, $0.offset) < ($1.element.offset, $1.offset) }
            .map(\.element)
    }

    /// Words in the schema that this validator would pass over in silence.
    package var unsupportedKeywords: [String] {
        var found: Set<String> = []
        Self.collect(document, into: &found, depth: 0)
        return found.sorted()
    }

    private static func collect(_ schema: JSONValue, into found: inout Set<String>, depth: Int) {
        guard depth < 64, let members = schema.members else { return }
        for member in members {
            if !assertions.contains(member.key), !annotations.contains(member.key) { found.insert(member.key) }
            switch member.key {
            case "properties", "$defs":
                for property in member.value.members ?? [] { collect(property.value, into: &found, depth: depth + 1) }
            case "anyOf", "oneOf", "allOf":
                for branch in member.value.array ?? [] { collect(branch, into: &found, depth: depth + 1) }
            case "items", "additionalProperties", "propertyNames", "not", "if", "then", "else":
                collect(member.value, into: &found, depth: depth + 1)
            default: break
            }
        }
    }
}
