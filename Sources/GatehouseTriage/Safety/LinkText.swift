/// A link as it stands in a text, taken apart as a browser would.
struct LinkText: Equatable {
    /// `https`, `http`, `ftp`; empty for a bare host.
    var scheme: String
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
        scheme = ""
        if let colon = text.prefix(10).firstIndex(of: 0x3A), text.endIndex - colon > 2, text[colon + 1] == 0x2F,
            text[colon + 2] == 0x2F
        {
            scheme = String(decoding: text[..<colon], as: UTF8.self).lowercased()
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
        host = String(decoding: authority, as: UTF8.self).lowercased()
        guard !host.isEmpty, host.utf8.count <= 253, host.utf8.contains(0x2E) || host == "localhost" else { return nil }
        defanged = Self.defanged(scheme, host, hasCredentials: hasCredentials, path: path)
    }

    private static func defanged(
        _ scheme: String,
        _ host: String,
        hasCredentials: Bool,
        path: ArraySlice<UInt8>
    ) -> String {
        var safe: [UInt8] = []
        safe.reserveCapacity(scheme.utf8.count + host.utf8.count + path.count + 32)
        if !scheme.isEmpty {
            let protocolName = scheme.hasPrefix("http") ? "hxxp" + scheme.dropFirst(4) : scheme
            for byte in protocolName.utf8 { safe.append(byte) }
            safe += [0x3A, 0x2F, 0x2F]
        }
        if hasCredentials { safe += Array("[removed]@".utf8) }
        if host.utf8.allSatisfy({ $0 < 0x80 }) {
            for byte in host.utf8 {
                guard byte == 0x2E else {
                    safe.append(byte)
                    continue
                }
                safe.append(0x5B)
                safe.append(0x2E)
                safe.append(0x5D)
            }
        } else {
            // A point with a mark above it is another character.
            let labels = host.split(separator: ".", omittingEmptySubsequences: false)
            safe.append(contentsOf: labels.joined(separator: "[.]").utf8)
        }
        safe.append(contentsOf: path)
        return String(decoding: safe, as: UTF8.self)
    }

    /// The part of a host that somebody registers: the last two labels, or three where the last but one is a short word such
    /// as `co` under a country.
    static func registrable(_ host: String) -> String {
        let labels = host.split(separator: ".")
        guard labels.count > 2, let last = labels.last else { return host }
        let second = labels[labels.count - 2]
        let isCountry = last.utf8.count == 2
        let known: Set<Substring> = ["co", "com", "org", "net", "gov", "edu", "ac", "or", "ne", "go", "gob", "gouv"]
        return labels.suffix(isCountry && known.contains(second) ? 3 : 2).joined(separator: ".")
    }

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
