/// The likeliest sequence of languages for the words of one script (Viterbi), where each change costs something.
struct LanguagePath {
    /// In nats: less, and a foreign name becomes a span; more, and a short sentence is lost.
    private static let changeCost: Float = 8
    /// In nats: how much one word can say against a language.
    private static let mostPerWord: Float = 12

    /// How one word's best predecessors were chosen.
    struct Step {
        /// The leading class before the word.
        var leader: UInt8
        /// A bit for each class that was reached from itself, not from the leader.
        var stayed: UInt64
    }

    private let classes: Int
    private let changeCost: Int32
    private let mostPerWord: Int32
    private var scores = InlineArray<48, Int32>(repeating: 0)

    init(_ section: LanguageModel.Section, _ preferences: LanguagePreferences) {
        classes = min(section.names.count, ClassSums.most)
        changeCost = Int32(Self.changeCost / max(section.scale, 1e-4))
        mostPerWord = Int32(Self.mostPerWord / max(section.scale, 1e-4))
        for index in 0..<classes {
            scores[index] = Int32(max(-1e6, min(1e6, preferences.values[index] / max(section.scale, 1e-4))))
        }
    }

    mutating func add(_ word: ClassSums) -> Step {
        let leader = self.leader
        let sums = word.inOrder
        let word = sums.span
        var highest = Int32.min
        for index in 0..<classes { highest = max(highest, word[index]) }
        let least = highest &- mostPerWord
        var scores = scores.mutableSpan
        let threshold = scores[leader] &- changeCost
        var stayed: UInt64 = 0
        highest = Int32.min
        for index in 0..<classes {
            let score = scores[index]
            stayed |= score >= threshold ? 1 << UInt64(index) : 0
            let sum = max(score, threshold) &+ max(word[index], least) &- least
            scores[index] = sum
            highest = max(highest, sum)
        }
        // The lead is what counts; sums of a long text must not leave an Int32.
        let lowest = highest &- changeCost &* 2 &- mostPerWord &* 2
        for index in 0..<classes { scores[index] = max(scores[index], lowest) &- lowest }
        return Step(leader: UInt8(leader), stayed: stayed)
    }

    /// The class that the last word most likely has.
    var leader: Int {
        let scores = scores.span
        var best = 0
        var highest = scores[0]
        for index in 1..<max(1, classes) where scores[index] > highest { (best, highest) = (index, scores[index]) }
        return best
    }

    /// The class of the word before one of class `current`.
    static func before(_ step: Step, _ current: Int) -> Int {
        step.stayed >> UInt64(current) & 1 == 1 ? current : Int(step.leader)
    }
}
