import Glibc
import Synchronization

/// What the words of earlier texts summed up to: a desk's messages say the same few thousand words again and again.
///
/// A word has one place, which it shares with others; the last one read holds it. One thread at a time.
@safe final class WordSumCache: @unchecked Sendable {
    /// A word of at most `longest` letters, two bytes each; zeros behind the last.
    struct Key: Equatable {
        private var letters = InlineArray<4, UInt64>(repeating: 0)

        /// Nil for a word that is longer, or of rare letters.
        @inline(__always)
        init?(_ text: borrowing Span<UInt32>, _ first: Int, _ end: Int) {
            guard end &- first <= WordSumCache.longest, end > first else { return nil }
            var all: UInt32 = 0
            for index in first..<end {
                let letter = text[index]
                all |= letter
                let place = index &- first
                letters[place >> 2] |= UInt64(letter) << UInt64((place & 3) &* 16)
            }
            guard all <= 0xFFFF else { return nil }
        }

        @inline(__always)
        static func == (one: Key, two: Key) -> Bool {
            (one.letters[0] ^ two.letters[0]) | (one.letters[1] ^ two.letters[1]) | (one.letters[2] ^ two.letters[2])
                | (one.letters[3] ^ two.letters[3]) == 0
        }

        @inline(__always)
        fileprivate var place: Int {
            var hash = letters[0] &* 0x9E37_79B9_7F4A_7C15
            hash = (hash ^ hash >> 32 ^ letters[1]) &* 0xD6E8_FEB8_6659_FD93
            hash = (hash ^ hash >> 32 ^ letters[2]) &* 0xC2B2_AE3D_27D4_EB4F
            hash = (hash ^ hash >> 32 ^ letters[3]) &* 0x9E37_79B9_7F4A_7C15
            return Int(truncatingIfNeeded: hash >> (64 - WordSumCache.placeBits))
        }
    }

    private struct Entry {
        var key: Key
        var sums: WordSums
    }

    fileprivate static let longest = 16
    /// 2,048 places, a quarter of a megabyte: about what a core has near.
    fileprivate static let placeBits: UInt64 = 11

    private let entries: UnsafeMutablePointer<Entry>

    init() {
        // Pages that no word has come to are not made; zeros are no word.
        let size = MemoryLayout<Entry>.stride << Int(Self.placeBits)
        guard let memory = unsafe calloc(1, size + MemoryLayout<Entry>.alignment) else {
            preconditionFailure("no memory for \(size) bytes")
        }
        unsafe self.memory = memory
        let aligned = unsafe memory.alignedUp(toMultipleOf: MemoryLayout<Entry>.alignment)
        unsafe entries = aligned.bindMemory(to: Entry.self, capacity: 1 << Int(Self.placeBits))
    }

    private let memory: UnsafeMutableRawPointer

    deinit { unsafe free(memory) }

    /// The sums of a word; nil if they are not here.
    @inline(__always)
    func sums(of key: Key) -> WordSums? {
        // In bounds: a place has `placeBits` bits.
        let entry = unsafe entries + key.place
        return unsafe entry.pointee.key == key ? entry.pointee.sums : nil
    }

    @inline(__always)
    func keep(_ sums: WordSums, of key: Key) { unsafe entries[key.place] = Entry(key: key, sums: sums) }
}

/// The caches of an identifier: as many as threads that have used it at once.
final class WordSumCaches: Sendable {
    private let idle = Mutex<[WordSumCache]>([])

    func take() -> WordSumCache { idle.withLock { $0.popLast() } ?? WordSumCache() }

    func giveBack(_ cache: WordSumCache) { idle.withLock { $0.append(cache) } }
}
