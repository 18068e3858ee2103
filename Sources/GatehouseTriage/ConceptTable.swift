import CTables

/// The words of each concept in each language, ready for the scan.
///
/// Source: `Sources/CTables/data/urgency/<language>.tsv`, lines of `CONCEPT<TAB>phrase, phrase, …`. A word that ends in
/// `*` stands for all words that begin so; `#` begins a comment; `@language xx` opens a language's part.
struct ConceptTable: Sendable {
    /// What a phrase means, where it ends.
    struct Meaning: Sendable {
        var concepts: UInt64
        /// A bit for each language that has the phrase.
        var languages: UInt32
    }

    private(set) var concepts: [String] = []
    private(set) var languages: [String] = []
    /// Lines that could not be read; a test holds this empty.
    private(set) var faults: [String] = []

    /// Hash of a whole word → number of the word; hash of a beginning → number of the beginning.
    private(set) var words = HashIndex([:])
    private(set) var beginnings = HashIndex([:])
    /// state << 32 | word → state: the phrases as a tree.
    private(set) var steps = HashIndex([:])
    /// What ends in a state: `meanings[ends[state]..<ends[state + 1]]`.
    private var meanings: [Meaning] = []
    private var ends: [Int32] = [0, 0]

    static let mostConcepts = 64
    static let mostLanguages = 32

    init(_ table: [UInt8]) {
        var builder = Builder()
        for line in table.split(separator: 0x0A) {
            guard let first = line.first, first != 0x23 else { continue }
            let text = String(decoding: line, as: UTF8.self)
            if !builder.read(text) { faults.append(text) }
        }
        concepts = builder.concepts
        languages = builder.languages
        words = HashIndex(builder.words)
        beginnings = HashIndex(builder.beginnings)
        steps = HashIndex(builder.steps)
        meanings = builder.meanings.flatMap(\.self)
        ends = [0]
        for list in builder.meanings { ends.append(ends[ends.count - 1] + Int32(list.count)) }
    }

    /// The concepts of a phrase that ends in `state`, in any of the languages.
    @inline(__always)
    func concepts(at state: UInt32, _ languages: UInt32) -> UInt64 {
        var concepts: UInt64 = 0
        for index in Int(ends[Int(state)])..<Int(ends[Int(state) + 1]) where meanings[index].languages & languages != 0
        {
            concepts |= meanings[index].concepts
        }
        return concepts
    }

    func bit(of concept: String) -> UInt64? { concepts.firstIndex(of: concept).map { 1 << UInt64($0) } }

    /// The bit of a language tag or of its main language (`zh-Hant` → `zh`); 0 for one without a table.
    func languageBit(_ tag: String) -> UInt32 {
        let main = tag.prefix { $0 != "-" }
        return languages.firstIndex { $0 == main }.map { 1 << UInt32($0) } ?? 0
    }

    @inline(__always)
    static func stepKey(_ state: UInt32, _ word: UInt32) -> UInt64 {
        WordHash.finish(WordHash.step(WordHash.step(WordHash.start, state), word))
    }
}

extension ConceptTable {
    /// Collects the table line by line.
    private struct Builder {
        var concepts: [String] = []
        var languages: [String] = []
        var words: [UInt64: UInt32] = [:]
        var beginnings: [UInt64: UInt32] = [:]
        var steps: [UInt64: UInt32] = [:]
        var meanings: [[Meaning]] = [[]]
        private var nextWord: UInt32 = 1
        private var language: UInt32 = 0

        /// - Returns: Whether the line was understood.
        mutating func read(_ line: String) -> Bool {
            if line.hasPrefix("@language ") { return open(String(line.dropFirst(10))) }
            let fields = line.split(separator: "\t")
            guard fields.count == 2, language != 0, let concept = number(of: String(fields[0])) else { return false }
            for phrase in fields[1].split(separator: ",") where !add(phrase, 1 << UInt64(concept)) { return false }
            return true
        }

        private mutating func open(_ tag: String) -> Bool {
            guard !languages.contains(tag), languages.count < mostLanguages else { return false }
            language = 1 << UInt32(languages.count)
            languages.append(tag)
            return true
        }

        private mutating func number(of concept: String) -> Int? {
            if let index = concepts.firstIndex(of: concept) { return index }
            guard concepts.count < mostConcepts else { return nil }
            concepts.append(concept)
            return concepts.count - 1
        }

        private mutating func add(_ phrase: Substring, _ concept: UInt64) -> Bool {
            var state: UInt32 = 0
            for part in phrase.split(separator: " ") {
                let isBeginning = part.hasSuffix("*")
                let text = TokenisedText(String(isBeginning ? part.dropLast() : part), limit: 256)
                for (index, token) in text.tokens.enumerated() {
                    let hash = text.hash(token)
                    let word = number(of: hash, isBeginning: isBeginning && index == text.tokens.count - 1)
                    state = next(state, word)
                }
            }
            guard state != 0 else { return false }
            if let index = meanings[Int(state)].firstIndex(where: { $0.languages == language }) {
                meanings[Int(state)][index].concepts |= concept
            } else {
                meanings[Int(state)].append(Meaning(concepts: concept, languages: language))
            }
            return true
        }

        private mutating func number(of hash: UInt64, isBeginning: Bool) -> UInt32 {
            if let known = isBeginning ? beginnings[hash] : words[hash] { return known }
            if isBeginning { beginnings[hash] = nextWord } else { words[hash] = nextWord }
            nextWord += 1
            return nextWord - 1
        }

        private mutating func next(_ state: UInt32, _ word: UInt32) -> UInt32 {
            let key = stepKey(state, word)
            if let known = steps[key] { return known }
            meanings.append([])
            steps[key] = UInt32(meanings.count - 1)
            return UInt32(meanings.count - 1)
        }
    }
}

extension TokenisedText {
    /// The hash of a whole word, as the table has it.
    func hash(_ token: Token) -> UInt64 {
        var hash = WordHash.start
        for index in Int(token.start)..<Int(token.end) where scalars[index] != 0 && scalars[index] != 0x27 {
            hash = WordHash.step(hash, scalars[index])
        }
        return WordHash.finish(hash)
    }
}
