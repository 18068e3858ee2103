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
    private var hidden: (name: HTMLName, depth: Int, start: Int)?
    private var ignoresHiding = false
    private var link: (target: Range<Int>, start: Int)?
    private var lists: [Int?] = []

    /// Lists are indented no further: 16 MiB of openings would become a hundred of blanks.
    private static let maximumDepth = 8
    private static let maximumTarget = 2000

    init(_ bytes: [UInt8]) {
        tokens = HTMLTokenizer(bytes)
        output.reserve(bytes.count / 2)
    }

    mutating func read() -> String {
        while true {
            guard let token = tokens.next() else {
                // A hidden element that is never closed would take the rest of the mail with it: show it instead.
                guard let open = hidden else {
                    // A large page and its text need not stand beside the text's last copy.
                    tokens = HTMLTokenizer([])
                    return output.finish()
                }
                hidden = nil
                ignoresHiding = true
                tokens.rewind(to: open.start)
                continue
            }
            switch token {
            case .text(let range): if hidden == nil { output.write(tokens.source, range) }
            case .decodedText(let text): if hidden == nil { output.write(text, 0..<text.count) }
            case .start(let tag): start(tag)
            case .end(let name): end(name)
            }
        }
    }

    private mutating func start(_ tag: HTMLTag) {
        if let open = hidden {
            if tokens.isSame(open.name, tag.name) { hidden?.depth += 1 }
            return
        }
        let attributes = tag.attributes.isEmpty ? nil : HTMLAttributes(tokens.source, tag.attributes)
        if !ignoresHiding, !tag.name.element.isVoid, let attributes, isHidden(attributes) {
            hidden = (tag.name, 1, tokens.position)
            return
        }
        switch tag.name.element.layout {
        case .none: break
        case .lineBreak: output.lineBreak()
        case .rule:
            output.block(gap: 1)
            output.write("---")
            output.block(gap: 1)
        case .image: if let value = attributes?.alternative { write(value) }
        case .link: if let value = attributes?.target { link = (value, output.count) }
        case .cell: output.cell()
        case .preformatted:
            output.block(gap: 2)
            output.preformattedDepth += 1
        case .quote:
            output.block(gap: 2)
            output.quoteDepth += 1
        case .list: openList(nil)
        case .numberedList:
            let start = attributes?.start.flatMap { Int(String(decoding: decoded($0), as: UTF8.self)) }
            openList(start ?? 1)
        case .item: startItem()
        case .block: output.block(gap: 1)
        case .paragraph: output.block(gap: 2)
        }
    }

    private func decoded(_ value: Range<Int>) -> [UInt8] { HTMLTokenizer.decoded(tokens.source, value) }

    private mutating func write(_ value: Range<Int>) {
        let text = decoded(value)
        output.write(text, 0..<text.count)
    }

    private mutating func openList(_ number: Int?) {
        output.block(gap: lists.isEmpty ? 2 : 1)
        if lists.count < Self.maximumDepth { lists.append(number) }
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

    private mutating func end(_ name: HTMLName) {
        if let open = hidden {
            guard tokens.isSame(open.name, name) else { return }
            hidden = open.depth > 1 ? (open.name, open.depth - 1, open.start) : nil
            return
        }
        switch name.element.layout {
        case .link: endLink()
        case .preformatted:
            output.preformattedDepth = max(0, output.preformattedDepth - 1)
            output.block(gap: 2)
        case .quote:
            output.block(gap: 1)
            output.quoteDepth = max(0, output.quoteDepth - 1)
            output.block(gap: 2)
        case .list, .numberedList:
            _ = lists.popLast()
            output.block(gap: lists.isEmpty ? 2 : 1)
        case .block: output.block(gap: 1)
        case .paragraph: output.block(gap: 2)
        default: break
        }
    }

    /// `text <https://…>`, unless the text is the target already.
    private mutating func endLink() {
        guard let open = link else { return }
        link = nil
        var target = decoded(open.target)
        if target.contains(where: { $0 <= 0x20 }) { target.removeAll { $0 <= 0x20 } }
        guard target.count <= Self.maximumTarget, let scheme = Self.scheme(of: target) else { return }
        guard !output.shows(target, orIs: target[scheme...], from: open.start) else { return }
        target.insert(contentsOf: [0x20, UInt8(ascii: "<")], at: 0)
        target.append(UInt8(ascii: ">"))
        output.write(target, 0..<target.count)
    }

    /// How long the scheme of a target is that a person can follow; nil for others, such as `cid:` and `javascript:`.
    private static func scheme(of target: [UInt8]) -> Int? {
        schemes.first { target.starts(with: $0) { ($0 >= 65 && $0 <= 90 ? $0 | 0x20 : $0) == $1 } }?.count
    }

    private static let schemes = ["http://", "https://", "mailto:", "tel:", "ftp://"].map { Array($0.utf8) }

    private func isHidden(_ attributes: HTMLAttributes) -> Bool {
        if attributes.isHidden { return true }
        guard let style = attributes.style, HTMLHiding.mayHide(tokens.source, style) else { return false }
        let plain = decoded(style).filter { $0 > 0x20 }.map { $0 >= 65 && $0 <= 90 ? $0 | 0x20 : $0 }
        return HTMLHiding.isHidden(plain)
    }
}

