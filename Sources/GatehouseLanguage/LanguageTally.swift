/// The sums of one script's classes over the words that were read.
struct LanguageTally {
    let section: LanguageModel.Section
    private(set) var sums: ClassSums
    private(set) var words = 0
    /// Whether one language led so far that what follows can hardly turn it.
    private(set) var isDecided = false

    private var features = WordFeatures()

    /// In nats.
    private static let decidingLead: Float = 30
    /// Words between two looks at the lead.
    private static let wordsPerLook = 16

    init(_ section: LanguageModel.Section) {
        self.section = section
        sums = ClassSums(stride: section.stride)
    }

    /// - Returns: Whether the language is decided, so that no further word is needed.
    @inline(__always)
    mutating func add<Letter: UnsignedInteger & FixedWidthInteger>(
        _ text: borrowing Span<Letter>,
        _ first: Int,
        _ end: Int
    ) -> Bool {
        features.read(text, first, end)
        section.add(features, to: &sums)
        words += 1
        guard words % Self.wordsPerLook == 0 else { return false }
        isDecided = Float(sums.best(of: section.names.count).lead) * section.scale > Self.decidingLead
        return isDecided
    }
}
