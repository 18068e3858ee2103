import GatehouseCore
import GatehouseTriage

/// Precision, recall and cost of urgency.
enum UrgencyEvaluation {
    private struct Message {
        var text: String
        var level: UrgencyLevel
    }

    /// How a level and all above it were found.
    private struct Counts {
        var right = 0
        var missed = 0
        var wrong = 0

        mutating func add(expected: Bool, found: Bool) {
            right += expected && found ? 1 : 0
            missed += expected && !found ? 1 : 0
            wrong += !expected && found ? 1 : 0
        }

        var figures: String {
            let recall = Double(right) / Double(max(1, right + missed))
            let precision = Double(right) / Double(max(1, right + wrong))
            return Evaluate.decimal(recall, 2) + " / " + Evaluate.decimal(precision, 2)
        }
    }

    /// - Parameters:
    ///   - folder: The foreign sets.
    ///   - examples: The project's own: `<set>/<language>.tsv` and `arbanking77.tsv`.
    static func run(folder: String, examples: String) {
        let banking = levels("\(folder)/banking77-urgency.json")
        let clinc = levels("\(folder)/clinc-urgency.json")
        let arabic = arabicMessages(folder, examples)
        var sets = [
            ("banking77, en", bankingMessages(folder, banking)),
            ("CLINC150, en", clincMessages(folder) { clinc[$0] ?? .low }),
        ]
        guard sets.allSatisfy({ !$0.1.isEmpty }) else { Evaluate.fail("no messages in \(folder)", 66) }
        // The standard language comes first in the file, then the same in Palestinian Arabic.
        sets.append(("ArBanking77, ar (standard)", Array(arabic.prefix(arabic.count / 2))))
        sets.append(("ArBanking77, ar (Palestinian)", Array(arabic.dropFirst(arabic.count / 2))))
        sets += ownSets(examples)
        print("Recall / precision.\n\n| source | messages | critical | critical or high | µs a message |")
        print("|---|---|---|---|---|")
        for (name, messages) in sets where !messages.isEmpty { measure(name, messages) }
        let strangers = clincMessages(folder, only: "oos") { _ in .low }.map(\.text)
        let alarms = assess(strangers).levels.count { $0 >= .high }
        print("\nFalse alarms among CLINC150's \(strangers.count) sentences out of scope: \(alarms).")
        measureLength(sets[0].1)
    }

    /// The project's own sentences: each set in all languages, and each language in all sets.
    private static func ownSets(_ folder: String) -> [(String, [Message])] {
        var bySet: [(String, [Message])] = []
        var byLanguage: [String: [Message]] = [:]
        for name in ["examples", "second", "third", "fourth", "fifth", "sixth", "seventh"] {
            var all: [Message] = []
            for file in EvaluationFiles.names(in: "\(folder)/\(name)") {
                let messages = ownMessages("\(folder)/\(name)/\(file)")
                all += messages
                byLanguage[String(file.prefix { $0 != "." }), default: []] += messages
            }
            bySet.append((name, all))
        }
        return bySet + byLanguage.sorted { $0.key < $1.key }.map { ("own sentences, \($0.key)", $0.value) }
    }

    private static func ownMessages(_ path: String) -> [Message] {
        EvaluationFiles.lines(path).compactMap { line in
            let fields = line.split(separator: "\t", maxSplits: 1)
            guard fields.count == 2, let level = UrgencyLevel(rawValue: String(fields[0])) else { return nil }
            return Message(text: String(fields[1]), level: level)
        }
    }

    private static func arabicMessages(_ folder: String, _ examples: String) -> [Message] {
        var levels: [String: UrgencyLevel] = [:]
        for line in ownMessages("\(examples)/arbanking77.tsv") { levels[line.text] = line.level }
        return EvaluationFiles.rows("\(folder)/Banking77_Arabized_MSA_PAL_train.csv").dropFirst().compactMap { row in
            row.count == 2 ? Message(text: row[1], level: levels[row[0]] ?? .normal) : nil
        }
    }

    private static func measure(_ name: String, _ messages: [Message]) {
        var critical = Counts()
        var high = Counts()
        let (levels, seconds) = assess(messages.map(\.text))
        for (message, level) in zip(messages, levels) {
            critical.add(expected: message.level >= .critical, found: level >= .critical)
            high.add(expected: message.level >= .high, found: level >= .high)
        }
        let cost = Evaluate.decimal(seconds * 1e6 / Double(messages.count), 1)
        print("| \(name) | \(messages.count) | \(critical.figures) | \(high.figures) | \(cost) |")
    }

    /// The cost by length: a mail here is forty messages, one a line.
    private static func measureLength(_ messages: [Message]) {
        let lines = messages.map(\.text)
        let mails = stride(from: 0, to: lines.count - 40, by: 40).map { start in
            String(decoding: lines[start..<start + 40].joined(separator: "\n").utf8.prefix(2500), as: UTF8.self)
        }
        let seconds = assess(mails).seconds
        print("\nA mail of 2.5 KB: \(Evaluate.decimal(seconds * 1e6 / Double(max(1, mails.count)), 1)) µs.")
    }

    private static func assess(_ texts: [String]) -> (levels: [UrgencyLevel], seconds: Double) {
        let triage = Triage()
        var envelopes = texts.map { text in
            var data = MessageData(channel: .webChat, provider: "evaluate")
            data.body.text = text
            return Envelope(source: "/web_chat/evaluate", type: .messageCreated, data: data)
        }
        let start = Evaluate.processorTime
        for index in envelopes.indices { triage.assess(&envelopes[index]) }
        let seconds = Evaluate.processorTime - start
        return (envelopes.map { $0.data.triage?.urgency.level ?? .normal }, seconds)
    }

    private static func levels(_ path: String) -> [String: UrgencyLevel] {
        var levels: [String: UrgencyLevel] = [:]
        for member in json(path)?["map"]?.members ?? [] {
            levels[member.key] = member.value.string.flatMap { UrgencyLevel(rawValue: $0) }
        }
        return levels
    }

    private static func json(_ path: String) -> JSONValue? {
        try? JSONDocument.parse(EvaluationFiles.read(path))
    }

    private static func bankingMessages(_ folder: String, _ levels: [String: UrgencyLevel]) -> [Message] {
        EvaluationFiles.rows("\(folder)/banking77-train.csv").dropFirst().compactMap { row in
            guard row.count == 2, let level = levels[row[1]] else { return nil }
            return Message(text: row[0], level: level)
        }
    }

    private static func clincMessages(
        _ folder: String,
        only wanted: String? = nil,
        _ level: (String) -> UrgencyLevel
    ) -> [Message] {
        (json("\(folder)/clinc-train-val.json")?.members ?? []).flatMap { part in
            (part.value.array ?? []).compactMap { pair in
                guard let text = pair[0]?.string, let intent = pair[1]?.string, wanted == nil || wanted == intent
                else { return nil }
                return Message(text: text, level: level(intent))
            }
        }
    }
}
