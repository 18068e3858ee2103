/// Words that their character sequences tell wrongly or not surely enough, each with a group of words that speak alike.
///
/// A hash table with linear probing. A slot is three bytes, little endian: the word's check in the low 12 bits, its group
/// in the high 12; group 0 is an empty slot. An unknown word is taken for a known one once in about a thousand times.
package enum Vocabulary {
    package static let slotSize = 3
    package static let mostGroups = 4096
    /// A word stands at most so many slots behind its own.
    package static let longestProbe = 64

    /// Where the search for a key begins.
    @inline(__always)
    package static func home(of key: UInt32, slots: Int) -> Int {
        Int(truncatingIfNeeded: (UInt64(key) &* UInt64(truncatingIfNeeded: slots)) >> 32)
    }

    /// What tells a key from those with the same home; the home depends on the high bits.
    @inline(__always)
    package static func check(of key: UInt32) -> UInt32 { key & 0xFFF }
}
