/// A reader of RFC 8259 over bytes that are all there; each function gives nil at the first byte that is not as it should be.
struct PlainJSON {
    /// Levels that are read by recursion; what is deeper is left to the reader that needs none.
    static let deepest = 24

    /// The next unread byte.
    var index: Int
    /// Bytes of the input before those that are read.
    let base: Int
    let levels: Int
    private let maximumStringBytes: Int

    init(index: Int, base: Int, levels: Int, maximumStringBytes: Int) {
        self.index = index
        self.base = base
        self.levels = levels
        self.maximumStringBytes = maximumStringBytes
    }

    // MARK: Values

    /// Whether one value is all there is.
    mutating func passDocument(_ bytes: borrowing Span<UInt8>) -> Bool {
        guard let first = significantByte(bytes), pass(bytes, first, level: 0) else { return false }
        return isAtEnd(bytes)
    }

    mutating func isAtEnd(_ bytes: borrowing Span<UInt8>) -> Bool { significantByte(bytes) == nil }

    mutating func object(_ bytes: borrowing Span<UInt8>, level: Int) -> JSONValue? {
        guard level < levels else { return nil }
        let start = index
        var members: [JSONMember] = []
        index &+= 1
        guard var byte = significantByte(bytes) else { return nil }
        if byte != UInt8(ascii: "}") {
            // Room is made at once for as many members as a message has.
            members.reserveCapacity(level == 0 ? 16 : 4)
        }
        while byte != UInt8(ascii: "}") {
            let keyStart = index
            guard byte == UInt8(ascii: "\""), let key = string(bytes),
                significantByte(bytes) == UInt8(ascii: ":")
            else { return nil }
            index &+= 1
            guard let first = significantByte(bytes), let value = value(bytes, first, level: level &+ 1) else {
                return nil
            }
            members.append(JSONMember(key: key, keyOffset: base &+ keyStart, value: value))
            guard let next = byteBehindComma(bytes, close: UInt8(ascii: "}")) else { return nil }
            byte = next
        }
        index &+= 1
        return JSONValue(.object(members), offset: base &+ start)
    }

    mutating func array(_ bytes: borrowing Span<UInt8>, level: Int) -> JSONValue? {
        guard level < levels else { return nil }
        let start = index
        var values: [JSONValue] = []
        index &+= 1
        guard var byte = significantByte(bytes) else { return nil }
        while byte != UInt8(ascii: "]") {
            guard let value = value(bytes, byte, level: level &+ 1) else { return nil }
            values.append(value)
            guard let next = byteBehindComma(bytes, close: UInt8(ascii: "]")) else { return nil }
            byte = next
        }
        index &+= 1
        return JSONValue(.array(values), offset: base &+ start)
    }

    mutating func value(_ bytes: borrowing Span<UInt8>, _ first: UInt8, level: Int) -> JSONValue? {
        let start = index
        switch first {
        case UInt8(ascii: "\""): return string(bytes).map { JSONValue(.string($0), offset: base &+ start) }
        case UInt8(ascii: "{"): return object(bytes, level: level)
        case UInt8(ascii: "["): return array(bytes, level: level)
        default: break
        }
        guard passWord(bytes) else { return nil }
        let word = bytes.extracting(start..<index)
        let content: JSONValue.Content
        switch first {
        case UInt8(ascii: "t"): content = .bool(true)
        case UInt8(ascii: "f"): content = .bool(false)
        case UInt8(ascii: "n"): content = .null
        default:
            guard let text = JSONReader.validText(word) else { return nil }
            content = .number(text)
        }
        return JSONValue(content, offset: base &+ start)
    }

    /// Goes behind a value that nobody wants to see.
    mutating func pass(_ bytes: borrowing Span<UInt8>, _ first: UInt8, level: Int) -> Bool {
        switch first {
        case UInt8(ascii: "\""): return stringRange(bytes) != nil
        case UInt8(ascii: "{"), UInt8(ascii: "["): break
        default: return passWord(bytes)
        }
        guard level < levels else { return false }
        let isObject = first == UInt8(ascii: "{")
        let close = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
        index &+= 1
        guard var byte = significantByte(bytes) else { return false }
        while byte != close {
            if isObject {
                guard byte == UInt8(ascii: "\""), stringRange(bytes) != nil,
                    significantByte(bytes) == UInt8(ascii: ":")
                else { return false }
                index &+= 1
                guard let first = significantByte(bytes) else { return false }
                byte = first
            }
            guard pass(bytes, byte, level: level &+ 1), let next = byteBehindComma(bytes, close: close) else {
                return false
            }
            byte = next
        }
        index &+= 1
        return true
    }

    // MARK: Tokens

    /// The next byte that is no white space; it stays unread.
    @inline(__always)
    mutating func significantByte(_ bytes: borrowing Span<UInt8>) -> UInt8? {
        while index < bytes.count {
            let byte = bytes[index]
            guard JSONReader.isWhiteSpace(byte) else { return byte }
            index &+= 1
        }
        return nil
    }

