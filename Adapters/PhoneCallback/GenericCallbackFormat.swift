import GatehouseCore

/// Gatehouse's own request for a call, as JSON or as an HTML form sends it.
///
/// `deploy/schema/generic-callback.schema.json` describes it to machines, the adapter's README to people.
struct GenericCallbackFormat: PhoneCallbackFormat {
    static let marker = "gatehouse-callback/1"

    let format = MessageFormat(name: "generic-callback", summary: "Gatehouse's own callback request: JSON or a form")
    let provider = "generic"
    /// Whatever a site's own form sends: "100%" may stand in it as it is.
    let encodesStrictly = false

    private static let phoneKeys = [
        "phone", "phone_number", "telephone", "tel", "mobile", "contact_phone", "callback_number", "telefon",
    ]

    func confidence(in content: PhonePayload.Content, headers: [String: String]) -> Confidence? {
        if content.text("format") == Self.marker { return .certain }
        if case .json(let value) = content, value.members == nil { return nil }
        // Other vendors' webhooks name an event or carry their own ids.
        let foreign = [
            "format", "event", "messages", "CallSid", "MessageSid", "AccountSid", "object", "participants", "text",
        ]
        if foreign.contains(where: content.has) { return nil }
        guard Self.phoneKeys.contains(where: content.has) else { return nil }
        let wishes = [
            "windows", "preferred_date", "preferred_time", "preferred_time_window", "preferred_start", "preferred_end",
            "callback", "callback_number",
        ]
        if wishes.contains(where: content.has) { return .likely }
        let others = ["name", "email", "topic", "subject", "reason", "notes", "message", "comment", "first_name"]
        return others.contains(where: content.has) ? .possible : nil
    }

    func read(_ payload: PhonePayload, emit: (ParsedItem) throws -> Void) throws {
        if case .json(let value) = payload.content { try value.requireObject("the document") }
        if let marker = try payload.word("format"), marker != Self.marker {
            let detail = "'format' is \"\(UnicodeText.printable(marker))\"; this program reads \"\(Self.marker)\"."
            return try emit(payload.document.rejected("unknown_version", detail))
        }
        let request = try Request(payload)
        guard request.saysAnything else {
            let detail = "None of 'phone', 'email', 'name', 'topic' and 'notes' is there: nobody could be called."
            return try emit(payload.document.rejected("no_callback_fields", detail))
        }
        try emit(.message(try request.parsed()))
    }

    /// The request's fields by their meaning.
    private struct Request {
        let payload: PhonePayload
        let id: String?
        let isCanceled: Bool
        let name: String?
        let email: String?
        let phone: String?
        let topic: String?
        let notes: String?
        let urgency: String?
        var warnings: [String] = []

        init(_ payload: PhonePayload) throws {
            self.payload = payload
            id = try payload.word("id", "request_id")
            let action = try payload.word("action", "status")?.lowercased() ?? ""
            isCanceled = ["cancel", "canceled", "cancelled"].contains(action)
            let given = [try payload.word("first_name"), try payload.word("last_name")].compactMap(\.self)
            name =
                try payload.word("name", "full_name", "contact_name")
                ?? (given.isEmpty ? nil : given.joined(separator: " "))
            email = try payload.word("email", "e_mail", "contact_email")
            phone = try Self.phone(payload)
            topic = try payload.word("topic", "subject", "reason")
            notes = try payload.word("notes", "message", "comment", "comments")
            urgency = try payload.word("urgency", "priority")
        }

        private static func phone(_ payload: PhonePayload) throws -> String? {
            for key in phoneKeys { if let phone = try payload.phone(key) { return phone } }
            return nil
        }

        var saysAnything: Bool {
            [id, name, email, phone, topic, notes].contains { $0 != nil }
                && (phone ?? email ?? name ?? topic ?? notes ?? (isCanceled ? id : nil)) != nil
        }

