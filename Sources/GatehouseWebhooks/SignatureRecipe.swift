package import GatehouseCore

/// How a vendor proves that a request is its own.
package struct SignatureRecipe: Sendable, Equatable {
    package enum Encoding: String, CaseIterable, Sendable { case hex, base64 }

    package enum Proof: Sendable, Equatable {
        /// A keyed digest (RFC 2104) over `signed`.
        case hmac(HMAC.Algorithm, Encoding)
        /// The secret itself stands in a header or in the body. It says nothing of the body.
        case token
        /// HMAC-SHA-1 over the address and the sorted fields, or over the address that holds the body's SHA-256.
        case twilio
        /// SHA-1 over the sorted token, time and nonce of the query. It says nothing of the body.
        case wechat
    }

    /// How the secret's text becomes the key.
    package enum KeyForm: Sendable { case text, standardWebhooks }

    /// The word in the configuration and in `data.verification.scheme`.
    package var scheme: String
    /// In lower case; empty where the proof stands elsewhere.
    package var header: String
    package var proof: Proof
    /// What stands before the digest: `sha256=`. A header may hold several, between spaces or commas.
    package var prefix = ""
    package var signed = SignedContent.body
    /// In lower case. Where nil and a time is signed, it is the header's own `t=`.
    package var timestampHeader: String?
    package var idHeader: String?
    /// For tokens: where in a JSON body.
    package var pointer: String?
    package var keyForm = KeyForm.text
    /// How far the signed time may lie from ours, before or after it.
    package var toleranceSeconds: Int64 = 300
    /// The public address, as the vendor knows it.
    package var url: String?
    package var handshake: WebhookHandshake?

    package init(scheme: String, header: String, proof: Proof) {
        self.scheme = scheme
        self.header = header
        self.proof = proof
    }
}

/// What a digest is taken over: text with places in braces, `v0:{timestamp}:{body}`.
package struct SignedContent: Sendable, Equatable {
    package enum Piece: Sendable, Equatable {
        case text(String)
        case body, timestamp, id, url
    }

    package let pieces: [Piece]

    package static let body = SignedContent(pieces: [.body])

    private init(pieces: [Piece]) { self.pieces = pieces }

    /// - Returns: nil for a place of an unknown name or a brace without its partner.
    package init?(_ template: String) {
        var pieces: [Piece] = []
        var rest = template[...]
        while let open = rest.utf8.firstIndex(of: UInt8(ascii: "{")) {
            if open > rest.startIndex { pieces.append(.text(String(rest[..<open]))) }
            guard let close = rest[open...].utf8.firstIndex(of: UInt8(ascii: "}")) else { return nil }
            switch rest[rest.utf8.index(after: open)..<close] {
            case "body": pieces.append(.body)
            case "timestamp": pieces.append(.timestamp)
            case "id": pieces.append(.id)
            case "url": pieces.append(.url)
            default: return nil
            }
            rest = rest[rest.utf8.index(after: close)...]
        }
        if !rest.isEmpty { pieces.append(.text(String(rest))) }
        self.pieces = pieces
    }

    package var coversTime: Bool { pieces.contains(.timestamp) }
}
