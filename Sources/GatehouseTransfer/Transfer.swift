import CCurl

/// One running request: its libcurl handle, and everything that the handle points to.
///
/// It lives until the handle is off the multi handle; nothing here moves meanwhile.
@safe final class Transfer {
    typealias Completion = (Result<HTTPResponse, TransferError>) -> Void

    /// A body up to this length goes out in one piece with the request's head; a longer one is handed over as it is sent.
    static let wholeBodyLimit = 32 * 1024

    let handle: ReusedHandle
    let request: HTTPRequest
    let redirects: Int
    let completion: Completion

    private var fieldList: UnsafeMutablePointer<curl_slist>?
    /// The body, where libcurl gets all of it at once.
    private var wholeBody: UnsafeMutableRawBufferPointer?
    /// How often libcurl has begun to send the request.
    private var begins = 0
    /// It was kept from sending the request again.
    private var wouldRepeat = false
    private var sentCount = 0
    private var headerBytes = 0
    /// The answer's status line and fields, as they came.
    private var head: [UInt8] = []
    private var body: [UInt8] = []
    private var isCut = false

    /// - Parameter handle: It stays the caller's.
    init(handle: ReusedHandle, request: HTTPRequest, redirects: Int, completion: @escaping Completion) {
        self.handle = handle
        self.request = request
        self.redirects = redirects
        self.completion = completion
    }

    deinit {
        unsafe ccurl_slist_free_all(fieldList)
        unsafe wholeBody?.deallocate()
    }

    /// Tells libcurl all about the request that the handle does not know yet.
    ///
    /// - Returns: The reason if libcurl refuses an option, such as a CA file it can't take.
    func configure(_ transport: TransportSettings, userAgent: String) -> String? {
        let isWhole = request.body.count <= Self.wholeBodyLimit
        let setting = ReusedHandle.Setting(request, transport, userAgent: userAgent, hasWholeBody: isWhole)
        if let refusal = handle.take(setting) { return Self.words(refusal) }
        appendFields()
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        var code = unsafe ccurl_set_headers(handle.pointer, fieldList)
        if code == CURLE_OK {
            unsafe code = ccurl_set_sinks(handle.pointer, Self.takeHeader, Self.takeBody, context)
        }
        if code == CURLE_OK, request.method != .get { unsafe code = setBody(isWhole, context) }
        return code == CURLE_OK ? nil : Self.words(code)
    }

    private func setBody(_ isWhole: Bool, _ context: UnsafeMutableRawPointer) -> CURLcode {
        let size = unsafe ccurl_set_body_size(handle.pointer, curl_off_t(request.body.count))
        guard size == CURLE_OK else { return size }
        guard isWhole else {
            return unsafe ccurl_set_body_source(handle.pointer, Self.giveBody, Self.rewind, context)
        }
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, request.body.count), alignment: 1)
        unsafe copy.copyBytes(from: request.body)
        unsafe wholeBody = unsafe copy
        let code = unsafe ccurl_set_body(handle.pointer, copy.baseAddress)
        return code == CURLE_OK ? unsafe ccurl_set_begin(handle.pointer, Self.begin, context) : code
    }

    private func appendFields() {
        for field in request.headers {
            append(line: field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
        }
        // libcurl would wait a second for "100 Continue" before a large body; few ticket systems answer it.
        append(line: "Expect:")
    }

    private func append(line: String) {
        if let longer = unsafe ccurl_slist_append(fieldList, line) { unsafe fieldList = unsafe longer }
    }

    /// What came of it. Call it when libcurl has ended the transfer.
    func result(_ code: CURLcode) -> Result<HTTPResponse, TransferError> {
        var microseconds: curl_off_t = 0
        unsafe ccurl_get_total_time(handle.pointer, &microseconds)
        let duration = Int64(microseconds) / 1000
        var status = 0
        unsafe ccurl_get_status(handle.pointer, &status)
        guard code == CURLE_OK || (isCut && status > 0) else { return .failure(error(code, duration)) }
        var response = HTTPResponse(status: status, head: head, body: body)
        response.isCut = isCut
        response.durationMilliseconds = duration
        return .success(response)
    }

    private func error(_ code: CURLcode, _ duration: Int64) -> TransferError {
        let detail = wouldRepeat ? "the connection ended before an answer came" : handle.errorText
        return TransferError(
            server: request.url.origin,
            reason: detail.isEmpty ? Self.words(code) : detail,
            requestMayHaveArrived: mayHaveArrived,
            durationMilliseconds: duration
        )
    }

    /// A server can act only on a whole request.
    private var mayHaveArrived: Bool {
        guard unsafe wholeBody == nil else { return hasSentAnything }
        var pretransfer: curl_off_t = 0
        unsafe ccurl_get_pretransfer_time(handle.pointer, &pretransfer)
        // libcurl has asked us for every byte it sent.
        return pretransfer > 0 && sentCount >= request.body.count
    }

    private var hasSentAnything: Bool {
        var count = 0
        unsafe ccurl_get_sent_size(handle.pointer, &count)
        return begins > 0 && count > 0
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

    /// Of a body that libcurl has as a whole: it begins to send the request. It would do so again as below.
    private static let begin: curl_prereq_callback = { context, _, _, _, _ in
        guard let context = unsafe context else { return CURL_PREREQFUNC_ABORT }
        let transfer = unsafe Transfer.of(context)
        guard !transfer.hasSentAnything else {
            transfer.wouldRepeat = true
            return CURL_PREREQFUNC_ABORT
        }
        transfer.begins += 1
        return CURL_PREREQFUNC_OK
    }

    /// libcurl sends a request again by itself when a reused connection ends without an answer. The server may have
    /// acted on it by then, so a body goes out once: the second time is the caller's to decide.
    private static let rewind: ccurl_seek_callback = { context, offset, _ in
        guard let context = unsafe context else { return CURL_SEEKFUNC_FAIL }
        return unsafe Transfer.of(context).sentCount == Int(offset) ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL
    }

    private static let takeHeader: ccurl_data_callback = { bytes, one, count, context in
        guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
        let line = unsafe UnsafeRawBufferPointer(start: bytes, count: one * count)
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
    private func take(headerLine line: UnsafeRawBufferPointer) -> Bool {
        headerBytes += line.count
        guard headerBytes <= HTTPAnswerReader.headBytesLimit else { return false }
        // Interim answers (100, 103) have heads of their own; the last one counts.
        if unsafe line.starts(with: "HTTP/".utf8) { head.removeAll(keepingCapacity: true) }
        unsafe head.append(contentsOf: line)
        return true
    }
}
