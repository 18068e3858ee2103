import GatehouseCore

/// The fields of a `generic-callback` by their meaning: by their documented names, and else by what forms call them.
struct GenericCallbackRequest {
    let payload: PhonePayload
    private let fields: CallbackFields
    private let id: String?
    private let isCanceled: Bool
    private let name: String?
    private let email: String?
    private let phones: [String]
    private let topic: String?
    private let notes: String?
    private let urgency: String?

    /// Names that are read here, whether or not they have a meaning in other forms.
    private static let known: Set<String> = [
        "format", "id", "request_id", "action", "status", "urgency", "priority", "region", "extension", "ext",
        "windows",
        "time_zone", "preferred_start", "preferred_end", "window_start", "window_end", "best_time", "account",
        "conversation_id", "created_at", "requested_at", "submitted_at", "timestamp", "start", "end", "text",
    ]

    init(_ payload: PhonePayload) throws {
        self.payload = payload
        let fields = CallbackFields(payload.content)
        self.fields = fields
        id = try payload.word("id", "request_id") ?? fields.values(.id).first
        let action = try payload.word("action", "status")?.lowercased() ?? ""
        isCanceled = ["cancel", "canceled", "cancelled"].contains(action)
        let first = try payload.words("first_name") + fields.values(.firstName)
        let last = try payload.words("last_name") + fields.values(.lastName)
        let given = [first.first, last.first].compactMap(\.self)
        name =
            try Self.first(payload.words("name", "full_name", "contact_name")) ?? fields.values(.name).first
            ?? (given.isEmpty ? nil : given.joined(separator: " "))
        email = try Self.first(payload.words("email", "e_mail", "contact_email")) ?? fields.values(.email).first
        var phones: [String] = []
        for key in GenericCallbackFormat.phoneKeys {
            if case .form = payload.content { phones += [try payload.phone(key)].compactMap(\.self) }
            if case .json = payload.content { phones += try payload.words(key) }
        }
        self.phones = Self.distinct(phones + fields.values(.phone))
        let topics = try payload.words("topic") + payload.words("subject", "reason") + fields.values(.topic)
        topic = Self.joined(topics, ", ")
        let notes = try payload.words("notes", "message", "comment", "comments") + fields.values(.notes)
        self.notes = Self.joined(notes, "\n\n")
        urgency = try payload.word("urgency", "priority")
    }

    private static func first(_ words: [String]) -> String? { words.first }

    private static func distinct(_ words: [String]) -> [String] {
        var seen: Set<String> = []
        return words.filter { seen.insert($0).inserted }
    }

    private static func joined(_ words: [String], _ separator: String) -> String? {
        words.isEmpty ? nil : distinct(words).joined(separator: separator)
    }

    var saysAnything: Bool {
        (phones.first ?? email ?? name ?? topic ?? notes ?? (isCanceled ? id : nil)) != nil
    }

    func parsed() throws -> ParsedMessage {
        var message = CallbackMessage(payload, provider: "generic")
        message.isCanceled = isCanceled
        message.customer.name = name
        message.customer.email = email
        let country = try payload.word("country", "region", "country_code") ?? fields.values(.country).first
        let others = message.setPhone(phones, country: country)
        if let stated = try payload.word("extension", "ext") { message.callback.extension = stated }
        let stated = try payload.word("time_zone", "timezone", "tz") ?? fields.values(.zone).first
        let zone = message.findZone(stated: try stated ?? zoneInWishes(message.region))
        let time = try time(zone, &message.data.warnings)
        message.callback.windows = try windows(zone, saidAt: time?.timestamp, message.region, &message.data.warnings)
        message.callback.topic = topic
        let language = try payload.word("language", "lang", "locale") ?? fields.values(.language).first
        message.callback.language = language.flatMap(LanguageTag.init)?.text
        message.data.account = try payload.context.account ?? payload.word("account")
        message.data.messageID = id
        message.data.conversationID = try payload.word("conversation_id") ?? id
        message.data.subject = topic
        message.data.body.text = words(message, otherNumbers: others)
        let files = payload.files?.attachments(limit: payload.context.limits.attachmentCount)
        message.data.attachments = files?.infos ?? []
        message.data.warnings += files?.warnings ?? []
        let keys = try keys(time, account: payload.word("account"))
        return message.parsed(time: time, keys: keys, contents: files?.contents ?? [:])
    }

    private func windows(
        _ zone: TimeZoneTable?,
        saidAt: Timestamp?,
        _ region: String?,
        _ warnings: inout [String]
    ) throws -> [CallbackWindow] {
        var reader = CallbackWindows(zone: zone, in: payload.context, saidAt: saidAt, region: region)
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
        let dates = Self.distinct(try payload.words("preferred_date") + fields.values(.date))
        let times = try times()
        // A box ticked twice is two wishes; of two dates each has its time, or the one that there is.
        for index in 0..<min(max(dates.count, times.count), 20) {
            let date = index < dates.count ? dates[index] : dates.last
            windows.append(reader.window(date: date, words: index < times.count ? times[index] : times.last))
        }
        warnings += reader.warnings
        return windows.compactMap(\.self)
    }

    /// When to call, in the customer's words.
    private func times() throws -> [String] {
        let stated = try payload.words("preferred_time_window", "preferred_time", "best_time")
        return Self.distinct(stated + fields.values(.time))
    }

    /// The zone that one of the wishes names, where no field does.
    private func zoneInWishes(_ region: String?) throws -> String? {
        try times().lazy.compactMap { ZoneWords($0, region: region).zone?.name }.first
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

    /// What a person reads: topic and notes in the customer's words, then what else the form asked.
    private func words(_ message: CallbackMessage, otherNumbers: [String]) -> String {
        var lines = [topic, notes].compactMap(\.self)
        if lines.isEmpty { lines = [message.standardWords] }
        if let urgency { lines.append("Urgency: \(urgency)") }
        var facts = fields.others(besides: Self.known)
        if !otherNumbers.isEmpty { facts.insert("Also: " + otherNumbers.joined(separator: ", "), at: 0) }
        if !facts.isEmpty { lines.append(facts.joined(separator: "\n")) }
        return lines.joined(separator: "\n\n")
    }

    private func keys(_ time: PayloadTime?, account: String?) -> [IdentityKey] {
        let kind = isCanceled ? "cancel" : "request"
        if let id { return [IdentityKey(.authoritative, "generic:\(account ?? ""):callback:\(id):\(kind)")] }
        guard let time else { return [] }
        let digest = SHA256Stream()
        for field in [account, phones.first, email, name, topic, notes] { digest.update(field: field ?? "") }
        digest.update(field: String(time.timestamp.milliseconds))
        return [IdentityKey(.composite, "generic:callback:\(Hex.encode(digest.finish())):\(kind)")]
    }
}
