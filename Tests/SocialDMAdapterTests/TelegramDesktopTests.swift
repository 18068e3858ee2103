import Foundation
import GatehouseCore
import Testing

@testable import SocialDMAdapter

@Suite struct TelegramDesktopTests {
    private func chat(_ messages: String, type: String = "personal_chat") -> String {
        #"{"name":"Ann","type":"\#(type)","id":42,"messages":[\#(messages)]}"#
    }

    private func message(_ fields: String, id: Int = 1) -> String {
        #"{"id":\#(id),"type":"message","date_unixtime":"1767000000","from":"Ann","from_id":"user42",\#(fields)}"#
    }

    private func data(_ text: String, change: (inout IntakeContext) -> Void = { _ in }) throws -> MessageData {
        try #require(try parse(Array(text.utf8), as: "telegram-desktop", change: change).messages.first).envelope.data
    }

    @Test(arguments: [
        (#""text":"a\x0Bb""#, "a\u{B}b"), (#""text":["a ",{"type":"bold","text":"b"}," c"]"#, "a b c"),
        (#""text":[{"type":"text_link","text":"here","href":"https://example.org"}]"#, "here (https://example.org)"),
        (#""text":"","text_entities":[{"type":"plain","text":"x"}]"#, "x"), (#""text":[]"#, ""), (#""text":null"#, ""),
        (#""text":[[1],{}]"#, ""),
        (#""text":"","poll":{"question":"Q?","answers":[{"text":"A"},{"text":"B"}]}"#, "Q?\n- A\n- B"),
        (#""text":"","location_information":{"latitude":52.5,"longitude":13.4}"#, "geo:52.5,13.4"),
        (#""text":"","contact_information":{"first_name":"Bo","last_name":"","phone_number":"+49 1"}"#, "Bo +49 1"),
        (
            #""text":"","place_name":"Bar","address":"Weg 1","location_information":{"latitude":52.5,"longitude":13.4}"#,
            "Bar\nWeg 1\ngeo:52.5,13.4"
        ),
        (#""text":"","place_name":"Bar","address":"Weg 1""#, "Bar\nWeg 1"),
        (#""text":"","game_title":"G","game_link":"https://t.me/x""#, "G\nhttps://t.me/x"),
        (#""text":"","invoice_information":{"title":"T","amount":500,"currency":"EUR"}"#, "T\n500 EUR"),
        (#""text":"","todo_list":{"title":"T","answers":[{"text":"a","id":1}]}"#, "T\n- a"),
        (#""text":"","file":"stickers/a.webp","sticker_emoji":"😂""#, "😂"),
    ])
    func `Text comes in many shapes`(fields: String, text: String) throws {
        #expect(try data(chat(message(fields))).body.text == text)
    }

    @Test func `What a message is without words or files is named, and a card's file is kept`() throws {
        let empty = try data(chat(message(#""text":"","giveaway_information":{"quantity":1}"#)))
        #expect(empty.warnings == ["unsupported_content:giveaway_information"])
        let card = #""text":"","contact_information":{"first_name":"Bo"},"contact_vcard":"contacts/contact_1.vcard""#
        #expect(try data(chat(message(card))).attachments.map(\.name) == ["contact_1.vcard"])
    }

    @Test(arguments: [
        (#""edited":"1970-01-01T01:00:00""#, false), (#""edited":"2026-01-02T03:04:05""#, true),
        (#""edited":"2026-01-02T03:04:05","edited_unixtime":"1767323045""#, true), (#""edited_unixtime":"0""#, false),
    ])
    func `The year 1970 is how old exports say that nothing was edited`(fields: String, isEdited: Bool) throws {
        #expect(try data(chat(message(#""text":"a","# + fields))).warnings.contains("edited") == isEdited)
    }

    @Test func `Notes to oneself are nobody's request`() throws {
        let note = try data(chat(message(#""text":"a""#), type: "saved_messages"))
        #expect(note.direction == .internal && note.customer == nil && note.from.first?.role == .agent)
    }

    @Test func `Ids are those of the chat`() throws {
        let one = try parse(chat(message(#""text":"a","reply_to_message_id":7"#)), as: "telegram-desktop")
        #expect(one.keys == ["telegram:user42:1"])
        #expect(one.messages[0].envelope.data.inReplyTo == ["telegram:user42:7"])
        let group = try parse(chat(message(#""text":"a""#), type: "private_supergroup"), as: "telegram-desktop")
        #expect(group.keys == ["telegram:channel42:1"])
        #expect(group.messages[0].envelope.data.subject == "Ann")
    }

    @Test(arguments: [
        ("42", "user42"), ("\"user42\"", "user42"), ("4294967338", "chat42"), ("8589934634", "channel42"),
        ("\"channel42\"", "channel42"),
    ])
    func `Old and new forms of an id mean the same`(written: String, id: String) throws {
        let text = chat(
            #"{"id":1,"type":"message","date_unixtime":1767000000,"from":"x","from_id":\#(written),"text":"a"}"#,
            type: "private_group"
        )
        #expect(try data(text).from[0].id == id)
    }

    @Test func `In a chat of two the other one is the customer`() throws {
        let own = #"{"id":2,"type":"message","date_unixtime":"1767000001","from":"Me","from_id":"user7","text":"b"}"#
        let deleted = #"{"id":3,"type":"message","date_unixtime":"1767000002","from":null,"text":"c"}"#
        let parsed = try parse(chat(message(#""text":"a""#) + "," + own + "," + deleted), as: "telegram-desktop")
        #expect(parsed.messages.map(\.envelope.data.direction) == [.inbound, .outbound, .inbound])
        #expect(parsed.messages[1].envelope.data.customer?.id == "user42")
        #expect(parsed.messages.allSatisfy { $0.envelope.data.warnings.isEmpty })
    }

    @Test func `A time without zone is read in the configured one`() throws {
        let text = chat(
            #"{"id":1,"type":"message","date":"2026-07-02T12:00:00","from":"Ann","from_id":"user42","text":"a"}"#
        )
        let plain = try data(text)
        #expect((plain.times.sentAt?.rfc3339, plain.times.zone) == ("2026-07-02T12:00:00Z", "assumed:UTC"))
        let fixed = try data(text) { $0.timeZone = "+02:00" }
        #expect((fixed.times.sentAt?.rfc3339, fixed.times.zone) == ("2026-07-02T10:00:00Z", "assumed:+02:00"))
        guard TimeZoneTable(name: "Europe/Berlin") != nil else { return print("skipped: no tz database here") }
        let berlin = try data(text) { $0.timeZone = "Europe/Berlin" }
        #expect((berlin.times.sentAt?.rfc3339, berlin.times.zone) == ("2026-07-02T10:00:00Z", "assumed:Europe/Berlin"))
    }

    @Test(arguments: [
        ("(File not included. Change data exporting settings to download.)", AttachmentStatus.omitted),
        ("(File exceeds maximum size. Change data exporting settings to download.)", .omitted),
        ("(File unavailable, please try again later)", .missing), ("photos/photo_1.jpg", .missing),
        ("../../etc/passwd", .missing),
    ])
    func `A sentence is no path`(name: String, status: AttachmentStatus) throws {
        let attachments = try data(chat(message(#""text":"","photo":"\#(name)""#))).attachments
        #expect(attachments.map(\.status) == [status])
        #expect((attachments[0].name == nil) == name.hasPrefix("("))
    }

    @Test func `Files beside the export are read`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gatehouse-tg-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("files"),
            withIntermediateDirectories: true
        )
        try Data("%PDF-1.4".utf8).write(to: folder.appendingPathComponent("files/рахунок (1).pdf"))
        let fields =
            #""text":"","file":"files/рахунок (1).pdf","file_name":"рахунок.pdf","mime_type":"application/pdf","thumbnail":"files/t.jpg""#
        let path = folder.appendingPathComponent("result.json").path
        let parsed = try parse(chat(message(fields)), as: "telegram-desktop", path: path)
        let info = try #require(parsed.messages[0].envelope.data.attachments.first)
        #expect(
            (info.name, info.mediaType, info.detectedType, info.size, info.status) == (
                "рахунок.pdf", "application/pdf", "application/pdf", 8, .stored
            )
        )
        #expect(parsed.messages[0].contents[0] == Array("%PDF-1.4".utf8))
        var limits = Limits()
        limits.messageBytes = 4
        let small = try parse(Array(chat(message(fields)).utf8), as: "telegram-desktop", path: path) {
            $0.limits = limits
        }
        #expect(small.messages.isEmpty && small.rejected.map(\.reason) == ["message_too_large"])
    }

    @Test func `Service messages are counted by name, a missed call is one of ours`() throws {
        func service(_ fields: String) -> String {
            #"{"id":1,"type":"service","date_unixtime":"1767000000","actor":"Ann","actor_id":"user42",\#(fields)}"#
        }
        let text = chat(
            [
                service(#""action":"invite_members""#), service(#""action":"phone_call","discard_reason":"hangup""#),
                service(#""action":"phone_call","discard_reason":"missed""#), service(#""x":1"#),
                #"{"id":2,"type":"unsupported"}"#,
            ].joined(separator: ",")
        )
        let parsed = try parse(text, as: "telegram-desktop")
        #expect(
            parsed.order == [
                "ignored:service_invite_members", "ignored:service_phone_call", "message", "ignored:service_unknown",
                "ignored:unsupported_message",
            ]
        )
        #expect(parsed.messages[0].envelope.type == .callMissed)
    }

    @Test func `A message that is too large is rejected alone`() throws {
        var limits = Limits()
        limits.messageBytes = 400
        let text = chat(
            message(#""text":"a""#) + "," + message("\"text\":\"" + String(repeating: "x", count: 1000) + "\"", id: 2)
                + "," + message(#""text":"c""#, id: 3)
        )
        let parsed = try parse(Array(text.utf8), as: "telegram-desktop") { $0.limits = limits }
        #expect(parsed.order == ["message", "rejected:message_too_large", "message"])
        #expect(parsed.texts == ["a", "c"])
    }

    @Test(arguments: ["\"x", "x\"", "}", "{", "]", "\\", "\"a\": tru\"e,", "\u{0}"])
    func `A broken message costs itself alone`(damage: String) throws {
        var text = String(decoding: try SampleFolder.bytes("telegram-stuck-withdrawal.json"), as: UTF8.self)
        let place = try #require(text.range(of: "\"photo_file_size\""))
        text.insert(contentsOf: damage, at: place.lowerBound)
        let parsed = try parse(text, as: "telegram-desktop")
        let ids = parsed.messages.map(\.envelope.data.messageID)
        #expect(ids.contains("telegram:user6123456789:4010"))
        #expect(ids.contains("telegram:user6123456789:4012"))
        #expect(ids.contains("telegram:user6123456789:4013"))
        if !ids.contains("telegram:user6123456789:4011") { #expect(parsed.rejected.count >= 1, "\(parsed.order)") }
    }

    @Test func `Without ids a chat still has keys, and equal messages both live`() throws {
        let text =
            #"{"messages":[{"type":"message","date_unixtime":"1","from":"A","text":"ok"},{"type":"message","date_unixtime":"1","from":"A","text":"ok"}]}"#
        let parsed = try parse(text, as: "telegram-desktop")
        #expect(Set(parsed.keys).count == 2)
        #expect(parsed.messages.map(\.ordinal) == [0, 1])
    }

    @Test func `The owner of a full export is the one whose data it is`() throws {
        let text =
            #"{"personal_information":{"user_id":7,"first_name":"Me"},"left_chats":{"list":[{"id":9,"type":"private_group","name":"G","messages":[{"id":1,"type":"message","date_unixtime":"1","from":"Me","from_id":"user7","text":"a"},{"id":2,"type":"message","date_unixtime":"1","from":"Me","from_id":"user8","text":"b"}]}]}}"#
        #expect(
            try parse(text, as: "telegram-desktop").messages.map(\.envelope.data.direction) == [.outbound, .inbound]
        )
    }
}
