import GatehouseCore
import Testing

@testable import WebChatAdapter

struct GenericChatTests {
    @Test func `A transcript has visitor, bot, agent, note and attachment`() throws {
        let items = try read(Sample.bytes("generic-transcript-zh.json"), as: "generic-chat")
        let data = items.messages.map(\.envelope.data)
        #expect(data.map(\.direction) == [.inbound, .outbound, .outbound, .internal, .inbound])
        #expect(data[1].automated == .bot)
        #expect(data[2].inReplyTo == ["m1"])
        #expect(data[0].customer?.phone == "+886912345678")
        #expect(data[4].attachments.first?.expiresAt?.rfc3339 == "2026-03-12T05:04:31Z")
        #expect(Set(data.map(\.conversationID)) == ["c-20260311-0042"])
        #expect(items.ignored == ["typing"])
        #expect(items.messages[0].keys == [IdentityKey(.authoritative, "generic:exchange.example:c-20260311-0042:m1")])
    }

    @Test(arguments: [
        (#""2026-03-04T05:06:07+01:00""#, "2026-03-04T04:06:07Z", TimePrecision.s, "stated"),
        (#""2026-03-04T05:06:07Z""#, "2026-03-04T05:06:07Z", .s, "UTC"),
        (#""2026-03-04 05:06""#, "2026-03-04T05:06:00Z", .min, "assumed:UTC"),
        ("1772600767", "2026-03-04T05:06:07Z", .s, "UTC"), (#""1772600767""#, "2026-03-04T05:06:07Z", .s, "UTC"),
        ("1772600767123", "2026-03-04T05:06:07.123Z", .ms, "UTC"),
        ("1772600767123456", "2026-03-04T05:06:07.123Z", .ms, "UTC"),
        ("1772600767123456789", "2026-03-04T05:06:07.123Z", .ms, "UTC"),
        ("1772600767.5", "2026-03-04T05:06:07.500Z", .ms, "UTC"),
        (#""Wed, 04 Mar 2026 05:06:07 +0000""#, "2026-03-04T05:06:07Z", .s, "UTC"),
    ])
    func `A time is read in every form`(time: String, utc: String, precision: TimePrecision, zone: String) throws {
        let text = #"{"conversation_id":"1","from":"visitor","text":"x","sent_at":\#(time)}"#
        let times = try #require(try read(text, as: "generic-chat").messages.first).envelope.data.times
        #expect(times.sentAt?.rfc3339 == utc)
        #expect(times.precision == precision)
        #expect(times.zone == zone)
    }

    @Test func `A stated zone is applied to times without one`() throws {
        let text =
            #"{"conversation_id":"1","time_zone":"Europe/Berlin","messages":[{"text":"x","sent_at":"2026-07-01 12:00"}]}"#
        let times = try #require(try read(text, as: "generic-chat").messages.first).envelope.data.times
        guard TimeZoneTable(name: "Europe/Berlin") != nil else { return print("skipped: no tz database") }
        #expect(times.sentAt?.rfc3339 == "2026-07-01T10:00:00Z")
        #expect(times.zone == "assumed:Europe/Berlin")
    }

    @Test func `A time that is none is a warning, and the message lives`() throws {
        let message = try #require(
            try read(#"{"conversation_id":"1","text":"x","sent_at":"soon"}"#, as: "generic-chat").messages.first
        )
        #expect(message.envelope.data.warnings == ["date_unparsed:soon"])
        #expect(message.keys.isEmpty)
    }

    @Test func `Equal messages of a list without ids stay apart`() throws {
        let messages = try read(Sample.bytes("generic-no-ids-de.json"), as: "generic-chat").messages
        #expect(messages.count == 4)
        #expect(Set(messages.flatMap(\.keys)).count == 4)
        #expect(messages.map(\.ordinal) == [0, 0, 0, 1])
    }

    @Test func `A list is read in the source's zone`() throws {
        guard TimeZoneTable(name: "Europe/Berlin") != nil else { return print("skipped: no tz database") }
        var context = IntakeContext(source: "/web_chat/test")
        context.timeZone = "Europe/Berlin"
        let text = #"[{"from":"visitor","text":"x","sent_at":"2026-07-01 12:00"}]"#
        let read = try read(Array(text.utf8), as: "generic-chat", context: context)
        let times = try #require(read.messages.first).envelope.data.times
        #expect(times.sentAt?.rfc3339 == "2026-07-01T10:00:00Z")
        #expect(times.zone == "assumed:Europe/Berlin")
    }

    @Test func `What is whole of a list that breaks off has the keys that it has in the whole list`() throws {
        let bytes = try Sample.bytes("generic-no-ids-de.json")
        let whole = try read(bytes, as: "generic-chat").messages.map(\.keys)
        for length in 2..<bytes.count - 3 {
            let cut = try read(Array(bytes.prefix(length)), as: "generic-chat")
            #expect(cut.messages.map(\.keys) == Array(whole.prefix(cut.messages.count)), "cut at \(length)")
            #expect(cut.rejected.map(\.reason) == ["json_truncated"], "cut at \(length)")
        }
        #expect(try read(Array(bytes.dropLast(4)), as: "generic-chat").messages.count == 3)
        // What only the whole list's bytes would tell from an equal one is not made a message of.
        let unknown = try read(#"[{"from":"visitor","text":"x"},{"from":"vis"#, as: "generic-chat")
        #expect(unknown.messages.isEmpty && unknown.rejected.count == 1)
    }

    @Test func `A message in a list has the key that it has by itself`() throws {
        let text = #"{"id":"7","account":"a","conversation_id":"c","from":"visitor","text":"x"}"#
        let alone = try read(text, as: "generic-chat").messages.map(\.keys)
        #expect(alone.count == 1)
        #expect(try read("[\(text)]", as: "generic-chat").messages.map(\.keys) == alone)
    }

    @Test func `A message without words or files is rejected, its neighbours are not`() throws {
        let items = try read(
            #"{"conversation_id":"1","messages":[{"id":"1"},{"id":"2","text":"x"}]}"#,
            as: "generic-chat"
        )
        #expect(items.rejected.map(\.reason) == ["no_text"])
        #expect(items.messages.count == 1)
    }

    @Test func `Another version of the format is refused by name`() throws {
        #expect(
            try read(#"{"format":"gatehouse-chat/9","text":"x"}"#, as: "generic-chat").rejected.map(\.reason) == [
                "unknown_version"
            ]
        )
    }

    @Test func `Text is stored in form C with LF`() throws {
        let text = #"{"conversation_id":"1","id":"1","text":"Cafe\u0301\r\nb\u0000"}"#
        #expect(try read(text, as: "generic-chat").messages.first?.envelope.data.body.text == "Café\nb\u{FFFD}")
    }

    @Test func `A deep document is survived`() throws {
        let text = #"{"format":"gatehouse-chat/1","x":"# + String(repeating: "[", count: 100_000)
        #expect(try read(text, as: "generic-chat").rejected.count == 1)
    }
}
