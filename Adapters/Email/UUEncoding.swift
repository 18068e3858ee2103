import GatehouseCore

/// Files put into a text by uuencode (POSIX.1-2017, `uuencode`, "Stdout").
enum UUEncoding {
    struct Block {
        var name: String
        var bytes: [UInt8]
        /// From `begin` up to the line after `end`.
        var range: Range<Int>
    }

    private static let begin = Array("begin ".utf8)
    private static let end = Array("end".utf8)

    /// The first `limit` whole blocks in `range`, in order. A `begin` without `end` is text.
    static func blocks(in bytes: [UInt8], _ range: Range<Int>, limit: Int) -> [Block] {
        var blocks: [Block] = []
        var cursor = range.lowerBound
        while blocks.count < limit, let found = ByteSearch.firstIndex(of: begin, in: bytes, cursor..<range.upperBound) {
            cursor = lineEnd(in: bytes, found, range.upperBound)
            guard found == range.lowerBound || bytes[found - 1] == 0x0A,
                let name = fileName(bytes, found + begin.count, trimmedLine(bytes, found, cursor))
            else { continue }
            var block = Block(name: name, bytes: [], range: found..<cursor)
            guard let end = decode(bytes, cursor, range.upperBound, into: &block.bytes) else { continue }
            block.range = found..<end
            blocks.append(block)
            cursor = end
        }
        return blocks
    }

    /// The name after `begin 644 `.
    private static func fileName(_ bytes: [UInt8], _ start: Int, _ end: Int) -> String? {
        var index = start
        while index < end, (48...55).contains(bytes[index]) { index += 1 }
        guard (3...4).contains(index - start), index + 1 < end, bytes[index] == 0x20 else { return nil }
        return FileName.shown(CharsetDecoder.decode(Array(bytes[(index + 1)..<end]), label: nil).text)
    }

    /// - Returns: Where the line after `end` starts; nil at a line that is no such data.
    private static func decode(_ bytes: [UInt8], _ start: Int, _ bound: Int, into result: inout [UInt8]) -> Int? {
        var cursor = start
        while cursor < bound {
            let next = lineEnd(in: bytes, cursor, bound)
            let lineStop = trimmedLine(bytes, cursor, next)
            if lineStop - cursor == end.count, ByteSearch.matches(end, bytes, at: cursor) { return next }
            if lineStop > cursor {
                let count = Int((bytes[cursor] &- 0x20) & 0x3F)
                let groups = (count + 2) / 3
                guard bytes[cursor] >= 0x20, bytes[cursor] <= 0x60, lineStop - cursor - 1 <= groups * 4 + 4 else {
                    return nil
                }
                decodeLine(bytes, cursor + 1, lineStop, count, into: &result)
            }
            cursor = next
        }
        return nil
    }

    private static func decodeLine(_ bytes: [UInt8], _ start: Int, _ end: Int, _ count: Int, into result: inout [UInt8])
    {
        func value(_ index: Int) -> UInt32 { index < end ? UInt32((bytes[index] &- 0x20) & 0x3F) : 0 }
        var left = count
        var index = start
        while left > 0 {
            let group = value(index) << 18 | value(index + 1) << 12 | value(index + 2) << 6 | value(index + 3)
            for place in 0..<min(left, 3) { result.append(UInt8(truncatingIfNeeded: group >> UInt32(16 - 8 * place))) }
            left -= 3
            index += 4
        }
    }
}
