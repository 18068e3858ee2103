package import GatehouseCore

/// The audit: every try to deliver, each with a keyed digest over itself and the digest before it.
///
/// Who changes, removes or adds a try without the state's key breaks the chain from there on; `meta.audit_head` holds the
/// number of tries and the last digest under the same key, so that the end can't be cut off either.
struct AttemptChain {
    /// Before the first try.
    static let start = [UInt8](repeating: 0, count: 32)
    static let head = "audit_head"

    let key: [UInt8]

    /// What a digest is taken over: every column as SQLite shows it, each with its length before it.
    struct Entry {
        let row: Int64
        let outbox: Int64
        let at: Int64
        let outcome: String
        let status: Int64?
        let duration: Int64?
        let reason: String?
        let answer: String?
    }

    func digest(of entry: Entry, after previous: [UInt8]) -> [UInt8] {
        var bytes = previous
        bytes.append(contentsOf: "gatehouse:attempt:1\n".utf8)
        func field(_ value: String?) {
            if let value {
                bytes.append(contentsOf: String(value.utf8.count).utf8)
                bytes.append(UInt8(ascii: ":"))
                bytes.append(contentsOf: value.utf8)
            } else {
                bytes.append(UInt8(ascii: "-"))
            }
            bytes.append(UInt8(ascii: "\n"))
        }
        field(String(entry.row))
        field(String(entry.outbox))
        field(String(entry.at))
        field(entry.outcome)
        field(entry.status.map { String($0) })
        field(entry.duration.map { String($0) })
        field(entry.reason)
        field(entry.answer)
        return HMAC.sha256(key: key, bytes)
    }

    /// The head's value: how many tries, and a digest that only the key's holder can make.
    func seal(count: Int64, last: [UInt8]) -> String {
        "\(count):" + Hex.encode(HMAC.sha256(key: key, Array("gatehouse:audit-head:\(count):".utf8) + last))
    }
}

/// What `gatehouse audit verify` found.
package struct AuditVerdict: Sendable, Equatable {
    package let count: Int
    /// The number of the first try that is not as it was written; nil where all of them are.
    package let firstBroken: Int64?
    /// Tries at the end are gone, or were added by somebody else.
    package let endIsRight: Bool
    package var holds: Bool { firstBroken == nil && endIsRight }
}

/// The end of the chain while tries are added to it in one transaction.
struct AttemptLink {
    /// The last try's.
    fileprivate(set) var row: Int64
    fileprivate(set) var digest: [UInt8]
    fileprivate(set) var count: Int64
    fileprivate let chain: AttemptChain

    /// Adds a try, whose row is the next one.
    mutating func add(
        outbox: Int64,
        at: Int64,
        outcome: String,
        status: Int64?,
        duration: Int64?,
        reason: String?,
        answer: String?
    ) {
        let entry = AttemptChain.Entry(
            row: row + 1,
            outbox: outbox,
            at: at,
            outcome: outcome,
            status: status,
            duration: duration,
            reason: reason,
            answer: answer
        )
        digest = chain.digest(of: entry, after: digest)
        row += 1
        count += 1
    }
}

extension Store {
    /// Where the chain ends now. Call it inside the transaction that adds to it, and `close` at its end.
    func chainEnd() throws(StoreError) -> AttemptLink {
        let sql = "SELECT id, chain FROM attempt ORDER BY id DESC LIMIT 1"
        let last = try connection.first(sql) { ($0.int(0), $0.bytes(1)) }
        let known = try connection.first("SELECT value FROM meta WHERE name = ?1", .text(AttemptChain.head)) {
            $0.text(0)
        }
        return AttemptLink(
            row: last?.0 ?? 0,
            digest: last?.1 ?? AttemptChain.start,
            count: known?.split(separator: ":").first.flatMap { Int64($0) } ?? 0,
            chain: AttemptChain(key: key)
        )
    }

    /// Seals the end, so that it can't be cut off.
    func close(_ link: AttemptLink) throws(StoreError) {
        guard link.count > 0 else { return }
        try connection.run(
            "INSERT INTO meta VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value",
            .text(AttemptChain.head),
            .text(link.chain.seal(count: link.count, last: link.digest))
        )
    }

    /// Reads every try, and takes the digests anew.
    package func verifyAudit() throws(StoreError) -> AuditVerdict {
        try connection.run("BEGIN")
        defer { try? connection.run("COMMIT") }
        let chain = AttemptChain(key: key)
        var previous = AttemptChain.start
        var count: Int64 = 0
        var broken: Int64?
        let sql = "SELECT id, outbox, at, outcome, status, duration_ms, reason, answer, chain FROM attempt ORDER BY id"
        try connection.each(sql, []) { (row) throws(StoreError) in
            count += 1
            let digest = chain.digest(of: Self.entry(row), after: previous)
            let stored = row.bytes(8)
            if broken == nil, stored != digest { broken = row.int(0) }
            previous = stored
        }
        let head = try connection.first("SELECT value FROM meta WHERE name = ?1", .text(AttemptChain.head)) {
            $0.text(0)
        }
        let isRight = count == 0 ? head == nil : head == chain.seal(count: count, last: previous)
        return AuditVerdict(count: Int(count), firstBroken: broken, endIsRight: isRight)
    }

    static func entry(_ row: Row) -> AttemptChain.Entry {
        AttemptChain.Entry(
            row: row.int(0),
            outbox: row.int(1),
            at: row.int(2),
            outcome: row.text(3),
            status: row.optionalInt(4),
            duration: row.optionalInt(5),
            reason: row.optionalText(6),
            answer: row.optionalText(7)
        )
    }
}

/// One line of `gatehouse audit list`.
package struct AuditEntry: Sendable {
    package let number: Int64
    /// The envelope's id.
    package let messageID: String
    package let attempt: Attempt
}

extension Store {
    /// Tries to deliver, the oldest first.
    ///
    /// - Parameters:
    ///   - limit: The newest so many of them.
    package func audit(since: Timestamp?, target: String?, limit: Int) throws(StoreError) -> [AuditEntry] {
        let sql = """
            SELECT a.id, m.envelope_id, o.target, a.at, a.outcome, a.status, a.duration_ms, a.reason, a.answer
            FROM attempt a JOIN outbox o ON o.id = a.outbox JOIN message m ON m.id = o.message
            WHERE (?1 IS NULL OR a.at >= ?1) AND (?2 IS NULL OR o.target = ?2) ORDER BY a.id DESC LIMIT ?3
            """
        let values: [SQLValue] = [.optional(since?.milliseconds), .optional(target), .int(max(limit, 0))]
        return try connection.all(sql, list: values) { row in
            AuditEntry(
                number: row.int(0),
                messageID: row.text(1),
                attempt: Attempt(
                    target: row.text(2),
                    at: Timestamp(milliseconds: row.int(3)),
                    outcome: row.text(4),
                    status: row.optionalInt(5).map { Int($0) },
                    durationMilliseconds: row.optionalInt(6).map { Int($0) },
                    reason: row.optionalText(7),
                    answer: row.optionalText(8)
                )
            )
        }.reversed()
    }
}
