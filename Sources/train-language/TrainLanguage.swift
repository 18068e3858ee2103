import GatehouseLanguage
import Glibc

/// Makes the table of the language model: `train-language TEXTS OPENCC OUTPUT [TEXTS-PER-LANGUAGE]`.
///
/// The folder `TEXTS` holds `words/<tag>.tsv`, `sentences/<tag>.txt` and `phrases/<tag>.txt`; `OPENCC` holds OpenCC's
/// `STCharacters.txt` and `TSCharacters.txt`. The same data gives the same bytes.
@main
enum TrainLanguage {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count >= 4 else {
            complain("usage: train-language TEXTS OPENCC OUTPUT [TEXTS-PER-LANGUAGE]")
            exit(64)
        }
        let folder = arguments[1]
        let textsPerLanguage = arguments.count > 4 ? Int(arguments[4]) ?? 200_000 : 200_000
        var table = ModelTable()
        for plan in TrainingPlan.all {
            let sources = plan.languages.compactMap { LanguageSource(tag: $0, folder: folder) }
            guard sources.count == plan.languages.count else {
                complain("no data for one of \(plan.languages.joined(separator: " ")) in \(folder)")
                exit(66)
            }
            var trainer = LinearTrainer(classes: sources.count, rowBits: plan.rowBits)
            trainer.train(on: LanguageSource.weighted(sources), texts: textsPerLanguage * sources.count)
            table.add(trainer.quantised(), script: plan.script, names: plan.languages)
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

    static let all = [
        TrainingPlan(
            script: .latin,
            languages: """
                en es fr de it pt nl pl cs sk sl hr sr-Latn bs ro hu tr vi id ms sv da no fi et lv lt tl sw ca gl eu is ga cy sq \
                az af
                """.split(separator: " ").map(String.init),
            rowBits: 15
        ),
        TrainingPlan(script: .cyrillic, languages: ["ru", "uk", "bg", "sr", "mk", "be", "kk", "mn"], rowBits: 14),
        TrainingPlan(script: .arabic, languages: ["ar", "fa", "ur"], rowBits: 12),
        TrainingPlan(script: .devanagari, languages: ["hi", "mr"], rowBits: 12),
    ]
}
