/// Matches digits against a pattern of the numbering-plan table.
///
/// The table's notation: `d` any digit, `[2-47]` a class, `(:…)` a group, `(…)` a captured group, `|`, `?`, `{n}`,
/// `{n,m}`, `$` the end. Choices are tried from left to right and repetitions take as much as they can, which the
/// table's rules for trunk prefixes rely on. Recursion is bounded by the pattern, which is ours, not by the input.
struct PhoneNumberPattern: Sendable {
    let pattern: [UInt8]

    struct Match: Equatable {
        /// Where the match ends.
        var end: Int
        /// What each captured group took; nil for one that took no part.
        var groups: [Range<Int>?]
    }

    init(_ pattern: ArraySlice<UInt8>) { self.pattern = Array(pattern) }

    var isEmpty: Bool { pattern.isEmpty }
    /// How many captured groups there are.
    var groupCount: Int {
        pattern.indices.count {
            pattern[$0] == UInt8(ascii: "(") && $0 + 1 < pattern.count && pattern[$0 + 1] != UInt8(ascii: ":")
        }
    }

    func matchesWhole(_ digits: ArraySlice<UInt8>) -> Bool {
        !isEmpty && digits.count <= 20 && firstMatch(digits, whole: true) != nil
    }

    /// The match at the start of `digits`; its positions are indices of `digits`.
    func prefixMatch(_ digits: ArraySlice<UInt8>) -> Match? {
        isEmpty || digits.count > 40 ? nil : firstMatch(digits, whole: false)
    }

    private func firstMatch(_ digits: ArraySlice<UInt8>, whole: Bool) -> Match? {
        var run = Run(pattern: pattern, digits: digits, groups: Array(repeating: nil, count: groupCount))
        var end = digits.startIndex
        let found = run.alternatives(0, pattern.count, digits.startIndex) { _, position in
            end = position
            return !whole || position == digits.endIndex
        }
        return found ? Match(end: end, groups: run.groups) : nil
    }

    /// One attempt. Each step calls `next` with the position it reached, and is true once the rest matched too.
    private struct Run {
        typealias Next = (inout Run, Int) -> Bool

        let pattern: [UInt8]
        let digits: ArraySlice<UInt8>
        var groups: [Range<Int>?]

        mutating func alternatives(_ start: Int, _ end: Int, _ position: Int, _ next: Next) -> Bool {
            var branch = start
            var index = start
            var depth = 0
            while index <= end {
                if index == end || depth == 0 && pattern[index] == UInt8(ascii: "|") {
                    if sequence(branch, index, position, next) { return true }
                    branch = index + 1
                } else if pattern[index] == UInt8(ascii: "(") {
                    depth += 1
                } else if pattern[index] == UInt8(ascii: ")") {
                    depth -= 1
                }
                index += 1
            }
            return false
        }

        private mutating func sequence(_ start: Int, _ end: Int, _ position: Int, _ next: Next) -> Bool {
            guard start < end else { return next(&self, position) }
            if pattern[start] == UInt8(ascii: "$") {
                return position == digits.endIndex && sequence(start + 1, end, position, next)
            }
            let atomEnd = self.atomEnd(start, end)
            let (least, most, rest) = quantifier(atomEnd, end)
            return repetition(start..<atomEnd, least, most, rest, end, position, next)
        }

        private mutating func repetition(
            _ atom: Range<Int>,
            _ least: Int,
            _ most: Int,
            _ rest: Int,
            _ end: Int,
            _ position: Int,
            _ next: Next
        ) -> Bool {
            if most > 0 {
                let matched = one(atom, position) { run, reached in
                    (reached > position || least > 0)
                        && run.repetition(atom, max(least - 1, 0), most - 1, rest, end, reached, next)
                }
                if matched { return true }
            }
            return least == 0 && sequence(rest, end, position, next)
        }

        /// One digit, class or group.
        private mutating func one(_ atom: Range<Int>, _ position: Int, _ next: Next) -> Bool {
            let first = pattern[atom.lowerBound]
            if first == UInt8(ascii: "(") { return group(atom, position, next) }
            guard position < digits.endIndex else { return false }
            let digit = digits[position]
            let fits =
                switch first {
                case UInt8(ascii: "d"): true
                case UInt8(ascii: "["): classHolds(digit, atom)
                default: first == digit
                }
            return fits && next(&self, position + 1)
        }

        private mutating func group(_ atom: Range<Int>, _ position: Int, _ next: Next) -> Bool {
            let inner = atom.lowerBound + 1
            if inner < atom.upperBound, pattern[inner] == UInt8(ascii: ":") {
                return alternatives(inner + 1, atom.upperBound - 1, position, next)
            }
            let number = pattern[..<atom.lowerBound].indices.count {
                pattern[$0] == UInt8(ascii: "(") && pattern[$0 + 1] != UInt8(ascii: ":")
            }
            let before = groups[number]
            let matched = alternatives(inner, atom.upperBound - 1, position) { run, reached in
                let outer = run.groups[number]
                run.groups[number] = position..<reached
                if next(&run, reached) { return true }
                run.groups[number] = outer
                return false
            }
            if !matched { groups[number] = before }
            return matched
        }

        private func classHolds(_ digit: UInt8, _ atom: Range<Int>) -> Bool {
            var index = atom.lowerBound + 1
            while index < atom.upperBound - 1 {
                if index + 2 < atom.upperBound - 1, pattern[index + 1] == UInt8(ascii: "-") {
                    if pattern[index] <= digit, digit <= pattern[index + 2] { return true }
                    index += 3
                } else {
                    if pattern[index] == digit { return true }
                    index += 1
                }
            }
            return false
        }

        private func atomEnd(_ start: Int, _ end: Int) -> Int {
            switch pattern[start] {
            case UInt8(ascii: "["):
                return (pattern[start..<end].firstIndex(of: UInt8(ascii: "]")) ?? end - 1) + 1
            case UInt8(ascii: "("):
                var depth = 0
                for index in start..<end {
                    if pattern[index] == UInt8(ascii: "(") { depth += 1 }
                    if pattern[index] == UInt8(ascii: ")") { depth -= 1 }
                    if depth == 0 { return index + 1 }
                }
                return end
            default: return start + 1
            }
        }

        /// `?`, `{n}`, `{n,m}` or nothing at `start`: the bounds, and where the pattern goes on.
        private func quantifier(_ start: Int, _ end: Int) -> (least: Int, most: Int, rest: Int) {
            guard start < end else { return (1, 1, start) }
            if pattern[start] == UInt8(ascii: "?") { return (0, 1, start + 1) }
            guard pattern[start] == UInt8(ascii: "{") else { return (1, 1, start) }
            var numbers = [0]
            var index = start + 1
            while index < end, pattern[index] != UInt8(ascii: "}") {
                if pattern[index] == UInt8(ascii: ",") {
                    numbers.append(0)
                } else {
                    numbers[numbers.count - 1] = min(numbers[numbers.count - 1] * 10 + Int(pattern[index] & 15), 99)
                }
                index += 1
            }
            return (numbers[0], numbers[numbers.count - 1], min(index + 1, end))
        }
    }
}
