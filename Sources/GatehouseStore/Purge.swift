package import GatehouseCore

/// What a message may be whose bytes are given up: what waits, or is held for a person to look at, keeps them.
package enum PurgeableState: String, CaseIterable, Sendable {
    case sent, dropped
    case notDue = "not_due"
    case dead
    /// The input was no message.
    case rejected

    /// All but dead letters, which a person may still send again.
    package static let usual: Set<PurgeableState> = [.sent, .dropped, .notDue, .rejected]

    var outboxState: OutboxState? { OutboxState(rawValue: rawValue) }
}

extension Store {
    /// Deletes originals and attachments of messages that are done with: settled at all targets, and long enough ago.
    ///
    /// Envelopes, tickets and what is known for duplicates stay; so do the bytes of whatever is ready, held or dead.
    ///
    /// - Parameters:
    ///   - time: What was stored or settled since then is kept.
    ///   - states: Only messages that are in one of these at every target.
    ///   - limit: At most so many messages in this one commit; call again until it returns less.
    /// - Returns: How many messages lost their bytes.
    package func purgeBytes(
        before time: Timestamp,
        states: Set<PurgeableState> = PurgeableState.usual,
        limit: Int = 500
    ) throws(StoreError) -> Int {
        let sql = """
            SELECT m.id, m.pack, m.original_start, m.original_size FROM message m
            WHERE m.original_size IS NOT NULL AND m.ingested_at < ?1 AND (?3 OR m.state <> 'rejected')
                AND (?4 OR m.state = 'rejected')
                AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message = m.id
                    AND (o.state = 'ready' OR instr(?5, ' ' || o.state || ' ') = 0 OR o.settled_at >= ?1))
            ORDER BY m.ingested_at LIMIT ?2
            """
        let atTargets = states.compactMap(\.outboxState).sorted { $0.rawValue < $1.rawValue }
        let values: [SQLValue] = [
            .int(time.milliseconds), .int(max(limit, 0)), .int(states.contains(.rejected) ? 1 : 0),
            .int(atTargets.isEmpty ? 0 : 1), .text(" " + atTargets.map { $0.rawValue + " " }.joined()),
        ]
        let messages = try connection.all(sql, list: values) { row in
            (row: row.int(0), extent: Self.extent(row, from: 1))
        }
        if !messages.isEmpty {
            try connection.transaction { () throws(StoreError) in
                for message in messages { try releaseBytes(ofMessage: message.row, message.extent) }
            }
        }
        try punchHoles()
        return messages.count
    }

    /// Says that a purge begins, where the last one that began did so a day ago: it looks at many rows.
    ///
    /// - Returns: False if it is not yet time.
    package func beginDailyPurge(now: Timestamp = .now()) throws(StoreError) -> Bool {
        let last = try connection.first("SELECT value FROM meta WHERE name = 'purged_at'") { $0.int(0) }
        // A clock that was put back must not keep it from purging for ever.
        if let last, (last...(last &+ 86_399_999)).contains(now.milliseconds) { return false }
        try connection.run(
            "INSERT INTO meta VALUES ('purged_at', ?1) ON CONFLICT DO UPDATE SET value = excluded.value",
            .int(now.milliseconds)
        )
        return true
    }

    private func releaseBytes(ofMessage message: Int64, _ original: Extent?) throws(StoreError) {
        if let original { try leaveHole(original) }
        try connection.run(
            "UPDATE message SET original = NULL, original_start = NULL, original_size = NULL WHERE id = ?1",
            .int(message)
        )
        let sql = "DELETE FROM message_blob WHERE message = ?1 RETURNING blob"
        for blob in try connection.all(sql, .int(message), take: { $0.int(0) }) { try release(blob) }
    }

    private static func extent(_ row: Row, from column: Int32) -> Extent? {
        guard !row.isNull(column), !row.isNull(column + 1) else { return nil }
        return Extent(pack: row.int(column), start: row.int(column + 1), size: Int(row.int(column + 2)))
    }

    private func leaveHole(_ extent: Extent) throws(StoreError) {
        guard extent.size > 0 else { return }
        let size = SQLValue.int(extent.size)
        try connection.run(
            "INSERT INTO pack_hole VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            .int(extent.pack),
            .int(extent.start),
            size
        )
        try connection.run("UPDATE pack SET used = used - ?2 WHERE id = ?1", .int(extent.pack), size)
    }

    /// Gives back to the disk what no row names any more. After a crash the next purge does it.
    private func punchHoles() throws(StoreError) {
        let sql = "SELECT pack, start, size FROM pack_hole ORDER BY pack, start"
        let extents = try connection.all(sql) { Extent(pack: $0.int(0), start: $0.int(1), size: Int($0.int(2))) }
        guard !extents.isEmpty else { return }
        for hole in Self.joined(extents) {
            try packs.punch(start: hole.start, length: Int64(hole.size), of: hole.pack)
        }
        let ofOthers = "used = 0 AND id < (SELECT max(id) FROM pack)"
        for pack in try connection.all("SELECT id FROM pack WHERE \(ofOthers)", take: { $0.int(0) }) {
            try packs.remove(pack)
        }
        try connection.transaction { () throws(StoreError) in
            for extent in extents {
                let sql = "DELETE FROM pack_hole WHERE pack = ?1 AND start = ?2"
                try connection.run(sql, .int(extent.pack), .int(extent.start))
            }
            try connection.run("DELETE FROM pack WHERE \(ofOthers)")
        }
    }

    /// Neighbours as one: of many small stretches side by side whole blocks become free.
    private static func joined(_ extents: [Extent]) -> [Extent] {
        var holes: [Extent] = []
        for extent in extents {
            if let last = holes.last, last.pack == extent.pack, last.end == extent.start {
                holes[holes.count - 1].size += extent.size
            } else {
                holes.append(extent)
            }
        }
        return holes
    }

    /// Gives up to `pages` pages of 32 KiB that purging has freed back to the disk.
    package func shrink(pages: Int = 1000) throws(StoreError) {
        try connection.execute(script: "PRAGMA incremental_vacuum(\(max(pages, 1)))")
    }

    private func release(_ blob: Int64) throws(StoreError) {
        let sql = "UPDATE blob SET uses = uses - 1 WHERE id = ?1 RETURNING uses, pack, start, size"
        let left = try connection.first(sql, .int(blob)) { ($0.int(0), Self.extent($0, from: 1)) }
        guard let (uses, extent) = left, uses == 0 else { return }
        if let extent { try leaveHole(extent) }
        try connection.run("DELETE FROM blob WHERE id = ?1", .int(blob))
    }
}
