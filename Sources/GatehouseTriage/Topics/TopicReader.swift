import GatehouseCore

/// What the words of a message say of its topics, its mood and its dangers.
struct TopicReader {
    private struct Evidence {
        let name: String
        /// The chance, in percent and independent of the others, that no phrase so far is right.
        var doubt = 100.0
        var words: [String] = []
    }

    /// In the order in which the topics were first spoken of; there are few.
    private var evidence: [Evidence] = []
    private(set) var moods: [Mood: [String]] = [:]
    private(set) var flags: [String: [String]] = [:]
    /// Dates in words, with their bytes in the body.
    private(set) var times: [(text: String, range: Range<Int>)] = []

    /// Below this a topic is not named; one hint alone stays below it, one phrase of the topic does not.
    private static let threshold = 0.4
    private static let mostTopics = 5
    private static let mostWords = 4

    mutating func read(_ scanned: ScannedText, _ tables: TopicTables, isBody: Bool) {
        var last = InlineArray<64, Int32>(repeating: -1)
        for hit in scanned.hits {
            var concepts = hit.concepts
            while concepts != 0 {
                let bit = concepts.trailingZeroBitCount
                concepts &= concepts - 1
                guard bit < tables.roles.count else { continue }
                note(tables.roles[bit], hit, scanned, isBody, isNew: last[bit] != hit.last.word)
                last[bit] = hit.last.word
            }
        }
    }

    /// - Parameter isNew: Whether no phrase of the concept ended at this word: "limit order" holds none twice.
    private mutating func note(
        _ role: TopicTables.Role,
        _ hit: PhraseHit,
        _ scanned: ScannedText,
        _ isBody: Bool,
        isNew: Bool
    ) {
        switch role {
        case .topic(let name, let weight): if isNew { add(name, weight, scanned.words(hit)) }
        case .mood(let mood):
            if moods[mood, default: []].count < 5 { moods[mood, default: []].append(scanned.words(hit)) }
        case .flag(let name):
            let words = scanned.words(hit)
            if flags[name, default: []].count < 3 { flags[name, default: []].append(words) }
            if isNew { add("scam_report", TopicTables.ofFlag, words) }
        case .when:
            guard isBody, times.count < 20 else { return }
            times.append((scanned.words(hit), Int(hit.first.byte)..<Int(hit.last.byte)))
        }
    }

    /// A phrase counts once, however often it is said.
    private mutating func add(_ name: String, _ weight: Int, _ words: String) {
        let place: Int
        if let known = evidence.firstIndex(where: { $0.name == name }) {
            place = known
        } else {
            place = evidence.count
            evidence.append(Evidence(name: name))
        }
        guard evidence[place].words.count < 24 else { return }
        let folded = Self.folded(words)
        guard !evidence[place].words.contains(folded) else { return }
        evidence[place].words.append(folded)
        evidence[place].doubt *= Double(100 - weight) / 100
    }

    /// In lower case; most words are of ASCII and in lower case already.
    private static func folded(_ words: String) -> String {
        let isPlain = words.utf8.allSatisfy { $0 < 0x80 && $0 &- 0x41 >= 26 }
        return isPlain ? words : words.lowercased()
    }

    /// What the rules of urgency found.
    mutating func read(_ reasons: [UrgencyReason], _ tables: TopicTables) {
        for reason in reasons {
            for (topic, weight) in tables.rules[reason.rule] ?? [] {
                add(topic, weight, "\(reason.matched) (\(reason.rule))")
            }
        }
    }

    /// Best first; `other` where the words speak of none.
    var topics: [TopicResult] {
        var found = evidence.compactMap { known -> TopicResult? in
            let score = ((100 - known.doubt).rounded()) / 100
            guard score >= Self.threshold else { return nil }
            return TopicResult(name: known.name, score: score, reasons: Array(known.words.prefix(Self.mostWords)))
        }
        found.sort { ($0.score, $1.name) > ($1.score, $0.name) }
        guard !found.isEmpty else { return [TopicResult(name: "other", score: 0.5, reasons: [])] }
        return Array(found.prefix(Self.mostTopics))
    }
}
