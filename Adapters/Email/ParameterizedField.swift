import GatehouseCore

/// A field such as Content-Type or Content-Disposition: a value and its parameters (RFC 2045 §5.1, RFC 2231).
struct ParameterizedField: Sendable {
    /// `text/plain`, `attachment`: lower case.
    var value = ""
    /// By lower-case name; continuations are joined and decoded. The first of two equal names counts.
    var parameters = FieldParameters()
    var warnings: [String] = []

    private static let maximumParameters = 1000

    init() {}

    /// Reads a folded value. Past 1,000 parameters the rest is left out.
    init(of message: [UInt8], _ range: Range<Int>) {
        let bytes = unfold(message, range)
        var cursor = 0
        value = Self.readValue(bytes, &cursor)
        var raw: [(name: [UInt8], value: [UInt8])] = []
        while cursor < bytes.count, raw.count < Self.maximumParameters {
            guard let parameter = Self.readParameter(bytes, &cursor) else { continue }
            raw.append(parameter)
        }
        if cursor < bytes.count { warnings.append("limit:parameters") }
        combine(raw)
    }

    private static func readValue(_ bytes: [UInt8], _ cursor: inout Int) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(32)
        var depth = 0
        // Some forget the value: `filename=x`.
        if parameterFollows(bytes, 0) { return "" }
        while cursor < bytes.count {
            let byte = bytes[cursor]
            if depth == 0, byte == UInt8(ascii: ";") { break }
            // Some forget the semicolon: `multipart/mixed boundary=x`, `attachment filename=x`.
            if depth == 0, isBlank(byte), !text.isEmpty, parameterFollows(bytes, cursor) { break }
            cursor &+= 1
            if byte == UInt8(ascii: "(") {
                depth &+= 1
            } else if depth > 0 {
                if byte == UInt8(ascii: ")") { depth &-= 1 }
            } else if byte > 0x20, byte < 0x7F, byte != UInt8(ascii: "\"") {
                text.append(asciiLower(byte))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func parameterFollows(_ bytes: [UInt8], _ start: Int) -> Bool {
        var index = start
        while index < bytes.count, isBlank(bytes[index]) { index &+= 1 }
        let bound = min(bytes.count, index + 32)
        while index < bound, asciiLower(bytes[index]) >= 0x61, asciiLower(bytes[index]) <= 0x7A { index &+= 1 }
        return index < bound && bytes[index] == UInt8(ascii: "=")
    }

    /// Reads one `; name=value`; nil for an empty or nameless one. The cursor always moves on.
    private static func readParameter(_ bytes: [UInt8], _ cursor: inout Int) -> (name: [UInt8], value: [UInt8])? {
        while cursor < bytes.count, bytes[cursor] == UInt8(ascii: ";") || bytes[cursor] <= 0x20 { cursor &+= 1 }
        let start = cursor
        while cursor < bytes.count, bytes[cursor] != UInt8(ascii: "="), bytes[cursor] != UInt8(ascii: ";") {
            cursor &+= 1
        }
        let name = bytes[start..<cursor].filter { $0 > 0x20 }.map(asciiLower)
        guard cursor < bytes.count, bytes[cursor] == UInt8(ascii: "=") else { return nil }
        cursor &+= 1
        while cursor < bytes.count, isBlank(bytes[cursor]) { cursor &+= 1 }
        let value: [UInt8]
        if cursor < bytes.count, bytes[cursor] == UInt8(ascii: "\"") {
            value = readQuoted(bytes, &cursor)
        } else {
            let valueStart = cursor
            while cursor < bytes.count, bytes[cursor] != UInt8(ascii: ";") { cursor &+= 1 }
            var end = cursor
            while end > valueStart, isBlank(bytes[end - 1]) { end &-= 1 }
            value = withoutComment(Array(bytes[valueStart..<end]))
        }
        // A name is a token (RFC 2045 §5.1), which holds ASCII alone.
        return name.isEmpty || name.contains { $0 >= 0x80 } ? nil : (name, value)
    }

    private static func withoutComment(_ value: [UInt8]) -> [UInt8] {
        guard value.last == UInt8(ascii: ")"), let open = value.firstIndex(of: UInt8(ascii: "(")), open > 0,
            isBlank(value[open - 1])
        else { return value }
        var end = open
        while end > 0, isBlank(value[end - 1]) { end -= 1 }
        return Array(value[..<end])
    }

    /// Reads a quoted string, in which a backslash makes any byte behind it plain (RFC 5322 §3.2.4).
    private static func readQuoted(_ bytes: [UInt8], _ cursor: inout Int) -> [UInt8] {
        var value: [UInt8] = []
        cursor &+= 1
        while cursor < bytes.count {
            let byte = bytes[cursor]
            cursor &+= 1
            if byte == UInt8(ascii: "\\"), cursor < bytes.count {
                let next = bytes[cursor]
                // Behind a byte beyond ASCII it may be the second half of a character in Shift_JIS, Big5 or GBK.
                let isEscape =
                    next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\") || (value.last ?? 0) < 0x80
                if isEscape { cursor &+= 1 }
                value.append(isEscape ? next : byte)
            } else if byte == UInt8(ascii: "\"") {
                while cursor < bytes.count, isBlank(bytes[cursor]) { cursor &+= 1 }
                break
            } else {
                value.append(byte)
            }
        }
        return value
    }

    /// RFC 2231: `name*0*=utf-8''a%20b; name*1="c"` become one parameter, decoded once with the first charset.
    private mutating func combine(_ raw: [(name: [UInt8], value: [UInt8])]) {
        guard !raw.isEmpty else { return }
        var decoder = HeaderTextDecoder(guesses: 0)
        var sections: [String: [ExtendedSection]] = [:]
        var order: [String] = []
        for (name, value) in raw {
            guard let star = name.firstIndex(of: UInt8(ascii: "*")) else {
                let key = String(decoding: name, as: UTF8.self)
                guard parameters[key] == nil else { continue }
                parameters[key] =
                    ExtendedSection.isExtended(value)
                    ? ExtendedSection.join([ExtendedSection(suffix: [], value: value)], &decoder).text
                    : decoder.decode(value)
                continue
            }
            let key = String(decoding: name[..<star], as: UTF8.self)
            if sections[key] == nil { order.append(key) }
            sections[key, default: []].append(ExtendedSection(suffix: name[(star + 1)...], value: value))
        }
        for key in order {
            let decoded = ExtendedSection.join(sections[key] ?? [], &decoder)
            // The extended form wins over a plain one for old readers (RFC 6266 §4.3, and mail does the same).
            parameters[key] = decoded.text
            if let warning = decoded.warning { warnings.append(warning) }
        }
        warnings += decoder.warnings
    }
}

/// Values by name. A field has a handful of them, which need no hashing; with more, a dictionary is made.
struct FieldParameters: Sendable {
    private var few: [(name: String, value: String)] = []
    private var many: [String: String] = [:]

    private static let maximumFew = 8

    subscript(name: String) -> String? {
        get {
            guard many.isEmpty else { return many[name] }
            for entry in few where entry.name == name { return entry.value }
            return nil
        }
        set {
            if many.isEmpty, few.count == Self.maximumFew {
                for entry in few { many[entry.name] = entry.value }
                few = []
            }
            guard many.isEmpty else {
                many[name] = newValue
                return
            }
            few.removeAll { $0.name == name }
            if let newValue { few.append((name, newValue)) }
        }
    }
}

/// One section of an RFC 2231 parameter.
private struct ExtendedSection {
    var number: Int
    var isEncoded: Bool
    var value: [UInt8]

    /// - Parameter suffix: What follows the first `*` of the name: empty, `0`, `0*`.
    init(suffix: ArraySlice<UInt8>, value: [UInt8]) {
        isEncoded = suffix.isEmpty || suffix.last == UInt8(ascii: "*")
        let digits = suffix.prefix { $0 >= 48 && $0 <= 57 }.prefix(9)
        number = digits.reduce(0) { $0 * 10 + Int($1 - 48) }
        self.value = value
    }

    /// True for `utf-8''a%20b`: the extended form under a name that lacks its star.
    static func isExtended(_ value: [UInt8]) -> Bool {
        guard let quote = value.prefix(32).firstIndex(of: 0x27), value.contains(UInt8(ascii: "%")),
            value[(quote + 1)...].prefix(9).contains(0x27)
        else { return false }
        return CharsetLabel.isKnown(CharsetLabel.canonical(String(decoding: value[..<quote], as: UTF8.self)))
    }

    /// Of two sections of one number the first counts.
    static func join(_ sections: [ExtendedSection], _ decoder: inout HeaderTextDecoder) -> DecodedText {
        var seen: Set<Int> = []
        let sorted = sections.filter { seen.insert($0.number).inserted }.sorted { $0.number < $1.number }
        var bytes: [UInt8] = []
        var charset: String?
        for (place, section) in sorted.enumerated() {
            guard section.isEncoded else {
                bytes += section.value
                continue
            }
            var text = section.value[...]
            if place == 0, let first = text.firstIndex(of: 0x27), let second = text[(first + 1)...].firstIndex(of: 0x27)
            {
                charset = String(decoding: text[..<first], as: UTF8.self)
                text = text[(second + 1)...]
            }
            bytes += percentDecoded(Array(text))
        }
        // Senders mix RFC 2047 into it.
        if charset == nil || charset == "" { return DecodedText(text: decoder.decode(bytes)) }
        return CharsetDecoder.decode(bytes, label: charset)
    }

    private static func percentDecoded(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            if text[index] == UInt8(ascii: "%"), index + 2 < text.count,
                let high = Hex.value(of: text[index + 1]), let low = Hex.value(of: text[index + 2])
            {
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(text[index])
                index += 1
            }
        }
        return result
    }
}
