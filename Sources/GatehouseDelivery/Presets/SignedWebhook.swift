import GatehouseCore
import GatehouseTransfer

/// `webhook`: posts the envelope, signed as Standard Webhooks 1.0.0 says (standardwebhooks.com), to whoever wants to hear
/// of it: a pager, a chat room's gateway, a team's own service.
///
/// `webhook-id` is the envelope's id, so a receiver knows what comes twice. The signature is HMAC-SHA256 over
/// `ID.TIMESTAMP.BODY`; the secret is `whsec_` and base 64, or any other text as it is. Any 2xx means heard. It has no
/// tickets: every message of a conversation is a call of its own. Attachments are named and not sent.
struct SignedWebhook: ProgrammedAPI {
    static let name = "webhook"
    static let attachmentLimit = 0
    static let optionNames: [String] = []

    let url: HTTPURL

    var looksInside: Bool { false }

    init(_ target: TargetConfiguration) throws(TargetError) {
        url = try Self.url(target)
        guard target.secret != nil else {
            throw TargetError(target: target.name, reason: "a webhook is signed: name its 'secret'")
        }
    }

    func authorise(_ request: inout HTTPRequest, secret: String?, session: String?) {
        guard let secret, let id = request.headers.first(where: { $0.name == "webhook-id" })?.value else { return }
        sign(&request, id: id, secret: secret, at: .now())
    }

    func sign(_ request: inout HTTPRequest, id: String, secret: String, at time: Timestamp) {
        let stamp = String(time.seconds)
        let signed = Array("\(id).\(stamp).".utf8) + request.body
        let digest = HMAC.sha256(key: Self.key(secret), signed)
        let signature = "v1," + Base64.encode(digest)
        for field in [HTTPField("webhook-timestamp", stamp), HTTPField("webhook-signature", signature)] {
            if let field { request.headers.append(field) }
        }
    }

    private static func key(_ secret: String) -> [UInt8] {
        let prefix = "whsec_"
        guard secret.hasPrefix(prefix) else { return Array(secret.utf8) }
        return GatehouseCore.Base64.decode(String(secret.dropFirst(prefix.count))) ?? Array(secret.utf8)
    }

    func plan(for message: OutgoingMessage) -> any DeliveryPlan { Plan(url: url, message: message) }

    private struct Plan: DeliveryPlan {
        let url: HTTPURL
        let message: OutgoingMessage

        mutating func next(_ answer: HTTPResponse?) -> Step {
            // Whatever it answers with a 2xx: it has heard.
            guard answer == nil else { return .done(.sent(ticket: "", url: nil, lookedUp: false)) }
            var headers = [HTTPField(.contentType, cleaned: "application/json")]
            if let id = HTTPField("webhook-id", message.job.envelopeID) { headers.append(id) }
            // Heard twice does no harm, since the id is the same.
            return .send(HTTPRequest(.post, url, headers: headers, body: EnvelopeWithFiles.encode(message)), .none)
        }
    }
}
