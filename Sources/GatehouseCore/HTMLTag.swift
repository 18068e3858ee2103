/// A start tag: its name, and where its attributes lie in the source.
struct HTMLTag {
    var name: HTMLName
    var attributes: Range<Int>
}

/// The attributes that text needs, as ranges of the source; each is found in one walk over a tag.
///
/// Of two attributes with one name the first counts; one without a value has an empty range.
struct HTMLAttributes {
    private(set) var isHidden = false
    private(set) var style: Range<Int>?
    private(set) var target: Range<Int>?
    private(set) var alternative: Range<Int>?
    private(set) var start: Range<Int>?

    // Attribute names packed, each byte with the bit of lower case. They are asked for at every attribute, and what is
    // computed at its first use would be looked after each time.
    /// `hidden`
    private static var hiddenKey: UInt64 { 0x6869_6464_656E }
    /// `style`
    private static var styleKey: UInt64 { 0x73_7479_6C65 }
    /// `href`
    private static var targetKey: UInt64 { 0x6872_6566 }
    /// `alt`
    private static var alternativeKey: UInt64 { 0x61_6C74 }
    /// `start`
    private static var startKey: UInt64 { 0x73_7461_7274 }

    init(_ source: [UInt8], _ range: Range<Int>) {
        var index = range.lowerBound
        let end = range.upperBound
        while index < end {
            while index < end, source[index] <= 0x20 || source[index] == UInt8(ascii: "/") { index &+= 1 }
            let nameStart = index
            var key: UInt64 = 0
            while index < end, source[index] > 0x20, source[index] != UInt8(ascii: "="), source[index] != 0x2F {
                key = key << 8 | UInt64(source[index] | 0x20)
                index &+= 1
            }
            // A longer name would have pushed its first bytes out.
            if index &- nameStart > 8 { key = 0 }
            while index < end, source[index] <= 0x20 { index &+= 1 }
            guard index < end, source[index] == UInt8(ascii: "=") else {
                take(key, index..<index)
                if index == nameStart { index &+= 1 }
                continue
            }
            index &+= 1
            take(key, Self.value(source, &index, end))
        }
    }

    private mutating func take(_ key: UInt64, _ value: Range<Int>) {
        switch key {
        case Self.hiddenKey: isHidden = true
        case Self.styleKey: if style == nil { style = value }
        case Self.targetKey: if target == nil { target = value }
        case Self.alternativeKey: if alternative == nil { alternative = value }
        case Self.startKey: if start == nil { start = value }
        default: break
        }
    }

    private static func value(_ source: [UInt8], _ index: inout Int, _ end: Int) -> Range<Int> {
        while index < end, source[index] <= 0x20 { index &+= 1 }
        guard index < end else { return index..<index }
        let quote = source[index]
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            let start = index + 1
            let close = ByteSearch.firstIndex(of: quote, in: source, start..<end) ?? end
            index = min(close + 1, end)
            return start..<close
        }
        let start = index
        while index < end, source[index] > 0x20 { index &+= 1 }
        return start..<index
    }
}
