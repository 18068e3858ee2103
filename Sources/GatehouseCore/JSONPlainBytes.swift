/// Finds the bytes that a JSON string can't hold as they are, many bytes at a step.
enum JSONPlainBytes {
    /// How many bytes of a word stand before the first control character, quote, backslash or DEL; 8 where none is there.
    @inline(__always)
    static func count(before word: UInt64) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        // A byte's high bit is set where it is below 0x20, or zero after the XOR; a borrow can only mark a byte above the
        // first marked one falsely.
        let control = (word &- ones &* 0x20) & ~word
        let (quote, backslash, delete) = (word ^ ones &* 0x22, word ^ ones &* 0x5C, word ^ ones &* 0x7F)
        let special = (quote &- ones) & ~quote | (backslash &- ones) & ~backslash | (delete &- ones) & ~delete
        let marks = (control | special) & (ones &* 0x80)
        return marks == 0 ? 8 : marks.trailingZeroBitCount >> 3
    }

    /// One to eight bytes as a word, the first in its lowest place; what is left is filled with blanks.
    @inline(__always)
    static func word(_ source: UnsafeRawBufferPointer, from index: Int, count: Int) -> UInt64 {
        if count == 8 {
            return unsafe UInt64(littleEndian: source.loadUnaligned(fromByteOffset: index, as: UInt64.self))
        }
        let blanks: UInt64 = 0x2020_2020_2020_2020 << UInt64(8 &* count)
        if count >= 4 {
            let first = unsafe UInt32(littleEndian: source.loadUnaligned(fromByteOffset: index, as: UInt32.self))
            let last = unsafe UInt32(
                littleEndian: source.loadUnaligned(fromByteOffset: index &+ count &- 4, as: UInt32.self)
            )
            return blanks | UInt64(first) | UInt64(last) << UInt64(8 &* (count &- 4))
        }
        // Of three, two or one byte: the first, the middle and the last.
        let (middle, last) = (count >> 1, count &- 1)
        return unsafe blanks | UInt64(source[index]) | UInt64(source[index &+ middle]) << UInt64(8 &* middle)
            | UInt64(source[index &+ last]) << UInt64(8 &* last)
    }
}
