import CTables
import GatehouseCore

/// The words of topics, moods and dangers, as they are built in, and a team's own beside them.
final class TopicTables: Sendable {
    /// What the words of a concept are for.
    enum Role: Sendable, Equatable {
        /// Weight in percent of one phrase.
        case topic(String, Int)
        case mood(Mood)
        case flag(String)
        case when
    }

    /// Percent that a phrase of a topic counts, and one that only hints at it.
    static let strong = 60
    static let weak = 25
    /// What a danger in the words, such as a remote-control tool, says for a report of a scam.
    static let ofFlag = 50

    let table: UrgencyTable
    /// By the concept's bit.
    let roles: [Role]
    /// What a rule of urgency says of the topics.
    let rules: [String: [(topic: String, weight: Int)]]

    static let builtIn = unsafe TopicTables(.embedded(ctables_topics(), named: "topics.bin"))

    private init(_ table: UrgencyTable) {
        self.table = table
        roles = table.concepts.map(Self.role)
        var rules: [String: [(topic: String, weight: Int)]] = [:]
        for line in table.ruleNames {
            let fields = line.split(separator: "\t").map(String.init)
            guard fields.count == 3, let weight = Int(fields[2]) else { continue }
            rules[fields[0], default: []].append((fields[1], weight))
        }
        self.rules = rules
    }

    /// A team's topics: compiled once, and kept for the life of the process.
    convenience init?(_ topics: [TriageConfiguration.Topic]) {
        var lines = ["@language any"]
        for topic in topics where !topic.phrases.isEmpty {
            lines.append(topic.name + "\t" + topic.phrases.joined(separator: ","))
        }
        let compiled = UrgencyCompiler(words: Array(lines.joined(separator: "\n").utf8), notes: [])
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, compiled.table.count), alignment: 8)
        unsafe bytes.copyBytes(from: compiled.table)
        guard let table = unsafe UrgencyTable(UnsafeRawBufferPointer(bytes)) else { return nil }
        self.init(table)
    }

    private static func role(_ concept: String) -> Role {
        if concept == "when" { return .when }
        if concept.hasPrefix("mood:") { return .mood(Mood(rawValue: String(concept.dropFirst(5))) ?? .worried) }
        if concept.hasPrefix("flag:") { return .flag(String(concept.dropFirst(5))) }
        if concept.hasSuffix("?") { return .topic(String(concept.dropLast()), weak) }
        return .topic(concept, strong)
    }
}

/// From the mildest to the gravest.
enum Mood: String, CaseIterable, Comparable {
    case calm, worried, frustrated, angry, abusive

    static func < (left: Mood, right: Mood) -> Bool { left.rank < right.rank }
    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
