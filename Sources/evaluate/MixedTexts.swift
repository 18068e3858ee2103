import GatehouseCore
import GatehouseLanguage

/// Texts of two languages, joined from sentences of the set: is the set of languages found, no more and no less?
enum MixedTexts {
    private static let count = 1000
    private static let languages = "en es fr de it pt nl pl tr id vi sv fi ro hu cs".split(separator: " ").map(
        String.init
    )

    static func evaluate(_ set: LanguageEvaluation.TextSet, _ identifier: LanguageIdentifier) {
        let sentences = set.texts.filter { languages.contains($0.tag) }.map { tag, lines in
            (tag: tag, lines: lines.filter { (4...9).contains($0.split(separator: " ").count) })
        }.filter { !$0.lines.isEmpty }
        guard sentences.count > 1 else { return }
        var dice = Dice(seed: 11)
        var right = (double: 0, single: 0)
        for _ in 0..<count {
            let first = dice.below(sentences.count)
            let second = (first + 1 + dice.below(sentences.count - 1)) % sentences.count
            let texts = [first, second].map { sentences[$0].lines[dice.below(sentences[$0].lines.count)] }
            let both: Set = [sentences[first].tag, sentences[second].tag]
            if found(texts.joined(separator: " "), identifier) == both { right.double += 1 }
            let more = sentences[first].lines[dice.below(sentences[first].lines.count)]
            if found(texts[0] + " " + more, identifier) == [sentences[first].tag] { right.single += 1 }
        }
        let figures = [right.double, right.single].map { Evaluate.decimal(Double($0) * 100 / Double(count), 1) }
        print("\nTwo sentences of 4 to 9 words, \(sentences.count) languages, set of languages exactly right:")
        print("of two languages \(figures[0]) %, of one \(figures[1]) %.")
    }

    private static func found(_ text: String, _ identifier: LanguageIdentifier) -> Set<String> {
        let result = identifier.analyse(text)
        return Set([result.tag] + result.also)
    }
}
