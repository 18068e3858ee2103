import GatehouseCore
import GatehouseStore

/// The configuration's words on e-mail: `mail`, and `policy.loop_breaker`.
enum MailConfiguration {
    /// - Parameter complain: Takes what a schema can't say.
    static func settings(_ value: JSONValue?, complain: (JSONValue?, String) -> Void) -> MailSettings {
        var result = MailSettings()
        result.trustedServers = servers(value) ?? []
        result.ownAddresses = AddressSet(strings(value?["own_addresses"]))
        result.ownMessageIDDomains = Set(strings(value?["own_message_id_domains"]).map { $0.lowercased() })
        result.ownMarkers = strings(value?["own_markers"]).map(MarkerField.init)
        for token in value?["ticket_tokens"]?.array ?? [] {
            guard let read = TicketToken(token.string ?? "") else {
                complain(
                    token,
                    "a ticket token holds {id} once, with something before it and behind it: \"[rt #{id}]\"."
                )
                continue
            }
            result.ticketTokens.append(read)
        }
        let control = value?["control"]
        result.control.trustedSenders = AddressSet(strings(control?["trusted_senders"]))
        result.control.needsAuthentication = control?["authenticated"]?.bool ?? true
        if let name = control?["priority_header"]?.string { result.control.priorityField = name }
        if let name = control?["queue_header"]?.string { result.control.queueField = name }
        return result
    }

    /// - Returns: nil where it is switched off.
    static func loopBreaker(_ value: JSONValue?) -> LoopBreaker? {
        guard value?["enabled"]?.bool ?? true else { return nil }
        var result = LoopBreaker()
        if let count = value?["messages"]?.int64 { result.messages = Int(count) }
        if let count = value?["automated_messages"]?.int64 { result.automatedMessages = Int(count) }
        if let minutes = value?["window_minutes"]?.int64 { result.windowSeconds = minutes * 60 }
        return result
    }

    /// The names of mail servers that are believed; nil where the key is missing.
    static func servers(_ value: JSONValue?) -> Set<String>? {
        guard let names = value?["trusted_authserv_ids"] else { return nil }
        return Set(strings(names).map { $0.lowercased() })
    }

    private static func strings(_ value: JSONValue?) -> [String] { value?.array?.compactMap(\.string) ?? [] }
}
