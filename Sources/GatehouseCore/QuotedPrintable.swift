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
        let source = bytes.span
        var output = result.mutableSpan
        let count =
            isHeader
            ? decodeHeader(source, range, into: &output, &isDamaged)
            : decodeBody(source, range, into: &output, &isDamaged)
        result.removeLast(result.count - count)
        return (result, isDamaged)
    }

    /// - Returns: How many bytes were written, never more than were read.
    private static func decodeHeader(
        _ bytes: Span<UInt8>,
        _ range: Range<Int>,
        into output: inout MutableSpan<UInt8>,
        _ isDamaged: inout Bool
    ) -> Int {
        var written = 0
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            index &+= 1
            output[written] = byte == UInt8(ascii: "_") ? 0x20 : byte
            if byte == UInt8(ascii: "=") {
                if let value = escape(bytes, index, range.upperBound) {
                    output[written] = value
                    index &+= 2
                } else {
                    isDamaged = true
                }
            }
            written &+= 1
        }
        return written
    }

    /// - Returns: How many bytes were written, never more than were read.
    private static func decodeBody(
        _ bytes: Span<UInt8>,
        _ range: Range<Int>,
        into output: inout MutableSpan<UInt8>,
        _ isDamaged: inout Bool
    ) -> Int {
        var written = 0
        var index = range.lowerBound
        // Blanks that were written before it were escaped, or stand before a soft line break: they are no padding.
        var firm = 0
        while true {
            copyPlain(bytes, &index, range.upperBound, into: &output, &written)
            let byte = index < range.upperBound ? bytes[index] : 0x0A
            if byte == 0x0A || byte == 0x0D {
                while written > firm, output[written &- 1] == 0x20 || output[written &- 1] == 0x09 { written &-= 1 }
            }
            guard index < range.upperBound else { return written }
            index &+= 1
            if byte == UInt8(ascii: "=") {
                firm = written
                if let value = escape(bytes, index, range.upperBound) {
                    output[written] = value
                    index &+= 2
                    firm &+= 1
                } else if let next = softBreakEnd(bytes, index, range.upperBound) {
                    index = next
                    continue
                } else {
                    output[written] = byte
                    isDamaged = true
                }
            } else {
                output[written] = byte
            }
            written &+= 1
        }
    }

    /// Copies up to a byte that may mean something, eight at a step while so many are left.
    @inline(__always)
    private static func copyPlain(
        _ bytes: Span<UInt8>,
        _ index: inout Int,
        _ end: Int,
        into output: inout MutableSpan<UInt8>,
        _ written: inout Int
    ) {
        let ones: UInt64 = 0x0101_0101_0101_0101
        var target = unsafe output.mutableBytes
        while end &- index >= 8 {
            let word = unsafe UInt64(
                littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            )
            target.storeBytes(of: word.littleEndian, toByteOffset: written, as: UInt64.self)
            // The high bit of a byte is set where it is a control character or an equals sign; a borrow can only mark a
            // byte above the first marked one falsely.
            let equals = word ^ ones &* 0x3D
            let marks = ((word &- ones &* 0x20) & ~word | (equals &- ones) & ~equals) & (ones &* 0x80)
            let plain = marks == 0 ? 8 : marks.trailingZeroBitCount >> 3
            index &+= plain
            written &+= plain
            if plain < 8 { return }
        }
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
