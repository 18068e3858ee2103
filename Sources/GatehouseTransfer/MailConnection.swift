import CCurl
import Glibc

/// A connection to an IMAP or POP3 server, made and encrypted by libcurl, over which the caller speaks.
///
/// libcurl reads the greeting, says STARTTLS or STLS where that is asked for, and checks the certificate
/// (`CURLOPT_CONNECT_ONLY`); it logs nobody in. Bytes then go through `curl_easy_send` and `curl_easy_recv`.
@safe package final class MailConnection: ByteStream {
    /// How a connection becomes encrypted.
    package enum Encryption: Sendable, Equatable {
        /// From its first byte: imaps, pop3s.
        case implicit
        /// By STARTTLS or STLS; a server that offers neither is left.
        case startTLS
        /// Not at all.
        case none
    }

    /// A server that sends less than this many bytes a second, past its first `timeout`, is given up.
    static let slowestBytesPerSecond = 1024

    private let handle: EasyHandle
    private let errorText: UnsafeMutablePointer<CChar>
    private var socket: curl_socket_t = -1
    private let timeoutMilliseconds: Int64
    private var waitedMilliseconds: Int64 = 0
    private var receivedBytes: Int64 = 0
    private var window = [UInt8](repeating: 0, count: 64 * 1024)
    /// Received before anybody asked.
    private var early: [UInt8] = []

    /// Connects.
    ///
    /// - Parameters:
    ///   - url: `imaps://imap.example.org:993`; scheme, host and port alone.
    ///   - timeoutMilliseconds: For all of connecting, and later for each time that the server is silent.
    package init(
        url: String,
        encryption: Encryption,
        caFile: String?,
        timeoutMilliseconds: Int
    ) throws(StreamError) {
        if let complaint = CurlLibrary.complaint { throw StreamError(complaint) }
        guard let handle = EasyHandle() else { throw StreamError("libcurl did not start") }
        self.handle = handle
        self.timeoutMilliseconds = Int64(max(1, timeoutMilliseconds))
        unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        try configure(url, encryption, caFile, timeoutMilliseconds)
        try check(unsafe ccurl_easy_perform(handle.pointer))
        try check(unsafe ccurl_get_socket(handle.pointer, &socket))
        // libcurl tells of the encryption only of a connection that is in use: what has come by now is kept.
        _ = try receiveNow(into: &early)
        // A password is about to be sent: what was asked for must be what there is.
        if encryption != .none, unsafe ccurl_is_encrypted(handle.pointer) == 0 {
            throw StreamError("the connection did not become encrypted")
        }
    }

    deinit {
        handle.free()
        unsafe errorText.deallocate()
    }

    private func configure(_ url: String, _ encryption: Encryption, _ caFile: String?, _ timeout: Int)
        throws(StreamError)
    {
        try check(unsafe ccurl_set_no_signal(handle.pointer))
        try check(unsafe ccurl_set_error_buffer(handle.pointer, errorText))
        try check(unsafe ccurl_set_mail_only(handle.pointer))
        try check(unsafe ccurl_set_connect_only(handle.pointer))
        try check(unsafe ccurl_set_verified_tls(handle.pointer))
        try check(unsafe ccurl_set_url(handle.pointer, url))
        try check(unsafe ccurl_set_timeout_ms(handle.pointer, max(1, timeout)))
        try check(unsafe ccurl_set_connect_timeout_ms(handle.pointer, max(1, timeout)))
        if encryption == .startTLS { try check(unsafe ccurl_set_start_tls(handle.pointer)) }
        if let caFile { try check(unsafe ccurl_set_ca_file(handle.pointer, caFile)) }
    }

    private func check(_ code: CURLcode) throws(StreamError) {
        guard code != CURLE_OK else { return }
        let detail = unsafe String(cString: errorText)
        throw StreamError(detail.isEmpty ? Transfer.words(code) : detail)
    }

    package func beginExchange() {
        waitedMilliseconds = 0
        receivedBytes = 0
    }

    package func send(_ bytes: [UInt8]) throws(StreamError) {
        var sent = 0
        while sent < bytes.count {
            var count = 0
            let rest = bytes[sent...]
            let code = unsafe rest.withUnsafeBytes {
                unsafe ccurl_easy_send(handle.pointer, $0.baseAddress, $0.count, &count)
            }
            sent += count
            if code == CURLE_AGAIN || code == CURLE_OK && count == 0 {
                try wait(for: POLLOUT)
            } else {
                try check(code)
            }
        }
    }

    package func receive(into buffer: inout [UInt8]) throws(StreamError) -> Int {
        if !early.isEmpty {
            buffer += early
            defer { early = [] }
            return early.count
        }
        while true {
            if let count = try receiveNow(into: &buffer) { return count }
            try wait(for: POLLIN)
        }
    }

    /// - Returns: nil where nothing has come.
    private func receiveNow(into buffer: inout [UInt8]) throws(StreamError) -> Int? {
        var count = 0
        let code = unsafe window.withUnsafeMutableBytes {
            unsafe ccurl_easy_recv(handle.pointer, $0.baseAddress, $0.count, &count)
        }
        if code == CURLE_AGAIN { return nil }
        try check(code)
        buffer.append(contentsOf: window[..<count])
        receivedBytes &+= Int64(count)
        return count
    }

    /// Waits until the socket is ready. The time that this program itself takes between two bytes is not counted.
    private func wait(for event: Int32) throws(StreamError) {
        let earned = receivedBytes &* 1000 / Int64(Self.slowestBytesPerSecond)
        let left = min(timeoutMilliseconds, timeoutMilliseconds &+ earned &- waitedMilliseconds)
        guard left > 0 else { throw StreamError("the server is too slow: \(receivedBytes) bytes in all this time") }
        var waiting = pollfd(fd: socket, events: Int16(event), revents: 0)
        let begun = Self.milliseconds()
        let ready = unsafe poll(&waiting, 1, Int32(clamping: left))
        waitedMilliseconds &+= Self.milliseconds() &- begun
        if ready == 0, left == timeoutMilliseconds {
            throw StreamError("no answer within \(timeoutMilliseconds / 1000) s")
        }
        if ready < 0, errno != EINTR { throw StreamError(unsafe String(cString: strerror(errno))) }
    }

    private static func milliseconds() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
