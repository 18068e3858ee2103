import CProcessor

/// Sixteen bytes of text at once, and the first of several kinds of them; one kind alone is `ByteSearch`'s.
enum WideBytes {
    /// The sixteen bytes at `index`; zeros behind the last byte of all.
    @inline(__always)
    static func load(_ bytes: borrowing Span<UInt8>, _ index: Int) -> SIMD16<UInt8> {
        guard index >= 0, index <= bytes.count &- 16 else { return rest(bytes, index) }
        return unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: SIMD16<UInt8>.self)
    }

    @inline(never)
    private static func rest(_ bytes: borrowing Span<UInt8>, _ start: Int) -> SIMD16<UInt8> {
        var lanes = SIMD16<UInt8>(repeating: 0)
        guard start >= 0, start < bytes.count else { return lanes }
        for index in start..<bytes.count { lanes[index &- start] = bytes[index] }
        return lanes
    }

    /// The letters of ASCII.
    @inline(__always)
    static func letters(_ block: SIMD16<UInt8>) -> SIMD16<UInt8> {
        cprocessor_within(block | SIMD16(repeating: 0x20), 0x61, 26)
    }

    /// The first place of `range` whose lane `sought` sets; the range's end where there is none.
    @inline(__always)
    static func firstIndex(
        in bytes: borrowing Span<UInt8>,
        _ range: Range<Int>,
        _ sought: (SIMD16<UInt8>) -> SIMD16<UInt8>
    ) -> Int {
        let end = min(range.upperBound, bytes.count)
        var index = range.lowerBound
        while index < end {
            let found = cprocessor_bits(sought(load(bytes, index)))
            if found != 0 { return min(end, index &+ found.trailingZeroBitCount) }
            index &+= 16
        }
        return range.upperBound
    }
}
