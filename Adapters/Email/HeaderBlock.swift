import GatehouseCore

/// A field's name, ready to be compared without regard to case.
struct FieldName: Sendable {
    let bytes: [UInt8]
    /// Length, first and last letter: what most other names differ in.
    let key: UInt32
    /// The bit by which a header knows that it may have such a field.
    let presence: UInt128

    /// - Parameter name: ASCII, in any case.
    init(_ name: String) {
        var bytes = name.leadingBytes(.max)
        for index in bytes.indices { bytes[index] = asciiLower(bytes[index]) }
        self.bytes = bytes
        key = Self.key(of: 0..<bytes.count, in: bytes)
        presence = Self.presence(of: key)
    }

    static func presence(of key: UInt32) -> UInt128 { 1 << UInt128((key &* 0x9E37_79B1) >> 25) }

    static func key(of range: Range<Int>, in bytes: [UInt8]) -> UInt32 {
        guard let first = range.first, let last = range.last else { return 0 }
        return UInt32(truncatingIfNeeded: range.count) << 16 | UInt32(asciiLower(bytes[first])) << 8
            | UInt32(asciiLower(bytes[last]))
    }

    /// True where `range` of `message` spells this name in any case.
    func isSpelled(by range: Range<Int>, in message: [UInt8]) -> Bool {
        guard range.count == bytes.count else { return false }
        for place in 0..<bytes.count where asciiLower(message[range.lowerBound &+ place]) != bytes[place] {
            return false
        }
        return true
    }
}

func asciiLower(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }

func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

/// The header fields of a message or a part, as offsets into the message (RFC 5322 §2.2).
struct HeaderBlock: Sendable {
    struct Field: Sendable {
        var name: Range<Int>
        /// Without the colon and the last line end; still folded.
        var value: Range<Int>
        fileprivate var key: UInt32
    }

    private static let dashes = Array("--".utf8)
    private static let fromLine = Array("From ".utf8)
    private static let quotedFromLine = Array(">From ".utf8)

    private(set) var fields: [Field] = []
    /// A bit for each field's name: what most names that are asked for do not have.
    private var presence: UInt128 = 0
    /// Where the body starts.
    private(set) var bodyStart = 0
    /// True where there were more fields, or longer ones, than the limits allow.
    private(set) var isCut = false
    /// True where no empty line stands between header and body.
    private(set) var lacksSeparator = false

    /// The first field of that name: a second one is kept in the original and not obeyed, so that nobody can overrule
    /// what was checked before. One without a value says nothing, and hides none.
    func first(_ name: FieldName, in message: [UInt8]) -> Range<Int>? {
        guard presence & name.presence != 0 else { return nil }
        var empty: Range<Int>?
        for field in fields where self.is(field, name, in: message) {
            if field.value.contains(where: { message[$0] > 0x20 }) { return field.value }
            if empty == nil { empty = field.value }
        }
        return empty
    }

    func `is`(_ field: Field, _ name: FieldName, in message: [UInt8]) -> Bool {
        field.key == name.key && name.isSpelled(by: field.name, in: message)
    }

    /// Reads the fields from `range.lowerBound` on.
    ///
    /// Lenient as real mail demands: blanks before the colon (RFC 5322 §4.5), an mbox From_ line or other rubbish
    /// before the first field, rubbish between two fields, no empty line before the body.
    /// - Parameter isOfPart: A line that starts with two dashes is a boundary, and ends the header.
    init(of message: [UInt8], in range: Range<Int>, limits: Limits, isOfPart: Bool = false) {
        var cursor = range.lowerBound
        var isInRubbish = false
        bodyStart = range.upperBound
        fields.reserveCapacity(isOfPart ? 4 : 32)
        while cursor < range.upperBound {
            let next = lineEnd(in: message, cursor, range.upperBound)
            let content = trimmedLine(message, cursor, next)
            if content == cursor {
                bodyStart = next
                return
            }
            if isBlank(message[cursor]) {
                if isBlankLine(message, cursor, content), !fields.isEmpty, !continues(message, next, range.upperBound) {
                    bodyStart = next
                    return
                }
                if !isInRubbish { extendLastField(to: content, limits) }
            } else if isOfPart, ByteSearch.matches(Self.dashes, message, at: cursor) {
                bodyStart = cursor
                return
            } else if let colon = fieldColon(message, cursor, content) {
                append(message, cursor, colon, content, limits)
                isInRubbish = false
            } else if continuesParameters(message, cursor, content) {
                extendLastField(to: content, limits)
            } else if endsHeader(message, cursor, next, range.upperBound) {
                bodyStart = cursor
                lacksSeparator = true
                return
            } else {
                isInRubbish = true
            }
            cursor = next
        }
    }

