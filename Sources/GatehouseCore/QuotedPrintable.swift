/// Quoted-printable (RFC 2045 §6.7) and the "Q" encoding of header fields (RFC 2047 §4.2).
package enum QuotedPrintable {
    /// Decodes `range` of `bytes`; line ends stay as they are.
    ///
    /// Reads what real mail holds: hex digits in lower case, blanks before a line end (dropped), an `=` that starts no
    /// escape (kept as it stands, and told by `isDamaged`).
    /// - Parameter isHeader: `_` stands for a blank.
    package static func decode(
        _ bytes: [UInt8],
        in range: Range<Int>,
        isHeader: Bool = false
    ) -> (bytes: [UInt8], isDamaged: Bool) {
        let range = range.clamped(to: 0..<bytes.count)
        var result = [UInt8](repeating: 0, count: range.count)
        var isDamaged = false
        let count = decode(bytes.span, range, isHeader, into: &result, &isDamaged)
        result.removeLast(result.count - count)
        return (result, isDamaged)
    }

    /// - Returns: How many bytes were written, never more than were read.
    private static func decode(
        _ bytes: Span<UInt8>,
        _ range: Range<Int>,
        _ isHeader: Bool,
        into result: inout [UInt8],
        _ isDamaged: inout Bool
    ) -> Int {
        var output = result.mutableSpan
        var written = 0
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            if byte > 0x20, byte != UInt8(ascii: "="), byte != UInt8(ascii: "_") {
                output[written] = byte
                written &+= 1
                index &+= 1
                continue
            }
            if byte == UInt8(ascii: "=") {
                if let value = escape(bytes, index &+ 1, range.upperBound) {
                    output[written] = value
                    written &+= 1
                    index &+= 3
                    continue
                }
                if !isHeader, let next = softBreakEnd(bytes, index &+ 1, range.upperBound) {
                    index = next
                    continue
                }
                isDamaged = true
            } else if !isHeader, byte == 0x20 || byte == 0x09 {
                if index &+ 1 < range.upperBound, bytes[index &+ 1] > 0x20 {
                    output[written] = byte
                    written &+= 1
                    index &+= 1
                    continue
                }
                let end = blanksEnd(bytes, index, range.upperBound)
                let isTrailing = end == range.upperBound || bytes[end] == 0x0A || bytes[end] == 0x0D
                if !isTrailing {
                    for place in index..<end { output[written &+ place &- index] = bytes[place] }
                    written &+= end &- index
                }
                index = end
                continue
            }
            output[written] = isHeader && byte == UInt8(ascii: "_") ? 0x20 : byte
            written &+= 1
            index &+= 1
        }
        return written
    }

    private static func escape(_ bytes: Span<UInt8>, _ index: Int, _ end: Int) -> UInt8? {
        guard index &+ 1 < end, let high = Hex.value(of: bytes[index]), let low = Hex.value(of: bytes[index &+ 1])
        else {
            return nil
        }
        return high << 4 | low
    }

    /// Where the text goes on after `=`, blanks and a line end; nil where there is no soft line break.
    private static func softBreakEnd(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
        var index = blanksEnd(bytes, start, end)
        guard index < end else { return end }
        if bytes[index] == 0x0D {
            index &+= 1
            return index < end && bytes[index] == 0x0A ? index &+ 1 : index
        }
        return bytes[index] == 0x0A ? index &+ 1 : nil
    }

    private static func blanksEnd(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        var index = start
        while index < end, bytes[index] == 0x20 || bytes[index] == 0x09 { index &+= 1 }
        return index
    }
}
