import GatehouseCore

/// How many messages on a topic come by a channel in an hour, and whether that is more than usual there.
///
/// Counts gather in memory while a batch is stored, and are written once with it.
struct TopicRates {
    struct Hour: Hashable {
        var topic: String
        var channel: String
        /// Since 1970.
        var hour: Int64
    }

    struct Rate {
        /// In the database.
        var stored: Int
        /// In this batch.
        var added = 0
        /// The most that would be usual; nil where too little is known.
        var usual: Int?
    }

    var rates: [Hour: Rate] = [:]
}

extension Store {
    /// The hours whose counts say what is usual: a week.
    private static let usualHours: Int64 = 168
    /// With less of a past nothing is usual.
    private static let leastHours: Int64 = 24
    /// Fewer in an hour are no surge, however quiet it was before.
    private static let leastSurge = 10
    /// What came long ago, as an old mailbox does, says nothing of now.
    private static let oldestCounted: Int64 = 48

    /// Counts a message under its topics in the hour in which it was written, and says which of them get too much.
    func countTopics(of new: inout NewMessage, now: Timestamp) throws(StoreError) {
        guard new.envelope.data.direction == .inbound, new.envelope.data.automated == .no,
            new.envelope.data.revision == 0
        else { return }
        let present = now.milliseconds / 3_600_000
        let hour = min(new.envelope.time ?? now, now).milliseconds / 3_600_000
        guard present - hour < Self.oldestCounted else { return }
        for topic in (new.envelope.data.triage?.topics ?? []).prefix(8) {
            let key = TopicRates.Hour(topic: topic.name, channel: new.envelope.data.channel.rawValue, hour: hour)
            var rate = TopicRates.Rate(stored: 0)
            if let known = topicRates.rates[key] { rate = known } else { rate = try storedRate(key) }
            rate.added += 1
            topicRates.rates[key] = rate
            let count = rate.stored + rate.added
            if let usual = rate.usual, count > usual, count >= Self.leastSurge {
                new.envelope.data.triage?.surges.append(Surge(topic: topic.name, count: count, usual: usual))
            }
        }
    }

    /// Writes the batch's counts; call it inside its transaction.
    func saveTopicRates(now: Timestamp) throws(StoreError) {
        defer { topicRates = TopicRates() }
        for (key, rate) in topicRates.rates {
            try connection.run(
                """
                INSERT INTO topic_rate VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET count = count + excluded.count
                """,
                .text(key.topic),
                .text(key.channel),
                .int(key.hour),
                .int(rate.added)
            )
        }
        guard !topicRates.rates.isEmpty else { return }
        let old = now.milliseconds / 3_600_000 - Self.usualHours - Self.oldestCounted
        try connection.run("DELETE FROM topic_rate WHERE hour < ?1", .int(old))
    }

    /// The mean of the hours before and four standard deviations, which a Poisson process leaves once in thirty thousand hours.
    private func storedRate(_ key: TopicRates.Hour) throws(StoreError) -> TopicRates.Rate {
        let stored = try connection.first(
            "SELECT count FROM topic_rate WHERE channel = ?1 AND topic = ?2 AND hour = ?3",
            .text(key.channel),
            .text(key.topic),
            .int(key.hour)
        ) { Int($0.int(0)) }
        var rate = TopicRates.Rate(stored: stored ?? 0)
        // The channel's past, not the topic's: a topic nobody wrote of was usual at none.
        let oldest = try connection.first(
            "SELECT min(hour) FROM topic_rate WHERE channel = ?1 AND hour BETWEEN ?2 AND ?3",
            .text(key.channel),
            .int(key.hour - Self.usualHours),
            .int(key.hour - 1)
        ) { $0.optionalInt(0) }
        guard let oldest = oldest ?? nil, key.hour - oldest >= Self.leastHours else { return rate }
        let sums = try connection.first(
            """
            SELECT sum(count), sum(count * count) FROM topic_rate
            WHERE channel = ?1 AND topic = ?2 AND hour BETWEEN ?3 AND ?4
            """,
            .text(key.channel),
            .text(key.topic),
            .int(key.hour - Self.usualHours),
            .int(key.hour - 1)
        ) { (Double($0.int(0)), Double($0.int(1))) }
        let hours = Double(min(key.hour - oldest, Self.usualHours))
        let mean = (sums?.0 ?? 0) / hours
        let variance = max(mean, (sums?.1 ?? 0) / hours - mean * mean)
        rate.usual = Int((mean + 4 * variance.squareRoot()).rounded(.up))
        return rate
    }
}
