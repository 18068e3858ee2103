package import GatehouseCore

extension Store {
    /// Deletes originals and attachments of messages that are done with: settled at all targets, and long enough ago.
    ///
    /// Envelopes, tickets and what is known for duplicates stay; so do the bytes of whatever is ready, held or dead.
    ///
    /// - Parameters:
    ///   - time: What was stored or settled since then is kept.
    ///   - limit: At most so many messages in this one commit; call again until it returns less.
    /// - Returns: How many messages lost their bytes.
    package func purgeBytes(before time: Timestamp, limit: Int = 500) throws(StoreError) -> Int {
        let sql = """
            SELECT mb.message FROM message_blob mb
            WHERE mb.part = -1
                AND mb.message <= (SELECT id FROM message WHERE ingested_at < ?1 ORDER BY ingested_at DESC LIMIT 1)
                AND (SELECT ingested_at FROM message WHERE id = mb.message) < ?1
                AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message = mb.message
                    AND (o.state IN ('ready', 'held', 'dead') OR o.settled_at >= ?1))
            ORDER BY mb.message LIMIT ?2
            """
        let values: [SQLValue] = [.int(time.milliseconds), .int(max(limit, 0))]
        let messages = try connection.all(sql, list: values) { $0.int(0) }
        guard !messages.isEmpty else { return 0 }
        try connection.transaction { () throws(StoreError) in
            for message in messages {
                let sql = "DELETE FROM message_blob WHERE message = ?1 RETURNING blob"
                for blob in try connection.all(sql, .int(message), take: { $0.int(0) }) { try release(blob) }
            }
        }
        return messages.count
    }

    /// Gives up to `pages` pages of 32 KiB that purging has freed back to the disk.
    package func shrink(pages: Int = 1000) throws(StoreError) {
        try connection.execute(script: "PRAGMA incremental_vacuum(\(max(pages, 1)))")
    }

    private func release(_ blob: Int64) throws(StoreError) {
        let sql = "UPDATE blob SET uses = uses - 1 WHERE id = ?1 RETURNING uses"
        guard try connection.first(sql, .int(blob), take: { $0.int(0) }) == 0 else { return }
        try connection.run(
            "DELETE FROM blob_piece WHERE id BETWEEN ?1 AND ?2",
            .int(blob << 16),
            .int(blob << 16 | 0xFFFF)
        )
        try connection.run("DELETE FROM blob WHERE id = ?1", .int(blob))
    }
}
