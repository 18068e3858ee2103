package import GatehouseCore

/// What a team may set; the defaults suit an exchange's desk.
package struct TriageConfiguration: Sendable {
    /// A line of the routing table: what is nil fits everything; the first line that fits decides.
    package struct Route: Sendable {
        package var level: UrgencyLevel?
        /// A tag or its main language: `zh` also takes `zh-Hant`.
        package var language: String?
        package var channel: Channel?
        package var queue: String
        package var tags: [String]

        package init(
            level: UrgencyLevel? = nil,
            language: String? = nil,
            channel: Channel? = nil,
            queue: String,
            tags: [String] = []
        ) {
            self.level = level
            self.language = language
            self.channel = channel
            self.queue = queue
            self.tags = tags
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

    package init() {}
}
