/// By what two texts are compared: the sequences of four characters in them, each as sixteen keyed bits.
///
/// A long text keeps those of its sequences whose lowest `level` bits are 0, so that a sketch is at most a kilobyte. The
/// same bits are looked at in both texts, so the shares are estimates of the whole ones. No word can be read out of it
/// without the key, and it is kept no longer than it is compared (`Store.linkSeconds`).
struct TextSketch {
    /// As the database holds it: the level, then sixteen bits each, little endian, rising.
    let bytes: [UInt8]
    /// Digests by which near-equal texts of other senders are found; empty for a text too short to be a campaign's.
    let bands: [Int64]

    fileprivate static let most = 512
    /// Below so many sequences, 20 characters, "is contained in" says little.
    static let leastContained = 17
    /// Fewer sequences of a sample prove nothing.
    static let leastSampled = 6
}

/// How many of a text's sequences there are at a level: bits at the multiples of a power of two.
private enum LevelCounts {
    private typealias Words = SIMD4<UInt64>

    /// Of the levels up to the first that has no more than `most`; -1 for those beyond, which are seldom asked for.
    static func of(_ bits: [UInt64], most: Int) -> InlineArray<7, Int> {
        var counts = InlineArray<7, Int>(repeating: -1)
        let words = bits.span
        var all = OneCount()
        for place in stride(from: 0, to: words.count, by: 4) { all.add(vector(words, place)) }
        counts[0] = all.total
        guard counts[0] > most else { return counts }
        // What a level leaves out makes room for another word's: fields of so many bits, of which every second is kept.
        var kept = [Words](repeating: Words(), count: words.count / 8)
        var cells = kept.mutableSpan
        for index in cells.indices {
            cells[index] = merged(vector(words, 4 &* index), vector(words, 4 &* (index &+ cells.count)), 1)
        }
        var count = cells.count
        for level in 1..<7 {
            var ones = OneCount()
            for index in 0..<count { ones.add(cells[index]) }
            counts[level] = ones.total
            guard level < 6, counts[level] > most else { break }
            count /= 2
            for index in 0..<count { cells[index] = merged(cells[index], cells[index &+ count], 1 << UInt64(level)) }
        }
        return counts
    }

    /// The bits of all words that are in `mask`.
    static func count(_ bits: [UInt64], _ mask: UInt64) -> Int {
        let words = bits.span
        var all = OneCount()
        for place in stride(from: 0, to: words.count, by: 4) {
            all.add(vector(words, place) & Words(repeating: mask))
        }
        return all.total
    }

    @inline(__always)
    private static func vector(_ words: borrowing Span<UInt64>, _ place: Int) -> Words {
        Words(words[place], words[place &+ 1], words[place &+ 2], words[place &+ 3])
    }

    @inline(__always)
    private static func merged(_ one: Words, _ other: Words, _ size: UInt64) -> Words {
        let (shift, kept) = (Words(repeating: size), Words(repeating: .max / (1 << size + 1)))
        return one & kept | (other & kept) &<< shift
    }

    /// Bits that are set in vectors, summed up in pairs, nibbles and bytes.
    private struct OneCount {
        private var bytes = Words()
        private var vectors = 0
        private var sums = Words()

        @inline(__always)
        mutating func add(_ vector: Words) {
            var ones = vector
            ones &-= ones &>> 1 & Words(repeating: .max / 3)
            ones = (ones & Words(repeating: .max / 5)) &+ (ones &>> 2 & Words(repeating: .max / 5))
            bytes &+= (ones &+ ones &>> 4) & Words(repeating: .max / 17)
            vectors &+= 1
            // A byte holds the sums of 31 bytes at most.
            if vectors == 31 { addUp() }
        }

        private mutating func addUp() {
            let halves = Words(repeating: .max / 257)
            bytes = (bytes & halves) &+ (bytes &>> 8 & halves)
            bytes = bytes &+ bytes &>> 16
            sums &+= (bytes &+ bytes &>> 32) & 0xFFFF
            (bytes, vectors) = (Words(), 0)
        }

        var total: Int {
            mutating get {
                addUp()
                return Int(truncatingIfNeeded: sums.wrappedSum())
            }
        }
    }
}

/// All of a text's sequences, to compare sketches with and to make one of.
struct TextGrams {
    /// A bit for each value.
    private var bits: [UInt64] = []
    /// How many there are at each level, as `LevelCounts` has them.
    private var counts = InlineArray<7, Int>(repeating: 0)
    /// The least digest in each of six parts: equal texts agree in all, texts that share nine tenths in most.
    private var least = InlineArray<6, UInt64>(repeating: .max)

    var count: Int { counts[0] }

    /// UTF-8 that is read; of more, the beginning.
    private static let longest = 32 * 1024