/// Styles under which an element is not seen: what senders hide is for filters and previews.
private enum HTMLHiding {
    private static let display = Array("display".utf8)
    private static let none = Array("none".utf8)
    private static let visibility = Array("visibility".utf8)
    private static let hidden = Array("hidden".utf8)
    private static let microsoftHide = Array("mso-hide".utf8)
    private static let all = Array("all".utf8)
    private static let opacity = Array("opacity".utf8)
    private static let height = Array("max-height".utf8)
    private static let overflow = Array("overflow:hidden".utf8)

    /// `opacity:0`
    private static let shortest = 9

    /// A look at what stands around each colon, before the style is copied: in most styles nothing hides.
    static func mayHide(_ source: [UInt8], _ style: Range<Int>) -> Bool {
        guard style.count >= shortest else { return false }
        for index in style.dropFirst().dropLast() {
            // A reference may stand for anything.
            if source[index] == UInt8(ascii: "&") { return true }
            guard source[index] == UInt8(ascii: ":") else { continue }
            let (before, after) = (source[index &- 1], source[index &+ 1])
            // A blank or what may be one.
            guard before > 0x20, before < 0x80, after > 0x20, after < 0x80 else { return true }
            switch (before | 0x20, after | 0x20) {
            // `display:none`, `visibility:hidden`, `opacity:0`; `mso-hide:all`; `max-height:0`.
            case (UInt8(ascii: "y"), UInt8(ascii: "n")), (UInt8(ascii: "y"), UInt8(ascii: "h")),
                (UInt8(ascii: "y"), UInt8(ascii: "0")), (UInt8(ascii: "e"), UInt8(ascii: "a")),
                (UInt8(ascii: "t"), UInt8(ascii: "0")):
                return true
            default: continue
            }
        }
        return false
    }

    /// - Parameter style: Without blanks, in lower case.
    ///
    /// A font size of 0 is none of them: layouts set it on boxes whose content has a size of its own.
    static func isHidden(_ style: [UInt8]) -> Bool {
        // Looked for once, however many heights there are.
        lazy var cutsOff = ByteSearch.firstIndex(of: overflow, in: style, 0..<style.count) != nil
        var start = 0
        while let colon = ByteSearch.firstIndex(of: UInt8(ascii: ":"), in: style, start..<style.count) {
            start = colon + 1
            guard start < style.count else { return false }
            switch style[start] {
            case UInt8(ascii: "n"): if says(none, display, style, colon) { return true }
            case UInt8(ascii: "h"): if says(hidden, visibility, style, colon) { return true }
            case UInt8(ascii: "a"): if says(all, microsoftHide, style, colon) { return true }
            case UInt8(ascii: "0"):
                guard isZero(style, start) else { continue }
                if ByteSearch.matches(opacity, style, at: colon - opacity.count) { return true }
                if ByteSearch.matches(height, style, at: colon - height.count), cutsOff { return true }
            default: break
            }
        }
        return false
    }

    private static func says(_ value: [UInt8], _ name: [UInt8], _ style: [UInt8], _ colon: Int) -> Bool {
        ByteSearch.matches(value, style, at: colon + 1) && ByteSearch.matches(name, style, at: colon - name.count)
    }

    /// `0`, `0px`, not `0.5` or `05`.
    private static func isZero(_ style: [UInt8], _ zero: Int) -> Bool {
        let next = zero + 1 < style.count ? style[zero + 1] : UInt8(ascii: ";")
        return next != UInt8(ascii: ".") && !(next >= 48 && next <= 57)
    }
}
