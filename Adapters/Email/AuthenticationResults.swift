import GatehouseCore

/// What servers of ours found out about a message's sender (RFC 8601).
///
/// Anybody can write such a field, so only those that name a configured server are read. That server has to remove
/// foreign fields that bear its name (§5); as a second line of defence only the topmost of them counts, and others of
/// that server that lie at most one Received field below it: further down is what the sender wrote.
struct AuthenticationResults {
    private(set) var verdicts = AuthenticationVerdicts()
    /// The author's domain is vouched for: by DMARC, or by a DKIM or SPF domain that is aligned with it (RFC 7489 §3.1).
    private(set) var isAuthorAuthentic = false

    private static let field = FieldName("authentication-results")
    private static let received = FieldName("received")
    /// A trace has a few of them; more are somebody's game.
    private static let maximumFields = 50
    private static let words: Set<String> = [
        "none", "pass", "fail", "softfail", "neutral", "policy", "temperror", "permerror", "hardfail", "bestguesspass",
    ]

    /// - Parameters:
    ///   - servers: The authserv-ids that are believed, in lower case.
    ///   - author: The domain of the only author's address; nil where there is not exactly one.
    init(_ message: [UInt8], _ header: HeaderBlock, servers: Set<String>, author: @autoclosure () -> String?) {
        (verdicts.spf, verdicts.dkim, verdicts.dmarc) = ("unknown", "unknown", "unknown")
        guard !servers.isEmpty else { return }
        var found: [AuthenticationResult] = []
        var receivedSince = 0
        var read = 0
        for field in header.fields {
            if header.is(field, Self.received, in: message), verdicts.isTrusted { receivedSince += 1 }
            guard receivedSince <= 1, read < Self.maximumFields else { break }
            guard header.is(field, Self.field, in: message) else { continue }
            read += 1
            var reader = AuthenticationResultsReader(unfold(message, field.value.prefix(16 * 1024)))
            guard let server = reader.server, servers.contains(server) else { continue }
            verdicts.isTrusted = true
            found += reader.results()
        }
        take(found, author: author())
    }

    private mutating func take(_ found: [AuthenticationResult], author: String?) {
        let known = found.filter { Self.words.contains($0.result) }
        func aligned(_ result: AuthenticationResult, _ properties: [String]) -> Bool {
            guard let author, result.result == "pass" else { return false }
            return properties.contains { result.domain($0).map { Self.isAligned($0, with: author) } ?? false }
        }
        let spf = known.first { $0.method == "spf" }
        let keys = known.filter { $0.method == "dkim" }
        let dkim =
            keys.first { aligned($0, ["header.d", "header.i"]) } ?? keys.first { $0.result == "pass" } ?? keys.first
        let dmarc = known.first { $0.method == "dmarc" }
        verdicts.spf = spf?.result ?? "unknown"
        verdicts.dkim = dkim?.result ?? "unknown"
        verdicts.dmarc = dmarc?.result ?? "unknown"
        guard let author, dmarc?.result != "fail" else { return }
        let isDMARCPass =
            dmarc?.result == "pass" && (dmarc?.domain("header.from").map { Self.isAligned($0, with: author) } ?? true)
        isAuthorAuthentic =
            isDMARCPass || (dkim.map { aligned($0, ["header.d", "header.i"]) } ?? false)
            || (spf.map { aligned($0, ["smtp.mailfrom", "smtp.mail"]) } ?? false)
    }

    /// Equal, or one below the other: relaxed alignment without a list of public suffixes, so two domains side by side
    /// below a third are not aligned.
    static func isAligned(_ domain: String, with author: String) -> Bool {
        guard domain.contains("."), author.contains(".") else { return false }
        return domain == author || domain.hasSuffix("." + author) || author.hasSuffix("." + domain)
    }
}

/// One method's result with its properties, all in lower case.
struct AuthenticationResult {
    var method: String
    var result: String
    /// `header.d` → `example.org`.
    var properties: [String: String] = [:]

