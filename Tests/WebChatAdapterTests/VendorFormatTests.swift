import GatehouseCore
import Testing

@testable import WebChatAdapter

/// What each vendor's format makes of its samples.
struct VendorFormatTests {
    private func messages(_ sample: String, _ format: String) throws -> [ParsedMessage] {
        try read(Sample.bytes(sample), as: format).messages
    }

    private func one(_ sample: String, _ format: String) throws -> MessageData {
        try #require(try messages(sample, format).first).envelope.data
    }

    @Test func `Intercom's opening is text of HTML, with its picture and the link's expiry`() throws {
        let data = try one("intercom-opened-it.json", "intercom")
        #expect(data.body.text.contains("0,8 ETH stamattina e il saldo è ancora zero."))
        #expect(data.body.format == .html)
        #expect(data.direction == .inbound)
        #expect(data.customer?.email == "giulia.ferraro@example.it")
        #expect(data.conversationID == "215470000981234567")
        #expect(data.attachments.map(\.name) == ["ricevuta.png"])
        #expect(data.attachments.first?.url?.hasSuffix("&signature=ab12") == true)
        #expect(data.attachments.first?.expiresAt?.rfc3339 == "2026-03-06T11:02:03Z")
    }

    @Test func `Intercom's reply, note, assignment and bot are told apart`() throws {
        let items = try read(Sample.bytes("intercom-replies-de.json"), as: "intercom")
        let data = items.messages.map(\.envelope.data)
        #expect(data.map(\.direction) == [.inbound, .internal, .outbound])
        #expect(data.map(\.automated) == [.no, .no, .bot])
        #expect(items.ignored == ["assignment"])
        #expect(data[0].customer?.phone == "+49301234567")
        #expect(data[0].attachments.first?.size == 48211)
        #expect(items.messages[0].keys.map(\.value) == ["intercom:k3exch77:part:9007199254740993001"])
        #expect(try read(Sample.bytes("intercom-snoozed.json"), as: "intercom").ignored == ["snoozed"])
    }

    @Test func `A redacted part is a deletion of the part's message`() throws {
        let text =
            #"{"type":"notification_event","app_id":"a","topic":"conversation_part.redacted","data":{"item":{"type":"conversation","id":"9","conversation_parts":{"conversation_parts":[{"id":"7","part_type":"comment","redacted":true,"body":null}]}}}}"#
        let message = try #require(try read(text, as: "intercom").messages.first)
        #expect(message.envelope.type == .messageDeleted)
        #expect(message.keys.map(\.value) == ["intercom:a:part:7"])
    }

    @Test func `Crisp's edit has the key of the message that it changes`() throws {
        let first = try #require(try messages("crisp-message-fr.json", "crisp").first)
        let edit = try #require(try messages("crisp-edited-fr.json", "crisp").first)
        #expect(first.keys == edit.keys)
        #expect(edit.envelope.type == .messageRevised)
        #expect(first.envelope.data.times.sentAt?.rfc3339 == "2026-03-06T10:03:24.105Z")
        #expect(try one("crisp-file-fr.json", "crisp").attachments.first?.name == "relevé bancaire.pdf")
        #expect(try one("crisp-note-en.json", "crisp").direction == .internal)
        #expect(try read(Sample.bytes("crisp-typing.json"), as: "crisp").ignored == ["typing"])
    }

    @Test(arguments: [
        ("message:acknowledge:read:send", "message_acknowledge_read_send"), ("session:set_email", "session_set_email"),
        ("never:heard:of", "never_heard_of"), ("\u{1B}[31m", "31m"),
    ])
    func `Crisp's other events are ignored under their own names`(event: String, kind: String) throws {
        let text = #"{"website_id":"w","event":"\#(event.replacing("\u{1B}", with: "\\u001b"))","data":{}}"#
        #expect(try read(text, as: "crisp").ignored == [kind])
    }

    @Test func `A removed message of Crisp is a deletion`() throws {
        let text =
            #"{"website_id":"w","event":"message:removed","data":{"session_id":"s","fingerprint":90071992547409931}}"#
        let message = try #require(try read(text, as: "crisp").messages.first)
        #expect(message.envelope.type == .messageDeleted)
        #expect(message.keys.map(\.value) == ["crisp:w:s:90071992547409931"])
    }

