import GatehouseLanguage

/// The vocabulary as the classifier will read it: slots of three bytes, filled by linear probing.
struct WordTable {
    private(set) var bytes: [UInt8]
    private let slots: Int

    /// - Parameter slots: More than there will be words.
    init(slots: Int) {
        self.slots = slots
        bytes = [UInt8](repeating: 0, count: slots * Vocabulary.slotSize)
    }

    /// - Returns: False where the word found no free slot near enough, or another word with its check stands in the way.
    mutating func insert(_ key: UInt32, group: Int) -> Bool {
        let check = Vocabulary.check(of: key)
        var slot = Vocabulary.home(of: key, slots: slots)
        for _ in 0..<Vocabulary.longestProbe {
            let found = entry(slot)
            if found >> 12 == 0 {
                set(slot, UInt32(group) << 12 | check)
                return true
            }
            if found & 0xFFF == check { return false }
            slot = slot + 1 == slots ? 0 : slot + 1
        }
        return false
    }

    func group(of key: UInt32) -> Int {
        let check = Vocabulary.check(of: key)
        var slot = Vocabulary.home(of: key, slots: slots)
        for _ in 0..<Vocabulary.longestProbe {
            let found = entry(slot)
            if found >> 12 == 0 { return 0 }
            if found & 0xFFF == check { return Int(found >> 12) }
            slot = slot + 1 == slots ? 0 : slot + 1
        }
        return 0
    }

    private func entry(_ slot: Int) -> UInt32 {
        UInt32(bytes[slot * 3]) | UInt32(bytes[slot * 3 + 1]) << 8 | UInt32(bytes[slot * 3 + 2]) << 16
    }

    private mutating func set(_ slot: Int, _ entry: UInt32) {
        for place in 0..<3 { bytes[slot * 3 + place] = UInt8(truncatingIfNeeded: entry >> UInt32(place * 8)) }
    }
}
