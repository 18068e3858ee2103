/// What an element means for the layout of text.
enum HTMLLayout: UInt8 {
    case none, lineBreak, rule, image, link, cell, preformatted, quote, list, numberedList, item
    /// Line ends around it: a new line, or an empty line between.
    case block, paragraph
}

/// The name of an element: where it stands in the source, and what it means.
struct HTMLName {
    var range: Range<Int>
    var element: HTMLElement
    /// The name in lower case, its bytes packed; 0 where it is longer than sixteen.
    var key: UInt128
}

/// What is known of one element.
struct HTMLElement {
    var layout: HTMLLayout
    /// It has no content and no end tag.
    var isVoid = false
    /// Its content is no text for readers; it runs to its own end tag.
    var isUnread = false

    static let unknown = HTMLElement(layout: .none)
}

/// The elements by name, without a string made for each tag.
struct HTMLElementTable {
    /// Twice as many slots as elements, or more; a key of 0 is a free slot.
    private var slots = [(key: UInt128, element: HTMLElement)](repeating: (0, .unknown), count: Self.slotCount)

    private static let slotCount = 256
    static let shared = HTMLElementTable()

    func element(_ key: UInt128) -> HTMLElement {
        guard key != 0 else { return .unknown }
        var slot = Self.slot(of: key)
        while slots[slot].key != 0 {
            if slots[slot].key == key { return slots[slot].element }
            slot = (slot &+ 1) & (Self.slotCount - 1)
        }
        return .unknown
    }

    private static func slot(of key: UInt128) -> Int {
        let folded = UInt64(truncatingIfNeeded: key) ^ UInt64(truncatingIfNeeded: key >> 64)
        return Int(truncatingIfNeeded: (folded &* 0x9E37_79B9_7F4A_7C15) >> 56)
    }

    private init() {
        for (layout, names) in Self.layouts {
            for name in names.split(separator: " ") { add(name, layout) }
        }
    }

    private mutating func add(_ name: Substring, _ layout: HTMLLayout) {
        let key = name.utf8.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        var slot = Self.slot(of: key)
        while slots[slot].key != 0 { slot = (slot &+ 1) & (Self.slotCount - 1) }
        let isVoid = Self.void.contains(name)
        slots[slot] = (key, HTMLElement(layout: layout, isVoid: isVoid, isUnread: Self.unread.contains(name)))
    }

    private static let layouts: [(HTMLLayout, String)] = [
        (.lineBreak, "br"), (.rule, "hr"), (.image, "img area"), (.link, "a"), (.cell, "td th"),
        (.preformatted, "pre"), (.quote, "blockquote"), (.list, "ul menu dir"), (.numberedList, "ol"), (.item, "li"),
        (.paragraph, "p h1 h2 h3 h4 h5 h6 dl figure"),
        (
            .block,
            "div tr table thead tbody tfoot caption section article header footer aside main nav address form fieldset"
                + " dt dd center body html details summary option figcaption legend title"
        ),
        (
            .none,
            "base col embed input link meta source track wbr script style template xml noembed noframes svg math"
        ),
    ]

    private static let void: Set<Substring> = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
    ]

    private static let unread: Set<Substring> = [
        "script", "style", "title", "template", "xml", "noembed", "noframes", "svg", "math",
    ]
}
