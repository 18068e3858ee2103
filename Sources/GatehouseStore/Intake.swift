package import GatehouseCore

extension Store {
    /// Stores a batch with the source's new positions in one commit: when this returns, all of it is on disk.
    ///
    /// - Parameters:
    ///   - source: The source's name in the configuration.
    ///   - now: Becomes `ingested_at`.
    /// - Returns: What became of each entry, in their order.
    /// - Throws: If nothing of it was stored.
    package func commit(
        _ entries: [IntakeEntry],
        positions: [PositionUpdate],
        of source: String,
        now: Timestamp
    ) throws(StoreError) -> [IntakeResult] {
        guard !entries.isEmpty || !positions.isEmpty else { return [] }
        do {
            let results = try connection.transaction { () throws(StoreError) in
                var results: [IntakeResult] = []
                results.reserveCapacity(entries.count)
                try beginPacking(entries)
                for entry in entries { results.append(try store(entry, source: source, now: now)) }
                try count(entries, results, source: source, now: now)
                try saveTopicRates(now: now)
                try saveFacets(now: now)
                for position in positions { try save(position, of: source) }
                try endPacking()
                return results
            }
            if let newest = newestMessage { noteHighWater(messages: newest) }
            newestMessage = nil
            return results
        } catch {
            // Rows made in a transaction that did not come to pass have no id any more.
            scopes = [:]
            packing = nil
            topicRates = TopicRates()
            facetCounts = [:]
            newestMessage = nil
            throw error
        }
    }

    private func store(_ entry: IntakeEntry, source: String, now: Timestamp) throws(StoreError) -> IntakeResult {
        guard entry.refusal == nil else { return IntakeResult(state: .refused) }
        switch entry.item {
        case .message(let held): return try store(held.message, entry, source: source, now: now)
        case .rejected(let input): return try store(input, entry, source: source, now: now)
        case .ignored: return IntakeResult(state: .ignored)
        }
    }

    private func store(
        _ message: consuming ParsedMessage,
        _ entry: IntakeEntry,
        source: String,
        now: Timestamp
    ) throws(StoreError) -> IntakeResult {
        let raw = Self.digest(of: message, entry)
        let rawDigest = entry.originalDigest ?? Hex.encode(raw)
        let content = entry.contentDigest ?? EnvelopeIdentity.contentDigest(of: message.envelope)
        let claim = try claim(message, contentDigest: content, rawDigest: rawDigest, now: now)
        if case .duplicate(let row) = claim.verdict {
            return try countDuplicate(of: row, claim, message.envelope, source: source, now: now)
        }
        var new = NewMessage(
            message: message,
            claim: claim,
            rawDigest: raw,
            state: .accepted,
            source: source,
            targets: entry.targets
        )
        try considerSender(of: &new)
        try finish(&new, content: content, originalDigest: rawDigest, now: now)
        new.heldUntil = try countSender(of: new, now: now)
        let link = try link(&new, now: now)
        try countTopics(of: &new, now: now)
        guard let row = try insert(&new, now: now) else {
            return IntakeResult(state: .duplicate, id: new.envelope.id, revision: new.envelope.data.revision)
        }
        try remember(claim, message: row, revision: new.knownRevision, now: now)
        try remember(link, message: row)
        try plan(new, in: row, now: now)
        countFacets(of: new.envelope.data)
        return IntakeResult(
            state: .accepted,
            id: new.envelope.id,
            revision: new.envelope.data.revision,
            warnings: new.addedWarnings
        )
    }

    /// SHA-256 of the message's bytes: the adapter's, unless they are not the ones any more that it has seen.
    private static func digest(of message: ParsedMessage, _ entry: IntakeEntry) -> [UInt8] {
        let facts = message.envelope.data.raw
        if entry.originalDigest == nil, facts.size == message.raw.count, let sha256 = facts.sha256,
            let digest = digest(fromHex: sha256)
        {
            return digest
        }
        return SHA256.digest(of: message.raw)
    }

