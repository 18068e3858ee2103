import GatehouseCore

/// Whether a message is new, and if so, to what it belongs.
struct Claim {
    enum Verdict {
        /// Seen before: the row of `message` that it repeats.
        case duplicate(of: Int64)
        case new
        /// A platform's id that is known with other content: the row of the latest form, and this form's number.
        case revision(of: Int64, number: Int)
        /// A Message-ID that another message has used, whose row this is.
        case reused(by: Int64)
        /// Bytes without a key that were last seen longer ago than a redelivery would be.
        case again(occurrence: Int)
        /// The same mail is known at another account, under this row.
        case otherAccount(Int64)
    }

    var verdict: Verdict
    /// Digests of the message's keys, in their order, or of its bytes where it has none.
    var keys: [[UInt8]]
    /// Kind and value, as `dedup` holds them: what it says and, where it has bytes, what they are. Either will do.
    var fingerprints: [[UInt8]]
    var scope: Int64

    /// `fp1:…`, where it was computed for the claim.
    var contentFingerprint: String? {
        guard let first = fingerprints.first, first.count == 33, first[0] == 1 else { return nil }
        return "fp1:" + Hex.encode(Array(first.dropFirst()))
    }
}

extension Store {
    /// Looks a message's keys up; call it inside the transaction that stores the message.
    func claim(
        _ message: ParsedMessage,
        contentDigest: [UInt8],
        rawDigest: String,
        now: Timestamp
    ) throws(StoreError) -> Claim {
        let scopeName = EnvelopeIdentity.scope(of: message.envelope)
        let scope = try scopeRow(scopeName)
        let digests =
            message.keys.isEmpty
            ? [Array(HMAC.sha256(key: key, Array("content:\(rawDigest)".utf8)).prefix(16))] : message.keys.map(dedupKey)
        var claim = Claim(verdict: .new, keys: digests, fingerprints: [], scope: scope)
        guard !message.keys.isEmpty else {
            claim.fingerprints = [[0]]
            claim.verdict = try claimBytes(digests[0], claim, now: now)
            return claim
        }
        claim.fingerprints = [[1] + HMAC.sha256(key: key, contentDigest)]
        if !message.raw.isEmpty {
            let original = EnvelopeIdentity.originalDigest(of: message.envelope, rawDigest: rawDigest)
            claim.fingerprints.append([0] + HMAC.sha256(key: key, original).prefix(16))
        }
        claim.verdict = try verdict(for: message, claim)
        return claim
    }

    private func verdict(for message: ParsedMessage, _ claim: Claim) throws(StoreError) -> Claim.Verdict {
        // Most messages are new, and one look at each key tells so.
        guard try isAnyKnown(claim.keys) else { return .new }
        for (identity, digest) in zip(message.keys, claim.keys) {
            let verdict: Claim.Verdict? =
                switch identity.strength {
                case .authoritative: try claimAuthoritative(digest, claim)
                case .claimed: try claimClaimed(digest, claim)
                case .composite:
                    try claimComposite(digest, claim, hasOwnID: message.keys.contains { $0.strength == .authoritative })
                }
            if let verdict { return verdict }
        }
        if let digest = zip(message.keys, claim.keys).first(where: { $0.0.strength == .claimed })?.1,
            let other = try sameMailAtOtherAccount(digest, claim, channel: message.envelope.data.channel)
        {
            return .otherAccount(other)
        }
        return .new
    }

    private func isAnyKnown(_ keys: [[UInt8]]) throws(StoreError) -> Bool {
        for key in keys {
            let sql = "SELECT 1 FROM dedup WHERE key = ?1 LIMIT 1"
            if try connection.first(sql, .bytes(key), take: { _ in true }) == true { return true }
        }
        return false
    }

    /// The row that has this very key and content.
    private func known(_ key: [UInt8], _ claim: Claim, scope: Int64? = nil) throws(StoreError) -> Int64? {
        for fingerprint in claim.fingerprints {
            let row = try connection.first(
                "SELECT message FROM dedup WHERE key = ?1 AND scope = ?2 AND fingerprint = ?3",
                .bytes(key),
                .int(scope ?? claim.scope),
                .bytes(fingerprint)
            ) { $0.int(0) }
            if let row { return row }
        }
        return nil
    }

