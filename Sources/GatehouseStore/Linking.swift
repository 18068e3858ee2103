import GatehouseCore

/// Messages that belong together though nobody says so: of one person who writes again, of one transaction, of many who
/// say the same. They are linked and told; none is dropped, and none lowered.
///
/// Source of the figures: `deploy/docs/linking.md`.
extension Store {
    /// How far apart in time linked messages may be.
    static let linkSeconds: Int64 = 72 * 3600
    /// Earlier messages of a sender, or of a text, that are compared, the latest first.
    private static let mostCompared = 12
    private static let mostRelated = 5
    private static let leastJaccard = 0.6
    private static let leastContainment = 0.9
    /// A campaign's texts differ in a name or a number.
    private static let leastClusterJaccard = 0.8

    /// A new message among those it is compared with.
    struct Link {
        var senders: [Int64] = []
        var transactions: [Int64] = []
        var sketch: TextSketch?
        /// Milliseconds since 1970.
        var time: Int64 = 0
        var cluster: Int64?

        var keys: [Int64] { senders + transactions + (sketch?.bands ?? []) }
    }

    private struct Earlier {
        var row: Int64
        var sketch: [UInt8]
        var cluster: Int64?
        var sender: Int64
    }

    /// Names earlier messages in `new`'s envelope; nil where it is none of a person.
    func link(_ new: inout NewMessage, now: Timestamp) throws(StoreError) -> Link? {
        guard new.envelope.data.direction == .inbound, [.no, .list].contains(new.envelope.data.automated),
            new.envelope.data.revision == 0, new.state == .accepted
        else { return nil }
        var link = Link()
        link.time = min(new.envelope.time ?? now, now).milliseconds
        link.senders = senders(of: new.envelope.data)
        link.transactions = transactions(of: new.envelope.data)
        let whole = new.envelope.data.body.text
        let own = new.envelope.data.body.strippedText ?? whole
        let grams = TextGrams(own, seed: seed)
        if grams.count > 1 { link.sketch = grams.sketch }
        try linkTransactions(&new, link)
        try linkSender(&new, link, grams, whole: own == whole ? nil : whole)
        link.cluster = try cluster(&new, link, grams)
        return link
    }

    /// Keeps what later messages are compared with.
    func remember(_ link: Link?, message: Int64) throws(StoreError) {
        guard let link else { return }
        for key in link.keys {
            let sql = "INSERT INTO link VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING"
            try connection.run(sql, .int(key), .int(link.time), .int(message))
        }
        try connection.run(
            "INSERT INTO sketch VALUES (?1, ?2, ?3, ?4)",
            .int(message),
            .int(link.senders.first ?? 0),
            .optional(link.cluster),
            .bytes(link.sketch?.bytes ?? [])
        )
    }

    /// Forgets what is compared no more: twice a day, since it looks at all of it.
    func forgetLinks(now: Timestamp) throws(StoreError) {
        let oldest = try connection.first(
            "SELECT ingested_at FROM message WHERE id = (SELECT min(message) FROM sketch)"
        ) { $0.int(0) }
        let limit = now.milliseconds &- Self.linkSeconds * 1000
        guard let oldest, oldest < limit &- 12 * 3_600_000 else { return }
        let sql = "SELECT id FROM message WHERE ingested_at < ?1 ORDER BY ingested_at DESC, id DESC LIMIT 1"
        guard let last = try connection.first(sql, .int(limit), take: { $0.int(0) }) else { return }
        try connection.transaction { () throws(StoreError) in
            try connection.run("DELETE FROM sketch WHERE message <= ?1", .int(last))
            try connection.run("DELETE FROM link WHERE message <= ?1", .int(last))
            try connection.run("DELETE FROM cluster WHERE message <= ?1", .int(last))
        }
    }

    private var seed: UInt64 {
        key.prefix(8).reduce(UInt64(0x6C69_6E6B)) { ($0 << 8) ^ UInt64($1) }
    }

    /// By each name under which a person may come again: a mail address, a telephone number, a platform's id.
    private func senders(of data: borrowing MessageData) -> [Int64] {
        guard let party = data.customer ?? data.from.first else { return [] }
        var names: [String] = []
        if let email = party.email, !email.isEmpty { names.append("email:\(UnicodeText.lowercased(email))") }
        if let phone = party.phone ?? data.callback?.phone, !phone.isEmpty { names.append("phone:\(phone)") }
        if let id = party.id, !id.isEmpty, id != party.email, id != party.phone {
            names.append("id:\(data.provider):\(id)")
        }
        return names.map(linkKey)
    }

    private func transactions(of data: MessageData) -> [Int64] {
        var found: [String] = []
        for fact in data.triage?.facts ?? [] where fact.kind == .transactionHash && found.count < 4 {
            let hash = fact.value.lowercased()
            let name = hash.hasPrefix("0x") ? String(hash.dropFirst(2)) : hash
            // Base 58 tells capitals from small letters.
            let isHexadecimal = name.utf8.allSatisfy { $0 &- 0x30 < 10 || $0 &- 0x61 < 6 }
            found.append("transaction:" + (isHexadecimal ? name : fact.value))
        }
        return Array(Set(found)).sorted().map(linkKey)
    }

