import GatehouseCore
import Testing

@testable import WebChatAdapter

struct ChatFormTests {
    static let multipart = """
        --b\r\nContent-Disposition: form-data; name="format"\r\n\r\ngatehouse-chat/1\r
        --b\r\nContent-Disposition: form-data; name="conversation_id"\r\n\r\nc-9\r
        --b\r\nContent-Disposition: form-data; name="message"\r\n\r\nSehen Sie hier\r
        --b\r\nContent-Disposition: form-data; name="email"\r\n\r\noona@example.com\r
        --b\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\n\r\nbytes\r
        --b--\r

        """

    @Test func `A form's fields are a chat message, its files attachments`() throws {
        #expect(bestFormat(Array(Self.multipart.utf8)) == FormatMatch(format: "generic-chat", confidence: .certain))
        let message = try #require(try read(Self.multipart, as: "generic-chat").messages.first)
        let data = message.envelope.data
        #expect(data.body.text == "Sehen Sie hier")
        #expect(data.conversationID == "c-9")
        #expect(data.from.first?.email == "oona@example.com")
        #expect(data.direction == .inbound)
        #expect(data.attachments.map(\.name) == ["a.txt"])
        #expect(data.attachments.first?.url == nil)
        #expect(message.contents[0] == Array("bytes".utf8))
        #expect(message.raw == Array(Self.multipart.utf8))
    }

    @Test func `An urlencoded form is read by its fields' names`() throws {
        let items = try read("text=Hallo+%26+mehr&name=Oona&id=7&conversation_id=c", as: "generic-chat")
        #expect(items.messages.first?.envelope.data.body.text == "Hallo & mehr")
        #expect(items.messages.first?.envelope.data.from.first?.name == "Oona")
        #expect(items.messages.first?.keys.first?.strength == .authoritative)
    }

    @Test func `Two files without words in one moment are two messages`() throws {
        func form(_ content: String) -> String {
            "--b\r\nContent-Disposition: form-data; name=sent_at\r\n\r\n2026-01-02T03:04:05Z\r\n"
                + "--b\r\nContent-Disposition: form-data; name=f; filename=p.png\r\n\r\n\(content)\r\n--b--\r\n"
        }
        let one = try #require(try read(form("1"), as: "generic-chat").messages.first)
        let other = try #require(try read(form("2"), as: "generic-chat").messages.first)
        #expect(one.keys != other.keys)
    }

    @Test func `A form that is cut, or one for a format of JSON, is kept for review`() throws {
        let cut = try read(String(Self.multipart.dropLast(6)), as: "generic-chat")
        #expect(cut.rejected.map(\.reason) == ["form_truncated"])
        #expect(cut.messages.isEmpty)
        #expect(try read("a=b", as: "chatwoot").rejected.count == 1)
    }
}