    @Test func `LiveChat's chat fans out, and knows customers, agents and notes`() throws {
        let items = try read(Sample.bytes("livechat-chat-ko.json"), as: "livechat")
        let data = items.messages.map(\.envelope.data)
        #expect(data.map(\.direction) == [.inbound, .inbound, .outbound, .internal, .inbound])
        #expect(data[0].body.text == "이름: 박서연\n주제: 출금")
        #expect(Set(data.map(\.conversationID)) == ["PJ0MRSHTDG"])
        #expect(items.ignored == ["system_message"])
        #expect(data[4].attachments.map(\.mediaType) == ["image/png"])
        #expect(data.allSatisfy { $0.customer?.name == "박서연" })
    }

    @Test(arguments: [
        ("b7eff798-f8df-4364-8059-649c35c9ed0c", Direction.inbound), ("mina@exchange.example", .outbound),
        ("5c9871d5372c824cbf22d860a707a578", .outbound), ("customer-1", .inbound),
    ])
    func `LiveChat's author is told by the form of the id`(author: String, direction: Direction) throws {
        let text =
            #"{"action":"incoming_event","license_id":1,"payload":{"chat_id":"c","event":{"id":"e","type":"message","author_id":"\#(author)","text":"x"}}}"#
        #expect(try read(text, as: "livechat").messages.first?.envelope.data.direction == direction)
    }

    @Test func `An event of LiveChat that came before has the key of the transcript's`() throws {
        let text =
            #"{"action":"event_updated","organization_id":"390e44e6-f1e6-0368-c6dd-74a14508c2e0","payload":{"chat_id":"PJ0MRSHTDG","event":{"id":"K600PKZON8_2","type":"message","author_id":"b7eff798-f8df-4364-8059-649c35c9ed0c","text":"!"}}}"#
        let edit = try #require(try read(text, as: "livechat").messages.first)
        #expect(edit.envelope.type == .messageRevised)
        #expect(edit.keys == (try messages("livechat-chat-ko.json", "livechat"))[1].keys)
        #expect(try read(Sample.bytes("livechat-seen.json"), as: "livechat").ignored == ["events_marked_as_seen"])
    }

    @Test func `Zendesk's nanoseconds, long ids and bots are read`() throws {
        let data = try one("zendesk-message-es.json", "zendesk-messaging")
        #expect(data.times.sentAt?.rfc3339 == "2026-03-06T10:20:05.254Z")
        #expect(data.conversationID == "67ab5f53a96f98663935c3f2")
        #expect(data.direction == .inbound)
        let bot = try one("zendesk-bot-es.json", "zendesk-messaging")
        #expect(bot.direction == .outbound)
        #expect(bot.automated == .bot)
    }

    @Test(arguments: [
        ("ticket.status_changed", ["ticket_status_changed"]), ("user.created", ["user_created"]),
        ("ticket.comment_added", ["empty_message"]),
    ])
    func `Zendesk's other events are ignored under their own names`(name: String, ignored: [String]) throws {
        #expect(try read(#"{"type":"zen:event-type:\#(name)","event":{}}"#, as: "zendesk-messaging").ignored == ignored)
    }