    private func linkKey(_ name: String) -> Int64 {
        SHA256.digest(of: key + Array("link:\(name)".utf8)).prefix(8).reduce(Int64(0)) { ($0 << 8) | Int64($1) }
    }

    /// Rows with this key around `time`, the latest first.
    private func earlier(_ key: Int64, around time: Int64) throws(StoreError) -> [Earlier] {
        let reach = Self.linkSeconds * 1000
        return try connection.all(
            """
            SELECT l.message, s.grams, s.cluster, s.sender FROM link l JOIN sketch s ON s.message = l.message
            WHERE l.key = ?1 AND l.time BETWEEN ?2 AND ?3 ORDER BY l.time DESC, l.message DESC LIMIT ?4
            """,
            .int(key),
            .int(time &- reach),
            .int(time &+ reach),
            .int(Self.mostCompared)
        ) { Earlier(row: $0.int(0), sketch: $0.bytes(1), cluster: $0.optionalInt(2), sender: $0.int(3)) }
    }

    private func envelopeID(ofRow row: Int64) throws(StoreError) -> String? {
        try connection.first("SELECT envelope_id FROM message WHERE id = ?1", .int(row)) { $0.text(0) }
    }

    private func relate(_ new: inout NewMessage, to row: Int64, why: String) throws(StoreError) {
        let related = new.envelope.data.dedup?.related ?? []
        guard related.count < Self.mostRelated,
            let id = try envelopeID(ofRow: row), !related.contains(where: { $0.id == id })
        else { return }
        new.envelope.data.dedup?.related.append(RelatedMessage(id: id, why: why))
    }

    private func linkTransactions(_ new: inout NewMessage, _ link: Link) throws(StoreError) {
        for transaction in link.transactions {
            for other in try earlier(transaction, around: link.time) {
                try relate(&new, to: other.row, why: "same_transaction")
            }
        }
    }

    /// - Parameter whole: The text with what it quotes, where it quotes something.
    private func linkSender(
        _ new: inout NewMessage,
        _ link: Link,
        _ grams: TextGrams,
        whole: String?
    ) throws(StoreError) {
        var seen: Set<Int64> = []
        var quoting: TextGrams?
        for sender in link.senders {
            for other in try earlier(sender, around: link.time) where seen.insert(other.row).inserted {
                guard other.sketch.count > 3 else { continue }
                var isLike = grams.isLike(other.sketch) {
                    $0.jaccard >= Self.leastJaccard || $0.containment >= Self.leastContainment
                }
                if !isLike, let whole {
                    let all = quoting ?? TextGrams(whole, seed: seed)
                    quoting = all
                    isLike = all.isLike(other.sketch) { $0.sketchIsInside >= Self.leastContainment }
                }
                guard isLike else { continue }
                try relate(&new, to: other.row, why: "same_sender_similar_text")
            }
        }
        let why = "same_sender_similar_text"
        let times = new.envelope.data.dedup?.related.filter { $0.why == why }.count ?? 0
        guard times > 0 else { return }
        new.envelope.data.triage?.urgency.raise(
            by: .repeated,
            points: times + 1,
            matched: times == 1 ? "said before within three days" : "said \(times) times before within three days",
            location: "header"
        )
    }

    /// The row of the cluster's first message, if others say the same.
    private func cluster(_ new: inout NewMessage, _ link: Link, _ grams: TextGrams) throws(StoreError) -> Int64? {
        guard let sketch = link.sketch, let sender = link.senders.first else { return nil }
        var first: Earlier?
        for band in sketch.bands where first == nil {
            first = try earlier(band, around: link.time).first {
                $0.sender != sender && grams.isLike($0.sketch) { $0.jaccard >= Self.leastClusterJaccard }
            }
        }
        guard let first else { return nil }
        let cluster = first.cluster ?? first.row
        for member in [first.sender, sender] {
            let sql = "INSERT INTO cluster VALUES (?1, ?2, 0) ON CONFLICT DO NOTHING"
            try connection.run(sql, .int(cluster), .int(member))
            guard connection.changes > 0 else { continue }
            let count = "INSERT INTO cluster VALUES (?1, 0, 1) ON CONFLICT DO UPDATE SET senders = senders + 1"
            try connection.run(count, .int(cluster))
        }
        let sql = "SELECT senders FROM cluster WHERE message = ?1 AND sender = 0"
        let senders = Int(try connection.first(sql, .int(cluster), take: { $0.int(0) }) ?? 0)
        if senders >= options.clusterSenders, let id = try envelopeID(ofRow: cluster) {
            new.envelope.data.dedup?.cluster = MessageCluster(id: id, senders: senders)
        }
        return cluster
    }
}
