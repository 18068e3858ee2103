import CCurl

/// A libcurl easy handle that serves one request after the other, and what it was told: most requests differ from the one
/// before only in their fields and body, and each option costs a copy.
@safe final class ReusedHandle {
    /// What stays the same from one request to the next at one target.
    struct Setting: Equatable {
        let url: String
        let method: HTTPMethod
        let timeoutMilliseconds: Int
        let connectTimeoutMilliseconds: Int
        let transport: TransportSettings
        let userAgent: String
        /// libcurl gets the body at once, and does not ask for its parts.
        let hasWholeBody: Bool

        init(_ request: HTTPRequest, _ transport: TransportSettings, userAgent: String, hasWholeBody: Bool) {
            url = request.url.text
            method = request.method
            timeoutMilliseconds = max(1, request.timeoutMilliseconds)
            connectTimeoutMilliseconds = max(1, request.connectTimeoutMilliseconds)
            self.transport = transport
            self.userAgent = userAgent
            self.hasWholeBody = hasWholeBody
        }
    }

    let easy: EasyHandle
    private let errorBuffer: UnsafeMutablePointer<CChar>
    private var setting: Setting?

    /// - Returns: nil if libcurl has no memory for it.
    init?() {
        guard let easy = EasyHandle() else { return nil }
        self.easy = easy
        unsafe errorBuffer = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe errorBuffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        easy.free()
        unsafe errorBuffer.deallocate()
    }

    var pointer: UnsafeMutableRawPointer { unsafe easy.pointer }

    /// What libcurl says of the last request's failure.
    var errorText: String { unsafe String(cString: errorBuffer) }

    /// Tells libcurl what is new.
    ///
    /// - Returns: The code if libcurl refuses an option.
    func take(_ new: Setting) -> CURLcode? {
        unsafe errorBuffer.pointee = 0
        guard new != setting else { return nil }
        if setting != nil { unsafe ccurl_easy_reset(pointer) }  // keeps the connection
        setting = nil
        let codes = unsafe [
            ccurl_set_no_signal(pointer),
            ccurl_set_http_only(pointer),
            ccurl_set_no_redirects(pointer),
            ccurl_set_verified_tls(pointer),
            ccurl_set_http_1_1(pointer),
            ccurl_set_user_agent(pointer, new.userAgent),
            ccurl_set_url(pointer, new.url),
            ccurl_set_timeout_ms(pointer, new.timeoutMilliseconds),
            ccurl_set_connect_timeout_ms(pointer, new.connectTimeoutMilliseconds),
            ccurl_set_error_buffer(pointer, errorBuffer),
            new.method == .get ? ccurl_set_get(pointer) : ccurl_set_post(pointer),
            new.method == .get ? CURLE_OK : ccurl_set_method(pointer, new.method.rawValue),
        ]
        let all = unsafe codes + new.transport.configure(pointer)
        if let failed = all.first(where: { $0 != CURLE_OK }) { return failed }
        setting = new
        return nil
    }
}
