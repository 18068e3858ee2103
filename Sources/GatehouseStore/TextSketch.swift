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
    /// Of the lowest bits that may have to be 0.
    fileprivate static let highestLevel: UInt8 = 6
    /// Below so many sequences, 20 characters, "is contained in" says little.
    static let leastContained = 17
    /// Fewer sequences of a sample prove nothing.
    static let leastSampled = 6
}

/// All of a text's sequences, to compare sketches with and to make one of.
struct TextGrams {
    /// A bit for each value.
    private var bits: [UInt64] = []
    /// How many there are at each level.
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
        var tally = InlineArray<7, Int>(repeating: 0)
        var lowest = LeastDigests()
        var cells = all.mutableSpan
        let units = characters.span
        /// The last four characters.
        var last: UInt64 = 0
        for index in 0..<min(units.count, 3) { last = last << 16 | UInt64(units[index]) }
        if units.count > 3 {
            for index in 3..<units.count {
                last = last << 16 | UInt64(units[index])
                Self.note(last ^ seed, &cells, &tally, &lowest)
            }
        } else if units.count > 0 {
            // What has fewer than four characters is one sequence.
            Self.note(last << 16 ^ seed, &cells, &tally, &lowest)
        }
        (bits, least) = (all, lowest.parts)
        var sum = 0
        for level in (0..<7).reversed() {
            sum &+= tally[level]
            counts[level] = sum
        }
    }

    /// - Parameter tally: How many sequences there are with so many lowest bits 0, or more for the last.
    @inline(__always)
    private static func note(
        _ sequence: UInt64,
        _ bits: inout MutableSpan<UInt64>,
        _ tally: inout InlineArray<7, Int>,
        _ least: inout LeastDigests
    ) {
        var hash = sequence &* 0x9E37_79B9_7F4A_7C15
        hash ^= hash >> 32
        hash = hash &* 0xD6E8_FEB8_6659_FD93
        hash ^= hash >> 29
        let gram = Int(truncatingIfNeeded: hash >> 48)
        let word = bits[gram >> 6]
        bits[gram >> 6] = word | 1 << UInt64(gram & 63)
        // Without a branch: whether it is new can't be foreseen.
        tally[(gram | 64).trailingZeroBitCount] &+= Int(truncatingIfNeeded: ~word >> UInt64(gram & 63) & 1)
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
        while level < TextSketch.highestLevel, count(at: level) > TextSketch.most { level += 1 }
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

        static let none = Likeness(jaccard: 0, containment: 0, sketchIsInside: 0)
    }

    /// Whether what is shared with another text is enough; what is not is mostly seen before the sketch's end.
    /// - Parameters:
    ///   - sketch: `TextSketch.bytes` of it.
    ///   - isEnough: True of all that are no less alike than one of which it is true.
    func isLike(_ sketch: [UInt8], _ isEnough: (Likeness) -> Bool) -> Bool {
        guard let pair = SketchPair(self, sketch) else { return isEnough(.none) }
        let grams = sketch.span
        var common = 0
        var place = 0
        // The rest may all be shared: as long as that would do, it is looked at.
        while isEnough(pair.likeness(common: common &+ pair.theirs &- place)) {
            guard place < pair.theirs else { return true }
            let next = min(pair.theirs, place &+ Self.stretch)
            common &+= self.common(with: grams, place..<next)
            place = next
        }
        return false
    }

    /// Sequences of a sketch between two looks whether it can still be like.
    private static let stretch = 32

    /// How many of a sketch's sequences are in the text.
    @inline(__always)
    private func common(with sketch: borrowing Span<UInt8>, _ range: Range<Int>) -> Int {
        let words = bits.span
        var common = 0
        for index in range {
            let gram = Int(sketch[1 &+ index &* 2]) | Int(sketch[2 &+ index &* 2]) << 8
            common &+= Int(truncatingIfNeeded: words[gram >> 6] >> UInt64(gram & 63) & 1)
        }
        return common
    }

    fileprivate func count(at level: UInt8) -> Int { counts[Int(min(level, TextSketch.highestLevel))] }

    /// The bits of a word at multiples of 2 to the power of `level`.
    private static func mask(_ level: UInt8) -> UInt64 {
        let masks: [UInt64] = [
            .max, 0x5555_5555_5555_5555, 0x1111_1111_1111_1111, 0x0101_0101_0101_0101, 0x0001_0001_0001_0001,
            0x0000_0001_0000_0001, 1,
        ]
        return masks[Int(min(level, TextSketch.highestLevel))]
    }
}

/// The numbers of sequences of a text and of a sketch, of those at the sketch's level.
private struct SketchPair {
    let theirs: Int
    private let ours: Int
    private let level: UInt8

    /// nil where the one or the other has none.
    init?(_ grams: TextGrams, _ sketch: [UInt8]) {
        guard let level = sketch.first, level <= TextSketch.highestLevel else { return nil }
        self.level = level
        theirs = (sketch.count - 1) / 2
        ours = grams.count(at: level)
        guard theirs > 0, ours > 0 else { return nil }
    }

    /// - Parameter common: Sequences that both have.
    func likeness(common: Int) -> TextGrams.Likeness {
        let least = max(TextSketch.leastSampled, TextSketch.leastContained >> Int(level))
        let shorter = min(theirs, ours)
        let isSample = level > 0 && shorter < TextSketch.leastSampled
        return TextGrams.Likeness(
            jaccard: isSample ? 0 : Double(common) / Double(theirs + ours - common),
            containment: shorter >= least ? Double(common) / Double(shorter) : 0,
            sketchIsInside: theirs >= least ? Double(common) / Double(theirs) : 0
        )
    }
}
