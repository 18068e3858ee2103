/// HTML to the text that a person would read, in time linear in its length.
///
/// Blocks, list items and table rows become lines, quotes get `> `, links keep their target, images their `alt`.
/// Styles,
/// scripts and hidden elements are left out. Nothing is loaded, nothing is run.
package enum HTMLText {
    package static func text(of html: String) -> String {
        var reader = HTMLTextReader(Array(html.utf8))
        return reader.read()
    }
}

/// Walks over the tags once. The writer below decides on blanks and line ends.
private struct HTMLTextReader {
    private var tokens: HTMLTokenizer
    private var output = HTMLTextWriter()
    /// The element whose content is hidden, and how many of its name are open inside.
    private var hidden: (name: String, depth: Int, start: Int)?
    private var ignoresHiding = false
    private var link: (target: String, start: Int)?
    private var lists: [Int?] = []

    private static let maximumDepth = 16
    private static let maximumTarget = 2000

    init(_ bytes: [UInt8]) { tokens = HTMLTokenizer(bytes) }

    mutating func read() -> String {
        while true {
            guard let token = tokens.next() else {
                // A hidden element that is never closed would take the rest of the mail with it: show it instead.
                guard let open = hidden else { return output.finish() }
                hidden = nil
                ignoresHiding = true
                tokens.rewind(to: open.start)
                continue
            }
            switch token {
            case .text(let range): if hidden == nil { output.write(tokens.bytes, range) }
            case .start(let tag): start(tag)
            case .end(let name): end(name)
            }
        }
    }

    private mutating func start(_ tag: HTMLTag) {
        if let open = hidden {
            if open.name == tag.name { hidden?.depth += 1 }
            return
        }
        if !ignoresHiding, isHidden(tag), !HTMLElements.void.contains(tag.name) {
            hidden = (tag.name, 1, tokens.position)
            return
        }
        switch tag.name {
        case "br": output.lineBreak()
        case "hr":
            output.block(gap: 1)
            output.write("---")
            output.block(gap: 1)
        case "img", "area": if let alt = tag.attribute("alt") { output.write(alt) }
        case "a": if let target = tag.attribute("href") { link = (target, output.count) }
        case "td", "th": output.cell()
        case "pre":
            output.block(gap: 2)
            output.preformattedDepth += 1
        case "blockquote":
            output.block(gap: 2)
            output.quoteDepth += 1
        case "ul", "ol", "menu", "dir":
            output.block(gap: lists.isEmpty ? 2 : 1)
            if lists.count < Self.maximumDepth {
                lists.append(tag.name == "ol" ? Int(tag.attribute("start") ?? "1") ?? 1 : nil)
            }
        case "li": startItem()
        default: output.block(gap: HTMLElements.gaps[tag.name] ?? 0)
        }
    }

    private mutating func startItem() {
        output.block(gap: 1)
        let indent = String(repeating: "  ", count: max(0, lists.count - 1))
        if let last = lists.indices.last, let number = lists[last] {
            output.bullet("\(indent)\(number). ")
            lists[last] = number &+ 1
        } else {
            output.bullet("\(indent)- ")
        }
    }

    private mutating func end(_ name: String) {
        if let open = hidden {
            guard open.name == name else { return }
            hidden = open.depth > 1 ? (open.name, open.depth - 1, open.start) : nil
            return
        }
        switch name {
        case "a": endLink()
        case "pre":
            output.preformattedDepth = max(0, output.preformattedDepth - 1)
            output.block(gap: 2)
        case "blockquote":
            output.block(gap: 1)
            output.quoteDepth = max(0, output.quoteDepth - 1)
            output.block(gap: 2)
        case "ul", "ol", "menu", "dir":
            _ = lists.popLast()
            output.block(gap: lists.isEmpty ? 2 : 1)
        case "p" where output.isEmpty: break
        default: output.block(gap: HTMLElements.gaps[name] ?? 0)
        }
    }

    /// `text <https://…>`, unless the text is the target already.
    private mutating func endLink() {
        guard let open = link else { return }
        link = nil
        let target = open.target.utf8.filter { $0 > 0x20 }
        guard target.count <= Self.maximumTarget, let scheme = Self.scheme(of: target) else { return }
        let shown = output.text(from: open.start)
        guard !shown.isEmpty, ByteSearch.firstIndex(of: target, in: shown, 0..<shown.count) == nil,
            !shown.elementsEqual(target[scheme...])
        else { return }
        output.write(" <\(String(decoding: target, as: UTF8.self))>")
    }

    /// How long the scheme of a target is that a person can follow; nil for others, such as `cid:` and `javascript:`.
    private static func scheme(of target: [UInt8]) -> Int? {
        let head = target.prefix(8).map { $0 >= 65 && $0 <= 90 ? $0 | 0x20 : $0 }
        return schemes.first { head.starts(with: $0) }?.count
    }

    private static let schemes = ["http://", "https://", "mailto:", "tel:", "ftp://"].map { Array($0.utf8) }

    private func isHidden(_ tag: HTMLTag) -> Bool {
        guard tag.hasAttributes else { return false }
        if tag.attribute("hidden") != nil { return true }
        guard let style = tag.attribute("style") else { return false }
        let plain = style.utf8.filter { $0 > 0x20 }.map { $0 >= 65 && $0 <= 90 ? $0 | 0x20 : $0 }
        return ByteSearch.firstIndex(of: Array("display:none".utf8), in: plain, 0..<plain.count) != nil
            || ByteSearch.firstIndex(of: Array("visibility:hidden".utf8), in: plain, 0..<plain.count) != nil
    }
}

/// What the names of elements mean for the layout of text.
enum HTMLElements {
    /// Line ends around an element: 1 a new line, 2 an empty line between.
    static let gaps: [String: Int] = {
        var gaps: [String: Int] = [:]
        for name in ["p", "h1", "h2", "h3", "h4", "h5", "h6", "dl", "figure"] { gaps[name] = 2 }
        for name in [
            "div", "tr", "table", "thead", "tbody", "tfoot", "caption", "section", "article", "header", "footer",
            "aside", "main",
            "nav", "address", "form", "fieldset", "dt", "dd", "center", "body", "html", "details", "summary", "option",
            "figcaption", "legend", "title",
        ] { gaps[name] = 1 }
        return gaps
    }()

    static let void: Set<String> = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
    ]

    /// Elements whose content is no text for readers; it runs to their own end tag.
    static let unread: Set<String> = [
        "script", "style", "title", "template", "xml", "noembed", "noframes", "svg", "math",
    ]
}
