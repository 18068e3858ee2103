import GatehouseCore

/// Gatehouse's own request for a call, as JSON or as an HTML form sends it.
///
/// `deploy/schema/generic-callback.schema.json` describes it to machines, the adapter's README to people.
struct GenericCallbackFormat: PhoneCallbackFormat {
    static let marker = "gatehouse-callback/1"

    let format = MessageFormat(name: "generic-callback", summary: "Gatehouse's own callback request: JSON or a form")
    let provider = "generic"

    static let phoneKeys = [
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
        let fields = CallbackFields(content)
        let isWish = fields.has(.time) || fields.has(.date) || fields.asksForCall
        guard Self.phoneKeys.contains(where: content.has) else {
            guard fields.has(.phone) else { return nil }
            if isWish { return .likely }
            // Objects of JSON with a number and a name are whatever their sender means by them.
            guard case .form = content else { return nil }
            return [.name, .firstName, .email, .topic, .notes].contains(where: fields.has) ? .possible : nil
        }
        let wishes = [
            "windows", "preferred_date", "preferred_time", "preferred_time_window", "preferred_start", "preferred_end",
            "callback", "callback_number",
        ]
        if isWish || wishes.contains(where: content.has) { return .likely }
        let others = ["name", "email", "topic", "subject", "reason", "notes", "message", "comment", "first_name"]
        return others.contains(where: content.has) ? .possible : nil
    }

    func read(_ payload: PhonePayload, emit: (ParsedItem) throws -> Void) throws {
        if case .json(let value) = payload.content { try value.requireObject("the document") }
        if let marker = try payload.word("format"), marker != Self.marker {
            let detail = "'format' is \"\(UnicodeText.printable(marker))\"; this program reads \"\(Self.marker)\"."
            return try emit(payload.document.rejected("unknown_version", detail))
        }
        let request = try GenericCallbackRequest(payload)
        guard request.saysAnything else {
            let detail = "None of 'phone', 'email', 'name', 'topic' and 'notes' is there: nobody could be called."
            return try emit(payload.document.rejected("no_callback_fields", detail))
        }
        try emit(.message(try request.parsed()))
    }
}
