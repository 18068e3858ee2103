import GatehouseCore

/// Makes the table that triage reads (`UrgencyTable`) of the tables that people write.
///
/// Words: lines of `CONCEPT<TAB>phrase, phrase, …`. A word that ends in `*` stands for all words that begin so, `{a|b}` for
/// either (`PhraseForms`); `#` begins a comment; `@language xx` opens a language's part. Rules: see `UrgencyRule`.
package struct UrgencyCompiler {
    /// Lines that could not be read.
    package private(set) var faults: [String] = []
    /// What `UrgencyTable` reads.
    package private(set) var table: [UInt8] = []

    private var concepts: [String] = []
    private var languages: [String] = []
    private var phrases = PhraseTree()

    private static let mostConcepts = 64
    private static let mostLanguages = 32

    /// - Parameter notes: Lines kept as they are, instead of rules over concepts.
    package init(words: [UInt8], notes: [UInt8]) {
        readWords(words)
        let lines = notes.split(separator: 0x0A).filter { $0.first != 0x23 }
        finish(digest: words + notes, ruleNames: lines.map { String(decoding: $0, as: UTF8.self) }, rules: [])
    }

    package init(words: [UInt8], rules: [UInt8]) {
        readWords(words)
        var names: [String] = []
        var encoded: [UInt64] = []
        for line in rules.split(separator: 0x0A) where line.first != 0x23 {
            let text = String(decoding: line, as: UTF8.self)
            guard let rule = UrgencyRule(text, concepts: concepts) else {
                faults.append(text)
                continue
            }
            names.append(rule.name)
            encoded += rule.encoded
        }
        finish(digest: words + rules, ruleNames: names, rules: encoded)
    }

    private mutating func readWords(_ words: [UInt8]) {
        for line in words.split(separator: 0x0A) where line.first != 0x23 {
            if !read(String(decoding: line, as: UTF8.self)) { faults.append(String(decoding: line, as: UTF8.self)) }
        }
    }

    private mutating func finish(digest: [UInt8], ruleNames: [String], rules: [UInt64]) {
        var parts: [UrgencyTable.Part: [UInt8]] = [:]
        parts[.digest] = Array(SHA256.hex(of: digest).utf8.prefix(8))
        parts[.concepts] = Self.lines(concepts)
        parts[.languages] = Self.lines(languages)
        parts[.ruleNames] = Self.lines(ruleNames)
        parts[.rules] = rules.bytes
        parts[.plain] = PlainLetterTable.bytes(0..<PlainLetters.alphabetsEnd)
        parts[.plainExtended] = PlainLetterTable.bytes(PlainLetters.extendedRange)
        phrases.write(into: &parts, &faults)
        table = Self.file(parts)
    }

    /// - Returns: Whether the line was understood.
    private mutating func read(_ line: String) -> Bool {
        if line.hasPrefix("@") {
            let tag = String(line.drop { $0 != " " }.dropFirst())
            guard !tag.isEmpty, !languages.contains(tag), languages.count < Self.mostLanguages else { return false }
            languages.append(tag)
            return true
        }
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
        guard fields.count == 2, !languages.isEmpty, let concept = number(of: fields[0].lowercased()) else {
            return false
        }
        for phrase in fields[1].split(separator: ",", omittingEmptySubsequences: false) {
            guard let forms = PhraseForms.all(phrase) else { return false }
            for form in forms {
                let scalars = PlainLetterTable.scalars(of: form)
                guard phrases.add(scalars, concept: concept, language: languages.count - 1) else { return false }
            }
        }
        return true
    }

    private mutating func number(of concept: String) -> Int? {
        if let known = concepts.firstIndex(of: concept) { return known }
        guard concepts.count < Self.mostConcepts, !concept.isEmpty else { return nil }
        concepts.append(concept)
        return concepts.count - 1
    }

    private static func lines(_ names: [String]) -> [UInt8] { Array(names.joined(separator: "\n").utf8) }

    private static func file(_ parts: [UrgencyTable.Part: [UInt8]]) -> [UInt8] {
        var head = [UInt32(UrgencyTable.magic), UrgencyTable.version, UInt32(UrgencyTable.Part.allCases.count)]
        var body: [UInt8] = []
        let start = 12 + UrgencyTable.Part.allCases.count * 8
        for part in UrgencyTable.Part.allCases {
            let bytes = parts[part] ?? []
            while (start + body.count) % 8 != 0 { body.append(0) }
            head += [UInt32(start + body.count), UInt32(bytes.count)]
            body += bytes
        }
        return head.bytes + body
    }
}

