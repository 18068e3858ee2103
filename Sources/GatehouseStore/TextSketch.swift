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

/// All of a text's sequences, to compare sketches with and to make one of.
struct TextGrams {
    /// A bit for each value.
    private var bits: [UInt64] = []
    private(set) var count = 0
    /// The least digest in each of six parts: equal texts agree in all, texts that share nine tenths in most.
    private var least = InlineArray<6, UInt64>(repeating: .max)

    /// UTF-8 that is read; of more, the beginning.
    private static let longest = 32 * 1024

    /// - Parameter seed: Of the state's key.
    init(_ text: String, seed: UInt64) {
        let bytes = text.utf8.span
        let end = min(bytes.count, Self.longest)
        var window = Window(seed: seed)
        var all = [UInt64](repeating: 0, count: 1024)
        var lowest = least
        var cells = all.mutableSpan
        // A space is written when the next word begins: none leads, none trails, and two are one.
        var isGap = false
        var index = 0
        while index < end {
            let lead = bytes[index]
            var character: UInt64?
            if lead < 0x80 {
                character = Self.plain(ascii: lead)
                index &+= 1
            } else {
                let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
                guard index &+ length <= end else { break }
                // A String holds valid UTF-8.
                var scalar = UInt32(lead) & (0x7F >> UInt32(length))
                for offset in 1..<length { scalar = scalar << 6 | UInt32(bytes[index &+ offset] & 0x3F) }
                character = Self.plain(scalar)
                index &+= length
            }
            guard let character else {
                isGap = window.characters > 0
                continue
            }
            if isGap { window.add(0x20, &cells, &lowest) }
            isGap = false
            window.add(character, &cells, &lowest)
        }
        if window.characters < 4, window.characters > 0 { window.addShort(&cells, &lowest) }
        (bits, least) = (all, lowest)
        for word in bits { count += word.nonzeroBitCount }
    }

    /// The last four characters.
    private struct Window {
        let seed: UInt64
        private(set) var characters = 0
        private var last: UInt64 = 0

        init(seed: UInt64) { self.seed = seed }

        @inline(__always)
        mutating func add(_ character: UInt64, _ bits: inout MutableSpan<UInt64>, _ least: inout InlineArray<6, UInt64>)
        {
            last = last << 16 | (character & 0xFFFF)
            characters &+= 1
            if characters >= 4 { note(&bits, &least) }
        }

        /// What has fewer than four characters is one sequence.
        mutating func addShort(_ bits: inout MutableSpan<UInt64>, _ least: inout InlineArray<6, UInt64>) {
            last <<= 16
            note(&bits, &least)
        }

        @inline(__always)
        private func note(_ bits: inout MutableSpan<UInt64>, _ least: inout InlineArray<6, UInt64>) {
            var hash = (last ^ seed) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 32
            hash = hash &* 0xD6E8_FEB8_6659_FD93
            hash ^= hash >> 29
            let gram = Int(truncatingIfNeeded: hash >> 48)
            bits[gram >> 6] |= 1 << UInt64(gram & 63)
            let part = Int(truncatingIfNeeded: hash >> 8 & 0xFF) % 6
            if hash < least[part] { least[part] = hash }
        }
    }

    /// Letters in lower case and digits; nil for what separates words.
    @inline(__always)
    private static func plain(ascii byte: UInt8) -> UInt64? {
        if byte &- 0x41 < 26 { return UInt64(byte | 0x20) }
        return byte &- 0x61 < 26 || byte &- 0x30 < 10 ? UInt64(byte) : nil
    }

    /// The same beyond ASCII. Marks, kinds of quotes and widths make no difference.
    private static func plain(_ value: UInt32) -> UInt64? {
        switch value {
        case 0x80...0xBF, 0x2000...0x206F, 0x3000...0x3004, 0x3008...0x3020, 0xFE00...0xFE6F, 0xFF5B...0xFF65,
            0x1F3FB...0x1F3FF:
            nil
        // Full-width forms are the ASCII ones, written wide.
        case 0xFF01...0xFF5A: plain(ascii: UInt8(truncatingIfNeeded: value &- 0xFEE0))
        case 0xC0...0x58F: UInt64(lowerCase[Int(value &- 0xC0)])
        default: UInt64(value ^ ((value >> 16) << 4))
        }
    }

    /// Of U+00C0 to U+058F: Latin, Greek, Cyrillic and Armenian.
    private static let lowerCase: [UInt32] = (0xC0...0x58F).map { (value: UInt32) in
        Unicode.Scalar(value)?.properties.lowercaseMapping.unicodeScalars.first?.value ?? value
    }

    var sketch: TextSketch {
        var level: UInt8 = 0
        while level < 6, count(at: level) > TextSketch.most { level += 1 }
        let mask = Self.mask(level)
        var bytes = [level]
        bytes.reserveCapacity(1 + 2 * min(count, TextSketch.most))
        for (place, word) in bits.enumerated() {
            var rest = word & mask
            while rest != 0 {
                let gram = place << 6 | rest.trailingZeroBitCount
                bytes.append(UInt8(truncatingIfNeeded: gram))
                bytes.append(UInt8(truncatingIfNeeded: gram >> 8))
                rest &= rest - 1
            }
        }
        return TextSketch(bytes: bytes, bands: bands)
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
        for index in 0..<theirs {
            let gram = Int(sketch[1 + index * 2]) | Int(sketch[2 + index * 2]) << 8
            common += Int(bits[gram >> 6] >> UInt64(gram & 63) & 1)
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
        guard level > 0 else { return count }
        let mask = Self.mask(level)
        return bits.reduce(0) { $0 + ($1 & mask).nonzeroBitCount }
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