    private mutating func extendLastField(to end: Int, _ limits: Limits) {
        guard let last = fields.indices.last else { return }
        let start = fields[last].value.lowerBound
        if end - start <= limits.headerBytes {
            fields[last].value = start..<max(start, end)
        } else {
            isCut = true
        }
    }

    private mutating func append(_ message: [UInt8], _ start: Int, _ colon: Int, _ end: Int, _ limits: Limits) {
        guard fields.count < limits.headerCount else {
            isCut = true
            return
        }
        var nameEnd = colon
        while nameEnd > start, isBlank(message[nameEnd - 1]) { nameEnd -= 1 }
        var valueEnd = end
        if valueEnd - colon - 1 > limits.headerBytes {
            valueEnd = colon + 1 + limits.headerBytes
            isCut = true
        }
        let key = FieldName.key(of: start..<nameEnd, in: message)
        presence |= FieldName.presence(of: key)
        fields.append(Field(name: start..<nameEnd, value: colon + 1..<valueEnd, key: key))
    }

    /// `name="x"` below a line that ends in a semicolon: it was to be folded, and the blank before it is lost.
    private func continuesParameters(_ message: [UInt8], _ start: Int, _ end: Int) -> Bool {
        guard let last = fields.last?.value, last.upperBound < start,
            let sign = last.suffix(8).last(where: { message[$0] > 0x20 }), message[sign] == UInt8(ascii: ";")
        else { return false }
        let bound = min(end, start + 40)
        for index in start..<bound where message[index] == UInt8(ascii: "=") { return index > start }
        return false
    }

    /// A line that is no field: is it where the body starts, or rubbish with more fields behind it?
    private func endsHeader(_ message: [UInt8], _ start: Int, _ next: Int, _ end: Int) -> Bool {
        if fields.isEmpty, ByteSearch.matches(Self.fromLine, message, at: start) { return false }
        if fields.isEmpty, ByteSearch.matches(Self.quotedFromLine, message, at: start) { return false }
        return !continues(message, next, end)
    }

    /// Whether a folded line or a field stands at `next`.
    private func continues(_ message: [UInt8], _ next: Int, _ end: Int) -> Bool {
        guard next < end else { return false }
        let following = trimmedLine(message, next, lineEnd(in: message, next, end))
        return following > next && (isBlank(message[next]) || fieldColon(message, next, following) != nil)
    }
}

/// The offset after the line end that follows `start`, or `end`.
func lineEnd(in message: [UInt8], _ start: Int, _ end: Int) -> Int {
    (ByteSearch.firstIndex(of: 0x0A, in: message, start..<end) ?? end - 1) + 1
}

/// Where the text of the line `start..<next` ends, without CR and LF.
func trimmedLine(_ message: [UInt8], _ start: Int, _ next: Int) -> Int {
    var end = next
    if end > start, message[end - 1] == 0x0A { end -= 1 }
    while end > start, message[end - 1] == 0x0D { end -= 1 }
    return end
}

func isBlankLine(_ message: [UInt8], _ start: Int, _ end: Int) -> Bool {
    for index in start..<end where !isBlank(message[index]) { return false }
    return true
}

/// Where the colon of a field stands whose name starts at `start` (RFC 5322 §3.6.8: printable ASCII without colon).
func fieldColon(_ message: [UInt8], _ start: Int, _ end: Int) -> Int? {
    let bound = min(end, start + 256)
    var index = start
    while index < bound {
        let byte = message[index]
        if byte <= 0x20 || byte >= 0x7F || byte == UInt8(ascii: ":") { break }
        index &+= 1
    }
    guard index > start, index < bound else { return nil }
    while index < bound, isBlank(message[index]) { index &+= 1 }
    return index < bound && message[index] == UInt8(ascii: ":") ? index : nil
}
