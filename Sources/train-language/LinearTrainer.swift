import GatehouseLanguage
import Glibc

/// Softmax regression over hashed features and word groups, by stochastic gradient descent with one AdaGrad rate per row.
///
/// A text's scores are the plain sum of its features' rows: dividing by their number costs accuracy on words.
struct LinearTrainer {
    private static let rate: Float = 0.35
    /// How often a known word is left to its character sequences, so that these learn it too.
    private static let groupDropout = 0.25

    /// As if a group's weights had been learned already: the steps correct them and don't turn them over.
    private static let adoptedSquare: Float = 20

    let classes: Int
    private let rowBits: Int
    /// Vectors of 8 in a row.
    private let width: Int
    private var weights: [SIMD8<Float>]
    private var squares: [Float]
    private var scores: [SIMD8<Float>]
    private var vocabulary: WordTable?
    private var generator = SeededGenerator(seed: 20_260_101)
    private var rows: [Int] = []
    private var hashes: [UInt32] = []

    init(classes: Int, rowBits: Int) {
        self.classes = classes
        self.rowBits = rowBits
        width = (classes + 7) / 8
        weights = Array(repeating: .zero, count: width << rowBits)
        squares = Array(repeating: 0, count: 1 << rowBits)
        scores = Array(repeating: .zero, count: width)
    }

    /// Takes the vocabulary's groups as further rows, with the weights that it proposes.
    mutating func adopt(_ table: WordTable, groups: [[Float]]) {
        vocabulary = table
        for group in groups {
            for vector in 0..<width {
                var values = SIMD8<Float>.zero
                for lane in 0..<min(8, classes - vector * 8) { values[lane] = group[vector * 8 + lane] }
                weights.append(values)
            }
            squares.append(Self.adoptedSquare)
        }
    }

    /// - Parameter progress: The part of the whole training that these texts are, which sets the rate.
    mutating func train(on sources: [LanguageSource], texts: Int, progress: ClosedRange<Float>) {
        var right = 0
        var seen = 0
        for round in 0..<texts {
            let label = generator.below(sources.count)
            rows.removeAll(keepingCapacity: true)
            for word in sources[label].draw(&generator) { appendRows(word) }
            guard !rows.isEmpty else { continue }
            let part = progress.lowerBound + (progress.upperBound - progress.lowerBound) * Float(round) / Float(texts)
            if step(label, rate: Self.rate * (1 - 0.97 * part)) { right += 1 }
            seen += 1
            if seen == 1_000_000 {
                TrainLanguage.complain(
                    "\(round + 1) of \(texts) texts, \(right / 1000) per mille right before learning"
                )
                (right, seen) = (0, 0)
            }
        }
    }

    private mutating func appendRows(_ word: [UInt32]) {
        hashes.removeAll(keepingCapacity: true)
        let key = WordFeatures.append(word[...], to: &hashes)
        let mask = UInt32(1) << UInt32(rowBits) - 1
        for hash in hashes { rows.append(Int(hash & mask)) }
        guard let group = vocabulary?.group(of: key), group != 0, generator.unit() >= Self.groupDropout else { return }
        rows.append(1 << rowBits + group)
    }

    /// The logarithm of each class's odds by a word's character sequences alone.
    mutating func scores(of word: [UInt32]) -> [Float] {
        hashes.removeAll(keepingCapacity: true)
        _ = WordFeatures.append(word[...], to: &hashes)
        let mask = UInt32(1) << UInt32(rowBits) - 1
        rows.removeAll(keepingCapacity: true)
        for hash in hashes { rows.append(Int(hash & mask)) }
        sumRows()
        return (0..<classes).map { scores[$0 / 8][$0 % 8] }
    }

    private mutating func sumRows() {
        for vector in 0..<width { scores[vector] = .zero }
        for index in rows {
            for vector in 0..<width { scores[vector] += weights[index &* width &+ vector] }
        }
    }

    /// - Returns: Whether the text was classified rightly before the step.
    private mutating func step(_ label: Int, rate: Float) -> Bool {
        sumRows()
        var best = 0
        for index in 0..<classes where scores[index / 8][index % 8] > scores[best / 8][best % 8] { best = index }
        let top = scores[best / 8][best % 8]
        var total: Float = 0
        for index in 0..<classes {
            let difference = scores[index / 8][index % 8] - top
            let value = difference < -20 ? 0 : expf(difference)
            scores[index / 8][index % 8] = value
            total += value
        }
        var square: Float = 0
        for vector in 0..<width {
            scores[vector] /= total
            if label / 8 == vector { scores[vector][label % 8] -= 1 }
            if vector == width - 1 { for lane in classes - vector * 8..<8 { scores[vector][lane] = 0 } }
            square += (scores[vector] * scores[vector]).sum()
        }
        // What is known already teaches nothing.
        guard square > 1e-7 else { return best == label }
        for index in rows {
            squares[index] += square
            let size = rate / (squares[index] + 1e-4).squareRoot()
            for vector in 0..<width { weights[index &* width &+ vector] -= scores[vector] * size }
        }
        return best == label
    }

    /// The weights as Int8, with one scale for all hashed rows (outliers beyond 8 standard deviations are cut) and that
    /// times a power of two for the groups.
    func quantised() -> QuantisedWeights {
        let hashed = weights[..<(width << rowBits)]
        var square = 0.0
        var count = 0.0
        var most: Float = 0
        for vector in hashed {
            for lane in 0..<8 where vector[lane] != 0 {
                square += Double(vector[lane] * vector[lane])
                count += 1
                most = max(most, abs(vector[lane]))
            }
        }
        let clip = min(most, Float(8 * (square / max(count, 1)).squareRoot()))
        let scale = max(clip, 1e-6) / 127
        let groups = weights[(width << rowBits)...]
        let highest = groups.reduce(Float(0)) { most, vector in
            (0..<8).reduce(most) { max($0, abs(vector[$1])) }
        }
        var shift = 0
        while shift < 7, highest > scale * 127 * Float(1 << shift) { shift += 1 }
        return QuantisedWeights(
            rows: bytes(hashed, scale) + bytes(groups, scale * Float(1 << shift)),
            stride: width * 8,
            rowBits: rowBits,
            scale: scale,
            groups: groups.count / width,
            groupShift: shift,
            slots: vocabulary?.bytes ?? []
        )
    }

    private func bytes(_ vectors: ArraySlice<SIMD8<Float>>, _ scale: Float) -> [UInt8] {
        vectors.flatMap { vector in
            (0..<8).map { lane in UInt8(bitPattern: Int8(max(-127, min(127, (vector[lane] / scale).rounded())))) }
        }
    }
}

struct QuantisedWeights {
    /// Those of the hashes, then those of the groups.
    var rows: [UInt8]
    var stride: Int
    var rowBits: Int
    var scale: Float
    var groups: Int
    var groupShift: Int
    var slots: [UInt8]
}
