import GatehouseCore

/// Every key of the configuration, read from its schema: what the manual's reference and gatehouse.jsonc(5) are made of.
struct ConfigurationReference {
    /// One key of an object.
    struct Key: Equatable {
        let name: String
        let isRequired: Bool
        let value: [Piece]
        let meaning: String
    }

    /// A part of what a value may be.
    enum Piece: Equatable {
        case text(String)
        /// As it is typed: `"keep"`.
        case code(String)
        /// An object with keys of its own, by its section's title.
        case section(String)
    }

    /// One object: `policy.loop_breaker`, `sources[]`; or a form that stands in several places, by its name: `secret`.
    struct Section: Equatable {
        let title: String
        let meaning: String
        var keys: [Key] = []
    }

    private(set) var sections: [Section] = []
    private let root: JSONValue
    /// How often each definition is used. What is used once is named by its place.
    private var uses: [String: Int] = [:]
    private var pending: [(title: String, schema: JSONValue)] = []
    private var titles: [String: String] = [:]

    init(schema: JSONValue) {
        root = schema
        countUses(in: root, depth: 0)
        pending = [("", root)]
        while !pending.isEmpty {
            let (title, schema) = pending.removeFirst()
            sections.append(section(title, schema))
        }
    }

    private mutating func countUses(in schema: JSONValue, depth: Int) {
        guard depth < 32 else { return }
        if let name = Self.definitionName(schema) { uses[name, default: 0] += 1 }
        for member in schema.members ?? [] { countUses(in: member.value, depth: depth + 1) }
        for item in schema.array ?? [] { countUses(in: item, depth: depth + 1) }
    }

    /// `secret` of `{ "$ref": "#/$defs/secret" }`.
    private static func definitionName(_ schema: JSONValue) -> String? {
        guard let reference = schema["$ref"]?.string, reference.hasPrefix("#/$defs/") else { return nil }
        return String(reference.dropFirst("#/$defs/".count))
    }

    private func resolved(_ schema: JSONValue) -> JSONValue {
        guard let name = Self.definitionName(schema) else { return schema }
        return root["$defs"]?[name] ?? schema
    }

    private mutating func section(_ title: String, _ schema: JSONValue) -> Section {
        var section = Section(title: title, meaning: schema["description"]?.string ?? "")
        let required = (schema["required"]?.array ?? []).compactMap(\.string)
        for member in schema["properties"]?.members ?? [] {
            let place = title.isEmpty ? member.key : "\(title).\(member.key)"
            let target = resolved(member.value)
            section.keys.append(
                Key(
                    name: member.key,
                    isRequired: required.contains(member.key),
                    value: pieces(member.value, at: place),
                    meaning: member.value["description"]?.string ?? target["description"]?.string ?? ""
                )
            )
        }
        return section
    }

    /// The section of an object with keys; it is queued when it is met first.
    private mutating func sectionTitle(_ schema: JSONValue, at place: String) -> String {
        guard let name = Self.definitionName(schema) else {
            pending.append((place, schema))
            return place
        }
        if let title = titles[name] { return title }
        let title = uses[name, default: 0] > 1 ? name : place
        titles[name] = title
        pending.append((title, resolved(schema)))
        return title
    }

    /// What a value may be, in the words of a person.
    private mutating func pieces(_ schema: JSONValue, at place: String) -> [Piece] {
        let target = resolved(schema)
        if target["properties"] != nil { return [.section(sectionTitle(schema, at: place))] }
        if let value = target["const"] { return [.code(Self.typed(value))] }
        if let values = target["enum"]?.array {
            return Self.joined(values.map { [.code(Self.typed($0))] }, by: ", ")
        }
        if let branches = target["anyOf"]?.array ?? target["oneOf"]?.array {
            var alternatives: [[Piece]] = []
            for branch in branches { alternatives.append(pieces(branch, at: place)) }
            return Self.joined(alternatives, by: ", or ")
        }
        let types = target["type"]?.array?.compactMap(\.string) ?? [target["type"]?.string ?? ""]
        var alternatives: [[Piece]] = []
        for type in types { alternatives.append(words(type, target, at: place)) }
        return Self.joined(alternatives, by: ", or ")
    }

    private mutating func words(_ type: String, _ schema: JSONValue, at place: String) -> [Piece] {
        switch type {
        case "string": return [.text("text")]
        case "boolean": return [.code("true"), .text(" or "), .code("false")]
        case "integer", "number":
            let kind = type == "integer" ? "whole number" : "number"
            guard let low = schema["minimum"].map(Self.typed), let high = schema["maximum"].map(Self.typed) else {
                return [.text(kind)]
            }
            return [.text("\(kind) from \(low) to \(high)")]
        case "array":
            guard let items = schema["items"] else { return [.text("list")] }
            return [.text("list of ")] + pieces(items, at: "\(place)[]")
        case "object":
            guard let values = schema["additionalProperties"], values.members != nil else { return [.text("object")] }
            return [.text("object of names and ")] + pieces(values, at: place)
        default: return [.text("any value")]
        }
    }

    private static func joined(_ alternatives: [[Piece]], by separator: String) -> [Piece] {
        var result: [Piece] = []
        for (index, alternative) in alternatives.enumerated() {
            if index > 0 { result.append(.text(separator)) }
            result += alternative
        }
        return result
    }

    /// A value of the schema as it is typed into the file.
    private static func typed(_ value: JSONValue) -> String {
        if let text = value.string { return "\"\(text)\"" }
        if case .bool(let flag) = value.content { return flag ? "true" : "false" }
        return value.text ?? ""
    }
}
