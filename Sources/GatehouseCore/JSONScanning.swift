// How the reader finds the ends of tokens. The byte loops run over spans of the buffer and call nothing.

extension JSONReader {
    /// Letters, digits and what else stands in numbers and identifiers.
    static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"), UInt8(ascii: "$"), UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    static func isWhiteSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

    private static func endOfWhiteSpace(in bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index < bytes.count, isWhiteSpace(bytes[index]) { index &+= 1 }
        return index
    }

    /// The first quote, backslash or control character.
    @inline(__always)
    static func endOfPlainText(in bytes: Span<UInt8>, from start: Int) -> Int {
        var union: UInt64 = 0
        return endOfPlainText(in: bytes, from: start, union: &union)
    }

    /// The first quote, backslash or control character; eight bytes at a step.
    ///
    /// - Parameter union: Gets every bit that one of the bytes before it has, so that its high bits tell whether all are ASCII.
    @inline(__always)
    static func endOfPlainText(in bytes: Span<UInt8>, from start: Int, union: inout UInt64) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        var index = start
        unsafe bytes.withUnsafeBytes { raw in
            while index &+ 8 <= raw.count {
                let word = UInt64(littleEndian: unsafe raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                // The lowest marked byte is one of the three; see `JSONPlainBytes.count(before:)`.
                let control = (word &- ones &* 0x20) & ~word
                let (quote, backslash) = (word ^ ones &* 0x22, word ^ ones &* 0x5C)
                let marks = (control | (quote &- ones) & ~quote | (backslash &- ones) & ~backslash) & highs
                guard marks == 0 else {
                    let plain = marks.trailingZeroBitCount >> 3
                    union |= word & ((1 &<< UInt64(8 &* plain)) &- 1)
                    index &+= plain
                    return
                }
                union |= word
                index &+= 8
            }
        }
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x22 || byte == 0x5C || byte < 0x20 { break }
            union |= UInt64(byte)
            index &+= 1
        }
        return index
    }

    private static func endOfWord(in bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index < bytes.count, isWordByte(bytes[index]) { index &+= 1 }
        return index
    }

    /// The next byte that is neither white space nor in a comment; it stays unread. Nil at the end of the input.
    mutating func significantByte() throws(JSONError) -> UInt8? {
        while true {
            let start = position
            position = Self.endOfWhiteSpace(in: buffer.span, from: start)
            tokenStart = position
            noteMargin(from: start)
            if position < buffer.count {
                let byte = buffer[position]
                if byte == 0xEF || byte == 0xFE || byte == 0xFF || byte == 0 {
                    if try skipByteOrderMark() { continue }
                } else if byte == UInt8(ascii: "/"), options.allowsComments {
                    try skipComment()
                    continue
                }
                return byte
            }
            guard try fill() else { return nil }
        }
    }

    /// U+FEFF at the start of a document.
    private mutating func skipByteOrderMark() throws(JSONError) -> Bool {
        guard expectation == .document || expectation == .afterDocument else { return false }
        guard try require(2) else { return false }
        if byteOffset == 0,
            (buffer[position] == 0xFE && buffer[position + 1] == 0xFF)
                || (buffer[position] == 0xFF && buffer[position + 1] == 0xFE)
                || (buffer[position] == 0)
        {
            throw failure(.wideEncoding)
        }
        guard try require(3), buffer[position] == 0xEF, buffer[position + 1] == 0xBB, buffer[position + 2] == 0xBF
        else {
            return false
        }
        position += 3
        note(.byteOrderMark)
        return true
    }

    private mutating func skipComment() throws(JSONError) {
        guard try require(2) else { throw failure(.unexpected(UInt8(ascii: "/"), expected: "a value")) }
        let isBlock = buffer[position + 1] == UInt8(ascii: "*")
        guard isBlock || buffer[position + 1] == UInt8(ascii: "/") else {
            throw failure(.unexpected(UInt8(ascii: "/"), expected: "a value"))
        }
        position += 2
        var previous: UInt8 = 0
        while true {
            while position < buffer.count {
                let byte = buffer[position]
                position += 1
                if isBlock ? (byte == UInt8(ascii: "/") && previous == UInt8(ascii: "*")) : byte == 0x0A { return }
                previous = byte
            }
            tokenStart = position
            guard try fill() else {
                if isBlock { throw failure(.truncated) }
                return
            }
        }
    }

    /// The distance of the `=` in `window.YTD.direct_messages.part0 = `, or nil where no assignment stands.
    mutating func findAssignment() throws(JSONError) -> Int? {
        var distance = 0
        while distance < 512 {
            guard try require(distance + 2) else { return nil }
            let byte = buffer[position + distance]
            if byte == UInt8(ascii: "=") { return buffer[position + distance + 1] == byte ? nil : distance }
            guard Self.isWordByte(byte) || Self.isWhiteSpace(byte) else { return nil }
            distance += 1
        }
        return nil
    }

    /// Finds the end of the string that starts at `position`, and goes behind its closing quote.
    mutating func scanString(skipping: Bool) throws(JSONError) {
        position += 1
        tokenStart = position
        tokenHasEscapes = false
        var isCut = skipping
        while true {
            position = Self.endOfPlainText(in: buffer.span, from: position)
            if !isCut, position - tokenStart > options.maximumStringBytes {
                try cutString()
                isCut = true
            }
            if isCut { tokenStart = position }
            guard position < buffer.count else {
                guard try fill() else { throw failure(.truncated) }
                continue
            }
            switch buffer[position] {
            case 0x22:
                tokenEnd = position
                position += 1
                return
            case 0x5C:
                if !isCut { tokenHasEscapes = true }
                guard try require(2) else {
                    position = buffer.count
                    throw failure(.truncated)
                }
                position += 2
            default:
                guard options.isTolerant else { throw failure(.controlCharacter) }
                if !skipping { note(.controlCharacter) }
                position += 1
            }
        }
    }

    /// Keeps the first part of a string that is too long; the rest is read and dropped.
    private mutating func cutString() throws(JSONError) {
        guard options.isTolerant else {
            throw failure(.stringTooLong(limit: options.maximumStringBytes), at: tokenStart)
        }
        var end = tokenStart + options.maximumStringBytes
        while end > tokenStart, buffer[end] & 0xC0 == 0x80 { end -= 1 }
        tokenEnd = end
        cutText = try text()
        note(.stringCut)
    }

    /// A key in quotes, or a bare word before a colon.
    mutating func scanKey(skipping: Bool) throws(JSONError) {
        if buffer[position] == UInt8(ascii: "\"") { return try scanString(skipping: skipping) }
        try passWord()
        tokenEnd = position
        tokenHasEscapes = false
        if !skipping { note(.unquotedKey) }
    }

    /// Goes behind the word bytes at `position`.
    private mutating func passWord() throws(JSONError) {
        while true {
            position = Self.endOfWord(in: buffer.span, from: position)
            if position < buffer.count { return }
            guard position - tokenStart <= options.maximumStringBytes else {
                throw failure(.stringTooLong(limit: options.maximumStringBytes), at: tokenStart)
            }
            guard try fill() else { return }
        }
    }

    /// A number, a literal, or text that lacks its quotes.
    mutating func scanWord(skipping: Bool) throws(JSONError) -> Token {
        let first = buffer[position]
        try passWord()
        tokenEnd = position
        tokenHasEscapes = false
        if tokenEnd > tokenStart, try isWordEnd() {
            let word = buffer[tokenStart..<tokenEnd]
            if first == UInt8(ascii: "t"), word.elementsEqual("true".utf8) { return .yes }
            if first == UInt8(ascii: "f"), word.elementsEqual("false".utf8) { return .no }
            if first == UInt8(ascii: "n"), word.elementsEqual("null".utf8) { return .null }
            switch JSONNumber.kind(of: buffer.span.extracting(tokenStart..<tokenEnd)) {
            case .exact: return .number
            case .loose where options.isTolerant:
                if !skipping { note(.looseNumber) }
                return .number
            default: break
            }
        }
        guard options.isTolerant, !containers.isEmpty, !Self.isStructural(first) else {
            if tokenEnd == tokenStart { throw failure(.unexpected(first, expected: "a value"), at: tokenStart) }
            let word = String(decoding: buffer[tokenStart..<min(tokenEnd, tokenStart + 40)], as: UTF8.self)
            throw failure(.invalidWord(word), at: tokenStart)
        }
        try passUnquoted()
        if !skipping { note(.unquotedValue) }
        return .string
    }

    /// Whether after the word (and blanks) stands what may follow a value.
    private mutating func isWordEnd() throws(JSONError) -> Bool {
        var distance = 0
        while try require(distance + 1) {
            switch buffer[position + distance] {
            case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), 0x0A, 0x0D: return true
            case 0x20, 0x09:
                if containers.isEmpty || distance >= 64 { return true }
                distance += 1
            case UInt8(ascii: "/"): return options.allowsComments
            case UInt8(ascii: ";"): return containers.isEmpty
            default: return distance > 0 && !options.isTolerant
            }
        }
        return true
    }

    private static func isStructural(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ","), UInt8(ascii: ":"): true
        default: byte < 0x20
        }
    }

    /// Text without quotes: it runs to the end of the line, or to a bracket or comma after which the document goes on.
    private mutating func passUnquoted() throws(JSONError) {
        while try require(1) {
            let byte = buffer[position]
            if byte == 0x0A || byte == 0x0D { break }
            if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
                if try goesOn(after: byte) { break }
            }
            position += 1
            guard position - tokenStart <= options.maximumStringBytes else {
                throw failure(.stringTooLong(limit: options.maximumStringBytes), at: tokenStart)
            }
        }
        tokenEnd = position
        while tokenEnd > tokenStart, Self.isWhiteSpace(buffer[tokenEnd - 1]) { tokenEnd -= 1 }
    }

    private mutating func goesOn(after byte: UInt8) throws(JSONError) -> Bool {
        var distance = 1
        while distance < 64, try require(distance + 1) {
            let following = buffer[position + distance]
            switch following {
            case 0x20, 0x09: distance += 1
            case 0x0A, 0x0D: return true
            case UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "["): return byte == UInt8(ascii: ",")
            case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"): return byte != UInt8(ascii: ",")
            default: return false
            }
        }
        return true
    }
}
