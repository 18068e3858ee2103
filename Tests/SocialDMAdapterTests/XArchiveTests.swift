import Foundation
import GatehouseCore
import Testing

@testable import SocialDMAdapter

@Suite struct XArchiveTests {
    private func archive(
        _ messages: String,
        conversation: String = "1-2",
        prefix: String = "window.YTD.direct_messages.part0 = "
    ) -> String {
        "\(prefix)[ {\"dmConversation\": {\"conversationId\": \"\(conversation)\", \"messages\": [\(messages)]}} ]"
    }

    private func create(_ fields: String, id: String = "9007199254740993") -> String {
        #"{"messageCreate":{"id":"\#(id)","senderId":"2","recipientId":"1","createdAt":"2026-01-02T03:04:05.678Z",\#(fields)}}"#
    }

    @Test func `A message keeps its id, its time and its people`() throws {
        let parsed = try parse(archive(create(#""text":"Hi","mediaUrls":[]"#)), as: "x-archive", account: "1")
        let message = try #require(parsed.messages.first)
        let data = message.envelope.data
        #expect(message.keys == [IdentityKey(.authoritative, "x:9007199254740993")])
        #expect(data.conversationID == "x:1-2")
        #expect(data.direction == .inbound)
        #expect(data.customer == Party(id: "2", role: .customer))
        #expect(data.times.sentAt?.rfc3339 == "2026-01-02T03:04:05.678Z")
        #expect(data.warnings == [])
        #expect(data.raw.sourcePosition == "test#95")
    }

    @Test func `What X keeps escaped is read as it was typed, as from its webhook`() throws {
        let text = archive(create(#""text":"a &lt;3 &amp;amp; &quot;""#))
        #expect(try parse(text, as: "x-archive").texts == ["a <3 &amp; &quot;"])
    }

    @Test(arguments: [
        "window.YTD.direct_messages.part0 = ", "window.YTD.direct_messages.part12=\n",
        "\u{FEFF}window.YTD.direct_message_group.part0 = ", "", "\n\n",
    ])
    func `Any part's prefix is passed over`(prefix: String) throws {
        let text = archive(create(#""text":"Hi""#), prefix: prefix)
        #expect(try parse(text, as: "x-archive").texts == ["Hi"])
        let found = SocialDMAdapter().recognise(head: Array(text.utf8), name: "stdin", headers: [:])
        #expect(found == [FormatMatch(format: "x-archive", confidence: .certain)])
    }

    @Test func `An attachment's marker is no text, another short link is`() throws {
        let fields = #"""
            "text":"see https://t.co/AAAAAAAAAA and https://t.co/BBBBBBBBBB","mediaUrls":[],"urls":[
            {"url":"https://t.co/AAAAAAAAAA","expanded":"https://example.org/a?b=1"},
            {"url":"https://t.co/BBBBBBBBBB","expanded":"https://twitter.com/messages/media/9"}]
            """#
        let data = try #require(try parse(archive(create(fields)), as: "x-archive").messages.first).envelope.data
        #expect(data.body.text == "see https://example.org/a?b=1 and")
        #expect(data.attachments.map(\.url) == ["https://twitter.com/messages/media/9"])
        #expect(data.attachments.map(\.status) == [.remote])
    }

    @Test func `What is no message is counted by name`() throws {
        let events = #"""
            {"joinConversation":{"createdAt":"x"}},{"participantsJoin":{}},{"participantsLeave":{}},{"conversationNameUpdate":{"name":"n"}},
            {"welcomeMessageCreate":{"text":"hi"}},{"messageCreate":{"id":"1","senderId":"2"}},{"tomorrowsEvent":{}},{}
            """#
        #expect(
            try parse(archive(events), as: "x-archive").order == [
                "ignored:conversation_joined", "ignored:participants_joined", "ignored:participants_left",
                "ignored:conversation_renamed", "ignored:welcome_message", "ignored:message_header",
                "ignored:unknown_tomorrowsevent", "rejected:unknown_event",
            ]
        )
    }

    @Test func `Whoever is in every conversation is the owner`() throws {
        func entry(_ conversation: String, _ sender: String, _ id: Int) -> String {
            #"{"dmConversation":{"conversationId":"\#(conversation)","messages":[{"messageCreate":{"id":"\#(id)","senderId":"\#(sender)","text":"a"}}]}}"#
        }
        let both = try parse("[\(entry("5-7", "7", 1)),\(entry("5-9", "5", 2))]", as: "x-archive")
        #expect(both.messages.map(\.envelope.data.direction) == [.inbound, .outbound])
        let one = try parse("[\(entry("5-7", "5", 1))]", as: "x-archive")
        #expect(one.messages.map(\.envelope.data.direction) == [.inbound])
        #expect(one.messages[0].envelope.data.warnings.contains("direction_assumed:inbound"))
        let configured = try parse("[\(entry("5-7", "5", 1))]", as: "x-archive", account: "5")
        #expect(configured.messages.map(\.envelope.data.direction) == [.outbound])
    }

    @Test func `Media and the account lie beside the messages`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gatehouse-x-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("direct_messages_media"),
            withIntermediateDirectories: true
        )
        try Data(#"window.YTD.account.part0 = [{"account":{"accountId":"2","username":"nimbus"}}]"#.utf8)
            .write(to: folder.appendingPathComponent("account.js"))
        try Data("GIF89a".utf8).write(
            to: folder.appendingPathComponent("direct_messages_media/9007199254740993-pic.gif")
        )
        let text = archive(
            create(
                #""text":"","mediaUrls":["https://ton.twitter.com/dm/1/2/pic.gif","https://ton.twitter.com/dm/1/2/gone.jpg"]"#
            )
        )
        let parsed = try parse(text, as: "x-archive", path: folder.appendingPathComponent("direct-messages.js").path)
        let message = try #require(parsed.messages.first)
        #expect(message.envelope.data.direction == .outbound)
        #expect(message.envelope.data.attachments.map(\.status) == [.stored, .remote])
        #expect(message.envelope.data.attachments[0].detectedType == "image/gif")
        #expect(message.contents == [0: Array("GIF89a".utf8)])
    }

    @Test func `A handle as the account is nobody's id, so that who is in every chat is the owner`() throws {
        let text =
            #"[{"dmConversation":{"conversationId":"1-2","messages":[\#(create(#""text":"a""#, id: "5"))]}},{"dmConversation":{"conversationId":"1-3","messages":[\#(create(#""text":"b""#, id: "6"))]}}]"#
        let turned = text.replacing(#""senderId":"2","recipientId":"1","#, with: #""senderId":"1","recipientId":"2","#)
        let parsed = try parse(turned, as: "x-archive", account: "@shop")
        #expect(parsed.messages.map(\.envelope.data.direction) == [.outbound, .outbound])
    }
}
