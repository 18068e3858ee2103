// What makes two messages the same one: the scope in which a key counts, the envelope's id, and the digest of
// what a message says. The store's claims and `gatehouse parse` both use it.

/// Pure functions: the same input gives the same answer on every machine.
package enum EnvelopeIdentity {
    /// Where keys are unique: the channel and the account, or the source's path where no account is known.
    package static func scope(of envelope: Envelope) -> String {
        UnicodeText.joined(envelope.data.channel.rawValue, ":", envelope.data.account ?? envelope.source)
    }

    /// The envelope's id: base32 of SHA-256 over fields, each with its length before it.
    ///
    /// - Parameters:
    ///   - key: The message's first key; nil where it has none.
    ///   - rawDigest: 64 hex digits, the SHA-256 of the message's own bytes; counts only without a key.
    ///   - revision: 0 for the first form of a message.
    ///   - occurrence: 0, or how often the same bytes without a key came before, longer ago than a redelivery would.
    ///   - contentDigest: `contentDigest(of:)`, given only where another message has claimed the same key.
    package static func id(
        scope: String,
        key: IdentityKey?,
        rawDigest: String,
        revision: Int = 0,
        occurrence: Int = 0,
        contentDigest: [UInt8]? = nil
    ) -> String {
        id(
            scope: (scope, "", ""),
            key: key,
            rawDigest: rawDigest,
            revision: revision,
            occurrence: occurrence,
            contentDigest: contentDigest
        )
    }

    /// - Parameter scope: In three pieces, which are one field.
    private static func id(
        scope: (String, String, String),
        key: IdentityKey?,
        rawDigest: String,
        revision: Int,
        occurrence: Int,
        contentDigest: [UInt8]?
    ) -> String {
        var fields = ByteOutput()
        fields.append(constant: "14:gatehouse:id:1", afterComma: false)
        fields.append(decimal: Int64(scope.0.utf8.count + scope.1.utf8.count + scope.2.utf8.count))
        fields.append(UInt8(ascii: ":"))
        fields.append(plain: scope.0)
        fields.append(plain: scope.1)
        fields.append(plain: scope.2)
        add(key?.strength.rawValue ?? "content", to: &fields)
        add(key?.value ?? rawDigest, to: &fields)
        // Its digits with their own count before them, without a text on the way.
        if 0..<10 ~= revision {
            fields.append(constant: "1:", afterComma: false)
            fields.append(decimal: Int64(revision))
        } else {
            add(String(revision), to: &fields)
        }
        if occurrence > 0 { add("occurrence:\(occurrence)", to: &fields) }
        if let contentDigest { add("content:" + Hex.encode(contentDigest), to: &fields) }
        return fields.digestInBase32
    }

    /// The field with its length before it, as `SHA256Stream.update(field:)` takes it.
    private static func add(_ field: String, to fields: inout ByteOutput) {
        fields.append(decimal: Int64(field.utf8.count))
        fields.append(UInt8(ascii: ":"))
        fields.append(plain: field)
    }

    /// Gives `envelope` its id and fills `data.dedup`; `data.revision` must be right already.
    ///
    /// - Parameter contentDigest: As for `id`.
    package static func assign(
        to envelope: inout Envelope,
        keys: [IdentityKey],
        ordinal: Int? = nil,
        rawDigest: String,
        occurrence: Int = 0,
        reusedWith contentDigest: [UInt8]? = nil
    ) {
        envelope.id = id(
            scope: (envelope.data.channel.rawValue, ":", envelope.data.account ?? envelope.source),
            key: keys.first,
            rawDigest: rawDigest,
            revision: envelope.data.revision,
            occurrence: occurrence,
            contentDigest: contentDigest
        )
        let method: DedupMethod =
            switch keys.first?.strength {
            case .authoritative, .claimed: .native
            case .composite: .composite
            case nil: .content
            }
        let names = keys.map { UnicodeText.joined($0.strength.rawValue, ":", $0.value) }
        envelope.data.dedup = DedupFacts(
            keys: names,
            method: method,
            fingerprint: envelope.data.dedup?.fingerprint,
            ordinal: ordinal ?? (occurrence > 0 ? occurrence : nil),
            related: envelope.data.dedup?.related ?? []
        )
    }

    /// `fp1:` and 64 hex digits: HMAC-SHA256, with the state's key, over `contentDigest(of:)`.
    package static func fingerprint(contentDigest: [UInt8], key: [UInt8]) -> String {
        "fp1:" + Hex.encode(HMAC.sha256(key: key, contentDigest))
    }

    package static func fingerprint(of envelope: Envelope, key: [UInt8]) -> String {
        fingerprint(contentDigest: contentDigest(of: envelope), key: key)
    }

    /// SHA-256 over what a message says, the same whichever way it came: frozen as version 1, never to be changed.
    ///
    /// Fields, each as UTF-8 with `<length>:` before it, in this order: `gatehouse:content:1`; the kind (`message` for
    /// created and revised, else the event's type); the sender; the subject and the text, with white space folded; then for
    /// each attachment its SHA-256 or, where its bytes are elsewhere, its place; then what a callback or a call says.
    /// Transport headers, charset, transfer encoding, line breaks and trailing white space leave no trace in it.
    /// Call it before secrets are removed: what they are replaced with depends on rules that change.
    package static func contentDigest(of envelope: Envelope) -> [UInt8] {
        let data = envelope.data
        let hash = SHA256Stream()
        hash.update(field: "gatehouse:content:1")
        let isPlainMessage = envelope.type == .messageCreated || envelope.type == .messageRevised
        hash.update(field: isPlainMessage ? "message" : envelope.type.rawValue)
        hash.update(field: sender(data.from.first))
        hash.update(folded: data.subject ?? "")
        hash.update(folded: data.body.text)
        for attachment in data.attachments { hash.update(field: "attachment=" + mark(of: attachment)) }
        if let callback = data.callback {
            hash.update(field: "callback=" + (callback.phone ?? callback.phoneRaw ?? ""))
            for window in callback.windows {
                hash.update(field: window.start.map { String($0.milliseconds) } ?? "")
                hash.update(field: window.end.map { String($0.milliseconds) } ?? "")
                hash.update(folded: window.text ?? "")
            }
            hash.update(folded: callback.topic ?? "")
        }
        if let call = data.call {
            hash.update(field: "call=" + (call.status ?? ""))
            hash.update(field: lastPathComponent(call.recordingURL ?? ""))
            hash.update(folded: call.transcript ?? "")
        }
        return hash.finish()
    }

    private static func sender(_ party: Party?) -> String {
        guard let party else { return "" }
        if let email = party.email { return loweredASCII(email) }
        return party.id ?? party.phone ?? party.username ?? party.name ?? ""
    }

    /// Only A to Z: what else is lower case depends on the Unicode version.
    private static func loweredASCII(_ text: String) -> String {
        String(decoding: text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }

    /// SHA-256 over a message's bytes as they came, and over attachments that came beside them.
    ///
    /// The same bytes under the same key are the same message even where a later version reads them better.
    package static func originalDigest(of envelope: Envelope, rawDigest: String) -> [UInt8] {
        let hash = SHA256Stream()
        hash.update(field: "gatehouse:original:1")
        hash.update(field: rawDigest)
        // A mail's attachments are in its bytes already; those of an export lie beside it, and may come later.
        if envelope.data.channel != .email {
            for attachment in envelope.data.attachments { hash.update(field: mark(of: attachment)) }
        }
        return hash.finish()
    }

    /// The bytes' digest; for remote bytes the file's name, since the rest of a platform's URL expires and changes.
    private static func mark(of attachment: AttachmentInfo) -> String {
        if let sha256 = attachment.sha256 { return sha256 }
        if let url = attachment.url { return "url:" + lastPathComponent(url) }
        return "name:" + (attachment.name ?? "")
    }

    private static func lastPathComponent(_ url: String) -> String {
        let path = url.utf8.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        let start = path.lastIndex(of: UInt8(ascii: "/")).map { path.index(after: $0) } ?? path.startIndex
        return String(decoding: path[start...], as: UTF8.self)
    }
}
