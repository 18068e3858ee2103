import CTables
/// The words and rules of urgency as `compile-rules` wrote them, used where they lie: nothing is built at start.
///
/// Layout (little endian): `GHUR`, UInt32 version, UInt32 number of parts, then for each part UInt32 offset and bytes.
/// The parts are columns of UInt64, unless said otherwise.
final class UrgencyTable: Sendable {
    /// "GHUR".
    static let magic = 0x5255_4847
    static let version: UInt32 = 2

    enum Part: Int, CaseIterable {
        /// Eight hexadecimal digits of the digest of the sources; UTF-8.
        case digest
        /// Names, one a line; the bit of a concept or a language is its line's number; UTF-8.
        case concepts, languages, ruleNames
        /// `UrgencyRule.encoded`, one behind the other.
        case rules
        /// Plain letters (`PlainLetters`) of the scalars below U+0800 and from U+1E00 to U+1EFF; UInt16.
        case plain, plainExtended
        /// A bit for each word's key.
        case wordFilter
        /// Slots: key of a word → its number; of a beginning; of a step → the state it leads to.
        case words, beginnings, steps
        /// Pairs, by the hash of two letters: a bit for each length in bytes of the beginnings that begin with them, and the
        /// languages of these.
        case beginningLengths
        /// For each word: languages in the lower half, 24 bits the state of a phrase that begins with it, or 0, and the highest
        /// bit where it goes on a phrase.
        case wordRecords
        /// Pairs, for each state: languages of longer phrases, then 24 bits place and 8 bits number of its meanings; and the
        /// words that lead on from it (`continuation`).
        case states
        /// Pairs: concepts, languages.
        case meanings
    }

    let digest: String
    let concepts: [String]
    let languages: [String]
    let ruleNames: [String]
    let rules: TableColumn
    let letters: PlainLetters
    let wordFilter: TableColumn
    let words: TableColumn
    let beginnings: TableColumn
    let steps: TableColumn
    let beginningLengths: TableColumn
    let wordRecords: TableColumn
    let states: TableColumn
    let meanings: TableColumn

    /// The table that `make rules` has compiled into the program; what lies there never goes away.
    static func embedded(_ file: ctables_file, named name: String) -> UrgencyTable {
        guard let table = unsafe UrgencyTable(UnsafeRawBufferPointer(start: file.bytes, count: file.count)) else {
            preconditionFailure("\(name) is not of this version: run `make rules`")
        }
        return table
    }

    /// nil where the bytes are no such table.
    /// - Parameter bytes: Must live as long as the process.
    init?(_ bytes: UnsafeRawBufferPointer) {
        func number(_ index: Int) -> Int {
            unsafe Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)))
        }
        let head = 12 + Part.allCases.count * 8
        guard bytes.count >= head, number(0) == Self.magic, number(1) == Int(Self.version),
            number(2) == Part.allCases.count
        else { return nil }
        var columns: [TableColumn] = []
        for part in Part.allCases {
            let (start, count) = (number(3 + part.rawValue * 2), number(4 + part.rawValue * 2))
            guard start >= head, start + count <= bytes.count, count > 0 || part == .rules || part == .ruleNames else {
                return nil
            }
            unsafe columns.append(TableColumn(UnsafeRawBufferPointer(rebasing: bytes[start..<start + count])))
        }
        func column(_ part: Part) -> TableColumn { columns[part.rawValue] }
        for part in [Part.words, .beginnings, .steps] {
            guard column(part).count > 0, column(part).count & (column(part).count - 1) == 0 else { return nil }
        }
        guard let letters = PlainLetters(column(.plain), column(.plainExtended)) else { return nil }
        self.letters = letters
        digest = column(.digest).text
        concepts = column(.concepts).lines
        languages = column(.languages).lines
        ruleNames = column(.ruleNames).lines
        rules = column(.rules)
        wordFilter = column(.wordFilter)
        words = column(.words)
        beginnings = column(.beginnings)
        steps = column(.steps)
        beginningLengths = column(.beginningLengths)
        wordRecords = column(.wordRecords)
        states = column(.states)
        meanings = column(.meanings)
    }

    func bit(of concept: String) -> UInt64 { concepts.firstIndex(of: concept).map { 1 << UInt64($0 & 63) } ?? 0 }

    /// The bit of a language tag or of its main language (`zh-Hant` → `zh`); 0 for one without a table.
    func languageBit(_ tag: String) -> UInt32 {
        let bytes = tag.utf8.span
        for (index, name) in languages.enumerated() {
            let own = name.utf8.span
            guard bytes.count == own.count || (bytes.count > own.count && bytes[own.count] == 0x2D) else { continue }
            var same = 0
            while same < own.count, bytes[same] == own[same] { same += 1 }
            if same == own.count { return 1 << UInt32(index & 31) }
        }
        return 0
    }

    /// The word with this key in one of the languages, or nil.
    @inline(__always)
    func word(_ key: UInt64, _ languages: UInt32) -> KnownWord? {
        guard wordFilter[Int(truncatingIfNeeded: key >> 38) & 1023] >> (key >> 32 & 63) & 1 == 1 else { return nil }
        return known(words.value(of: key), languages)
    }

    /// The lengths that the beginnings of a word may have, a bit for each.
    /// - Parameter lengthsPlace: `WordHash.lengthsPlace` of its first letters.
    @inline(__always)
    func beginningLengths(_ lengthsPlace: Int, _ languages: UInt32) -> UInt64 {
        let place = lengthsPlace &* 2
        return UInt32(truncatingIfNeeded: beginningLengths[place + 1]) & languages == 0 ? 0 : beginningLengths[place]
    }

    @inline(__always)
    func beginning(_ key: UInt64, _ languages: UInt32) -> KnownWord? { known(beginnings.value(of: key), languages) }

    @inline(__always)
    private func known(_ number: UInt32?, _ languages: UInt32) -> KnownWord? {
        guard let number else { return nil }
        let record = wordRecords[Int(number)]
        return UInt32(truncatingIfNeeded: record) & languages == 0 ? nil : KnownWord(number: number, record: record)
    }

    /// The bit of a word among those that lead on from a state; others share it.
    @inline(__always)
    static func continuation(_ word: UInt32) -> UInt64 { 1 << UInt64(word & 63) }

    /// The concepts of a phrase that ends in `state`, in any of the languages, and the words by which longer ones go on.
    @inline(__always)
    func concepts(at state: UInt32, _ languages: UInt32) -> (concepts: UInt64, continuations: UInt64) {
        let record = states[Int(state) &* 2]
        var concepts: UInt64 = 0
        var place = Int(truncatingIfNeeded: record >> 32 & 0xFF_FFFF) * 2
        for _ in 0..<record >> 56 {
            if UInt32(truncatingIfNeeded: meanings[place + 1]) & languages != 0 { concepts |= meanings[place] }
            place += 2
        }
        let goesOn = UInt32(truncatingIfNeeded: record) & languages != 0
        return (concepts, goesOn ? states[Int(state) &* 2 &+ 1] : 0)
    }
}

