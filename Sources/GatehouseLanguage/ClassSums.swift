/// What the rows of a text's features sum up to, by class; at most `ClassSums.most` classes.
struct ClassSums {
    static let most = 48

    /// For sixteen classes the even ones, then the odd ones.
    private var vectors = InlineArray<6, SIMD8<Int32>>(repeating: .zero)

    subscript(index: Int) -> Int32 { vectors[index / 16 * 2 + index % 2][index % 16 / 2] }

    @inline(__always)
    mutating func add(_ even: SIMD8<Int16>, _ odd: SIMD8<Int16>, _ vector: Int) {
        vectors[vector * 2] &+= SIMD8<Int32>(truncatingIfNeeded: even)
        vectors[vector * 2 + 1] &+= SIMD8<Int32>(truncatingIfNeeded: odd)
    }

    @inline(__always)
    mutating func add(_ other: ClassSums) {
        for index in 0..<6 { vectors[index] &+= other.vectors[index] }
    }

    @inline(__always)
    mutating func add(quarterOf other: ClassSums) {
        for index in 0..<6 { vectors[index] &+= other.vectors[index] &>> 2 }
    }

    mutating func add(_ value: Int32, at index: Int) { vectors[index / 16 * 2 + index % 2][index % 16 / 2] &+= value }

    /// The first class with the highest sum, and how far the next is behind it.
    func best(of count: Int) -> (class: Int, lead: Int32) {
        var (best, second) = (Int32.min, Int32.min)
        var place = 0
        for index in 0..<count {
            let sum = self[index]
            if sum > best {
                (second, best, place) = (best, sum, index)
            } else if sum > second {
                second = sum
            }
        }
        return (place, best &- second)
    }
}
