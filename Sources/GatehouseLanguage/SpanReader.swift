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
        var step: LanguagePath.Step?
        /// What it was found to be in; empty: nothing that counts.
        var tag = ""
    }

    private let identifier: LanguageIdentifier
    private(set) var words: [Word] = []
    private(set) var reader: LanguageReader
    private var paths: [LanguagePath?]

    init(_ identifier: LanguageIdentifier) {
        self.identifier = identifier
        reader = LanguageReader(identifier.model)
        paths = (0..<LanguageReader.modelled).map { number in
            guard let script = Script(rawValue: UInt8(number)), let section = identifier.model.section(for: script),
                let preferences = identifier.preferences(of: script)
            else { return nil }
            return LanguagePath(section, preferences)
        }
    }

    mutating func read(_ text: String) {
        let bytes = text.utf8.span
        let limit = min(bytes.count, Self.limit)
        words.reserveCapacity(limit / 6)
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
        var word = Word(
            start: Int32(offset + piece.start),
            end: Int32(offset + piece.end),
            script: piece.script,
            isPasted: piece.isPasted,
            isIntroduced: Self.followsColon(text, piece.start)
        )
        if let sums = reader.addWord(text, piece) { word.step = paths[Int(piece.script.rawValue)]?.add(sums) }
        words.append(word)
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
        var classes = paths.map { $0?.leader ?? 0 }
        let chinese = reader.count(.kana) * 10 > reader.count(.han) ? "ja" : HanVariants.tag(of: reader.han).tag
        for index in words.indices.reversed() {
            let script = words[index].script
            if let step = words[index].step {
                let number = Int(script.rawValue)
                let names = identifier.model.section(for: script)?.names ?? []
                if classes[number] < names.count { words[index].tag = names[classes[number]] }
                classes[number] = LanguagePath.before(step, classes[number])
            } else {
                words[index].tag = script == .han || script == .kana ? chinese : script.onlyLanguage ?? ""
            }
        }
    }
}
