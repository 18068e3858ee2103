import GatehouseCore

/// One request and its answer: what is sent, what has come, and until when.
final class HTTPExchange {
    let request: HTTPRequest
    let redirects: Int
    let completion: HTTPClient.Completion
    private let startedAt: Int64
    /// Milliseconds of the monotonic clock.
    let deadline: Int64
    private let bytes: [UInt8]
    private var sent = 0
    private var reader: HTTPAnswerReader

    init(
        _ request: HTTPRequest,
        redirects: Int,
        userAgent: String,
        now: Int64,
        completion: @escaping HTTPClient.Completion
    ) {
        self.request = request
        self.redirects = redirects
        self.completion = completion
        startedAt = now
        deadline = now &+ Int64(max(1, request.timeoutMilliseconds))
        bytes = request.bytes(userAgent: userAgent)
        reader = HTTPAnswerReader(bodyLimit: request.answerLimit)
    }

    /// A server can act only on a whole request.
    var isSent: Bool { sent == bytes.count }

    /// The connection can take another request: this one is out, and its answer has come, whole and with nothing behind it.
    var allowsAnother: Bool { isSent && reader.allowsAnother }

    /// Sends what there is room for.
    func send(over connection: HTTPConnection) throws(HTTPConnectionError) {
        while sent < bytes.count {
            let count = try connection.send(bytes, from: sent)
            guard count > 0 else { return connection.watch(forRoom: true) }
            sent += count
        }
        connection.watch(forRoom: false)
    }

    /// Takes bytes that have come.
    ///
    /// - Returns: How many of them are the answer's.
    func take(_ window: [UInt8], count: Int) throws(HTTPAnswerError) -> Int { try reader.read(window, 0..<count) }

    /// The server has ended the connection.
    func endOfConnection() throws(HTTPAnswerError) { try reader.end() }

    var isAnswered: Bool { reader.isDone }

    func answer(now: Int64) -> HTTPResponse {
        var response = HTTPResponse(status: reader.status, head: reader.head, body: reader.body)
        response.isCut = reader.isCut
        response.durationMilliseconds = now - startedAt
        return response
    }

    func failure(_ reason: String, now: Int64) -> TransferError {
        TransferError(
            server: request.url.origin,
            reason: reason,
            requestMayHaveArrived: isSent,
            durationMilliseconds: now - startedAt
        )
    }
}
