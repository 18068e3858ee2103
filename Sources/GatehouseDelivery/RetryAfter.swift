import GatehouseCore
import GatehouseTransfer

/// When a target that has had enough wants to be asked again.
///
/// Retry-After (RFC 9110 §10.2.3) first: whole seconds, or an HTTP date; decimal fractions are met too. Then what vendors
/// send instead: milliseconds (`Retry-After-Ms`, Azure's `x-ms-retry-after-ms`, HubSpot's window), the RateLimit fields of
/// draft-ietf-httpapi-ratelimit-headers in their forms over time, and `X-RateLimit-Reset` and its kin as seconds to wait
/// (Zendesk, Roundup), as a moment since 1970 (GitHub, GitLab) or as a date (Jira).
enum RetryAfter {
    static func milliseconds(in answer: HTTPResponse, now: Timestamp = .now()) -> Int64? {
        // By the server's own clock where it tells it, since ours may differ.
        let base = answer.header("date").flatMap(HTTPDate.parse) ?? now
        for name in waitFields {
            if let text = answer.header(name), let wait = wait(text, from: base) { return wait }
        }
        for name in millisecondFields {
            if let number = answer.header(name).flatMap(decimal) { return Int64(number) }
        }
        // These stand on every answer, and say something to us only where there is nothing left.
        guard isExhausted(answer) else { return nil }
        // HubSpot tells the window that was used up; when a day's share is, it does not say how long that is to be.
        if let number = answer.header("x-hubspot-ratelimit-interval-milliseconds").flatMap(decimal),
            answer.header("x-hubspot-ratelimit-daily-remaining").flatMap(decimal) != 0
        {
            return Int64(number)
        }
        for name in resetFields {
            guard let text = answer.header(name) else { continue }
            if let wait = wait(text, from: base) { return wait }
        }
        return answer.header("ratelimit").flatMap { parameter("t", or: "reset", in: $0) }
    }

    private static let waitFields = [
        "retry-after", "x-ratelimit-retry-after", "x-rate-limit-retry-after", "x-retry-after", "beta-retry-after",
    ]
    private static let millisecondFields = ["retry-after-ms", "x-ms-retry-after-ms"]
    private static let resetFields = [
        "ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset", "x-ratelimit-reset-after",
    ]
    private static let restFields = [
        "ratelimit-remaining", "x-ratelimit-remaining", "x-rate-limit-remaining", "x-hubspot-ratelimit-remaining",
    ]

    /// A 429 says so itself; a 403 or 503 is one of these where the fields say that nothing is left.
    static func isExhausted(_ answer: HTTPResponse) -> Bool {
        if answer.status == 429 { return true }
        return restFields.contains { answer.header($0).flatMap(decimal).map { $0 < 1 } ?? false }
    }

    /// Seconds, a moment in seconds or milliseconds since 1970, an HTTP date or RFC 3339.
    private static func wait(_ text: String, from base: Timestamp) -> Int64? {
        if let seconds = decimal(text) {
            // So many seconds would be ten years: it is a moment.
            if seconds >= 3e11 { return max(0, Int64(min(seconds, 1e15)) - base.milliseconds) }
            if seconds >= 3e8 { return max(0, Int64(seconds * 1000) - base.milliseconds) }
            return Int64(seconds * 1000)
        }
        guard let moment = HTTPDate.parse(text) ?? Timestamp(rfc3339: text) else { return nil }
        return max(0, moment.milliseconds - base.milliseconds)
    }

    /// `"default";r=0;t=30` and `limit=100, remaining=0, reset=30`: seconds.
    private static func parameter(_ name: String, or other: String, in text: String) -> Int64? {
        let parts = text.utf8.split { ";, ".utf8.contains($0) }.map { String(decoding: $0, as: UTF8.self).lowercased() }
        for part in parts {
            let pieces = part.split(separator: "=", maxSplits: 1)
            guard pieces.count == 2, pieces[0] == name || pieces[0] == other else { continue }
            return decimal(String(pieces[1])).map { Int64(min($0, 1e9) * 1000) }
        }
        return nil
    }

    private static func decimal(_ text: String) -> Double? {
        guard !text.isEmpty, text.utf8.count <= 40, text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 }),
            let number = Double(text), number.isFinite
        else { return nil }
        return min(number, 1e15)
    }
}
