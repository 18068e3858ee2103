import CProcessor

/// The likeliest sequence of languages for the words of one script (Viterbi), where each change costs something.
///
/// Scores lie as `WordSums` has its sums, and are counted from the least that still matters, so that they fit two bytes.
struct LanguagePath {
    private typealias Vector = SIMD8<Int16>

    /// In nats: less, and a foreign name becomes a span; more, and a short sentence is lost.
    private static let changeCost: Float = 8
    /// In nats: how much one word can say against a language.
    private static let mostPerWord: Float = 12
    /// Less than any score or sum.
    private static let nothing: Int16 = -0x7FFF
    /// One more word still fits.
    private static let mostScore: Int16 = 0x6000

    /// How one word's best predecessors were chosen.
    struct Step {
        /// The leading class before the word.
        fileprivate var leader: UInt8
        /// In each lane a bit for each vector: its class was reached from itself, not from the leader.
        fileprivate var stayed: SIMD8<Int16>
    }

    private let changeCost: Int16
    private let mostPerWord: Int16
    private var scores = InlineArray<6, SIMD8<Int16>>(repeating: .zero)
    /// All bits set where there is a class.
    private var present = InlineArray<6, SIMD8<Int16>>(repeating: .zero)
    /// `nothing` where there is none.
    private var absent = InlineArray<6, SIMD8<Int16>>(repeating: SIMD8(repeating: Self.nothing))
    /// The class that the last word most likely has.
    private(set) var leader = 0
    private var leadingScore: Int16 = 0

    init(_ section: LanguageModel.Section, _ preferences: LanguagePreferences) {
        let scale = max(section.scale, 1e-4)
        changeCost = Int16(min(4000, Self.changeCost / scale))
        mostPerWord = Int16(min(4000, Self.mostPerWord / scale))
        for index in 0..<min(section.names.count, ClassSums.most) {
            let (vector, lane) = ClassSums.place(of: index)
            (present[vector][lane], absent[vector][lane]) = (-1, 0)
            scores[vector][lane] = Int16(max(-8000, min(8000, preferences.values[index] / scale)))
        }
        for index in 0..<6 { scores[index] = (scores[index] & present[index]) | absent[index] }
        lead()
    }

    @inline(__always)
    mutating func add(_ word: WordSums) -> Step {
        var best = Vector(repeating: Self.nothing)
        for index in 0..<6 { best = cprocessor_larger(best, (word.vectors[index] & present[index]) | absent[index]) }
        let highest = Int32(cprocessor_largest(best))
        let lowest = max(Int32(Self.nothing), highest &- Int32(mostPerWord))
        let least = Vector(repeating: Int16(truncatingIfNeeded: lowest))
        let threshold = Vector(repeating: leadingScore &- changeCost)
        var stayed = Vector.zero
        for index in 0..<6 {
            let score = scores[index]
            let isBehind = cprocessor_more(threshold, score)
            stayed |= ~isBehind & Vector(repeating: 1 &<< Int16(truncatingIfNeeded: index))
            // Where there is no class the sums say nothing, and the score stays behind the leader's.
            let said = (cprocessor_larger(word.vectors[index], least) &- least) & present[index]
            scores[index] = ((threshold & isBehind) | (score & ~isBehind)) &+ said
        }
        let step = Step(leader: UInt8(truncatingIfNeeded: leader), stayed: stayed)
        lead()
        return step
    }

    /// Finds the leader; of equals the one that led before, or else the first.
    @inline(__always)
    private mutating func lead() {
        var best = Vector(repeating: Self.nothing)
        for index in 0..<6 { best = cprocessor_larger(best, scores[index]) }
        let highest = cprocessor_largest(best)
        if score(of: leader) != highest { leader = (0..<ClassSums.most).first { score(of: $0) == highest } ?? 0 }
        leadingScore = highest
        if highest > Self.mostScore { lower() }
    }

    /// Counts all from the least that still matters: sums of a long text must not leave an Int16.
    private mutating func lower() {
        // What is behind by more than a change is counted from the leader the next time.
        let lowest = Vector(repeating: leadingScore &- changeCost &- mostPerWord)
        for index in 0..<6 { scores[index] = cprocessor_larger(scores[index], lowest) &- lowest }
        leadingScore = changeCost &+ mostPerWord
    }

    @inline(__always)
    private func score(of index: Int) -> Int16 {
        let (vector, lane) = ClassSums.place(of: index)
        return unsafe withUnsafeBytes(of: scores) { bytes in
            unsafe bytes.load(fromByteOffset: vector &* 16 &+ lane &* 2, as: Int16.self)
        }
    }

    /// The class of the word before one of class `current`.
    static func before(_ step: Step, _ current: Int) -> Int {
        let (vector, lane) = ClassSums.place(of: current)
        return step.stayed[lane] >> Int16(vector) & 1 == 1 ? current : Int(step.leader)
    }
}
