import GatehouseCore

/// What the endpoint reads of JSON bodies.
enum SinkJSON {
    /// The `id` of an envelope; nil where the body is no JSON object with one.
    static func envelopeID(_ body: [UInt8]) -> String? {
        guard let id = (try? JSONDocument.parse(body, options: .strict))?["id"]?.text, !id.isEmpty else { return nil }
        return id
    }

    /// `["503,count=2", …]`, or `{"seed": 7, "rules": […]}`; nothing at all ends all failures.
    static func failures(_ body: [UInt8]) -> (failures: [Failure], seed: UInt64)? {
        if body.isEmpty { return ([], 1) }
        guard let document = try? JSONDocument.parse(body, options: .strict),
            let rules = (document["rules"] ?? document).array
        else { return nil }
        let failures = rules.compactMap { $0.string.flatMap(Failure.init) }
        guard failures.count == rules.count else { return nil }
        return (failures, document["seed"]?.int64.map { UInt64(bitPattern: $0) } ?? 1)
    }
}
