import CProcessor

/// What the rows of one word's features sum up to, by class, in the order of `ClassSums`.
struct WordSums {
    var vectors = InlineArray<6, SIMD8<Int16>>(repeating: .zero)
}

/// What the rows of a text's features sum up to, by class; at most `ClassSums.most` classes.
struct ClassSums {
    static let most = 48

    /// For sixteen classes the even ones, then the odd ones.
    private var vectors = InlineArray<6, SIMD8<Int32>>(repeating: .zero)

    /// Where a class's sum lies: which vector, and which of its lanes.
    @inline(__always)
    static func place(of index: Int) -> (vector: Int, lane: Int) { (index / 16 * 2 + index % 2, index % 16 / 2) }

    @inline(__always)
    subscript(index: Int) -> Int32 {
        precondition(index >= 0 && index < Self.most)
        let (vector, lane) = Self.place(of: index)
        let offset = (vector * 8 + lane) * 4
        return unsafe withUnsafeBytes(of: vectors) { unsafe $0.load(fromByteOffset: offset, as: Int32.self) }
    }

    @inline(__always)
    mutating func add(_ word: WordSums) {
        for index in 0..<6 { vectors[index] &+= SIMD8<Int32>(truncatingIfNeeded: word.vectors[index]) }
    }

    @inline(__always)
    mutating func add(_ other: ClassSums) {
        for index in 0..<6 { vectors[index] &+= other.vectors[index] }
    }

    @inline(__always)
    mutating func add(quarterOf other: ClassSums) {
        for index in 0..<6 { vectors[index] &+= other.vectors[index] &>> 2 }
    }

    mutating func add(_ value: Int32, at index: Int) {
        let (vector, lane) = Self.place(of: index)
        vectors[vector][lane] &+= value
    }

    /// The first class with the highest sum, and how far the next is behind it.
    @inline(__always)
    func best(of count: Int) -> (class: Int, lead: Int32) {
        var (best, second) = (SIMD8<Int32>(repeating: .min), SIMD8<Int32>(repeating: .min))
        let count = Int32(truncatingIfNeeded: count)
        for index in 0..<6 {
            let sums = cprocessor_below(vectors[index], Self.classes(index), count)
            second = cprocessor_larger_int(second, cprocessor_smaller_int(best, sums))
            best = cprocessor_larger_int(best, sums)
        }
        // Of the eight lanes' two best each.
        var (highest, next) = (Int32.min, Int32.min)
        for lane in 0..<8 {
            next = max(next, min(highest, best[lane]), second[lane])
            highest = max(highest, best[lane])
        }
        var place = Int32(Self.most)
        for index in 0..<6 {
            let sums = cprocessor_below(vectors[index], Self.classes(index), count)
            place = min(place, cprocessor_first(sums, Self.classes(index), highest, Int32(Self.most)))
        }
        return (place < count ? Int(place) : 0, highest &- next)
    }

    /// The classes of a vector's lanes, as `place` has them.
    @inline(__always)
    private static func classes(_ vector: Int) -> SIMD8<Int32> {
        SIMD8(0, 2, 4, 6, 8, 10, 12, 14) &+ Int32(truncatingIfNeeded: vector / 2 * 16 + vector % 2)
    }
}
