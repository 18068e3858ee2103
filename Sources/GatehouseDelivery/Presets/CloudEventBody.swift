import GatehouseCore
import GatehouseTransfer

/// An envelope as the header fields and body of a request (CloudEvents HTTP binding 1.0.2).
struct CloudEventBody {
    let headers: [HTTPField]
    let body: [UInt8]

    /// All of it in the body (§3.2).
    init(structured message: OutgoingMessage) {
        headers = [HTTPField(.contentType, cleaned: "application/cloudevents+json")]
        body = EnvelopeWithFiles.encode(message)
    }

    /// The data in the body, each attribute a `ce-` field (§3.1).
    init(binary message: OutgoingMessage) {
        var fields = [HTTPField(.contentType, cleaned: "application/json")]
        var writer = JSONWriter()
        for member in message.job.envelope.members ?? [] where member.key != "datacontenttype" {
            if member.key == "data" {
                let contents = EnvelopeWithFiles.contents(of: message)
                EnvelopeWithFiles.write(data: member.value, contents, message.leftOut, to: &writer)
            } else if let text = member.value.text, let field = HTTPField("ce-\(member.key)", Self.encoded(text)) {
                fields.append(field)
            }
        }
        headers = fields
        body = writer.bytes
    }

    /// §3.1.3.2: what is not printable ASCII, and spaces, quotes and percent signs, are percent-encoded octets of UTF-8.
    private static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            let isPlain = (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "%")
            bytes += isPlain ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
