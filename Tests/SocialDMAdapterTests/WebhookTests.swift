import Foundation
import GatehouseCore
import Testing

@testable import SocialDMAdapter

/// A payload, the format that it is, and what comes of it: `created <key> <text>`, `ignored <kind>`, `rejected <reason>`.
struct WebhookCase: CustomTestStringConvertible {
    let format: String
    let payload: String
    let items: [String]

    init(_ format: String, _ payload: String, _ items: [String]) {
        self.format = format
        self.payload = payload
        self.items = items
    }

    var testDescription: String { "\(format): \(items.joined(separator: ", "))" }
}

/// The items of one input in a line each.
func outline(_ text: String, as format: String, account: String? = nil) throws -> [String] {
    var lines: [String] = []
    let context = IntakeContext(source: "/social_dm/test", account: account)
    let input = AdapterInput(
        bytes: ByteReader(bytes: Array(text.utf8), name: "test"),
        position: "test",
        context: context
    )
    try SocialDMAdapter().parse(input, format: format) { item in
        switch item {
        case .message(let held):
            let message = held.message
            let type = message.envelope.type.rawValue.split(separator: ".").last.map(String.init) ?? ""
            let words = [type, message.keys.first?.value ?? "-", message.envelope.data.body.text]
            lines.append(words.filter { !$0.isEmpty }.joined(separator: " "))
        case .ignored(let input): lines.append("ignored \(input.kind)")
        case .rejected(let input): lines.append("rejected \(input.reason)")
        }
    }
    return lines
}

@Suite struct WebhookTests {
    static let samples = [
        ("x-webhook-stuck-withdrawal-es.json", "x-webhook"),
        ("messenger-webhook-card-charged-fr.json", "messenger-webhook"),
        ("instagram-webhook-stolen-account-pt.json", "instagram-webhook"),
        ("whatsapp-webhook-identity-refused-ar.json", "whatsapp-webhook"),
        ("whatsapp-webhook-sender-without-number-id.json", "whatsapp-webhook"),
        ("telegram-webhook-album-ru.json", "telegram-webhook"), ("telegram-webhook-voice-uk.json", "telegram-webhook"),
        ("line-webhook-images-th.json", "line-webhook"), ("viber-webhook-receipt-bg.json", "viber-webhook"),
        ("slack-webhook-thread-en.json", "slack-webhook"), ("slack-webhook-changed-it.json", "slack-webhook"),
        ("slack-command-nl.form", "slack-webhook"), ("slack-handshake.json", "slack-webhook"),
        ("discord-webhook-wallet-de.json", "discord-webhook"), ("twilio-sms-code-pl.form", "twilio-messaging"),
        ("twilio-whatsapp-photo-tr.form", "twilio-messaging"), ("wechat-webhook-frozen-zh.xml", "wechat-webhook"),
    ]

    @Test(arguments: samples)
    func `A sample is recognised as what it is, and as nothing else`(name: String, format: String) throws {
        let found = SocialDMAdapter().recognise(head: try SampleFolder.bytes(name), name: name, headers: [:])
        #expect(found.filter { $0.confidence == .certain }.map(\.format) == [format])
    }

    @Test(arguments: samples)
    func `A sample that comes again has the same keys, and each message its own`(name: String, format: String) throws {
        let bytes = try SampleFolder.bytes(name)
        let first = try parse(bytes, as: format)
        #expect(first.keys == (try parse(bytes, as: format)).keys)
        #expect(first.rejected.isEmpty)
        for message in first.messages {
            #expect(message.envelope.data.conversationID != nil)
            #expect(message.envelope.data.raw.sha256 == SHA256.hex(of: message.raw))
            #expect(message.envelope.data.from.count == 1)
        }
    }

    @Test(arguments: samples)
    func `A payload that is cut gives whole messages and one rejection`(name: String, format: String) throws {
        let bytes = try SampleFolder.bytes(name)
        let whole = Set(try parse(bytes, as: format).keys)
        for length in stride(from: 1, to: bytes.count - 3, by: 13) where !name.hasSuffix(".form") {
            let cut = try parse(Array(bytes.prefix(length)), as: format)
            #expect(cut.rejected.count == 1, "cut at \(length)")
            #expect(whole.isSuperset(of: cut.keys), "cut at \(length)")
        }
    }

    @Test(arguments: samples)
    func `Changed bytes never trap`(name: String, format: String) throws {
        let bytes = try SampleFolder.bytes(name)
        try SampleFolder.changes(of: bytes, with: "\"\\{}[]:,0-9en\u{1}<>&;%+=") { changed in
            _ = try parse(changed, as: format)
            _ = SocialDMAdapter().recognise(head: changed, name: name, headers: [:])
        }
    }

    @Test func `Each envelope holds against the schema`() throws {
        let file = SampleFolder.url.appendingPathComponent("../../deploy/schema/envelope.schema.json")
        let schema = JSONSchema(document: try JSONDocument.parse([UInt8](try Data(contentsOf: file))))
        for (name, format) in Self.samples {
            for message in try parse(try SampleFolder.bytes(name), as: format).messages {
                var envelope = message.envelope
                EnvelopeIdentity.assign(to: &envelope, keys: message.keys, ordinal: message.ordinal, rawDigest: "")
                let value = try JSONDocument.parse(EnvelopeEncoder.encode(envelope), options: .strict)
                #expect(schema.violations(of: value) == [], "\(name)")
            }
        }
    }

