/// A request line and its fields, with what they say of the body's length (RFC 9112 §3, §5, §6).
struct RequestHead {
    enum Length {
        case bytes(Int)
        case chunked
    }

    var request: Request
    var length: Length
    var expectsContinue: Bool

    init(_ bytes: [UInt8]) throws(BadRequest) {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for index in lines.indices where lines[index].last == UInt8(ascii: "\r") {
            lines[index] = lines[index].dropLast()
        }
        let words = lines[0].split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard words.count == 3, !words[0].isEmpty, words[0].allSatisfy(Self.isToken) else {
            throw BadRequest(status: 400, reason: "not a request line")
        }
        guard words[2].starts(with: "HTTP/1.".utf8), words[2].count == 8 else {
            throw BadRequest(status: 505, reason: "only HTTP/1.1 is spoken here")
        }
        let isVersion10 = words[2].last == UInt8(ascii: "0")
        let headers = try Self.fields(lines.dropFirst())
        if !isVersion10, headers["host"] == nil { throw BadRequest(status: 400, reason: "no Host") }
        let connection = headers["connection"]?.lowercased() ?? ""
        let isKept = isVersion10 ? connection.contains("keep-alive") : !connection.contains("close")
        let (path, query) = try Self.target(words[1])
        request = Request(
            method: String(decoding: words[0], as: UTF8.self),
            path: path,
            query: query,
            headers: headers,
            isKeptAlive: isKept
        )
        length = try Self.length(headers)
        expectsContinue = headers["expect"]?.lowercased() == "100-continue"
    }

    /// The length that the fields state; both forms at once are refused, since two servers may read them differently.
    private static func length(_ headers: [String: String]) throws(BadRequest) -> Length {
        if let coding = headers["transfer-encoding"] {
            guard coding.lowercased() == "chunked" else {
                throw BadRequest(status: 501, reason: "only chunked is known")
            }
            guard headers["content-length"] == nil else { throw BadRequest(status: 400, reason: "two lengths") }
            return .chunked
        }
        guard let text = headers["content-length"] else { return .bytes(0) }
        guard text.utf8.count <= 15, !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }),
            let count = Int(text)
        else { throw BadRequest(status: 400, reason: "not a Content-Length") }
        return .bytes(count)
    }

    private static func target(_ bytes: ArraySlice<UInt8>) throws(BadRequest) -> (path: String, query: String) {
        guard bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw BadRequest(status: 400, reason: "not a target")
        }
        var rest = bytes
        if let scheme = ["http://", "https://"].first(where: { bytes.starts(with: $0.utf8) }) {
            rest = rest.dropFirst(scheme.utf8.count).drop { $0 != UInt8(ascii: "/") }
        }
        guard rest.first == UInt8(ascii: "/") || rest.isEmpty else {
            throw BadRequest(status: 400, reason: "not a target")
        }
        let mark = rest.firstIndex(of: UInt8(ascii: "?")) ?? rest.endIndex
        let path = rest.isEmpty ? "/" : String(decoding: rest[rest.startIndex..<mark], as: UTF8.self)
        return (path, String(decoding: rest[mark...].dropFirst(), as: UTF8.self))
    }

    private static func fields(_ lines: ArraySlice<ArraySlice<UInt8>>) throws(BadRequest) -> [String: String] {
        var headers: [String: String] = [:]
        for line in lines where !line.isEmpty {
            // A line that starts with a space would continue the one before it; RFC 9112 §5.2 wants it refused.
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
                line[line.startIndex..<colon].allSatisfy(isToken)
            else { throw BadRequest(status: 400, reason: "not a header field") }
            let value = line[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 }
            guard !value.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) else {
                throw BadRequest(status: 400, reason: "a control character in a header field")
            }
            let end = value.lastIndex { $0 != 0x20 && $0 != 0x09 }.map { $0 + 1 } ?? value.startIndex
            let trimmed = value[value.startIndex..<end]
            let name = String(decoding: line[line.startIndex..<colon], as: UTF8.self).lowercased()
            let text = String(decoding: trimmed, as: UTF8.self)
            if let former = headers[name] {
                guard name != "content-length" || former == text else {
                    throw BadRequest(status: 400, reason: "two lengths")
                }
                headers[name] = name == "content-length" ? text : "\(former), \(text)"
            } else {
                headers[name] = text
            }
        }
        return headers
    }

    /// RFC 9110 §5.6.2.
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
