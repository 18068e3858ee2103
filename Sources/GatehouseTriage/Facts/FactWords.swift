import CTables
import GatehouseCore

/// The words of `Sources/CTables/data/facts.tsv`: what a word beside a number makes of it.
///
/// Read on first use, which only a message with a number needs.
struct FactWords: Sendable {
    enum Kind: String, CaseIterable { case currency, coin, times, month, label, secret }

    struct Meaning: Sendable {
        var kind: Kind
        var value: String
    }

    /// Scalars of the longest word of a script without spaces.
    static let longestUnspaced = 8

    private var meanings: [String: [Meaning]] = [:]
    /// A bit for the hash of each word, without regard to the case of ASCII: most words of a text are none of the table.
    private var filter = [UInt64](repeating: 0, count: 512)
    /// A bit for each two last bytes of a label.
    private var labelEndings = [UInt64](repeating: 0, count: 1024)
    /// Folded words that say that a code near them is secret.
    private(set) var secrets: [[UInt8]] = []

    static let builtIn = unsafe FactWords(ctables_facts().array)

    init(_ bytes: [UInt8]) {
        meanings.reserveCapacity(1024)
        for line in bytes.split(separator: 0x0A) where line.first != 0x23 {
            let fields = line.split(separator: 0x09)
            guard fields.count == 3, let kind = Kind(rawValue: String(decoding: fields[0], as: UTF8.self)) else {
                continue
            }
            let value = String(decoding: fields[1], as: UTF8.self)
            for word in fields[2].split(separator: 0x2C) {
                let name = String(decoding: word.drop { $0 == 0x20 }, as: UTF8.self)
                meanings[name, default: []].append(Meaning(kind: kind, value: value))
                let bytes = Array(name.utf8)
                let place = Self.place(bytes, 0..<bytes.count)
                filter[place >> 6] |= 1 << UInt64(place & 63)
                if kind == .secret { secrets.append(Array(name.utf8)) }
                if kind == .label, let ending = Self.ending(bytes, bytes.count) {
                    labelEndings[ending >> 6] |= 1 << UInt64(ending & 63)
                }
            }
        }
    }

    /// False where a word is certainly none of the table; true for one beyond ASCII, whose case is not folded here.
    func mayKnow(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        let range = range.clamped(to: 0..<bytes.count)
        guard ByteSearch.isASCII(bytes, range) else { return true }
        let place = Self.place(bytes, range)
        return filter[place >> 6] >> UInt64(place & 63) & 1 == 1
    }

    /// False where no label ends at `end`; true where its last letters are beyond ASCII.
    func mayEndLabel(_ bytes: [UInt8], _ end: Int) -> Bool {
        guard let ending = Self.ending(bytes, end) else { return true }
        return labelEndings[ending >> 6] >> UInt64(ending & 63) & 1 == 1
    }

    /// The two bytes before `end`, without regard to case; nil where there are fewer, or they are not of ASCII.
    private static func ending(_ bytes: [UInt8], _ end: Int) -> Int? {
        guard end >= 2, end <= bytes.count, bytes[end - 1] < 0x80, bytes[end - 2] < 0x80 else { return nil }
        return Int(lower(bytes[end - 2])) << 8 | Int(lower(bytes[end - 1]))
    }

    private static func lower(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    private static func place(_ bytes: [UInt8], _ range: Range<Int>) -> Int {
        var hash: UInt32 = 2_166_136_261
        for index in range {
            let byte = bytes[index]
            hash = (hash ^ UInt32(lower(byte))) &* 16_777_619
        }
        return Int(truncatingIfNeeded: (hash ^ hash >> 15) & 0x7FFF)
    }

    /// Whether a word of `bytes` means one of `kinds`; of a script without spaces any of its stretches counts.
    func names(_ kinds: [Kind], in bytes: [UInt8]) -> Bool {
        func isLetter(_ byte: UInt8) -> Bool { byte >= 0x80 || byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 }
        var start = 0
        while start < bytes.count {
            guard isLetter(bytes[start]) else {
                start += 1
                continue
            }
            var end = start
            let isUnspaced = bytes[start] >= 0xE3
            while end < bytes.count, end - start < 64, isLetter(bytes[end]) {
                // "提现usdt": a word ends where the script does.
                if bytes[end] & 0xC0 != 0x80, (bytes[end] >= 0xE3) != isUnspaced { break }
                end += 1
            }
            if mayKnow(bytes, start..<end), meaning(String(decoding: bytes[start..<end], as: UTF8.self), kinds) != nil {
                return true
            }
            // A word of ASCII is done with; another may begin at each of its characters.
            if isUnspaced, unspaced(kinds, bytes, start, end) { return true }
            start += isUnspaced ? 3 : end - start
        }
        return false
    }

    private func unspaced(_ kinds: [Kind], _ bytes: [UInt8], _ start: Int, _ end: Int) -> Bool {
        var stop = start
        for _ in 0..<Self.longestUnspaced {
            stop += 3
            guard stop <= end else { return false }
            if meaning(String(decoding: bytes[start..<stop], as: UTF8.self), kinds) != nil { return true }
        }
        return false
    }

    /// What the word means as one of `kinds`: as it is written, or in lower case.
    func meaning(_ word: String, _ kinds: [Kind]) -> Meaning? {
        if let found = meanings[word]?.first(where: { kinds.contains($0.kind) }) { return found }
        let lower = UnicodeText.lowercased(word)
        return lower == word ? nil : meanings[lower]?.first { kinds.contains($0.kind) }
    }
}
