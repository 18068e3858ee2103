import GatehouseLanguage
import Glibc

/// Softmax regression over hashed features, by stochastic gradient descent with one AdaGrad rate per row.
///
/// A text's scores are the plain sum of its features' rows: dividing by their number costs accuracy on words.
struct LinearTrainer {
    private static let rate: Float = 0.35

    private let classes: Int
    private let rowBits: Int
    /// Vectors of 8 in a row.
    private let width: Int
    private var weights: [SIMD8<Float>]
    private var squares: [Float]

    init(classes: Int, rowBits: Int) {
        self.classes = classes
        self.rowBits = rowBits
        width = (classes + 7) / 8
        weights = Array(repeating: .zero, count: width << rowBits)
        squares = Array(repeating: 0, count: 1 << rowBits)
    }

    mutating func train(on sources: [LanguageSource], texts: Int) {
        var generator = SeededGenerator(seed: 20_260_101)
        var features: [UInt32] = []
        var right = 0
        var seen = 0
        for round in 0..<texts {
            let label = generator.below(sources.count)
            features.removeAll(keepingCapacity: true)
            for word in sources[label].draw(&generator) { WordFeatures.append(word[...], to: &features) }
            guard !features.isEmpty else { continue }
            let progress = Float(round) / Float(texts)
            if step(features, label, rate: Self.rate * (1 - 0.95 * progress)) { right += 1 }
            seen += 1
            if seen == 500_000 {
                TrainLanguage.complain(
                    "\(round + 1) of \(texts) texts, \(right * 1000 / seen) per mille right before learning"
                )
                (right, seen) = (0, 0)
            }
        }
    }

    /// - Returns: Whether the text was classified rightly before the step.
    private mutating func step(_ features: [UInt32], _ label: Int, rate: Float) -> Bool {
        let mask = UInt32(1) << UInt32(rowBits) - 1
        var scores = [SIMD8<Float>](repeating: .zero, count: width)
        for feature in features {
            let row = Int(feature & mask) * width
            for vector in 0..<width { scores[vector] += weights[row + vector] }
        }
        var best = 0
        for index in 0..<classes where scores[index / 8][index % 8] > scores[best / 8][best % 8] { best = index }
        let top = scores[best / 8][best % 8]
        var total: Float = 0
        for index in 0..<classes {
            let value = expf(scores[index / 8][index % 8] - top)
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
        for feature in features {
            let index = Int(feature & mask)
            squares[index] += square
            let size = rate / (squares[index] + 1e-4).squareRoot()
            for vector in 0..<width { weights[index * width + vector] -= scores[vector] * size }
        }
        return best == label
    }

    /// The weights as Int8 with one scale for all; outliers beyond 8 standard deviations are cut.
    func quantised() -> QuantisedWeights {
        var square = 0.0
        var count = 0.0
        var most: Float = 0
        for vector in weights {
            for lane in 0..<8 where vector[lane] != 0 {
                square += Double(vector[lane] * vector[lane])
                count += 1
                most = max(most, abs(vector[lane]))
            }
        }
        let clip = min(most, Float(8 * (square / max(count, 1)).squareRoot()))
        let scale = max(clip, 1e-6) / 127
        let rows = weights.flatMap { vector in
            (0..<8).map { lane in UInt8(bitPattern: Int8(max(-127, min(127, (vector[lane] / scale).rounded())))) }
        }
        return QuantisedWeights(rows: rows, stride: width * 8, rowBits: rowBits, scale: scale)
    }
}

struct QuantisedWeights {
    var rows: [UInt8]
    var stride: Int
    var rowBits: Int
    var scale: Float
}
