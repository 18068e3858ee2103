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
        var (best, second) = (Int32.min, Int32.min)
        var place = 0
        // As they lie in memory: a lane that is picked by a number known only at run time would copy all of them.
        unsafe withUnsafeBytes(of: vectors) { bytes in
            for number in 0..<Self.most {
                let index = number / 16 * 16 + number % 8 * 2 + number / 8 % 2
                guard index < count else { continue }
                let sum = unsafe bytes.load(fromByteOffset: number &* 4, as: Int32.self)
                if sum > best || sum == best && index < place {
                    (second, best, place) = (best, sum, index)
                } else if sum > second {
                    second = sum
                }
            }
        }
        return (place, best &- second)
    }
}
