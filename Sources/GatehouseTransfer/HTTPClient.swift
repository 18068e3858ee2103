import GatehouseCore

/// HTTP/1.1, many requests at once on one thread, over connections that libcurl makes and that are used again.
///
/// What goes over them is written and read here (`HTTPExchange`); a request that a proxy hands on is libcurl's altogether
/// (`ProxiedTransfers`). Certificates are verified, TLS is 1.2 or newer, only http and https are spoken. A redirect is followed for GET
/// alone and on the same server alone. Where no proxy is named, the environment's is taken, as `curl` does. libcurl is loaded
/// with the first request (`CurlLibrary`).
package final class HTTPClient {
    package typealias Completion = (Result<HTTPResponse, TransferError>) -> Void

    static let redirectLimit = 5

    private let transport: TransportSettings
    private let userAgent: String
    /// Requests in the air at once; the others wait their turn.
    private let concurrency: Int
    private let poll: ReadinessPoll?
    private let pool: HTTPConnectionPool?
    private var proxied: ProxiedTransfers?
    private var waiting: [(request: HTTPRequest, redirects: Int, completion: Completion)] = []
    private var waitingStart = 0

    /// - Parameter transport: For requests that bring no settings of their own.
    package init(
        concurrency: Int = 8,
        transport: TransportSettings = TransportSettings(),
        userAgent: String = "gatehouse/0.1"
    ) {
        self.concurrency = max(1, concurrency)
        self.transport = transport
        self.userAgent = userAgent
        poll = ReadinessPoll()
        pool = poll.map { HTTPConnectionPool(poll: $0, limit: max(1, concurrency), userAgent: userAgent) }
    }

    private var active: Int { (pool?.active ?? 0) + (proxied?.active ?? 0) }

    package var isIdle: Bool { active == 0 && waitingStart == waiting.count }

    /// Begins a request as soon as there is room; `completion` is called from `turn` or `run`.
    package func start(_ request: HTTPRequest, completion: @escaping Completion) {
        waiting.append((request, 0, completion))
    }

    /// Works until nothing runs or waits. A completion may start more.
    package func run() { while !isIdle { turn() } }

    /// One request from start to end.
    package func perform(_ request: HTTPRequest) throws(TransferError) -> HTTPResponse {
        var outcome: Result<HTTPResponse, TransferError>?
        start(request) { outcome = $0 }
        while outcome == nil { turn() }
        switch outcome {
        case .success(let response): return response
        case .failure(let error): throw error
        case nil: throw TransferError(server: request.url.origin, reason: "no answer", requestMayHaveArrived: true)
        }
    }

    /// One step: begins what may begin, waits up to `milliseconds` for the network, and completes what has ended.
    package func turn(waitingUpTo milliseconds: Int = 1000) {
        while active < concurrency, let next = takeWaiting() { begin(next.request, next.redirects, next.completion) }
        guard let poll, let pool else { return }
        if let proxied, proxied.active > 0 {
            let wait = pool.waitMilliseconds(upTo: milliseconds)
            proxied.turn(waitingUpTo: wait, beside: poll.descriptor) { transfer, result in
                complete(transfer.request, transfer.redirects, result, transfer.completion)
            }
            pool.turn(waitingUpTo: 0)
        } else if pool.active > 0 {
            pool.turn(waitingUpTo: milliseconds)
        }
        for (exchange, result) in pool.takeEnded() {
            complete(exchange.request, exchange.redirects, result, exchange.completion)
        }
    }

    /// Ends the wait of a `turn` that another thread is in; the only call that any thread may make.
    package func wake() { poll?.wake() }

    private func takeWaiting() -> (request: HTTPRequest, redirects: Int, completion: Completion)? {
        guard waitingStart < waiting.count else { return nil }
        let next = waiting[waitingStart]
        waitingStart += 1
        if waitingStart == waiting.count {
            waiting.removeAll(keepingCapacity: true)
            waitingStart = 0
        } else if waitingStart >= 1024 {
            waiting.removeFirst(waitingStart)
            waitingStart = 0
        }
        return next
    }

    private func begin(_ request: HTTPRequest, _ redirects: Int, _ completion: @escaping Completion) {
        func refuse(_ reason: String) {
            completion(
                .failure(TransferError(server: request.url.origin, reason: reason, requestMayHaveArrived: false))
            )
        }
        if let complaint = CurlLibrary.complaint { return refuse(complaint) }
        guard let pool else { return refuse("the system has no descriptors left") }
        let transport = request.transport ?? transport
        if transport.mayHandOn(request.url) {
            proxied = proxied ?? ProxiedTransfers(concurrency: concurrency, userAgent: userAgent)
            guard let proxied else { return refuse("libcurl did not start") }
            if let reason = proxied.begin(request, transport, redirects: redirects, completion: completion) {
                refuse(reason)
            }
            return
        }
        let exchange = HTTPExchange(
            request,
            redirects: redirects,
            userAgent: userAgent,
            now: MonotonicClock.milliseconds(),
            completion: completion
        )
        pool.begin(exchange, at: HTTPConnection.Place(request, transport))
    }

    private func complete(
        _ request: HTTPRequest,
        _ redirects: Int,
        _ result: Result<HTTPResponse, TransferError>,
        _ completion: @escaping Completion
    ) {
        if case .success(let response) = result, (300..<400).contains(response.status), request.method == .get,
            redirects < Self.redirectLimit, let location = response.header("location"),
            let target = request.url.resolving(location), request.url.leadsToSameServer(target)
        {
            var next = request
            next.url = target
            waiting.append((next, redirects + 1, completion))
        } else {
            completion(result)
        }
    }
}
