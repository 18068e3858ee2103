import GatehouseCore

/// A message on its way into the tables.
struct NewMessage {
    enum State: String { case accepted, rejected }

    var envelope: Envelope
    let keys: [IdentityKey]
    let ordinal: Int?
    let raw: [UInt8]
    /// Bytes of attachments, by their number.
    let contents: [Int: [UInt8]]
    let claim: Claim
    /// SHA-256 of `raw`.
    let rawDigest: [UInt8]
    let state: State
    let source: String
    /// One plan for each target, whose names differ.
    let targets: [TargetPlan]
    /// Which conversation it belongs to, at every target.
    var thread = ""
    /// Who takes part in a mail's conversation.
    var people: MailPeople?
    /// Until then the loop breaker holds it back.
    var heldUntil: Timestamp?
    var reason: String?
    var addedWarnings: [String] = []
    /// What `dedup.revision` says: the revision, or how often bytes without a key came before.
    var knownRevision = 0

    init(
        message: ParsedMessage,
        claim: Claim,
        rawDigest: [UInt8],
        state: State,
        source: String,
        targets: [TargetPlan]
    ) {
        envelope = message.envelope
        keys = message.keys
        ordinal = message.ordinal
        raw = message.raw
        contents = message.contents
        self.claim = claim
        self.rawDigest = rawDigest
        self.state = state
        self.source = source
        var names: Set<String> = []
        self.targets = targets.filter { names.insert($0.name).inserted }
    }

    /// An edit belongs to the ticket of what it edits, however late it comes.
    var startsSegments: Bool { envelope.data.revision == 0 }

    /// A person's edit of a message that never came: it says all that is known of it.
    var isEditOfUnseen: Bool {
        if case .revision = claim.verdict { return false }
        return envelope.type == .messageRevised && envelope.data.direction == .inbound
            && [.no, .list].contains(envelope.data.automated)
    }

    /// A mailer that gives all its mails one Message-ID must not put all its writers into one ticket.
    var opensUnderReusedID: Bool {
        guard case .reused = claim.verdict else { return false }
        return envelope.data.conversationID == envelope.data.messageID
    }

    var urgency: Int { envelope.data.triage?.urgency.level.rank ?? UrgencyLevel.normal.rank }
}

extension Store {
    /// Gives a new message its revision, links, id, fingerprint and time of arrival.
    func finish(
        _ new: inout NewMessage,
        content: [UInt8],
        originalDigest: String,
        now: Timestamp
    ) throws(StoreError) {
        var related: [RelatedMessage] = new.envelope.data.dedup?.related ?? []
        var thread: String?
        var occurrence = 0
        var isReused = false
        switch new.claim.verdict {
        case .new, .duplicate: break
        case .revision(let row, let number):
            new.envelope.data.revision = max(number, new.envelope.data.revision)
            if new.envelope.type == .messageCreated { new.envelope.type = .messageRevised }
            thread = try message(inRow: row)?.thread
        case .reused(let row):
            isReused = true
            new.addedWarnings.append("message_id_reused")
            if let first = try message(inRow: row) {
                related.append(RelatedMessage(id: first.id, why: "message_id_reused"))
            }
        case .again(let number): occurrence = number
        case .otherAccount(let row):
            guard let first = try message(inRow: row) else { break }
            related.append(RelatedMessage(id: first.id, why: "same_message_other_account"))
            if !options.separatesAccounts { thread = first.thread }
        }
        new.knownRevision = occurrence > 0 ? occurrence : new.envelope.data.revision
        if new.envelope.data.raw.size == nil { new.envelope.data.raw.size = new.raw.count }
        if new.envelope.data.raw.sha256 == nil { new.envelope.data.raw.sha256 = Hex.encode(new.rawDigest) }
        new.envelope.data.warnings += new.addedWarnings
        new.envelope.data.times.ingestedAt = now
        EnvelopeIdentity.assign(
            to: &new.envelope,
            keys: new.keys,
            ordinal: new.ordinal,
            rawDigest: originalDigest,
            occurrence: occurrence,
            reusedWith: isReused ? content : nil
        )
        new.envelope.data.dedup?.fingerprint =
            new.claim.contentFingerprint ?? EnvelopeIdentity.fingerprint(contentDigest: content, key: key)
        new.envelope.data.dedup?.related = related
        try setThread(of: &new, sharing: thread)
    }

