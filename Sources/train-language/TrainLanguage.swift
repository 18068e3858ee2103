import GatehouseLanguage
import Glibc

/// Makes the table of the language model: `train-language TEXTS OPENCC OUTPUT [TEXTS-PER-LANGUAGE]`.
///
/// The folder `TEXTS` holds `words/<tag>.tsv`, `sentences/<tag>.txt` and `phrases/<tag>.txt`; `OPENCC` holds OpenCC's
/// `STCharacters.txt` and `TSCharacters.txt`. The same data gives the same bytes.
@main
enum TrainLanguage {
    /// Texts for each language, and the part of them that is seen before the vocabulary is chosen.
    private static let standardTexts = 350_000
    private static let shareBeforeWords: Float = 0.4

    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count >= 4 else {
            complain("usage: train-language TEXTS OPENCC OUTPUT [TEXTS-PER-LANGUAGE]")
            exit(64)
        }
        let folder = arguments[1]
        let textsPerLanguage = arguments.count > 4 ? Int(arguments[4]) ?? standardTexts : standardTexts
        var table = ModelTable()
        for plan in TrainingPlan.all {
            let sources = plan.languages.compactMap { LanguageSource(tag: $0, folder: folder) }
            guard sources.count == plan.languages.count else {
                complain("no data for one of \(plan.languages.joined(separator: " ")) in \(folder)")
                exit(66)
            }
            table.add(
                train(plan, LanguageSource.weighted(sources), textsPerLanguage),
                script: plan.script,
                names: plan.languages
            )
        }
        guard let map = HanMap.bytes(folder: arguments[2]) else {
            complain("no OpenCC tables in \(arguments[2])")
            exit(66)
        }
        table.addMap(map)
        guard FileBytes.write(table.bytes(), to: arguments[3]) else {
            complain("cannot write \(arguments[3])")
            exit(73)
        }
    }

    /// First the character sequences alone, then the words that they get wrong, then both together.
    private static func train(_ plan: TrainingPlan, _ sources: [LanguageSource], _ texts: Int) -> QuantisedWeights {
        var trainer = LinearTrainer(classes: sources.count, rowBits: plan.rowBits)
        let total = texts * sources.count
        let share = Self.shareBeforeWords
        trainer.train(on: sources, texts: Int(Float(total) * share), progress: 0...share)
        if plan.slots > 0 {
            let words = VocabularyBuilder.words(of: sources, &trainer, count: plan.slots * 4 / 5)
            complain("\(words.count) words, the least helpful by \(words.last?.gain ?? 0)")
            let groups = WordGroups(words, count: plan.groups, classes: sources.count)
            complain("grouped")
            var table = WordTable(slots: plan.slots)
            var left = 0
            for word in words where !table.insert(word.key, group: 1 + groups.nearest(word)) { left += 1 }
            complain("\(left) words left out")
            trainer.adopt(table, groups: [[Float](repeating: 0, count: sources.count)] + groups.centres)
        }
        trainer.train(on: sources, texts: Int(Float(total) * (1 - share)), progress: share...1)
        return trainer.quantised()
    }

    static func complain(_ words: String) {
        let line = Array((words + "\n").utf8)
        _ = unsafe Glibc.write(2, line, line.count)
    }
}

/// Which languages compete for a script, and how many rows their table gets.
struct TrainingPlan {
    var script: Script
    var languages: [String]
    var rowBits: Int
    /// Places for words in the vocabulary, four fifths of which are filled; 0: no vocabulary.
    var slots: Int
    /// Groups of words.
    var groups: Int

    static let all = [
        TrainingPlan(
            script: .latin,
            languages: """
                en es fr de it pt nl pl cs sk sl hr sr-Latn bs ro hu tr vi id ms sv da no fi et lv lt tl sw ca gl eu is ga cy sq \
                az af
                """.split(separator: " ").map(String.init),
            rowBits: 16,
            slots: 750_000,
            groups: 4095
        ),
        TrainingPlan(
            script: .cyrillic,
            languages: ["ru", "uk", "bg", "sr", "mk", "be", "kk", "mn"],
            rowBits: 15,
            slots: 120_000,
            groups: 1023
        ),
        TrainingPlan(script: .arabic, languages: ["ar", "fa", "ur"], rowBits: 13, slots: 40_000, groups: 255),
        // There is no list of Marathi words to set against the Hindi one.
        TrainingPlan(script: .devanagari, languages: ["hi", "mr"], rowBits: 12, slots: 0, groups: 0),
    ]
}
