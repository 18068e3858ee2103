import GatehouseCore
import Testing

@testable import WebChatAdapter

struct ChatwootTests {
    private func one(_ sample: String) throws -> ParsedMessage {
        try #require(try read(Sample.bytes(sample), as: "chatwoot").messages.first)
    }

    @Test func `A customer's message has its parties, time, conversation and key`() throws {
        let message = try one("chatwoot-emptied-account-en.json")
        let data = message.envelope.data
        #expect(message.envelope.type == .messageCreated)
        #expect(data.provider == "chatwoot")
        #expect(data.direction == .inbound)
        #expect(data.customer?.phone == "+358401234567")
        #expect(data.customer?.role == .customer)
        #expect(data.conversationID == "2207")
        #expect(data.account == "3/12")
        #expect(data.times.sentAt?.rfc3339 == "2026-02-11T22:14:09.531Z")
        #expect(data.times.zone == "UTC")
        #expect(data.body.text.contains("emptied a minute ago"))
        #expect(message.keys == [IdentityKey(.authoritative, "chatwoot:3:message:482913")])
    }

    @Test func `Seconds, an integer kind, a parent and a file's link are read`() throws {
        let data = try one("chatwoot-screenshot-ja.json").envelope.data
        #expect(data.direction == .inbound)
        #expect(data.times.precision == .s)
        #expect(data.inReplyTo == ["482951"])
        #expect(data.attachments.first?.name == "審査中.png")
        #expect(data.attachments.first?.status == .remote)
        #expect(data.attachments.first?.size == 184_223)
    }

    @Test func `A private note stays internal`() throws {
        let data = try one("chatwoot-agent-note-es.json").envelope.data
        #expect(data.direction == .internal)
        #expect(data.from.first?.role == .agent)
        #expect(data.customer?.name == "佐藤 美咲")
    }

    @Test func `An edit keeps the key of the message that it changes`() throws {
        let message = try one("chatwoot-edited-zh.json")
        #expect(message.envelope.type == .messageRevised)
        #expect(message.keys.map(\.value) == ["chatwoot:3:message:482951"])
    }

    @Test(arguments: [
        ("conversation_typing_on", "typing"), ("conversation_typing_off", "typing"),
        ("conversation_status_changed", "conversation_status_changed"), ("webwidget_triggered", "webwidget_triggered"),
        ("something \u{1B}[31m new", "something_31m_new"),
    ])
    func `Events that are no messages are ignored by name`(event: String, kind: String) throws {
        let text = #"{"event":"\#(event.replacing("\u{1B}", with: "\\u001b"))","conversation":{"id":1}}"#
        #expect(try read(text, as: "chatwoot").ignored == [kind])
    }

    @Test(arguments: [
        (#""incoming""#, Direction.inbound, Automation.no), ("0", .inbound, .no), (#""outgoing""#, .outbound, .no),
        ("1", .outbound, .no), (#""template""#, .outbound, .bot), ("3", .outbound, .bot),
    ])
    func `The kind is read as word and as integer`(kind: String, direction: Direction, automated: Automation) throws {
        let data = try #require(
            try read(#"{"event":"message_created","id":1,"content":"x","message_type":\#(kind)}"#, as: "chatwoot")
                .messages.first
        ).envelope.data
        #expect(data.direction == direction)
        #expect(data.automated == automated)
    }

    @Test func `An activity line is counted, not kept`() throws {
        #expect(
            try read(#"{"event":"message_created","id":1,"message_type":2,"content":"resolved"}"#, as: "chatwoot")
                .ignored == ["activity"]
        )
    }

    @Test func `A deleted message and a bot are told`() throws {
        let text =
            #"{"event":"message_updated","id":5,"message_type":1,"content":"gone","content_attributes":{"deleted":true},"sender":{"type":"agent_bot","name":"B"}}"#
        let envelope = try #require(try read(text, as: "chatwoot").messages.first).envelope
        #expect(envelope.type == .messageDeleted)
        #expect(envelope.data.automated == .bot)
        #expect(envelope.data.from.first?.role == .bot)
    }

    @Test func `A message with neither id nor time has no key`() throws {
        #expect(
            try read(#"{"event":"message_created","content":"x"}"#, as: "chatwoot").messages.first?.keys.isEmpty == true
        )
    }

    @Test func `Ids beyond 2^53 stay exact`() throws {
        let text = #"{"event":"message_created","id":9007199254740993123,"content":"x","account":{"id":1}}"#
        #expect(try read(text, as: "chatwoot").messages.first?.envelope.data.messageID == "9007199254740993123")
    }
}
