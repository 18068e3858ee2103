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
        guard LetterBlock.tokens(LetterBlock.load(bytes, place)) == LetterBlock.highest else { return nil }
        let start = Self.start(bytes, place, floor)
        var end = start
        var words: UInt64 = 0
        while end &+ 8 <= bytes.count {
            let block = LetterBlock.load(bytes, end)
            let others = ~LetterBlock.tokens(block) & LetterBlock.highest
            // Nothing is kept of what lies behind the first of the others.
            let letters = LetterBlock.alphanumerics(block) & (others &- 1) & ~others
            if end &- start < Self.reach { words |= LetterBlock.bits(letters) &<< UInt64(end &- start) }
            guard others == 0 else {
                self.init(start, end &+ others.trailingZeroBitCount / 8, words)
                return
            }
            end &+= 8
        }
        while end < bytes.count, ByteClass.token.has(bytes[end]) {
            if end &- start < Self.reach, ByteClass.alphanumeric.has(bytes[end]) { words |= 1 << UInt64(end &- start) }
            end &+= 1
        }
        self.init(start, end, words)
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
