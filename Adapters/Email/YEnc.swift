import GatehouseCore

/// Files put into a text by yEnc (the yEnc draft 1.3 of 2002, the only specification there is).
enum YEncoding {
    struct Block {
        /// The last line's digest or size is not that of the bytes.
        var isDamaged = false
        var name: String
        var bytes: [UInt8] = []
        /// From `=ybegin` up to the line after `=yend`.
        var range: Range<Int>
    }

    private static let begin = Array("=ybegin ".utf8)
    private static let part = Array("=ypart ".utf8)
    private static let end = Array("=yend ".utf8)

    /// The first `limit` blocks in `range`, in order. A block without its last line runs to the end, and is damaged.
    static func blocks(in bytes: [UInt8], _ range: Range<Int>, limit: Int) -> [Block] {
        var blocks: [Block] = []
        var cursor = range.lowerBound
        while blocks.count < limit, let found = ByteSearch.firstIndex(of: begin, in: bytes, cursor..<range.upperBound) {
            cursor = lineEnd(in: bytes, found, range.upperBound)
            let header = Keywords(bytes, found + begin.count..<trimmedLine(bytes, found, cursor))
            guard found == range.lowerBound || bytes[found - 1] == 0x0A, let name = header.name,
                header.number("line") != nil, header.number("size") != nil
            else { continue }
            var block = Block(name: name, range: found..<cursor)
            cursor = decode(bytes, cursor, range.upperBound, header, into: &block)
            block.range = found..<cursor
            blocks.append(block)
        }
        return blocks
    }

    /// - Returns: Where the line after the block starts.
    private static func decode(
        _ bytes: [UInt8],
        _ start: Int,
        _ bound: Int,
        _ header: Keywords,
        into block: inout Block
    ) -> Int {
        var cursor = start
        while cursor < bound {
            let next = lineEnd(in: bytes, cursor, bound)
            let stop = trimmedLine(bytes, cursor, next)
            if ByteSearch.matches(end, bytes, at: cursor) {
                let trailer = Keywords(bytes, cursor + end.count..<stop)
                let digest = trailer.digest("pcrc32") ?? (header.number("part") == nil ? trailer.digest("crc32") : nil)
                block.isDamaged =
                    trailer.number("size").map { $0 != block.bytes.count } ?? true
                    || digest.map { $0 != CRC32.of(block.bytes) } ?? false
                return next
            }
            if !(cursor == start && ByteSearch.matches(part, bytes, at: cursor)) {
                decodeLine(bytes, cursor, stop, into: &block.bytes)
            }
            cursor = next
        }
        block.isDamaged = true
        return bound
    }

    /// Each byte is 42 more than it was; after `=` another 64 (NUL, LF, CR and `=` itself).
    private static func decodeLine(_ bytes: [UInt8], _ start: Int, _ end: Int, into result: inout [UInt8]) {
        var index = start
        // A dot that SMTP or NNTP doubled at the start of a line.
        if end - start > 1, bytes[start] == UInt8(ascii: "."), bytes[start + 1] == UInt8(ascii: ".") { index += 1 }
        while index < end {
            var byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "=") {
                guard index < end else { return }
                byte = bytes[index] &- 64
                index += 1
            }
            result.append(byte &- 42)
        }
    }
}

/// `line=128 size=123456 name=a file.bin`: the name runs to the line's end.
private struct Keywords {
    private(set) var name: String?
    private var values: [String: String] = [:]

    private static let nameKey = Array("name=".utf8)

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        var end = range.upperBound
        if let found = ByteSearch.firstIndex(of: Self.nameKey, in: bytes, range),
            found == range.lowerBound || bytes[found - 1] == 0x20
        {
            let content = Array(bytes[found + Self.nameKey.count..<range.upperBound])
            let shown = FileName.shown(CharsetDecoder.decode(content, label: nil).text)
            name =
                shown.hasPrefix("\"") && shown.hasSuffix("\"") && shown.count > 2
                ? String(shown.dropFirst().dropLast()) : shown
            end = found
        }
        for word in bytes[min(range.lowerBound, end)..<end].prefix(256).split(separator: 0x20) {
            guard let equals = word.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let key = String(decoding: word[..<equals], as: UTF8.self)
            values[key] = String(decoding: word[(equals + 1)...], as: UTF8.self)
        }
    }

    func number(_ key: String) -> Int? { values[key].flatMap { Int($0) } }

    func digest(_ key: String) -> UInt32? { values[key].flatMap { UInt32($0, radix: 16) } }
}

/// The cyclic redundancy check of Ethernet and zip (ISO 3309), by which yEnc notices damage.
private enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
    }

    static func of(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
    }
}
