import GatehouseCore

/// Zammad's generic telephone interface, JSON or form, which sipgate and many telephone systems speak
/// (https://docs.zammad.org/en/latest/api/generic-cti/index.html).
///
/// `newCall`, `answer`, `hangup` come for each call, with one `callId`. Whether it was missed is said by the cause of the
/// `hangup`. No event states a time, and numbers are E.164 without the plus sign, national, or `anonymous`.
struct ZammadCTIFormat: PhoneCallbackFormat {
    let format = MessageFormat(name: "zammad-cti", summary: "Zammad CTI events of a telephone system (newCall, hangup)")
    let provider = "zammad_cti"

    private static let events: Set<String> = ["newCall", "answer", "hangup"]

    func confidence(in content: PhonePayload.Content, headers: [String: String]) -> Confidence? {
        guard let event = content.text("event"), content.has("callId") else { return nil }
        let isComplete = content.has("from") && content.has("to") || content.has("direction")
        guard isComplete || content.has("cause") else { return nil }
        return Self.events.contains(event) ? .certain : .likely
    }

    func read(_ payload: PhonePayload, emit: (ParsedItem) throws -> Void) throws {
        if case .json = payload.content { _ = try payload.object() }
        let event = try payload.word("event") ?? ""
        switch event {
        case "newCall": return try emit(payload.document.ignored("call_ringing"))
        case "answer": return try emit(payload.document.ignored("call_answered"))
        case "hangup": break
        default: return try emit(payload.document.ignored(EventName.kind(event)))
        }
        guard let callID = try payload.word("callId") else {
            let detail = "There is no field 'callId', which every event of a call has."
            return try emit(payload.document.rejected("no_call_id", detail))
        }
        let answering = try payload.word("answeringNumber") ?? payload.words("user", "user[]").first
        let isMailbox = answering?.lowercased() == "voicemail"
        let cause = try payload.word("cause") ?? ""
        if case .form = payload.content, !isMailbox, Self.isCut(cause) {
            let detail = "The form breaks off: there is no whole 'cause' in it, which every end of a call has."
            return try emit(payload.document.rejected("form_truncated", detail, at: payload.document.bytes.count))
        }
        guard let words = isMailbox ? "went to voicemail" : Self.missed[cause] else {
            return try emit(payload.document.ignored(Self.kind(of: cause)))
        }
        var message = try call(payload, callID)
        message.beMissed(status: isMailbox ? "voicemail" : cause, words: words)
        if let queue = try payload.word("queue") { message.data.body.text += "\nQueue: \(queue)" }
        let key = IdentityKey(.authoritative, "zammad-cti:call:\(callID)")
        try emit(.message(message.parsed(.callMissed, keys: [key], time: nil)))
    }

    private func call(_ payload: PhonePayload, _ callID: String) throws -> CallMessage {
        let isOutbound = try payload.word("direction") == "out"
        // Of an inbound call `user` is the agent and `caller` the customer's name where the system knows it.
        let names = try payload.words("caller", "caller[]").joined(separator: ", ")
        let name = names.isEmpty || isOutbound ? nil : names
        let from = try payload.phone("from")
        return CallMessage(
            payload,
            provider: provider,
            callID: callID,
            isOutbound: isOutbound,
            from: CallParty(from, name: name, context: payload.context, hasNoPlus: true),
            to: CallParty(try payload.phone("to"), context: payload.context, hasNoPlus: true)
        )
    }

    /// Causes that leave a caller without an answer.
    private static let missed = [
        "busy": "busy", "cancel": "the caller hung up", "noAnswer": "no answer",
        "congestion": "could not be connected", "notFound": "no such number",
    ]

    /// Whether a cause is the beginning of one; nothing but its last field tells that a form is whole.
    private static func isCut(_ cause: String) -> Bool {
        let known = missed.keys + ["normalClearing", "forwarded"]
        return !known.contains(cause) && known.contains { $0.hasPrefix(cause) }
    }

    private static func kind(of cause: String) -> String {
        switch cause {
        case "normalClearing": "call_completed"
        case "forwarded": "call_forwarded"
        case "": "call_ended"
        default: EventName.kind(cause, prefix: "call_")
        }
    }
}