extension Array where Element: FixedWidthInteger {
    /// Little endian.
    fileprivate var bytes: [UInt8] {
        flatMap { number in (0..<Element.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) } }
    }
}

/// The phrases of all languages as one tree, whose branches are words.
private struct PhraseTree {
    private struct State {
        /// Languages of longer phrases.
        var goesOn: UInt32 = 0
        /// Concepts by language.
        var meanings: [Int: UInt64] = [:]
    }

    private struct Step: Hashable {
        var state: UInt32
        var word: UInt32
    }

    private struct Word {
        var key: UInt64
        /// Of its first letters.
        var lengthsPlace: Int
        /// Bytes that `lengthsPlace` is made of.
        var shortestBeginning: Int
        /// In bytes.
        var length: Int
        var isBeginning: Bool
        var languages: UInt32 = 0
    }

    /// State 0 is the root, word 0 none.
    private var states = [State()]
    private var words = [Word(key: 0, lengthsPlace: 0, shortestBeginning: 0, length: 0, isBeginning: false)]
    private var numbers: [[UInt32]: UInt32] = [:]
    private var steps: [Step: UInt32] = [:]

    /// Cuts a phrase as `PhraseScanner` cuts a message, and hangs it into the tree.
    /// - Returns: Whether there was a word in it.
    mutating func add(_ scalars: [UInt32], concept: Int, language: Int) -> Bool {
        var state: UInt32 = 0
        var index = 0
        while index < scalars.count {
            let isCharacter = PlainLetters.isCharacterWord(scalars[index])
            guard isCharacter || PlainLetters.isLetter(scalars[index]) else {
                index += 1
                continue
            }
            let stop = isCharacter ? index + 1 : Self.wordEnd(scalars, index)
            let isBeginning = stop < scalars.count && scalars[stop] == 0x2A
            let word = number(scalars[index..<stop].filter { $0 != 0 && $0 != 0x27 }, isBeginning)
            words[Int(word)].languages |= 1 << UInt32(language)
            states[Int(state)].goesOn |= 1 << UInt32(language)
            state = next(Step(state: state, word: word))
            index = stop
        }
        guard state != 0 else { return false }
        states[Int(state)].meanings[language, default: 0] |= 1 << UInt64(concept)
        return true
    }

    /// The rule of `WordReader.read`.
    private static func wordEnd(_ scalars: [UInt32], _ start: Int) -> Int {
        func run(_ first: Int) -> Int {
            var index = first
            while index < scalars.count, PlainLetters.isLetter(scalars[index]),
                !PlainLetters.isCharacterWord(scalars[index])
            {
                index += 1
            }
            return index
        }
        let end = run(start)
        guard end < scalars.count, scalars[end] == 0x27, end - start > 2 else { return end }
        let next = run(end + 1)
        return next > end + 1 ? next : end
    }

    private mutating func number(_ letters: [UInt32], _ isBeginning: Bool) -> UInt32 {
        let name = letters + (isBeginning ? [0x2A] : [])
        if let known = numbers[name] { return known }
        let new = UInt32(words.count)
        numbers[name] = new
        var bytes = WordBytes()
        for letter in letters { bytes.append(letter) }
        words.append(
            Word(
                key: bytes.key(bytes.count),
                lengthsPlace: WordHash.lengthsPlace(bytes.firstBlock),
                shortestBeginning: bytes.firstBlock & 0x80 == 0 ? 2 : 4,
                length: bytes.count,
                isBeginning: isBeginning
            )
        )
        return new
    }

