import GatehouseCore

/// Where a text stands in the message, as the envelope's reasons say it.
enum TextPlace {
    case subject, body
    /// Somebody else's words, or the sender's signature: seen and never counted, for the reason given.
    case uncounted(String)

    var counts: Bool {
        if case .uncounted = self { return false }
        return true
    }
}

/// Applies the rules to the phrases that were found.
///
/// Each rule counts once in a message. The work for a phrase is bounded: partners are sought among the neighbouring
/// phrases alone.
struct UrgencyMatcher {
    private let tables: TriageRules

    private(set) var reasons: [UrgencyReason] = []
    private(set) var notCounted: [UncountedMatch] = []
    private(set) var level: UrgencyLevel?
    private(set) var isPressing = false
    private var counted: Set<Int> = []
    private var uncounted: Set<Int> = []

    /// Phrases on each side of a centre that are looked at.
    private static let neighbours = 40
    /// Units within which a negation reaches forward, and one behind the verb reaches back.
    private static let reachOfNegation: Int32 = 8
    private static let mostUncounted = 8
    private static let longestThanks = 30

    init(_ tables: TriageRules) { self.tables = tables }

    mutating func read(_ text: ScannedText, at place: TextPlace) {
        guard !text.hits.isEmpty else { return }
        let hits = shielded(text.hits)
        let context = SentenceContext(hits, tables, questions: text.questions)
        let isNoThanks = text.hasQuestion || text.words > Self.longestThanks
        for index in hits.indices {
            var concepts = hits[index].concepts
            let inSentence = context.concepts(in: hits[index].sentence)
            let standing = context.standing(in: hits[index].sentence)
            if concepts & tables.pressing != 0, case .uncounted = place {
            } else if concepts & tables.pressing != 0 {
                isPressing = true
            }
            while concepts != 0 {
                let bit = concepts.trailingZeroBitCount
                concepts &= concepts - 1
                for rule in tables.rulesByCentre[bit]
                where tables.conditions[rule].isMet(inSentence, standing: standing, context.all) {
                    // Thanks under a question or a long report are manners, not the message.
                    if counted.contains(rule) || tables.conditions[rule].isLow && isNoThanks { continue }
                    guard let used = match(tables.rules[rule], at: index, text, hits, context) else { continue }
                    record(rule, used, text, hits, context, place)
                }
            }
        }
    }

    /// The phrases that fulfil `rule` around its centre, or nil.
    private func match(
        _ rule: UrgencyRule,
        at centre: Int,
        _ text: ScannedText,
        _ hits: [PhraseHit],
        _ context: SentenceContext
    ) -> [Int]? {
        let sentence = hits[centre].sentence
        var used = [centre]
        for term in rule.terms.dropFirst() {
            if !rule.crossesSentences, context.concepts(in: sentence) & term == 0 { return nil }
            var best: Int?
            var nearest = rule.window + 1
            for other in max(0, centre - Self.neighbours)..<min(hits.count, centre + Self.neighbours + 1)
            where hits[other].concepts & term != 0 {
                guard
                    rule.crossesSentences
                        ? abs(hits[other].sentence - sentence) <= 2 : hits[other].sentence == sentence,
                    // "My deposit" may hold "deposit" as well, but nothing counts twice.
                    !used.contains(where: {
                        overlap(hits[$0], hits[other])
                            && !(term & rule.terms[0] == 0 && hits[other].isInside(hits[$0]))
                    })
                else { continue }
                let distance = gap(hits[centre], hits[other])
                if distance < nearest { (best, nearest) = (other, distance) }
            }
            guard let best else { return nil }
            used.append(best)
        }
        return used
    }

    private mutating func record(
        _ rule: Int,
        _ used: [Int],
        _ text: ScannedText,
        _ hits: [PhraseHit],
        _ context: SentenceContext,
        _ place: TextPlace
    ) {
        let why: String?
        if case .uncounted(let reason) = place {
            why = reason
        } else {
            why = obstacle(tables.rules[rule].level, used, text, hits, context)
        }
        let words = used.sorted { hits[$0].first.word < hits[$1].first.word }.map { text.words(hits[$0]) }
        let matched = words.joined(separator: " … ")
        if let why {
            guard notCounted.count < Self.mostUncounted, uncounted.insert(rule).inserted else { return }
            notCounted.append(UncountedMatch(rule: tables.rules[rule].name, matched: matched, why: why))
            return
        }
        counted.insert(rule)
        var location = "body"
        if case .subject = place { location = "subject" }
        let found = tables.rules[rule]
        reasons.append(UrgencyReason(rule: found.name, points: found.points, matched: matched, location: location))
        level = max(level ?? found.level, found.level)
    }

