import CCurl

/// One running request: its libcurl handle, and everything that the handle points to.
///
/// It lives until the handle is off the multi handle; nothing here moves meanwhile.
@safe final class Transfer {
    typealias Completion = (Result<HTTPResponse, TransferError>) -> Void

    static let headerBytesLimit = 64 * 1024

    let handle: EasyHandle
    let request: HTTPRequest
    let redirects: Int
    let completion: Completion

    private var fieldList: UnsafeMutablePointer<curl_slist>?
    private let errorText: UnsafeMutablePointer<CChar>
    private var sentCount = 0
    private var headerBytes = 0
    private var headers: [HTTPField] = []
    private var body: [UInt8] = []
    private var isCut = false

    /// - Parameter handle: A fresh or reset easy handle; it stays the caller's.
    init(handle: EasyHandle, request: HTTPRequest, redirects: Int, completion: @escaping Completion) {
        self.handle = handle
        self.request = request
        self.redirects = redirects
        self.completion = completion
        unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        unsafe ccurl_slist_free_all(fieldList)
        unsafe errorText.deallocate()
    }

    /// Tells libcurl all about the request.
    ///
    /// - Returns: The reason if libcurl refuses an option, such as a CA file it can't take.
    func configure(_ transport: TransportSettings, userAgent: String) -> String? {
        appendFields()
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        var codes = unsafe [
            ccurl_set_no_signal(handle.pointer),
            ccurl_set_http_only(handle.pointer),
            ccurl_set_no_redirects(handle.pointer),
            ccurl_set_verified_tls(handle.pointer),
            ccurl_set_http_1_1(handle.pointer),
            ccurl_set_user_agent(handle.pointer, userAgent),
            ccurl_set_url(handle.pointer, request.url.text),
            ccurl_set_headers(handle.pointer, fieldList),
            ccurl_set_timeout_ms(handle.pointer, max(1, request.timeoutMilliseconds)),
            ccurl_set_connect_timeout_ms(handle.pointer, max(1, request.connectTimeoutMilliseconds)),
            ccurl_set_error_buffer(handle.pointer, errorText),
            ccurl_set_sinks(handle.pointer, Self.takeHeader, Self.takeBody, context),
        ]
        codes += configure(transport)
        if request.method == .get {
            unsafe codes.append(ccurl_set_get(handle.pointer))
        } else {
            unsafe codes += [
                ccurl_set_post(handle.pointer),
                ccurl_set_method(handle.pointer, request.method.rawValue),
                ccurl_set_body_size(handle.pointer, curl_off_t(request.body.count)),
                ccurl_set_body_source(handle.pointer, Self.giveBody, Self.rewind, context),
            ]
        }
        guard let failed = codes.first(where: { $0 != CURLE_OK }) else { return nil }
        return Self.words(failed)
    }

    private func configure(_ transport: TransportSettings) -> [CURLcode] {
        var codes: [CURLcode] = []
        if let path = transport.caFile { unsafe codes.append(ccurl_set_ca_file(handle.pointer, path)) }
        if let identity = transport.identity {
            unsafe codes.append(ccurl_set_client_certificate(handle.pointer, identity.certificateFile))
            if let path = identity.keyFile { unsafe codes.append(ccurl_set_client_key(handle.pointer, path)) }
            if let word = identity.keyPassword {
                unsafe codes.append(ccurl_set_client_key_password(handle.pointer, word))
            }
        }
        switch transport.proxy {
        case .environment: break
        case .none: unsafe codes.append(ccurl_set_proxy(handle.pointer, ""))
        case .server(let address, let user, let password):
            unsafe codes.append(ccurl_set_proxy(handle.pointer, address.text))
            if let user { unsafe codes.append(ccurl_set_proxy_user(handle.pointer, user, password ?? "")) }
        }
        return codes
    }

    private func appendFields() {
        // libcurl would wait a second for "100 Continue" before a large body; few ticket systems answer it.
        let lines = request.headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" } + ["Expect:"]
        for line in lines {
            if let longer = unsafe ccurl_slist_append(fieldList, line) { unsafe fieldList = unsafe longer }
        }
    }

