import GatehouseCore

/// Twilio's `X-Twilio-Signature` (www.twilio.com/docs/usage/security): base 64 of HMAC-SHA-1 over the address and, for
/// forms, every field's name and value, sorted by name. For other bodies the address has their SHA-256 in `bodySHA256`.
struct TwilioSignature {
    private let verifier: SignatureVerifier

    init(_ verifier: SignatureVerifier) { self.verifier = verifier }

    func verdict(on request: WebhookRequest) -> SignatureVerdict {
        guard let header = request.headers[verifier.recipe.header], !header.isEmpty else { return .absent }
        guard let given = Base64.decode(header), !given.isEmpty else { return .failed(.malformed) }
        let form = FormDocument(request.body, contentType: request.headers["content-type"])
        // Only these two forms of a body are covered by the signature at all.
        let isForm = form.map { $0.files.isEmpty && $0.cut == nil } ?? request.body.isEmpty
        let fields = form.map { Self.sorted($0.fields) } ?? []
        var failure = SignatureFailure.wrong
        for url in Self.addresses(verifier.recipe.url ?? "", query: request.query) {
            let digest = Self.bodyDigest(in: url)
            let signed = Array(url.utf8) + (digest == nil ? fields : [])
            guard verifier.matchesAnyKey({ ConstantTime.isEqual(HMAC.sha1(key: $0, signed), given) }) else { continue }
            if let digest {
                let actual = Array(SHA256.hex(of: request.body).utf8)
                if ConstantTime.isEqual(actual, Array(digest.lowercased().utf8)) { return .verified }
            } else if isForm {
                return .verified
            }
            failure = digest == nil ? .bodyNotCovered : .wrong
        }
        return .failed(failure)
    }

    /// Each name followed by its value, by name; of equal names each different value once, by value.
    private static func sorted(_ form: FormFields) -> [UInt8] {
        let fields = form.fields.map { (name: Array($0.name.utf8), value: Array($0.value.utf8)) }
            .sorted { left, right in
                if left.name != right.name { return left.name.lexicographicallyPrecedes(right.name) }
                return left.value.lexicographicallyPrecedes(right.value)
            }
        var result: [UInt8] = []
        for (index, field) in fields.enumerated() {
            if index > 0, fields[index - 1].name == field.name, fields[index - 1].value == field.value { continue }
            result += field.name + field.value
        }
        return result
    }

    private static func bodyDigest(in url: String) -> String? {
        guard let question = url.utf8.firstIndex(of: UInt8(ascii: "?")) else { return nil }
        return FormFields(decoding: Array(url.utf8[url.utf8.index(after: question)...]))["bodySHA256"]
    }

    /// The configured address with the request's query, and each with and without its port: Twilio signs either.
    static func addresses(_ url: String, query: String) -> [String] {
        let base = String(decoding: url.utf8.prefix { $0 != UInt8(ascii: "?") }, as: UTF8.self)
        var addresses = query.isEmpty || base != url ? [url] : []
        if !query.isEmpty { addresses.append("\(base)?\(query)") }
        return addresses.flatMap { address in [address] + (otherPortForm(of: address).map { [$0] } ?? []) }
    }

    private static func otherPortForm(of url: String) -> String? {
        let bytes = Array(url.utf8)
        guard let start = ByteSearch.firstIndex(of: Array("://".utf8), in: bytes, 0..<bytes.count) else { return nil }
        let host = start + 3
        let end = bytes[host...].firstIndex { "/?#".utf8.contains($0) } ?? bytes.count
        // Behind the user's name, and behind the bracket of an IPv6 address.
        let at = bytes[host..<end].lastIndex { $0 == UInt8(ascii: "@") || $0 == UInt8(ascii: "]") } ?? host
        if let colon = bytes[at..<end].lastIndex(of: UInt8(ascii: ":")) {
            return String(decoding: bytes[..<colon] + bytes[end...], as: UTF8.self)
        }
        let port = bytes.starts(with: "https".utf8) ? ":443" : ":80"
        return String(decoding: bytes[..<end] + Array(port.utf8) + bytes[end...], as: UTF8.self)
    }
}
