/// An object of which each member is read when somebody asks for it.
///
/// Of a message in an export most members are never looked at; those that are need no tree around them.
package struct JSONRecord: Sendable {
    /// A member of `bytes` by the places of its key, without the quotes, and of its value.
    struct Member: Sendable {
        var key: UInt32
        var keyLength: UInt32
        var value: Range<UInt32>
        /// Of a string: whether it has escapes, and whether all of it is ASCII.
        var hasEscapes = false
        var isASCII = false
    }

    /// The object's own bytes, as they stand in the document.
    package let bytes: [UInt8]
    /// Bytes of the document before the object.
    package let offset: Int
    /// False for another value, which has no members.
    package let isObject: Bool
    private let members: [Member]
    /// Bit n stands for a key of n bytes, modulo 64: most questions are for keys that are not there.
    private let keyLengths: UInt64
    /// Of an object that had to be repaired.
    private let built: [JSONMember]?

    /// - Parameter bytes: An object to the letter of RFC 8259 in which `members` were found.
    init(bytes: [UInt8], members: [Member], keyLengths: UInt64, offset: Int) {
        (self.bytes, self.members, self.keyLengths, self.offset) = (bytes, members, keyLengths, offset)
        isObject = true
        built = nil
    }

    /// A value that is there already.
    package init(_ value: JSONValue, bytes: [UInt8]) {
        (self.bytes, offset) = (bytes, value.offset)
        isObject = value.members != nil
        members = []
        keyLengths = 0
        built = value.members ?? []
    }

    /// The value of the first member with this key.
    package subscript(key: StaticString) -> JSONValue? {
        if let built { return Self.value(of: key, in: built) }
        return member(key).flatMap { value(of: $0) }
    }

    /// The text of the first member with this key, if it is a string.
    package func string(_ key: StaticString) -> String? {
        if let built { return Self.value(of: key, in: built)?.string }
        guard let member = member(key), isString(member) else { return nil }
        return text(of: member)
    }

    /// A string, or a number as it is written: ids come as both.
    package func text(_ key: StaticString) -> String? {
        if let built { return Self.value(of: key, in: built)?.text }
        guard let member = member(key) else { return nil }
        return isString(member) ? text(of: member) : value(of: member)?.text
    }

    package func has(_ key: StaticString) -> Bool {
        if let built { return Self.value(of: key, in: built) != nil }
        return member(key) != nil
    }

    /// The value of a member that was deferred, and the repairs that it needed.
    package func deferred(_ key: StaticString) -> (value: JSONValue?, repairs: [JSONRepair]) {
        if let value = self[key] { return (value, []) }
        guard built == nil, let member = member(key) else { return (nil, []) }
        var reader = JSONReader(bytes: Array(bytes[Int(member.value.lowerBound)..<Int(member.value.upperBound)]))
        let value = try? reader.readValue()
        return (value, reader.takeRepairs())
    }

    // MARK: Members

    private func member(_ key: StaticString) -> Member? {
        let length = key.utf8CodeUnitCount
        guard keyLengths & Self.bit(length) != 0 else { return nil }
        let span = bytes.span
        let members = members.span
        for index in members.indices where members[index].keyLength == length {
            if PlainJSON.stands(key, in: span, at: Int(members[index].key)) { return members[index] }
        }
        return nil
    }

    static func bit(_ length: Int) -> UInt64 { 1 &<< UInt64(truncatingIfNeeded: length & 63) }

    private static func value(of key: StaticString, in members: [JSONMember]) -> JSONValue? {
        let key = "\(key)"
        return members.first { $0.key == key }?.value
    }

    private func isString(_ member: Member) -> Bool { bytes[Int(member.value.lowerBound)] == UInt8(ascii: "\"") }

    private func text(of member: Member) -> String? {
        let range = Int(member.value.lowerBound) + 1..<Int(member.value.upperBound) - 1
        if member.hasEscapes { return PlainJSON.unescaped(bytes.span, range) }
        return unsafe String(
            copying: UTF8Span(unchecked: bytes.span.extracting(range), isKnownASCII: member.isASCII)
        )
    }

    private func value(of member: Member) -> JSONValue? {
        let start = Int(member.value.lowerBound)
        if isString(member) { return text(of: member).map { JSONValue(.string($0), offset: offset + start) } }
        var scan = PlainJSON(index: start, base: offset, levels: PlainJSON.deepest, maximumStringBytes: .max)
        return scan.value(bytes.span, bytes[start], level: 1)
    }
}

extension JSONReader {
    /// Reads the next value as a record.
    ///
    /// - Parameter late: A member that may hold more than the rest of the object and is seldom asked for: only its brackets and
    ///   quotes are looked at now, and `JSONRecord.deferred` gives it.
    /// - Throws: As `readValue`.
    package mutating func readRecord(deferring late: StaticString) throws(JSONError) -> JSONRecord {
        guard try prepare() == .value else { throw failure(.noValue) }
        if let indentation = indentation() { valueIndentation = indentation }
        if let record = readPlainRecord(deferring: late) { return record }
        let value = try readValue()
        return JSONRecord(value, bytes: valueBytes)
    }