    private mutating func next(_ step: Step) -> UInt32 {
        if let known = steps[step] { return known }
        let new = UInt32(states.count)
        steps[step] = new
        states.append(State())
        return new
    }

    func write(into parts: inout [UrgencyTable.Part: [UInt8]], _ faults: inout [String]) {
        var filter = [UInt64](repeating: 0, count: 1024)
        var lengths = [UInt64](repeating: 0, count: 2048)
        let continuing = Set(steps.keys.filter { $0.state != 0 }.map(\.word))
        var records: [UInt64] = []
        for (number, word) in words.enumerated() {
            let start = UInt64(steps[Step(state: 0, word: UInt32(number))] ?? 0) << 32
            records.append(start | UInt64(word.languages) | (continuing.contains(UInt32(number)) ? 1 << 63 : 0))
            if word.isBeginning {
                lengths[word.lengthsPlace * 2] |= 1 << UInt64(min(63, word.length))
                lengths[word.lengthsPlace * 2 + 1] |= UInt64(word.languages)
                if word.length < word.shortestBeginning || word.length > 63 {
                    faults.append("\(spelling(number)): a beginning has \(word.shortestBeginning) to 63 bytes")
                }
            } else if number > 0 {
                filter[Int(truncatingIfNeeded: word.key >> 38) & 1023] |= 1 << (word.key >> 32 & 63)
            }
        }
        let numbered = words.enumerated().dropFirst()
        let whole = numbered.filter { !$0.element.isBeginning }.map { ($0.element.key, UInt32($0.offset)) }
        let beginnings = numbered.filter(\.element.isBeginning).map { ($0.element.key, UInt32($0.offset)) }
        let keyed = steps.sorted { $0.value < $1.value }.map { (WordHash.ofStep($0.key.state, $0.key.word), $0.value) }
        parts[.words] = Self.slots(whole, &faults).bytes
        parts[.beginnings] = Self.slots(beginnings, &faults).bytes
        parts[.steps] = Self.slots(keyed, &faults).bytes
        parts[.wordFilter] = filter.bytes
        parts[.beginningLengths] = lengths.bytes
        parts[.wordRecords] = records.bytes
        writeStates(into: &parts)
    }

    /// For whoever has to mend it.
    private func spelling(_ word: Int) -> String {
        let scalars = numbers.first { $0.value == UInt32(word) }?.key ?? []
        return String(String.UnicodeScalarView(scalars.compactMap(Unicode.Scalar.init)))
    }

    private func writeStates(into parts: inout [UrgencyTable.Part: [UInt8]]) {
        var records: [UInt64] = []
        var meanings: [UInt64] = []
        var continuations = [UInt64](repeating: 0, count: states.count)
        for step in steps.keys { continuations[Int(step.state)] |= UrgencyTable.continuation(step.word) }
        for (number, state) in states.enumerated() {
            let place = UInt64(meanings.count / 2) << 32 | UInt64(state.meanings.count) << 56
            records += [place | UInt64(state.goesOn), continuations[number]]
            for (language, concepts) in state.meanings.sorted(by: { $0.key < $1.key }) {
                meanings += [concepts, 1 << UInt64(language)]
            }
        }
        parts[.states] = records.bytes
        parts[.meanings] = meanings.bytes
    }

    /// A hash table at most half full; two keys that the slots cannot tell apart are a fault.
    private static func slots(_ entries: [(key: UInt64, value: UInt32)], _ faults: inout [String]) -> [UInt64] {
        var size = 16
        while size < entries.count * 2 { size *= 2 }
        var slots = [UInt64](repeating: 0, count: size)
        for (key, value) in entries {
            var place = HashSlot.place(key, size - 1)
            while slots[place] != 0 {
                if HashSlot.holds(slots[place], key) { faults.append("two words with the hash \(key)") }
                place = (place + 1) & (size - 1)
            }
            if value > HashSlot.mostValue { faults.append("more words than a slot can number") }
            slots[place] = HashSlot.make(key, value)
        }
        return slots
    }
}
