import CSQLite
import Glibc

/// A value for a statement's parameter.
enum SQLValue {
    case null
    case int(Int64)
    case text(String)
    /// Bytes that are valid UTF-8.
    case utf8([UInt8])
    case bytes([UInt8])

    static func int(_ value: Int) -> SQLValue { .int(Int64(value)) }
    static func optional(_ value: String?) -> SQLValue { value.map { .text($0) } ?? .null }
    static func optional(_ value: Int64?) -> SQLValue { value.map { .int($0) } ?? .null }
}

/// One row of a running statement; good until the statement moves on.
@safe struct Row {
    fileprivate let statement: OpaquePointer

    func int(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(statement, column) }

    func isNull(_ column: Int32) -> Bool { unsafe sqlite3_column_type(statement, column) == SQLITE_NULL }

    func bytes(_ column: Int32) -> [UInt8] {
        // Order matters: asking for the value may convert it, and the length is that of the converted one.
        guard let start = unsafe sqlite3_column_blob(statement, column) else { return [] }
        let count = Int(unsafe sqlite3_column_bytes(statement, column))
        return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }

    /// Of a value that is bytes; nothing is copied.
    func byteCount(_ column: Int32) -> Int { Int(unsafe sqlite3_column_bytes(statement, column)) }

    func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }
    func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }
    func optionalInt(_ column: Int32) -> Int64? { isNull(column) ? nil : int(column) }
}

/// A prepared statement, which ends with its owner.
@safe private final class Statement {
    let handle: OpaquePointer
    let sql: String

    init(_ handle: OpaquePointer, sql: String) {
        unsafe self.handle = handle
        self.sql = sql
    }

    deinit { _ = unsafe sqlite3_finalize(handle) }
}

