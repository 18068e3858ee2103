import GatehouseCore

/// Phrases to be found in bytes without regard to the case of ASCII letters.
///
/// Other letters are looked for as they stand in the table, with the first letter capital, and all in capitals.
/// A class, since tables are asked of every line and are never copied.
final class PhraseTable: Sendable {
    /// All phrases behind one another, in the order of their first bytes.
    private let letters: [UInt8]
    /// Where each phrase starts in `letters`, and one place more for the end.
    private let bounds: [Int]
    /// The number of the first phrase with each first byte, and one more for the end.
    private let starts: [Int]
    /// For each first byte, in lower case: a bit for each second byte's last five bits, so that most places are passed over
    /// without a comparison.
    private let seconds: [UInt32]

    /// - Parameter phrases: In lower case.
    init(_ phrases: [String]) {
        var byFirstByte = [[[UInt8]]](repeating: [], count: 256)
        for phrase in phrases {
            for bytes in Self.spellings(of: phrase) {
                if let first = bytes.first { byFirstByte[Int(first)].append(bytes) }
            }
        }
        seconds = byFirstByte.map { phrases in
            phrases.reduce(0) { $0 | ($1.count > 1 ? Self.bit(of: $1[1]) : .max) }
        }
        var starts = [0]
        for phrases in byFirstByte { starts.append(starts[starts.count - 1] + phrases.count) }
        self.starts = starts
        let sorted = byFirstByte.flatMap { $0 }
        letters = sorted.flatMap { $0 }
        var bounds = [0]
        for phrase in sorted { bounds.append(bounds[bounds.count - 1] + phrase.count) }
        self.bounds = bounds
    }

    /// As it stands, with a capital, and in capitals: more than one only where letters beyond ASCII have two cases.
    private static func spellings(of phrase: String) -> Set<[UInt8]> {
        guard phrase.utf8.contains(where: { $0 >= 0x80 }) else { return [phrase.utf8.map(asciiLower)] }
        let forms = [phrase, phrase.prefix(1).uppercased() + phrase.dropFirst(), phrase.uppercased()]
        return Set(forms.map { Array($0.utf8.map(asciiLower)) })
    }

    private static func bit(of second: UInt8) -> UInt32 { 1 << UInt32(asciiLower(second) & 31) }

    /// True where `range` starts with one of the phrases.
    @inline(__always)
    func isPrefix(of range: Range<Int>, in bytes: [UInt8]) -> Bool {
        guard let start = range.first, mayStart(at: start, range.upperBound, bytes) else { return false }
        return startsPhrase(range, bytes)
    }

    @inline(__always)
    private func mayStart(at start: Int, _ end: Int, _ bytes: [UInt8]) -> Bool {
        let known = seconds[Int(asciiLower(bytes[start]))]
        return known != 0 && (start &+ 1 >= end || known & Self.bit(of: bytes[start &+ 1]) != 0)
    }

    private func startsPhrase(_ range: Range<Int>, _ bytes: [UInt8]) -> Bool {
        for place in candidates(bytes[range.lowerBound])
        where length(place) <= range.count && isEqual(place, bytes, range.lowerBound) { return true }
        return false
    }

    /// Behind each of the phrases with which `range` starts.
    func prefixEnds(of range: Range<Int>, in bytes: [UInt8]) -> [Int] {
        guard let start = range.first else { return [] }
        return candidates(bytes[start])
            .filter { length($0) <= range.count && isEqual($0, bytes, start) }.map { start + length($0) }
    }

    /// True where `range` is one of the phrases.
    func isWhole(_ range: Range<Int>, in bytes: [UInt8]) -> Bool {
        guard let start = range.first, mayStart(at: start, range.upperBound, bytes) else { return false }
        for place in candidates(bytes[start])
        where length(place) == range.count && isEqual(place, bytes, start) { return true }
        return false
    }

    /// True where one of the phrases stands in `range`.
    func isFound(in range: Range<Int>, of bytes: [UInt8]) -> Bool {
        for start in range
        where mayStart(at: start, range.upperBound, bytes) && startsPhrase(start..<range.upperBound, bytes) {
            return true
        }
        return false
    }

    private func candidates(_ byte: UInt8) -> Range<Int> {
        let place = Int(asciiLower(byte))
        return starts[place]..<starts[place + 1]
    }

    private func length(_ phrase: Int) -> Int { bounds[phrase + 1] - bounds[phrase] }

    private func isEqual(_ phrase: Int, _ bytes: [UInt8], _ start: Int) -> Bool {
        var index = start
        for place in bounds[phrase]..<bounds[phrase + 1] {
            if asciiLower(bytes[index]) != letters[place] { return false }
            index &+= 1
        }
        return true
    }
}
