import GatehouseCore

/// Phrases to be found in bytes without regard to the case of ASCII letters.
///
/// Other letters are looked for as they stand in the table, with the first letter capital, and all in capitals.
struct PhraseTable: Sendable {
    private var byFirstByte: [[[UInt8]]]
    private var all: [[UInt8]]

    /// - Parameter phrases: In lower case.
    init(_ phrases: [String]) {
        byFirstByte = [[[UInt8]]](repeating: [], count: 256)
        all = []
        for phrase in phrases {
            let forms = Set([phrase, phrase.prefix(1).uppercased() + phrase.dropFirst(), phrase.uppercased()])
            let spelled = Set(forms.map { Array($0.utf8.map(asciiLower)) })
            for bytes in spelled {
                guard let first = bytes.first else { continue }
                byFirstByte[Int(first)].append(bytes)
                all.append(bytes)
            }
        }
    }

    /// True where `range` starts with one of the phrases.
    func isPrefix(of range: Range<Int>, in bytes: [UInt8]) -> Bool {
        guard let start = range.first else { return false }
        for phrase in byFirstByte[Int(asciiLower(bytes[start]))]
        where phrase.count <= range.count && Self.isEqual(phrase, bytes, start) { return true }
        return false
    }

    /// True where `range` is one of the phrases.
    func isWhole(_ range: Range<Int>, in bytes: [UInt8]) -> Bool {
        guard let start = range.first else { return false }
        for phrase in byFirstByte[Int(asciiLower(bytes[start]))]
        where phrase.count == range.count && Self.isEqual(phrase, bytes, start) { return true }
        return false
    }

    /// True where one of the phrases stands in `range`.
    func isFound(in range: Range<Int>, of bytes: [UInt8]) -> Bool {
        let lowered = bytes[range].map(asciiLower)
        return all.contains { ByteSearch.firstIndex(of: $0, in: lowered, 0..<lowered.count) != nil }
    }

    private static func isEqual(_ phrase: [UInt8], _ bytes: [UInt8], _ start: Int) -> Bool {
        for place in 0..<phrase.count where asciiLower(bytes[start &+ place]) != phrase[place] { return false }
        return true
    }
}
