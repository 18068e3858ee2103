import CProcessor

/// How many scalars lie before a place in UTF-8 that only moves on.
struct ScalarCount {
    private var byte = 0
    private var scalars = 0

    mutating func advance(to place: Int, in bytes: borrowing Span<UInt8>) -> Int {
        let end = min(place, bytes.count)
        while end &- byte >= 16, cprocessor_bits(WideBytes.load(bytes, byte)) == 0 {
            scalars &+= 16
            byte &+= 16
        }
        while end &- byte >= 8 {
            let block = LetterBlock.load(bytes, byte)
            // Bytes that begin no scalar: the highest bit is set, the next one is not.
            scalars &+= 8 &- (block & ~(block << 1) & LetterBlock.highest).nonzeroBitCount
            byte &+= 8
        }
        while byte < end {
            if bytes[byte] & 0xC0 != 0x80 { scalars &+= 1 }
            byte &+= 1
        }
        return scalars
    }
}
