/// The words of each concept in each language, ready for the scan.
///
/// Source: `Sources/CTables/data/urgency/<language>.tsv`, lines of `CONCEPT<TAB>phrase, phrase, …`. A word that ends in
/// `*` stands for all words that begin so; `#` begins a comment; `@language xx` opens a language's part.
struct ConceptTable: Sendable {
    /// What a phrase means, where it ends, and in which language.
    struct Meaning: Sendable {
        var concepts: UInt64
        var languages: UInt32
        /// The same phrase in another language, or -1.
        var next: Int32
    }

    /// In lower case, as everything here is folded.
    fileprivate(set) var concepts: [String] = []
    fileprivate(set) var languages: [String] = []
    /// Lines that could not be read; a test holds this empty.
    fileprivate(set) var faults: [String] = []

    /// Hash of a whole word → number of the word; hash of a beginning → number of the beginning.
    fileprivate(set) var words = HashIndex(sizeBits: 14)
    fileprivate(set) var beginnings = HashIndex(sizeBits: 13)
    /// state, word → state: the phrases as a tree.
    fileprivate(set) var steps = HashIndex(sizeBits: 15)
    fileprivate var meanings: [Meaning] = []
    /// For each state its first meaning, or -1.
    fileprivate var heads: [Int32] = [-1]

    static let mostConcepts = 64
    static let mostLanguages = 32

    init(_ table: [UInt8]) {
        var builder = ConceptTableBuilder(
            TokenisedText.plainScalars(of: String(decoding: table, as: UTF8.self), limit: .max)
        )
        builder.fill(&self)
    }

    func bit(of concept: String) -> UInt64? {
        concepts.firstIndex(of: concept.lowercased()).map { 1 << UInt64($0) }
    }

    /// The bit of a language tag or of its main language (`zh-Hant` → `zh`); 0 for one without a table.
    func languageBit(_ tag: String) -> UInt32 {
        let main = tag.prefix { $0 != "-" }
        return languages.firstIndex { $0 == main }.map { 1 << UInt32($0) } ?? 0
    }

    /// The concepts of a phrase that ends in `state`, in any of the languages.
    @inline(__always)
    func concepts(at state: UInt32, _ languages: UInt32) -> UInt64 {
        var concepts: UInt64 = 0
        var index = heads[Int(state)]
        while index >= 0 {
            let meaning = meanings[Int(index)]
            if meaning.languages & languages != 0 { concepts |= meaning.concepts }
            index = meaning.next
        }
        return concepts
    }

    @inline(__always)
    static func stepKey(_ state: UInt32, _ word: UInt32) -> UInt64 {
        WordHash.finish(WordHash.step(WordHash.step(WordHash.start, state), word))
    }
}

/// Reads the table's folded scalars line by line, without a string for each word: a process may start for each mail.
private struct ConceptTableBuilder {
    private let text: [UInt32]
    private var nextWord: UInt32 = 1
    private var language: UInt32 = 0
    private var conceptsByHash: [UInt64: Int] = [:]

    init(_ text: [UInt32]) { self.text = text }

    mutating func fill(_ table: inout ConceptTable) {
        var start = 0
        while start < text.count {
            let end = find(0x0A, from: start, to: text.count)
            if end > start, text[start] != 0x23, !read(start, end, &table) { table.faults.append(string(start, end)) }
            start = end + 1
        }
    }

    /// - Returns: Whether the line was understood.
    private mutating func read(_ start: Int, _ end: Int, _ table: inout ConceptTable) -> Bool {
        if text[start] == 0x40 {  // @language
            let tag = string(find(0x20, from: start, to: end) + 1, end)
            guard !tag.isEmpty, !table.languages.contains(tag), table.languages.count < ConceptTable.mostLanguages
            else {
                return false
            }
            language = 1 << UInt32(table.languages.count)
            table.languages.append(tag)
            return true
        }
        let tab = find(0x09, from: start, to: end)
        guard tab < end, language != 0, let concept = number(of: start, tab, &table) else { return false }
        var phrase = tab + 1
        while phrase <= end {
            let comma = find(0x2C, from: phrase, to: end)
            guard add(phrase, comma, 1 << UInt64(concept), &table) else { return false }
            phrase = comma + 1
        }
        return true
    }

    private mutating func number(of start: Int, _ end: Int, _ table: inout ConceptTable) -> Int? {
        let key = hash(start, end)
        if let known = conceptsByHash[key] { return known }
        guard table.concepts.count < ConceptTable.mostConcepts else { return nil }
        conceptsByHash[key] = table.concepts.count
        table.concepts.append(string(start, end))
        return table.concepts.count - 1
    }

    /// Cuts a phrase as `TokenisedText` cuts a message, and hangs it into the tree.
    private mutating func add(_ start: Int, _ end: Int, _ concept: UInt64, _ table: inout ConceptTable) -> Bool {
        var state: UInt32 = 0
        var index = start
        while index < end {
            let isCharacter = TokenisedText.isCharacterWord(text[index])
            guard isCharacter || TokenisedText.isLetter(text[index]) else {
                index += 1
                continue
            }
            let stop = isCharacter ? index + 1 : TokenisedText.wordEnd(text, index, end)
            let isBeginning = stop < end && text[stop] == 0x2A
            state = next(state, number(hash(index, stop), isBeginning, &table), &table)
            index = stop
        }
        guard state != 0 else { return false }
        let head = table.heads[Int(state)]
        if head >= 0, table.meanings[Int(head)].languages == language {
            table.meanings[Int(head)].concepts |= concept
        } else {
            table.heads[Int(state)] = Int32(table.meanings.count)
            table.meanings.append(.init(concepts: concept, languages: language, next: head))
        }
        return true
    }

    private mutating func number(_ hash: UInt64, _ isBeginning: Bool, _ table: inout ConceptTable) -> UInt32 {
        if let known = isBeginning ? table.beginnings.value(of: hash) : table.words.value(of: hash) { return known }
        if isBeginning { table.beginnings.insert(hash, nextWord) } else { table.words.insert(hash, nextWord) }
        nextWord += 1
        return nextWord - 1
    }

    private func next(_ state: UInt32, _ word: UInt32, _ table: inout ConceptTable) -> UInt32 {
        let key = ConceptTable.stepKey(state, word)
        if let known = table.steps.value(of: key) { return known }
        let new = UInt32(table.heads.count)
        table.heads.append(-1)
        table.steps.insert(key, new)
        return new
    }

    /// The hash that the scanner makes of the same word.
    private func hash(_ start: Int, _ end: Int) -> UInt64 {
        var hash = WordHash.start
        for index in start..<end where text[index] != 0 && text[index] != 0x27 {
            hash = WordHash.step(hash, text[index])
        }
        return WordHash.finish(hash)
    }

    private func find(_ scalar: UInt32, from start: Int, to end: Int) -> Int {
        var index = start
        while index < end, text[index] != scalar { index += 1 }
        return index
    }

    private func string(_ start: Int, _ end: Int) -> String {
        guard start < end else { return "" }
        return String(String.UnicodeScalarView(text[start..<end].compactMap(Unicode.Scalar.init)))
    }
}