    /// What came of it. Call it when libcurl has ended the transfer.
    func result(_ code: CURLcode) -> Result<HTTPResponse, TransferError> {
        var microseconds: curl_off_t = 0
        unsafe ccurl_get_total_time(handle.pointer, &microseconds)
        let duration = Int64(microseconds) / 1000
        var status = 0
        unsafe ccurl_get_status(handle.pointer, &status)
        guard code == CURLE_OK || (isCut && status > 0) else { return .failure(error(code, duration)) }
        var response = HTTPResponse(status: status, headers: headers, body: body)
        response.isCut = isCut
        response.durationMilliseconds = duration
        return .success(response)
    }

    /// Where a 3xx answer points to, made absolute by libcurl.
    var redirectTarget: HTTPURL? {
        var text: UnsafeMutablePointer<CChar>?
        unsafe ccurl_get_redirect_url(handle.pointer, &text)
        guard let text = unsafe text else { return nil }
        return unsafe HTTPURL(String(cString: text))
    }

    private func error(_ code: CURLcode, _ duration: Int64) -> TransferError {
        let detail = unsafe String(cString: errorText)
        var pretransfer: curl_off_t = 0
        unsafe ccurl_get_pretransfer_time(handle.pointer, &pretransfer)
        // A server can act only on a whole request, and libcurl has asked us for every byte it sent.
        let mayHaveArrived = pretransfer > 0 && sentCount >= request.body.count
        return TransferError(
            server: request.url.origin,
            reason: detail.isEmpty ? Self.words(code) : detail,
            requestMayHaveArrived: mayHaveArrived,
            durationMilliseconds: duration
        )
    }

    static func words(_ code: CURLcode) -> String { unsafe String(cString: ccurl_easy_strerror(code)) }

    // MARK: libcurl's callbacks

    private static func of(_ context: UnsafeMutableRawPointer) -> Transfer {
        unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    }

    private static let giveBody: ccurl_data_callback = { target, one, count, context in
        guard let target = unsafe target, let context = unsafe context else { return 0 }
        let transfer = unsafe Transfer.of(context)
        let size = min(one * count, transfer.request.body.count - transfer.sentCount)
        guard size > 0 else { return 0 }
        unsafe transfer.request.body.withUnsafeBytes { bytes in
            unsafe UnsafeMutableRawPointer(target).copyMemory(
                from: bytes.baseAddress! + transfer.sentCount,
                byteCount: size
            )
        }
        transfer.sentCount += size
        return size
    }

    /// libcurl sends a request again by itself when a reused connection ends without an answer. The server may have
    /// acted on it by then, so a body goes out once: the second time is the caller's to decide.
    private static let rewind: ccurl_seek_callback = { context, offset, _ in
        guard let context = unsafe context else { return CURL_SEEKFUNC_FAIL }
        return unsafe Transfer.of(context).sentCount == Int(offset) ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL
    }

    private static let takeHeader: ccurl_data_callback = { bytes, one, count, context in
        guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
        let line = unsafe Array(UnsafeRawBufferPointer(start: bytes, count: one * count))
        return unsafe Transfer.of(context).take(headerLine: line) ? line.count : 0
    }

    private static let takeBody: ccurl_data_callback = { bytes, one, count, context in
        guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
        let transfer = unsafe Transfer.of(context)
        let size = one * count
        let room = min(size, transfer.request.answerLimit - transfer.body.count)
        unsafe transfer.body.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: max(0, room)))
        if room < size { transfer.isCut = true }
        return room < size ? 0 : size
    }

    /// - Returns: False to end the transfer: the head is longer than any real one.
    private func take(headerLine line: [UInt8]) -> Bool {
        headerBytes += line.count
        guard headerBytes <= Self.headerBytesLimit else { return false }
        // Interim answers (100, 103) have heads of their own; the last one counts.
        if line.starts(with: "HTTP/".utf8) {
            headers = []
            return true
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return true }
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A }
        let value = line[(colon + 1)...].drop(while: isSpace)
        let end = value.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? value.startIndex
        let name = String(decoding: line[..<colon], as: UTF8.self)
        if let field = HTTPField(name, String(decoding: value[value.startIndex..<end], as: UTF8.self)) {
            headers.append(field)
        }
        return true
    }
}
