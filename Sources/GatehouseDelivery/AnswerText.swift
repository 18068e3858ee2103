import GatehouseCore
import GatehouseTransfer

/// What of an answer may be kept and shown: bounded, printable, without our secrets.
enum AnswerText {
    static let byteLimit = 4096

    static func excerpt(_ body: [UInt8], hiding secrets: [String]) -> String {
        // Secrets go first: a cut through the middle of one would hide it from the search.
        let head = String(decoding: body.prefix(4 * byteLimit), as: UTF8.self)
        let printable = UnicodeText.printable(masked(head, secrets))
        guard printable.utf8.count > byteLimit else { return printable }
        var result = String.UnicodeScalarView()
        var size = 0
        for scalar in printable.unicodeScalars {
            size += scalar.utf8.count
            if size > byteLimit { break }
            result.append(scalar)
        }
        return String(result) + "…"
    }

    /// Every occurrence of a secret becomes `***`: as it is, in base 64, percent-encoded, as JSON or HTML would show it.
    static func masked(_ text: String, _ secrets: [String]) -> String {
        guard secrets.contains(where: { $0.utf8.count >= shortestSecret }) else { return text }
        var bytes = Array(text.utf8)
        for secret in secrets where secret.utf8.count >= shortestSecret {
            for form in forms(of: secret) { bytes = replace(Array(form.utf8), in: bytes) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A shorter one would mask half of all texts, and protects nothing.
    private static let shortestSecret = 4

    private static func forms(of secret: String) -> [String] {
        var forms = [secret, HTTPURL.encode(secret), Base64.encode(secret)]
        let html = HTMLEscape.text(secret, quotes: false)
        forms += [html, html.replacing("\"", with: "&quot;").replacing("'", with: "&#x27;")]
        let json = secret.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        forms += [json, json.replacing("/", with: "\\/")]
        return Set(forms).sorted { $0.utf8.count > $1.utf8.count }
    }

    /// Whether a refusal is, by its words, about the attachments: too large, or of a kind that is not taken. A gateway or
    /// framework that says nothing of its reason, as Django does for a body that is too large, may mean them too.
    static func blamesFiles(_ answer: HTTPResponse) -> Bool {
        guard [400, 406, 415, 422].contains(answer.status) else { return false }
        guard answer.json != nil || answer.mediaType.hasPrefix("text/plain") else { return true }
        let words = String(decoding: answer.body.prefix(byteLimit), as: UTF8.self).lowercased()
        return fileWords.contains { words.contains($0) }
    }

    private static let fileWords = [
        "attachment", "upload", "file", "too large", "too big", "exceed", "max_size", "maximum size", "size limit",
        "extension", "content type", "content_type", "mime",
    ]

    private static func replace(_ pattern: [UInt8], in bytes: [UInt8]) -> [UInt8] {
        guard bytes.count >= pattern.count, let first = pattern.first else { return bytes }
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == first, bytes[index...].starts(with: pattern) {
                result += Array("***".utf8)
                index += pattern.count
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }
}

extension HTTPResponse {
    /// The body as JSON; nil for anything else, and for bodies that were cut.
    var json: JSONValue? { isCut ? nil : try? JSONDocument.parse(body, name: "answer", options: .strict) }

    /// For people: what came instead of what the API gives.
    var whatCameInstead: String {
        if isCut { return "the answer is longer than \(body.count) bytes" }
        if mediaType.contains("html") || body.starts(with: "<!".utf8) || body.starts(with: "<h".utf8) {
            return "with HTML, not JSON: is url right?"
        }
        return body.isEmpty ? "without a body" : "not with what this API answers: are url and preset right?"
    }
}
