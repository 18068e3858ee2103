import GatehouseCore

extension SignatureRecipe {
    /// Every scheme by name; a new vendor is one entry here, and one word in the configuration's schema.
    ///
    /// Sources: the vendors' pages on webhooks; the tests have each vendor's own vectors, or some made by its own example.
    package static let all: [SignatureRecipe] = [
        // developers.facebook.com: Messenger, Instagram, WhatsApp Cloud.
        hmac("meta", "x-hub-signature-256", .sha256, .hex, prefix: "sha256=", handshake: .meta),
        // developer.x.com: Account Activity.
        hmac("x", "x-twitter-webhooks-signature", .sha256, .base64, prefix: "sha256=", handshake: .x),
        hmac("line", "x-line-signature", .sha256, .base64),
        hmac("viber", "x-viber-content-signature", .sha256, .hex),
        hmac(
            "slack",
            "x-slack-signature",
            .sha256,
            .hex,
            prefix: "v0=",
            signed: "v0:{timestamp}:{body}",
            time: "x-slack-request-timestamp",
            handshake: .slack
        ),
        SignatureRecipe(scheme: "twilio", header: "x-twilio-signature", proof: .twilio),
        SignatureRecipe(scheme: "telegram", header: "x-telegram-bot-api-secret-token", proof: .token),
        standardWebhooks,
        hmac(
            "crisp",
            "x-crisp-signature",
            .sha256,
            .hex,
            signed: "[{timestamp};{body}]",
            time: "x-crisp-request-timestamp"
        ),
        hmac("tawk", "x-tawk-signature", .sha1, .hex),
        hmac("intercom", "x-hub-signature", .sha1, .hex, prefix: "sha1="),
        hmac(
            "zendesk",
            "x-zendesk-webhook-signature",
            .sha256,
            .base64,
            signed: "{timestamp}{body}",
            time: "x-zendesk-webhook-signature-timestamp"
        ),
        hmac("calendly", "calendly-webhook-signature", .sha256, .hex, prefix: "v1=", signed: "{timestamp}.{body}"),
        wechat,
        SignatureRecipe(scheme: "sunshine", header: "x-api-key", proof: .token),
        SignatureRecipe(scheme: "rocketchat", header: "x-rocketchat-livechat-token", proof: .token),
        token("livechat", in: "/secret_key"),
        token("aircall", in: "/token"),
        // For every other vendor: the configuration says the rest.
        hmac("hmac", "", .sha256, .hex),
        SignatureRecipe(scheme: "token", header: "", proof: .token),
    ]

    package static func named(_ scheme: String) -> SignatureRecipe? { all.first { $0.scheme == scheme } }

    /// github.com/standard-webhooks: `webhook-signature: v1,… v1,…`; other versions in the list are passed over.
    private static var standardWebhooks: SignatureRecipe {
        var recipe = hmac(
            "standard-webhooks",
            "webhook-signature",
            .sha256,
            .base64,
            prefix: "v1,",
            signed: "{id}.{timestamp}.{body}",
            time: "webhook-timestamp"
        )
        recipe.idHeader = "webhook-id"
        recipe.keyForm = .standardWebhooks
        return recipe
    }

    private static var wechat: SignatureRecipe {
        var recipe = SignatureRecipe(scheme: "wechat", header: "", proof: .wechat)
        recipe.handshake = .wechat
        return recipe
    }

    private static func token(_ scheme: String, in pointer: String) -> SignatureRecipe {
        var recipe = SignatureRecipe(scheme: scheme, header: "", proof: .token)
        recipe.pointer = pointer
        return recipe
    }

    private static func hmac(
        _ scheme: String,
        _ header: String,
        _ algorithm: HMAC.Algorithm,
        _ encoding: Encoding,
        prefix: String = "",
        signed template: String = "{body}",
        time: String? = nil,
        handshake: WebhookHandshake? = nil
    ) -> SignatureRecipe {
        var recipe = SignatureRecipe(scheme: scheme, header: header, proof: .hmac(algorithm, encoding))
        recipe.prefix = prefix
        // The templates stand in this file, and a test reads every one of them.
        recipe.signed = SignedContent(template) ?? .body
        recipe.timestampHeader = time
        recipe.handshake = handshake
        return recipe
    }
}
