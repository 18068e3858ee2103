import GatehouseLanguage

/// A message cut into words and sentences, as places in its folded scalars; no word becomes a String.
///
/// Chinese, kana and Hangul count as one word a character, so that a phrase of them is found anywhere: they write
/// without spaces, or glue particles on. Distances are counted in units: 2 for a word, 1 for such a character.
struct TokenisedText {
    struct Token {
        var start: Int32
        var end: Int32
        /// Units before this token, in the whole text.
        var position: Int32
        var sentence: Int32
    }

    /// A sentence that never ends is cut here.
    private static let longestSentence = 160

    private(set) var tokens: [Token] = []
    private(set) var scalars: [UInt32]
    private let text: String
    private(set) var hasQuestion = false
    private var position: Int32 = 0
    private var sentence: Int32 = 0
    private var tokensInSentence = 0

    /// - Parameter limit: UTF-8 bytes that are read.
    init(_ text: String, limit: Int) {
        self.text = text
        scalars = Self.plainScalars(of: text, limit: limit)
        tokens.reserveCapacity(scalars.count / 4)
        cut()
    }

    /// Folded, without accents; what vanishes is 0, so that places stay the same.
    static func plainScalars(of text: String, limit: Int) -> [UInt32] {
        var scalars = FoldedText.scalars(of: text, limit: limit)
        let plain = PlainScalars.shared
        for index in scalars.indices where scalars[index] >= 0xC0 { scalars[index] = plain.plain(scalars[index]) }
        return scalars
    }

    private mutating func cut() {
        let count = scalars.count
        var index = 0
        var lineStart = 0
        while index < count {
            let scalar = scalars[index]
            if Self.isCharacterWord(scalar) {
                append(index, index + 1, units: 1)
                index += 1
            } else if Self.isLetter(scalar) {
                let start = index
                index = Self.wordEnd(scalars, start, count)
                append(start, index, units: 2)
            } else {
                if Self.endsSentence(scalar) {
                    if scalar == 0x3F || scalar == 0xFF1F || scalar == 0x61F { hasQuestion = true }
                    let isPoint = scalar == 0x2E && index + 1 < count && Self.isLetter(scalars[index + 1])
                    if !isPoint { endSentence() }
                } else if scalar == 0x0A {
                    // A mail wraps its sentences, a chat doesn't: only a short line or an empty one ends here.
                    if index - lineStart < 45 { endSentence() }
                    lineStart = index + 1
                }
                index += 1
            }
        }
    }

    /// Where the word ends that begins at `start`: an elision ("l'argent") ends it, "don't" goes on.
    static func wordEnd(_ scalars: [UInt32], _ start: Int, _ limit: Int) -> Int {
        func run(_ first: Int) -> Int {
            var index = first
            while index < limit, isLetter(scalars[index]), !isCharacterWord(scalars[index]) { index += 1 }
            return index
        }
        let end = run(start)
        guard end < limit, scalars[end] == 0x27, end - start > 2 else { return end }
        let next = run(end + 1)
        return next > end + 1 ? next : end
    }

    private mutating func append(_ start: Int, _ end: Int, units: Int32) {
        tokens.append(Token(start: Int32(start), end: Int32(end), position: position, sentence: sentence))
        position += units
        tokensInSentence += 1
        if tokensInSentence >= Self.longestSentence { endSentence() }
    }

    private mutating func endSentence() {
        if tokensInSentence > 0 { sentence += 1 }
        tokensInSentence = 0
    }

    /// The words from `first` to `last` as the message has them: folding keeps the number of scalars.
    func words(_ first: Int, _ last: Int) -> String {
        let all = text.unicodeScalars
        let start = Int(tokens[first].start)
        let length = Int(tokens[last].end) - start
        let words = all.dropFirst(start).prefix(length)
        return String(String.UnicodeScalarView(words.map { $0 == "\n" ? " " : $0 }))
    }

    @inline(__always)
    static func isLetter(_ scalar: UInt32) -> Bool {
        if scalar < 0x80 { return scalar &- 0x61 < 26 || scalar &- 0x30 < 10 || scalar == 0 }
        return scalar >= 0xC0 && !(scalar >= 0x2000 && scalar < 0x2C00) && !(scalar >= 0x3000 && scalar < 0x3005)
            && !(scalar >= 0x3008 && scalar < 0x3041) && !(scalar >= 0xFF00 && scalar < 0xFF66) && scalar < 0x1_F000
            && scalar != 0x61F && scalar != 0x60C && scalar != 0x61B && scalar != 0x30FB
    }

    @inline(__always)
    static func isCharacterWord(_ scalar: UInt32) -> Bool {
        scalar >= 0x3041 && (scalar < 0xA000 || (scalar >= 0xAC00 && scalar < 0xD7B0))
            || (scalar >= 0x20000 && scalar < 0x32000)
    }

    @inline(__always)
    private static func endsSentence(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x2E, 0x21, 0x3F, 0x3B, 0x3002, 0xFF01, 0xFF1F, 0x61F, 0x2026: true
        default: false
        }
    }
}