    private func store(
        _ input: RejectedInput,
        _ entry: IntakeEntry,
        source: String,
        now: Timestamp
    ) throws(StoreError) -> IntakeResult {
        var envelope = Envelope(rejected: input, from: entry.origin)
        envelope.data.times.ingestedAt = now
        let scope = try scopeRow(EnvelopeIdentity.scope(of: envelope))
        let message = ParsedMessage(envelope: envelope, keys: [], raw: input.raw)
        let claim = Claim(verdict: .new, keys: [], fingerprints: [], scope: scope)
        let raw = SHA256.digest(of: input.raw)
        var new = NewMessage(
            message: message,
            claim: claim,
            rawDigest: raw,
            state: .rejected,
            source: source,
            targets: entry.targets
        )
        new.reason = input.reason
        new.thread = "id:\(envelope.id)"
        let sql = "SELECT id FROM message WHERE envelope_id = ?1"
        if let row = try connection.first(sql, .text(envelope.id), take: { $0.int(0) }) {
            return try countDuplicate(of: row, claim, envelope, source: source, now: now)
        }
        guard let row = try insert(&new, now: now) else { return IntakeResult(state: .duplicate, id: envelope.id) }
        try plan(new, in: row, now: now)
        return IntakeResult(state: .rejected, id: envelope.id)
    }

    /// Counts it on the first one, and keeps when and whence the last twenty came.
    private func countDuplicate(
        of row: Int64,
        _ claim: Claim,
        _ envelope: Envelope,
        source: String,
        now: Timestamp
    ) throws(StoreError) -> IntakeResult {
        try connection.run("UPDATE message SET duplicates = duplicates + 1 WHERE id = ?1", .int(row))
        let sql = "SELECT envelope_id, revision, duplicates FROM message WHERE id = ?1"
        let first = try connection.first(sql, .int(row)) { ($0.text(0), Int($0.int(1)), $0.int(2)) }
        // The message may have been purged; that it was here is still known.
        guard let (id, revision, count) = first else { return IntakeResult(state: .duplicate) }
        try connection.run(
            "INSERT INTO duplicate(message, at, source, position) VALUES (?1, ?2, ?3, ?4)",
            .int(row),
            .int(now.milliseconds),
            .text(source),
            .optional(envelope.data.raw.sourcePosition.map { Self.shortened($0, to: 500) })
        )
        if count > 20 {
            try connection.run(
                "DELETE FROM duplicate WHERE id = (SELECT min(id) FROM duplicate WHERE message = ?1)",
                .int(row)
            )
        }
        // It may have brought a key or a form that the first one had not.
        try remember(claim, message: row, revision: revision, now: now, replaces: false)
        return IntakeResult(state: .duplicate, id: id, revision: revision)
    }

    private func save(_ position: PositionUpdate, of source: String) throws(StoreError) {
        guard let value = position.value else {
            let sql = "DELETE FROM position WHERE source = ?1 AND item = ?2"
            return try connection.run(sql, .text(source), .text(position.item))
        }
        try connection.run(
            "INSERT INTO position VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET value = excluded.value",
            .text(source),
            .text(position.item),
            .text(value)
        )
    }

    /// Adds a batch to the day's tally, by fate and kind.
    private func count(
        _ entries: [IntakeEntry],
        _ results: [IntakeResult],
        source: String,
        now: Timestamp
    ) throws(StoreError) {
        struct Kind: Hashable {
            var state: InputState
            var name: String
        }
        var counts: [Kind: Int] = [:]
        for (entry, result) in zip(entries, results) {
            let name: String =
                switch (result.state, entry.item) {
                case (.refused, _): entry.refusal ?? ""
                case (.rejected, .rejected(let input)): input.reason
                case (.ignored, .ignored(let input)): input.kind
                default: ""
                }
            counts[Kind(state: result.state, name: Self.shortened(name, to: 64)), default: 0] += 1
        }
        for (kind, count) in counts {
            try connection.run(
                "INSERT INTO tally VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET count = count + excluded.count",
                .int(now.milliseconds / 86_400_000),
                .text(source),
                .text(kind.state.rawValue),
                .text(kind.name),
                .int(count)
            )
        }
        try connection.run(
            """
            INSERT INTO source VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE
            SET inputs = inputs + excluded.inputs, last_commit_at = excluded.last_commit_at
            """,
            .text(source),
            .int(entries.count),
            .int(now.milliseconds)
        )
    }
}
