import GatehouseLanguage
import Glibc

/// One language's words with their frequencies, and its sentences: what synthetic short texts are drawn from.
struct LanguageSource {
    /// Words of a list that are used; rarer ones are mostly foreign names.
    private static let mostWords = 150_000
    private static let mostSentences = 40_000

    /// Texts without accents, and texts with a slip in half of their longer words.
    private static let plainShare = 0.11
    private static let typoShare = 0.04

    let tag: String
    private(set) var words: [[UInt32]] = []
    private(set) var probabilities: [Double] = []
    private let sentences: [[[UInt32]]]
    private let phrases: [[[UInt32]]]
    /// Running sums for drawing: by frequency, and flattened over the words that are this language's own.
    private var byFrequency: [Double] = []
    private var flattened: [Double] = []

    init?(tag: String, folder: String) {
        self.tag = tag
        for line in FileBytes.lines("\(folder)/words/\(tag).tsv").prefix(Self.mostWords) {
            let fields = line.split(separator: "\t")
            guard fields.count == 2, let probability = Double(fields[1]) else { continue }
            let cut = TextWords.words(of: String(fields[0]))
            guard cut.count == 1 else { continue }
            words.append(cut[0])
            probabilities.append(probability)
        }
        sentences = Self.texts("\(folder)/sentences/\(tag).txt")
        phrases = Self.texts("\(folder)/phrases/\(tag).txt")
        if words.isEmpty, sentences.isEmpty, phrases.isEmpty { return nil }
    }

    /// The sources with their drawing sums: a word that another language uses five times as much is drawn by
    /// frequency alone.
    static func weighted(_ sources: [LanguageSource]) -> [LanguageSource] {
        var most: [[UInt32]: Double] = [:]
        for source in sources {
            for (word, probability) in zip(source.words, source.probabilities) {
                most[word] = max(most[word] ?? 0, probability)
            }
        }
        return sources.map { source in
            var source = source
            var sum = 0.0
            var flatSum = 0.0
            for (word, probability) in zip(source.words, source.probabilities) {
                sum += probability
                if probability > 2e-7, probability >= 0.2 * (most[word] ?? 0) { flatSum += pow(probability, 0.45) }
                source.byFrequency.append(sum)
                source.flattened.append(flatSum)
            }
            return source
        }
    }

    /// That of the rarest listed word.
    var leastProbability: Float { Float(probabilities.last ?? 0) }

    /// A text of 1…14 words: a window of a real sentence, or words drawn on their own.
    func draw(_ generator: inout SeededGenerator) -> [[UInt32]] {
        let lengths = [1, 1, 2, 2, 3, 4, 5, 6, 8, 10, 14]
        let length = lengths[generator.below(lengths.count)]
        let sentenceShare = words.isEmpty ? 0.7 : 0.35 * min(1, Double(sentences.count) / 6000)
        let phraseShare = phrases.isEmpty ? 0 : words.isEmpty ? 0.3 : 0.04
        let kind = generator.unit()
        var text: [[UInt32]]
        if kind < sentenceShare, !sentences.isEmpty {
            text = Self.window(of: sentences[generator.below(sentences.count)], length, &generator)
        } else if words.isEmpty || kind < sentenceShare + phraseShare, !phrases.isEmpty {
            text = Self.window(of: phrases[generator.below(phrases.count)], length, &generator)
        } else {
            let isFlat = generator.unit() < 0.5
            text = (0..<length).map { _ in
                word(in: isFlat && generator.unit() < 0.7 ? flattened : byFrequency, generator.unit())
            }
        }
        if generator.unit() < Self.plainShare { text = text.map { $0.map(PlainLetters.plain) } }
        if generator.unit() < Self.typoShare { text = text.map { Self.mistyped($0, &generator) } }
        return text
    }

    private func word(in sums: [Double], _ unit: Double) -> [UInt32] {
        let target = unit * (sums.last ?? 0)
        var low = 0
        var high = sums.count - 1
        while low < high {
            let middle = (low + high) / 2
            if sums[middle] > target { high = middle } else { low = middle + 1 }
        }
        return words[low]
    }

    /// With a letter left out, doubled or exchanged with its neighbour.
    private static func mistyped(_ word: [UInt32], _ generator: inout SeededGenerator) -> [UInt32] {
        guard word.count > 3, generator.unit() < 0.5 else { return word }
        var word = word
        let place = 1 + generator.below(word.count - 2)
        switch generator.below(3) {
        case 0: word.remove(at: place)
        case 1: word.insert(word[place], at: place)
        default: word.swapAt(place, place + 1)
        }
        return word
    }

    private static func window(of text: [[UInt32]], _ length: Int, _ generator: inout SeededGenerator) -> [[UInt32]] {
        let start = generator.below(max(1, text.count - length + 1))
        return Array(text[start..<min(text.count, start + length)])
    }

    private static func texts(_ path: String) -> [[[UInt32]]] {
        FileBytes.lines(path).prefix(mostSentences).map(TextWords.words(of:)).filter { !$0.isEmpty }
    }
}

/// Letters without their accents, as people type who lack the keyboard.
enum PlainLetters {
    static func plain(_ scalar: UInt32) -> UInt32 {
        guard scalar >= 0xC0, scalar < 0x2B0 || (scalar >= 0x1E00 && scalar < 0x1F00) else { return scalar }
        return table[scalar] ?? scalar
    }

    private static let table: [UInt32: UInt32] = {
        var table: [UInt32: UInt32] = [0x111: 0x64, 0x142: 0x6C, 0x131: 0x69, 0xF8: 0x6F, 0xE6: 0x61, 0xDF: 0x73]
        let bases: [(String, String)] = [
            ("a", "àáâãäåāăąǎạảấầẩẫậắằẳẵặ"), ("c", "çćĉċč"), ("d", "ďð"), ("e", "èéêëēĕėęěẹẻẽếềểễệ"), ("g", "ĝğġģ"),
            ("i", "ìíîïĩīĭįỉị"), ("k", "ķ"), ("l", "ĺļľ"), ("n", "ñńņň"), ("o", "òóôõöōŏőơọỏốồổỗộớờởỡợ"), ("r", "ŕŗř"),
            ("s", "śŝşšș"), ("t", "ţťț"), ("u", "ùúûüũūŭůűųưụủứừửữự"), ("y", "ýÿỳỵỷỹ"), ("z", "źżž"), ("e", "ə"),
        ]
        for (base, letters) in bases {
            for letter in letters.unicodeScalars { table[letter.value] = base.unicodeScalars.first?.value }
        }
        return table
    }()
}
