import GatehouseCore

/// What goes back for one request.
struct Answer {
    var status: Int
    var fields: [(name: String, value: String)] = []
    var body: [UInt8] = []
    /// The connection ends after this answer.
    var endsConnection = false
    /// Nothing is sent; the connection just ends.
    var isWithheld = false
    var delayMilliseconds = 0

    static func json(_ status: Int, _ body: (inout JSONWriter) -> Void) -> Answer {
        var writer = JSONWriter()
        writer.object(body)
        return Answer(status: status, fields: [("Content-Type", "application/json")], body: writer.bytes)
    }

    static func refusal(_ status: Int, _ reason: String) -> Answer {
        json(status) { $0.member("error", reason) }
    }

    static let withheld = Answer(status: 0, endsConnection: true, isWithheld: true)

    /// - Parameter isHead: HEAD gets the fields without the body.
    func encode(keepAlive: Bool, isHead: Bool, into output: inout [UInt8]) {
        var head = "HTTP/1.1 \(status) \(Self.words[status] ?? "Status")\r\nServer: ticket-sink\r\n"
        for (name, value) in fields { head += "\(name): \(value)\r\n" }
        if status != 204 { head += "Content-Length: \(body.count)\r\n" }
        if !keepAlive || endsConnection { head += "Connection: close\r\n" }
        output += Array((head + "\r\n").utf8)
        if !isHead { output += body }
    }

    private static let words = [
        200: "OK", 201: "Created", 204: "No Content", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden",
        404: "Not Found", 405: "Method Not Allowed", 409: "Conflict", 410: "Gone", 413: "Content Too Large",
        415: "Unsupported Media Type", 422: "Unprocessable Content", 429: "Too Many Requests",
        431: "Request Header Fields Too Large", 500: "Internal Server Error", 501: "Not Implemented",
        502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout", 505: "HTTP Version Not Supported",
    ]
}
