/// A start tag: its name in lower case, and where its attributes lie.
struct HTMLTag {
    var name: String
    fileprivate var bytes: [UInt8]

    var hasAttributes: Bool { !bytes.isEmpty }

    /// The decoded value of an attribute; empty for one without value, nil for one that is not there.
    func attribute(_ wanted: String) -> String? {
        let wanted = Array(wanted.utf8)
        var index = 0
        while index < bytes.count {
            while index < bytes.count, bytes[index] <= 0x20 || bytes[index] == UInt8(ascii: "/") { index &+= 1 }
            let nameStart = index
            while index < bytes.count, bytes[index] > 0x20, bytes[index] != UInt8(ascii: "="), bytes[index] != 0x2F {
                index &+= 1
            }
            let isWanted = bytes[nameStart..<index].elementsEqual(wanted) { $0 | 0x20 == $1 }
            while index < bytes.count, bytes[index] <= 0x20 { index &+= 1 }
            guard index < bytes.count, bytes[index] == UInt8(ascii: "=") else {
                if isWanted { return "" }
                if index == nameStart { index &+= 1 }
                continue
            }
            index &+= 1
            let value = readValue(&index)
            if isWanted { return HTMLTokenizer.decoded(bytes, value) }
        }
        return nil
    }

    private func readValue(_ index: inout Int) -> Range<Int> {
        while index < bytes.count, bytes[index] <= 0x20 { index &+= 1 }
        guard index < bytes.count else { return index..<index }
        let quote = bytes[index]
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            let start = index + 1
            let end = ByteSearch.firstIndex(of: quote, in: bytes, start..<bytes.count) ?? bytes.count
            index = min(end + 1, bytes.count)
            return start..<end
        }
        let start = index
        while index < bytes.count, bytes[index] > 0x20 { index &+= 1 }
        return start..<index
    }
}

/// Cuts HTML into text and tags (HTML Living Standard §13.2.5, as far as text needs it).
struct HTMLTokenizer {
    enum Token {
        /// A range of `bytes`: character references are decoded in place before.
        case text(Range<Int>)
        case start(HTMLTag)
        case end(String)
    }

    /// The source, or for a text with character references the decoded text.
    private(set) var bytes: [UInt8]
    private let source: [UInt8]
    private(set) var position = 0
    /// Searches that found nothing need not be made again.
    private var noCommentEnd = false
    private var noQuote: [UInt8: Bool] = [:]
    private var noEndTag: Set<String> = []

    init(_ source: [UInt8]) {
        self.source = source
        bytes = source
    }

    mutating func rewind(to position: Int) { self.position = position }

    mutating func next() -> Token? {
        while position < source.count {
            guard source[position] == UInt8(ascii: "<"), position + 1 < source.count else { return text() }
            let following = source[position + 1]
            if following == UInt8(ascii: "!") || following == UInt8(ascii: "?") {
                skipMarkup()
            } else if isLetter(following) {
                return startTag()
            } else if following == UInt8(ascii: "/"), position + 2 < source.count, isLetter(source[position + 2]) {
                position += 2
                let name = readName()
                position = tagEnd(position) + 1
                return .end(name)
            } else {
                return text()
            }
        }
        return nil
    }

