import GatehouseCore
import GatehouseTransfer

/// What a target answered to a question that changes nothing.
package enum ProbeResult: Sendable, Equatable {
    /// It was reached, and let us in as far as that can be told.
    case fine(String)
    /// It was reached, but something is not right.
    case doubtful(String)
    case failed(String)
}

extension DeliveryEngine {
    /// Reaches a target once: name, connection, TLS, the login where it has one, and one look-up that finds nothing; where the
    /// preset has none, its address is fetched.
    package func probe(_ target: String) -> ProbeResult {
        guard let runner = runners[target] as? TargetRunner else { return .fine("a folder") }
        return runner.probe()
    }
}

extension TargetRunner {
    func probe() -> ProbeResult {
        do {
            return try probe(TargetProbe(target: target, api: api))
        } catch let error as TransferError {
            return .failed(UnicodeText.printable(error.reason))
        } catch {
            return .failed(UnicodeText.printable("the secret can't be had: \(error)"))
        }
    }

    private func probe(_ probe: TargetProbe) throws -> ProbeResult {
        guard let url = HTTPURL(target.url) else { return .failed("url is no address") }
        let login = try probe.logIn()
        if let login, login.session == nil { return .failed("\(login.words), and did not let us in") }
        guard let lookUp = try probe.lookUp(session: login?.session) else {
            if let login { return .fine(login.words) }
            return probe.judge(try probe.ask(HTTPRequest(.get, url), session: nil))
        }
        return lookUp
    }
}

/// The questions of `doctor` to one target. None of them changes anything there.
struct TargetProbe {
    private let target: TargetConfiguration
    private let api: any TicketAPI
    private let client: HTTPClient
    private let secret: String?

    init(target: TargetConfiguration, api: any TicketAPI) throws {
        self.target = target
        self.api = api
        secret = try target.secret?()
        client = HTTPClient(concurrency: 1, transport: try target.transport())
    }

    /// - Returns: nil where there is no login; a nil session where it was refused.
    func logIn() throws -> (session: String?, words: String)? {
        guard let login = api.login(secret: secret) else { return nil }
        let answer = try perform(login)
        return (api.session(from: answer), "the login was \(Self.words(answer))")
    }

    func ask(_ request: HTTPRequest, session: String?) throws -> HTTPResponse {
        var request = request
        api.authorise(&request, secret: secret, session: session)
        return try perform(request)
    }

    private func perform(_ request: HTTPRequest) throws -> HTTPResponse {
        var request = request
        request.timeoutMilliseconds = min(target.timeoutMilliseconds, 10_000)
        return try client.perform(request)
    }

    /// Asks for a ticket that was never made, as a delivery does whose answer was lost.
    ///
    /// - Returns: nil where the preset has nothing to look up by.
    func lookUp(session: String?) throws -> ProbeResult? {
        var plan = api.plan(for: try Self.message(outcomeUnknown: true))
        guard case .send(let request, .none) = plan.next(nil) else { return nil }
        // A request that a first try begins with as well is no look-up, and one that isn't a GET may leave something behind.
        var first = api.plan(for: try Self.message(outcomeUnknown: false))
        if request.method != .get, case .send(request, _) = first.next(nil) { return nil }
        let answer = try ask(request, session: session)
        let verdict = judge(answer)
        guard case .fine = verdict else { return verdict }
        let words = "a look-up was \(Self.words(answer))"
        guard (200..<300).contains(answer.status) else { return .doubtful("\(words): are url and options right?") }
        switch plan.next(answer) {
        case .unclear(let reason): return .doubtful("\(words), but \(UnicodeText.printable(reason))")
        case .denied: return .failed("\(words): are user and secret right?")
        default: return .fine(words)
        }
    }

    func judge(_ answer: HTTPResponse) -> ProbeResult {
        let words = Self.words(answer)
        switch answer.status {
        case 401, 403: return .failed("\(words): are user and secret right?")
        case 500...: return .doubtful(words)
        // Many an address takes POST alone.
        default: return .fine(words)
        }
    }

    private static func words(_ answer: HTTPResponse) -> String {
        "answered \(answer.status) in \(answer.durationMilliseconds) ms"
    }

    private static func message(outcomeUnknown: Bool) throws -> OutgoingMessage {
        let id = String(repeating: "a", count: 52)
        var json = JSONWriter()
        json.object { json in
            json.member("id", id)
            json.member("time", "2026-01-01T00:00:00Z")
            json.member("data") { json in
                json.member("channel", "email")
                json.member("message_id", "gatehouse-doctor@invalid")
                json.member("body") { $0.member("text", "gatehouse doctor") }
            }
        }
        var job = DeliveryJob(id: 0, envelopeID: id, envelope: try StoredEnvelopeJSON(json.bytes))
        job.outcomeUnknown = outcomeUnknown
        return OutgoingMessage(job: job)
    }
}
