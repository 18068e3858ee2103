/// One run of a schema over a document.
struct SchemaCheck {
    /// Schemas inside schemas; also ends references that go round in circles.
    private static let maximumDepth = 256
    /// More violations than a person reads.
    private static let maximumViolations = 1000

    let root: JSONValue
    private var depth = 0
    private(set) var violations: [SchemaViolation] = []

    init(root: JSONValue) { self.root = root }

    mutating func check(_ value: JSONValue, against schema: JSONValue, at pointer: String) {
        if let verdict = schema.bool {
            if !verdict { report(value, pointer, "false", "nothing may stand here.") }
            return
        }
        guard violations.count < Self.maximumViolations else { return }
        guard depth < Self.maximumDepth else {
            report(value, pointer, "$ref", "the schema goes deeper than \(Self.maximumDepth) levels here.")
            return
        }
        depth += 1
        defer { depth -= 1 }
        if let type = schema["type"], !Self.matches(value, type: type) {
            let wanted = (type.array?.compactMap(\.string) ?? [type.string ?? "?"]).joined(separator: " or ")
            report(
                value,
                pointer,
                "type",
                "this is \(Self.article(value.typeName)); it must be \(Self.article(wanted))."
            )
            return
        }
        if let reference = schema["$ref"]?.string {
            if let target = resolve(reference) {
                check(value, against: target, at: pointer)
            } else {
                report(value, pointer, "$ref", "the schema refers to \(reference), which it does not have.")
            }
        }
        checkChoice(value, schema, pointer)
        switch value.content {
        case .object: checkObject(value, schema, pointer)
        case .array(let values): checkArray(value, values, schema, pointer)
        case .string(let text): checkString(value, text, schema, pointer)
        case .number: checkNumber(value, schema, pointer)
        case .bool, .null: break
        }
        checkBranches(value, schema, pointer)
    }

    mutating func report(
        _ value: JSONValue,
        _ pointer: String,
        _ keyword: String,
        _ message: String,
        offset: Int? = nil
    ) {
        violations.append(
            SchemaViolation(pointer: pointer, offset: offset ?? value.offset, keyword: keyword, message: message)
        )
    }

    /// `#` and `#/$defs/name`.
    private func resolve(_ reference: String) -> JSONValue? {
        guard reference.hasPrefix("#") else { return nil }
        return root.pointer(String(reference.dropFirst()))
    }

    private static func article(_ type: String) -> String {
        switch type {
        case "null": "null"
        case "object", "array", "integer": "an " + type
        default: "a " + type
        }
    }

    private static func matches(_ value: JSONValue, type: JSONValue) -> Bool {
        if let types = type.array { return types.contains { matches(value, type: $0) } }
        guard type.string == "integer" else { return type.string == value.typeName }
        // 1.0 is an integer too (JSON Schema core, §4.2.3).
        return value.int64 != nil || value.double.map { $0.rounded() == $0 } ?? false
    }

    // MARK: - Keywords

    private mutating func checkChoice(_ value: JSONValue, _ schema: JSONValue, _ pointer: String) {
        if let constant = schema["const"], !Self.isSame(value, constant) {
            report(value, pointer, "const", "this must be \(Self.picture(constant)).")
        }
        guard let choices = schema["enum"]?.array, !choices.contains(where: { Self.isSame(value, $0) }) else { return }
        let names = choices.map { Self.picture($0) }.joined(separator: ", ")
        var message = "\(Self.picture(value)) is none of: \(names)."
        if let text = value.string, let near = Suggestion.nearest(to: text, among: choices.compactMap(\.string)) {
            message += " Did you mean '\(near)'?"
        }
        report(value, pointer, "enum", message)
    }

