import GatehouseCore

/// Tickets named in a subject: as the configuration writes them, or else as ticket systems do (`[rt #123]`, `[#123]`,
/// `[Ticket#123]`).
enum TicketNames {
    private static let maximum = 20
    /// Of a subject that is read.
    private static let window = 4096

    static func named(in subject: String, tokens: [TicketToken] = []) -> [String] {
        guard !tokens.isEmpty || subject.utf8.contains(UInt8(ascii: "[")) else { return [] }
        let bytes = subject.leadingBytes(window)
        guard !tokens.isEmpty else { return usual(bytes) }
        var names: [String] = []
        let lower = bytes.map(asciiLower)
        for start in 0..<lower.count where names.count < maximum {
            for token in tokens {
                guard let name = name(token, lower, at: start), !names.contains(name) else { continue }
                names.append(name)
            }
        }
        return names
    }

    private static func name(_ token: TicketToken, _ bytes: [UInt8], at start: Int) -> String? {
        guard ByteSearch.matches(token.prefix, bytes, at: start) else { return nil }
        let digits = start + token.prefix.count
        var end = digits
        while end < bytes.count, end - digits <= 20, (48...57).contains(bytes[end]) { end &+= 1 }
        guard (1...20).contains(end - digits), ByteSearch.matches(token.suffix, bytes, at: end) else { return nil }
        return String(decoding: bytes[digits..<end], as: UTF8.self)
    }

    /// A number after `#` in brackets, whatever words stand before it.
    private static func usual(_ bytes: [UInt8]) -> [String] {
        var names: [String] = []
        var cursor = 0
        while let open = ByteSearch.firstIndex(of: UInt8(ascii: "["), in: bytes, cursor..<bytes.count) {
            cursor = open + 1
            let bound = min(bytes.count, open + 80)
            guard let close = ByteSearch.firstIndex(of: UInt8(ascii: "]"), in: bytes, open..<bound),
                let hash = ByteSearch.firstIndex(of: UInt8(ascii: "#"), in: bytes, open..<close)
            else { continue }
            let digits = bytes[(hash + 1)..<close].drop { $0 == 0x20 }
            guard (1...20).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }) else { continue }
            let name = String(decoding: digits, as: UTF8.self)
            if !names.contains(name), names.count < maximum { names.append(name) }
        }
        return names
    }
}
