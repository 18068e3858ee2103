import GatehouseCore

/// Phrases to be found in bytes without regard to the case of ASCII letters.
///
/// Other letters are looked for as they stand in the table, with the first letter capital, and all in capitals.
struct PhraseTable: Sendable {
    /// In the order of their first bytes.
    private let phrases: [[UInt8]]
    /// Where the phrases with each first byte start in `phrases`, and one place more for the end.
    private let starts: [Int]

    /// - Parameter phrases: In lower case.
    init(_ phrases: [String]) {
        var byFirstByte = [[[UInt8]]](repeating: [], count: 256)
        for phrase in phrases {
            let forms = Set([phrase, phrase.prefix(1).uppercased() + phrase.dropFirst(), phrase.uppercased()])
            let spelled = Set(forms.map { Array($0.utf8.map(asciiLower)) })
            for bytes in spelled {
                if let first = bytes.first { byFirstByte[Int(first)].append(bytes) }
            }
        }
        var starts = [0]
        for phrases in byFirstByte { starts.append(starts[starts.count - 1] + phrases.count) }
        self.starts = starts
        self.phrases = byFirstByte.flatMap { $0 }
    }

    /// True where `range` starts with one of the phrases.
    func isPrefix(of range: Range<Int>, in bytes: [UInt8]) -> Bool {
        guard let start = range.first else { return false }
        for place in candidates(bytes[start])
        where phrases[place].count <= range.count && Self.isEqual(phrases[place], bytes, start) { return true }
        return false
    }

    /// True where `range` is one of the phrases.
    func isWhole(_ range: Range<Int>, in bytes: [UInt8]) -> Bool {
        guard let start = range.first else { return false }
        for place in candidates(bytes[start])
        where phrases[place].count == range.count && Self.isEqual(phrases[place], bytes, start) { return true }
        return false
    }

    /// True where one of the phrases stands in `range`.
    func isFound(in range: Range<Int>, of bytes: [UInt8]) -> Bool {
        for start in range where isPrefix(of: start..<range.upperBound, in: bytes) { return true }
        return false
    }

    private func candidates(_ byte: UInt8) -> Range<Int> {
        let place = Int(asciiLower(byte))
        return starts[place]..<starts[place + 1]
    }

    private static func isEqual(_ phrase: [UInt8], _ bytes: [UInt8], _ start: Int) -> Bool {
        for place in 0..<phrase.count where asciiLower(bytes[start &+ place]) != phrase[place] { return false }
        return true
    }
}
