import GatehouseCore

/// What stands behind a placeholder.
enum PresetValue: Equatable {
    case text(String)
    case list([String])
    case number(String)
    case bool(Bool)
    /// The bytes of the message's file at this index.
    case bytes(file: Int)
    /// The same, as base 64.
    case base64(file: Int)

    /// As a piece of a longer text; nil for a file's bytes, which are no text.
    var words: String? {
        switch self {
        case .text(let text), .number(let text): text
        case .list: words(between: ",")
        case .bool(let flag): flag ? "true" : "false"
        case .bytes, .base64: nil
        }
    }

    /// A list's elements in one text; nil for what is no list.
    func words(between separator: String) -> String? {
        if case .list(let list) = self { list.joined(separator: separator) } else { nil }
    }

    /// Whether there is anything to say: an empty text or list is nothing, and false is no.
    var isSet: Bool {
        switch self {
        case .text(let text), .number(let text): !text.isEmpty
        case .list(let list): !list.isEmpty
        case .bool(let flag): flag
        case .bytes, .base64: true
        }
    }
}

/// Gives the values of placeholders by their names; nil where the message has nothing to say.
typealias PresetValues = (_ name: String) -> PresetValue?

/// What is done to a value before it stands in a text; the words behind `|`.
enum PresetFilter: Sendable, Equatable {
    /// As HTML: what has a meaning there is escaped, line ends become `<br>`.
    case html
    /// As a Markdown code block, in which nothing has a meaning: no mention, no reference, no quick action of GitLab's.
    case markdown
    /// As Jira's `{noformat}` block, for the same reason.
    case noformat
    /// As HTML's `<pre>`, which Textile and Markdown know, too.
    case pre
    /// Without `{{`, `{%` and `{#`, which Django's templates would obey.
    case django
    /// A JSON number, where the text is one; else nothing.
    case number
    /// One text of a list's elements: behind commas, semicolons, or each on a line of its own.
    case joined, semicolons, lines
    /// At most so many characters, the last an ellipsis.
    case cut(Int)

    static let names = [
        "html", "markdown", "noformat", "pre", "django", "number", "joined", "semicolons", "lines", "cut:N",
    ]

    init?(_ word: String) {
        switch word {
        case "html": self = .html
        case "markdown": self = .markdown
        case "noformat": self = .noformat
        case "pre": self = .pre
        case "django": self = .django
        case "number": self = .number
        case "joined": self = .joined
        case "semicolons": self = .semicolons
        case "lines": self = .lines
        default:
            guard word.hasPrefix("cut:"), let limit = Int(word.dropFirst(4)), (1...100_000).contains(limit) else {
                return nil
            }
            self = .cut(limit)
        }
    }

    func apply(to value: PresetValue) -> PresetValue? {
        guard let text = value.words else { return nil }
        switch self {
        case .html: return .text(Self.html(text))
        case .markdown: return .text(Self.fenced(text))
        case .noformat:
            return .text("{noformat}\n\(text.replacing("{noformat", with: "{ noformat"))\n{noformat}")
        case .pre: return .text("<pre>\n\(text.replacing("</pre", with: "</ pre"))\n</pre>")
        case .django: return .text(Self.apart(text))
        case .number:
            let isNumber = Int64(text) != nil && !text.hasPrefix("+")
            return isNumber ? .number(text) : nil
        case .joined: return .text(text)
        case .semicolons: return .text(value.words(between: ";") ?? text)
        case .lines: return .text(value.words(between: "\n") ?? text)
        case .cut(let limit): return .text(Self.cut(text, limit))
        }
    }

    private static func html(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in HTMLEscape.text(text).unicodeScalars {
            if scalar == "\n" { result.append(contentsOf: "<br>".unicodeScalars) }
            result.append(scalar)
        }
        return String(result)
    }

    /// The fence is longer than any run of back-quotes in the text (CommonMark 0.31 §4.5).
    private static func fenced(_ text: String) -> String {
        var longest = 0
        var run = 0
        for byte in text.utf8 {
            run = byte == UInt8(ascii: "`") ? run + 1 : 0
            longest = max(longest, run)
        }
        let fence = String(repeating: "`", count: max(3, longest + 1))
        return "\(fence)text\n\(text)\n\(fence)"
    }

    /// A space behind each brace that would begin a tag of a template.
    private static func apart(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var afterBrace = false
        for scalar in text.unicodeScalars {
            if afterBrace, scalar == "{" || scalar == "%" || scalar == "#" { result.append(" ") }
            result.append(scalar)
            afterBrace = scalar == "{"
        }
        return String(result)
    }

    private static func cut(_ text: String, _ limit: Int) -> String {
        let scalars = text.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex),
            end < scalars.endIndex
        else { return text }
        return String(String.UnicodeScalarView(scalars.prefix(limit - 1))) + "…"
    }
}
