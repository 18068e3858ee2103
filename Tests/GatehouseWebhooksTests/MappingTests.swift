import GatehouseCore
import PhoneCallbackAdapter
import Testing
import WebChatAdapter

@testable import GatehouseWebhooks

struct MappingTests {
    static func mapping(_ json: String, channel: Channel = .webChat) throws -> FieldMapping {
        var decoder = FieldMappingDecoder(channel: channel)
        let mapping = decoder.decode(try JSONDocument.parse(Array(json.utf8), options: .configuration))
        #expect(decoder.problems.isEmpty, "\(decoder.problems)")
        return mapping
    }

    static func read(
        _ payload: String,
        _ mapping: String,
        channel: Channel = .webChat,
        headers: [String: String] = [:]
    ) throws -> [ParsedItem] {
        try read(Array(payload.utf8), mapping, channel: channel, headers: headers)
    }

    static func read(
        _ payload: [UInt8],
        _ mapping: String,
        channel: Channel = .webChat,
        headers: [String: String] = [:],
        limits: Limits = Limits()
    ) throws -> [ParsedItem] {
        let reader: any ChannelAdapter = channel == .phoneCallback ? PhoneCallbackAdapter() : WebChatAdapter()
        let adapter = MappedAdapter(
            channel: channel,
            mapping: try Self.mapping(mapping, channel: channel),
            reader: reader
        )
        var context = IntakeContext(source: "/\(channel.rawValue)/shop", account: "shop")
        context.headers = headers
        context.limits = limits
        let input = AdapterInput(
            bytes: ByteReader(bytes: payload, name: "body"),
            position: "body",
            context: context
        )
        var items: [ParsedItem] = []
        try adapter.parse(input, format: MappedAdapter.formatName) { items.append($0) }
        return items
    }

    static let shop = """
        { "each": "/events", "provider": "shop",
          "ignore_when": [{ "at": "/kind", "is_not": ["message", "edit", "gone"], "as": "shop_event" },
                          { "document": "/test", "is": true, "as": "test" }],
          "revised_when": [{ "at": "/kind", "is": "edit" }], "deleted_when": [{ "at": "/kind", "is": "gone" }],
          "private_when": [{ "at": "/note", "exists": true }],
          "id": "/id", "text": ["/text", "/body/plain"], "sent_at": { "at": "/t", "unit": "us" },
          "conversation_id": { "document": "/room/id" }, "in_reply_to": "/re",
          "subject": { "value": "Shop" },
          "from": { "id": "/u/id", "name": { "join": ["/u/first", "/u/last"] }, "email": "/u/mail",
                    "role": { "at": "/u/type", "words": { "staff": "agent", "robot": "bot" }, "default": "customer" } },
          "attachments": [{ "at": "/files", "url": "/href", "name": "/n", "size": "/size" }, "/pictures"] }
        """