        func parsed() throws -> ParsedMessage {
            var data = MessageData(channel: .phoneCallback, provider: "generic")
            data.warnings = payload.warnings
            let country = try payload.word("country", "region", "country_code")
            let region = country.flatMap { $0.utf8.count == 2 ? $0 : nil } ?? payload.context.defaultRegion
            var callback = CallbackRequest()
            let reading = readPhone(&callback, region: region, &data.warnings)
            if let stated = try payload.word("extension", "ext") { callback.extension = stated }
            let zone = try zone(&callback, reading, &data.warnings)
            callback.windows = try windows(zone, &data.warnings)
            callback.topic = topic
            callback.language = try payload.word("language", "lang", "locale").flatMap(Self.languageTag)
            data.callback = callback
            data.account = try payload.context.account ?? payload.word("account")
            data.messageID = id
            data.conversationID = try payload.word("conversation_id") ?? id
            let customer = Party(name: name, email: email, phone: reading.e164, role: .customer)
            data.from = [customer]
            data.customer = customer
            data.subject = topic
            data.body = Body(text: words(reading.e164), format: .plain)
            let time = try time(zone, &data.warnings)
            data.times = time?.times ?? Times()
            data.times.receivedAt = payload.context.receivedAt
            data.raw = payload.document.rawFacts(of: payload.document.bytes)
            let files = payload.files?.attachments(limit: payload.context.limits.attachmentCount)
            data.attachments = files?.infos ?? []
            data.warnings += files?.warnings ?? []
            let envelope = Envelope(
                source: payload.context.source,
                type: isCanceled ? .callbackCanceled : .callbackRequested,
                time: time?.timestamp ?? payload.context.receivedAt,
                data: data
            )
            let keys = try keys(time, account: payload.word("account"))
            return ParsedMessage(
                envelope: envelope,
                keys: keys,
                raw: payload.document.bytes,
                contents: files?.contents ?? [:]
            )
        }

        private func readPhone(
            _ callback: inout CallbackRequest,
            region: String?,
            _ warnings: inout [String]
        ) -> PhoneReading {
            callback.phoneRaw = phone
            guard let phone else {
                if !isCanceled { warnings.append("phone_missing") }
                return PhoneReading(status: .unparsed)
            }
            let reading = PhoneNumberTable.world.read(phone, defaultRegion: region)
            callback.phone = reading.e164
            callback.phoneStatus = reading.status
            callback.extension = reading.extension
            if reading.e164 == nil { warnings.append("phone_\(reading.status.rawValue)") }
            if reading.hasOtherText { warnings.append("phone_extra_text") }
            return reading
        }

        /// The zone that is stated, or else that of the number's region, or else the source's.
        private func zone(
            _ callback: inout CallbackRequest,
            _ reading: PhoneReading,
            _ warnings: inout [String]
        ) throws -> TimeZoneTable? {
            callback.timeZoneSource = "unknown"
            if let stated = try payload.word("time_zone", "timezone", "tz") {
                if let zone = TimeZoneTable(name: stated) ?? Self.zone(ofOffset: stated) {
                    callback.timeZone = zone.name
                    callback.timeZoneSource = "stated"
                    return zone
                }
                warnings.append("time_zone_unknown:" + stated)
            }
            let moment = payload.context.receivedAt ?? Timestamp(seconds: 1_767_225_600)
            if let region = reading.region, let zone = TimeZoneTable.sole(region: region, at: moment) {
                callback.timeZone = zone.name
                callback.timeZoneSource = "region"
                return zone
            }
            guard let name = payload.context.timeZone, let zone = TimeZoneTable(name: name) else { return nil }
            callback.timeZone = zone.name
            warnings.append("time_zone_assumed:" + zone.name)
            return zone
        }

        /// `UTC+2`, `+02:00`, `GMT-5`: of the IANA names `Etc/GMT-2` is two hours ahead of UTC.
        private static func zone(ofOffset text: String) -> TimeZoneTable? {
            var rest = text.uppercased().utf8[...]
            for prefix in ["UTC", "GMT"] where rest.starts(with: prefix.utf8) { rest = rest.dropFirst(3) }
            guard let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return nil }
            let parts = rest.dropFirst().split(separator: UInt8(ascii: ":")).map {
                Int(String(decoding: $0, as: UTF8.self))
            }
            guard (1...2).contains(parts.count), let hours = parts[0], (0...14).contains(hours) else { return nil }
            guard parts.count == 1 || parts[1] == 0 else { return nil }
            if hours == 0 { return TimeZoneTable(name: "Etc/UTC") }
            return TimeZoneTable(name: "Etc/GMT\(sign == UInt8(ascii: "+") ? "-" : "+")\(hours)")
        }

