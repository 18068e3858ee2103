import GatehouseCore
import Testing

@testable import WebChatAdapter

struct TawkTests {
    @Test func `A transcript fans out into messages that share a conversation`() throws {
        let items = try read(Sample.bytes("tawk-transcript-de.json"), as: "tawk")
        let messages = items.messages
        #expect(messages.count == 6)
        #expect(items.ignored == ["webrtc_call"])
        #expect(Set(messages.map(\.envelope.data.conversationID)) == ["0f6c6a10-17a8-11f1-9c55-4d1b8f0e2a77"])
        #expect(
            messages.map(\.envelope.data.direction) == [.outbound, .inbound, .inbound, .inbound, .outbound, .inbound]
        )
        #expect(messages[0].envelope.data.automated == .bot)
        #expect(messages[5].envelope.data.attachments.first?.name == "überweisung.pdf")
        #expect(messages[1].raw.starts(with: Array("{ \"sender\"".utf8)))
        #expect(messages[1].raw.last == UInt8(ascii: "}"))
    }

    @Test func `A placeholder is an id and no name`() throws {
        let visitor = try read(Sample.bytes("tawk-transcript-de.json"), as: "tawk").messages[1].envelope.data.customer
        #expect(visitor?.name == nil)
        #expect(visitor?.id == "V1772612001998877")
    }

    @Test func `Two equal messages at one time both live, and come to the same keys again`() throws {
        let bytes = try Sample.bytes("tawk-transcript-de.json")
        let first = try read(bytes, as: "tawk").messages.map(\.keys)
        let second = try read(bytes, as: "tawk").messages.map(\.keys)
        #expect(first == second)
        #expect(Set(first.flatMap(\.self)).count == first.flatMap(\.self).count)
        #expect(first[2] != first[3])
    }

    @Test func `A longer transcript of the chat has the keys of the shorter one`() throws {
        let whole = try read(Sample.bytes("tawk-transcript-de.json"), as: "tawk")
        let cut = try read(Sample.bytes("tawk-transcript-cut-de.json"), as: "tawk")
        #expect(cut.messages.count == 4)
        #expect(cut.rejected.map(\.reason) == ["json_truncated"])
        #expect(cut.messages.map(\.keys) == whole.messages.prefix(4).map(\.keys))
    }

    @Test func `The first message of a chat is known again in the transcript`() throws {
        let start = try #require(try read(Sample.bytes("tawk-start-es.json"), as: "tawk").messages.first)
        let transcript = """
            {"event":"chat:transcript_created","property":{"id":"65f00b1e8d261e1b5f6a1c2d"},"chat":{
            "id":"70fe3290-17a9-11f1-a30a-51567162179f","visitor":{"name":"Ximena Ríos"},"messages":[{"sender":{"t":"v"},
            "type":"msg","msg":"¡Me robaron! Alguien entró en mi cuenta hace un minuto y retiró todo.",
            "time":"2026-03-04T19:39:58.100Z"},{"sender":{"t":"v"},"type":"msg","msg":"¿Hola?","time":"2026-03-04T19:41:00Z"}]}}
            """
        let messages = try read(transcript, as: "tawk").messages
        #expect(!Set(messages[0].keys).isDisjoint(with: start.keys))
        #expect(Set(messages[1].keys).isDisjoint(with: start.keys))
    }

    @Test func `A ticket is one message with an id of its own`() throws {
        let message = try #require(try read(Sample.bytes("tawk-ticket-ja.json"), as: "tawk").messages.first)
        #expect(message.envelope.data.subject == "二段階認証が解除できません")
        #expect(message.envelope.data.customer?.email == "ken.tanaka@example.jp")
        #expect(message.keys == [IdentityKey(.authoritative, "tawk:65f00b1e8d261e1b5f6a1c2d:ticket:65e6f1c2aa")])
    }

    @Test func `The end of a chat is no message`() throws {
        #expect(try read(Sample.bytes("tawk-end.json"), as: "tawk").ignored == ["chat_end"])
    }

    @Test func `One bad item costs only itself`() throws {
        let text =
            #"{"event":"chat:transcript_created","property":{"id":"p"},"chat":{"id":"c","messages":[{"msg":"a","time":"2026-01-01T00:00:00Z"},{"msg":{}},{"msg":"b","time":"2026-01-01T00:00:01Z"}]}}"#
        let items = try read(text, as: "tawk")
        #expect(items.messages.map(\.envelope.data.body.text) == ["a", "b"])
        #expect(items.rejected.count == 1)
    }
}