    /// - Returns: nil where `readValue` has to read it; then nothing has changed.
    private mutating func readPlainRecord(deferring late: StaticString) -> JSONRecord? {
        guard !options.allowsComments, buffer[position] == UInt8(ascii: "{") else { return nil }
        var scan = PlainJSON(
            index: position,
            base: byteOffset - position,
            levels: min(PlainJSON.deepest, options.maximumDepth - containers.count),
            maximumStringBytes: options.maximumStringBytes
        )
        // Taken out meanwhile, so that it has one owner.
        var members: [JSONRecord.Member] = []
        swap(&members, &recordMembers)
        defer { recordMembers = members }
        members.removeAll(keepingCapacity: true)
        guard let lengths = scan.record(buffer.span, into: &members, deferring: late) else { return nil }
        let size = scan.index - position
        guard size <= min(options.maximumValueBytes, Int(UInt32.max)) else { return nil }
        let record = JSONRecord(
            bytes: Array(buffer[position..<scan.index]),
            members: members,
            keyLengths: lengths,
            offset: byteOffset
        )
        pass(valueUpTo: scan.index)
        return record
    }
}

extension PlainJSON {
    /// Finds the members of the object that starts here.
    ///
    /// - Parameter members: Gets their places, counted from the object's first byte.
    /// - Returns: A bit for each length that a key has; nil where a key or value needs a repair, or lies too far behind.
    fileprivate mutating func record(
        _ bytes: borrowing Span<UInt8>,
        into members: inout [JSONRecord.Member],
        deferring late: StaticString
    ) -> UInt64? {
        guard levels > 0 else { return nil }
        let start = index
        var lengths: UInt64 = 0
        index &+= 1
        guard var byte = significantByte(bytes) else { return nil }
        while byte != UInt8(ascii: "}") {
            guard byte == UInt8(ascii: "\""), let (key, keyHasEscapes, keyIsASCII) = stringRange(bytes), keyIsASCII,
                !keyHasEscapes, significantByte(bytes) == UInt8(ascii: ":")
            else { return nil }
            index &+= 1
            guard let first = significantByte(bytes) else { return nil }
            let valueStart = index
            let isLate = first > UInt8(ascii: "A") && Self.equals(bytes.extracting(key), late)
            guard let (hasEscapes, isASCII) = soundValue(bytes, first, isLate: isLate) else { return nil }
            guard index &- start < Int(UInt32.max) else { return nil }
            lengths |= JSONRecord.bit(key.count)
            members.append(
                JSONRecord.Member(
                    key: UInt32(truncatingIfNeeded: key.lowerBound &- start),
                    keyLength: UInt32(truncatingIfNeeded: key.count),
                    value: Self.place(valueStart..<index, start),
                    hasEscapes: hasEscapes,
                    isASCII: isASCII
                )
            )
            guard let next = byteBehindComma(bytes, close: UInt8(ascii: "}")) else { return nil }
            byte = next
        }
        index &+= 1
        return lengths
    }

    private static func place(_ range: Range<Int>, _ start: Int) -> Range<UInt32> {
        let lower = UInt32(truncatingIfNeeded: range.lowerBound &- start)
        return lower..<lower &+ UInt32(truncatingIfNeeded: range.count)
    }

    /// Goes behind a value that can be had without a repair; of one that is late only brackets and quotes are looked at.
    ///
    /// - Returns: Of a string whether it has escapes, and whether it is ASCII.
    @inline(__always)
    private mutating func soundValue(
        _ bytes: borrowing Span<UInt8>,
        _ first: UInt8,
        isLate: Bool
    ) -> (hasEscapes: Bool, isASCII: Bool)? {
        if first == UInt8(ascii: "\"") { return soundString(bytes) }
        // Numbers have nothing to be built for.
        let isPassed = isLate || first < UInt8(ascii: "A")
        guard isPassed ? pass(bytes, first, level: 1) : value(bytes, first, level: 1) != nil else { return nil }
        return (false, false)
    }

    /// Goes behind a string whose text can be had without a repair.
    @inline(__always)
    private mutating func soundString(_ bytes: borrowing Span<UInt8>) -> (hasEscapes: Bool, isASCII: Bool)? {
        guard let (range, hasEscapes, isASCII) = stringRange(bytes) else { return nil }
        if !isASCII, (try? UTF8Span(validating: bytes.extracting(range))) == nil { return nil }
        if hasEscapes, !Self.hasSoundEscapes(bytes, range) { return nil }
        return (hasEscapes, isASCII)
    }

    /// Whether each escape is one of RFC 8259 §7 and stands for a Unicode scalar.
    private static func hasSoundEscapes(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
        var index = range.lowerBound
        while true {
            index = JSONReader.endOfPlainText(in: bytes, from: index)
            guard index < range.upperBound else { return true }
            let letter = bytes[index &+ 1]
            index &+= 2
            if letter == UInt8(ascii: "u") {
                guard scalar(bytes, &index, range.upperBound) != nil else { return false }
            } else if JSONEscape.byte(for: letter) == nil {
                return false
            }
        }
    }
}