        private func windows(_ zone: TimeZoneTable?, _ warnings: inout [String]) throws -> [CallbackWindow] {
            var reader = CallbackWindows(zone: zone, receivedAt: payload.context.receivedAt)
            var windows: [CallbackWindow?] = []
            if let list = payload.value("windows") {
                guard let values = list.array else {
                    throw JSONFieldError(
                        field: "windows",
                        expected: "an array",
                        found: list.typeName,
                        offset: list.offset
                    )
                }
                // Nobody has a hundred wishes.
                for value in values.prefix(100) { windows.append(try Self.window(value, &reader)) }
                if values.count > 100 { warnings.append("windows_cut") }
            }
            windows.append(
                reader.window(
                    start: try payload.word("preferred_start", "window_start"),
                    end: try payload.word("preferred_end", "window_end"),
                    text: nil
                )
            )
            windows.append(
                reader.window(
                    date: try payload.word("preferred_date"),
                    words: try payload.word("preferred_time_window", "preferred_time", "best_time")
                )
            )
            warnings += reader.warnings
            return windows.compactMap(\.self)
        }

        /// `{"start", "end", "text"}`, or words.
        private static func window(_ value: JSONValue, _ reader: inout CallbackWindows) throws -> CallbackWindow? {
            if let text = value.string { return reader.window(date: nil, words: UnicodeText.normalised(text)) }
            try value.requireObject("windows")
            let text = try value.wordField("text").map(UnicodeText.normalised)
            let start = try value.wordField("start")
            let end = try value.wordField("end")
            if start == nil, end == nil, let date = try value.wordField("date") {
                return reader.window(date: date, words: text)
            }
            return reader.window(start: start, end: end, text: text)
        }

        private func time(_ zone: TimeZoneTable?, _ warnings: inout [String]) throws -> PayloadTime? {
            guard let text = try payload.word("created_at", "requested_at", "submitted_at", "timestamp") else {
                return nil
            }
            let time = PayloadTime(text, assuming: zone)
            if time == nil { warnings.append("date_unparsed:" + text) }
            return time
        }

        /// What a person reads: topic and notes, in the customer's words.
        private func words(_ e164: String?) -> String {
            var lines = [topic, notes].compactMap(\.self)
            if lines.isEmpty {
                let caller = [name, e164 ?? phone ?? email].compactMap(\.self).joined(separator: ", ")
                lines = [
                    "\(isCanceled ? "Callback canceled" : "Callback requested")" + (caller.isEmpty ? "" : ": \(caller)")
                ]
            }
            if let urgency { lines.append("Urgency: \(urgency)") }
            return lines.joined(separator: "\n\n")
        }

        /// A BCP 47 tag as forms send it: `de`, `pt_BR`.
        private static func languageTag(_ text: String) -> String? {
            let tag = text.utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : $0 }
            let isTag =
                (2...35).contains(tag.count)
                && tag.allSatisfy { (48...57).contains($0) || (65...90).contains($0 & 0xDF) || $0 == UInt8(ascii: "-") }
            return isTag ? String(decoding: tag, as: UTF8.self) : nil
        }

        private func keys(_ time: PayloadTime?, account: String?) -> [IdentityKey] {
            let kind = isCanceled ? "cancel" : "request"
            if let id { return [IdentityKey(.authoritative, "generic:\(account ?? ""):callback:\(id):\(kind)")] }
            guard let time else { return [] }
            let digest = SHA256Stream()
            for field in [account, phone, email, name, topic, notes] { digest.update(field: field ?? "") }
            digest.update(field: String(time.timestamp.milliseconds))
            return [IdentityKey(.composite, "generic:callback:\(Hex.encode(digest.finish())):\(kind)")]
        }
    }
}