    /// The domain that a property names, be it an address or a domain.
    func domain(_ property: String) -> String? {
        guard let value = properties[property] else { return nil }
        let domain = value.lastIndex(of: "@").map { String(value[value.index(after: $0)...]) } ?? value
        return domain.isEmpty ? nil : domain
    }
}

/// Takes one field apart (RFC 8601 §2.2): `server [version]; method=result [reason="…"] [type.property=value…]; …`.
struct AuthenticationResultsReader {
    private let bytes: [UInt8]
    private var cursor = 0

    /// The server that wrote it, in lower case; nil where the field has none, as those of some providers.
    private(set) var server: String?

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        guard case .word(let name)? = next(), !name.contains("=") else { return }
        server = name
    }

    mutating func results() -> [AuthenticationResult] {
        var results: [AuthenticationResult] = []
        var current: AuthenticationResult?
        while let token = next() {
            switch token {
            case .end:
                if let done = current { results.append(done) }
                current = nil
            case .word(let word):
                guard let equals = word.firstIndex(of: "=") else { continue }
                let name = String(word[..<equals])
                let value = String(word[word.index(after: equals)...])
                if current == nil {
                    // A version may follow the method: `dkim/1`.
                    current = AuthenticationResult(method: String(name.prefix { $0 != "/" }), result: value)
                } else if current?.properties[name] == nil, (current?.properties.count ?? 0) < 50 {
                    current?.properties[name] = value
                }
            }
            if results.count >= 100 { break }
        }
        if let done = current { results.append(done) }
        return results
    }

    private enum Token {
        case word(String)
        /// A semicolon.
        case end
    }

    /// The next word with what is quoted in it, blanks around its `=` and comments left out.
    private mutating func next() -> Token? {
        var word: [UInt8] = []
        /// Behind the `.` and the `=` of `header . d = x`, where blanks part nothing.
        var isJoining = false
        while cursor < bytes.count {
            let byte = bytes[cursor]
            switch byte {
            case UInt8(ascii: "("): skipComment()
            case UInt8(ascii: "\""):
                word += quoted()
                isJoining = false
            case UInt8(ascii: ";"):
                guard word.isEmpty else { return .word(text(word)) }
                cursor &+= 1
                return .end
            case 0...0x20:
                if !word.isEmpty, !isJoining, !joinFollows(word) { return .word(text(word)) }
                cursor &+= 1
            default:
                word.append(asciiLower(byte))
                let isPoint = byte == UInt8(ascii: ".") && !word.contains(UInt8(ascii: "="))
                isJoining = isPoint || byte == UInt8(ascii: "=")
                cursor &+= 1
            }
        }
        return word.isEmpty ? nil : .word(text(word))
    }

    private func text(_ word: [UInt8]) -> String { String(decoding: word, as: UTF8.self) }

    private func joinFollows(_ word: [UInt8]) -> Bool {
        guard !word.contains(UInt8(ascii: "=")) else { return false }
        var index = cursor
        while index < bytes.count, bytes[index] <= 0x20, index - cursor < 100 { index &+= 1 }
        return index < bytes.count && (bytes[index] == UInt8(ascii: "=") || bytes[index] == UInt8(ascii: "."))
    }

    private mutating func skipComment() {
        var depth = 0
        while cursor < bytes.count {
            let byte = bytes[cursor]
            cursor &+= byte == UInt8(ascii: "\\") ? 2 : 1
            if byte == UInt8(ascii: "(") { depth &+= 1 }
            if byte == UInt8(ascii: ")") { depth &-= 1 }
            if depth == 0 { return }
        }
    }

    private mutating func quoted() -> [UInt8] {
        var result: [UInt8] = []
        cursor &+= 1
        while cursor < bytes.count, bytes[cursor] != UInt8(ascii: "\"") {
            if bytes[cursor] == UInt8(ascii: "\\") { cursor &+= 1 }
            if cursor < bytes.count { result.append(asciiLower(bytes[cursor])) }
            cursor &+= 1
        }
        cursor &+= 1
        return result
    }
}