    /// What stands behind a value: the closing bracket, or behind a comma the next one's first byte, which no bracket is.
    @inline(__always)
    mutating func byteBehindComma(_ bytes: borrowing Span<UInt8>, close: UInt8) -> UInt8? {
        guard let byte = significantByte(bytes) else { return nil }
        if byte == close { return byte }
        guard byte == UInt8(ascii: ",") else { return nil }
        index &+= 1
        guard let next = significantByte(bytes), next != close else { return nil }
        return next
    }

    /// Goes behind a number, `true`, `false` or `null`; what follows shows later whether the word was all of it.
    private mutating func passWord(_ bytes: borrowing Span<UInt8>) -> Bool {
        let start = index
        var isPlain = true
        while index < bytes.count, JSONReader.isWordByte(bytes[index]) {
            if bytes[index] &- 0x30 > 9 { isPlain = false }
            index &+= 1
        }
        // At the buffer's end a number may go on.
        guard index > start, index < bytes.count else { return false }
        if isPlain { return bytes[start] != 0x30 || index &- start == 1 }
        let word = bytes.extracting(start..<index)
        switch bytes[start] {
        case UInt8(ascii: "t"): return Self.equals(word, "true")
        case UInt8(ascii: "f"): return Self.equals(word, "false")
        case UInt8(ascii: "n"): return Self.equals(word, "null")
        default: return JSONNumber.kind(of: word) == .exact
        }
    }

    static func equals(_ bytes: borrowing Span<UInt8>, _ word: StaticString) -> Bool {
        bytes.count == word.utf8CodeUnitCount && stands(word, in: bytes, at: 0)
    }

    /// Whether the bytes from `start` on are the word's; all of them have to be there.
    @inline(__always)
    static func stands(_ word: StaticString, in bytes: borrowing Span<UInt8>, at start: Int) -> Bool {
        for index in 0..<word.utf8CodeUnitCount {
            guard unsafe word.utf8Start[index] == bytes[start &+ index] else { return false }
        }
        return true
    }

    /// Goes behind a string. Its bytes without quotes, whether there is an escape among them, and whether all are ASCII.
    @inline(__always)
    mutating func stringRange(
        _ bytes: borrowing Span<UInt8>
    ) -> (range: Range<Int>, hasEscapes: Bool, isASCII: Bool)? {
        let start = index &+ 1
        var end = start
        var hasEscapes = false
        var union: UInt64 = 0
        while true {
            end = JSONReader.endOfPlainText(in: bytes, from: end, union: &union)
            guard end < bytes.count else { return nil }
            switch bytes[end] {
            case UInt8(ascii: "\""):
                guard end &- start <= maximumStringBytes else { return nil }
                index = end &+ 1
                return (start..<end, hasEscapes, union & 0x8080_8080_8080_8080 == 0)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                end &+= 2
                guard end < bytes.count else { return nil }
            default: return nil
            }
        }
    }

    private mutating func string(_ bytes: borrowing Span<UInt8>) -> String? {
        guard let (range, hasEscapes, isASCII) = stringRange(bytes) else { return nil }
        if hasEscapes { return Self.unescaped(bytes, range) }
        if isASCII { return unsafe String(copying: UTF8Span(unchecked: bytes.extracting(range), isKnownASCII: true)) }
        return JSONReader.validText(bytes.extracting(range))
    }

    /// The text of a string with escapes; nil where one of them is none of RFC 8259 §7.
    static func unescaped(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> String? {
        var result: [UInt8] = []
        result.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            index &+= 1
            guard byte == UInt8(ascii: "\\") else {
                result.append(byte)
                continue
            }
            let letter = bytes[index]
            index &+= 1
            if let named = JSONEscape.byte(for: letter) {
                result.append(named)
            } else {
                guard letter == UInt8(ascii: "u"), let scalar = scalar(bytes, &index, range.upperBound) else {
                    return nil
                }
                result.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
        return JSONReader.validText(result.span)
    }

    /// `XXXX` at `index`, or `D8XX\uDCXX`.
    static func scalar(_ bytes: borrowing Span<UInt8>, _ index: inout Int, _ end: Int) -> Unicode.Scalar? {
        guard let unit = JSONEscape.hexadecimal(bytes, index, digits: 4, end: end) else { return nil }
        index &+= 4
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard index &+ 6 <= end, bytes[index] == UInt8(ascii: "\\"), bytes[index &+ 1] == UInt8(ascii: "u"),
            let low = JSONEscape.hexadecimal(bytes, index &+ 2, digits: 4, end: end),
            let scalar = JSONEscape.scalar(high: unit, low: low)
        else { return nil }
        index &+= 6
        return scalar
    }
}
