// What triage says of a message, and why. The rules live in GatehouseTriage; these are the words for it.

package struct LanguageCandidate: Sendable, Equatable {
    /// BCP 47: `en`, `zh-Hant`; `und` where no language can be told.
    package var tag: String
    /// 0…1.
    package var confidence: Double

    package init(tag: String, confidence: Double) {
        self.tag = tag
        self.confidence = confidence
    }
}

/// A stretch of one language; `start` and `end` count Unicode scalars of `body.text`.
package struct LanguageSpan: Sendable, Equatable {
    package var start: Int
    package var end: Int
    package var tag: String

    package init(start: Int, end: Int, tag: String) {
        self.start = start
        self.end = end
        self.tag = tag
    }
}

package struct LanguageResult: Sendable, Equatable {
    package var tag: String
    package var confidence: Double
    /// The runners-up, best first.
    package var candidates: [LanguageCandidate] = []
    /// Other languages in the same text.
    package var also: [String] = []
    package var spans: [LanguageSpan] = []
    /// The hint (`LanguageHint.Origin`) without which the tag would be another; nil where the text decided.
    package var decidedBy: String?

    package init(tag: String, confidence: Double, candidates: [LanguageCandidate] = []) {
        self.tag = tag
        self.confidence = confidence
        self.candidates = candidates
    }
}

/// From the most to the least urgent.
package enum UrgencyLevel: String, CaseIterable, Sendable, Comparable {
    case critical, high, normal, low

    /// 3 for critical … 0 for low.
    package var rank: Int {
        switch self {
        case .critical: 3
        case .high: 2
        case .normal: 1
        case .low: 0
        }
    }

    package static func < (left: UrgencyLevel, right: UrgencyLevel) -> Bool { left.rank < right.rank }

    /// The lowest and highest score of a level.
    package var scores: ClosedRange<Int> {
        switch self {
        case .critical: 80...100
        case .high: 55...79
        case .normal: 20...54
        case .low: 0...19
        }
    }
}

package struct UrgencyReason: Sendable, Equatable {
    package var rule: String
    package var points: Int
    /// The words of the message that the rule saw.
    package var matched: String
    /// `subject`, `body`, or `header` for a trusted sender's field.
    package var location: String

    package init(rule: String, points: Int, matched: String, location: String) {
        self.rule = rule
        self.points = points
        self.matched = matched
        self.location = location
    }
}

/// Words that a rule saw and did not count.
package struct UncountedMatch: Sendable, Equatable {
    package var rule: String
    package var matched: String
    /// `negated`, `past`, `hypothetical`, `quoted`, `signature`, `disclaimer`.
    package var why: String

    package init(rule: String, matched: String, why: String) {
        self.rule = rule
        self.matched = matched
        self.why = why
    }
}

package struct UrgencyResult: Sendable, Equatable {
    package var level: UrgencyLevel
    /// 0…100.
    package var score: Int
    package var reasons: [UrgencyReason] = []
    package var notCounted: [UncountedMatch] = []
    /// The message's language, where the rules have no words of it: "normal" may then only mean that nobody understood it.
    package var unservedLanguage: String?

    package init(level: UrgencyLevel, score: Int, reasons: [UrgencyReason] = [], notCounted: [UncountedMatch] = []) {
        self.level = level
        self.score = score
        self.reasons = reasons
        self.notCounted = notCounted
    }
}

/// Circumstances that raise a score within its level and never the level itself: together by `limit` points at most.
package enum UrgencyRaise: String, CaseIterable, Sendable {
    case vip, mood, repeated

    package static let limit = 8

    /// The circumstance that a reason's rule names: `vip`, or `mood_angry`; nil for a rule of its own.
    package init?(rule: String) {
        let name = rule.prefix { $0 != "_" }
        guard let known = UrgencyRaise(rawValue: String(name)) else { return nil }
        self = known
    }

    /// The most that this one adds.
    package var points: Int {
        switch self {
        case .vip: 5
        case .mood, .repeated: 3
        }
    }
}

extension UrgencyResult {
    /// Adds up to `points`, and a reason that says so and names the cap; what is low stays as it is.
    ///
    /// - Parameters:
    ///   - detail: Follows the reason's name: `mood_angry`.
    ///   - points: At most `cause.points` of them count.
    package mutating func raise(
        by cause: UrgencyRaise,
        _ detail: String? = nil,
        points: Int,
        matched: String,
        location: String
    ) {
        guard level > .low else { return }
        let raised = reasons.reduce(0) { $0 + (UrgencyRaise(rule: $1.rule) == nil ? 0 : $1.points) }
        let points = min(points, cause.points, UrgencyRaise.limit - raised, level.scores.upperBound - score)
        guard points > 0 else { return }
        score += points
        let rule = cause.rawValue + (detail.map { "_" + $0 } ?? "")
        reasons.append(UrgencyReason(rule: rule, points: points, matched: matched, location: location))
    }
}

/// More messages on a topic than is usual there at this hour.
package struct Surge: Sendable, Equatable {
    package var topic: String
    /// In this hour, with this one.
    package var count: Int
    /// The most that would have been usual.
    package var usual: Int

    package init(topic: String, count: Int, usual: Int) {
        self.topic = topic
        self.count = count
        self.usual = usual
    }
}

/// The envelope's `data.triage`.
package struct TriageResult: Sendable, Equatable {
    /// Which rules spoke: a name and a number that change with every table.
    package var rulesVersion: String
    package var language: LanguageResult
    package var urgency: UrgencyResult
    /// Best first.
    package var topics: [TopicResult] = []
    package var sentiment: SentimentResult?
    /// The ticket system's queue, where routing names one.
    package var queue: String?
    /// The routing rule that decided: its number or name, and what it asks for.
    package var routedBy: String?
    /// The targets that get this message.
    package var targets: [String] = []
    package var tags: [String] = []
    /// Until when an answer is owed.
    package var dueBy: Timestamp?
    /// A customer with a promise of faster help.
    package var isVIP = false
    /// In the order of the texts.
    package var facts: [Fact] = []
    /// What an agent will have to ask for.
    package var missing: [String] = []
    package var safety = SafetyResult()
    /// Topics of which this channel gets more than usual.
    package var surges: [Surge] = []

    package init(rulesVersion: String, language: LanguageResult, urgency: UrgencyResult) {
        self.rulesVersion = rulesVersion
        self.language = language
        self.urgency = urgency
    }
}
