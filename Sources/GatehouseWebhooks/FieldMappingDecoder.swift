package import GatehouseCore

/// Reads `sources[].mapping` of the configuration, whose form its schema has checked, and says what is wrong beyond that.
package struct FieldMappingDecoder {
    package private(set) var problems: [(offset: Int, words: String)] = []
    private let channel: Channel

    package init(channel: Channel) { self.channel = channel }

    package mutating func decode(_ value: JSONValue) -> FieldMapping {
        var mapping = FieldMapping()
        mapping.provider = value["provider"]?.string ?? mapping.provider
        mapping.decoded = (value["decode"]?.array ?? []).compactMap { pointer($0) }
        mapping.each = value["each"].flatMap { pointer($0) }
        for field in FieldMapping.Field.allCases {
            guard let rule = Self.member(value, field.rawValue) else { continue }
            checkChannel(field, rule)
            mapping.fields[field] = self.rule(rule, for: field)
        }
        for entry in Self.list(value["attachments"]) { mapping.attachments.append(attachment(entry)) }
        for entry in value["ignore_when"]?.array ?? [] {
            guard let condition = condition(entry) else { continue }
            mapping.ignored.append(.init(condition: condition, kind: entry["as"]?.string ?? "ignored_by_mapping"))
        }
        mapping.deleted = conditions(value["deleted_when"])
        mapping.revised = conditions(value["revised_when"])
        mapping.isPrivate = conditions(value["private_when"])
        checkWhole(mapping, value)
        return mapping
    }

    /// `from.name` is the key `name` in the object `from`.
    private static func member(_ value: JSONValue, _ path: String) -> JSONValue? {
        path.split(separator: ".").reduce(value as JSONValue?) { $0?[String($1)] }
    }

    private static func list(_ value: JSONValue?) -> [JSONValue] { value?.array ?? value.map { [$0] } ?? [] }

    // MARK: - Rules

    /// A pointer, a list of rules, or an object that says more.
    private mutating func rule(_ value: JSONValue, for field: FieldMapping.Field?, depth: Int = 0) -> MappingRule {
        guard depth < 8 else {
            complain(value, "rules stand too deep in one another.")
            return MappingRule(.first([]))
        }
        if value.string != nil { return MappingRule(.place(.item(pointer(value) ?? ""))) }
        if let rules = value.array {
            return MappingRule(.first(rules.map { rule($0, for: field, depth: depth + 1) }))
        }
        var result = MappingRule(origin(value, for: field, depth: depth))
        if let unit = value["unit"] {
            result.unit = unit.string.flatMap(MappingRule.Unit.init(rawValue:))
            if field != .sentAt { complain(unit, "'unit' is for the number of a time: 'sent_at'.") }
        }
        if let html = value["html"] {
            result.isHTML = html.bool ?? false
            if field != .text, field != .notes { complain(html, "'html' is for 'text' and 'notes'.") }
        }
        result.fallback = value["default"]?.string
        if let words = value["words"]?.members {
            result.words = Dictionary(words.map { ($0.key, $0.value.string ?? "") }) { first, _ in first }
        }
        if field == .senderRole { checkRoles(value) }
        return result
    }

    private mutating func origin(_ value: JSONValue, for field: FieldMapping.Field?, depth: Int) -> MappingRule.Origin {
        if let place = place(value, also: ["value", "join"]) { return .place(place) }
        if let fixed = value["value"]?.text { return .fixed(fixed) }
        if let rules = value["join"]?.array {
            return .joined(rules.map { rule($0, for: field, depth: depth + 1) }, value["with"]?.string ?? " ")
        }
        return .first([])
    }

    /// - Parameter others: What may stand in a place's stead.
    private mutating func place(_ value: JSONValue, also others: [String] = []) -> MappingPlace? {
        let choices = ["at", "document", "header"] + others
        let given = choices.filter { value[$0] != nil }
        if given.count != 1 {
            let words = given.isEmpty ? "say where it stands" : "only one can be the place"
            complain(value, "\(words): one of \(choices.map { "'\($0)'" }.joined(separator: ", ")).")
            return nil
        }
        if let found = value["at"] { return .item(pointer(found) ?? "") }
        if let found = value["document"] { return .document(pointer(found) ?? "") }
        return value["header"]?.string.map { .header($0.lowercased()) }
    }

    private mutating func pointer(_ value: JSONValue) -> String? {
        guard let text = value.string else { return nil }
        if FieldMapping.isPointer(text) { return text }
        complain(value, FieldMapping.pointerWords(text))
        return nil
    }

    private mutating func conditions(_ value: JSONValue?) -> [MappingCondition] {
        (value?.array ?? []).compactMap { condition($0) }
    }

    private mutating func condition(_ value: JSONValue) -> MappingCondition? {
        guard let place = place(value) else { return nil }
        let tests = ["is", "is_not", "exists"].filter { value[$0] != nil }
        guard tests.count == 1 else {
            complain(value, "a condition has one test: 'is', 'is_not' or 'exists'.")
            return nil
        }
        if let exists = value["exists"]?.bool { return MappingCondition(place: place, test: .exists(exists)) }
        let words = Self.list(value[tests[0]]).compactMap { $0.text ?? $0.bool.map { "\($0)" } }
        return MappingCondition(place: place, test: tests[0] == "is" ? .isOneOf(words) : .isNoneOf(words))
    }

    private mutating func attachment(_ value: JSONValue) -> AttachmentMapping {
        var result = AttachmentMapping(each: value.string == nil ? .item("") : .item(pointer(value) ?? ""))
        guard value.members != nil else { return result }
        result.each = place(value) ?? .item("")
        result.url = value["url"].map { rule($0, for: nil) }
        result.name = value["name"].map { rule($0, for: nil) }
        result.mediaType = value["media_type"].map { rule($0, for: nil) }
        result.size = value["size"].map { rule($0, for: nil) }
        result.content = value["content"].map { rule($0, for: nil) }
        if result.url == nil, result.content == nil {
            complain(value, "an attachment has an address or bytes: say 'url' or 'content'.")
        }
        return result
    }

    // MARK: - Checks

    private mutating func checkWhole(_ mapping: FieldMapping, _ value: JSONValue) {
        let isCallback = channel == .phoneCallback
        let wanted: [FieldMapping.Field] = isCallback ? [.senderPhone, .senderEmail] : [.text]
        guard !wanted.contains(where: { mapping.fields[$0] != nil }), isCallback || mapping.attachments.isEmpty else {
            return
        }
        complain(
            value,
            isCallback
                ? "nobody could be called: say where 'from.phone' stands."
                : "there would be nothing to read: say where 'text' stands."
        )
    }

    private mutating func checkChannel(_ field: FieldMapping.Field, _ value: JSONValue) {
        let callbackOnly: Set<FieldMapping.Field> = [
            .language, .country, .notes, .phoneExtension, .windowDate, .windowText, .windowStart, .windowEnd,
        ]
        let chatOnly: Set<FieldMapping.Field> = [.inReplyTo, .senderRole, .senderUsername, .senderID]
        if channel == .phoneCallback ? chatOnly.contains(field) : callbackOnly.contains(field) {
            complain(value, "'\(field.rawValue)' has no meaning for \(channel.rawValue).")
        }
    }

    private mutating func checkRoles(_ value: JSONValue) {
        let known = Role.allCases.map(\.rawValue)
        let words =
            (value["words"]?.members ?? []).map(\.value) + [value["value"], value["default"]].compactMap(\.self)
        for word in words where !known.contains(word.string ?? "") {
            complain(
                word,
                "'\(UnicodeText.printable(word.text ?? ""))' is no role: one of \(known.joined(separator: ", "))."
            )
        }
    }

    private mutating func complain(_ value: JSONValue, _ words: String) { problems.append((value.offset, words)) }
}