    private mutating func checkObject(_ value: JSONValue, _ schema: JSONValue, _ pointer: String) {
        let members = value.members ?? []
        for member in value.repeatedMembers {
            let key = UnicodeText.printable(member.key)
            report(value, pointer, "repeated", "the key '\(key)' stands twice in one object.", offset: member.keyOffset)
        }
        if let least = schema["minProperties"]?.int64, members.count < least {
            report(
                value,
                pointer,
                "minProperties",
                "at least \(least == 1 ? "one entry is" : "\(least) entries are") needed."
            )
        }
        if let most = schema["maxProperties"]?.int64, members.count > most {
            report(
                value,
                pointer,
                "maxProperties",
                "at most \(most == 1 ? "one entry" : "\(most) entries") may stand here."
            )
        }
        if let most = schema["maxProperties"]?.int64, members.count > most {
            report(
                value,
                pointer,
                "maxProperties",
                "at most \(most) entries may stand here; there are \(members.count)."
            )
        }
        let keys = Set(members.map(\.key))
        for required in schema["required"]?.array ?? [] {
            guard let key = required.string, !keys.contains(key) else { continue }
            report(value, pointer, "required", "the key '\(key)' is missing.")
        }
        let properties = schema["properties"]
        let rest = schema["additionalProperties"]
        for member in members {
            let place = pointer + JSONValue.pointerToken(member.key)
            if let names = schema["propertyNames"] {
                let key = JSONValue(.string(member.key), offset: member.keyOffset)
                check(key, against: names, at: place)
            }
            if let property = properties?[member.key] {
                check(member.value, against: property, at: place)
            } else if let rest {
                checkAdditional(member, rest, place, known: properties?.members?.map(\.key) ?? [])
            }
        }
    }

    private mutating func checkAdditional(_ member: JSONMember, _ rest: JSONValue, _ pointer: String, known: [String]) {
        guard rest.bool == false else { return check(member.value, against: rest, at: pointer) }
        var message = "unknown key '\(UnicodeText.printable(Self.shortened(member.key)))'."
        if let near = Suggestion.nearest(to: member.key, among: known) {
            message += " Did you mean '\(near)'?"
        } else if known.count <= 12, !known.isEmpty {
            message += " Known are: \(known.joined(separator: ", "))."
        }
        report(member.value, pointer, "additionalProperties", message, offset: member.keyOffset)
    }

    private mutating func checkArray(_ value: JSONValue, _ values: [JSONValue], _ schema: JSONValue, _ pointer: String)
    {
        if let least = schema["minItems"]?.int64, values.count < least {
            report(value, pointer, "minItems", "at least \(least) entries are needed; there are \(values.count).")
        }
        if let most = schema["maxItems"]?.int64, values.count > most {
            report(value, pointer, "maxItems", "at most \(most) entries may stand here; there are \(values.count).")
        }
        if schema["uniqueItems"]?.bool == true {
            var seen: Set<String> = []
            for element in values where !seen.insert(Self.picture(element, whole: true)).inserted {
                report(element, pointer, "uniqueItems", "\(Self.picture(element)) stands twice in the list.")
            }
        }
        guard let items = schema["items"] else { return }
        for (index, element) in values.enumerated() { check(element, against: items, at: "\(pointer)/\(index)") }
    }

    private mutating func checkString(_ value: JSONValue, _ text: String, _ schema: JSONValue, _ pointer: String) {
        // Lengths count Unicode code points (JSON Schema validation, §6.3).
        if let least = schema["minLength"]?.int64, text.unicodeScalars.count < least {
            let message = text.isEmpty ? "this must not be empty." : "this must have at least \(least) characters."
            report(value, pointer, "minLength", message)
        }
        if let most = schema["maxLength"]?.int64, text.unicodeScalars.count > most {
            report(value, pointer, "maxLength", "this must have at most \(most) characters.")
        }
        if let pattern = schema["pattern"]?.string, !SchemaPattern.matches(text, pattern: pattern) {
            let hint = schema["description"]?.string.map { " \($0)" } ?? ""
            report(value, pointer, "pattern", "\(Self.picture(value)) does not match \(pattern).\(hint)")
        }
        if let format = schema["format"]?.string, !SchemaFormat.matches(text, format: format) {
            report(value, pointer, "format", "\(Self.picture(value)) is no \(SchemaFormat.words(for: format)).")
        }
    }

