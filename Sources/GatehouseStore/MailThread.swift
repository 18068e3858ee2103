import GatehouseCore

/// Which conversation a mail belongs to.
///
/// A mail names the conversation that it wants to be in: by In-Reply-To and References, or by a ticket's number in its
/// subject. Whoever has seen a Message-ID can do that, so a mail is let in only if the conversation knows its author.
extension Store {
    /// As many of the messages that a mail names are looked for, the nearest first.
    private static let maximumReferences = 10

    /// A conversation that a mail has named.
    private struct NamedThread {
        var name: String
        /// The message by which it was named, where it is known.
        var message: String?
    }

    /// Sets the thread of a new mail, and who takes part in it.
    ///
    /// - Parameters:
    ///   - name: Of the conversation that the mail names, whoever writes.
    ///   - shared: The thread of the same mail at another account.
    func setMailThread(of new: inout NewMessage, named name: String, sharing shared: String?) throws(StoreError) {
        let people = MailPeople(new.envelope.data, key: key)
        new.people = people
        if let shared {
            new.thread = shared
            return try addAlias(name, shared)
        }
        var stranger: NamedThread?
        for candidate in try namedThreads(new, name) {
            if try knows(candidate.name, people, new) {
                new.thread = candidate.name
                return
            }
            if stranger == nil { stranger = candidate }
        }
        // The first mails of one author on one root are one conversation, in whatever order they come.
        new.thread = "\(name)/\(people.isForged ? "forged-" : "")\(Hex.encode(people.sender))"
        if let stranger, stranger.name != new.thread { note(stranger, on: &new) }
        if new.envelope.data.conversationID != new.envelope.data.messageID { try addAlias(name, new.thread) }
    }

    /// The conversations that a mail names, the surest first.
    private func namedThreads(_ new: NewMessage, _ name: String) throws(StoreError) -> [NamedThread] {
        var found: [NamedThread] = []
        func add(_ candidate: NamedThread) {
            if !found.contains(where: { $0.name == candidate.name }) { found.append(candidate) }
        }
        if options.followsNamedTickets, let target = new.targets.first {
            for ticket in new.envelope.data.mail?.ticketsNamed ?? [] {
                let sql = "SELECT thread FROM conversation WHERE ticket = ?1 AND target = ?2 LIMIT 4"
                for thread in try connection.all(sql, .text(ticket), .text(target.name), take: { $0.text(0) }) {
                    add(NamedThread(name: thread))
                }
            }
        }
        for id in Self.nearest(new.envelope.data) {
            let sql = """
                SELECT m.thread, m.envelope_id FROM dedup d JOIN message m ON m.id = d.message
                WHERE d.key = ?1 AND d.scope = ?2 LIMIT 4
                """
            let key = dedupKey(of: IdentityKey(.claimed, id))
            let known = try connection.all(sql, .bytes(key), .int(new.claim.scope)) { ($0.text(0), $0.text(1)) }
            for (thread, message) in known { add(NamedThread(name: thread, message: message)) }
        }
        let sql = "SELECT thread FROM thread_alias WHERE name = ?1"
        if let alias = try connection.first(sql, .text(name), take: { $0.text(0) }) { add(NamedThread(name: alias)) }
        return found
    }

    /// The messages that a mail names: what it answers, then its ancestors from the nearest on, and the root.
    private static func nearest(_ data: MessageData) -> [String] {
        var ids: [String] = []
        for id in data.inReplyTo.prefix(3) + data.references.suffix(maximumReferences).reversed()
            + data.references.prefix(1)
        where !ids.contains(id) && id != data.messageID { ids.append(id) }
        return Array(ids.prefix(maximumReferences))
    }

    private func knows(_ thread: String, _ people: MailPeople, _ new: NewMessage) throws(StoreError) -> Bool {
        guard let target = new.targets.first else { return false }
        let sql = "SELECT people FROM conversation WHERE target = ?1 AND thread = ?2"
        let known = try connection.first(sql, .text(target.name), .text(thread)) { $0.bytes(0) }
        return known.map(people.belong) ?? false
    }

    /// A person who reads the ticket may want to know that it names another's.
    private func note(_ thread: NamedThread, on new: inout NewMessage) {
        new.addedWarnings.append("conversation_not_joined")
        new.envelope.data.warnings.append("conversation_not_joined")
        guard let message = thread.message else { return }
        new.envelope.data.dedup?.related.append(RelatedMessage(id: message, why: "named_by_stranger"))
    }

    private func addAlias(_ name: String, _ thread: String) throws(StoreError) {
        guard name != thread else { return }
        try connection.run(
            "INSERT INTO thread_alias VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            .text(name),
            .text(thread)
        )
    }

    /// Under which digest an identity is in `dedup`.
    func dedupKey(of identity: IdentityKey) -> [UInt8] {
        Array(HMAC.sha256(key: key, Array("\(identity.strength.rawValue):\(identity.value)".utf8)).prefix(16))
    }

    /// Takes a mail's people into its conversation at a target.
    func addPeople(of new: NewMessage, to conversation: Int64, known: [UInt8]) throws(StoreError) {
        guard let people = new.people else { return }
        let joined = people.joining(known)
        guard joined != known else { return }
        let sql = "UPDATE conversation SET people = ?2 WHERE id = ?1"
        try connection.run(sql, .int(conversation), .bytes(joined))
    }
}
