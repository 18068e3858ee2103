import CCurl

/// HTTP by libcurl's multi interface: many requests at once on one thread, over connections that are used again.
///
/// Certificates are verified, TLS is 1.2 or newer, only http and https are spoken. A redirect is followed for GET alone
/// and on the same server alone. Where no proxy is named, the environment's is taken, as `curl` does. libcurl is
/// loaded with the first request (`CurlLibrary`).
@safe package final class HTTPClient {
    package typealias Completion = (Result<HTTPResponse, TransferError>) -> Void

    static let redirectLimit = 5

    private let transport: TransportSettings
    private let userAgent: String
    /// Requests in the air at once; the others wait their turn.
    private let concurrency: Int
    private var multi: UnsafeMutableRawPointer?
    private var idle: [ReusedHandle] = []
    private var running: [EasyHandle: Transfer] = [:]
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
    }

    deinit {
        for handle in running.keys { unsafe ccurl_multi_remove_handle(multi, handle.pointer) }
        // Connections end with the handles that used them.
        running = [:]
        idle = []
        if let multi = unsafe multi { unsafe ccurl_multi_cleanup(multi) }
    }

    package var isIdle: Bool { running.isEmpty && waitingStart == waiting.count }

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
        while running.count < concurrency, let next = takeWaiting() {
            begin(next.request, next.redirects, next.completion)
        }
        guard let multi = unsafe multi, !running.isEmpty else { return }
        var count: Int32 = 0
        var code = unsafe ccurl_multi_perform(multi, &count)
        unsafe complete(multi)
        if code == CURLM_OK, Int(count) == running.count, count > 0 {
            unsafe code = ccurl_multi_poll(multi, Int32(clamping: milliseconds))
        }
        if code != CURLM_OK { failAll(unsafe String(cString: ccurl_multi_strerror(code))) }
    }

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
        guard let multi = unsafe startedMulti(), let handle = idle.popLast() ?? ReusedHandle()
        else { return refuse("libcurl did not start") }
        let transfer = Transfer(handle: handle, request: request, redirects: redirects, completion: completion)
        var refusal = transfer.configure(request.transport ?? transport, userAgent: userAgent)
        if refusal == nil {
            let code = unsafe ccurl_multi_add_handle(multi, handle.pointer)
            if code != CURLM_OK { refusal = unsafe String(cString: ccurl_multi_strerror(code)) }
        }
        if let refusal { return refuse(refusal) }
        running[handle.easy] = transfer
    }

    private func startedMulti() -> UnsafeMutableRawPointer? {
        if unsafe multi == nil {
            unsafe multi = ccurl_multi_init()
            unsafe ccurl_set_connection_cache(multi, concurrency)
        }
        return unsafe multi
    }

    /// Ends the wait of a `turn` that another thread is in; the only call that any thread may make.
    package func wake() {
        if let multi = unsafe multi { _ = unsafe ccurl_multi_wakeup(multi) }
    }

    private func complete(_ multi: UnsafeMutableRawPointer) {
        var left: Int32 = 0
        while let message = unsafe ccurl_multi_info_read(multi, &left) {
            guard unsafe message.pointee.msg == CURLMSG_DONE, let pointer = unsafe message.pointee.easy_handle else {
                continue
            }
            let handle = unsafe EasyHandle(pointer)
            let code = unsafe ccurl_message_result(message)
            guard let transfer = running.removeValue(forKey: handle) else { continue }
            let result = transfer.result(code)
            let target = transfer.redirectTarget
            unsafe ccurl_multi_remove_handle(multi, pointer)
            idle.append(transfer.handle)
            if let target, let next = redirected(transfer, result, to: target) {
                waiting.append((next, transfer.redirects + 1, transfer.completion))
            } else {
                transfer.completion(result)
            }
        }
    }

    private func redirected(
        _ transfer: Transfer,
        _ result: Result<HTTPResponse, TransferError>,
        to target: HTTPURL
    ) -> HTTPRequest? {
        guard case .success(let response) = result, (300..<400).contains(response.status) else { return nil }
        guard transfer.request.method == .get, transfer.redirects < Self.redirectLimit else { return nil }
        guard transfer.request.url.leadsToSameServer(target) else { return nil }
        var next = transfer.request
        next.url = target
        return next
    }

    private func failAll(_ reason: String) {
        let failed = Array(running.values)
        running = [:]
        for transfer in failed {
            unsafe ccurl_multi_remove_handle(multi, transfer.handle.pointer)
        }
        for transfer in failed {
            let server = transfer.request.url.origin
            transfer.completion(.failure(TransferError(server: server, reason: reason, requestMayHaveArrived: true)))
        }
    }
}

/// The address of a libcurl easy handle; whoever holds it last frees it.
@safe struct EasyHandle: Hashable {
    let pointer: UnsafeMutableRawPointer

    init(_ pointer: UnsafeMutableRawPointer) { unsafe self.pointer = unsafe pointer }

    init?() {
        guard let pointer = unsafe ccurl_easy_init() else { return nil }
        unsafe self.pointer = unsafe pointer
    }

    func free() { unsafe ccurl_easy_cleanup(pointer) }

    static func == (left: EasyHandle, right: EasyHandle) -> Bool { unsafe left.pointer == right.pointer }
    func hash(into hasher: inout Hasher) { unsafe hasher.combine(pointer) }
}
