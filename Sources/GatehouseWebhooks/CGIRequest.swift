import GatehouseCore

/// What a web server tells a CGI program in its environment (RFC 3875 §4.1).
package struct CGIEnvironment: Sendable {
    private let variables: [String: String]

    package init(_ variables: [String: String]) { self.variables = variables }

    package var method: String? { variables["REQUEST_METHOD"]?.uppercased() }
    package var query: String { variables["QUERY_STRING"] ?? "" }

    /// `HTTP_*`, `CONTENT_TYPE` and `CONTENT_LENGTH` as header fields, names in lower case.
    package var headers: [String: String] {
        var headers: [String: String] = [:]
        for (name, value) in variables where name.hasPrefix("HTTP_") {
            headers[Self.fieldName(name.dropFirst(5))] = value
        }
        // What the server says itself goes before a client's own line of that name.
        for name in ["CONTENT_TYPE", "CONTENT_LENGTH"] {
            if let value = variables[name], !value.isEmpty { headers[Self.fieldName(name[...])] = value }
        }
        return headers
    }

    private static func fieldName(_ name: Substring) -> String {
        let bytes = name.utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : $0 }
        return String(decoding: bytes, as: UTF8.self).lowercased()
    }

    package enum Body: Sendable, Equatable {
        case length(Int)
        /// Up to the end of the input.
        case rest
        case refused(WebhookReply)
    }

    /// How much of standard input is the body.
    ///
    /// - Parameter limit: A longer body is refused before a byte of it is read.
    package func body(limit: Int) -> Body {
        let headers = headers
        if let encoding = headers["content-encoding"], encoding.lowercased() != "identity" {
            return .refused(.encodedBody)
        }
        guard let text = variables["CONTENT_LENGTH"], !text.isEmpty else {
            // A server that hands chunks on ends the input where they end.
            return headers["transfer-encoding"] == nil ? .refused(.lengthRequired) : .rest
        }
        guard text.utf8.allSatisfy({ (48...57).contains($0) }) else { return .refused(.badLength) }
        // So many digits that no number holds them are too large as well.
        guard let length = Int(text), length <= limit else { return .refused(.tooLarge) }
        return .length(length)
    }
}