    @Test(arguments: WebhookFormats.all.map(\.format.name))
    func `What is no payload is rejected with a reason, never passed over`(format: String) throws {
        for text in ["", " \n", "{}", "null", "[1,2]", "<html></html>", "{\"messages\":5}", "hello", "{\"a\":"] {
            let items = try outline(text, as: format)
            #expect(items.count == 1 && items[0].hasPrefix("rejected"), "\(text): \(items)")
        }
    }

    @Test func `A wrong format says what the payload looks like`() throws {
        let parsed = try parse(try SampleFolder.bytes("line-webhook-images-th.json"), as: "viber-webhook")
        #expect(parsed.rejected.map(\.reason) == ["wrong_format"])
        #expect(parsed.rejected.first?.detail.contains("line-webhook") == true)
    }

    @Test func `Payloads in one array or one after another are all read, and each keeps its own bytes`() throws {
        let one =
            #"{"update_id":1,"message":{"message_id":5,"date":1768993500,"chat":{"id":7,"type":"private"},"#
            + #""from":{"id":7,"first_name":"A"},"text":"one"}}"#
        let two = one.replacingOccurrences(of: ":5,", with: ":6,").replacingOccurrences(of: "one", with: "two")
        let expected = ["created telegram:user7:5 one", "created telegram:user7:6 two"]
        #expect(try outline("[\(one),\(two)]", as: "telegram-webhook") == expected)
        #expect(try outline("\(one)\n\(two)\n", as: "telegram-webhook") == expected)
        #expect(
            try outline("\(one)\n\(two.dropLast(9))", as: "telegram-webhook") == [
                expected[0], "rejected json_truncated",
            ]
        )
        let parsed = try parse("\(one)\n\(two)\n", as: "telegram-webhook")
        #expect(parsed.messages.map { String(decoding: $0.raw, as: UTF8.self) } == [one, two])
    }

    @Test func `A body without its vendor's mark names the formats that it may be`() throws {
        let body =
            #"{"entry":[{"id":"1","time":1,"messaging":[{"sender":{"id":"2"},"recipient":{"id":"1"},"#
            + #""timestamp":1768993500000,"message":{"mid":"x","text":"hi"}}]}]}"#
        let found = SocialDMAdapter().recognise(head: Array(body.utf8), name: "body", headers: [:])
        #expect(found.map(\.format) == ["messenger-webhook", "instagram-webhook"])
        #expect(Set(found.map(\.confidence)) == [.possible])
    }

    @Test func `A header of the vendor's tells what the shape alone does not`() throws {
        let found = SocialDMAdapter().recognise(
            head: Array(#"{"events":[]}"#.utf8),
            name: "body",
            headers: ["x-line-signature": "x"]
        )
        #expect(found == [FormatMatch(format: "line-webhook", confidence: .likely)])
    }

    @Test func `Only a download is an export, for which somebody has to say from when on tickets open`() {
        let adapter = SocialDMAdapter()
        #expect(adapter.isExport("telegram-desktop") && adapter.isExport("x-archive"))
        #expect(WebhookFormats.all.allSatisfy { !adapter.isExport($0.format.name) })
    }

    @Test func `The configured account counts before that of the payload`() throws {
        let bytes = try SampleFolder.bytes("line-webhook-images-th.json")
        #expect(
            try parse(bytes, as: "line-webhook").messages[0].envelope.data.account
                == "U0000000000000000000000000000desk"
        )
        #expect(try parse(bytes, as: "line-webhook", account: "desk").messages[0].envelope.data.account == "desk")
    }

    @Test(
        arguments: [
            ("https://scontent.xx.fbcdn.net/a.jpg?oe=69B0A1F0", "2026-03-10T22:57:52Z"),
            ("https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1&ext=1768992331", "2026-01-21T10:45:31Z"),
            ("https://cdn.discordapp.com/attachments/1/2/a.png?ex=6970f0a0&is=1", "2026-01-21T15:28:32Z"),
            ("https://b.s3.amazonaws.com/a?X-Amz-Date=20260121T100000Z&X-Amz-Expires=3600", "2026-01-21T11:00:00Z"),
            ("https://d.cloudfront.net/a?Expires=1768992331&Signature=x", "2026-01-21T10:45:31Z"),
            ("https://evil.example/a.jpg?oe=69B0A1F0", nil),
            ("https://cdn.discordapp.com/a?ex=ffffffffffffffffff", nil),
            ("https://b.example/a?X-Amz-Date=20261399T100000Z&X-Amz-Expires=3600", nil), ("", nil), ("?#", nil),
            ("#?", nil),
        ] as [(String, String?)]
    )
    func `A link that says until when it works is believed`(url: String, end: String?) {
        #expect(RemoteLink(url).expiry?.rfc3339 == end)
    }
}
