import GatehouseCore
import GatehouseTransfer
import Testing

@testable import GatehouseDelivery

@Suite struct AnswerRulesTests {
    private func facts(
        ticket: String? = nil,
        effect: Effect = .commits,
        equalServerErrors: Int = 0,
        hasFiles: Bool = false
    ) throws -> Circumstances {
        var job = try makeJob("x", ticket: ticket)
        job.equalServerErrors = equalServerErrors
        return Circumstances(
            job: job,
            effect: effect,
            retry: RetryBounds(),
            outcomeUnknown: false,
            hasRefreshedCredentials: true,
            hasFiles: hasFiles
        )
    }

    private func words(_ verdict: Verdict) -> String {
        switch verdict {
        case .proceed: "proceed"
        case .refreshCredentials: "refresh"
        case .dropFiles: "without files"
        case .refused: "refused"
        case .settle(.retry(_, _, _, let isUnknown)): isUnknown ? "retry, unknown" : "retry"
        case .settle(.dead): "dead"
        case .settle(let other): "\(other)"
        }
    }

    @Test(arguments: [
        (200, "proceed"), (201, "proceed"), (204, "proceed"), (302, "retry"), (400, "refused"), (401, "retry"),
        (403, "retry"), (404, "retry"), (405, "retry"), (408, "retry"), (409, "refused"), (413, "refused"),
        (415, "refused"),
        (422, "refused"), (425, "retry"), (429, "retry"), (500, "retry, unknown"), (502, "retry, unknown"),
        (503, "retry"),
        (504, "retry, unknown"), (599, "retry, unknown"), (999, "retry, unknown"), (0, "retry"), (101, "retry"),
    ])
    func `Each status means one thing for a new ticket`(status: Int, meaning: String) throws {
        #expect(try words(AnswerRules.judge(HTTPResponse(status: status), facts())) == meaning)
    }

    @Test func `A server error on a look-up leaves no doubt about the ticket`() throws {
        #expect(try words(AnswerRules.judge(HTTPResponse(status: 500), facts(effect: .none))) == "retry")
    }

    @Test(arguments: [(500, 6, "retry, unknown"), (500, 7, "dead"), (503, 100, "retry"), (502, 100, "retry, unknown")])
    func `Eight equal server errors about one message set it aside`(status: Int, before: Int, meaning: String) throws {
        #expect(try words(AnswerRules.judge(HTTPResponse(status: status), facts(equalServerErrors: before))) == meaning)
    }

    @Test func `What is too large goes again without attachments, if it had any`() throws {
        #expect(try words(AnswerRules.judge(HTTPResponse(status: 413), facts(hasFiles: true))) == "without files")
    }

    @Test(arguments: [
        ("2", 2000), ("0", 0), ("2.5", 2500), ("120", 120_000), ("Sun, 06 Nov 1994 08:49:37 GMT", 3000),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 3000), ("Sun Nov  6 08:49:37 1994", 3000),
        ("Sat, 05 Nov 1994 08:49:37 GMT", 0),
    ])
    func `Retry-After is read as seconds, as a fraction and as a date by the server's clock`(
        text: String,
        expected: Int64
    ) throws {
        let headers = try [
            #require(HTTPField("Retry-After", text)), #require(HTTPField("Date", "Sun, 06 Nov 1994 08:49:34 GMT")),
        ]
        #expect(RetryAfter.milliseconds(in: HTTPResponse(status: 429, headers: headers)) == expected)
    }

    @Test(arguments: [
        "soon", "-5", "1e9", "nan", "inf", "", "Sun, 99 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT",
        ". . . . . .",
    ])
    func `A Retry-After that says nothing is passed over`(text: String) throws {
        let response = try HTTPResponse(status: 429, headers: [#require(HTTPField("Retry-After", text))])
        #expect(RetryAfter.milliseconds(in: response) == nil)
    }

    @Test func `A pause is never longer than a day`() throws {
        let response = try HTTPResponse(
            status: 503,
            headers: [#require(HTTPField("Retry-After", "99999999999999999999"))]
        )
        guard case .settle(.retry(let delay, _, _, _)) = try AnswerRules.judge(response, facts()) else {
            Issue.record("not retried")
            return
        }
        #expect(delay == AnswerRules.longestPauseMilliseconds)
    }

    @Test func `Waits grow between their bounds and are never all the same`() {
        let bounds = RetryBounds()
        for attempts in [0, 1, 5, 30, 1000, .max] {
            let delays = (0..<50).map { _ in bounds.delay(afterAttempts: attempts) }
            #expect(delays.allSatisfy { $0 >= bounds.minimumMilliseconds / 2 && $0 <= bounds.maximumMilliseconds })
            #expect(Set(delays).count > 1)
        }
    }

    @Test func `What is kept of an answer is bounded and printable, and holds no secret`() {
        let body =
            Array("token s3cr3t-s3cr3t \u{1B}[31m \(Base64.encode("s3cr3t-s3cr3t")) ".utf8)
            + Array(repeating: 0x61, count: 100_000)
        let text = AnswerText.excerpt(body, hiding: ["s3cr3t-s3cr3t"])
        #expect(text.hasPrefix("token *** ␛[31m *** aaa"))
        #expect(text.utf8.count <= AnswerText.byteLimit + 3)
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func `Base 64 is that of RFC 4648 §10`(plain: String, encoded: String) {
        #expect(Base64.encode(plain) == encoded)
    }
}
