import CTables
import GatehouseCore

/// The words of `Sources/CTables/data/facts.tsv`: what a word beside a number makes of it.
///
/// Read on first use, which only a message with a number needs. One for all, so that it is not copied with each scanner.
final class FactWords: Sendable {
    enum Kind: String, CaseIterable {
        case currency, coin, times, month, label, secret

        var asSet: Kinds { Kinds(rawValue: 1 << UInt8(Self.allCases.firstIndex(of: self) ?? 0)) }
    }

    /// Kinds, as one number: they are asked for at every number of a text.
    struct Kinds: OptionSet, Sendable {
        let rawValue: UInt8

        static let money = Kinds([Kind.currency.asSet, Kind.coin.asSet])
        static let times = Kind.times.asSet
        static let month = Kind.month.asSet
        static let label = Kind.label.asSet
        static let all = Kinds(rawValue: .max)
    }

    struct Meaning: Sendable {
        var kind: Kind
        var value: String
    }

    /// Scalars of the longest word of a script without spaces.
    static let longestUnspaced = 8

    private struct Word: Sendable {
        var meaning: Meaning
        /// Of `letters`.
        var name: Range<Int>
        /// The next one with the same hash, in the order of the table; 0 for none.
        var next = 0
    }

    private struct Table: Sendable {
        var words: [Word] = []
        var letters: [UInt8] = []
        /// By the hash of a word, without regard to the case of ASCII: the number of the first one, and one more.
        var firstByHash = [UInt16](repeating: 0, count: 1 << 14)
        /// What the words with the same hash mean: most words of a text are none of the table, or none of the kind that is
        /// asked for.
        var kindsByHash = [UInt8](repeating: 0, count: 1 << 14)
        /// By name, for words with letters beyond ASCII that have cases.
        var meanings: [String: [Meaning]] = [:]
        /// A bit for each two last bytes of a label.
        var labelEndings = [UInt64](repeating: 0, count: 1024)
        var secrets: [[UInt8]] = []

        mutating func keep(_ name: [UInt8], _ meaning: Meaning) {
            guard let hash = LetterHash(name, name.indices) else {
                meanings[String(decoding: name, as: UTF8.self), default: []].append(meaning)
                return
            }
            kindsByHash[hash.place] |= meaning.kind.asSet.rawValue
            words.append(Word(meaning: meaning, name: letters.count..<letters.count + name.count))
            letters += name
            // Numbers are one more than the place, so that 0 is none.
            guard firstByHash[hash.place] > 0 else {
                firstByHash[hash.place] = UInt16(truncatingIfNeeded: words.count)
                return
            }
            var last = Int(firstByHash[hash.place])
            while words[last - 1].next > 0 { last = words[last - 1].next }
            words[last - 1].next = words.count
        }
    }

    private let table: Table
    /// Folded words that say that a code near them is secret.
    var secrets: [[UInt8]] { table.secrets }

    static let builtIn = unsafe FactWords(ctables_facts().array)

    init(_ bytes: [UInt8]) {
        var table = Table()
        for line in bytes.split(separator: 0x0A) where line.first != 0x23 {
            let fields = line.split(separator: 0x09)
            guard fields.count == 3, let kind = Kind(rawValue: String(decoding: fields[0], as: UTF8.self)) else {
                continue
            }
            let meaning = Meaning(kind: kind, value: String(decoding: fields[1], as: UTF8.self))
            for word in fields[2].split(separator: 0x2C) {
                let name = Array(word.drop { $0 == 0x20 })
                table.keep(name, meaning)
                if kind == .secret { table.secrets.append(name) }
                if kind == .label, let ending = Self.ending(name, name.count) {
                    table.labelEndings[ending >> 6] |= 1 << UInt64(ending & 63)
                }
            }
        }
        self.table = table
    }

    /// What a word may mean: certainly nothing else; anything where it has letters beyond ASCII that may have cases.
    @inline(__always)
    func mayMean(_ bytes: [UInt8], _ range: Range<Int>) -> Kinds {
        guard let hash = LetterHash(bytes, range.clamped(to: 0..<bytes.count)) else { return .all }
        return kinds(of: hash)
    }

    @inline(__always)
    func kinds(of hash: LetterHash) -> Kinds { Kinds(rawValue: table.kindsByHash[hash.place]) }

    /// False where no label ends at `end`; true where its last letters are beyond ASCII.
    func mayEndLabel(_ bytes: [UInt8], _ end: Int) -> Bool {
        guard let ending = Self.ending(bytes, end) else { return true }
        return table.labelEndings[ending >> 6] >> UInt64(ending & 63) & 1 == 1
    }

