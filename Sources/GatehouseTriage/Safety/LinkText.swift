import GatehouseCore

/// A link as it stands in a text, taken apart as a browser would.
struct LinkText: Equatable {
    /// Lower case, without port.
    var host: String
    /// `user:password` before an `@`, which no link needs.
    var hasCredentials: Bool
    /// Made harmless to click: `hxxps://evil[.]com/x`, credentials taken out.
    var defanged: String

    /// - Parameter text: From the scheme or the host on; at most 2,048 bytes are looked at.
    init?(_ text: ArraySlice<UInt8>) {
        let text = text.prefix(2048)
        var rest = text
        // `https`, `http`, `ftp`; empty for a bare host.
        var scheme = ""
        if let colon = text.prefix(10).firstIndex(of: 0x3A), text.endIndex - colon > 2, text[colon + 1] == 0x2F,
            text[colon + 2] == 0x2F
        {
            scheme = Self.lowercased(text[..<colon])
            rest = text[(colon + 3)...]
        }
        // Browsers take a backslash for a slash.
        let authorityEnd = rest.firstIndex { $0 == 0x2F || $0 == 0x5C || $0 == 0x3F || $0 == 0x23 } ?? rest.endIndex
        var authority = rest[..<authorityEnd]
        let path = rest[authorityEnd...]
        hasCredentials = false
        if let at = authority.lastIndex(of: 0x40) {
            hasCredentials = true
            authority = authority[(at + 1)...]
        }
        if authority.last(where: { !(0x30...0x39).contains($0) }) == 0x3A, let port = authority.lastIndex(of: 0x3A) {
            authority = authority[..<port]
        }
        while authority.last == 0x2E { authority = authority.dropLast() }
        host = Self.lowercased(authority)
        guard !host.isEmpty, host.utf8.count <= 253, authority.contains(0x2E) || host == "localhost" else { return nil }
        defanged = Self.defanged(scheme, host, hasCredentials: hasCredentials, path: path)
    }

    private static func defanged(
        _ scheme: String,
        _ host: String,
        hasCredentials: Bool,
        path: ArraySlice<UInt8>
    ) -> String {
        let isPlain = ByteSearch.isASCII(host.utf8.span)
        // A point with a mark above it is another character.
        let labels = isPlain ? [] : host.split(separator: ".", omittingEmptySubsequences: false)
        let shown = isPlain ? host : labels.joined(separator: "[.]")
        let (name, letters, rest) = (scheme.utf8.span, shown.utf8.span, path.span)
        let isWeb = scheme.hasPrefix("http")
        // Room for the brackets of as many points as there are bytes.
        let room = name.count + 3 + removed.count + 3 * letters.count + rest.count
        return unsafe String(unsafeUninitializedCapacity: room) { text in
            var count = 0
            func append(_ byte: UInt8) {
                // In bounds: `room` is enough for all that is appended.
                unsafe text[count] = byte
                count += 1
            }
            for index in name.indices { append(isWeb && (index == 1 || index == 2) ? UInt8(ascii: "x") : name[index]) }
            if !name.isEmpty { for byte in separator { append(byte) } }
            if hasCredentials { for byte in removed { append(byte) } }
            for index in letters.indices {
                let isPoint = isPlain && letters[index] == UInt8(ascii: ".")
                if isPoint { append(UInt8(ascii: "[")) }
                append(letters[index])
                if isPoint { append(UInt8(ascii: "]")) }
            }
            for index in rest.indices { append(rest[index]) }
            return count
        }
    }

    private static let separator = Array("://".utf8)
    private static let removed = Array("[removed]@".utf8)

    /// In lower case; what is of ASCII, as nearly all is, without Unicode's tables.
    private static func lowercased(_ bytes: ArraySlice<UInt8>) -> String {
        let letters = bytes.span
        guard ByteSearch.isASCII(letters) else { return String(decoding: bytes, as: UTF8.self).lowercased() }
        return unsafe String(unsafeUninitializedCapacity: letters.count) { text in
            for index in letters.indices {
                let byte = letters[index]
                unsafe text[index] = byte &- 0x41 < 26 ? byte | 0x20 : byte
            }
            return letters.count
        }
    }

    /// The part of a host that somebody registers: the last two labels, or three where the last but one is a short word such
    /// as `co` under a country.
    static func registrable(_ host: String) -> String {
        let labels = Self.labels(of: host)
        guard labels.count > 2, let last = labels.last else { return host }
        let isCountry = last.utf8.count == 2 && branches.contains(labels[labels.count - 2])
        return labels.suffix(isCountry ? 3 : 2).joined(separator: ".")
    }

    /// What the points part; of ASCII, as nearly all is, byte by byte.
    static func labels(of host: String) -> [Substring] {
        guard ByteSearch.isASCII(host.utf8.span) else { return host.split(separator: ".") }
        return host.utf8.split(separator: UInt8(ascii: ".")).map(Substring.init)
    }

    /// What countries part their domains into.
    private static let branches: Set<Substring> = [
        "co", "com", "org", "net", "gov", "edu", "ac", "or", "ne", "go", "gob", "gouv",
    ]

    /// Top-level domains by which a bare `name.tld` in a text is taken for a host.
    static let bareDomains: Set<String> = [
        "com", "net", "org", "io", "app", "xyz", "top", "info", "co", "me", "ru", "cn", "de", "fr", "es", "br", "vn",
        "kr",
        "jp", "tw", "hk", "tr", "uk", "eu", "us", "ca", "au", "in", "biz", "online", "site", "shop", "club", "live",
        "vip",
        "pro", "finance", "exchange", "trade", "cash", "link", "cc", "ws", "tk", "ml", "ga", "cf", "gq", "dev", "ai",
        "gg",
        "support", "help", "click", "icu", "cyou", "win", "bid", "ly", "to", "su", "ua", "pl", "nl", "it", "ch", "at",
    ]

    /// Bytes that may stand in a host's name, also of other scripts.
    static func mayStandInHost(_ byte: UInt8) -> Bool {
        byte >= 0x80 || byte == 0x2D || byte == 0x2E || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
            || (0x61...0x7A).contains(byte)
    }
}