    private func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= 97 && (byte | 0x20) <= 122 }

    /// Text up to the next `<` behind the present byte.
    private mutating func text() -> Token {
        let start = position
        position = ByteSearch.firstIndex(of: UInt8(ascii: "<"), in: source, start + 1..<source.count) ?? source.count
        let range = start..<position
        guard ByteSearch.firstIndex(of: UInt8(ascii: "&"), in: source, range) != nil || holdsNoBreakSpace(range) else {
            bytes = source
            return .text(range)
        }
        bytes = Array(Self.decoded(source, range).utf8)
        return .text(0..<bytes.count)
    }

    private func holdsNoBreakSpace(_ range: Range<Int>) -> Bool {
        ByteSearch.firstIndex(of: [0xC2, 0xA0], in: source, range) != nil
    }

    /// `<!-- … -->`, `<!DOCTYPE …>`, `<?xml … ?>`.
    private mutating func skipMarkup() {
        let isComment = ByteSearch.matches(Array("<!--".utf8), source, at: position)
        if isComment, !noCommentEnd {
            if let end = ByteSearch.firstIndex(of: Array("-->".utf8), in: source, position + 2..<source.count) {
                position = end + 3
                return
            }
            noCommentEnd = true
        }
        let end = ByteSearch.firstIndex(of: UInt8(ascii: ">"), in: source, position..<source.count) ?? source.count
        position = min(end + 1, source.count)
    }

    private mutating func startTag() -> Token {
        position += 1
        let name = readName()
        let end = tagEnd(position)
        let tag = HTMLTag(name: name, bytes: Array(source[min(position, end)..<end]))
        position = min(end + 1, source.count)
        if HTMLElements.unread.contains(name), tag.bytes.last != UInt8(ascii: "/") { skipContent(of: name) }
        return .start(tag)
    }

    private mutating func readName() -> String {
        let start = position
        while position < source.count, source[position] > 0x20, source[position] != UInt8(ascii: ">"),
            source[position] != UInt8(ascii: "/"), position - start < 64
        { position &+= 1 }
        let lowered = source[start..<position].map { $0 >= 65 && $0 <= 90 ? $0 | 0x20 : $0 }
        return String(decoding: lowered, as: UTF8.self)
    }

    /// Where the tag's `>` stands: not inside a quoted value, unless its quote is never closed.
    private mutating func tagEnd(_ start: Int) -> Int {
        var index = start
        var afterEquals = false
        while index < source.count {
            let byte = source[index]
            if byte == UInt8(ascii: ">") { return index }
            let isQuote = byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
            if isQuote, afterEquals, noQuote[byte] == nil {
                if let close = ByteSearch.firstIndex(of: byte, in: source, index + 1..<source.count) {
                    index = close
                } else {
                    noQuote[byte] = true
                }
            }
            if byte > 0x20 { afterEquals = byte == UInt8(ascii: "=") }
            index &+= 1
        }
        return source.count
    }

    /// To the end tag of `name`; to the end of the text where there is none, as browsers do for styles and scripts.
    private mutating func skipContent(of name: String) {
        guard !noEndTag.contains(name) else { return }
        let wanted = Array(name.utf8)
        var start = position
        while let open = ByteSearch.firstIndex(of: UInt8(ascii: "<"), in: source, start..<source.count) {
            if open + 2 + wanted.count <= source.count, source[open + 1] == UInt8(ascii: "/"),
                source[(open + 2)..<(open + 2 + wanted.count)].elementsEqual(wanted, by: { $0 | 0x20 == $1 })
            {
                position = open
                return
            }
            start = open + 1
        }
        noEndTag.insert(name)
        if name == "script" || name == "style" { position = source.count }
    }

    /// Character references decoded; a no-break space becomes a blank.
    static func decoded(_ source: [UInt8], _ range: Range<Int>) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = source[index]
            if byte == UInt8(ascii: "&"), let (scalar, next) = reference(source, index + 1, range.upperBound) {
                result.append(contentsOf: scalar == "\u{A0}" ? [0x20] : Array(String(Character(scalar)).utf8))
                index = next
            } else if byte == 0xC2, index + 1 < range.upperBound, source[index + 1] == 0xA0 {
                result.append(0x20)
                index += 2
            } else {
                result.append(byte)
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func reference(_ source: [UInt8], _ start: Int, _ end: Int) -> (Unicode.Scalar, Int)? {
        guard start < end else { return nil }
        if source[start] == UInt8(ascii: "#") { return numericReference(source, start + 1, end) }
        var index = start
        let bound = min(end, start + HTMLEntities.longestName)
        while index < bound, isNameByte(source[index]) { index += 1 }
        let name = String(decoding: source[start..<index], as: UTF8.self)
        guard let code = HTMLEntities.codePoint(named: name), let scalar = Unicode.Scalar(code) else { return nil }
        return (scalar, index < end && source[index] == UInt8(ascii: ";") ? index + 1 : index)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (byte | 0x20) >= 97 && (byte | 0x20) <= 122 || byte >= 48 && byte <= 57
    }

    /// `#8364`, `#x20AC`; 0x80…0x9F mean Windows-1252 (HTML Living Standard §13.2.5.80).
    private static func numericReference(_ source: [UInt8], _ start: Int, _ end: Int) -> (Unicode.Scalar, Int)? {
        var index = start
        let isHex = index < end && source[index] | 0x20 == UInt8(ascii: "x")
        if isHex { index += 1 }
        let digitsStart = index
        var code: UInt32 = 0
        while index < end, let digit = QuotedPrintable.hexValue(source[index]), isHex || digit < 10 {
            code = min(code &* (isHex ? 16 : 10) &+ UInt32(digit), 0x110000)
            index += 1
        }
        guard index > digitsStart else { return nil }
        if index < end, source[index] == UInt8(ascii: ";") { index += 1 }
        if (0x80..<0xA0).contains(code) {
            code = SingleByteText.windows1252([UInt8(code)]).unicodeScalars.first?.value ?? code
        }
        guard code != 0, let scalar = Unicode.Scalar(code) else { return ("\u{FFFD}", index) }
        return (scalar, index)
    }
}
