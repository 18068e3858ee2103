import GatehouseCore

/// The MAPI properties in one attribute of a TNEF container that this program reads (MS-OXTNEF §2.1.3.4, MS-OXPROPS).
struct TNEFProperties: Sendable {
    /// Properties by their ids.
    enum ID: Int, CaseIterable, Sendable {
        case body = 0x1000
        case compressedText = 0x1009
        case bodyHTML = 0x1013
        case displayName = 0x3001
        case attachData = 0x3701
        case attachFileName = 0x3704
        case attachMethod = 0x3705
        case attachLongFileName = 0x3707
        case attachMediaType = 0x370E
        case attachContentID = 0x3712
        case internetCodePage = 0x3FDE
    }

    private enum Value: Sendable {
        case number(Int)
        case text(String)
        case bytes([UInt8])
    }

    private var values: [ID: Value] = [:]
    private(set) var isDamaged = false

    /// `PR_ATTACH_METHOD`: the attachment is a message, in a TNEF container of its own behind 16 bytes of an interface's id.
    private static let embeddedMessage = 5

    init() {}

    init(_ bytes: [UInt8], _ range: Range<Int>, codePage: Int) {
        var cursor = Cursor(bytes, range)
        guard let count = cursor.number() else { return }
        // Each property takes eight bytes or more, so that the count can't be a lie of use.
        for _ in 0..<min(count, range.count / 8 + 1) {
            guard readProperty(&cursor, codePage) else {
                isDamaged = true
                return
            }
        }
    }

    func text(_ id: ID) -> String? {
        guard case .text(let text) = values[id] else { return nil }
        return text
    }

    func number(_ id: ID) -> Int? {
        guard case .number(let number) = values[id] else { return nil }
        return number
    }

    func bytes(_ id: ID) -> [UInt8]? {
        switch values[id] {
        case .bytes(let bytes): bytes
        case .text(let text): Array(text.utf8)
        default: nil
        }
    }

    /// The attachment's data, where it is a property. An OLE object stays as it stands, its interface's id before it.
    var objectBytes: [UInt8]? {
        guard let bytes = bytes(.attachData) else { return nil }
        return number(.attachMethod) == Self.embeddedMessage && bytes.count >= 16 ? Array(bytes[16...]) : bytes
    }

    /// Types of values (MS-OXCDATA §2.11.1).
    private enum Kind {
        static let object = 0x0D
        static let string = 0x1E
        static let wideString = 0x1F
        static let binary = 0x102
        static let multiple = 0x1000

        /// Bytes of one value in the stream; nil for those with a length of their own, 0 for the unknown.
        static func size(_ kind: Int) -> Int? {
            switch kind {
            case object, string, wideString, binary: nil
            case 0x01: 0
            case 0x02, 0x03, 0x04, 0x0A, 0x0B: 4
            case 0x05, 0x06, 0x07, 0x14, 0x40: 8
            case 0x48: 16
            default: 0
            }
        }
    }

    /// - Returns: False where the property is cut or of an unknown type: what follows can't be found then.
    private mutating func readProperty(_ cursor: inout Cursor, _ codePage: Int) -> Bool {
        guard let tag = cursor.number() else { return false }
        let kind = tag & 0xFFFF & ~Kind.multiple
        let number = tag >> 16
        if number >= 0x8000, !cursor.skipName() { return false }
        let id = ID(rawValue: number)
        guard let size = Kind.size(kind) else { return readVariable(&cursor, kind, id, codePage) }
        let count = tag & Kind.multiple == 0 ? 1 : cursor.number() ?? 0
        let (total, isTooLong) = size.multipliedReportingOverflow(by: count)
        guard size > 0 || kind == 0x01, !isTooLong, let range = cursor.take(total) else { return false }
        if let id, size == 4, range.count >= 4, values[id] == nil {
            values[id] = .number(LittleEndian.read32(cursor.bytes, range.lowerBound))
        }
        return true
    }

    private mutating func readVariable(_ cursor: inout Cursor, _ kind: Int, _ id: ID?, _ codePage: Int) -> Bool {
        guard let count = cursor.number() else { return false }
        for place in 0..<max(0, min(count, cursor.left / 4 + 1)) {
            guard let length = cursor.number(), let range = cursor.take(length) else { return false }
            guard place == 0, let id, values[id] == nil else { continue }
            let content = cursor.bytes[range]
            switch kind {
            case Kind.string where id != .bodyHTML: values[id] = .text(TNEFCodePage.text(content, codePage))
            case Kind.wideString: values[id] = .text(TNEFCodePage.wideText(content))
            default: values[id] = .bytes(Array(content))
            }
        }
        return true
    }
}

/// A place in a property stream, whose values all start at multiples of four from its start.
private struct Cursor {
    let bytes: [UInt8]
    private var index: Int
    private let end: Int

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        index = range.lowerBound
        end = range.upperBound
    }

    var left: Int { end - index }

    mutating func number() -> Int? {
        guard left >= 4 else { return nil }
        defer { index += 4 }
        return LittleEndian.read32(bytes, index)
    }

    /// The next `count` bytes; the padding behind them is skipped.
    mutating func take(_ count: Int) -> Range<Int>? {
        guard count >= 0, count <= left else { return nil }
        let range = index..<index + count
        index = min(end, range.upperBound + (4 - count % 4) % 4)
        return range
    }

    /// A named property's set and name, or number.
    mutating func skipName() -> Bool {
        guard take(16) != nil, let kind = number(), let number = number() else { return false }
        return kind == 0 || take(number) != nil
    }
}