/// One SQLite connection with its prepared statements. Everything unsafe about SQLite stays in here.
@safe final class Connection {
    let path: String
    private let database: OpaquePointer
    private let keptLogBytes: Int
    /// A transaction of the outside is open that never comes to pass; ours nest in it.
    var isRehearsing = false
    /// By their SQL; each is prepared once for the life of the connection.
    private var statements: [String: Statement] = [:]
    /// The same by where their SQL lies in memory: to hash its text at each use would cost as much as a small statement.
    private var statementsByAddress: [Int: Statement] = [:]
    /// Small texts and bytes of the statements that are running: SQLite would allocate memory for each.
    private let values = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 14, alignment: 16)
    /// How much of it is in use: a statement that runs while another does has its values behind the other's.
    private var valuesEnd = 0

    /// SQLite counts the memory that it uses for whoever asks, and takes a lock for it at each piece; nobody asks. Where it
    /// has begun already, it goes on counting.
    private static let countsNoMemory = csqlite_count_no_memory()

    /// Opens an existing file for reading and writing; nothing in it is changed.
    ///
    /// - Parameter keptLogBytes: A write-ahead log up to this length stays when the connection ends.
    init(path: String, busySeconds: Int32, keptLogBytes: Int = 1 << 19) throws(StoreError) {
        self.path = path
        self.keptLogBytes = keptLogBytes
        _ = Self.countsNoMemory
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let code = unsafe sqlite3_open_v2(path, &opened, flags, nil)
        guard code == SQLITE_OK, let opened = unsafe opened else {
            let message = unsafe String(cString: sqlite3_errstr(code))
            _ = unsafe sqlite3_close_v2(opened)
            throw .database(code: code, message: message, sql: "", path: path)
        }
        unsafe database = opened
        _ = unsafe sqlite3_busy_timeout(database, busySeconds * 1000)
        // The log may reach 16 MiB before it is folded in: pages that change with each batch are copied less often.
        _ = unsafe sqlite3_wal_autocheckpoint(database, 2000)
    }

    deinit {
        statements = [:]
        statementsByAddress = [:]
        // Folding the log into the database costs two more syncs, which a process for one message spends only now and then.
        // The next process reads a log that was left, so it must stay short.
        var status = stat()
        if unsafe stat(path + "-wal", &status) == 0, status.st_size <= keptLogBytes {
            _ = unsafe csqlite_keep_log_on_close(database)
        }
        _ = unsafe sqlite3_close_v2(database)
        unsafe values.deallocate()
    }

    /// Runs statements without parameters and without results, such as a schema.
    func execute(script: String) throws(StoreError) {
        let code = unsafe sqlite3_exec(database, script, nil, nil, nil)
        guard code == SQLITE_OK else { throw error(code, script) }
    }

    func run(_ sql: String, _ values: SQLValue...) throws(StoreError) {
        try each(sql, values) { (_) throws(StoreError) in }
    }

    /// The first row that the statement gives, or nil; a changing statement is run to its end all the same.
    func first<Result>(_ sql: String, _ values: SQLValue..., take: (Row) -> Result) throws(StoreError) -> Result? {
        var result: Result?
        try each(sql, values) { (row) throws(StoreError) in if result == nil { result = take(row) } }
        return result
    }

    func all<Result>(_ sql: String, _ values: SQLValue..., take: (Row) -> Result) throws(StoreError) -> [Result] {
        try all(sql, list: values, take: take)
    }

    func all<Result>(_ sql: String, list: [SQLValue], take: (Row) -> Result) throws(StoreError) -> [Result] {
        var results: [Result] = []
        try each(sql, list) { (row) throws(StoreError) in results.append(take(row)) }
        return results
    }

    /// How many rows the last statement changed.
    var changes: Int { Int(unsafe sqlite3_changes64(database)) }

    /// The id of the row that was inserted last.
    var lastRow: Int64 { unsafe sqlite3_last_insert_rowid(database) }

    /// Runs a statement and hands on each of its rows.
    func each(_ sql: String, _ values: [SQLValue], _ body: (Row) throws(StoreError) -> Void) throws(StoreError) {
        let statement = unsafe try prepared(sql).handle
        let valuesStart = valuesEnd
        // Reset reports the failure of the step once more; that one has been thrown already.
        defer {
            _ = unsafe sqlite3_reset(statement)
            _ = unsafe sqlite3_clear_bindings(statement)
            valuesEnd = valuesStart
        }
        for (index, value) in values.enumerated() {
            let code = unsafe bind(value, to: statement, at: Int32(index + 1))
            guard code == SQLITE_OK else { throw error(code, sql) }
        }
        while true {
            let code = unsafe sqlite3_step(statement)
            if code == SQLITE_DONE { return }
            guard code == SQLITE_ROW else { throw error(code, sql) }
            unsafe try body(Row(statement: statement))
        }
    }

    /// Where a long literal's text lies, which never moves; nil for what is short or made anew each time.
    private static func address(of sql: String) -> Int? {
        guard sql.utf8.count > 15 else { return nil }
        return unsafe sql.utf8.withContiguousStorageIfAvailable { Int(bitPattern: $0.baseAddress) }
    }

    /// Runs `body` in one transaction: all of it is on disk when this returns, or none of it.
    func transaction<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
        guard !isRehearsing else { return try savepoint(body) }
        try run("BEGIN IMMEDIATE")
        do {
            let result = try body()
            try run("COMMIT")
            return result
        } catch {
            // A full disk has SQLite roll back by itself; then there is nothing left to end.
            if unsafe sqlite3_get_autocommit(database) == 0 { try? run("ROLLBACK") }
            throw error
        }
    }

    private func savepoint<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
        try run("SAVEPOINT rehearsal")
        do {
            let result = try body()
            try run("RELEASE rehearsal")
            return result
        } catch {
            try? run("ROLLBACK TO rehearsal")
            try? run("RELEASE rehearsal")
            throw error
        }
    }

    private func prepared(_ sql: String) throws(StoreError) -> Statement {
        let address = Self.address(of: sql)
        // Another text may lie where one has been; for the same literal the comparison looks at the address alone.
        if let address, let known = statementsByAddress[address], known.sql == sql { return known }
        if let known = statements[sql] {
            if let address, statementsByAddress.count < 256 { statementsByAddress[address] = known }
            return known
        }
        var handle: OpaquePointer?
        let code = unsafe sqlite3_prepare_v3(database, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard code == SQLITE_OK, let handle = unsafe handle else { throw error(code, sql) }
        let statement = unsafe Statement(handle, sql: sql)
        statements[sql] = statement
        return statement
    }

    private func bind(_ value: SQLValue, to statement: OpaquePointer, at index: Int32) -> Int32 {
        switch value {
        case .null: return unsafe sqlite3_bind_null(statement, index)
        case .int(let number): return unsafe sqlite3_bind_int64(statement, index, number)
        case .text(var text):
            return text.withUTF8 { utf8 in unsafe bindText(utf8, to: statement, at: index) }
        case .utf8(let bytes):
            return unsafe bytes.withUnsafeBufferPointer { unsafe bindText($0, to: statement, at: index) }
        case .bytes(let bytes):
            // No bytes is an empty value, not NULL, which a null pointer would mean.
            guard !bytes.isEmpty else { return unsafe sqlite3_bind_zeroblob(statement, index, 0) }
            return unsafe bytes.withUnsafeBytes { buffer in
                guard let lasting = unsafe kept(buffer) else {
                    return unsafe csqlite_bind_blob(statement, index, buffer.baseAddress, UInt64(buffer.count))
                }
                return unsafe csqlite_bind_lasting_blob(statement, index, lasting, UInt64(buffer.count))
            }
        }
    }

    /// Where the bytes stay until their statement has ended; nil where there is no room for them.
    private func kept(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawPointer? {
        guard unsafe bytes.count <= values.count &- valuesEnd else { return nil }
        let place = unsafe UnsafeMutableRawBufferPointer(rebasing: values[valuesEnd..<valuesEnd &+ bytes.count])
        unsafe place.copyMemory(from: bytes)
        valuesEnd &+= bytes.count
        return UnsafeRawPointer(place.baseAddress)
    }

    private func bindText(_ utf8: UnsafeBufferPointer<UInt8>, to statement: OpaquePointer, at index: Int32) -> Int32 {
        guard let start = utf8.baseAddress else { return unsafe csqlite_bind_text(statement, index, "", 0) }
        if let lasting = unsafe kept(UnsafeRawBufferPointer(utf8)) {
            let text = unsafe lasting.assumingMemoryBound(to: CChar.self)
            return unsafe csqlite_bind_lasting_text(statement, index, text, UInt64(utf8.count))
        }
        return unsafe start.withMemoryRebound(to: CChar.self, capacity: utf8.count) { text in
            unsafe csqlite_bind_text(statement, index, text, UInt64(utf8.count))
        }
    }

    private func error(_ code: Int32, _ sql: String) -> StoreError {
        .database(code: code, message: unsafe String(cString: sqlite3_errmsg(database)), sql: sql, path: path)
    }
}
