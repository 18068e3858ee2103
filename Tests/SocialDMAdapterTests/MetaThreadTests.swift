import Foundation
import GatehouseCore
import Testing

@testable import SocialDMAdapter

@Suite struct MetaThreadTests {
    private static let rest =
        #""participants":[{"name":"Ann"},{"name":"Shop"}],"title":"Ann","thread_path":"inbox/ann_1""#

    private func thread(_ messages: String, rest: String = rest) -> String { "{\(rest),\"messages\":[\(messages)]}" }

    private func message(_ text: String, at time: Int = 1_767_000_000_000, from name: String = "Ann") -> String {
        #"{"sender_name":"\#(name)","timestamp_ms":\#(time),"content":"\#(text)","type":"Generic"}"#
    }

    @Test(arguments: [
        (#"caf\u00c3\u00a9"#, "café"), (#"\u00f0\u009f\u0098\u00ad"#, "😭"), (#"caf\u00e9"#, "café"),
        ("café €", "café €"), ("plain", "plain"),
        (#"\u00d0\u009f\u00d1\u0080\u00d0\u00b8"#, "При"), (#"\u00c3\u00a9 and \u20ac"#, "Ã© and €"), (#"\u00c3"#, "Ã"),
    ])
    func `Text is repaired where it needs it, and only there`(written: String, text: String) throws {
        #expect(try parse(thread(message(written)), as: "messenger").texts == [text])
    }

    @Test func `Equal messages of one moment both live, and a longer export gives the same keys`() throws {
        let twice = [message("ok"), message("ok")].joined(separator: ",")
        let short = try parse(thread(twice), as: "messenger")
        let long = try parse(thread(message("new", at: 1_767_000_000_001) + "," + twice), as: "messenger")
        #expect(Set(short.keys).count == 2)
        #expect(short.messages.map(\.ordinal) == [0, 1])
        #expect(Array(long.keys.dropFirst()) == short.keys)
    }

    @Test func `The two forms of one chat give one key for one message`() throws {
        let plain = try parse(thread(message(#"caf\u00c3\u00a9"#)), as: "messenger")
        let encrypted = try parse(
            #"{"participants":["Shop","Ann"],"threadName":"Ann","messages":[{"senderName":"Ann","text":"café","timestamp":1767000000000,"type":"text"}]}"#,
            as: "messenger"
        )
        #expect(plain.keys == encrypted.keys)
        #expect(plain.messages[0].envelope.data.conversationID == "messenger:ann_1")
    }

    @Test func `A thread of two is called after the customer`() throws {
        let parsed = try parse(thread(message("a") + "," + message("b", from: "Shop")), as: "messenger")
        #expect(parsed.messages.map(\.envelope.data.direction) == [.inbound, .outbound])
        #expect(parsed.messages.map(\.envelope.data.customer?.name) == ["Ann", "Ann"])
        // The account is the scope of the keys: it is configured or absent, whatever this one document knows.
        #expect(parsed.messages.allSatisfy { $0.envelope.data.account == nil })
    }

    @Test func `What names the thread may stand behind its messages`() throws {
        let text = "{\"messages\":[\(message("a"))],\(Self.rest)}"
        #expect(try parse(text, as: "messenger").messages[0].envelope.data.conversationID == "messenger:ann_1")
    }

    @Test func `What is no message is counted by name, and a missed call is one`() throws {
        let events = #"""
            {"sender_name":"Ann","timestamp_ms":1,"type":"Call","call_duration":65},
            {"sender_name":"Ann","timestamp_ms":2,"type":"Call","call_duration":0,"missed":true},
            {"sender_name":"Ann","timestamp_ms":3,"type":"Subscribe","users":[]},{"sender_name":"Ann","timestamp_ms":4,"type":"Unsubscribe"},
            {"sender_name":"Ann","timestamp_ms":5,"type":"Generic"},
            {"sender_name":"Ann","timestamp_ms":6,"content":"gone","is_unsent":true},
            {"sender_name":"Ann","timestamp_ms":7,"content":"a","reactions":[{"reaction":"x","actor":"Shop"}]}
            """#
        let parsed = try parse(thread(events), as: "messenger")
        #expect(
            parsed.order == [
                "ignored:call", "message", "ignored:participants_joined", "ignored:participants_left",
                "ignored:empty_message", "message", "message", "ignored:reaction",
            ]
        )
        #expect(parsed.messages.map(\.envelope.type) == [.callMissed, .messageDeleted, .messageCreated])
        #expect(parsed.messages[1].envelope.data.body.text.isEmpty)
    }

    @Test(arguments: [
        ("messages/inbox/ann_1/photos/p.gif", AttachmentStatus.stored), ("messages/stickers_used/s.gif", .stored),
        ("./media/m.gif", .stored),
        ("messages/inbox/ann_1/photos/none.gif", .missing), ("messages/../../secret.gif", .missing),
        ("../p.gif", .missing),
        ("/etc/passwd", .missing), ("messages/inbox/ann_1/photos/link.gif", .missing),
        ("messages/inbox/ann_1/photos", .missing),
        ("messages/inbox/ann_1/outside/secret.gif", .missing), ("https://media.example.org/x.gif?k=1", .remote),
        ("", .missing),
    ])
    func `A file of the export is read, and nothing outside it`(uri: String, status: AttachmentStatus) throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("gatehouse-meta-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        let box = root.appendingPathComponent("export/messages/inbox/ann_1")
        for name in ["photos", "media"] {
            try FileManager.default.createDirectory(
                at: box.appendingPathComponent(name),
                withIntermediateDirectories: true
            )
        }
        let stickers = root.appendingPathComponent("export/messages/stickers_used")
        try FileManager.default.createDirectory(at: stickers, withIntermediateDirectories: true)
        let secret = root.appendingPathComponent("secret.gif")
        for file in [
            box.appendingPathComponent("photos/p.gif"), box.appendingPathComponent("media/m.gif"),
            stickers.appendingPathComponent("s.gif"), secret,
        ] {
            try Data("GIF89a".utf8).write(to: file)
        }
        try FileManager.default.createSymbolicLink(
            at: box.appendingPathComponent("photos/link.gif"),
            withDestinationURL: secret
        )
        try FileManager.default.createSymbolicLink(at: box.appendingPathComponent("outside"), withDestinationURL: root)
        let text = thread(#"{"sender_name":"Ann","timestamp_ms":1,"content":"a","photos":[{"uri":"\#(uri)"}]}"#)
        let parsed = try parse(text, as: "messenger", path: box.appendingPathComponent("message_1.json").path)
        let data = try #require(parsed.messages.first).envelope.data
        #expect(data.attachments.map(\.status) == [status])
        #expect(parsed.messages[0].contents.isEmpty == (status != .stored))
    }

    @Test func `Names decide between the two networks, and a doubt stays one`() {
        func found(_ text: String, _ name: String) -> [FormatMatch] {
            SocialDMAdapter().recognise(head: Array(text.utf8), name: name, headers: [:])
        }
        let bare = #"{"messages":[{"sender_name":"A","timestamp_ms":1,"content":"x"}]}"#
        #expect(
            found(bare, "your_instagram_activity/messages/inbox/a_1/message_1.json").first
                == FormatMatch(format: "instagram", confidence: .certain)
        )
        #expect(
            found(bare, "your_facebook_activity/messages/inbox/a_1/message_1.json").first
                == FormatMatch(format: "messenger", confidence: .certain)
        )
        #expect(found(bare, "message_1.json").map(\.confidence) == [.possible, .possible])
        #expect(
            found(thread(message("x")), "message_1.json").first == FormatMatch(format: "messenger", confidence: .likely)
        )
    }

    @Test func `Times outside the calendar are doubts, not traps`() throws {
        for time in ["9223372036854775807", "-9223372036854775808", "1e300", "NaN", "\"x\"", "null", "253402300800000"]
        {
            let parsed = try parse(
                thread(#"{"sender_name":"Ann","timestamp_ms":\#(time),"content":"a"}"#),
                as: "messenger"
            )
            #expect(parsed.messages.count == 1)
            #expect(parsed.messages[0].envelope.data.warnings.contains("time_missing"))
            #expect(parsed.messages[0].keys.isEmpty)
        }
    }
}

@Suite struct MetaPageTests {
    private func page(_ messages: String) -> String {
        "<!DOCTYPE html><html><head><title>Ann</title></head><body><div><div>Participants: Ann, Shop</div>\(messages)</div></body></html>"
    }

    @Test(arguments: [
        "<div><div>Ann</div><div>hi &amp; <br>you</div><div>Oct 19, 2019, 2:37 PM</div></div>",
        "<section class=\"_a6-g\"><h2>Ann</h2><div><div><div></div><div>hi &amp; <br>you</div></div><ul><li>👍Shop</li></ul></div><footer><div>Oct 19, 2019 2:37:00 pm</div></footer></section>",
        "<div class=\"pam\"><div>Ann</div><div><div><div></div><div>hi &amp; <br>you</div><div></div></div></div><div>19 Oct 2019, 14:37</div></div>",
    ])
    func `A message is found whatever its elements are called`(block: String) throws {
        let parsed = try parse(page(block + block), as: "messenger-html")
        #expect(parsed.texts == ["hi &\nyou", "hi &\nyou"])
        #expect(parsed.messages.map(\.envelope.data.from[0].name) == ["Ann", "Ann"])
        #expect(parsed.messages.map { $0.envelope.time?.rfc3339 } == Array(repeating: "2019-10-19T14:37:00Z", count: 2))
        #expect(parsed.messages[0].envelope.data.direction == .inbound)
        #expect(Set(parsed.keys).count == 2)
        #expect(parsed.rejected.isEmpty)
    }

    @Test func `A date that somebody wrote is text`() throws {
        let block =
            "<div><div>Ann</div><div><div>Oct 18, 2019, 1:00 PM</div></div><div>Oct 19, 2019, 2:37 PM</div></div>"
        let parsed = try parse(page(block), as: "messenger-html")
        #expect(parsed.texts == ["Oct 18, 2019, 1:00 PM"])
        #expect(parsed.messages[0].envelope.time?.rfc3339 == "2019-10-19T14:37:00Z")
    }

    @Test func `Pictures are attachments, and a page that is cut says so`() throws {
        let block =
            "<div><div>Ann</div><div>see</div><div><img src=\"photos/a.png\"></div><div>Oct 19, 2019, 2:37 PM</div></div>"
        let whole = page(block + block)
        #expect(try parse(whole, as: "messenger-html").messages[1].envelope.data.attachments.map(\.name) == ["a.png"])
        let cut = try parse(String(whole.dropLast(40)), as: "messenger-html")
        #expect(cut.order == ["message", "rejected:html_truncated"])
    }

    @Test func `A thread of the encrypted form may have its file's number behind its name`() throws {
        let thread =
            #"{"participants":["Ann","Shop"],"threadName":"Ann_12","messages":["#
            + #"{"senderName":"Shop","text":"hi","timestamp":1767000000000,"type":"text","isUnsent":false,"media":[],"reactions":[]}]}"#
        let parsed = try parse(thread, as: "messenger")
        #expect(parsed.messages.map(\.envelope.data.direction) == [.outbound])
        #expect(parsed.messages.first?.envelope.data.customer?.name == "Ann")
    }

    @Test(arguments: [
        (#""call_duration":0"#, 1), (#""call_duration":12"#, 0), (#""call_duration":0,"missed":false"#, 0),
    ])
    func `A call without a length was missed`(fields: String, count: Int) throws {
        let thread =
            #"{"participants":[{"name":"Ann"},{"name":"Shop"}],"title":"Ann","messages":["#
            + #"{"sender_name":"Ann","timestamp_ms":1767000000000,"type":"Call","# + fields + "}]}"
        #expect(try parse(thread, as: "messenger").messages.count { $0.envelope.type == .callMissed } == count)
    }

    @Test(arguments: [
        (
            "x/your_instagram_activity/messages/inbox/a_1/message_1.json",
            #"{"participants":[{"name":"a"}],"messages":[],"title":"a","thread_path":"inbox/a_1"}"#, "instagram"
        ),
        ("x/Ann_1.json", #"{"participants":["Ann","Shop"],"threadName":"Ann_1","messages":[]}"#, "messenger"),
    ])
    func `A chat without messages is one`(name: String, text: String, format: String) throws {
        let found = SocialDMAdapter().recognise(head: Array(text.utf8), name: name, headers: [:])
        #expect(found.first?.format == format)
        #expect(found.count == 1 || found[0].confidence > found[1].confidence)
        #expect(try parse(text, as: format, path: "/tmp/none/" + name).order.isEmpty)
    }

    @Test(arguments: [
        ("1065000000001", [Direction.inbound, .outbound]), ("Shop", [.inbound, .outbound]),
        ("Ann", [.outbound, .inbound]),
    ])
    func `An account that no participant has says nothing of two people`(account: String, expected: [Direction]) throws
    {
        let text = #"""
            {"participants":[{"name":"Ann"},{"name":"Shop"}],"title":"Ann","messages":[
            {"sender_name":"Ann","timestamp_ms":1767000000000,"content":"a"},{"sender_name":"Shop","timestamp_ms":1767000000001,"content":"b"}]}
            """#
        let parsed = try parse(text, as: "messenger", account: account)
        #expect(parsed.messages.map(\.envelope.data.direction) == expected)
    }
}
