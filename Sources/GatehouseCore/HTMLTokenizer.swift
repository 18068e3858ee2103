/// Cuts HTML into text and tags (HTML Living Standard §13.2.5, as far as text needs it).
struct HTMLTokenizer {
    enum Token {
        /// A range of the source.
        case text(Range<Int>)
        /// Text that held character references or no-break spaces.
        case decodedText([UInt8])
        case start(HTMLTag)
        case end(HTMLName)
    }

    let source: [UInt8]
    private(set) var position = 0
    private let holdsNoBreakSpace: Bool
    private let elements = HTMLElementTable.shared
    /// Searches that found nothing need not be made again.
    private var noCommentEnd = false
    private var noDoubleQuote = false
    private var noSingleQuote = false
    private var noEndTag: Set<UInt128> = []

    init(_ source: [UInt8]) {
        self.source = source
        holdsNoBreakSpace = ByteSearch.firstIndex(of: Self.noBreakSpace, in: source, 0..<source.count) != nil
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

    /// Whether the `<` at `index` starts a tag, a comment or a declaration; else it is text.
    private func startsMarkup(_ index: Int) -> Bool {
        guard index + 1 < source.count else { return false }
        let following = source[index + 1]
        return isLetter(following) || following == UInt8(ascii: "!") || following == UInt8(ascii: "?")
            || following == UInt8(ascii: "/") && index + 2 < source.count && isLetter(source[index + 2])
    }

    /// Text up to the next `<` behind the present byte that starts markup.
    private mutating func text() -> Token {
        let start = position
        repeat {
            position =
                ByteSearch.firstIndex(of: UInt8(ascii: "<"), in: source, position + 1..<source.count) ?? source.count
        } while position < source.count && !startsMarkup(position)
        let range = start..<position
        let needsDecoding =
            ByteSearch.firstIndex(of: UInt8(ascii: "&"), in: source, range) != nil
            || holdsNoBreakSpace && ByteSearch.firstIndex(of: Self.noBreakSpace, in: source, range) != nil
        return needsDecoding ? .decodedText(Self.decoded(source, range)) : .text(range)
    }

    private static let noBreakSpace: [UInt8] = [0xC2, 0xA0]
    private static let commentStart = Array("<!--".utf8)
    private static let commentEnd = Array("-->".utf8)

    /// `<!-- … -->`, `<!DOCTYPE …>`, `<?xml … ?>`.
    private mutating func skipMarkup() {
        let isComment = ByteSearch.matches(Self.commentStart, source, at: position)
        if isComment, !noCommentEnd {
            if let end = ByteSearch.firstIndex(of: Self.commentEnd, in: source, position + 2..<source.count) {
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
        let tag = HTMLTag(name: name, attributes: min(position, end)..<end)
        let isClosed = !tag.attributes.isEmpty && source[end - 1] == UInt8(ascii: "/")
        position = min(end + 1, source.count)
        if name.element.isUnread, !isClosed { skipContent(of: name) }
        return .start(tag)
    }

    private mutating func readName() -> HTMLName {
        let start = position
        let (end, key) = Self.scanName(source.span, start)
        position = end
        return HTMLName(range: start..<end, element: elements.element(key), key: key)
    }

    /// Where the name ends that starts at `start`, and its packed form.
    private static func scanName(_ bytes: Span<UInt8>, _ start: Int) -> (end: Int, key: UInt128) {
        // Two halves, since nearly all names are in the second alone: the first eight bytes move to the first.
        var high: UInt64 = 0
        var low: UInt64 = 0
        var index = start
        let bound = min(bytes.count, start &+ 64)
        while index < bound {
            let byte = bytes[index]
            guard byte > 0x20, byte != UInt8(ascii: ">"), byte != UInt8(ascii: "/") else { break }
            high = high << 8 | low >> 56
            low = low << 8 | UInt64(byte >= 65 && byte <= 90 ? byte | 0x20 : byte)
            index &+= 1
        }
        return (index, index &- start > 16 ? 0 : UInt128(high) << 64 | UInt128(low))
    }

    /// True where two tags have one name.
    func isSame(_ left: HTMLName, _ right: HTMLName) -> Bool {
        guard left.key == 0, right.key == 0 else { return left.key == right.key }
        return source[left.range].elementsEqual(source[right.range]) {
            let isUpper = ($0 >= 65 && $0 <= 90, $1 >= 65 && $1 <= 90)
            return (isUpper.0 ? $0 | 0x20 : $0) == (isUpper.1 ? $1 | 0x20 : $1)
        }
    }

    /// Where the tag's `>` stands: not inside a quoted value, unless its quote is never closed.
    private mutating func tagEnd(_ start: Int) -> Int {
        if start < source.count, source[start] == UInt8(ascii: ">") { return start }
        var index = start
        var afterEquals = false
        while index < source.count {
            let byte = source[index]
            if byte == UInt8(ascii: ">") { return index }
            if afterEquals, byte == UInt8(ascii: "\"") && !noDoubleQuote || byte == 0x27 && !noSingleQuote {
                if let close = ByteSearch.firstIndex(of: byte, in: source, index + 1..<source.count) {
                    index = close
                } else if byte == 0x27 {
                    noSingleQuote = true
                } else {
                    noDoubleQuote = true
                }
            }
            if byte > 0x20 { afterEquals = byte == UInt8(ascii: "=") }
            index &+= 1
        }
        return source.count
    }

    /// To the end tag of `name`; to the end of the text where there is none, as browsers do for styles and scripts.
    private mutating func skipContent(of name: HTMLName) {
        guard !noEndTag.contains(name.key) else { return }
        let wanted = source[name.range]
        var start = position
        while let open = ByteSearch.firstIndex(of: UInt8(ascii: "<"), in: source, start..<source.count) {
            if open + 2 + wanted.count <= source.count, source[open + 1] == UInt8(ascii: "/"),
                source[(open + 2)..<(open + 2 + wanted.count)].elementsEqual(wanted, by: { $0 | 0x20 == $1 | 0x20 })
            {
                position = open
                return
            }
            start = open + 1
        }
        noEndTag.insert(name.key)
        if name.key == Self.scriptKey || name.key == Self.styleKey { position = source.count }
    }

    private static let scriptKey = "script".utf8.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
    private static let styleKey = "style".utf8.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }

    /// Character references decoded; a no-break space becomes a blank.
    static func decoded(_ source: [UInt8], _ range: Range<Int>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            var end = index
            while end < range.upperBound, source[end] != UInt8(ascii: "&"), source[end] != 0xC2 { end &+= 1 }
            result.append(contentsOf: source[index..<end])
            index = end
            guard index < range.upperBound else { break }
            if source[index] == UInt8(ascii: "&"), let (scalar, next) = reference(source, index + 1, range.upperBound) {
                if !isFiller(scalar), let units = UTF8.encode(scalar == "\u{A0}" ? " " : scalar) {
                    result.append(contentsOf: units)
                }
                index = next
            } else if source[index] == 0xC2, index + 1 < range.upperBound, source[index + 1] == 0xA0 {
                result.append(0x20)
                index += 2
            } else {
                result.append(source[index])
                index += 1
            }
        }
        return result
    }

    /// What is never seen: soft hyphens, and the signs with which senders fill the preview of an inbox.
    private static func isFiller(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\u{AD}" || scalar == "\u{34F}" || scalar == "\u{200B}" || scalar == "\u{FEFF}"
    }

    private static func reference(_ source: [UInt8], _ start: Int, _ end: Int) -> (Unicode.Scalar, Int)? {
        guard start < end else { return nil }
        if source[start] == UInt8(ascii: "#") { return numericReference(source, start + 1, end) }
        guard isNameByte(source[start]) else { return nil }
        var index = start
        let bound = min(end, start + HTMLEntities.longestName)
        while index < bound, isNameByte(source[index]) { index += 1 }
        guard let code = HTMLEntities.codePoint(named: source[start..<index]), let scalar = Unicode.Scalar(code) else {
            return nil
        }
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
        while index < end, let digit = Hex.value(of: source[index]), isHex || digit < 10 {
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
