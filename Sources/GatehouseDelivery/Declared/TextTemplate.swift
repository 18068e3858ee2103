import GatehouseCore
import GatehouseTransfer

/// A text with placeholders: `[{channel}] {subject|cut:80}`.
///
/// `{a??b??'words'}` is the first of these that is set, `{a?b}` is b where a is set, `{!a?b}` where it is not; `|` filters
/// follow; `{{` and `}}` are braces. A text one of whose placeholders has no value is absent as a whole: nothing is invented around a gap.
struct TextTemplate: Sendable, Equatable {
    struct Source: Equatable {
        enum Kind: Equatable {
            case name(String)
            case words(String)
        }

        /// What must be set for it; with a `!` before it, what must not.
        var condition: String?
        var kind: Kind

        var conditionName: String? { condition.map { $0.hasPrefix("!") ? String($0.dropFirst()) : $0 } }

        func isMet(_ values: PresetValues) -> Bool {
            guard let condition, let conditionName else { return true }
            return (values(conditionName)?.isSet == true) != condition.hasPrefix("!")
        }
    }

    enum Piece: Equatable {
        case words(String)
        case value(sources: [Source], filters: [PresetFilter])
    }

    private(set) var pieces: [Piece] = []

    static let empty = TextTemplate()

    private init() {}

    /// The placeholders' names, for the check when a preset is loaded.
    var names: [String] {
        pieces.flatMap { piece -> [String] in
            guard case .value(let sources, _) = piece else { return [] }
            return sources.flatMap { source -> [String] in
                var names = source.conditionName.map { [$0] } ?? []
                if case .name(let name) = source.kind { names.append(name) }
                return names
            }
        }
    }

    /// - Throws: `TemplateFault`, in a sentence for the person who wrote it.
    init(_ text: String) throws(TemplateFault) {
        var words = ""
        var rest = text[...]
        func flush(into pieces: inout [Piece]) {
            if !words.isEmpty { pieces.append(.words(words)) }
            words = ""
        }
        while let index = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            words += rest[..<index]
            let brace = rest[index]
            rest = rest[rest.index(after: index)...]
            if rest.first == brace {
                words.append(brace)
                rest = rest.dropFirst()
            } else if brace == "}" {
                throw TemplateFault("a '}' closes nothing; a brace that is meant as such is written '}}'.")
            } else {
                guard let end = rest.firstIndex(of: "}") else {
                    throw TemplateFault("a '{' is not closed; a brace that is meant as such is written '{{'.")
                }
                flush(into: &pieces)
                pieces.append(try Self.placeholder(rest[..<end]))
                rest = rest[rest.index(after: end)...]
            }
        }
        words += rest
        flush(into: &pieces)
    }

    private static func placeholder(_ text: Substring) throws(TemplateFault) -> Piece {
        let parts = text.split(separator: "|", omittingEmptySubsequences: false)
        var sources: [Source] = []
        for alternative in (parts.first ?? "").split(separator: "??", omittingEmptySubsequences: false) {
            sources.append(try source(alternative, in: text))
        }
        var filters: [PresetFilter] = []
        for word in parts.dropFirst() {
            guard let filter = PresetFilter(String(word)) else {
                throw TemplateFault(
                    "there is no filter '\(word)'; one of: \(PresetFilter.names.joined(separator: ", "))."
                )
            }
            filters.append(filter)
        }
        return .value(sources: sources, filters: filters)
    }

    private static func source(_ text: Substring, in placeholder: Substring) throws(TemplateFault) -> Source {
        var value = text
        var condition: String?
        if let mark = text.firstIndex(of: "?") {
            condition = String(text[..<mark])
            value = text[text.index(after: mark)...]
        }
        guard !value.isEmpty, condition != "", condition != "!" else {
            throw TemplateFault("'{\(placeholder)}' names no placeholder.")
        }
        let isWords = value.count >= 2 && value.hasPrefix("'") && value.hasSuffix("'")
        return Source(
            condition: condition,
            kind: isWords ? .words(String(value.dropFirst().dropLast())) : .name(String(value))
        )
    }

    /// The value where the text is one placeholder alone; else a text. nil where something of it has no value.
    func value(_ values: PresetValues) -> PresetValue? {
        if pieces.count == 1, case .value(let sources, let filters) = pieces[0] {
            return Self.value(sources, filters, values)
        }
        return text(values).map { .text($0) }
    }

    /// - Parameter escape: What is done to each value, such as percent-encoding; the text around them stays.
    func text(_ values: PresetValues, escape: (String) -> String = { $0 }) -> String? {
        var result = ""
        for piece in pieces {
            switch piece {
            case .words(let words): result += words
            case .value(let sources, let filters):
                guard let words = Self.value(sources, filters, values)?.words else { return nil }
                result += escape(words)
            }
        }
        return result
    }

    /// As a path or query, each value percent-encoded.
    func path(_ values: PresetValues) -> String? { text(values, escape: HTTPURL.encode) }

    private static func value(_ sources: [Source], _ filters: [PresetFilter], _ values: PresetValues) -> PresetValue? {
        for source in sources where source.isMet(values) {
            switch source.kind {
            case .words(let words): return filtered(.text(words), filters)
            case .name(let name):
                guard let value = values(name), value.isSet || value == .bool(false) else { continue }
                return filtered(value, filters)
            }
        }
        return nil
    }

    private static func filtered(_ value: PresetValue, _ filters: [PresetFilter]) -> PresetValue? {
        var value = value
        for filter in filters {
            guard let next = filter.apply(to: value) else { return nil }
            value = next
        }
        return value
    }
}

/// What is wrong with a template, in a sentence.
struct TemplateFault: Error, Equatable {
    let words: String
    init(_ words: String) { self.words = UnicodeText.printable(words) }
}