    @Test func `Each item of a list becomes a message with the fields that the mapping names`() throws {
        let payload = """
            { "room": { "id": "r1" }, "events": [
              { "kind": "message", "id": 9007199254740993, "text": "My card was stolen", "t": 1718000000123456,
                "u": { "id": 7, "first": "Ana", "last": "Díaz", "mail": "ana@example.com" },
                "files": [{ "href": "https://cdn.example/a.png", "n": "a.png", "size": 12 }], "pictures": ["https://cdn.example/b.png"] },
              { "kind": "typing" },
              { "kind": "message", "id": "2", "body": { "plain": "On it" }, "u": { "type": "staff" }, "re": "1", "t": 1718000001000000 },
              { "kind": "message", "id": "3", "text": "is he a VIP?", "note": {}, "u": { "type": "staff" } },
              { "kind": "edit", "id": "2", "text": "On it!", "u": { "type": "staff" } },
              { "kind": "gone", "id": "2", "u": { "type": "staff" } } ] }
            """
        let items = try Self.read(payload, Self.shop)
        let messages = items.messages
        #expect(items.ignored == ["shop_event"])
        #expect(messages.map(\.envelope.data.messageID) == ["9007199254740993", "2", "3", "2", "2"])
        let first = try #require(messages.first)
        let data = first.envelope.data
        #expect(data.provider == "shop")
        #expect(data.channel == .webChat)
        #expect(data.account == "shop")
        #expect(data.conversationID == "r1")
        #expect(data.subject == "Shop")
        #expect(data.body.text == "My card was stolen")
        #expect(data.from == [Party(id: "7", name: "Ana Díaz", email: "ana@example.com", role: .customer)])
        #expect(data.times.sentAt?.milliseconds == 1_718_000_000_123)
        #expect(data.attachments.map(\.url) == ["https://cdn.example/a.png", "https://cdn.example/b.png"])
        #expect(data.attachments.first?.size == 12)
        #expect(String(decoding: first.raw, as: UTF8.self).hasPrefix(#"{ "kind": "message", "id": 9007"#))
        #expect(String(decoding: first.raw, as: UTF8.self).hasSuffix("}"))
        #expect(data.raw.sourcePosition?.hasPrefix("body#") == true)
        #expect(messages.map(\.envelope.data.direction) == [.inbound, .outbound, .internal, .outbound, .outbound])
        #expect(messages[1].envelope.data.inReplyTo == ["1"])
        #expect(
            messages.map(\.envelope.type) == [
                .messageCreated, .messageCreated, .messageCreated, .messageRevised, .messageDeleted,
            ]
        )
        #expect(Set(messages.map { $0.keys.first?.strength }) == [.authoritative])
        #expect(messages[1].keys == messages[3].keys)
    }

    @Test(arguments: [
        (#"{ "test": true, "events": [{ "kind": "message", "id": 1, "text": "x" }] }"#, ["test"], 0),
        (#"{ "events": [] }"#, ["empty_list"], 0),
        (#"{ "evnts": [] }"#, [], 1),
        ("[1]", [], 1),
    ])
    func `What has no messages is counted or kept for review`(payload: String, ignored: [String], rejected: Int) throws
    {
        let items = try Self.read(payload, Self.shop)
        #expect(items.ignored == ignored)
        #expect(items.rejected.count == rejected)
        #expect(items.messages.isEmpty)
    }

    @Test func `Two equal messages without ids are two, with something ignored between them too`() throws {
        let line = #"{ "kind": "message", "text": "ok", "t": 1718000000000000 }"#
        let payload = #"{ "room": { "id": "r" }, "events": [\#(line), { "kind": "typing" }, \#(line)] }"#
        let messages = try Self.read(payload, Self.shop).messages
        #expect(messages.count == 2)
        #expect(Set(messages.flatMap(\.keys)).count == 2)
        // A longer list that comes later has the same two first.
        let longer = #"{ "room": { "id": "r" }, "events": [\#(line), \#(line), \#(line)] }"#
        let again = try Self.read(longer, Self.shop).messages
        #expect(again.prefix(2).map(\.keys) == messages.map(\.keys))
    }

    @Test func `Two pictures without words in one moment are two messages`() throws {
        func payload(_ name: String) -> String {
            #"{ "events": [{ "kind": "message", "t": 1718000000000000, "pictures": ["https://cdn.example/\#(name)"] }] }"#
        }
        let one = try #require(try Self.read(payload("1.png"), Self.shop).messages.first)
        let other = try #require(try Self.read(payload("2.png"), Self.shop).messages.first)
        #expect(one.keys != other.keys)
    }

    @Test func `Of a list that breaks off the whole items are read, and the rest is rejected`() throws {
        let payload = #"{ "events": [{ "kind": "message", "id": 1, "text": "a" }, { "kind": "message", "id": 2, "te"#
        let items = try Self.read(payload, Self.shop)
        #expect(items.messages.map(\.envelope.data.messageID) == ["1"])
        #expect(items.rejected.map(\.reason) == ["json_truncated"])
    }

    @Test func `An item without words is rejected with its own bytes, and the next is read`() throws {
        let payload = #"{ "events": [{ "kind": "message", "id": 1 }, { "kind": "message", "id": 2, "text": "b" }] }"#
        let items = try Self.read(payload, Self.shop)
        #expect(items.messages.map(\.envelope.data.messageID) == ["2"])
        let rejected = try #require(items.rejected.first)
        #expect(String(decoding: rejected.raw, as: UTF8.self) == #"{ "kind": "message", "id": 1 }"#)
        #expect(rejected.position == "body#\(#"{ "events": ["#.utf8.count)")
    }

    @Test(arguments: [
        ("1718000000", "s", "2024-06-10T06:13:20Z"), ("1718000000.5", "s", "2024-06-10T06:13:20.500Z"),
        ("1718000000123", "ms", "2024-06-10T06:13:20.123Z"), ("12345", "s", "1970-01-01T03:25:45Z"),
        ("1718000000123456789", "ns", "2024-06-10T06:13:20.123Z"),
        ("\"2024-06-10T08:13:20+02:00\"", "s", "2024-06-10T06:13:20Z"),
    ])
    func `A number of a stated unit is that time`(number: String, unit: String, time: String) throws {
        let items = try Self.read(
            #"{ "m": "x", "t": \#(number) }"#,
            #"{ "text": "/m", "sent_at": { "at": "/t", "unit": "\#(unit)" } }"#
        )
        #expect(items.messages.first?.envelope.data.times.sentAt?.rfc3339 == time)
    }

    @Test func `A form's fields are keys, repeated ones a list, and JSON in a field is read where that is said`() throws
    {
        let items = try Self.read(
            "user%5Bname%5D=Ana&tag=a&tag=b&data=%7B%22m%22%3A%5B%7B%22t%22%3A%22Hi%22%7D%2C%7B%22t%22%3A%22Ho%22%7D%5D%7D",
            #"{ "decode": ["/data"], "each": "/data/m", "text": "/t", "subject": { "document": "/tag" }, "from": { "name": { "document": "/user[name]" } } }"#
        )
        #expect(items.messages.map(\.envelope.data.body.text) == ["Hi", "Ho"])
        #expect(items.messages.first?.envelope.data.subject == "a, b")
        #expect(items.messages.first?.envelope.data.from.first?.name == "Ana")
        #expect(items.messages.map { String(decoding: $0.raw, as: UTF8.self) } == [#"{"t":"Hi"}"#, #"{"t":"Ho"}"#])
    }

    @Test func `A multipart form's files become attachments of its message`() throws {
        let body = """
            --b\r\nContent-Disposition: form-data; name="msg"\r\n\r\nSee picture\r
            --b\r\nContent-Disposition: form-data; name="pic"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nbytes\r
            --b--\r

            """
        for channel in [Channel.webChat, .socialDM] {
            let items = try Self.read(body, #"{ "text": "/msg" }"#, channel: channel)
            let message = try #require(items.messages.first)
            #expect(message.envelope.data.channel == channel)
            #expect(message.envelope.data.attachments.map(\.name) == ["a.txt"])
            #expect(message.envelope.data.attachments.first?.status == .stored)
            #expect(message.contents[0] == Array("bytes".utf8))
        }
        let cut = try Self.read(String(body.dropLast(8)), #"{ "text": "/msg" }"#)
        #expect(cut.messages.isEmpty)
        #expect(cut.rejected.map(\.reason) == ["form_truncated"])
    }

    @Test func `Bytes in a payload, as base 64 or in a data address, are stored`() throws {
        let items = try Self.read(
            #"{ "m": "x", "f": [{ "b": "aGVsbG8=", "n": "a.bin" }, { "b": "data:text/plain;base64,aG8=" }, { "n": "lost" }] }"#,
            #"{ "text": "/m", "attachments": { "at": "/f", "content": "/b", "name": "/n" } }"#
        )
        let message = try #require(items.messages.first)
        #expect(message.envelope.data.attachments.map(\.status) == [.stored, .stored, .missing])
        #expect(message.contents == [0: Array("hello".utf8), 1: Array("ho".utf8)])
        #expect(message.envelope.data.attachments[1].mediaType == "text/plain")
    }

    @Test func `A callback has its number, its window and its zone`() throws {
        let items = try Self.read(
            #"{ "lead": { "tel": "030 1234567", "who": "Ana" }, "when": { "from": "2026-01-02T10:00:00+01:00", "to": "2026-01-02T11:00:00+01:00" }, "why": "Card stolen", "ref": 12 }"#,
            #"{ "id": "/ref", "text": "/why", "country": { "value": "DE" }, "from": { "phone": "/lead/tel", "name": "/lead/who" }, "callback": { "start": "/when/from", "end": "/when/to" } }"#,
            channel: .phoneCallback
        )
        let message = try #require(items.messages.first)
        #expect(message.envelope.type == .callbackRequested)
        #expect(message.envelope.data.callback?.phone == "+49301234567")
        #expect(message.envelope.data.callback?.windows.first?.start?.rfc3339 == "2026-01-02T09:00:00Z")
        #expect(message.envelope.data.body.text.contains("Card stolen"))
        #expect(message.keys.first?.strength == .authoritative)
    }

    @Test func `A header can be a field, and HTML becomes text`() throws {
        let items = try Self.read(
            #"{ "m": "<p>Hello <b>you</b></p>" }"#,
            #"{ "id": { "header": "X-Event-ID" }, "text": { "at": "/m", "html": true } }"#,
            headers: ["x-event-id": "e-1"]
        )
        #expect(items.messages.first?.envelope.data.messageID == "e-1")
        #expect(items.messages.first?.envelope.data.body.text == "Hello you")
    }

    @Test func `A text that is said of every message can't make a flood of a little payload`() throws {
        let items = Array(repeating: #"{"a":1}"#, count: 2000).joined(separator: ",")
        let payload = #"{ "long": "\#(String(repeating: "x", count: 20_000))", "m": [\#(items)] }"#
        var limits = Limits()
        limits.messageBytes = 200_000
        let mapping = #"{ "each": "/m", "text": { "document": "/long" } }"#
        let found = try Self.read(Array(payload.utf8), mapping, limits: limits)
        #expect(found.messages.count < 20)
        #expect(found.rejected.map(\.reason) == ["mapping_too_long"])
    }

    @Test func `Every prefix of a payload is read without a trap`() throws {
        let payload = Array(#"{ "events": [{ "kind": "message", "id": 1, "text": "a", "t": 1 }] }"#.utf8)
        for length in 0...payload.count { _ = try Self.read(Array(payload.prefix(length)), Self.shop) }
    }

    // MARK: - What is wrong in a mapping

    @Test(arguments: [
        (Channel.webChat, #"{ "text": "message" }"#, "is no JSON Pointer"),
        (.webChat, #"{ "text": "/a~b" }"#, "write '~' as '~0'"),
        (.webChat, #"{ "id": "/a" }"#, "say where 'text' stands"),
        (.webChat, #"{ "text": {} }"#, "say where it stands"),
        (.webChat, #"{ "text": { "at": "/a", "value": "b" } }"#, "only one can be the place"),
        (.webChat, #"{ "text": { "at": "/a", "unit": "ms" } }"#, "'unit' is for the number of a time"),
        (.webChat, #"{ "text": "/a", "id": { "at": "/a", "html": true } }"#, "'html' is for"),
        (
            .webChat, #"{ "text": "/a", "from": { "role": { "at": "/r", "words": { "x": "boss" } } } }"#,
            "'boss' is no role"
        ),
        (.webChat, #"{ "text": "/a", "callback": { "window": "/w" } }"#, "has no meaning for web_chat"),
        (.webChat, #"{ "text": "/a", "ignore_when": [{ "at": "/e" }] }"#, "a condition has one test"),
        (.webChat, #"{ "text": "/a", "ignore_when": [{ "is": "x" }] }"#, "say where it stands"),
        (.webChat, #"{ "text": "/a", "attachments": { "at": "/f", "name": "/n" } }"#, "say 'url' or 'content'"),
        (.phoneCallback, #"{ "text": "/a" }"#, "say where 'from.phone' stands"),
    ])
    func `A mistake in a mapping is named`(channel: Channel, json: String, words: String) throws {
        var decoder = FieldMappingDecoder(channel: channel)
        _ = decoder.decode(try JSONDocument.parse(Array(json.utf8)))
        #expect(decoder.problems.contains { $0.words.contains(words) }, "\(decoder.problems)")
    }
}

extension [ParsedItem] {
    var messages: [ParsedMessage] { compactMap { if case .message(let held) = $0 { held.message } else { nil } } }
    var rejected: [RejectedInput] { compactMap { if case .rejected(let input) = $0 { input } else { nil } } }
    var ignored: [String] { compactMap { if case .ignored(let input) = $0 { input.kind } else { nil } } }
}
