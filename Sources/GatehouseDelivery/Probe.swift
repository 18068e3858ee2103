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
    /// Reaches a target once: name, connection, TLS, and the login where it has one; else its address is fetched.
    package func probe(_ target: String) -> ProbeResult {
        guard let runner = runners[target] as? TargetRunner else { return .fine("a folder") }
        return runner.probe()
    }
}

extension TargetRunner {
    func probe() -> ProbeResult {
        let secret: String?
        let transport: TransportSettings
        do {
            secret = try target.secret?()
            transport = try target.transport()
        } catch {
            return .failed(UnicodeText.printable("the secret can't be had: \(error)"))
        }
        let login = api.login(secret: secret)
        guard var request = login ?? HTTPURL(target.url).map({ HTTPRequest(.get, $0) }) else {
            return .failed("url is no address")
        }
        if login == nil { api.authorise(&request, secret: secret, session: nil) }
        request.timeoutMilliseconds = min(target.timeoutMilliseconds, 10_000)
        let client = HTTPClient(concurrency: 1, transport: transport)
        do throws(TransferError) {
            let answer = try client.perform(request)
            let words = "answered \(answer.status) in \(answer.durationMilliseconds) ms"
            if login != nil, api.session(from: answer) == nil { return .failed("\(words), and did not let us in") }
            switch answer.status {
            case 401, 403: return .failed("\(words): are user and secret right?")
            case 500...: return .doubtful(words)
            // Many an address takes POST alone.
            default: return .fine(words)
            }
        } catch {
            return .failed(UnicodeText.printable(error.reason))
        }
    }
}
