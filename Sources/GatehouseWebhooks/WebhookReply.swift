package import GatehouseCore

/// What the sender of a webhook hears.
package struct WebhookReply: Sendable, Equatable {
    package var status: Int
    package var contentType: String
    package var body: [UInt8]
    /// Seconds after which the sender may try again.
    package var retryAfter: Int?

    package init(_ status: Int, _ contentType: String = "text/plain; charset=utf-8", _ body: [UInt8] = []) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    private init(_ status: Int, words: String) { self.init(status, body: Array((words + "\n").utf8)) }

    private init(_ status: Int, body: [UInt8]) {
        self.init(status)
        self.body = body
    }

    /// It is on disk. An empty body, since Twilio would send words on to the customer; for Twilio the empty answer in XML.
    package static func accepted(scheme: String?) -> WebhookReply {
        scheme == "twilio" ? WebhookReply(200, "text/xml", Array("<Response/>".utf8)) : WebhookReply(200)
    }

    package static let badLength = WebhookReply(400, words: "the body is not as long as its length says")
    package static let unsigned = WebhookReply(401, words: "the signature is missing or wrong")
    package static let forbidden = WebhookReply(403, words: "this is not the verify token")
    package static let wrongMethod = WebhookReply(405, words: "only POST here")
    package static let lengthRequired = WebhookReply(411, words: "the body's length is missing")
    package static let tooLarge = WebhookReply(413, words: "the body is too long")
    package static let encodedBody = WebhookReply(415, words: "the body must not be compressed")
    /// Nothing is lost: the sender still has it.
    package static let unavailable: WebhookReply = {
        var reply = WebhookReply(503, words: "not now; try again")
        reply.retryAfter = 60
        return reply
    }()

    /// What a command answers with that could not do its work, or whose input was not let in.
    package var exitCode: ExitCode {
        switch status {
        case ..<400: .success
        case 401, 403: .noPermission
        case 503: .tryAgainLater
        default: .dataError
        }
    }

    private var reason: String {
        switch status {
        case 200: "OK"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 405: "Method Not Allowed"
        case 411: "Length Required"
        case 413: "Content Too Large"
        case 415: "Unsupported Media Type"
        default: "Service Unavailable"
        }
    }

    /// The whole answer of a CGI program (RFC 3875 §6).
    package var cgi: [UInt8] {
        var head = "Status: \(status) \(reason)\r\nContent-Type: \(contentType)\r\nContent-Length: \(body.count)\r\n"
        head += "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
        if let retryAfter { head += "Retry-After: \(retryAfter)\r\n" }
        if status == 405 { head += "Allow: POST\r\n" }
        return Array((head + "\r\n").utf8) + body
    }
}
