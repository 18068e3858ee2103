import GatehouseCore

/// What an agent will have to ask for, by the message's topics.
enum MissingFacts {
    /// For each topic, what is needed; one of the kinds of an entry is enough. A screenshot stands for any of those that it
    /// can show.
    private static let needs: [String: [(name: String, kinds: [FactKind], isOnScreen: Bool)]] = [
        "withdrawal": [
            ("tx_hash", [.transactionHash, .orderID], true), ("address", [.address, .transactionHash], true),
            ("coin", [.amount, .transactionHash], true), ("amount", [.amount, .transactionHash], true),
        ],
        "deposit": [("tx_hash", [.transactionHash, .orderID], true), ("amount", [.amount, .transactionHash], true)],
        "trade": [("order_id", [.orderID], true)],
        "account_access": [("user_id_or_email", [.userID, .email, .phone], false)],
        "account_security": [("user_id_or_email", [.userID, .email, .phone], false)],
        "security_emergency": [("user_id_or_email", [.userID, .email, .phone], false)],
        "dispute": [("tx_hash_or_order_id", [.transactionHash, .orderID], true), ("amount", [.amount], true)],
        "api": [("error_code", [.errorCode], true)],
        "scam_report": [("url_or_address", [.url, .address, .transactionHash, .phone], true)],
    ]

    static func find(_ topics: [TopicResult], _ facts: [Fact], _ data: borrowing MessageData) -> [String] {
        var missing: [String] = []
        // A question how it is done needs no transaction.
        if topics.contains(where: { $0.name == "how_to" }),
            !topics.contains(where: { $0.name == "security_emergency" })
        {
            return []
        }
        let hasPicture = data.attachments.contains { isPicture($0) }
        let isKnown = data.customer?.email != nil || data.from.first?.email != nil || data.customer?.phone != nil
        for topic in topics {
            for need in needs[topic.name] ?? [] {
                let isThere = facts.contains { fact in
                    // A link to a block explorer and a mistyped address are no substitute; a quoted fact is.
                    need.kinds.contains(fact.kind) && fact.location != "signature" && fact.checksum != .invalid
                }
                if isThere || (need.isOnScreen && hasPicture) || (need.name == "user_id_or_email" && isKnown)
                    || (need.name == "coin" && namesCoin(data))
                {
                    continue
                }
                if !missing.contains(need.name) { missing.append(need.name) }
            }
            if topic.name == "kyc", data.attachments.isEmpty { missing.append("document") }
        }
        return missing
    }

    /// Whether a coin or a currency is named at all, as in "my BTC withdrawal".
    private static func namesCoin(_ data: borrowing MessageData) -> Bool {
        let text = (data.subject ?? "") + "\n" + (data.body.strippedText ?? data.body.text)
        let bytes = Array(text.utf8.prefix(Triage.head))
        return FactWords.builtIn.names(.money, in: bytes)
    }

    /// A logo of a signature is small or stands in the HTML by its id.
    private static func isPicture(_ file: AttachmentInfo) -> Bool {
        let type = file.detectedType ?? file.mediaType ?? ""
        guard type.hasPrefix("image/") || type == "application/pdf" else { return false }
        return (file.size ?? .max) >= 8192
    }
}
