package import GatehouseCore

/// What a team may set; the defaults suit an exchange's desk.
package struct TriageConfiguration: Sendable {
    /// A line of the routing table: what is nil or empty fits everything; the first line that fits decides.
    package struct Route: Sendable {
        package var level: UrgencyLevel?
        /// A tag or its main language: `zh` also takes `zh-Hant`.
        package var language: String?
        package var channel: Channel?
        /// One of them is enough.
        package var topics: [String] = []
        package var isVIP: Bool?
        /// Full hours in the team's zone, the second not included; 22 and 6 go through midnight.
        package var hours: (from: Int, to: Int)?
        package var queue: String?
        package var tags: [String]
        /// The targets that get it; empty: all.
        package var targets: [String] = []
        /// From the message's time until an answer is owed.
        package var dueMinutes: Int?
        /// Its number in the configuration, of which several lines may be made.
        package var entry: Int?

        package init(
            level: UrgencyLevel? = nil,
            language: String? = nil,
            channel: Channel? = nil,
            queue: String? = nil,
            tags: [String] = []
        ) {
            self.level = level
            self.language = language
            self.channel = channel
            self.queue = queue
            self.tags = tags
        }

        /// In words, for `routed_by`.
        package var conditions: String {
            var words: [String] = []
            if let level { words.append("urgency \(level.rawValue)") }
            if !topics.isEmpty { words.append("topic " + topics.joined(separator: " or ")) }
            if let language { words.append("language \(language)") }
            if let channel { words.append("channel \(channel.rawValue)") }
            if let isVIP { words.append(isVIP ? "VIP" : "not VIP") }
            if let hours { words.append("from \(hours.from) to \(hours.to) o'clock") }
            return words.isEmpty ? "everything" : words.joined(separator: ", ")
        }
    }

    /// A team's own topic, or further phrases of a built-in one; a word that ends in `*` stands for all that begin so.
    package struct Topic: Sendable {
        package var name: String
        package var phrases: [String]

        package init(name: String, phrases: [String]) {
            self.name = name
            self.phrases = phrases
        }
    }

    /// Languages that the desk's customers write; each is taken to be likelier than others.
    package var languages: Set<String> = [
        "en", "es", "fr", "de", "it", "pt", "nl", "pl", "ru", "uk", "tr", "vi", "id", "ar", "fa", "hi",
    ]
    /// The logarithm of the odds of such a language against another; 0: no difference.
    package var languagePreference = 1.0
    /// Below this the language is `und`, and what it may be stays in the candidates.
    package var minimumLanguageConfidence = 0.3
    package var routes: [Route] = []
    /// Whether what is only likely to be a secret is taken out too, and not just flagged.
    package var masksProbableSecrets = false
    package var topics: [Topic] = []
    package var factPatterns: [FactPattern] = []
    /// E-mail addresses, telephone numbers, ids, or `sha256:` and the digest of one in lower case.
    package var vip: [String] = []
    /// The team's own domains; hosts that look like them are lookalikes.
    package var brandDomains: [String] = []
    /// ISO 3166, for telephone numbers without a country's code.
    package var region: String?
    /// Of the hours in routes; nil: UTC.
    package var zone: TimeZoneTable?

    package init() {}
}
