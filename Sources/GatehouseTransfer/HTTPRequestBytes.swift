extension HTTPRequest {
    /// The request as it goes over the wire (RFC 9112 §3): one length, one host, and nothing else that frames it.
    func bytes(userAgent: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(body.count + 512)
        func append(_ words: String...) { for word in words { bytes.append(contentsOf: word.utf8) } }
        append(method.rawValue, " ", url.requestTarget, " HTTP/1.1\r\n")
        if !has("host") { append("Host: ", url.authority, "\r\n") }
        if !has("user-agent") { append("User-Agent: ", userAgent, "\r\n") }
        if !has("accept") { append("Accept: */*\r\n") }
        for field in headers where !Self.isFraming(field) { append(field.name, ": ", field.value, "\r\n") }
        if method != .get { append("Content-Length: ", String(body.count), "\r\n") }
        append("\r\n")
        if method != .get { bytes.append(contentsOf: body) }
        return bytes
    }

    private func has(_ name: String) -> Bool { headers.contains { HTTPField.isSame($0.name.utf8, name.utf8) } }

    /// Fields that say where the request ends or what becomes of the connection: those are ours.
    private static func isFraming(_ field: HTTPField) -> Bool {
        guard let first = field.name.utf8.first, "cCtTeEuUkK".utf8.contains(first) else { return false }
        return framing.contains { HTTPField.isSame(field.name.utf8, $0.utf8) }
    }

    private static let framing = [
        "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "expect", "upgrade",
    ]
}
