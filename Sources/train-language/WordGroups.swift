/// Puts words with like boosts into groups: k-means with a weight for each value.
struct WordGroups {
    private static let rounds = 8
    private static let sampleSize = 80_000

    /// The mean boosts of each group; group 0 stays empty.
    private(set) var centres: [[Float]]
    /// Centres by class and then group, for eight groups at a time.
    private var columns: [[SIMD8<Float>]] = []
    private let classes: Int

    /// - Parameter words: The most helpful first.
    init(_ words: [VocabularyBuilder.Word], count: Int, classes: Int) {
        self.classes = classes
        let stride = max(1, words.count / Self.sampleSize)
        let sample = Swift.stride(from: 0, to: words.count, by: stride).map { words[$0] }
        var generator = SeededGenerator(seed: 7)
        centres = (0..<count).map { _ in
            // Half of them from the most helpful tenth.
            let bound = generator.unit() < 0.5 ? max(1, sample.count / 10) : sample.count
            return sample.isEmpty ? [Float](repeating: 0, count: classes) : sample[generator.below(bound)].boosts
        }
        for _ in 0..<Self.rounds { improve(sample) }
        setColumns()
    }

    private mutating func improve(_ sample: [VocabularyBuilder.Word]) {
        setColumns()
        var sums = [[Float]](repeating: [Float](repeating: 0, count: classes), count: centres.count)
        var weights = sums
        for word in sample {
            let group = nearest(word)
            let gain = word.gain.squareRoot()
            for index in 0..<classes {
                let weight = word.importances[index] * gain
                sums[group][index] += weight * word.boosts[index]
                weights[group][index] += weight
            }
        }
        for group in centres.indices where weights[group][0] > 0 {
            for index in 0..<classes { centres[group][index] = sums[group][index] / weights[group][index] }
        }
    }

    private mutating func setColumns() {
        columns = (0..<classes).map { index in
            stride(from: 0, to: centres.count, by: 8).map { first in
                var vector = SIMD8<Float>(repeating: 100)
                for lane in 0..<min(8, centres.count - first) { vector[lane] = centres[first + lane][index] }
                return vector
            }
        }
    }

    /// The group whose boosts cost the word least.
    func nearest(_ word: VocabularyBuilder.Word) -> Int {
        var costs = [SIMD8<Float>](repeating: .zero, count: (centres.count + 7) / 8)
        for index in 0..<classes {
            let weight = SIMD8<Float>(repeating: word.importances[index])
            let boost = SIMD8<Float>(repeating: word.boosts[index])
            let column = columns[index]
            for vector in costs.indices {
                let difference = column[vector] - boost
                costs[vector] += weight * difference * difference
            }
        }
        var best = 0
        var least = Float.infinity
        for group in centres.indices where costs[group / 8][group % 8] < least {
            (best, least) = (group, costs[group / 8][group % 8])
        }
        return best
    }
}