    /// The conversation's name at all targets; `shared` is that of the message to which this one belongs.
    private func setThread(of new: inout NewMessage, sharing shared: String?) throws(StoreError) {
        guard let conversation = new.envelope.data.conversationID, !new.opensUnderReusedID else {
            new.thread = shared ?? "id:\(new.envelope.id)"
            if new.envelope.data.channel == .email { new.people = MailPeople(new.envelope.data, key: key) }
            return
        }
        let name = Self.bounded("\(EnvelopeIdentity.scope(of: new.envelope)):\(conversation)")
        if new.envelope.data.channel == .email { return try setMailThread(of: &new, named: name, sharing: shared) }
        if let shared {
            new.thread = shared
            guard shared != name else { return }
            // Answers at this account go on in the same conversation.
            try connection.run(
                "INSERT INTO thread_alias VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                .text(name),
                .text(shared)
            )
        } else {
            let sql = "SELECT thread FROM thread_alias WHERE name = ?1"
            new.thread = try connection.first(sql, .text(name)) { $0.text(0) } ?? name
        }
    }

    private func message(inRow row: Int64) throws(StoreError) -> (id: String, thread: String)? {
        try connection.first("SELECT envelope_id, thread FROM message WHERE id = ?1", .int(row)) {
            ($0.text(0), $0.text(1))
        }
    }

    /// Writes the message and its bytes.
    ///
    /// - Returns: Its row, or nil if a message with this id is there already.
    func insert(_ new: inout NewMessage, now: Timestamp) throws(StoreError) -> Int64? {
        var contents: [(part: Int, bytes: [UInt8], digest: [UInt8])] = []
        for (part, bytes) in new.contents.sorted(by: { $0.key < $1.key }) {
            let digest = SHA256.digest(of: bytes)
            contents.append((part, bytes, digest))
            // The envelope names bytes by what is really stored.
            if new.envelope.data.attachments.indices.contains(part) {
                new.envelope.data.attachments[part].sha256 = Hex.encode(digest)
                if !bytes.isEmpty, try isKept(digest) || contents.dropLast().contains(where: { $0.digest == digest }) {
                    new.envelope.data.attachments[part].notes.append("same_as_before")
                }
            }
        }
        guard let row = try insertRow(new, now: now) else { return nil }
        for content in contents { try keep(content.bytes, digest: content.digest, message: row, part: content.part) }
        return row
    }

    private func insertRow(_ new: NewMessage, now: Timestamp) throws(StoreError) -> Int64? {
        let encoded = EnvelopeEncoder.encode(new.envelope)
        let triage = new.envelope.data.triage
        let packedEnvelope = packing?.add(envelope: encoded)
        let packedOriginal = packing?.add(original: new.raw)
        try connection.run(
            """
            INSERT INTO message(envelope_id, state, type, channel, scope, source, thread, revision, urgency, has_own_id,
                language, time, ingested_at, reason, title, planned, pack, original_start, original_size,
                envelope_start, envelope_size, envelope, original)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
                ?23)
            ON CONFLICT(envelope_id) DO NOTHING
            """,
            .text(new.envelope.id),
            .text(new.state.rawValue),
            .text(new.envelope.type.rawValue),
            .text(new.envelope.data.channel.rawValue),
            .int(new.claim.scope),
            .text(new.source),
            .text(new.thread),
            .int(new.envelope.data.revision),
            .int(new.urgency),
            .int(new.keys.contains { $0.strength == .authoritative } ? 1 : 0),
            .optional(triage?.language.tag),
            .int((new.envelope.time ?? now).milliseconds),
            .int(now.milliseconds),
            .optional(new.reason ?? triage?.urgency.reasons.first?.rule),
            .optional(Self.title(of: new.envelope)),
            .int(new.targets.count),
            .optional(packing?.pack),
            .optional(packedOriginal?.start),
            .int(new.raw.count),
            .optional(packedEnvelope?.start),
            .int(encoded.count),
            packedEnvelope == nil ? .bytes(encoded) : .null,
            packedOriginal == nil ? .bytes(new.raw) : .null
        )
        guard connection.changes > 0 else { return nil }
        newestMessage = connection.lastRow
        return newestMessage
    }

    /// The subject or the first line that says something, cut at 120 characters.
    private static func title(of envelope: Envelope) -> String? {
        // By scalars: one Character may be megabytes of combining marks.
        let subject = envelope.data.subject ?? ""
        let text = subject.isEmpty ? envelope.data.body.strippedText ?? envelope.data.body.text : subject
        let scalars = text.unicodeScalars
        guard let start = scalars.firstIndex(where: { !$0.properties.isWhitespace }) else {
            return envelope.data.attachments.first.map { file in
                // A passport's name may be its owner's.
                file.isSensitive ? "[\(file.role ?? "document")]" : "[\(file.name?.prefix(100) ?? "attachment")]"
            }
        }
        var end = start
        var count = 0
        while count < 120, end < scalars.endIndex, scalars[end] != "\n" {
            scalars.formIndex(after: &end)
            count += 1
        }
        return String(scalars[start..<end])
    }

    /// Names from outside may be long; past 200 bytes their digest stands for them.
    private static func bounded(_ name: String) -> String {
        name.utf8.count <= 200 ? name : "sha256:" + SHA256.hex(of: Array(name.utf8))
    }
}