/// A word of the table, or the beginning of words.
struct KnownWord {
    var number: UInt32
    /// As in `UrgencyTable.Part.wordRecords`.
    fileprivate(set) var record: UInt64

    /// None.
    init() { (number, record) = (0, 0) }

    fileprivate init(number: UInt32, record: UInt64) { (self.number, self.record) = (number, record) }

    /// The state of the phrase that begins with it; 0: none does.
    @inline(__always)
    var start: UInt32 { UInt32(truncatingIfNeeded: record >> 32 & 0xFF_FFFF) }

    /// Whether it stands in a phrase behind its first word.
    @inline(__always)
    var continues: Bool { record >> 63 == 1 }
}

/// A part of the table; an index outside of it reads 0.
@safe struct TableColumn: Sendable {
    private nonisolated(unsafe) let bytes: UnsafeRawBufferPointer
    /// Where `bytes` begin; not nil where there are any.
    private nonisolated(unsafe) let base: UnsafeRawPointer?
    /// In UInt64.
    let count: Int

    init(_ bytes: UnsafeRawBufferPointer) {
        unsafe self.bytes = bytes
        unsafe base = bytes.baseAddress
        count = bytes.count / 8
    }

    @inline(__always)
    subscript(index: Int) -> UInt64 {
        guard UInt(bitPattern: index) < UInt(bitPattern: count) else { return 0 }
        // There are bytes, so there is a base.
        let place = unsafe base.unsafelyUnwrapped + index &* 8
        return unsafe UInt64(littleEndian: place.loadUnaligned(as: UInt64.self))
    }

    @inline(__always)
    func half(_ index: Int) -> UInt16 {
        guard UInt(bitPattern: index) < UInt(bitPattern: count &* 4) else { return 0 }
        let place = unsafe base.unsafelyUnwrapped + index &* 2
        return unsafe UInt16(littleEndian: place.loadUnaligned(as: UInt16.self))
    }

    /// The value of a key, in a column of slots; their number is a power of two and at least half are empty.
    @inline(__always)
    func value(of key: UInt64) -> UInt32? {
        let mask = count &- 1
        var place = HashSlot.place(key, mask)
        while true {
            let slot = self[place]
            if slot == 0 { return nil }
            if HashSlot.holds(slot, key) { return HashSlot.value(slot) }
            place = (place &+ 1) & mask
        }
    }

    var text: String { unsafe text(0, bytes.count) }

    var lines: [String] {
        var lines: [String] = []
        var start = 0
        let size = unsafe bytes.count
        for index in 0...size {
            let isEnd = unsafe index == size || bytes[index] == 0x0A
            guard isEnd else { continue }
            lines.append(text(start, index))
            start = index + 1
        }
        return lines
    }

    private func text(_ start: Int, _ end: Int) -> String {
        unsafe String(decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self)
    }
}
