import Foundation
import GatehouseCore
import Testing

@testable import GatehouseWebhooks

/// The vendors' own vectors, which lie outside the repository; where they are absent nothing is tested.
struct SharedVectorTests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../shared/data/channels/signatures/vectors.json").standardized

    private static let schemes = [
        "slack-v0": "slack", "line-hmac-sha256-base64": "line", "viber-hmac-sha256-hex": "viber",
        "standard-webhooks-v1": "standard-webhooks", "twilio-hmac-sha1-url-params": "twilio", "meta-sha256-hex": "meta",
        "x-sha256-base64": "x", "tawk-sha1-hex": "tawk", "crisp-sha256-hex": "crisp",
        "telegram-secret-token": "telegram",
    ]

    @Test func `All of the vendors' vectors are right, and none with another secret`() throws {
        guard let content = try? Data(contentsOf: Self.file) else { return print("skipped: no \(Self.file.path())") }
        let vectors = try #require(try JSONDocument.parse([UInt8](content)).array)
        #expect(!vectors.isEmpty)
        for vector in vectors {
            let name = try #require(vector["scheme"]?.string)
            var recipe = try #require(Self.schemes[name].flatMap(SignatureRecipe.named), "\(name)")
            recipe.url = vector["url"]?.string
            var request = WebhookRequest(body: Array((vector["body"]?.string ?? "").utf8))
            let header = try #require(vector["header"]?.string).lowercased()
            #expect(header == recipe.header)
            request.headers[header] = vector["signature"]?.string
            if let time = vector["timestamp"]?.string, let field = recipe.timestampHeader {
                request.headers[field] = time
            }
            if let id = vector["id"]?.string, let field = recipe.idHeader { request.headers[field] = id }
            if let fields = vector["params"]?.array {
                let pairs = fields.map { "\(Self.escaped($0[0]?.string))=\(Self.escaped($0[1]?.string))" }
                request.body = Array(pairs.joined(separator: "&").utf8)
            }
            let seconds = vector["timestamp"]?.string.flatMap { Int64($0) } ?? 0
            let secret = try #require(vector["secret"]?.string)
            let right = try SignatureVerifier(recipe: recipe, secrets: [secret])
            #expect(right.verdict(on: request, now: Timestamp(seconds: seconds)) == .verified, "\(name)")
            let other = name == "standard-webhooks-v1" ? "whsec_AAAA" : secret + "x"
            let wrong = try SignatureVerifier(recipe: recipe, secrets: [other])
            #expect(wrong.verdict(on: request, now: Timestamp(seconds: seconds)) == .failed(.wrong), "\(name)")
        }
    }

    private static func escaped(_ text: String?) -> String {
        (text ?? "").addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
}
