import GatehouseCore
import GatehouseTransfer
import Testing

@testable import GatehouseDelivery

struct RetryAfterTests {
    /// The server's clock in all of these.
    private static let date = "Sun, 06 Nov 1994 08:49:34 GMT"
    private static let seconds: Int64 = 784_111_774

    private func answer(_ status: Int, _ fields: [String]) throws -> HTTPResponse {
        let headers = try (["Date: \(Self.date)"] + fields).map { line in
            let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
            return try #require(HTTPField(parts[0], String(parts[1].dropFirst())))
        }
        return HTTPResponse(status: status, headers: headers)
    }

    @Test(arguments: [
        (429, ["Retry-After: 2"], 2000), (503, ["Retry-After: 2.5"], 2500),
        (503, ["Retry-After: Sun, 06 Nov 1994 08:49:37 GMT"], 3000),
        (429, ["X-RateLimit-Retry-After: 7"], 7000),  // Help Scout
        (429, ["X-HubSpot-RateLimit-Interval-Milliseconds: 10000", "X-HubSpot-RateLimit-Remaining: 0"], 10_000),
        (429, ["retry-after-ms: 1500"], 1500), (429, ["x-ms-retry-after-ms: 250"], 250),
        (429, ["X-RateLimit-Reset: 784111779"], 5000),  // GitHub, GitLab: a moment
        (429, ["X-RateLimit-Reset: 784111779000"], 5000),
        (429, ["X-RateLimit-Reset: 12"], 12_000),  // Zendesk, Roundup: a time to wait
        (429, ["X-RateLimit-Reset: 2.75"], 2750), (429, ["X-RateLimit-Reset: 1994-11-06T08:49:44Z"], 10_000),  // Jira
        (429, ["RateLimit-Reset: 4"], 4000), (429, ["RateLimit: limit=10, remaining=0, reset=50"], 50_000),
        (429, [#"RateLimit: "default";r=0;t=30"#], 30_000),
        (403, ["X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 784111775"], 1000),
        (503, ["X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 3"], 3000),
        (429, ["Retry-After: 1", "X-RateLimit-Reset: 60"], 1000),
    ])
    func `A pause is read from what servers really send`(status: Int, fields: [String], expected: Int64) throws {
        #expect(try RetryAfter.milliseconds(in: answer(status, fields)) == expected)
    }

    @Test(arguments: [
        (201, ["X-RateLimit-Remaining: 40", "X-RateLimit-Reset: 50"]), (503, ["X-RateLimit-Reset: 50"]),
        (429, ["X-RateLimit-Reset: soon"]), (429, ["RateLimit: r=0"]), (429, []),
        (403, ["X-RateLimit-Remaining: 12", "X-RateLimit-Reset: 784111775"]),
        (429, ["X-HubSpot-RateLimit-Interval-Milliseconds: 10000", "X-HubSpot-RateLimit-Daily-Remaining: 0"]),
        (201, ["X-HubSpot-RateLimit-Interval-Milliseconds: 10000", "X-HubSpot-RateLimit-Remaining: 99"]),
    ])
    func `What says nothing of a pause is none`(status: Int, fields: [String]) throws {
        #expect(try RetryAfter.milliseconds(in: answer(status, fields)) == nil)
    }

    @Test(arguments: ["99999999999999999999999999999999999999", "1e999", "-1", "0x10", "１２", "1.2.3"])
    func `A number that is none, or none that could be meant, does no harm`(text: String) throws {
        for name in ["Retry-After", "Retry-After-Ms", "X-RateLimit-Reset", "RateLimit"] {
            if let wait = try RetryAfter.milliseconds(in: answer(429, ["\(name): \(text)"])) { #expect(wait >= 0) }
        }
    }
}
