// Whole values out of the stream, and the steps with which a caller walks down to them.

extension JSONReader {
    /// Whether the next value is an object, which is then entered; another value stays unread.
    package mutating func enterObject() throws(JSONError) -> Bool { try enter(UInt8(ascii: "{")) }

    /// Whether the next value is an array, which is then entered; another value stays unread.
    package mutating func enterArray() throws(JSONError) -> Bool { try enter(UInt8(ascii: "[")) }

    private mutating func enter(_ bracket: UInt8) throws(JSONError) -> Bool {
        guard try prepare() == .value, buffer[position] == bracket else { return false }
        _ = try advance(skipping: false)
        return true
    }

    /// The next key of the object that was entered; nil once it has ended.
    package mutating func nextKey() throws(JSONError) -> String? {
        guard try advance(skipping: false) == .key else { return nil }
        return try text()
    }

    /// Whether the array that was entered has another element; its end is read if not.
    package mutating func hasNextElement() throws(JSONError) -> Bool {
        if try prepare() == .value { return true }
        _ = try advance(skipping: false)
        return false
    }

    /// Whether there is another document or value; false at the end of the input or of a container.
    package mutating func hasValue() throws(JSONError) -> Bool { try prepare() == .value }

    /// Passes over the next value in constant memory.
    package mutating func skipValue() throws(JSONError) {
        guard try prepare() == .value else { throw failure(.noValue) }
        let start = depth
        repeat { _ = try advance(skipping: true) } while depth > start
    }

    /// Leaves the container at `depth`, and all that is in it, unread.
    private mutating func skip(downTo depth: Int) throws(JSONError) {
        while self.depth > depth { _ = try advance(skipping: true) }
    }

    /// The bytes of the value that `readValue` read last, as they stand in the input. Call it before the next step.
    package var valueBytes: [UInt8] {
        guard valueStart <= position, position <= buffer.count else { return [] }
        return Array(buffer[valueStart..<position])
    }

    /// Builds the next value.
    ///
    /// - Throws: Besides errors of syntax `.valueTooLarge`, after which the reader stands behind the value.
    package mutating func readValue() throws(JSONError) -> JSONValue {
        guard try prepare() == .value else { throw failure(.noValue) }
        if let indentation = indentation() { valueIndentation = indentation }
        if let value = readPlainValue() { return value }
        anchor = position
        defer {
            valueStart = anchor == .max ? position : anchor
            anchor = .max
        }
        let outer = depth
        oversize = nil
        var frames: [JSONFrame] = []
        while let token = try advance(skipping: false) {
            if anchor != .max, position - anchor > options.maximumValueBytes { abandonValue() }
            if let oversize {
                try skip(downTo: outer)
                throw oversize
            }
            let value: JSONValue
            switch token {
            case .beginObject, .beginArray:
                if depth <= options.maximumDepth {
                    frames.append(JSONFrame(isObject: token == .beginObject, offset: offset, isOuter: frames.isEmpty))
                    continue
                }
                value = JSONValue(.null, offset: offset)
                try skip(downTo: depth - 1)
                note(.depthCut)
            case .key:
                let key = try text()
                frames[frames.count - 1].keyOffset = offset
                frames[frames.count - 1].key = key
                continue
            case .endObject, .endArray: value = frames.removeLast().value
            case .string: value = JSONValue(.string(try text()), offset: offset)
            case .number: value = JSONValue(.number(try text()), offset: offset)
            case .yes: value = JSONValue(.bool(true), offset: offset)
            case .no: value = JSONValue(.bool(false), offset: offset)
            case .null: value = JSONValue(.null, offset: offset)
            }
            guard !frames.isEmpty else { return value }
            frames[frames.count - 1].add(value)
        }
        throw failure(.truncated)
    }

    /// The value is too large to build: its bytes need not stay.
    mutating func abandonValue() {
        oversize = failure(.valueTooLarge(limit: options.maximumValueBytes), at: anchor)
        anchor = .max
    }
}

/// A container that is being built.
struct JSONFrame {
    let isObject: Bool
    let offset: Int
    var key = ""
    var keyOffset = 0
    private var values: [JSONValue] = []
    private(set) var members: [JSONMember] = []

    /// - Parameter isOuter: Room is made at once for as many members as a message has.
    init(isObject: Bool, offset: Int, isOuter: Bool = false) {
        self.isObject = isObject
        self.offset = offset
        if isObject { members.reserveCapacity(isOuter ? 16 : 4) }
    }

    mutating func add(_ value: JSONValue) {
        if isObject {
            members.append(JSONMember(key: key, keyOffset: keyOffset, value: value))
        } else {
            values.append(value)
        }
    }

    var value: JSONValue { JSONValue(isObject ? .object(members) : .array(values), offset: offset) }
}

/// A document that is at hand as a whole.
package enum JSONDocument {
    /// Reads the one value of `bytes`; what follows after it is an error.
    package static func parse(
        _ bytes: [UInt8],
        name: String = "json",
        options: JSONOptions = .tolerant
    ) throws(JSONError) -> JSONValue {
        if let value = plainValue(bytes, options) { return value }
        var options = options
        options.maximumValueBytes = .max
        var reader = JSONReader(bytes: bytes, name: name, options: options)
        guard try reader.hasValue() else { throw reader.failure(.empty) }
        let value = try reader.readValue()
        guard try reader.prepare() == .endOfInput else { throw reader.failure(.trailingContent) }
        return value
    }
}
