/// What the model sees of a word: hashes of its character sequences and of the whole.
package enum WordFeatures {
    static let longestSequence = 5
    /// Letters of a word that are looked at; a longer word is a rare compound or no word.
    static let longestWord = 40

    /// Appends a hash for each sequence of 1…5 characters of `_word_`, and one for the word itself.
    ///
    /// The trainer and the classifier both call this; the model is only valid for this very function.
    package static func append(_ word: ArraySlice<UInt32>, to features: inout [UInt32]) {
        let letters = word.span
        let count = min(letters.count, longestWord)
        var whole = offsetBasis
        whole = step(whole, boundary)
        for start in 0...count {
            // Position 0 is the boundary before the word, `count + 1` the one behind it.
            var hash = offsetBasis
            for length in 1...longestSequence {
                let position = start + length - 1
                guard position <= count + 1 else { break }
                let character = position == 0 || position == count + 1 ? boundary : letters[position - 1]
                hash = step(hash, character)
                if length == 1 && start == 0 { continue }
                features.append(mix(hash &+ UInt32(truncatingIfNeeded: length) &* 0x9E37_79B9))
            }
            if start > 0 { whole = step(whole, letters[start - 1]) }
        }
        features.append(mix(step(whole, boundary) ^ 0x5BD1_E995))
    }

    private static let boundary: UInt32 = 0x5F
    // FNV-1a, over scalars instead of bytes.
    private static let offsetBasis: UInt32 = 2_166_136_261

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
