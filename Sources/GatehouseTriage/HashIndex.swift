/// A map from 64-bit hashes to small numbers: open addressing, filled once and then only read.
///
/// A bitmap in front answers most of the misses, and nearly all look-ups are misses.
struct HashIndex: Sendable {
    private var keys: [UInt64]
    private var values: [UInt32]
    private var filter = [UInt64](repeating: 0, count: 1024)
    private var count = 0

    /// - Parameter sizeBits: The logarithm of the room at the start; it doubles when half full.
    init(sizeBits: Int) {
        keys = Array(repeating: 0, count: 1 << sizeBits)
        values = Array(repeating: 0, count: 1 << sizeBits)
    }

    /// - Parameter key: Not 0, and not yet there.
    mutating func insert(_ key: UInt64, _ value: UInt32) {
        if count * 2 >= keys.count { grow() }
        place(key, value)
        filter[Int(truncatingIfNeeded: key >> 38) & 1023] |= 1 << (key >> 32 & 63)
        count += 1
    }

    private mutating func place(_ key: UInt64, _ value: UInt32) {
        let mask = keys.count - 1
        var slot = Int(truncatingIfNeeded: key) & mask
        while keys[slot] != 0 { slot = (slot + 1) & mask }
        keys[slot] = key
        values[slot] = value
    }

    private mutating func grow() {
        let old = (keys, values)
        keys = Array(repeating: 0, count: old.0.count * 2)
        values = Array(repeating: 0, count: old.0.count * 2)
        for slot in old.0.indices where old.0[slot] != 0 { place(old.0[slot], old.1[slot]) }
    }

    /// The value of a key that is not 0, or nil.
    @inline(__always)
    func value(of key: UInt64) -> UInt32? {
        guard filter[Int(truncatingIfNeeded: key >> 38) & 1023] >> (key >> 32 & 63) & 1 == 1 else { return nil }
        let mask = keys.count - 1
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
