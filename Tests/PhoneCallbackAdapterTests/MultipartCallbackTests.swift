import GatehouseCore
import Testing

@testable import PhoneCallbackAdapter

struct MultipartCallbackTests {
    static let form = """
        --b\r\nContent-Disposition: form-data; name="phone"\r\n\r\n+49 30 1234567\r
        --b\r\nContent-Disposition: form-data; name="topic"\r\n\r\nKarte gestohlen\r
        --b\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nbytes\r
        --b--\r

        """

    private static func parse(_ text: String) throws -> [ParsedItem] {
        var items: [ParsedItem] = []
        let input = AdapterInput(
            bytes: ByteReader(bytes: Array(text.utf8), name: "body"),
            position: "body",
            context: IntakeContext(source: "/phone_callback/test")
        )
        try PhoneCallbackAdapter().parse(input, format: "generic-callback") { items.append($0) }
        return items
    }

    @Test func `A multipart form is a request for a call, and its files are attachments`() throws {
        let found = PhoneCallbackAdapter().recognise(head: Array(Self.form.utf8), name: "body", headers: [:])
        #expect(found.map(\.format) == ["generic-callback"])
        guard case .message(let held)? = try Self.parse(Self.form).first else {
            Issue.record("no message")
            return
        }
        let message = held.message
        #expect(message.envelope.data.callback?.phone == "+49301234567")
        #expect(message.envelope.data.attachments.map(\.name) == ["a.txt"])
        #expect(message.contents[0] == Array("bytes".utf8))
    }

    @Test func `One that is cut is kept for review`() throws {
        guard case .rejected(let input)? = try Self.parse(String(Self.form.dropLast(6))).first else {
            Issue.record("not rejected")
            return
        }
        #expect(input.reason == "form_truncated")
    }
}
