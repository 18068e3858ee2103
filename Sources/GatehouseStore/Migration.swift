/// Brings an older state to this program's schema, in one transaction: a crash leaves the old one.
struct Migration {
    /// The oldest schema that can be brought up.
    static let oldest = 2

    let connection: Connection
    let key: [UInt8]

    /// Another process may have done it meanwhile; then nothing is left to do.
    func run(from found: Int) throws(StoreError) {
        try connection.transaction { () throws(StoreError) in
            let sql = "SELECT value FROM meta WHERE name = 'schema'"
            var version = try connection.first(sql) { Int($0.int(0)) } ?? found
            if version == 2 {
                try chainAttempts()
                try connection.execute(
                    script: """
                        CREATE TABLE IF NOT EXISTS sender_language(
                            sender BLOB PRIMARY KEY, tag TEXT NOT NULL
                        ) STRICT, WITHOUT ROWID
                        """
                )
                version = 3
            }
            if version == 3 {
                try connection.execute(script: Schema.facets)
                version = 4
            }
            if version == 4 {
                try connection.execute(script: Schema.linking)
                version = 5
            }
            try connection.run("UPDATE meta SET value = ?1 WHERE name = 'schema'", .int(version))
        }
    }

    /// 2 → 3: each try gets its link in the chain of the audit.
    private func chainAttempts() throws(StoreError) {
        try connection.execute(script: "ALTER TABLE attempt ADD COLUMN chain BLOB")
        let chain = AttemptChain(key: key)
        var previous = AttemptChain.start
        var count: Int64 = 0
        var last: Int64 = -1
        let sql = """
            SELECT id, outbox, at, outcome, status, duration_ms, reason, answer FROM attempt WHERE id > ?1
            ORDER BY id LIMIT 1000
            """
        while true {
            let entries = try connection.all(sql, .int(last), take: Store.entry)
            for entry in entries {
                previous = chain.digest(of: entry, after: previous)
                try connection.run("UPDATE attempt SET chain = ?2 WHERE id = ?1", .int(entry.row), .bytes(previous))
                last = entry.row
            }
            count += Int64(entries.count)
            if entries.count < 1000 { break }
        }
        guard count > 0 else { return }
        let head = chain.seal(count: count, last: previous)
        try connection.run("INSERT INTO meta VALUES (?1, ?2)", .text(AttemptChain.head), .text(head))
    }
}