    private mutating func checkNumber(_ value: JSONValue, _ schema: JSONValue, _ pointer: String) {
        guard let number = value.double else {
            report(value, pointer, "type", "\(value.text ?? "this") is outside what a number can be.")
            return
        }
        if let least = schema["minimum"]?.double, number < least {
            report(value, pointer, "minimum", "this must be at least \(schema["minimum"]?.text ?? "").")
        }
        if let bound = schema["exclusiveMinimum"]?.double, number <= bound {
            report(
                value,
                pointer,
                "exclusiveMinimum",
                "this must be more than \(schema["exclusiveMinimum"]?.text ?? "")."
            )
        }
        if let most = schema["maximum"]?.double, number > most {
            report(value, pointer, "maximum", "this must be at most \(schema["maximum"]?.text ?? "").")
        }
    }

    // MARK: - Branches

    private mutating func checkBranches(_ value: JSONValue, _ schema: JSONValue, _ pointer: String) {
        for branch in schema["allOf"]?.array ?? [] { check(value, against: branch, at: pointer) }
        if let branches = schema["anyOf"]?.array {
            let found = branches.map { trial(value, $0, pointer) }
            if !found.contains(where: \.isEmpty) { violations += Self.closest(found) }
        }
        if let branches = schema["oneOf"]?.array {
            let found = branches.map { trial(value, $0, pointer) }
            let holding = found.count(where: \.isEmpty)
            if holding == 0 { violations += Self.closest(found) }
            if holding > 1 { report(value, pointer, "oneOf", "this fits \(holding) forms, and may fit only one.") }
        }
        if let forbidden = schema["not"], trial(value, forbidden, pointer).isEmpty {
            report(value, pointer, "not", schema["description"]?.string ?? "this is not allowed here.")
        }
        if let condition = schema["if"] {
            let branch = trial(value, condition, pointer).isEmpty ? schema["then"] : schema["else"]
            if let branch { check(value, against: branch, at: pointer) }
        }
    }

    /// What a branch would complain about.
    private func trial(_ value: JSONValue, _ schema: JSONValue, _ pointer: String) -> [SchemaViolation] {
        var copy = SchemaCheck(root: root)
        copy.depth = depth
        copy.check(value, against: schema, at: pointer)
        return copy.violations
    }

    /// The complaints of the branch that was most likely meant: of the right type, and with the fewest.
    private static func closest(_ branches: [[SchemaViolation]]) -> [SchemaViolation] {
        func weight(_ found: [SchemaViolation]) -> Int {
            found.count + (found.contains { ["type", "const"].contains($0.keyword) } ? 100 : 0)
        }
        return branches.min { weight($0) < weight($1) } ?? []
    }

    // MARK: - Values

    /// Equality without offsets; numbers by value, so that 1 and 1.0 are the same.
    private static func isSame(_ left: JSONValue, _ right: JSONValue) -> Bool {
        if let one = left.double, let other = right.double { return one == other }
        return picture(left, whole: true) == picture(right, whole: true)
    }

    private static func shortened(_ text: String) -> String {
        text.unicodeScalars.count <= 60 ? text : String(text.unicodeScalars.prefix(60)) + "…"
    }

    /// A value as a person would point at it.
    private static func picture(_ value: JSONValue, whole: Bool = false) -> String {
        switch value.content {
        case .null: return "null"
        case .bool(let value): return "\(value)"
        case .number(let text): return text
        case .string(let text): return "'\(whole ? text : UnicodeText.printable(shortened(text)))'"
        case .array(let values):
            return whole ? "[\(values.map { picture($0, whole: true) }.joined(separator: ","))]" : "the list"
        case .object(let members):
            guard whole else { return "the object" }
            let sorted = members.sorted { $0.key < $1.key }
            return "{\(sorted.map { "'\($0.key)':" + picture($0.value, whole: true) }.joined(separator: ","))}"
        }
    }
}
