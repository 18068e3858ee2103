/// An absolute http or https address, checked once.
///
/// No other scheme, no control character, no space, and no `user:password@`, which would end in logs.
package struct HTTPURL: Sendable, Equatable, CustomStringConvertible {
    package let text: String
    /// `http` or `https`.
    package let scheme: String
    /// In lower case, without the port.
    package let host: String
    /// 80 or 443 where the address names none.
    package let port: Int
    /// Where path, query and fragment start in `text`'s UTF-8.
    private let pathStart: Int

    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count <= 8192, bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }) else {
            return nil
        }
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes.dropFirst(colon).starts(with: "://".utf8)
        else {
            return nil
        }
        let scheme = String(decoding: bytes[..<colon], as: UTF8.self).lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        let start = colon + 3
        let end = bytes[start...].firstIndex { "/?#".utf8.contains($0) } ?? bytes.count
        let authority = bytes[start..<end]
        guard !authority.contains(UInt8(ascii: "@")) else { return nil }
        guard let (host, port) = Self.hostAndPort(authority) else { return nil }
        self.text = text
        self.scheme = scheme
        self.host = host
        self.port = port ?? (scheme == "https" ? 443 : 80)
        pathStart = end
    }

    private static func hostAndPort(_ authority: ArraySlice<UInt8>) -> (String, Int?)? {
        var hostEnd = authority.endIndex
        var port: Int?
        let afterBracket =
            authority.first == UInt8(ascii: "[") ? authority.firstIndex(of: UInt8(ascii: "]")) : authority.startIndex
        guard let afterBracket else { return nil }
        if let colon = authority[afterBracket...].firstIndex(of: UInt8(ascii: ":")) {
            let digits = authority[(colon + 1)...]
            guard (1...5).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }),
                let number = Int(String(decoding: digits, as: UTF8.self)), (1...65_535).contains(number)
            else { return nil }
            port = number
            hostEnd = colon
        }
        guard hostEnd > authority.startIndex else { return nil }
        return (String(decoding: authority[..<hostEnd], as: UTF8.self).lowercased(), port)
    }

    /// Scheme, host and port, as an `Origin` field has them.
    package var origin: String {
        let isDefault = port == (scheme == "https" ? 443 : 80)
        return "\(scheme)://\(host)\(isDefault ? "" : ":\(port)")"
    }

    package var description: String { text }

    /// Host and port as they are written, for a `Host` field.
    var authority: String { String(text.utf8.prefix(pathStart).dropFirst(scheme.utf8.count + 3)) ?? host }

    /// Path and query, for a request's first line (RFC 9112 §3.2.1).
    var requestTarget: String {
        let target = text.utf8.dropFirst(pathStart).prefix { $0 != UInt8(ascii: "#") }
        return (target.first == UInt8(ascii: "/") ? "" : "/") + (String(target) ?? "")
    }

    /// This address without a slash at its end, followed by `path`, whose pieces are already encoded.
    ///
    /// A query of this address stays behind the path: `http://h/a?k=1` + `b` is `http://h/a/b?k=1`.
    package func appending(_ path: String) -> HTTPURL? {
        let bytes = Array(text.utf8)
        var end = bytes[pathStart...].firstIndex { "?#".utf8.contains($0) } ?? bytes.count
        let query = bytes[end...].prefix { $0 != UInt8(ascii: "#") }
        while end > pathStart, bytes[end - 1] == UInt8(ascii: "/") { end -= 1 }
        let base = String(decoding: bytes[..<end], as: UTF8.self)
        let tail = path.hasPrefix("/") ? path : "/\(path)"
        guard !query.isEmpty else { return HTTPURL(base + tail) }
        let joined = tail.utf8.contains(UInt8(ascii: "?")) ? query.dropFirst() : query
        let separator = tail.utf8.contains(UInt8(ascii: "?")) ? "&" : ""
        return HTTPURL(base + tail + separator + String(decoding: joined, as: UTF8.self))
    }

    /// This address with one more parameter, already encoded, in its query.
    package func appendingQuery(_ parameter: String) -> HTTPURL? {
        let base = text.utf8.prefix { $0 != UInt8(ascii: "#") }
        let separator = base.contains(UInt8(ascii: "?")) ? "&" : "?"
        return HTTPURL((String(base) ?? text) + separator + parameter)
    }

    /// One piece of a path, or a value of a query, percent-encoded (RFC 3986 §2.3: only unreserved characters stay).
    package static func encode(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// True where a redirect from here to `other` stays on the same server: same host, and the same port or the step
    /// from http to https on their usual ports.
    package func leadsToSameServer(_ other: HTTPURL) -> Bool {
        guard host == other.host else { return false }
        if scheme == other.scheme { return port == other.port }
        return scheme == "http" && port == 80 && other.port == 443
    }
}
