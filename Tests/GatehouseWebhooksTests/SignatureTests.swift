import Foundation
import GatehouseCore
import Testing

@testable import GatehouseWebhooks

/// A request that its vendor would have signed so, and the clock that goes with it.
struct SignedRequest: CustomTestStringConvertible {
    static let body = #"{"text":"Guten Tag – my card was stolen","n":9007199254740993}"#
    static let signedAt = Timestamp(seconds: 1_767_323_045)

    var scheme: String
    var secret = "gate-secret-1"
    var headers: [String: String] = [:]
    var query = ""
    var body = Array(Self.body.utf8)
    var url: String?

    var testDescription: String { scheme }

    func recipe() throws -> SignatureRecipe {
        var recipe = try #require(SignatureRecipe.named(scheme))
        recipe.url = url
        return recipe
    }

    func verdict(_ secrets: [String]? = nil, at now: Timestamp = signedAt) throws -> SignatureVerdict {
        let verifier = try SignatureVerifier(recipe: recipe(), secrets: secrets ?? [secret])
        return verifier.verdict(on: WebhookRequest(headers: headers, query: query, body: body), now: now)
    }

    func with(_ change: (inout SignedRequest) -> Void) -> SignedRequest {
        var copy = self
        change(&copy)
        return copy
    }
}

struct SignatureTests {
    static let form = Array("From=%2B4915112345678&Body=Hallo+%26+Gr%C3%BC%C3%9Fe&MessageSid=SM1".utf8)
    static let twilioURL = "https://desk.example.org/hooks/twilio?tenant=7"
    static let digest = "9d9cb18f7fc7885539fed0716723eecc99320d7036e73ea6156dd660b65a529e"

