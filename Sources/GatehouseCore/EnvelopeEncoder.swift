/// An envelope as one CloudEvents 1.0 object in JSON, structured mode, on one line.
package enum EnvelopeEncoder {
    /// - Returns: UTF-8 without a line end.
    package static func encode(_ envelope: Envelope) -> [UInt8] {
        var json = JSONWriter()
        let body = envelope.data.body
        let texts = [body.text, body.strippedText, body.strippedQuote, body.strippedSignature, body.html]
        // With room for escapes; what grows beyond it is copied.
        json.reserve(2048 + texts.reduce(0) { $0 + ($1?.utf8.count ?? 0) } * 17 / 16)
        write(envelope, to: &json)
        return json.bytes
    }

    /// As `encode`, behind what `json` holds already.
    package static func write(_ envelope: Envelope, to json: inout JSONWriter) {
        json.object { json in
            json.constant(#""specversion":"1.0""#)
            json.member("id", word: envelope.id)
            json.member("source", envelope.source)
            json.member("type", word: envelope.type.rawValue)
            json.member("time", envelope.time)
            json.member("subject", envelope.data.conversationID)
            json.constant(#""datacontenttype":"application/json","dataschema":"urn:gatehouse:envelope:1""#)
            json.member("data") { write(envelope.data, to: &$0) }
        }
    }

    private static func write(_ data: MessageData, to json: inout JSONWriter) {
        json.member("channel", word: data.channel.rawValue)
        json.member("provider", data.provider)
        json.member("account", data.account)
        json.member("direction", word: data.direction.rawValue)
        json.member("automated", word: data.automated.rawValue)
        json.member("message_id", data.messageID)
        json.member("conversation_id", data.conversationID)
        json.member("in_reply_to", data.inReplyTo)
        json.member("references", data.references)
        json.member("revision", data.revision)
        writeParties(of: data, to: &json)
        json.member("subject", data.subject)
        json.member("body") { write(data.body, to: &$0) }
        json.member("attachments", objects: data.attachments) { write($1, to: &$0) }
        if data.$mail, let mail = data.mail { json.member("mail") { write(mail, to: &$0) } }
        if data.$callback, let callback = data.callback { json.member("callback") { write(callback, to: &$0) } }
        if data.$call, let call = data.call { json.member("call") { write(call, to: &$0) } }
        json.member("times") { write(data.times, to: &$0) }
        if data.$authentication, let verdicts = data.authentication {
            json.member("authentication") { write(verdicts, to: &$0) }
        }
        if let verification = data.verification {
            json.member("verification") {
                $0.member("status", word: verification.status.rawValue)
                $0.member("scheme", verification.scheme)
            }
        }
        if data.$triage, let triage = data.triage { json.member("triage") { write(triage, to: &$0) } }
        if let dedup = data.dedup { json.member("dedup") { write(dedup, to: &$0) } }
        json.member("raw") { json in
            json.member("sha256", word: data.raw.sha256)
            json.member("size", data.raw.size)
            json.member("source_position", data.raw.sourcePosition)
            json.member("parser", data.raw.parser)
        }
        json.member("warnings", data.warnings)
    }

    // MARK: People

    private static func writeParties(of data: MessageData, to json: inout JSONWriter) {
        json.member("from", objects: data.from) { write($1, to: &$0) }
        json.member("to", objects: data.to) { write($1, to: &$0) }
        json.member("cc", objects: data.cc) { write($1, to: &$0) }
        json.member("bcc", objects: data.bcc) { write($1, to: &$0) }
        json.member("reply_to", objects: data.replyTo) { write($1, to: &$0) }
        if let customer = data.customer { json.member("customer") { write(customer, to: &$0) } }
    }

    private static func write(_ party: Party, to json: inout JSONWriter) {
        json.member("id", party.id)
        json.member("name", party.name)
        json.member("email", party.email)
        json.member("phone", party.phone)
        json.member("username", party.username)
        json.member("role", word: party.role?.rawValue)
    }

    // MARK: Content

    private static func write(_ body: Body, to json: inout JSONWriter) {
        json.member("text", body.text)
        json.member("stripped_text", body.strippedText)
        json.member("stripped_quote", body.strippedQuote)
        json.member("stripped_signature", body.strippedSignature)
        json.member("html", body.html)
        json.member("format", word: body.format?.rawValue)
    }

    private static func write(_ attachment: AttachmentInfo, to json: inout JSONWriter) {
        json.member("name", attachment.name)
        json.member("media_type", attachment.mediaType)
        json.member("detected_type", attachment.detectedType)
        json.member("size", attachment.size)
        json.member("sha256", word: attachment.sha256)
        json.member("disposition", attachment.disposition)
        json.member("content_id", attachment.contentID)
        json.member("role", attachment.role)
        if attachment.isSensitive { json.member("sensitive", true) }
        json.member("width", attachment.width)
        json.member("height", attachment.height)
        if !attachment.notes.isEmpty { json.member("notes", attachment.notes) }
        json.member("status", word: attachment.status.rawValue)
        json.member("url", attachment.url.flatMap(URLText.valid))
        json.member("expires_at", attachment.expiresAt)
        json.member("part", attachment.part)
    }

    private static func write(_ mail: MailFacts, to json: inout JSONWriter) {
        json.member("signed", word: mail.signed?.rawValue)
        json.member("encrypted", word: mail.encrypted?.rawValue)
        json.member("calendar_method", mail.calendarMethod)
        if let bounce = mail.bounce {
            json.member("bounce") { json in
                json.member("recipient", bounce.recipient)
                json.member("status", bounce.status)
                json.member("diagnosis", bounce.diagnosis)
            }
        }
        json.member("tickets_named", mail.ticketsNamed)
        if let control = mail.control {
            json.member("control") { json in
                json.member("priority", word: control.priority?.rawValue)
                json.member("queue", control.queue)
            }
        }
    }

    private static func write(_ callback: CallbackRequest, to json: inout JSONWriter) {
        json.member("phone", callback.phone)
        json.member("phone_raw", callback.phoneRaw)
        json.member("phone_status", word: callback.phoneStatus?.rawValue)
        json.member("extension", callback.extension)
        json.member("windows", objects: callback.windows) { json, window in
            json.member("start", window.start)
            json.member("end", window.end)
            json.member("text", window.text)
        }
        json.member("time_zone", callback.timeZone)
        json.member("time_zone_source", callback.timeZoneSource)
        json.member("topic", callback.topic)
        json.member("language", callback.language)
    }

    private static func write(_ call: PhoneCall, to json: inout JSONWriter) {
        json.member("id", call.id)
        json.member("status", call.status)
        json.member("duration_s", call.durationSeconds)
        if let url = call.recordingURL.flatMap(URLText.valid) { json.member("recording") { $0.member("url", url) } }
        json.member("transcript", call.transcript)
    }

    // MARK: Circumstances

    private static func write(_ times: Times, to json: inout JSONWriter) {
        json.member("sent_at", times.sentAt)
        json.member("received_at", times.receivedAt)
        json.member("ingested_at", times.ingestedAt)
        json.member("precision", word: times.precision?.rawValue)
        json.member("zone", times.zone)
    }

    private static func write(_ verdicts: AuthenticationVerdicts, to json: inout JSONWriter) {
        json.member("spf", verdicts.spf)
        json.member("dkim", verdicts.dkim)
        json.member("dmarc", verdicts.dmarc)
        json.member("trusted", verdicts.isTrusted)
    }

    private static func write(_ dedup: DedupFacts, to json: inout JSONWriter) {
        json.member("keys", dedup.keys)
        json.member("method", word: dedup.method.rawValue)
        json.member("fingerprint", dedup.fingerprint)
        json.member("ordinal", dedup.ordinal)
        json.member("related", objects: dedup.related) { json, related in
            json.member("id", related.id)
            json.member("why", related.why)
        }
        if let cluster = dedup.cluster {
            json.member("cluster") { json in
                json.member("id", cluster.id)
                json.member("senders", cluster.senders)
            }
        }
    }

    // MARK: Triage

    private static func write(_ triage: TriageResult, to json: inout JSONWriter) {
        json.member("rules_version", triage.rulesVersion)
        json.member("language") { write(triage.language, to: &$0) }
        json.member("urgency") { write(triage.urgency, to: &$0) }
        json.member("topics", objects: triage.topics) { json, topic in
            json.member("name", topic.name)
            json.member("score", topic.score)
            json.member("reasons", topic.reasons)
        }
        if let sentiment = triage.sentiment {
            json.member("sentiment") { json in
                json.member("name", sentiment.name)
                json.member("matched", sentiment.matched)
            }
        }
        json.member("queue", triage.queue)
        json.member("routed_by", triage.routedBy)
        json.member("targets", triage.targets)
        json.member("tags", triage.tags)
        json.member("due_by", triage.dueBy)
        if triage.isVIP { json.member("vip", true) }
        json.member("facts", objects: triage.facts) { write($1, to: &$0) }
        json.member("missing", triage.missing)
        if !triage.safety.isEmpty { json.member("safety") { write(triage.safety, to: &$0) } }
        json.member("surges", objects: triage.surges) { json, surge in
            json.member("topic", surge.topic)
            json.member("count", surge.count)
            json.member("usual", surge.usual)
        }
    }

    private static func write(_ safety: SafetyResult, to json: inout JSONWriter) {
        json.member("redactions", objects: safety.redactions) { json, redaction in
            json.member("kind", redaction.kind)
            json.member("where", redaction.location)
            json.member("digest", redaction.digest)
        }
        json.member("flags", objects: safety.flags) { json, flag in
            json.member("name", flag.name)
            json.member("reason", flag.reason)
        }
    }

    private static func write(_ fact: Fact, to json: inout JSONWriter) {
        json.member("kind", word: fact.kind.rawValue)
        json.member("value", fact.value)
        json.member("where", fact.location)
        json.member("start", fact.start)
        json.member("end", fact.end)
        json.member("network", fact.network)
        json.member("checksum", word: fact.checksum?.rawValue)
    }

    /// The members of `data.triage.language`.
    package static func write(_ language: LanguageResult, to json: inout JSONWriter) {
        json.member("tag", language.tag)
        json.member("confidence", language.confidence)
        json.member("candidates", objects: language.candidates) { json, candidate in
            json.member("tag", candidate.tag)
            json.member("confidence", candidate.confidence)
        }
        json.member("decided_by", language.decidedBy)
        json.member("also", language.also)
        json.member("spans", objects: language.spans) { json, span in
            json.member("start", span.start)
            json.member("end", span.end)
            json.member("tag", span.tag)
        }
    }

    private static func write(_ urgency: UrgencyResult, to json: inout JSONWriter) {
        json.member("level", word: urgency.level.rawValue)
        json.member("score", urgency.score)
        json.member("reasons", objects: urgency.reasons) { json, reason in
            json.member("rule", reason.rule)
            json.member("points", reason.points)
            json.member("matched", reason.matched)
            json.member("where", reason.location)
        }
        json.member("not_counted", objects: urgency.notCounted) { json, match in
            json.member("rule", match.rule)
            json.member("matched", match.matched)
            json.member("why", match.why)
        }
        json.member("unserved_language", urgency.unservedLanguage)
    }
}
