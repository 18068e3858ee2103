import CCurl
import GatehouseCore

/// A connection to an HTTP server that libcurl makes: it resolves, connects, passes a proxy, and checks the certificate
/// (`CURLOPT_CONNECT_ONLY`). Bytes then go through `curl_easy_send` and `curl_easy_recv`.
///
/// It has a multi handle of its own: libcurl looks over the idle connections of one for dead ones, and would take ours, of whose
/// use it knows nothing, for such.
@safe final class HTTPConnection {
    /// What two requests must have in common to go over the same connection.
    struct Place: Hashable {
        let scheme: String
        let host: String
        let port: Int
        let transport: TransportSettings
        let connectTimeoutMilliseconds: Int

        init(_ request: HTTPRequest, _ transport: TransportSettings) {
            scheme = request.url.scheme
            host = request.url.host
            port = request.url.port
            self.transport = transport
            connectTimeoutMilliseconds = max(1, request.connectTimeoutMilliseconds)
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(host)
            hasher.combine(port)
        }
    }

    enum Progress {
        case going
        case open
        case failed(String)
    }

    let id: UInt32
    let place: Place
    private(set) var isOpen = false
    private(set) var socket: curl_socket_t = -1
    /// Milliseconds of the monotonic clock at which libcurl wants to be called while it connects; nil for never.
    private(set) var dueAt: Int64?
    /// What goes over it now.
    var exchange: HTTPExchange?
    private(set) var isWatchedForRoom = false
    /// When its last answer was read.
    var idleSince: Int64 = 0
    private let poll: ReadinessPoll
    private let easy: EasyHandle
    private let multi: UnsafeMutableRawPointer
    private let errorBuffer: UnsafeMutablePointer<CChar>

    /// Begins to connect.
    init(_ place: Place, id: UInt32, userAgent: String, poll: ReadinessPoll) throws(HTTPConnectionError) {
        guard let easy = EasyHandle() else { throw HTTPConnectionError("libcurl did not start") }
        guard let multi = unsafe ccurl_multi_init() else {
            easy.free()
            throw HTTPConnectionError("libcurl did not start")
        }
        self.id = id
        self.place = place
        self.poll = poll
        self.easy = easy
        unsafe self.multi = unsafe multi
        unsafe errorBuffer = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe errorBuffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        try configure(userAgent)
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        var code = unsafe ccurl_set_waits(multi, Self.noteSocket, Self.noteTimer, context)
        if code == CURLM_OK { unsafe code = ccurl_multi_add_handle(multi, easy.pointer) }
        guard code == CURLM_OK else {
            throw HTTPConnectionError(unsafe String(cString: ccurl_multi_strerror(code)))
        }
    }

    deinit {
        _ = unsafe ccurl_set_waits(multi, nil, nil, nil)
        if socket >= 0 { poll.forget(socket) }
        unsafe ccurl_multi_remove_handle(multi, easy.pointer)
        easy.free()
        unsafe ccurl_multi_cleanup(multi)
        unsafe errorBuffer.deallocate()
    }

    private func configure(_ userAgent: String) throws(HTTPConnectionError) {
        let handle = unsafe easy.pointer
        var codes = unsafe [
            ccurl_set_no_signal(handle),
            ccurl_set_http_only(handle),
            ccurl_set_verified_tls(handle),
            ccurl_set_http_1_1(handle),
            ccurl_set_connect_only(handle),
            ccurl_set_user_agent(handle, userAgent),
            ccurl_set_url(handle, "\(place.scheme)://\(place.host):\(place.port)/"),
            ccurl_set_connect_timeout_ms(handle, place.connectTimeoutMilliseconds),
            ccurl_set_error_buffer(handle, errorBuffer),
        ]
        unsafe codes += place.transport.configure(handle)
        if let failed = codes.first(where: { $0 != CURLE_OK }) { throw HTTPConnectionError(Transfer.words(failed)) }
    }

    // MARK: Connecting