    /// Digests of these were made with another implementation (Python's `hmac`).
    static let requests = [
        SignedRequest(scheme: "meta", headers: ["x-hub-signature-256": "sha256=" + digest]),
        SignedRequest(
            scheme: "x",
            headers: ["x-twitter-webhooks-signature": "sha256=nZyxj3/HiFU5/tBxZyPuzJkyDXA25z6mFW3WYLZaUp4="]
        ),
        SignedRequest(
            scheme: "line",
            headers: ["x-line-signature": "nZyxj3/HiFU5/tBxZyPuzJkyDXA25z6mFW3WYLZaUp4="]
        ),
        SignedRequest(scheme: "viber", headers: ["x-viber-content-signature": digest]),
        SignedRequest(
            scheme: "slack",
            headers: [
                "x-slack-request-timestamp": "1767323045",
                "x-slack-signature": "v0=6076e5097dbbad5583f8b4f58a2fc5e3ab1c275213d73063782f2231fe912dfa",
            ]
        ),
        SignedRequest(
            scheme: "twilio",
            headers: ["x-twilio-signature": "xqa1jltkMrt4Ss6Bv1iaLOiKnzU="],
            body: form,
            url: twilioURL
        ),
        SignedRequest(scheme: "telegram", headers: ["x-telegram-bot-api-secret-token": "gate-secret-1"]),
        SignedRequest(
            scheme: "standard-webhooks",
            secret: "whsec_AQIDBAUGBwgBAgMEBQYHCAECAwQFBgcI",
            headers: [
                "webhook-id": "msg_1", "webhook-timestamp": "1767323045",
                "webhook-signature": "v1a,AAAA v1,AAAA v1,bTuIaphzTrBnR4nt8tewWTljuwJYxCevV+x0z1POpAg=",
            ]
        ),
        SignedRequest(
            scheme: "crisp",
            headers: [
                "x-crisp-request-timestamp": "1767323045000",
                "x-crisp-signature": "bd60b9616ee383dc5d955f8e0876c7c2ebf6e1447191ac2452f86fff071818ca",
            ]
        ),
        SignedRequest(scheme: "tawk", headers: ["x-tawk-signature": "0a772765cb93f3f045cfd62952aad90498d5bbc2"]),
        SignedRequest(
            scheme: "intercom",
            headers: ["x-hub-signature": "sha1=0a772765cb93f3f045cfd62952aad90498d5bbc2"]
        ),
        SignedRequest(
            scheme: "zendesk",
            headers: [
                "x-zendesk-webhook-signature-timestamp": "2026-01-02T03:04:05Z",
                "x-zendesk-webhook-signature": "6FcEMDGIg2tEbYDQx3B/8A/9HG45R3n7JCsAtoK25MM=",
            ]
        ),
        SignedRequest(
            scheme: "calendly",
            headers: [
                "calendly-webhook-signature":
                    "t=1767323045,v1=0460919e655f394387bfcc50926fb038d2ba0548dd59447408fcfa512ce797b8"
            ]
        ),
        SignedRequest(
            scheme: "wechat",
            query: "signature=19d6024c0926c14a5233dcc2dd20d6c8a950ce1c&timestamp=1767323045&nonce=nonce7"
        ),
        SignedRequest(scheme: "sunshine", headers: ["x-api-key": "gate-secret-1"]),
        SignedRequest(scheme: "rocketchat", headers: ["x-rocketchat-livechat-token": "gate-secret-1"]),
        SignedRequest(scheme: "livechat", body: Array(#"{"secret_key":"gate-secret-1","event":{}}"#.utf8)),
        SignedRequest(scheme: "aircall", body: Array(#"{"token":"gate-secret-1","event":"x"}"#.utf8)),
    ]

    /// Those whose proof depends on the body.
    static let bindingRequests = requests.filter { request in
        switch SignatureRecipe.named(request.scheme)?.proof {
        case .hmac, .twilio: true
        default: false
        }
    }
    /// Those whose proof ends with time.
    static let timedRequests = requests.filter { request in
        request.scheme == "wechat" || SignatureRecipe.named(request.scheme)?.signed.coversTime == true
    }

    @Test func `Every scheme has a request here, but the two that the configuration completes`() {
        let tested = Set(Self.requests.map(\.scheme))
        #expect(Set(SignatureRecipe.all.map(\.scheme)).subtracting(tested) == ["hmac", "token"])
    }

    @Test(arguments: requests)
    func `A right signature is verified`(request: SignedRequest) throws {
        #expect(try request.verdict() == .verified)
    }

    @Test(arguments: requests)
    func `With another secret it is wrong, and with the former one beside it right`(request: SignedRequest) throws {
        let other = request.scheme == "standard-webhooks" ? "whsec_b3RoZXI=" : "another"
        #expect(try request.verdict([other]) == .failed(.wrong))
        #expect(try request.verdict([other, request.secret]) == .verified)
        #expect(try request.verdict([request.secret, other]) == .verified)
    }

    @Test(arguments: requests)
    func `Without its proof a request is unsigned`(request: SignedRequest) throws {
        let bare = request.with {
            $0.headers = [:]
            $0.query = ""
            if ["livechat", "aircall"].contains($0.scheme) { $0.body = Array("{}".utf8) }
        }
        #expect(try bare.verdict() == .absent)
    }

    @Test(arguments: bindingRequests)
    func `One other byte in the body, anywhere, and the signature is wrong`(request: SignedRequest) throws {
        for index in request.body.indices {
            let changed = request.with { $0.body[index] ^= 1 }
            #expect(try changed.verdict() != .verified)
        }
        #expect(try request.with { $0.body.removeLast() }.verdict() != .verified)
        #expect(try request.with { $0.body.append(0x21) }.verdict() != .verified)
    }

    @Test(arguments: timedRequests)
    func `A time outside of the window is an old request sent again`(request: SignedRequest) throws {
        let signed = SignedRequest.signedAt.milliseconds
        for (seconds, expected) in [
            (Int64(299), SignatureVerdict.verified), (-299, .verified), (301, .failed(.expired)),
            (-301, .failed(.expired)), (86_400 * 365, .failed(.expired)),
        ] {
            let now = Timestamp(milliseconds: signed + seconds * 1000)
            #expect(try request.verdict(at: now) == expected, "\(seconds)")
        }
    }

    @Test(arguments: ["x-slack-request-timestamp", "webhook-timestamp", "webhook-id", "x-crisp-request-timestamp"])
    func `What is signed and not there leaves nothing to verify`(header: String) throws {
        let request = try #require(Self.requests.first { $0.headers[header] != nil })
        #expect(try request.with { $0.headers[header] = nil }.verdict() == .failed(.incomplete))
        #expect(try request.with { $0.headers[header] = "1" }.verdict() == .failed(.wrong))
    }

    @Test(arguments: [
        "sha256=", "sha256=zz", "sha256=9d9c", "sha1=" + digest, digest, "sha256=" + digest.dropLast(),
        "sha256=\(digest)00",
    ])
    func `What is no digest of the scheme's form is no signature`(header: String) throws {
        let request = SignedRequest(scheme: "meta", headers: ["x-hub-signature-256": header])
        #expect(try request.verdict() != .verified)
        #expect(try request.verdict() != .absent)
    }

    @Test func `Hex digits count in either case`() throws {
        let request = SignedRequest(
            scheme: "meta",
            headers: ["x-hub-signature-256": "sha256=" + Self.digest.uppercased()]
        )
        #expect(try request.verdict() == .verified)
    }

    @Test func `A Standard Webhooks secret that is no base 64 is an error of the configuration`() throws {
        let recipe = try #require(SignatureRecipe.named("standard-webhooks"))
        #expect(throws: SignatureVerifier.KeyError.self) {
            try SignatureVerifier(recipe: recipe, secrets: ["whsec_ä"])
        }
    }

    @Test func `A scheme of one's own says what is signed`() throws {
        var recipe = try #require(SignatureRecipe.named("hmac"))
        recipe.header = "x-shop-signature"
        recipe.proof = .hmac(.sha512, .base64)
        recipe.signed = try #require(SignedContent("{id}|{timestamp}|{body}"))
        recipe.timestampHeader = "x-shop-time"
        recipe.idHeader = "x-shop-id"
        let verifier = try SignatureVerifier(recipe: recipe, secrets: ["gate-secret-1"])
        let signature = "i45AnYw861N6egFn+JggTjTXTjhPWix8Xwvd+Isvy1HRg+b8w4srfTOTt4O0IwoPUAOinrfABYaUBzoF3yenag=="
        let request = WebhookRequest(
            headers: ["x-shop-signature": signature, "x-shop-time": "1767323045", "x-shop-id": "id9"],
            body: Array(SignedRequest.body.utf8)
        )
        #expect(verifier.verdict(on: request, now: SignedRequest.signedAt) == .verified)
        #expect(SignedContent("{body") == nil)
        #expect(SignedContent("{colour}") == nil)
    }

    // MARK: - Twilio

    @Test(arguments: [
        (twilioURL, "", "xqa1jltkMrt4Ss6Bv1iaLOiKnzU="),
        ("https://desk.example.org/hooks/twilio", "tenant=7", "xqa1jltkMrt4Ss6Bv1iaLOiKnzU="),
        ("https://desk.example.org:443/hooks/twilio?tenant=7", "", "xqa1jltkMrt4Ss6Bv1iaLOiKnzU="),
        (twilioURL, "", "xiUdUZSLxeCoTh4CcVTg12MQkcI="),
    ])
    func `Twilio's address counts with and without its port, and with the request's query`(
        url: String,
        query: String,
        signature: String
    ) throws {
        let request = SignedRequest(
            scheme: "twilio",
            headers: ["x-twilio-signature": signature],
            query: query,
            body: Self.form,
            url: url
        )
        #expect(try request.verdict() == .verified)
    }

    @Test func `Twilio's repeated fields count once each, by value`() throws {
        for body in ["Body=b&From=%2B1&Body=a", "From=%2B1&Body=a&Body=b&Body=a"] {
            let request = SignedRequest(
                scheme: "twilio",
                headers: ["x-twilio-signature": "gfXb4z3l7YT5FaT8K7xFfHWKwYI="],
                body: Array(body.utf8),
                url: Self.twilioURL
            )
            #expect(try request.verdict() == .verified)
        }
    }

    @Test func `Twilio's JSON bodies are bound by their SHA-256 in the address, or not at all`() throws {
        let digest = "ef231732946a1efec772c6924400a1197fed161e769641279920a9c5a31a4a57"
        let bound = SignedRequest(
            scheme: "twilio",
            headers: ["x-twilio-signature": "OVtbc9n+8YWLbMN5DTkceThKoeo=", "content-type": "application/json"],
            query: "bodySHA256=" + digest,
            url: "https://desk.example.org/hooks/twilio"
        )
        #expect(try bound.verdict() == .verified)
        #expect(try bound.with { $0.body.append(0x20) }.verdict() == .failed(.wrong))
        let unbound = SignedRequest(
            scheme: "twilio",
            headers: ["x-twilio-signature": "krufxCWHxSb9dxwqBdrzHUWYyLw="],
            url: Self.twilioURL
        )
        #expect(try unbound.verdict() == .failed(.bodyNotCovered))
        #expect(try unbound.with { $0.body = [] }.verdict() == .verified)
    }
}
