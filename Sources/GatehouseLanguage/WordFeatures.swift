/// What the model sees of a word: hashes of its character sequences, and a key for the whole.
package struct WordFeatures: ~Copyable {
    static let longestSequence = 5
    /// Letters of a word that are looked at; a longer word is a rare compound or no word.
    package static let longestWord = 40

    /// Room for a word of 40 letters: up to five sequences begin at each of its places and at the boundary before it.
    private(set) var hashes = InlineArray<208, UInt32>(repeating: 0)
    private(set) var count = 0
    /// The whole word's key in the vocabulary.
    private(set) var key: UInt32 = 0

    /// The hashes as they lie: the check of an index is a call here, before which all sums would go into memory.
    @inline(__always)
    func withHashes<Result>(_ body: (UnsafeBufferPointer<UInt32>) -> Result) -> Result {
        let used = hashes.span.extracting(first: count)
        return unsafe used.withUnsafeBufferPointer(body)
    }

    /// Appends the hashes of a word, for the trainer.
    /// - Returns: The word's key.
    package static func append(_ word: ArraySlice<UInt32>, to list: inout [UInt32]) -> UInt32 {
        let letters = word.span
        var features = WordFeatures()
        features.read(letters, 0, letters.count)
        for index in 0..<features.count { list.append(features.hashes[index]) }
        return features.key
    }

    /// Takes a hash for each sequence of 1…5 characters of `_word_`, in place of those before, and the key; the model is
    /// only valid for this very function.
    ///
    /// - Parameter text: Folded; the word stands from `first` up to `end`. ASCII may come as bytes.
    @inline(__always)
    mutating func read<Letter: UnsignedInteger & FixedWidthInteger>(
        _ text: borrowing Span<Letter>,
        _ first: Int,
        _ end: Int
    ) {
        let count = min(end - first, Self.longestWord)
        var place = 0
        var whole = Self.step(Self.offsetBasis, Self.boundary)
        for start in 0...count {
            // Position 0 is the boundary before the word, `count + 1` the one behind it.
            let opening = start == 0 ? Self.boundary : UInt32(truncatingIfNeeded: text[first + start - 1])
            var hash = Self.step(Self.offsetBasis, opening)
            if start > 0 {
                whole = Self.step(whole, opening)
                hashes[place] = Self.mix(hash &+ Self.lengthFactor)
                place += 1
            }
            var seed = Self.lengthFactor
            for position in start + 1..<min(start + Self.longestSequence, count + 2) {
                let isEnd = position == count + 1
                hash = Self.step(hash, isEnd ? Self.boundary : UInt32(truncatingIfNeeded: text[first + position - 1]))
                seed = seed &+ Self.lengthFactor
                hashes[place] = Self.mix(hash &+ seed)
                place += 1
            }
        }
        key = Self.mix(Self.step(whole, Self.boundary) ^ 0x5BD1_E995)
        self.count = place
    }

    private static let boundary: UInt32 = 0x5F
    // FNV-1a, over scalars instead of bytes.
    private static let offsetBasis: UInt32 = 2_166_136_261
    /// A sequence's length goes into its hash by this.
    private static let lengthFactor: UInt32 = 0x9E37_79B9

    @inline(__always)
    private static func step(_ hash: UInt32, _ value: UInt32) -> UInt32 { (hash ^ value) &* 16_777_619 }

    /// MurmurHash3's finaliser, so that the low bits depend on all.
    @inline(__always)
    private static func mix(_ value: UInt32) -> UInt32 {
        var hash = value
        hash = (hash ^ hash >> 16) &* 0x85EB_CA6B
        hash = (hash ^ hash >> 13) &* 0xC2B2_AE35
        return hash ^ hash >> 16
    }
}
