/// Sixteen bytes of text at once.
struct WideBlock {
    /// For each byte all of its bits, or none.
    typealias Marks = SIMDMask<SIMD16<Int8>>

    private let bytes: SIMD16<UInt8>

    /// The sixteen bytes at `index`; who asks has made sure that they are there.
    @unsafe
    @inline(__always)
    init(unchecked bytes: borrowing Span<UInt8>, _ index: Int) {
        self.bytes = unsafe bytes.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: SIMD16<UInt8>.self)
    }

    /// The letters of ASCII.
    @inline(__always)
    var letters: Marks { Self.isFrom(0x61, 26, bytes | SIMD16(repeating: 0x20 as UInt8)) }

    @inline(__always)
    var digits: Marks { isFrom(0x30, 10) }

    /// The bytes from `first` on, so many of them.
    @inline(__always)
    func isFrom(_ first: UInt8, _ count: UInt8) -> Marks { Self.isFrom(first, count, bytes) }

    @inline(__always)
    func equals(_ byte: UInt8) -> Marks { bytes .== SIMD16(repeating: byte) }

    /// Other than ASCII.
    @inline(__always)
    var others: Marks { isFrom(0x80, 0x80) }

    // Both as vectors: with a single number the comparison is made byte by byte.
    @inline(__always)
    private static func isFrom(_ first: UInt8, _ count: UInt8, _ bytes: SIMD16<UInt8>) -> Marks {
        bytes &- SIMD16(repeating: first) .< SIMD16(repeating: count)
    }

    /// The marks of the first eight bytes and of the last, as they lie in memory.
    @inline(__always)
    static func halves(_ marks: Marks) -> SIMD2<UInt64> { unsafe unsafeBitCast(marks, to: SIMD2<UInt64>.self) }

    /// A bit for each byte, the first byte's is the lowest.
    @inline(__always)
    static func bits(_ marks: Marks) -> UInt64 {
        let halves = halves(marks)
        return bits(halves[0]) | bits(halves[1]) << 8
    }

    /// Each byte keeps another bit, and all of them add up in the highest one.
    @inline(__always)
    private static func bits(_ half: UInt64) -> UInt64 {
        ((half & 0x8040_2010_0804_0201) &* 0x0101_0101_0101_0101) >> 56
    }
}