    /// Why a match says nothing of here and now: it is negated, only imagined, over, or another company's.
    private func obstacle(
        _ level: UrgencyLevel,
        _ used: [Int],
        _ text: ScannedText,
        _ hits: [PhraseHit],
        _ context: SentenceContext
    ) -> String? {
        let centre = hits[used[0]]
        let near = max(0, used[0] - 12)..<min(hits.count, used[0] + 13)
        let denials = tables.negation | tables.negationBehind
        // "n'est pas arrivé": the centre holds its negation, and French says it twice.
        let isDenialItself = near.contains { other in
            hits[other].concepts & denials != 0 && overlap(hits[other], centre)
                && !reachesBefore(hits[other], centre)
        }
        for other in near where hits[other].sentence == centre.sentence {
            let hit = hits[other]
            if hit.concepts & tables.hypothetical != 0 { return "hypothetical" }
            if hit.concepts & tables.condition != 0, hit.opensSentence, context.isQuestion(centre.sentence),
                hit.first.word < centre.first.word
            {
                return "hypothetical"
            }
            // "没有被" goes over into "被盗".
            let isBefore =
                hit.concepts & tables.negation != 0
                && (hit.last.word < centre.first.word || reachesBefore(hit, centre))
            guard !isPartOfAnother(other, hits),
                !used.contains(where: { overlap(hits[$0], hit) && !(isBefore && $0 == used[0]) })
            else { continue }
            let isBehind = hit.concepts & tables.negationBehind != 0 && hit.first.word > centre.last.word
            if isBefore || isBehind, !isDenialItself, gap(centre, hit) <= Self.reachOfNegation {
                return "negated"
            }
        }
        let around = context.concepts(in: centre.sentence)
        if level == .critical, around & tables.elsewhere != 0 { return "elsewhere" }
        if around & tables.past != 0 { return "past" }
        if let solved = context.lastSolved, solved >= centre.sentence { return "past" }
        return nil
    }

    /// The phrases, of which those inside a longer one that denies or means something else ("nobody", "card number") say
    /// nothing.
    private func shielded(_ hits: [PhraseHit]) -> [PhraseHit] {
        var result = hits
        for index in hits.indices
        where hits[index].concepts & tables.shields != 0 {
            let hit = hits[index]
            for other in max(0, index - 12)..<min(hits.count, index + 13) {
                if hits[other].isInside(hit) { result[other].concepts = 0 }
                // A word that is listed as meaning nothing, as "hacklenmedi", is no "hacklen*"; what the row of another
                // concept says of the very phrase stands.
                if other != index, hit.concepts & tables.neutral != 0, hits[other].first.word == hit.first.word,
                    hits[other].last.word == hit.last.word
                {
                    result[other].concepts &= tables.neutral
                }
            }
        }
        return result
    }

    /// "no" in "no longer", "ما" in "شخص ما": the longer phrase is what was meant.
    private func isPartOfAnother(_ index: Int, _ hits: [PhraseHit]) -> Bool {
        hits[max(0, index - 6)..<min(hits.count, index + 7)].contains { hits[index].isInside($0) }
    }

    /// Whether it begins before `centre` and ends in it.
    private func reachesBefore(_ hit: PhraseHit, _ centre: PhraseHit) -> Bool {
        hit.first.word < centre.first.word && hit.last.word >= centre.first.word && hit.last.word < centre.last.word
    }

    private func overlap(_ left: PhraseHit, _ right: PhraseHit) -> Bool {
        left.first.word <= right.last.word && right.first.word <= left.last.word
    }

    /// Units between two phrases.
    private func gap(_ left: PhraseHit, _ right: PhraseHit) -> Int32 {
        let (early, late) = left.first.word <= right.first.word ? (left, right) : (right, left)
        return max(0, late.first.position - early.last.position)
    }
}

/// What each sentence speaks of.
struct SentenceContext {
    private var masks: [UInt64]
    private var standing: [UInt64]
    private let base: Int32
    private let questions: [Int32]
    /// The last sentence that says that all is well again.
    private(set) var lastSolved: Int32?
    /// What all of them speak of.
    private(set) var all: UInt64 = 0

    init(_ hits: [PhraseHit], _ tables: TriageRules, questions: [Int32]) {
        self.questions = questions
        base = hits.first?.sentence ?? 0
        masks = Array(repeating: 0, count: Int((hits.last?.sentence ?? 0) - base) + 1)
        standing = masks
        for (index, hit) in hits.enumerated() {
            all |= hit.concepts
            masks[Int(hit.sentence - base)] |= hit.concepts
            if !Self.isInside(index, hits) { standing[Int(hit.sentence - base)] |= hit.concepts }
            guard hit.concepts & tables.solved != 0 else { continue }
            // "not solved yet" is not solved; nor is "can this be solved".
            let isDenied = hits[max(0, index - 3)..<min(hits.count, index + 3)].contains { other in
                other.sentence == hit.sentence && other.concepts & (tables.negation | tables.negationBehind) != 0
                    && (other.last.word < hit.first.word
                        ? hit.first.word - other.last.word <= 3 : other.first.word - hit.last.word <= 3)
                    && (other.last.word < hit.first.word || other.first.word > hit.last.word)
            }
            if !isDenied { lastSolved = hit.sentence }
        }
    }

    /// Whether a phrase is part of a longer one near it. They lie in the order of their ends, so that of those before it only
    /// the ones that end where it does can hold it.
    private static func isInside(_ index: Int, _ hits: [PhraseHit]) -> Bool {
        let hit = hits[index]
        var other = index - 1
        while other >= max(0, index - 6), hits[other].last.word >= hit.last.word {
            if hit.isInside(hits[other]) { return true }
            other -= 1
        }
        let behind = index + 1..<max(index + 1, min(hits.count, index + 7))
        return behind.contains { hit.isInside(hits[$0]) }
    }

    func isQuestion(_ sentence: Int32) -> Bool {
        var (low, high) = (0, questions.count)
        while low < high {
            let middle = (low + high) / 2
            if questions[middle] < sentence { low = middle + 1 } else { high = middle }
        }
        return low < questions.count && questions[low] == sentence
    }

    func concepts(in sentence: Int32) -> UInt64 {
        let index = Int(sentence - base)
        return masks.indices.contains(index) ? masks[index] : 0
    }

    /// Without those of phrases that are part of a longer one.
    func standing(in sentence: Int32) -> UInt64 {
        let index = Int(sentence - base)
        return standing.indices.contains(index) ? standing[index] : 0
    }
}
