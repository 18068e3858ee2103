import GatehouseCore

/// A form with files (RFC 7578).
struct MultipartForm {
    let contentType: String
    private let boundary: String
    private(set) var body: [UInt8] = []

    init() {
        boundary = "gatehouse-\(Hex.encode(randomBytes(16)))"
        contentType = "multipart/form-data; boundary=\(boundary)"
    }

    mutating func add(_ name: String, _ value: String) { part(name, extra: "", Array(value.utf8)) }

    mutating func add(_ name: String, file: OutgoingFile) {
        part(name, extra: "; filename=\"\(Self.quoted(file.name))\"\r\nContent-Type: \(file.mediaType)", file.bytes)
    }

    /// Call it once, after the last part.
    mutating func end() { body += Array("--\(boundary)--\r\n".utf8) }

    private mutating func part(_ name: String, extra: String, _ bytes: [UInt8]) {
        body += Array(
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(Self.quoted(name))\"\(extra)\r\n\r\n".utf8
        )
        body += bytes
        body += Array("\r\n".utf8)
    }

    /// RFC 7578 §2 leaves the escaping to HTML's rule: percent signs for quotes and line ends.
    private static func quoted(_ text: String) -> String {
        text.replacing("\"", with: "%22").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
    }
}