    /// Lets libcurl go on with connecting.
    ///
    /// - Parameter ready: The socket that is ready; nil where it is time.
    func connect(_ ready: ReadinessPoll.Ready?) -> Progress {
        // libcurl names a time once: a socket that is ready before it does not end it.
        if ready == nil { dueAt = nil }
        let events = ready.map { ($0.canRead ? CURL_CSELECT_IN : 0) | ($0.canWrite ? CURL_CSELECT_OUT : 0) } ?? 0
        let code = unsafe ccurl_multi_socket_action(multi, ready?.socket ?? CURL_SOCKET_BAD, Int32(events))
        guard code == CURLM_OK else { return .failed(unsafe String(cString: ccurl_multi_strerror(code))) }
        var left: Int32 = 0
        while let message = unsafe ccurl_multi_info_read(multi, &left) {
            guard unsafe message.pointee.msg == CURLMSG_DONE else { continue }
            return end(unsafe ccurl_message_result(message))
        }
        return .going
    }

    private func end(_ code: CURLcode) -> Progress {
        guard code == CURLE_OK else { return .failed(words(code)) }
        let found = unsafe ccurl_get_socket(easy.pointer, &socket)
        guard found == CURLE_OK, socket >= 0, poll.watch(socket, as: id, writing: false) else {
            return .failed("the connection has no socket")
        }
        isOpen = true
        return .open
    }

    private func words(_ code: CURLcode) -> String {
        let detail = unsafe String(cString: errorBuffer)
        return detail.isEmpty ? Transfer.words(code) : detail
    }

    /// libcurl says for what it waits.
    private static let noteSocket: curl_socket_callback = { _, socket, what, context, _ in
        guard let context = unsafe context else { return 0 }
        let connection = unsafe Unmanaged<HTTPConnection>.fromOpaque(context).takeUnretainedValue()
        if what == CURL_POLL_REMOVE {
            connection.poll.forget(socket)
        } else {
            connection.poll.watch(
                socket,
                as: connection.id,
                reading: what & CURL_POLL_IN != 0,
                writing: what & CURL_POLL_OUT != 0
            )
        }
        return 0
    }

    private static let noteTimer: curl_multi_timer_callback = { _, milliseconds, context in
        guard let context = unsafe context else { return 0 }
        let connection = unsafe Unmanaged<HTTPConnection>.fromOpaque(context).takeUnretainedValue()
        connection.dueAt = milliseconds < 0 ? nil : MonotonicClock.milliseconds() + Int64(milliseconds)
        return 0
    }

    // MARK: Bytes

    /// Whether there is room to write to be waited for.
    func watch(forRoom: Bool) {
        guard forRoom != isWatchedForRoom else { return }
        isWatchedForRoom = forRoom
        poll.watch(socket, as: id, writing: forRoom)
    }

    /// - Returns: How many bytes from `start` on are on their way; 0 where there is no room for any.
    func send(_ bytes: [UInt8], from start: Int) throws(HTTPConnectionError) -> Int {
        var count = 0
        let code = unsafe bytes.withUnsafeBytes { all in
            unsafe ccurl_easy_send(easy.pointer, all.baseAddress! + start, all.count - start, &count)
        }
        guard code == CURLE_OK || code == CURLE_AGAIN else { throw HTTPConnectionError(words(code)) }
        return count
    }

    /// - Returns: How many bytes now stand in `window`; 0 where the server has ended the connection; nil where none have come.
    func receive(into window: inout [UInt8]) throws(HTTPConnectionError) -> Int? {
        var count = 0
        let code = unsafe window.withUnsafeMutableBytes {
            unsafe ccurl_easy_recv(easy.pointer, $0.baseAddress, $0.count, &count)
        }
        if code == CURLE_AGAIN { return nil }
        guard code == CURLE_OK else { throw HTTPConnectionError(words(code)) }
        return count
    }
}

/// Why a connection can't be had, or be used any more, in words.
struct HTTPConnectionError: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}
