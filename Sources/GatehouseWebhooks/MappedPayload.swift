import GatehouseCore

/// A payload, read, and one message of it in question.
struct MappedPayload {
    let document: JSONValue
    /// Of the webhook; names in lower case.
    let headers: [String: String]
    var item: JSONValue

    init(document: JSONValue, headers: [String: String]) {
        self.document = document
        self.headers = headers
        item = document
    }

    func value(at place: MappingPlace) -> JSONValue? {
        switch place {
        case .item(let pointer): item.pointer(pointer)
        case .document(let pointer): document.pointer(pointer)
        case .header(let name): headers[name].map { JSONValue(.string($0)) }
        }
    }

    // MARK: - Conditions

    func holds(_ condition: MappingCondition) -> Bool {
        let value = value(at: condition.place)
        let isThere = value.map { !$0.isNull } ?? false
        switch condition.test {
        case .exists(let wanted): return isThere == wanted
        case .isOneOf(let words): return Self.text(value).map(words.contains) ?? false
        case .isNoneOf(let words): return !(Self.text(value).map(words.contains) ?? false)
        }
    }

    func holdsAny(_ conditions: [MappingCondition]) -> Bool { conditions.contains(where: holds) }

    // MARK: - Rules

    /// What a rule finds, or nil where that is nothing or only white space.
    func text(_ rule: MappingRule?) -> String? {
        guard let rule else { return nil }
        var found: String?
        switch rule.origin {
        case .place(let place): found = Self.text(value(at: place))
        case .fixed(let text): found = text
        case .first(let rules): for rule in rules where found == nil { found = text(rule) }
        case .joined(let rules, let separator):
            let texts = rules.compactMap(text)
            found = texts.isEmpty ? nil : texts.joined(separator: separator)
        }
        if found?.utf8.allSatisfy({ $0 == 0x20 || (0x09...0x0D).contains($0) }) == true { found = nil }
        if let words = rule.words { found = found.flatMap { words[$0] } }
        if rule.isHTML { found = found.map(HTMLText.text) }
        return found ?? rule.fallback
    }

    /// A time as the project's formats take it: a number of a stated unit becomes RFC 3339, all else stays as it is.
    func time(_ rule: MappingRule?) -> String? {
        guard let rule else { return nil }
        if case .first(let rules) = rule.origin {
            for rule in rules { if let found = time(rule) { return found } }
            return rule.fallback
        }
        guard let text = text(rule) else { return nil }
        return rule.unit.flatMap { Self.time(text, $0) } ?? text
    }

    /// A scalar's text; a list of scalars as one text; nil for objects.
    static func text(_ value: JSONValue?) -> String? {
        guard let value else { return nil }
        if let list = value.array {
            let texts = list.compactMap { $0.text ?? $0.bool.map { "\($0)" } }
            return texts.isEmpty || texts.count < list.count ? nil : texts.joined(separator: ", ")
        }
        return value.text ?? value.bool.map { "\($0)" }
    }

    /// - Returns: nil for what is no such number, or lies after the year 9999.
    private static func time(_ text: String, _ unit: MappingRule.Unit) -> String? {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = Int64(String(decoding: parts[0], as: UTF8.self)), whole >= 0 else { return nil }
        let digits = parts.count == 2 ? Array(parts[1]) : []
        guard digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
        let milliseconds: Int64
        switch unit {
        case .seconds:
            guard whole < 253_402_300_800 else { return nil }
            let fraction = (digits.prefix(3) + [48, 48, 48].dropFirst(digits.count)).reduce(0) {
                $0 * 10 + Int64($1 - 48)
            }
            milliseconds = whole * 1000 + fraction
        case .milliseconds: milliseconds = whole
        case .microseconds: milliseconds = whole / 1000
        case .nanoseconds: milliseconds = whole / 1_000_000
        }
        guard milliseconds < 253_402_300_800_000 else { return nil }
        return Timestamp(milliseconds: milliseconds).rfc3339
    }

    // MARK: - Attachments

    /// A file that the payload names, and its bytes if they stand in it.
    struct File {
        var info: AttachmentInfo
        var bytes: [UInt8]?
    }

    func files(_ mappings: [AttachmentMapping], limit: Int) -> (files: [File], isCut: Bool) {
        var files: [File] = []
        for mapping in mappings {
            guard let found = value(at: mapping.each), !found.isNull else { continue }
            for element in found.array ?? [found] where !element.isNull {
                guard files.count < limit else { return (files, true) }
                var part = self
                part.item = element
                if let file = part.file(mapping) { files.append(file) }
            }
        }
        return (files, false)
    }

    /// This item as a file.
    private func file(_ mapping: AttachmentMapping) -> File? {
        let isAddress = item.string != nil && mapping.url == nil && mapping.content == nil
        let url = isAddress ? item.string : text(mapping.url)
        let name = text(mapping.name).map(UnicodeText.normalised)
        let type = text(mapping.mediaType)
        if let content = text(mapping.content) {
            if let data = DataURL(content) { return Self.stored(data.bytes, name, type ?? data.mediaType) }
            if let bytes = Base64.decode(content, alphabet: .urlSafe) { return Self.stored(bytes, name, type) }
        }
        guard let url, !url.isEmpty else {
            // Something was named here, and nobody can fetch it.
            let isNamed = name != nil || mapping.content != nil
            return isNamed ? File(info: AttachmentInfo(status: .missing, name: name, mediaType: type)) : nil
        }
        if let data = DataURL(url) { return Self.stored(data.bytes, name, type ?? data.mediaType) }
        var info = AttachmentInfo(status: .remote, name: name, mediaType: type)
        info.url = url
        info.size = text(mapping.size).flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
        return File(info: info)
    }

    private static func stored(_ bytes: [UInt8], _ name: String?, _ type: String?) -> File {
        File(info: AttachmentInfo(bytes: bytes, name: name, mediaType: type), bytes: bytes)
    }
}

/// `data:image/png;base64,…` (RFC 2397), as forms embed pictures.
struct DataURL {
    let mediaType: String?
    let bytes: [UInt8]

    /// - Returns: nil for anything but base 64.
    init?(_ text: String) {
        guard text.hasPrefix("data:"), let comma = text.utf8.firstIndex(of: UInt8(ascii: ",")) else { return nil }
        let head = text[text.utf8.index(text.startIndex, offsetBy: 5)..<comma]
        guard head.hasSuffix(";base64"), let bytes = Base64.decode(String(text[text.utf8.index(after: comma)...]))
        else {
            return nil
        }
        self.bytes = bytes
        let type = head.utf8.prefix { $0 != UInt8(ascii: ";") }
        mediaType = type.isEmpty ? nil : String(decoding: type, as: UTF8.self)
    }
}
