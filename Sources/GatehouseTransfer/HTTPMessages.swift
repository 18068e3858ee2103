package enum HTTPMethod: String, Sendable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
}

/// One request, whole.
package struct HTTPRequest: Sendable, Equatable {
    package var method: HTTPMethod
    package var url: HTTPURL
    package var headers: [HTTPField]
    package var body: [UInt8]
    /// From the start to the answer's last byte.
    package var timeoutMilliseconds = 30_000
    package var connectTimeoutMilliseconds = 10_000
    /// A longer answer is cut here.
    package var answerLimit = 1 << 20
    /// nil takes the client's.
    package var transport: TransportSettings?

    package init(_ method: HTTPMethod, _ url: HTTPURL, headers: [HTTPField] = [], body: [UInt8] = []) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// What a server answered.
package struct HTTPResponse: Sendable, Equatable {
    package var status: Int
    private let head: HTTPHead
    package var body: [UInt8]
    /// The body was longer than `answerLimit`.
    package var isCut = false
    package var durationMilliseconds: Int64 = 0

    package init(status: Int, headers: [HTTPField] = [], body: [UInt8] = []) {
        self.status = status
        head = .read(headers)
        self.body = body
    }

    /// - Parameter head: Status line and fields as they came.
    init(status: Int, head: [UInt8], body: [UInt8]) {
        self.status = status
        self.head = .unread(head)
        self.body = body
    }

    package var headers: [HTTPField] { head.fields }

    /// The first field of that name, whatever its case.
    package func header(_ name: String) -> String? { head.fields(named: name).first?.value }

    package func headers(named name: String) -> [String] { head.fields(named: name).map(\.value) }

    /// The media type without its parameters, in lower case; empty where none is stated.
    package var mediaType: String {
        let value = header("content-type") ?? ""
        let type = value.utf8.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") }
        return (String(type) ?? "").lowercased()
    }
}

/// Why a request has no whole answer.
package struct TransferError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Scheme, host and port.
    package let server: String
    package let reason: String
    /// False only where the server can't have seen the whole request: then sending it again can't double anything.
    package let requestMayHaveArrived: Bool
    package let durationMilliseconds: Int64

    package init(server: String, reason: String, requestMayHaveArrived: Bool, durationMilliseconds: Int64 = 0) {
        self.server = server
        self.reason = reason
        self.requestMayHaveArrived = requestMayHaveArrived
        self.durationMilliseconds = durationMilliseconds
    }

    package var description: String {
        "\(server): \(reason)" + (requestMayHaveArrived ? "; the request may have arrived" : "")
    }
}
