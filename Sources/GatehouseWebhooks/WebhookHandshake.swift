package import GatehouseCore

/// The question that a vendor asks before it sends anything: does this address know the secret?
package enum WebhookHandshake: String, Sendable, Equatable {
    /// developer.x.com, "Challenge-Response Check": `GET ?crc_token=…`, about once an hour.
    case x
    /// developers.facebook.com, "Verification Requests": `GET ?hub.mode=subscribe&hub.verify_token=…&hub.challenge=…`.
    case meta
    /// api.slack.com: a signed `POST` of `{"type": "url_verification", "challenge": …}`.
    case slack
    /// `GET ?signature=…&timestamp=…&nonce=…&echostr=…`.
    case wechat

    /// Longer challenges than any vendor sends are not echoed.
    private static let maximumChallenge = 4096

    /// The answer to a request without a body; nil where it asks nothing.
    ///
    /// - Parameters:
    ///   - verifyToken: What was typed into Meta's form beside the address.
    ///   - verifier: With the present secret first.
    package func answer(
        toQueryOf request: WebhookRequest,
        verifier: SignatureVerifier,
        verifyToken: String?,
        now: Timestamp
    ) -> WebhookReply? {
        let fields = request.parameters
        switch self {
        case .x:
            guard let token = fields["crc_token"], let key = verifier.keys.first else { return nil }
            var json = JSONWriter()
            json.object {
                $0.member("response_token", "sha256=" + Base64.encode(HMAC.sha256(key: key, Array(token.utf8))))
            }
            return WebhookReply(200, "application/json", json.bytes)
        case .meta:
            guard let challenge = fields["hub.challenge"] else { return nil }
            let given = Array((fields["hub.verify_token"] ?? "").utf8)
            guard let verifyToken, fields["hub.mode"] == "subscribe",
                ConstantTime.isEqual(secret: Array(verifyToken.utf8), given)
            else { return .forbidden }
            return Self.echo(challenge)
        case .wechat:
            guard let challenge = fields["echostr"] else { return nil }
            return verifier.verdict(on: request, now: now) == .verified ? Self.echo(challenge) : .forbidden
        case .slack: return nil
        }
    }

    /// The answer to a request whose signature was right; nil where it is a message like any other.
    package func answer(toBodyOf request: WebhookRequest) -> WebhookReply? {
        guard self == .slack else { return nil }
        let value = JSONDocument.readPartially(request.body, name: "body").value
        guard value?["type"]?.string == "url_verification", let challenge = value?["challenge"]?.string else {
            return nil
        }
        return Self.echo(challenge)
    }

    /// As plain text: a browser that was led here must not run it.
    private static func echo(_ challenge: String) -> WebhookReply {
        guard challenge.utf8.count <= maximumChallenge else { return .forbidden }
        return WebhookReply(200, "text/plain; charset=utf-8", Array(challenge.utf8))
    }
}
