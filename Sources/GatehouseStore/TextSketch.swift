import GatehouseCore
import Glibc

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
    private var bits = [UInt64](repeating: 0, count: words)
    /// How many there are with so many lowest bits 0, or more for the last.
    private var tally = InlineArray<7, Int>(repeating: 0)
    private var least = LeastDigests()

    var count: Int { count(at: 0) }

    private static let words = 1024
    /// UTF-8 that is read; of more, the beginning.
    private static let longest = 32 * 1024
    /// Bytes at each end of a known part that are read again with what stands beside it.
    private static let margin = 64

    /// - Parameter seed: Of the state's key.
    init(_ text: String, seed: UInt64) {
        note(PlainCharacters.all(of: text, upTo: Self.longest).span, seed, isWhole: true)
    }

    /// The sequences of a text that holds another one, whose own are known: mostly, a customer's words above what they quote.
    ///
    /// All sequences within the part are the part's. Those before and behind it, and across its ends, are read with as much
    /// of the part as holds three characters.
    init(_ whole: String, around part: String, _ known: TextGrams, seed: UInt64) {
        let size = part.utf8.count
        guard known.count > 0, size > 2 * Self.margin, let place = Self.place(of: part, in: whole),
            place + size <= Self.longest,
            PlainCharacters.all(of: part, upTo: Self.margin).count >= 4,
            PlainCharacters.all(of: part, from: size - Self.margin, upTo: size).count >= 4
        else {
            self.init(whole, seed: seed)
            return
        }
        self = known
        note(PlainCharacters.all(of: whole, upTo: place + Self.margin).span, seed)
        note(PlainCharacters.all(of: whole, from: place + size - Self.margin, upTo: Self.longest).span, seed)
    }

    /// Where the part stands; one place is looked at, so that a text of one letter costs no square.
    private static func place(of part: String, in whole: String) -> Int? {
        let (text, sought) = (whole.utf8.span, part.utf8.span)
        let beginning = Array(part.utf8.prefix(margin))
        guard let place = ByteSearch.firstIndex(of: beginning, in: text, 0..<min(text.count, longest)),
            place + sought.count <= text.count
        else { return nil }
        // In bounds: so many bytes stand from `place` on.
        let isWhole = unsafe text.withUnsafeBytes { text in
            unsafe sought.withUnsafeBytes { sought in
                guard let start = text.baseAddress, let first = sought.baseAddress else { return false }
                return unsafe memcmp(start + place, first, sought.count) == 0
            }
        }
        return isWhole ? place : nil
    }

    /// - Parameter isWhole: What has fewer than four characters is one sequence, unless it is a piece of a text.
    private mutating func note(_ characters: Span<UInt16>, _ seed: UInt64, isWhole: Bool = false) {
        // The last four characters.
        var last: UInt64 = 0
        for index in 0..<min(3, characters.count) { last = last << 16 | UInt64(characters[index]) }
        var (tally, least) = (tally, least)
        var cells = bits.mutableSpan
        // So that no place needs a check.
        precondition(cells.count == Self.words)
        if characters.count > 3 {
            for index in 3..<characters.count {
                last = last << 16 | UInt64(characters[index])
                Self.note(last ^ seed, &cells, &tally, &least)
            }
        } else if isWhole, characters.count > 0 {
            Self.note(last << 16 ^ seed, &cells, &tally, &least)
        }
        (self.tally, self.least) = (tally, least)
    }

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

    /// The least digest in each of six parts: equal texts agree in all, texts that share nine tenths in most.
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
        let parts = least.parts
        return [0, 3].map { first in
            let mixed = (first..<first + 3).reduce(UInt64(first &+ 1)) { ($0 &* 0x9E37_79B9_7F4A_7C15) ^ parts[$1] }
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

    fileprivate func count(at level: UInt8) -> Int {
        var sum = 0
        for index in Int(min(level, TextSketch.highestLevel))..<7 { sum &+= tally[index] }
        return sum
    }

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
