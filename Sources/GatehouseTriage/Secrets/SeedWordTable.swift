import CTables

/// The words of BIP-39 in its languages, by their hashes; used where they lie. `make-seed-words.py` tells the layout.
@safe struct SeedWordTable: Sendable {
    /// A word's languages and its number in each.
    typealias Entry = (language: Int, index: Int)

    static let languageCount = 12
    private static let folded: Range<UInt32> = 0xC0..<0x250
    private static let headBytes = 16
    private static let slots = 1 << 16
    private static let filterWords = 1 << 12
    private static let filterStart = headBytes + folded.count * 2
    private static let slotStart = filterStart + filterWords * 8

    static let builtIn = SeedWordTable()

    private nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

    private init() {
        let file = unsafe ctables_seed_words()
        unsafe bytes = UnsafeRawBufferPointer(start: file.bytes, count: file.count)
        precondition(unsafe bytes.count == Self.slotStart + Self.slots * 4, "seed-words.bin has another layout")
    }

    /// The scalar as the lists' words have it: lower case, without accent; nil for a mark that is left out.
    @inline(__always)
    func plain(_ scalar: UInt32) -> UInt32? {
        switch scalar {
        case 0..<0x80: (0x41...0x5A).contains(scalar) ? scalar | 0x20 : scalar
        case Self.folded: UInt32(half(Self.headBytes + Int(scalar - 0xC0) * 2))
        case 0x300...0x36F: nil
        case 0x410...0x42F: scalar == 0x419 ? 0x438 : scalar + 0x20
        case 0x439: 0x438
        case 0x401, 0x451: 0x435
        case 0xFF21...0xFF3A: scalar - 0xFF21 + 0x61
        case 0xFF41...0xFF5A: scalar - 0xFF41 + 0x61
        default: scalar
        }
    }

    /// What is known of the word with this hash (`SeedWordHash`); nothing for nearly every word of none of the lists.
    @inline(__always)
    func mayHold(_ hash: UInt64) -> Bool {
        let word = Self.filterStart + Int(truncatingIfNeeded: hash >> 6 & UInt64(Self.filterWords - 1)) * 8
        let bits = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: word, as: UInt64.self))
        return bits >> (hash & 63) & 1 == 1
    }

    /// The word's number in each language: -1 where it is none of its list.
    func numbers(of hash: UInt64) -> InlineArray<12, Int16>? {
        guard mayHold(hash) else { return nil }
        var result = InlineArray<12, Int16>(repeating: -1)
        var isKnown = false
        forEach(hash) { language, number in
            result[language] = number
            isKnown = true
        }
        return isKnown ? result : nil
    }

    /// A bit for each language that has the word.
    func languages(of hash: UInt64) -> UInt32 {
        var languages: UInt32 = 0
        forEach(hash) { language, _ in languages |= 1 << UInt32(language) }
        return languages
    }

    /// The languages that have a word with this hash, and its number there.
    @inline(__always)
    private func forEach(_ hash: UInt64, _ take: (Int, Int16) -> Void) {
        var place = Int(truncatingIfNeeded: hash >> 18) & (Self.slots - 1)
        while true {
            let offset = Self.slotStart + place * 4
            let slot = unsafe UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
            guard slot != 0 else { return }
            let language = Int(slot >> 11 & 15) - 1
            if slot >> 15 == UInt32(truncatingIfNeeded: hash >> 47), language >= 0, language < Self.languageCount {
                take(language, Int16(slot & 0x7FF))
            }
            place = (place + 1) & (Self.slots - 1)
        }
    }

    private func half(_ offset: Int) -> UInt16 {
        unsafe UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }
}

/// FNV-1a over a word's plain scalars, mixed once more: the table uses its upper bits, too.
struct SeedWordHash {
    private var value: UInt64 = 0xCBF2_9CE4_8422_2325

    @inline(__always)
    mutating func add(_ scalar: UInt32) { value = (value ^ UInt64(scalar)) &* 0x100_0000_01B3 }

    @inline(__always)
    var hash: UInt64 {
        let mixed = (value ^ value >> 33) &* 0xFF51_AFD7_ED55_8CCD
        return mixed ^ mixed >> 33
    }
}
