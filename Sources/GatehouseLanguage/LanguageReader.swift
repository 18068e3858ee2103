/// What the words of a text say, added up while it is read: letters by script, sums by language.
struct LanguageReader: ~Copyable {
    /// Scripts that the model decides on.
    static let modelled = 4
    /// Words after which it is seen for the first time, and then again and again, whether the language is decided.
    private static let firstLook = 12
    private static let wordsPerLook = 6
    /// In nats: with such a lead what follows can hardly turn it.
    private static let decidingLead: Float = 25

    /// By script.
    private let weights: InlineArray<4, LanguageModel.Weights>
    private let hanVariants: LanguageModel.Weights
    private var features = WordFeatures()
    /// By script, in quarters: what may be somebody else's counts for one.
    private var letters = InlineArray<28, Int32>(repeating: 0)
    /// By script.
    private var own = InlineArray<4, ClassSums>(repeating: ClassSums())
    private var pasted = InlineArray<4, ClassSums>(repeating: ClassSums())
    private var ownWords = InlineArray<4, Int>(repeating: 0)
    private var pastedWords = InlineArray<4, Int>(repeating: 0)
    private(set) var han = HanCount()

    private let cache: WordSumCache

    /// - Parameter cache: Nobody else's while this one reads.
    init(_ model: LanguageModel, _ cache: WordSumCache) {
        self.cache = cache
        weights = model.weights
        hanVariants = model.hanVariants
    }

    /// - Returns: Whether the language is decided, so that no further word is needed.
    @inline(__always)
    mutating func add(_ text: borrowing Span<UInt32>, _ piece: WordScanner.Piece) -> Bool {
        let script = Int(piece.script.rawValue)
        letters[script] &+= Int32(truncatingIfNeeded: (piece.end - piece.start) * (piece.isPasted ? 1 : 4))
        guard piece.script.isModelled else {
            if piece.script == .han { han.add(text, piece.start, piece.end, hanVariants) }
            return false
        }
        let section = weights[script]
        guard section.classes > 0 else { return false }
        let sums = sums(of: section, text, piece)
        if piece.isPasted {
            pasted[script].add(sums)
            pastedWords[script] += 1
            return false
        }
        own[script].add(sums)
        ownWords[script] += 1
        let words = ownWords[script]
        guard words >= Self.firstLook, words % Self.wordsPerLook == 0 else { return false }
        return Float(own[script].best(of: section.classes).lead) * section.scale > Self.decidingLead
    }

    /// The sums of one word, which are added too; nil for a script that the model doesn't decide on.
    @inline(__always)
    mutating func addWord(_ text: borrowing Span<UInt32>, _ piece: WordScanner.Piece) -> WordSums? {
        let script = Int(piece.script.rawValue)
        guard piece.script.isModelled, weights[script].classes > 0 else {
            _ = add(text, piece)
            return nil
        }
        let section = weights[script]
        letters[script] &+= Int32(truncatingIfNeeded: (piece.end - piece.start) * (piece.isPasted ? 1 : 4))
        let sums = sums(of: section, text, piece)
        if piece.isPasted {
            pasted[script].add(sums)
            pastedWords[script] += 1
        } else {
            own[script].add(sums)
            ownWords[script] += 1
        }
        return sums
    }

    @inline(__always)
    private mutating func sums(
        of section: LanguageModel.Weights,
        _ text: borrowing Span<UInt32>,
        _ piece: WordScanner.Piece
    ) -> WordSums {
        guard let key = WordSumCache.Key(text, piece.start, piece.end) else {
            features.read(text, piece.start, piece.end)
            return section.sums(of: &features)
        }
        if let known = cache.sums(of: key) { return known }
        features.read(text, piece.start, piece.end)
        let sums = section.sums(of: &features)
        cache.keep(sums, of: key)
        return sums
    }

    /// The script with the most weight, or `none` where there was no letter.
    var mainScript: Script {
        var best = Script.none
        var most = 0
        let chinese = (count(.han) + count(.kana)) * Script.han.weight
        for number in 0..<Int(Script.none.rawValue) where letters[number] > 0 {
            let script = Script(rawValue: UInt8(number)) ?? .none
            let weight = script == .han || script == .kana ? chinese : count(script) * script.weight
            if weight > most { (best, most) = (script, weight) }
        }
        return best
    }

    func count(_ script: Script) -> Int { Int(letters[Int(script.rawValue)]) }

    /// The sums of a script's classes: those of the writer's own words where they say enough.
    ///
    /// Words in quotation marks may be somebody else's, such as an error message, and are heard only a little.
    func sums(of script: Script, in section: LanguageModel.Section) -> ClassSums? {
        let number = Int(script.rawValue)
        guard number < Self.modelled, ownWords[number] + pastedWords[number] > 0 else { return nil }
        if ownWords[number] == 0 { return pasted[number] }
        if pastedWords[number] == 0 { return own[number] }
        // Against the language of what is quoted, not against a sister of the writer's own.
        let count = section.names.count
        let quoted = pasted[number].best(of: count).class
        let lead = Float(own[number][own[number].best(of: count).class] &- own[number][quoted]) * section.scale
        if ownWords[number] > 1, lead > Self.ownLead { return own[number] }
        var sums = own[number]
        sums.add(quarterOf: pasted[number])
        return sums
    }

    /// In nats: with such a lead two own words and more need no quoted ones.
    private static let ownLead: Float = 2.5
}

/// Chinese characters that only one of the two ways of writing has.
struct HanCount {
    private(set) var simplified = 0
    private(set) var traditional = 0

    mutating func add(_ text: borrowing Span<UInt32>, _ start: Int, _ end: Int, _ map: LanguageModel.Weights) {
        for index in start..<end {
            switch HanVariants.kind(of: text[index], in: map) {
            case 1: simplified += 1
            case 2: traditional += 1
            default: break
            }
        }
    }
}
