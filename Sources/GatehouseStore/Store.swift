package import GatehouseCore
import Glibc

/// All that Gatehouse remembers: one SQLite file and one key in one directory. Synchronous, one connection, so for one
/// thread at a time.
///
/// Several processes may have the same directory open; SQLite's locks keep them apart.
package final class Store {
    package struct Options: Sendable {
        /// How long the same bytes, without key and time, count as delivered again and not as said again.
        package var redeliverySeconds: Int64 = 24 * 3600
        /// The same mail at another account is a message of its own, and no follow-up of the first.
        package var separatesAccounts = false
        /// A mail that names a ticket in its subject belongs to the ticket's conversation, if that knows its author.
        package var followsNamedTickets = false
        /// From so many senders on, messages that say the same are called a cluster.
        package var clusterSenders = 3
        /// nil holds nothing back.
        package var loopBreaker: LoopBreaker?
        /// How long to wait for another process that writes.
        package var busySeconds: Int32 = 20

        package init() {}
    }

    package let directory: String
    let options: Options
    package let key: [UInt8]
    let connection: Connection
    let packs: PackFiles
    var highWater = HighWater(messages: 0, tries: 0)
    /// An older database was put back, as opening it has found out.
    package private(set) var restored: RestoredState?
    /// When that was found out last, by whichever process.
    package private(set) var restoredAt: Timestamp?
    /// The row of the message that the current transaction has stored last.
    var newestMessage: Int64?
    /// The tables of `DeliveryStage` are there.
    var hasStage = false
    /// Row ids of `scope` by name.
    var scopes: [String: Int64] = [:]
    /// Of the batch that is being stored.
    var topicRates = TopicRates()
    /// Of the same.
    var facetCounts: [FacetKey: Int] = [:]
    /// The bytes of the batch that is being stored, where they go into a pack.
    var packing: Packing?
    /// Used again for each of them: fresh memory costs more than to fill it.
    let packBuffer = BlockBuffer()

    /// Opens the state in `directory`.
    ///
    /// - Parameter create: Makes what is missing; two processes may do so at once.
    package init(directory: String, create: Bool, options: Options = Options()) throws(StoreError) {
        self.directory = directory
        self.options = options
        packs = PackFiles(directory: directory)
        let files = StateDirectory(path: directory)
        // Before the database is read, which may only be ahead of it.
        let was = HighWater.read(in: directory)
        if let opened = try Self.openExisting(files, options) {
            (connection, key, restoredAt) = opened
            try lookForRestore(was: was)
            return
        }
        guard create else { throw .missing(directory: directory) }
        try Self.create(files, options)
        guard let opened = try Self.openExisting(files, options) else { throw .missing(directory: directory) }
        (connection, key, restoredAt) = opened
    }

    private func lookForRestore(was: HighWater?) throws(StoreError) {
        highWater = was ?? highWater
        let now = Timestamp.now()
        restored = try Self.findRestore(connection, was: was, now: now)
        guard restored != nil else { return }
        restoredAt = now
        highWater = try Self.current(connection)
        highWater.write(in: directory)
    }

    init(directory: String, options: Options, key: [UInt8], connection: Connection) {
        self.directory = directory
        self.options = options
        self.key = key
        self.connection = connection
        packs = PackFiles(directory: directory)
    }

    /// - Returns: nil if there is no database yet.
    private static func openExisting(
        _ files: StateDirectory,
        _ options: Options
    ) throws(StoreError) -> (Connection, [UInt8], restoredAt: Timestamp?)? {
        guard unsafe access(files.database, F_OK) == 0 || errno != ENOENT else { return nil }
        let connection = try Connection(path: files.database, busySeconds: options.busySeconds)
        // No page of ours, with customers' words on it, goes into a temporary file outside of the state directory.
        try connection.execute(
            script: """
                PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; PRAGMA cache_size=-16384;
                PRAGMA temp_store=MEMORY
                """
        )
        let key = try files.readKey()
        var found = 0
        var keyCheck: [UInt8] = []
        var restoredAt: Timestamp?
        do {
            try connection.each("SELECT name, value FROM meta", []) { (row) throws(StoreError) in
                if row.text(0) == "schema" { found = Int(row.int(1)) }
                if row.text(0) == "key_check" { keyCheck = row.bytes(1) }
                if row.text(0) == "restored_at" { restoredAt = Timestamp(milliseconds: row.int(1)) }
            }
        } catch {
            guard error.isMissingTable else { throw error }
        }
        guard (Migration.oldest...Schema.version).contains(found) else {
            throw .schema(path: files.database, found: found, expected: Schema.version)
        }
        guard keyCheck == check(of: key) else {
            throw .key(path: files.keyFile, reason: "this is not the key that the state was made with")
        }
        if found < Schema.version { try Migration(connection: connection, key: key).run(from: found) }
        return (connection, key, restoredAt)
    }

    /// Tells one key from another without telling the key.
    private static func check(of key: [UInt8]) -> [UInt8] { HMAC.sha256(key: key, Array("gatehouse:key-check".utf8)) }

    /// Makes key and database. The database appears under its name in one step, complete: whoever sees it may use it,
    /// and a process that dies here leaves nothing that the next one can't do again.
    private static func create(_ files: StateDirectory, _ options: Options) throws(StoreError) {
        try files.make()
        let lock = try FileLock.wait("create", in: files.path)
        defer { withExtendedLifetime(lock) {} }
        // Another starter may have been faster.
        guard unsafe access(files.database, F_OK) != 0 else { return }
        try files.makeKey()
        let key = try files.readKey()
        try files.makeDraft()
        try fillDraft(files, key)
        try files.publishDraft()
    }

    private static func fillDraft(_ files: StateDirectory, _ key: [UInt8]) throws(StoreError) {
        let connection = try Connection(path: files.draft, busySeconds: 0, keptLogBytes: -1)
        // Before the first table, or never: it lets the file shrink in steps after a purge.
        // Pages of 32 KiB hold a common mail with its envelope; smaller ones cost more in bulk.
        let script = "PRAGMA page_size=32768; PRAGMA auto_vacuum=INCREMENTAL; PRAGMA temp_store=MEMORY"
        try connection.execute(script: script)
        try connection.transaction { () throws(StoreError) in
            try connection.execute(script: Schema.tables)
            try connection.run("INSERT INTO meta VALUES ('schema', ?1)", .int(Schema.version))
            try connection.run("INSERT INTO meta VALUES ('key_check', ?1)", .bytes(check(of: key)))
        }
        // The file remembers it.
        try connection.execute(script: "PRAGMA journal_mode=WAL")
    }

    /// `fp1:…` of a message, before its secrets are removed.
    package func fingerprint(of envelope: Envelope) -> String { EnvelopeIdentity.fingerprint(of: envelope, key: key) }

    /// How far a source has got, by item.
    package func positions(of source: String) throws(StoreError) -> [String: String] {
        var result: [String: String] = [:]
        try connection.each("SELECT item, value FROM position WHERE source = ?1", [.text(source)]) {
            (row) throws(StoreError) in
            result[row.text(0)] = row.text(1)
        }
        return result
    }

    /// The row of a scope's name, made where it is new.
    func scopeRow(_ name: String) throws(StoreError) -> Int64 {
        if let known = scopes[name] { return known }
        let sql = "INSERT INTO scope(name) VALUES (?1) ON CONFLICT DO UPDATE SET name = name RETURNING id"
        let row = try connection.first(sql, .text(name)) { $0.int(0) } ?? 0
        scopes[name] = row
        return row
    }
}
