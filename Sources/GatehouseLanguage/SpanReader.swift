/// Finds which stretches of a text are in which language.
struct SpanReader: ~Copyable {
    /// Bytes of the text that are read.
    static let limit = 16 * 1024

    /// A word, or a run of characters of a script without spaces.
    struct Word {
        /// Unicode scalars of the text.
        var start: Int32
        var end: Int32
        var script: Script
        var isPasted: Bool
        /// Stands right behind a colon.
        var isIntroduced: Bool
        /// How it was reached on its script's path; nil for a script that the model doesn't decide on.
        var step: LanguagePath.Step?
        var found: Found
    }

    /// What a word was found to be in.
    enum Found: Equatable {
        /// Nothing that counts.
        case nothing
        /// A class of the script's.
        case language(Script, UInt8)
        /// Chinese characters, or kana.
        case chinese
        /// The language that owns the script.
        case only(Script)
    }

    private let identifier: LanguageIdentifier
    private(set) var words: [Word] = []
    private(set) var reader: LanguageReader
    private var paths = InlineArray<4, LanguagePath?>(repeating: nil)
    /// Of what is in Chinese characters or kana.
    private var chinese = ""

    init(_ identifier: LanguageIdentifier, _ cache: WordSumCache) {
        self.identifier = identifier
        reader = LanguageReader(identifier.model, cache)
    }

    /// The BCP 47 tag of what a word was found to be in; empty for nothing.
    func tag(of found: Found) -> String {
        switch found {
        case .nothing: ""
        case .language(let script, let number): identifier.model.section(for: script)?.names[Int(number)] ?? ""
        case .chinese: chinese
        case .only(let script): script.onlyLanguage ?? ""
        }
    }

    /// Whether all words that count are in one language.
    var isOfOneLanguage: Bool {
        var first = Found.nothing
        for word in words where word.found != .nothing {
            if first == .nothing { first = word.found } else if word.found != first { return false }
        }
        return true
    }

    mutating func read(_ text: String) {
        let bytes = text.utf8.span
        let limit = min(bytes.count, Self.limit)
        words.reserveCapacity(limit / 5 + 1)
        var window = TextWindow()
        var scanner = WordScanner()
        var place = 0
        var scalarsBefore = 0
        while place < limit {
            place = window.fill(bytes, from: place, limit: limit)
            let scalars = window.scalars.span
            _ = scanner.scan(scalars, window.count) { piece in
                add(scalars, piece, scalarsBefore)
                return false
            }
            scalarsBefore += window.count
        }
        setTags()
    }

    private mutating func add(_ text: borrowing Span<UInt32>, _ piece: WordScanner.Piece, _ offset: Int) {
        let number = Int(piece.script.rawValue)
        var step: LanguagePath.Step?
        if let sums = reader.addWord(text, piece), number < LanguageReader.modelled {
            if paths[number] == nil { paths[number] = path(of: piece.script) }
            step = paths[number]?.add(sums)
        }
        words.append(
            Word(
                start: Int32(offset + piece.start),
                end: Int32(offset + piece.end),
                script: piece.script,
                isPasted: piece.isPasted,
                isIntroduced: Self.followsColon(text, piece.start),
                step: step,
                found: .nothing
            )
        )
    }

    private func path(of script: Script) -> LanguagePath? {
        guard let section = identifier.model.section(for: script), let preferences = identifier.preferences(of: script)
        else { return nil }
        return LanguagePath(section, preferences)
    }

    /// Whether a colon stands before the place, with nothing but space and quotation marks between.
    private static func followsColon(_ text: borrowing Span<UInt32>, _ start: Int) -> Bool {
        var index = start - 1
        while index >= 0, start - index < 8 {
            switch text[index] {
            case 0x3A, 0xFF1A: return true
            case 0x20, 0x0A, 0x0D, 0x22, 0x27, 0x60, 0xAB, 0x201C, 0x201E, 0x2A, 0x3E: index -= 1
            default: return false
            }
        }
        return false
    }

    /// Walks each script's path back from its last word.
    private mutating func setTags() {
        var classes = InlineArray<4, Int>(repeating: 0)
        for number in 0..<LanguageReader.modelled { classes[number] = paths[number]?.leader ?? 0 }
        chinese = reader.count(.kana) * 10 > reader.count(.han) ? "ja" : HanVariants.tag(of: reader.han).tag
        var index = words.count
        while index > 0 {
            index -= 1
            let script = words[index].script
            if let step = words[index].step {
                let number = Int(script.rawValue)
                words[index].found = .language(script, UInt8(truncatingIfNeeded: classes[number]))
                classes[number] = LanguagePath.before(step, classes[number])
            } else if script == .han || script == .kana {
                words[index].found = .chinese
            } else if script.onlyLanguage != nil {
                words[index].found = .only(script)
            }
        }
    }
}
