import CProcessor

/// A token: a stretch of the bytes that keys of any form are made of (`ByteClass.token`), and where its words stand.
struct TokenStretch {
    /// Of the bytes of which `words` tells.
    static let reach = 64

    let start: Int
    let end: Int
    /// A bit for each of the first `reach` bytes that is a letter or a digit, the first one lowest.
    let words: UInt64

    var count: Int { end &- start }
    var range: Range<Int> { start..<end }

    /// The token around the eight bytes at `place`, which are there; nil where one of them is of none.
    ///
    /// - Parameter floor: Where it begins at the earliest.
    @inline(__always)
    init?(_ bytes: borrowing Span<UInt8>, around place: Int, _ floor: Int) {
        let start = LetterBlock.start(bytes, place, floor, of: LetterBlock.tokens)
        var end = start
        var words: UInt64 = 0
        while end &+ 16 <= bytes.count {
            let (count, letters) = Self.read(WideBytes.load(bytes, end))
            if end &- start < Self.reach { words |= letters &<< UInt64(end &- start) }
            end &+= count
            guard count == 16 else {
                guard end >= place &+ 8 else { return nil }
                self.init(start, end, words)
                return
            }
        }
        while end < bytes.count, ByteClass.token.has(bytes[end]) {
            if end &- start < Self.reach, ByteClass.alphanumeric.has(bytes[end]) { words |= 1 << UInt64(end &- start) }
            end &+= 1
        }
        guard end >= place &+ 8 else { return nil }
        self.init(start, end, words)
    }

    /// How many of sixteen bytes belong to a token before the first that doesn't, and a bit for each letter and digit of these.
    @inline(__always)
    private static func read(_ block: SIMD16<UInt8>) -> (count: Int, letters: UInt64) {
        let words = WideBytes.letters(block) | cprocessor_within(block, 0x30, 10)
        // -./0…9: and + = _
        let marks =
            cprocessor_within(block, 0x2D, 14) | cprocessor_equal(block, 0x2B) | cprocessor_equal(block, 0x3D)
            | cprocessor_equal(block, 0x5F)
        let count = (~cprocessor_bits(words | marks)).trailingZeroBitCount
        return (count, UInt64(cprocessor_bits(words)) & ((1 << UInt64(count)) &- 1))
    }

    private init(_ start: Int, _ end: Int, _ words: UInt64) { (self.start, self.end, self.words) = (start, end, words) }

    /// Whether all of it is known and no fifteen letters and digits stand in a row.
    @inline(__always)
    var hasShortWordsAlone: Bool {
        guard count <= Self.reach else { return false }
        let two = words & words >> 1
        let four = two & two >> 2
        let eight = four & four >> 4
        return eight & eight >> 7 == 0
    }
}
