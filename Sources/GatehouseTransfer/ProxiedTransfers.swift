import CCurl

/// Requests whose HTTP is libcurl's: those that a proxy hands on, which needs them in a form of their own.
@safe final class ProxiedTransfers {
    private let concurrency: Int
    private let userAgent: String
    private let multi: UnsafeMutableRawPointer
    private var idle: [ReusedHandle] = []
    private var running: [EasyHandle: Transfer] = [:]

    /// - Returns: nil if libcurl does not start.
    init?(concurrency: Int, userAgent: String) {
        guard let multi = unsafe ccurl_multi_init() else { return nil }
        self.concurrency = concurrency
        self.userAgent = userAgent
        unsafe self.multi = unsafe multi
        unsafe ccurl_set_connection_cache(multi, concurrency)
    }

    deinit {
        for handle in running.keys { unsafe ccurl_multi_remove_handle(multi, handle.pointer) }
        // Connections end with the handles that used them.
        running = [:]
        idle = []
        unsafe ccurl_multi_cleanup(multi)
    }

    var active: Int { running.count }

    /// - Returns: Why it can't begin.
    func begin(
        _ request: HTTPRequest,
        _ transport: TransportSettings,
        redirects: Int,
        completion: @escaping HTTPClient.Completion
    ) -> String? {
        guard let handle = idle.popLast() ?? ReusedHandle() else { return "libcurl did not start" }
        let transfer = Transfer(handle: handle, request: request, redirects: redirects, completion: completion)
        if let refusal = transfer.configure(transport, userAgent: userAgent) { return refusal }
        let code = unsafe ccurl_multi_add_handle(multi, handle.pointer)
        guard code == CURLM_OK else { return unsafe String(cString: ccurl_multi_strerror(code)) }
        running[handle.easy] = transfer
        return nil
    }

    /// One step: waits up to `milliseconds` for the network or for another descriptor, where nothing has ended.
    func turn(
        waitingUpTo milliseconds: Int,
        beside descriptor: Int32,
        ended: (Transfer, Result<HTTPResponse, TransferError>) -> Void
    ) {
        var count: Int32 = 0
        var code = unsafe ccurl_multi_perform(multi, &count)
        complete(ended)
        if code == CURLM_OK, Int(count) == running.count, count > 0 {
            unsafe code = ccurl_multi_poll(multi, descriptor, Int32(clamping: milliseconds))
        }
        if code != CURLM_OK { failAll(unsafe String(cString: ccurl_multi_strerror(code)), ended) }
    }

    private func complete(_ ended: (Transfer, Result<HTTPResponse, TransferError>) -> Void) {
        var left: Int32 = 0
        while let message = unsafe ccurl_multi_info_read(multi, &left) {
            guard unsafe message.pointee.msg == CURLMSG_DONE, let pointer = unsafe message.pointee.easy_handle else {
                continue
            }
            let code = unsafe ccurl_message_result(message)
            guard let transfer = unsafe running.removeValue(forKey: EasyHandle(pointer)) else { continue }
            let result = transfer.result(code)
            unsafe ccurl_multi_remove_handle(multi, pointer)
            idle.append(transfer.handle)
            ended(transfer, result)
        }
    }

    private func failAll(_ reason: String, _ ended: (Transfer, Result<HTTPResponse, TransferError>) -> Void) {
        let failed = Array(running.values)
        running = [:]
        for transfer in failed { unsafe ccurl_multi_remove_handle(multi, transfer.handle.pointer) }
        for transfer in failed {
            let server = transfer.request.url.origin
            ended(transfer, .failure(TransferError(server: server, reason: reason, requestMayHaveArrived: true)))
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
