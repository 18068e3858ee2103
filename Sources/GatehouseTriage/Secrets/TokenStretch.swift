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
        let start = Self.start(bytes, place, floor)
        var end = start
        var words: UInt64 = 0
        while end &+ 16 <= bytes.count {
            let (count, letters) = Self.read(unsafe WideBlock(unchecked: bytes, end))
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
    private static func read(_ block: WideBlock) -> (count: Int, letters: UInt64) {
        let words = block.letters .| block.digits
        // -./0…9: and + = _
        let marks = block.isFrom(0x2D, 14) .| block.equals(0x2B) .| block.equals(0x3D) .| block.equals(0x5F)
        let tokens = WideBlock.halves(words .| marks)
        let count =
            tokens[0] != ~0 ? (~tokens[0]).trailingZeroBitCount >> 3 : 8 &+ (~tokens[1]).trailingZeroBitCount >> 3
        return (count, WideBlock.bits(words) & ((1 << UInt64(count)) &- 1))
    }

    private init(_ start: Int, _ end: Int, _ words: UInt64) { (self.start, self.end, self.words) = (start, end, words) }

    @inline(__always)
    private static func start(_ bytes: borrowing Span<UInt8>, _ place: Int, _ floor: Int) -> Int {
        var start = place
        while start &- 8 >= floor {
            let others = ~LetterBlock.tokens(LetterBlock.load(bytes, start &- 8)) & LetterBlock.highest
            guard others == 0 else { return start &- others.leadingZeroBitCount / 8 }
            start &-= 8
        }
        while start > floor, ByteClass.token.has(bytes[start &- 1]) { start &-= 1 }
        return start
    }

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
