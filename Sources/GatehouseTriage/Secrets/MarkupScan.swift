/// Looks through the markup of HTML, cheaply: only where something is found is the text rendered in full.
enum MarkupScan {
    /// Whether the text without its tags may hold a secret that the source does not show.
    static func mayHide(_ html: String, _ scanner: SecretScanner) -> Bool {
        let source = html.utf8.span
        var text: [UInt8] = []
        text.reserveCapacity(source.count)
        var index = 0
        while index < source.count {
            let byte = source[index]
            guard byte == UInt8(ascii: "<") || byte == UInt8(ascii: "&") else {
                text.append(byte)
                index &+= 1
                continue
            }
            if byte == UInt8(ascii: "&") {
                // Letters and digits written by their numbers, as ordinary pages don't.
                if hidesLetter(source, index) { return true }
                var end = index &+ 1
                while end < min(source.count, index &+ 8), ByteClass.alphanumeric.has(source[end]) { end &+= 1 }
                text.append(0x20)
                index = end
                continue
            }
            var end = index &+ 1
            while end < source.count, source[end] != UInt8(ascii: ">") { end &+= 1 }
            if !isInline(source, index &+ 1) { text.append(0x20) }
            index = end &+ 1
        }
        return !scanner.all(in: text.span).isEmpty
    }

    private static func hidesLetter(_ source: borrowing Span<UInt8>, _ start: Int) -> Bool {
        guard start &+ 3 < source.count, source[start &+ 1] == UInt8(ascii: "#") else { return false }
        var value = 0
        var index = start &+ 2
        let isHex = source[index] | 0x20 == UInt8(ascii: "x")
        if isHex { index &+= 1 }
        while index < min(source.count, start &+ 8), ByteClass.hex.has(source[index]) {
            let digit = Int(source[index] < 0x3A ? source[index] - 0x30 : (source[index] | 0x20) - 0x57)
            value = value * (isHex ? 16 : 10) + digit
            index &+= 1
        }
        return (0x30...0x39).contains(value) || (0x41...0x5A).contains(value) || (0x61...0x7A).contains(value)
            || value >= 0x400
    }

    /// Whether a tag stands within a line: `b`, `i`, `u`, `a`, `em`, `span`, `font`, `strong`, `wbr`, `code`.
    private static func isInline(_ source: borrowing Span<UInt8>, _ start: Int) -> Bool {
        var index = start
        if index < source.count, source[index] == UInt8(ascii: "/") { index &+= 1 }
        var name: UInt64 = 0
        var count = 0
        while index < source.count, count < 8, ByteClass.alphanumeric.has(source[index]) {
            name = name << 8 | UInt64(source[index] | 0x20)
            index &+= 1
            count &+= 1
        }
        return inline.contains(name)
    }

    private static let inline: [UInt64] = ["b", "i", "u", "a", "em", "span", "font", "strong", "wbr", "code"].map {
        name in
        name.utf8.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
