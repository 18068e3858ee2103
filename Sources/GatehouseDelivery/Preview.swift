import GatehouseTransfer

/// A request as it would go out, without anything that proves who we are.
package struct RequestPreview: Sendable {
    package let method: String
    package let url: String
    /// In their order; those that carry a secret have `***` as their value.
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]
}

extension DeliveryEngine {
    /// The first request that a message would cause; what comes after it depends on the answer.
    ///
    /// No secret is asked for, and nothing is sent.
    ///
    /// - Returns: nil where the message would end without any request.
    package func preview(
        _ job: DeliveryJob,
        to target: String,
        content: (_ sha256: String) throws -> [UInt8]?
    ) throws -> RequestPreview? {
        guard let runner = runners[target] else { throw TargetError(target: target, reason: "not configured") }
        return try runner.preview(job, content: content)
    }
}

extension TargetRunner {
    func preview(_ job: DeliveryJob, content: DeliveryContent) throws -> RequestPreview? {
        let run = try prepare(job, content)
        run.begin()
        guard run.outcome == nil, let (plain, _) = run.request else { return nil }
        var request = plain
        if target.secret != nil { api.authorise(&request, secret: Self.mask, session: Self.mask) }
        let headers = request.headers.map { field in
            (name: field.name, value: plain.headers.contains(field) ? field.value : Self.mask)
        }
        return RequestPreview(
            method: request.method.rawValue,
            url: request.url.text,
            headers: headers,
            body: request.body
        )
    }

    private static var mask: String { "***" }
}
