/// The words of a token, one behind the other: its stretches of letters and digits, found eight bytes at a time.
struct WordEdges {
    private let token: Range<Int>
    /// The block of which the edges are, and those of them that are left: the highest bit of each byte at which a word begins
    /// or ends.
    private var block: Int
    private var edges: UInt64 = 0
    /// The highest bit of the lowest byte where a word goes on into the next block.
    private var carry: UInt64 = 0

    /// - Parameter token: Of at least eight bytes.
    init(_ token: Range<Int>) {
        self.token = token
        block = token.lowerBound &- 8
    }

    @inline(__always)
    mutating func next(_ bytes: borrowing Span<UInt8>) -> Range<Int>? {
        guard let start = edge(bytes) else { return nil }
        return start..<max(start, edge(bytes) ?? token.upperBound)
    }

    /// The next place at which a word begins or ends, before the token's end.
    @inline(__always)
    private mutating func edge(_ bytes: borrowing Span<UInt8>) -> Int? {
        while edges == 0 {
            block &+= 8
            guard block < token.upperBound else { return nil }
            let words = words(bytes)
            edges = words ^ (words << 8 | carry)
            carry = words >> 56
        }
        let place = block &+ edges.trailingZeroBitCount / 8
        edges &= edges &- 1
        return place
    }

    @inline(__always)
    private func words(_ bytes: borrowing Span<UInt8>) -> UInt64 {
        let excess = block &+ 8 &- token.upperBound
        guard excess > 0 else { return LetterBlock.alphanumerics(LetterBlock.load(bytes, block)) }
        // The last block is moved so far back that it is within the token, and what was read before shifted out.
        return LetterBlock.alphanumerics(LetterBlock.load(bytes, block &- excess)) &>> UInt64(8 &* excess)
    }
}
