/// "Did you mean …?" for keys, commands and names.
package enum Suggestion {
    /// The candidate that is most like `word`, or nil where none is near.
    ///
    /// Near means: about one wrong, missing, doubled or swapped character for every three.
    package static func nearest(to word: String, among candidates: [String]) -> String? {
        let scalars = Array(word.lowercased().unicodeScalars.prefix(65))
        guard !scalars.isEmpty, scalars.count <= 64 else { return nil }
        var best: (name: String, distance: Int)?
        for candidate in candidates {
            let other = Array(candidate.lowercased().unicodeScalars)
            let bound = max(1, max(scalars.count, other.count) / 3)
            guard abs(other.count - scalars.count) <= bound else { continue }
            let distance = distance(scalars, other)
            if distance <= bound, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.name
    }

    /// The optimal string alignment distance: changes, insertions, deletions and swaps of neighbours.
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in 1...left.count {
            var current = [row]
            for column in right.indices {
                let cost = left[row - 1] == right[column] ? 0 : 1
                var best = min(last[column] + cost, last[column + 1] + 1, current[column] + 1)
                if row > 1, column > 0, left[row - 1] == right[column - 1], left[row - 2] == right[column] {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
