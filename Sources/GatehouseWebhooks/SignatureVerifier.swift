package import GatehouseCore

/// What is to be said of a request's signature.
package enum SignatureVerdict: Sendable, Equatable {
    case verified
    /// There is none at all.
    case absent
    case failed(SignatureFailure)
}

/// Why a signature is not right; the raw value is the word under which the request is counted.
package enum SignatureFailure: String, CaseIterable, Sendable {
    case wrong = "signature_wrong"
    /// What should be a digest is none.
    case malformed = "signature_malformed"
    /// The signature is right, and the time that it covers lies outside of the window: an old request, sent again.
    case expired = "signature_outside_time_window"
    /// A part that is signed is not there: the time, the id, the query.
    case incomplete = "signature_incomplete"
    /// The signature is right and says nothing of this body.
    case bodyNotCovered = "signature_without_body"

    /// What to tell an operator.
    package var words: String {
        switch self {
        case .wrong: "the signature is wrong: another secret, or bytes that were changed on the way"
        case .malformed: "the signature's header is no digest of the expected form"
        case .expired:
            "the signature is right and too old or too new for 'tolerance_s', or this machine's clock is wrong"
        case .incomplete: "a part that the signature covers is missing: the time, the id or the query"
        case .bodyNotCovered: "the signature covers the address alone, and there is a body"
        }
    }
}

