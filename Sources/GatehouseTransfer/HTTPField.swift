/// One header field (RFC 9110 §5). A name or value that could break out of its line can't be made.
package struct HTTPField: Sendable, Equatable {
    package let name: String
    package let value: String

    /// - Returns: nil where `name` is no token, or `value` holds a control character other than a tab.
    package init?(_ name: String, _ value: String) {
        guard !name.isEmpty, name.utf8.allSatisfy(Self.isToken) else { return nil }
        guard !value.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) else { return nil }
        self.name = name
        self.value = value
    }

    /// For values from outside: what may not stand in a header becomes a space.
    package init(_ name: HTTPFieldName, cleaned value: String) {
        self.name = name.rawValue
        guard value.utf8.contains(where: Self.isControl) else {
            self.value = value
            return
        }
        self.value = String(decoding: value.utf8.map { Self.isControl($0) ? 0x20 : $0 }, as: UTF8.self)
    }

    private static func isControl(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x7F }

    /// Names are the same in either case (RFC 9110 §5.1).
    static func isSame(_ name: some Collection<UInt8>, _ other: String.UTF8View) -> Bool {
        name.count == other.count && zip(name, other).allSatisfy { small($0) == small($1) }
    }

    private static func small(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte | 0x20 : byte }

    /// RFC 9110 §5.6.2.
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

/// The names of the fields that we send.
package enum HTTPFieldName: String, Sendable {
    case accept = "Accept"
    case authorization = "Authorization"
    case contentType = "Content-Type"
    case cookie = "Cookie"
    case idempotencyKey = "Idempotency-Key"
    case ifMatch = "If-Match"
    case origin = "Origin"
    case referer = "Referer"
    case requestedWith = "X-Requested-With"
}