    private func claimAuthoritative(_ key: [UInt8], _ claim: Claim) throws(StoreError) -> Claim.Verdict? {
        if let row = try known(key, claim) { return .duplicate(of: row) }
        let sql = "SELECT message, revision FROM dedup WHERE key = ?1 AND scope = ?2 ORDER BY revision DESC LIMIT 1"
        return try connection.first(sql, .bytes(key), .int(claim.scope)) { row in
            .revision(of: row.int(0), number: Int(row.int(1)) + 1)
        }
    }

    private func claimClaimed(_ key: [UInt8], _ claim: Claim) throws(StoreError) -> Claim.Verdict? {
        if let row = try known(key, claim) { return .duplicate(of: row) }
        let sql = "SELECT message FROM dedup WHERE key = ?1 AND scope = ?2 LIMIT 1"
        return try connection.first(sql, .bytes(key), .int(claim.scope)) { .reused(by: $0.int(0)) }
    }

    /// Two messages of one platform that each have an id of their own are two, however alike they look.
    private func claimComposite(
        _ key: [UInt8],
        _ claim: Claim,
        hasOwnID: Bool
    ) throws(StoreError) -> Claim.Verdict? {
        let sql = "SELECT message FROM dedup WHERE key = ?1 AND scope = ?2 LIMIT 1"
        guard let row = try connection.first(sql, .bytes(key), .int(claim.scope), take: { $0.int(0) }) else {
            return nil
        }
        guard hasOwnID else { return .duplicate(of: row) }
        let other = try connection.first("SELECT has_own_id FROM message WHERE id = ?1", .int(row)) { $0.int(0) != 0 }
        return other == true ? nil : .duplicate(of: row)
    }

    private func claimBytes(_ key: [UInt8], _ claim: Claim, now: Timestamp) throws(StoreError) -> Claim.Verdict {
        let sql = "SELECT message, revision, seen_at FROM dedup WHERE key = ?1 AND scope = ?2 LIMIT 1"
        let seen = try connection.first(sql, .bytes(key), .int(claim.scope)) { ($0.int(0), Int($0.int(1)), $0.int(2)) }
        guard let (row, occurrence, time) = seen else { return .new }
        // A clock that was put back must not turn a redelivery into a new message.
        let isRecent = now.milliseconds &- time <= options.redeliverySeconds &* 1000
        return isRecent ? .duplicate(of: row) : .again(occurrence: occurrence + 1)
    }

    /// Goes from scope to scope of one key; a Message-ID that hundreds of accounts share proves nothing.
    private func sameMailAtOtherAccount(
        _ key: [UInt8],
        _ claim: Claim,
        channel: Channel
    ) throws(StoreError) -> Int64? {
        var scope: Int64 = -1
        for _ in 0..<32 {
            let next = try connection.first(
                "SELECT scope FROM dedup WHERE key = ?1 AND scope > ?2 ORDER BY scope LIMIT 1",
                .bytes(key),
                .int(scope)
            ) { $0.int(0) }
            guard let next else { return nil }
            scope = next
            guard scope != claim.scope, let row = try known(key, claim, scope: scope) else { continue }
            let sql = "SELECT channel FROM message WHERE id = ?1"
            if try connection.first(sql, .int(row), take: { $0.text(0) }) == channel.rawValue { return row }
        }
        return nil
    }

    /// Notes under which keys and content a message is known from now on.
    ///
    /// - Parameter replaces: False leaves what is known as it is, and only adds.
    func remember(
        _ claim: Claim,
        message: Int64,
        revision: Int,
        now: Timestamp,
        replaces: Bool = true
    ) throws(StoreError) {
        let replace = """
            INSERT INTO dedup(key, scope, fingerprint, message, revision, seen_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT DO UPDATE
            SET message = excluded.message, revision = excluded.revision, seen_at = excluded.seen_at
            """
        let add = """
            INSERT INTO dedup(key, scope, fingerprint, message, revision, seen_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT DO NOTHING
            """
        let sql = replaces ? replace : add
        for key in claim.keys {
            for fingerprint in claim.fingerprints {
                try connection.run(
                    sql,
                    .bytes(key),
                    .int(claim.scope),
                    .bytes(fingerprint),
                    .int(message),
                    .int(revision),
                    .int(now.milliseconds)
                )
            }
        }
    }
}