    /// The two bytes before `end`, without regard to case; nil where there are fewer, or they are not of ASCII.
    private static func ending(_ bytes: [UInt8], _ end: Int) -> Int? {
        guard end >= 2, end <= bytes.count, bytes[end - 1] < 0x80, bytes[end - 2] < 0x80 else { return nil }
        return Int(lower(bytes[end - 2])) << 8 | Int(lower(bytes[end - 1]))
    }

    fileprivate static func lower(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    /// Of the letters of a word so far, without regard to the case of ASCII.
    struct LetterHash {
        private var hash: UInt32 = 2_166_136_261

        init() {}

        /// nil for a word with letters beyond ASCII that may have cases.
        @inline(__always)
        init?(_ bytes: [UInt8], _ range: Range<Int>) {
            for index in range {
                let byte = bytes[index]
                if byte >= 0xC0, FactWords.mayHaveCases(byte, index + 1 < bytes.count ? bytes[index + 1] : 0) {
                    return nil
                }
                add(byte)
            }
        }

        @inline(__always)
        mutating func add(_ byte: UInt8) { hash = (hash ^ UInt32(FactWords.lower(byte))) &* 16_777_619 }

        @inline(__always)
        var place: Int { Int(truncatingIfNeeded: (hash ^ hash >> 15) & 0x3FFF) }
    }

    /// Whether a letter of two bytes or more that begins with these may be a capital or a small one.
    ///
    /// Certainly none is in Arabic, the scripts of India and Thai (U+0600…U+06FF, U+0800…U+0FFF), in kana, Chinese and Hangul
    /// (U+3000…U+9FFF, U+AC00…U+DFFF), nor among signs (U+0080…U+00BF without U+00B5, U+2000…U+20FF).
    private static func mayHaveCases(_ first: UInt8, _ second: UInt8) -> Bool {
        switch first {
        case 0xC2: second == 0xB5
        case 0xD8...0xDB, 0xE0, 0xE3...0xE9, 0xEB...0xED: false
        case 0xE2: second > 0x83
        case 0xEA: second < 0xB0
        default: true
        }
    }

    /// Whether a word of `bytes` means one of `kinds`; of a script without spaces any of its stretches counts.
    func names(_ kinds: Kinds, in bytes: [UInt8]) -> Bool {
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
            if meaning(bytes, start..<end, kinds) != nil { return true }
            // A word of ASCII is done with; another may begin at each of its characters.
            if isUnspaced, unspaced(kinds, bytes, start, end) { return true }
            start += isUnspaced ? 3 : end - start
        }
        return false
    }

    private func unspaced(_ kinds: Kinds, _ bytes: [UInt8], _ start: Int, _ end: Int) -> Bool {
        var stop = start
        for _ in 0..<Self.longestUnspaced {
            stop += 3
            guard stop <= end else { return false }
            if meaning(bytes, start..<stop, kinds) != nil { return true }
        }
        return false
    }

    /// What the word means as one of `kinds`: as it is written, or in lower case.
    func meaning(_ bytes: [UInt8], _ range: Range<Int>, _ kinds: Kinds) -> Meaning? {
        let range = range.clamped(to: 0..<bytes.count)
        guard let hash = LetterHash(bytes, range) else {
            return meaning(String(decoding: bytes[range], as: UTF8.self), kinds)
        }
        guard !self.kinds(of: hash).isDisjoint(with: kinds) else { return nil }
        return find(hash, bytes, range, kinds, isFolded: false) ?? find(hash, bytes, range, kinds, isFolded: true)
    }

    /// The first meaning of `kinds` of the word, as it is written or with the capitals of ASCII made small.
    private func find(
        _ hash: LetterHash,
        _ bytes: [UInt8],
        _ range: Range<Int>,
        _ kinds: Kinds,
        isFolded: Bool
    ) -> Meaning? {
        var number = Int(table.firstByHash[hash.place])
        while number > 0 {
            let word = table.words[number - 1]
            number = word.next
            guard word.name.count == range.count, kinds.contains(word.meaning.kind.asSet) else { continue }
            let isSame = range.indices.allSatisfy { index in
                let byte = isFolded ? Self.lower(bytes[index]) : bytes[index]
                return table.letters[word.name.lowerBound + index - range.lowerBound] == byte
            }
            if isSame { return word.meaning }
        }
        return nil
    }

    private func meaning(_ word: String, _ kinds: Kinds) -> Meaning? {
        if let found = table.meanings[word]?.first(where: { kinds.contains($0.kind.asSet) }) { return found }
        let lower = UnicodeText.lowercased(word)
        return lower == word ? nil : table.meanings[lower]?.first { kinds.contains($0.kind.asSet) }
    }
}