/// Checks requests against a scheme and one or two secrets: the present one, and the one before it while vendors change over.
package struct SignatureVerifier: Sendable {
    package let recipe: SignatureRecipe
    /// As bytes, ready for the digest.
    let keys: [[UInt8]]

    /// - Throws: `KeyError` where a secret has not the scheme's form.
    package init(recipe: SignatureRecipe, secrets: [String]) throws(KeyError) {
        self.recipe = recipe
        var keys: [[UInt8]] = []
        for secret in secrets { keys.append(try Self.key(secret, recipe.keyForm)) }
        self.keys = keys
    }

    package struct KeyError: OperatorError {
        package let description: String
        package var exitCode: ExitCode { .configuration }
    }

    private static func key(_ secret: String, _ form: SignatureRecipe.KeyForm) throws(KeyError) -> [UInt8] {
        guard form == .standardWebhooks else { return Array(secret.utf8) }
        let coded = secret.hasPrefix("whsec_") ? String(secret.dropFirst(6)) : secret
        guard let key = Base64.decode(coded), !key.isEmpty else {
            throw KeyError(
                description: "the secret is no Standard Webhooks secret: 'whsec_' and base 64 are expected."
            )
        }
        return key
    }

    /// Nothing of the request is believed before this says `verified`; all digests are compared in constant time.
    package func verdict(on request: WebhookRequest, now: Timestamp) -> SignatureVerdict {
        switch recipe.proof {
        case .hmac(let algorithm, let encoding): hmacVerdict(request, algorithm, encoding, now: now)
        case .token: tokenVerdict(request)
        case .twilio: TwilioSignature(self).verdict(on: request)
        case .wechat: wechatVerdict(request, now: now)
        }
    }

    // MARK: - Schemes

    private func tokenVerdict(_ request: WebhookRequest) -> SignatureVerdict {
        let found = recipe.pointer.map { request.bodyText(at: $0) } ?? request.headers[recipe.header]
        guard let found, !found.isEmpty else { return .absent }
        let token = found.hasPrefix(recipe.prefix) ? Array(found.utf8.dropFirst(recipe.prefix.utf8.count)) : []
        return matchesAnyKey { ConstantTime.isEqual(secret: $0, token) } ? .verified : .failed(.wrong)
    }

    private func hmacVerdict(
        _ request: WebhookRequest,
        _ algorithm: HMAC.Algorithm,
        _ encoding: SignatureRecipe.Encoding,
        now: Timestamp
    ) -> SignatureVerdict {
        guard let header = request.headers[recipe.header], !header.isEmpty else { return .absent }
        let items = Self.items(of: header)
        let digests = items.compactMap { Self.digest($0, recipe.prefix, encoding) }
        guard !digests.isEmpty else { return .failed(.malformed) }
        let time = recipe.timestampHeader.map { request.headers[$0] } ?? Self.time(in: items)
        guard let content = content(of: request, time: time) else { return .failed(.incomplete) }
        let isRight = matchesAnyKey { key in
            let wanted = HMAC.digest(algorithm, key: key, content)
            return digests.reduce(false) { ConstantTime.isEqual(wanted, $1) || $0 }
        }
        guard isRight else { return .failed(.wrong) }
        guard recipe.signed.coversTime else { return .verified }
        return isInWindow(time, now: now) ? .verified : .failed(.expired)
    }

    /// WeChat's page "接入指南": the lower-case hex SHA-1 of token, timestamp and nonce, sorted and joined.
    private func wechatVerdict(_ request: WebhookRequest, now: Timestamp) -> SignatureVerdict {
        let fields = request.parameters
        guard let signature = fields["signature"], !signature.isEmpty else { return .absent }
        guard let given = Hex.decode(signature) else { return .failed(.malformed) }
        guard let time = fields["timestamp"], let nonce = fields["nonce"] else { return .failed(.incomplete) }
        let isRight = matchesAnyKey { key in
            let pieces = [key, Array(time.utf8), Array(nonce.utf8)].sorted { $0.lexicographicallyPrecedes($1) }
            return ConstantTime.isEqual(SHA1.digest(of: Array(pieces.joined())), given)
        }
        guard isRight else { return .failed(.wrong) }
        return isInWindow(time, now: now) ? .verified : .failed(.expired)
    }

    // MARK: - Parts

    /// Tries every key, whatever the first one says.
    func matchesAnyKey(_ matches: ([UInt8]) -> Bool) -> Bool { keys.reduce(false) { matches($1) || $0 } }

    /// The header's items: as a whole, between spaces, and between commas. More than any vendor sends are not read.
    private static func items(of header: String) -> [String] {
        var items: [String] = []
        for word in header.utf8.split(separator: 0x20).prefix(16) {
            items.append(String(decoding: word, as: UTF8.self))
            let pieces = word.split(separator: UInt8(ascii: ","))
            if pieces.count > 1 { items += pieces.prefix(16).map { String(decoding: $0, as: UTF8.self) } }
        }
        return items
    }

    private static func digest(_ item: String, _ prefix: String, _ encoding: SignatureRecipe.Encoding) -> [UInt8]? {
        guard item.hasPrefix(prefix) else { return nil }
        let coded = String(decoding: item.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
        let digest = encoding == .hex ? Hex.decode(coded) : Base64.decode(coded, alphabet: .urlSafe)
        return digest?.isEmpty == false ? digest : nil
    }

    /// `t=1492774577,v1=…`
    private static func time(in items: [String]) -> String? {
        items.last { $0.hasPrefix("t=") && !$0.utf8.contains(UInt8(ascii: ",")) }.map { String($0.dropFirst(2)) }
    }

    private func content(of request: WebhookRequest, time: String?) -> [UInt8]? {
        if recipe.signed == .body { return request.body }
        var content: [UInt8] = []
        for piece in recipe.signed.pieces {
            switch piece {
            case .text(let text): content += Array(text.utf8)
            case .body: content += request.body
            case .timestamp:
                guard let time, !time.isEmpty else { return nil }
                content += Array(time.utf8)
            case .id:
                guard let id = recipe.idHeader.flatMap({ request.headers[$0] }), !id.isEmpty else { return nil }
                content += Array(id.utf8)
            case .url: content += Array((recipe.url ?? "").utf8)
            }
        }
        return content
    }

    /// Seconds, milliseconds or ISO 8601; before and after now alike.
    private func isInWindow(_ time: String?, now: Timestamp) -> Bool {
        guard let time = time.flatMap({ PayloadTime($0) }) else { return false }
        let distance = time.timestamp.milliseconds.subtractingReportingOverflow(now.milliseconds)
        return !distance.overflow && distance.partialValue.magnitude <= recipe.toleranceSeconds.magnitude * 1000
    }
}
