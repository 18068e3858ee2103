/// A map from 64-bit hashes to small numbers: open addressing, built once and then only read.
///
/// A bitmap in front answers most of the misses, and nearly all look-ups are misses.
struct HashIndex: Sendable {
    private var keys: [UInt64]
    private var values: [UInt32]
    private var filter: [UInt64]
    private let mask: Int

    init(_ entries: [UInt64: UInt32]) {
        var capacity = 16
        while capacity < entries.count * 2 { capacity *= 2 }
        mask = capacity - 1
        keys = Array(repeating: 0, count: capacity)
        values = Array(repeating: 0, count: capacity)
        filter = Array(repeating: 0, count: 1024)
        for (key, value) in entries {
            var slot = Int(truncatingIfNeeded: key) & mask
            while keys[slot] != 0 { slot = (slot + 1) & mask }
            (keys[slot], values[slot]) = (key, value)
            filter[Int(truncatingIfNeeded: key >> 38) & 1023] |= 1 << (key >> 32 & 63)
        }
    }

    /// The value of a key that is not 0, or nil.
    @inline(__always)
    func value(of key: UInt64) -> UInt32? {
        guard filter[Int(truncatingIfNeeded: key >> 38) & 1023] >> (key >> 32 & 63) & 1 == 1 else { return nil }
        var slot = Int(truncatingIfNeeded: key) & mask
        while keys[slot] != 0 {
            if keys[slot] == key { return values[slot] }
            slot = (slot + 1) & mask
        }
        return nil
    }
}

/// FNV-1a over scalars, finished so that all bits of the key are mixed.
enum WordHash {
    static let start: UInt64 = 0xCBF2_9CE4_8422_2325

    @inline(__always)
    static func step(_ hash: UInt64, _ scalar: UInt32) -> UInt64 { (hash ^ UInt64(scalar)) &* 0x100_0000_01B3 }

    /// Never 0, which marks an empty slot.
    @inline(__always)
    static func finish(_ hash: UInt64) -> UInt64 {
        let mixed = (hash ^ hash >> 32) &* 0x9E37_79B9_7F4A_7C15
        return (mixed ^ mixed >> 29) | 1
    }
}