    @Test func `Sunshine's events of version 2 are messages, bots, typing and receipts`() throws {
        let items = try read(Sample.bytes("sunshine-v2-events-ja.json"), as: "sunshine-v2")
        let data = items.messages.map(\.envelope.data)
        #expect(data.map(\.direction) == [.inbound, .outbound, .inbound])
        #expect(data[1].automated == .bot)
        #expect(data[0].customer?.email == "ken.tanaka@example.jp")
        #expect(data[2].inReplyTo == ["69b4c0a2"])
        #expect(data[2].attachments.first?.name == "取引画面.png")
        #expect(items.ignored == ["typing", "conversation_read"])
        #expect(
            try read(#"{"app":{"id":"a"},"webhook":{"version":"v2"},"events":[]}"#, as: "sunshine-v2").ignored == [
                "empty_event_list"
            ]
        )
    }

    @Test func `Sunshine's version 1 has seconds with a fraction`() throws {
        let data = try one("sunshine-v1-message-tr.json", "sunshine-v1")
        #expect(data.times.sentAt?.rfc3339 == "2026-03-06T10:00:38.704Z")
        #expect(data.customer?.name == "Elif Yılmaz")
        #expect(data.conversationID == "105e47578be874292d365ee8")
        #expect(try read(#"{"trigger":"typing:appUser","app":{"_id":"a"}}"#, as: "sunshine-v1").ignored == ["typing"])
        #expect(
            try read(#"{"trigger":"message:delivery:channel","app":{"_id":"a"}}"#, as: "sunshine-v1").ignored == [
                "message_delivery_channel"
            ]
        )
    }

    @Test(arguments: [
        (#""message_parts":[{"text":{"content":"a"}},{"text":{"content":"b"}}]"#, "a\nb"),
        (#""msg_parts":[{"part_type":"text","properties":{"text":"old"}}]"#, "old"),
        (#""message_parts":[{"collection":{"sub_parts":[{"quick_reply_button":{"label":"Yes"}}]}}]"#, "Yes"),
    ])
    func `Freshchat's parts make one text`(parts: String, text: String) throws {
        let document =
            #"{"action":"message_create","actor":{"actor_type":"user"},"data":{"message":{"id":"1","conversation_id":"c",\#(parts)}}}"#
        #expect(bestFormat(Array(document.utf8))?.format == "freshchat")
        #expect(try read(document, as: "freshchat").messages.first?.envelope.data.body.text == text)
    }

    @Test(arguments: [
        (#""message_type":"private","actor_type":"agent""#, Direction.internal), (#""actor_type":"agent""#, .outbound),
        (#""actor_type":"user""#, .inbound), (#""actor_type":"agent","botsPrivateNote":true"#, .internal),
    ])
    func `Freshchat's notes, agents and users are told apart`(marks: String, direction: Direction) throws {
        let document =
            #"{"action":"message_create","data":{"message":{"id":"1","message_parts":[{"text":{"content":"a"}}],\#(marks)}}}"#
        #expect(try read(document, as: "freshchat").messages.first?.envelope.data.direction == direction)
        #expect(
            try read(Sample.bytes("freshchat-resolved.json"), as: "freshchat").ignored == ["conversation_resolution"]
        )
    }

    @Test func `Front's message has its text, sender, parent and inbox; a comment is internal`() throws {
        let data = try one("front-inbound-nl.json", "front")
        #expect(data.body.text.hasPrefix("Er zijn twee keer kosten afgeschreven & ik"))
        #expect(data.customer?.email == "sanne@example.nl")
        #expect(data.account == "hulp@exchange.example")
        #expect(data.inReplyTo == ["msg_1176q0"])
        #expect(data.attachments.first?.name == "afschrift.pdf")
        #expect(try one("front-comment-nl.json", "front").direction == .internal)
        #expect(try read(Sample.bytes("front-archived.json"), as: "front").ignored == ["archive"])
    }

    @Test func `Groove's reply is read from its links, a ticket by its first message`() throws {
        let message = try #require(try messages("groove-reply-vi.json", "groove").first)
        #expect(message.envelope.data.customer?.email == "lan.pham+shop@example.vn")
        #expect(message.envelope.data.conversationID == "440")
        #expect(message.envelope.data.times.sentAt?.rfc3339 == "2026-03-06T08:54:26Z")
        #expect(message.keys.map(\.value) == ["groove:exchange.groovehq.com:message:9007199254740993604"])
        #expect(try read(Sample.bytes("groove-closed.json"), as: "groove").ignored == ["ticket_changed"])
    }

    @Test(arguments: ["crisp", "zendesk-messaging", "sunshine-v1", "tawk", "generic-chat", "chatwoot"])
    func `A wrong format says what the document looks like`(format: String) throws {
        let rejected = try #require(try read(Sample.bytes("front-inbound-nl.json"), as: format).rejected.first)
        #expect(rejected.reason == "wrong_format")
        #expect(rejected.detail == "This is no \(format): it looks like front.")
    }

    @Test func `Olark's form holds a transcript; equal messages both live`() throws {
        let items = try messages("olark-transcript-en.form", "olark")
        #expect(items.map(\.envelope.data.direction) == [.outbound, .inbound, .inbound, .inbound])
        #expect(items[1].envelope.data.body.text == "Yes: I was charged twice & the second charge isn't mine.")
        #expect(items[1].envelope.data.times.sentAt?.rfc3339 == "2026-03-06T09:59:21.250Z")
        #expect(items[2].keys != items[3].keys)
        #expect(items[1].envelope.data.customer?.phone == "+4722123456")
        let cut = try read(Sample.bytes("olark-transcript-cut-en.form"), as: "olark")
        #expect(cut.messages.map(\.keys) == items.prefix(cut.messages.count).map(\.keys))
        #expect(!cut.messages.isEmpty)
        #expect(cut.rejected.count == 1)
    }

    @Test(arguments: [
        ("livechat-chat-cut-ko.json", "livechat-chat-ko.json", "livechat"),
        ("sunshine-v2-cut-ja.json", "sunshine-v2-events-ja.json", "sunshine-v2"),
        ("rocketchat-session-cut-pt.json", "rocketchat-session-pt.json", "rocketchat-livechat"),
    ])
    func `A transcript that breaks off has the keys of the whole one`(cut: String, whole: String, format: String) throws
    {
        let items = try read(Sample.bytes(cut), as: format)
        let all = try messages(whole, format)
        #expect(!items.messages.isEmpty)
        #expect(items.messages.map(\.keys) == all.prefix(items.messages.count).map(\.keys))
        #expect(items.rejected.map(\.reason) == ["json_truncated"])
    }

    @Test func `Rocket.Chat's session, offline message and events are read`() throws {
        let items = try read(Sample.bytes("rocketchat-session-pt.json"), as: "rocketchat-livechat")
        #expect(items.messages.map(\.envelope.data.direction) == [.inbound, .inbound, .inbound, .outbound])
        #expect(items.messages.map(\.ordinal) == [0, 0, 1, 0])
        #expect(items.messages[0].envelope.data.customer?.email == "carla@example.com.br")
        #expect(items.messages[0].envelope.data.customer?.phone == "+5511912345678")
        #expect(items.ignored == ["livechat_close"])
        #expect(try messages("rocketchat-offline-pt.json", "rocketchat-livechat").count == 1)
        #expect(
            try read(Sample.bytes("rocketchat-taken.json"), as: "rocketchat-livechat").ignored == [
                "livechat_session_taken"
            ]
        )
    }

    @Test func `Jotform's answers keep their questions, the signature its bytes`() throws {
        let message = try #require(try messages("jotform-complaint-zh.form", "jotform").first)
        let data = message.envelope.data
        #expect(data.messageID == "6171234567890123456")
        #expect(data.customer?.name == "美玲 陳")
        #expect(data.customer?.email == "meiling@example.com.tw")
        #expect(data.customer?.phone == "+886212345678")
        #expect(data.body.text.contains("發生了什麼事: 提款申請卡住兩天, 客服沒有回覆。\n請盡快處理!"))
        #expect(data.body.text.contains("Products: Spot, Futures"))
        #expect(data.attachments.map(\.status) == [.stored, .remote])
        #expect(message.contents[0]?.count == 8)
        #expect(data.attachments[1].name == "shot 1.png")
        let form = try one("jotform-contact-de.form", "jotform")
        #expect(form.body.text.contains("Ihre Nachricht: Ich kann mich"))
        #expect(form.customer?.email == "ines@example.de")
    }

    @Test(arguments: ["formID=1&submissionID=2", "formID=1&submissionID=2&rawRequest=%7B%22q1_a%22%3A%22x"])
    func `A submission without its answers is kept for review`(form: String) throws {
        let items = try read(form, as: "jotform")
        #expect(items.messages.isEmpty)
        #expect(items.rejected.count == 1)
    }
}