    /// - Parameter seed: Of the state's key.
    init(_ text: String, seed: UInt64) {
        let characters = PlainCharacters.all(of: text, longest: Self.longest)
        var all = [UInt64](repeating: 0, count: 1024)
        var lowest = LeastDigests()
        var cells = all.mutableSpan
        let units = characters.span
        /// The last four characters.
        var last: UInt64 = 0
        for index in 0..<min(units.count, 3) { last = last << 16 | UInt64(units[index]) }
        if units.count > 3 {
            for index in 3..<units.count {
                last = last << 16 | UInt64(units[index])
                Self.note(last ^ seed, &cells, &lowest)
            }
        } else if units.count > 0 {
            // What has fewer than four characters is one sequence.
            Self.note(last << 16 ^ seed, &cells, &lowest)
        }
        (bits, least) = (all, lowest.parts)
        counts = LevelCounts.of(bits, most: TextSketch.most)
    }

    @inline(__always)
    private static func note(_ sequence: UInt64, _ bits: inout MutableSpan<UInt64>, _ least: inout LeastDigests) {
        var hash = sequence &* 0x9E37_79B9_7F4A_7C15
        hash ^= hash >> 32
        hash = hash &* 0xD6E8_FEB8_6659_FD93
        hash ^= hash >> 29
        let gram = Int(truncatingIfNeeded: hash >> 48)
        bits[gram >> 6] |= 1 << UInt64(gram & 63)
        if hash < least.highest { least.note(hash) }
    }

    private struct LeastDigests {
        private(set) var parts = InlineArray<6, UInt64>(repeating: .max)
        /// The highest of them: nearly every digest is above it, and changes nothing.
        private(set) var highest: UInt64 = .max

        @inline(never)
        mutating func note(_ hash: UInt64) {
            let part = Int(truncatingIfNeeded: hash >> 8 & 0xFF) % 6
            guard hash < parts[part] else { return }
            parts[part] = hash
            highest = parts[0]
            for index in 1..<6 { highest = max(highest, parts[index]) }
        }
    }

    var sketch: TextSketch {
        var level: UInt8 = 0
        while level < 6, count(at: level) > TextSketch.most { level += 1 }
        return TextSketch(bytes: bytes(at: level), bands: bands)
    }

    private func bytes(at level: UInt8) -> [UInt8] {
        let mask = Self.mask(level)
        var bytes = [UInt8](repeating: level, count: 1 + 2 * count(at: level))
        var output = bytes.mutableSpan
        let words = bits.span
        var next = 1
        for place in words.indices {
            var rest = words[place] & mask
            while rest != 0 {
                let gram = place << 6 | rest.trailingZeroBitCount
                output[next] = UInt8(truncatingIfNeeded: gram)
                output[next &+ 1] = UInt8(truncatingIfNeeded: gram >> 8)
                next &+= 2
                rest &= rest &- 1
            }
        }
        return bytes
    }

    /// Two digests of three parts each: text of which a tenth differs keeps one of them with a chance of nine in ten.
    private var bands: [Int64] {
        guard count >= TextSketch.leastContained else { return [] }
        return [0, 3].map { first in
            let mixed = (first..<first + 3).reduce(UInt64(first &+ 1)) { ($0 &* 0x9E37_79B9_7F4A_7C15) ^ least[$1] }
            return Int64(bitPattern: mixed &* 0xD6E8_FEB8_6659_FD93)
        }
    }

    /// How much two texts share.
    struct Likeness {
        /// Of all sequences of both, those in both.
        var jaccard: Double
        /// Of the shorter text's sequences, those in the other; 0 where it is too short to tell.
        var containment: Double
        /// The same, where the sketch's is the shorter text.
        var sketchIsInside: Double
    }

    /// - Parameter sketch: `TextSketch.bytes` of another text.
    func likeness(to sketch: [UInt8]) -> Likeness {
        guard let level = sketch.first, level <= 6 else {
            return Likeness(jaccard: 0, containment: 0, sketchIsInside: 0)
        }
        let theirs = (sketch.count - 1) / 2
        let ours = count(at: level)
        var common = 0
        let (words, grams) = (bits.span, sketch.span)
        for index in 0..<theirs {
            let gram = Int(grams[1 &+ index &* 2]) | Int(grams[2 &+ index &* 2]) << 8
            common &+= Int(words[gram >> 6] >> UInt64(gram & 63) & 1)
        }
        guard theirs > 0, ours > 0 else { return Likeness(jaccard: 0, containment: 0, sketchIsInside: 0) }
        let least = max(TextSketch.leastSampled, TextSketch.leastContained >> Int(level))
        let shorter = min(theirs, ours)
        let isSample = level > 0 && shorter < TextSketch.leastSampled
        return Likeness(
            jaccard: isSample ? 0 : Double(common) / Double(theirs + ours - common),
            containment: shorter >= least ? Double(common) / Double(shorter) : 0,
            sketchIsInside: theirs >= least ? Double(common) / Double(theirs) : 0
        )
    }

    private func count(at level: UInt8) -> Int {
        let known = counts[Int(min(level, 6))]
        guard known < 0 else { return known }
        return LevelCounts.count(bits, Self.mask(level))
    }

    /// The bits of a word at multiples of 2 to the power of `level`.
    private static func mask(_ level: UInt8) -> UInt64 {
        let masks: [UInt64] = [
            .max, 0x5555_5555_5555_5555, 0x1111_1111_1111_1111, 0x0101_0101_0101_0101, 0x0001_0001_0001_0001,
            0x0000_0001_0000_0001, 1,
        ]
        return masks[Int(min(level, 6))]
    }
}
