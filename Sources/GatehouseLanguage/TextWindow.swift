import CProcessor

/// A piece of a text, folded (`FoldedText`), in memory of its own: a long text is read window by window.
struct TextWindow {
    /// UTF-8 bytes that are read at most.
    static let size = 384

    private(set) var scalars = InlineArray<384, UInt32>(repeating: 0)
    private(set) var count = 0

    /// Takes what stands from `start` on, up to the last space if the text goes on beyond the window.
    ///
    /// - Parameters:
    ///   - bytes: Valid UTF-8, as a String's are.
    ///   - limit: Where reading ends: at most the number of bytes.
    /// - Returns: Where the next window begins.
    mutating func fill(_ bytes: borrowing Span<UInt8>, from start: Int, limit: Int) -> Int {
        let end = min(limit, start + Self.size)
        var index = start
        var place = 0
        /// Behind the last space.
        var (spaceIndex, spacePlace) = (start, 0)
        while index < end {
            if end &- index >= 16 {
                let block = Self.block(bytes, index)
                if cprocessor_bits(block) == 0 {
                    keep(block, at: place)
                    let spaces = cprocessor_bits(cprocessor_within(block, 0, 0x21))
                    if spaces != 0 {
                        // Behind the last one of the sixteen.
                        let behind = 32 &- spaces.leadingZeroBitCount
                        (spaceIndex, spacePlace) = (index &+ behind, place &+ behind)
                    }
                    index &+= 16
                    place &+= 16
                    continue
                }
            }
            let lead = bytes[index]
            if lead < 0x80 {
                scalars[place] = lead &- 65 < 26 ? UInt32(lead | 0x20) : UInt32(lead)
                index += 1
                place += 1
                if lead <= 0x20 { (spaceIndex, spacePlace) = (index, place) }
                continue
            }
            let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
            guard index + length <= end else { break }
            var scalar = UInt32(lead) & (0x7F >> UInt32(length))
            for offset in 1..<length { scalar = scalar << 6 | UInt32(bytes[index + offset] & 0x3F) }
            scalars[place] = FoldedText.fold(scalar)
            index += length
            place += 1
        }
        guard index < limit, spaceIndex > start else {
            count = place
            // A scalar that doesn't fit before the limit is the end.
            return index > start ? index : limit
        }
        count = spacePlace
        return spaceIndex
    }

    /// Sixteen bytes of ASCII, in lower case; there is room for them, since no scalar is shorter than a byte.
    @inline(__always)
    private mutating func keep(_ block: SIMD16<UInt8>, at place: Int) {
        precondition(place >= 0 && place <= Self.size &- 16)
        let folded = block | cprocessor_within(block, 0x41, 26) & SIMD16(repeating: 0x20)
        let wide = SIMD16<UInt32>(truncatingIfNeeded: folded)
        var output = scalars.mutableSpan
        unsafe output.withUnsafeMutableBytes { buffer in
            unsafe buffer.storeBytes(of: wide, toByteOffset: place &* 4, as: SIMD16<UInt32>.self)
        }
    }

    /// The sixteen bytes at `index`, which must be there.
    @inline(__always)
    static func block(_ bytes: borrowing Span<UInt8>, _ index: Int) -> SIMD16<UInt8> {
        precondition(index >= 0 && index <= bytes.count &- 16)
        return unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: SIMD16<UInt8>.self)
    }
}
