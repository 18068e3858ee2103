import GatehouseCore
import GatehouseTriage

/// The `triage` part of the configuration.
enum TriageDecoding {
    static func settings(
        _ value: JSONValue?,
        region: String?,
        timeZone: String?,
        targets: [String],
        complain: (JSONValue?, String) -> Void
    ) -> TriageConfiguration {
        var result = TriageConfiguration()
        result.region = region
        result.zone = timeZone.flatMap { TimeZoneTable(name: $0) }
        guard let value else { return result }
        if let minimum = value["language_confidence"]?.double { result.minimumLanguageConfidence = minimum }
        if let languages = value["language"]?["expected"] { result.languages = Set(strings(languages)) }
        if let preference = value["language"]?["preference"]?.double { result.languagePreference = preference }
        result.masksProbableSecrets = value.pointer("/secrets/mask_probable")?.bool ?? false
        result.brandDomains = strings(value["brand_domains"])
        result.vip = strings(value["vip"])
        for entry in value["topics"]?.array ?? [] {
            let phrases = strings(entry["phrases"])
            // Commas part phrases in the tables.
            if let comma = phrases.first(where: { $0.contains(",") || $0.contains("\n") }) {
                complain(
                    entry["phrases"],
                    "'\(comma)' holds a comma or a line's end: write each phrase as an entry of its own."
                )
            }
            result.topics.append(TriageConfiguration.Topic(name: entry["name"]?.string ?? "", phrases: phrases))
        }
        for entry in value["ids"]?.array ?? [] {
            guard let kind = entry["kind"]?.string.flatMap(FactKind.init(rawValue:)),
                let pattern = FactPattern(kind: kind, entry["pattern"]?.string ?? "")
            else {
                complain(entry["pattern"], "no pattern: it begins with what must be there, such as \"ORD-#{6,12}\".")
                continue
            }
            result.factPatterns.append(pattern)
        }
        for (number, entry) in (value["queues"]?.array ?? []).enumerated() {
            for target in strings(entry["targets"]) where !targets.contains(target) {
                complain(
                    entry["targets"],
                    "no target is called '\(target)'.\(Suggestion.question(for: target, among: targets))"
                )
            }
            result.routes += routes(entry, number: number + 1)
        }
        return result
    }

    /// Each combination of an entry's lists is a line of the routing table; an empty list fits everything.
    private static func routes(_ entry: JSONValue, number: Int) -> [TriageConfiguration.Route] {
        func choices<Value>(_ key: String, _ make: (String) -> Value?) -> [Value?] {
            let found = strings(entry[key]).compactMap(make)
            return found.isEmpty ? [nil] : found
        }
        var route = TriageConfiguration.Route(queue: entry["queue"]?.string, tags: strings(entry["tags"]))
        route.entry = number
        route.topics = strings(entry["topics"])
        route.targets = strings(entry["targets"])
        route.dueMinutes = entry["due_minutes"]?.int64.map { Int($0) }
        if case .bool(let isVIP)? = entry["vip"]?.content { route.isVIP = isVIP }
        if let from = entry.pointer("/hours/from")?.int64, let to = entry.pointer("/hours/to")?.int64 {
            route.hours = (Int(from), Int(to))
        }
        return choices("urgency", UrgencyLevel.init(rawValue:)).flatMap { level in
            choices("languages") { $0 }.flatMap { language in
                choices("channels", Channel.init(rawValue:)).map { channel in
                    var line = route
                    (line.level, line.language, line.channel) = (level, language, channel)
                    return line
                }
            }
        }
    }

    private static func strings(_ value: JSONValue?) -> [String] { value?.array?.compactMap(\.string) ?? [] }
}
