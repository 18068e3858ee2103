/// Without the blanks at both ends.
func trimmed(_ bytes: [UInt8]) -> [UInt8] {
    var start = 0
    var end = bytes.count
    while start < end, bytes[start] <= 0x20 { start &+= 1 }
    while end > start, bytes[end - 1] <= 0x20 { end &-= 1 }
    return start == 0 && end == bytes.count ? bytes : Array(bytes[start..<end])
}

extension String {
    /// The first `count` bytes of its UTF-8, or as many as there are.
    func leadingBytes(_ count: Int) -> [UInt8] {
        // In one copy; a prefix of the view would be walked through.
        unsafe utf8.withContiguousStorageIfAvailable { unsafe Array($0.prefix(count)) } ?? Array(utf8.prefix(count))
    }

    /// What stands behind the last `@`, in lower case; nil where there is none.
    var domain: String? {
        utf8.lastIndex(of: UInt8(ascii: "@")).map { self[utf8.index(after: $0)...].lowercased() }
    }

    /// Without white space at both ends.
    var trimmedBlanks: String {
        // Most texts start and end with a visible ASCII character.
        if let first = utf8.first, let last = utf8.last, first > 0x20, last > 0x20, first < 0x7F, last < 0x7F {
            return self
        }
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }
}
