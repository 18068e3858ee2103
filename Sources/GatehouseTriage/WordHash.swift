/// Hashes of words, as eight bytes at a time of the UTF-8 of their plain letters.
enum WordHash {
    static let start: UInt64 = 0xCBF2_9CE4_8422_2325
    private static let factor: UInt64 = 0x9E37_79B9_7F4A_7C15

    @inline(__always)
    static func step(_ hash: UInt64, _ block: UInt64) -> UInt64 {
        let mixed = (hash ^ block) &* 0xD6E8_FEB8_6659_FD93
        return mixed ^ mixed >> 32
    }

    /// Never 0, which marks an empty slot.
    @inline(__always)
    static func finish(_ hash: UInt64) -> UInt64 {
        let mixed = hash &* factor
        return (mixed ^ mixed >> 29) | 1
    }

    /// The key of the step from a state of the tree of phrases by a word.
    @inline(__always)
    static func ofStep(_ state: UInt32, _ word: UInt32) -> UInt64 {
        finish(step(start, UInt64(state) << 32 | UInt64(word)))
    }

    /// The place of a word in the table of beginnings' lengths, by its first two letters or so: two bytes, or four where the
    /// first is not ASCII.
    @inline(__always)
    static func lengthsPlace(_ block: UInt64) -> Int {
        let first = block & (block & 0x80 == 0 ? 0xFFFF : 0xFFFF_FFFF)
        return Int(truncatingIfNeeded: (first &* factor) >> 54)
    }

    /// The lowest `count` bytes of a block; 1 ≤ `count` ≤ 8.
    @inline(__always)
    static func mask(_ count: Int) -> UInt64 { ~0 &>> UInt64(truncatingIfNeeded: 64 &- count &* 8) }
}

/// The letters of a word that count, as the UTF-8 of their plain forms.
struct WordBytes {
    /// Eight bytes each, the first byte lowest; zeros behind the last.
    private var blocks = InlineArray<16, UInt64>(repeating: 0)
    /// Bytes, also of a word that is longer than what is kept of it; such a word is not in the table.
    private(set) var count = 0

    static let most = 128

    var isWhole: Bool { count <= Self.most }
    var firstBlock: UInt64 { blocks[0] }

    /// - Parameter scalar: 0 and the apostrophe vanish.
    mutating func append(_ scalar: UInt32) {
        if scalar < 0x80 {
            if scalar != 0, scalar != 0x27 { append(byte: scalar) }
        } else if scalar < 0x800 {
            append(byte: 0xC0 | scalar >> 6)
            append(byte: 0x80 | scalar & 0x3F)
        } else {
            if scalar < 0x10000 {
                append(byte: 0xE0 | scalar >> 12)
            } else {
                append(byte: 0xF0 | scalar >> 18)
                append(byte: 0x80 | scalar >> 12 & 0x3F)
            }
            append(byte: 0x80 | scalar >> 6 & 0x3F)
            append(byte: 0x80 | scalar & 0x3F)
        }
    }

    /// - Parameter ascii: Not NUL, nor the apostrophe.
    @inline(__always)
    mutating func append(ascii: UInt32) { append(byte: ascii) }

    @inline(__always)
    private mutating func append(byte: UInt32) {
        if count < Self.most { blocks[count >> 3] |= UInt64(byte) << UInt64((count & 7) * 8) }
        count += 1
    }

    /// The key of the first `length` bytes.
    func key(_ length: Int) -> UInt64 {
        var hash = WordHash.start
        var left = min(length, Self.most)
        var index = 0
        while left > 0 {
            hash = WordHash.step(hash, left < 8 ? blocks[index] & WordHash.mask(left) : blocks[index])
            left -= 8
            index += 1
        }
        return WordHash.finish(hash)
    }
}

/// A slot of a hash table in `urgency.bin`: the key's upper 40 bits and a value of 24 bits.
///
/// With the slot's place, some fifty bits of a key are compared; the compiler refuses tables where that confuses two keys.
enum HashSlot {
    static let mostValue: UInt32 = 1 << 24 - 1

    @inline(__always)
    static func make(_ key: UInt64, _ value: UInt32) -> UInt64 { key & ~0xFF_FFFF | UInt64(value) }

    @inline(__always)
    static func holds(_ slot: UInt64, _ key: UInt64) -> Bool { (slot ^ key) >> 24 == 0 }

    @inline(__always)
    static func value(_ slot: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: slot & 0xFF_FFFF) }

    /// Where the search for a key begins, in a table of `mask` + 1 slots.
    @inline(__always)
    static func place(_ key: UInt64, _ mask: Int) -> Int { Int(truncatingIfNeeded: key >> 1) & mask }
}
