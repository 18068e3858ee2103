import Foundation
import GatehouseCore
import Testing

@testable import SocialDMAdapter

@Suite struct WhatsAppTests {
    private func chat(_ lines: [String], path: String? = nil, account: String? = nil) throws -> Parsed {
        try parse(lines.joined(separator: "\n"), as: "whatsapp", account: account, path: path)
    }

    private func times(_ lines: [String]) throws -> [String] {
        try chat(lines).messages.map { $0.envelope.data.times.sentAt?.rfc3339 ?? "-" }
    }

    /// A line in the manner of a phone, and its time with the day above 12 where nothing else tells the order.
    @Test(arguments: [
        ("[31.12.20, 15:45:12] Ann: hi", "2020-12-31T15:45:12Z"),
        ("\u{FEFF}\u{200E}[31/12/2020, 3:45:12\u{202F}PM] Ann: hi", "2020-12-31T15:45:12Z"),
        ("12/31/20, 3:45\u{202F}PM - Ann: hi", "2020-12-31T15:45:00Z"),
        ("31/12/2020, 3:45 p.\u{A0}m. - Ann: hi", "2020-12-31T15:45:00Z"),
        ("31/12/20 12:05 a. m. - Ann: hi", "2020-12-31T00:05:00Z"),
        ("31.12.2020 klo 15.45 - Ann: hi", "2020-12-31T15:45:00Z"),
        ("31.12.2020 15.45 - Ann: hi", "2020-12-31T15:45:00Z"),
        ("31.12.20 г., 15:45 ч. - Ann: hi", "2020-12-31T15:45:00Z"),
        ("31/12/2020 à 15:45 - Ann: hi", "2020-12-31T15:45:00Z"),
        ("2020-12-31 15 h 45 - Ann: hi", "2020-12-31T15:45:00Z"),
        ("2020-12-31 15:45 - Ann: hi", "2020-12-31T15:45:00Z"),
        ("[2020/12/31 下午3:45:12] Ann: hi", "2020-12-31T15:45:12Z"),
        ("2020/12/31 下午3:45 - Ann: hi", "2020-12-31T15:45:00Z"),
        ("2020/12/31 午後3:45 - Ann: hi", "2020-12-31T15:45:00Z"),
        ("2020년 12월 31일 오후 3:45, - Ann: hi", "2020-12-31T15:45:00Z"),
        ("[2020. 12. 31. 오전 12:45:12] Ann: hi", "2020-12-31T00:45:12Z"),
        ("2020. 12. 31. 15:45 - Ann: hi", "2020-12-31T15:45:00Z"),
        ("31. 12. 2020 15:45 - Ann: hi", "2020-12-31T15:45:00Z"),
        ("٣١\u{200F}/١٢\u{200F}/٢٠٢٠، ٣:٤٥ م - Ann: hi", "2020-12-31T15:45:00Z"),
        ("31/12/2563 15:45 - Ann: hi", "2020-12-31T15:45:00Z"),
        ("[15:45, 31/12/2020] Ann: hi", "2020-12-31T15:45:00Z"),
        ("31.12.15 15:45:12: Ann: hi", "2015-12-31T15:45:12Z"),
        ("15:45 31/12/20 - Ann: hi", "2020-12-31T15:45:00Z"), ("15:45, 31/12/2020 - Ann: hi", "2020-12-31T15:45:00Z"),
        ("[2020-12-31 15 h 45 min 12 s] Ann: hi", "2020-12-31T15:45:12Z"),
        ("31.12.2020, 3:45 e pasdites - Ann: hi", "2020-12-31T15:45:00Z"),
        ("31/12/2020፣ 3:45 ከሰዓት - Ann: hi", "2020-12-31T15:45:00Z"),
        ("31/12/20, பிற்பகல் 3:45 - Ann: hi", "2020-12-31T15:45:00Z"),
        ("31/12/2020 หลังเที่ยง 3:45 - Ann: hi", "2020-12-31T15:45:00Z"),
        ("09/17/19, 8:30:52 AM – Ann: hi", "2019-09-17T08:30:52Z"),
        ("20/31/12, 15:45 - Ann: hi", "-"),
    ])
    func `A line is read in the manner of every phone`(line: String, time: String) throws {
        let parsed = try chat([line])
        #expect(parsed.texts == ["hi"], "\(line)")
        #expect(try times([line]) == [time])
        #expect(parsed.messages.first?.envelope.data.from.first?.name == "Ann")
        let format = SocialDMAdapter().recognise(head: Array(line.utf8), name: "_chat.txt", headers: [:])
        #expect(format.first?.format == "whatsapp")
    }

    @Test(arguments: [
        // A day above 12 anywhere decides for all.
        (["1/2/20, 10:00 - A: x", "1/13/20, 10:00 - A: y"], "2020-01-02", true),
        (["1/2/20, 10:00 - A: x", "13/2/20, 10:00 - A: y"], "2020-02-01", true),
        // Days never go back.
        (["1/2/20, 10:00 - A: x", "1/3/20, 10:00 - A: y", "2/1/20, 10:00 - A: z"], "2020-01-02", true),
        // Dots are never American.
        (["1.2.20, 10:00 - A: x"], "2020-02-01", true),
        // People write day after day.
        (["1/2/20, 10:00 - A: x", "1/3/20, 10:00 - A: y", "1/4/20, 9:00 - A: z"], "2020-01-02", false),
        (["03/02/2020, 10:00 - A: x"], "2020-02-03", false),
        (["3/2/20, 10:00 AM - A: x"], "2020-03-02", false),
        (["24/01/30, 10:00 - A: x", "24/02/01, 10:00 - A: x"], "2024-01-30", true),
    ])
    func `Day and month are told from the whole file`(lines: [String], first: String, isCertain: Bool) throws {
        let parsed = try chat(lines)
        #expect(try times(lines).first?.hasPrefix(first) == true, "\(lines)")
        let warnings = parsed.messages[0].envelope.data.warnings
        #expect(warnings.contains { $0.hasPrefix("date_order_assumed") } != isCertain)
    }

    @Test func `A longer export gives the same keys, also where it shows another order of day and month`() throws {
        let first = ["1/2/20, 10:00 - A: x", "1/2/20, 10:00 - A: x", "1/2/20, 10:01 - B: y"]
        let longer = first + ["1/13/20, 10:00 - A: x"]
        let known = try chat(first).keys
        let keys = try chat(longer).keys
        #expect(Set(known).count == 3, "equal messages of one minute are two")
        #expect(Array(keys.prefix(3)) == known)
        #expect(Set(keys).count == 4)
    }

    @Test func `The same words in two chats are two messages`() throws {
        let lines = ["1/2/20, 10:00 - Support: Hello"]
        let ann = try chat(lines, path: "/x/WhatsApp Chat with Ann.txt").keys
        let bob = try chat(lines, path: "/x/WhatsApp Chat with Bob.txt").keys
        #expect(ann != bob)
        #expect(try chat(lines, path: "/y/WhatsApp Chat with Ann (1).txt").keys == ann)
        #expect(try chat(lines, path: "/y/WhatsApp Chat - Ann/_chat.txt").keys == ann)
    }

    @Test func `Lines continue the message above, also such as look like a header of another phone`() throws {
        let parsed = try chat([
            "31.12.20, 15:45 - Ann: one", "", "two: three", "[10:23, 5/12/2020] Bob: quoted",
            "31.12.20, 15:46 - Bob: ok",
        ])
        #expect(parsed.texts == ["one\n\ntwo: three\n[10:23, 5/12/2020] Bob: quoted", "ok"])
    }

    @Test func `Notices are counted, media and changes are told`() throws {
        let mark = "\u{200E}"
        let parsed = try chat([
            "[31.12.20, 15:45:12] Ann & Co: \(mark)Messages and calls are end-to-end encrypted.",
            "[31.12.20, 15:45:13] Ann: see \(mark)<Anhang: 00000004-PHOTO-2020-12-31-15-45-13.jpg>",
            "[31.12.20, 15:45:14] Ann: \(mark)Bild weggelassen",
            "[31.12.20, 15:45:15] Ann: contract.pdf • \(mark)3 Seiten \(mark)Dokument weggelassen",
            "[31.12.20, 15:45:16] Bob: later \(mark)<Diese Nachricht wurde bearbeitet.>",
            "[31.12.20, 15:45:17] Bob: \(mark)Diese Nachricht wurde gelöscht.",
            "[31.12.20, 15:45:18] Bob: I typed <this: my.way>",
            "[31.12.20, 15:45:19] Ann: \(mark)Verpasster Sprachanruf. \(mark)Zum Zurückrufen tippen",
            "[31.12.20, 15:45:20] Ann & Co: \(mark)Bob hat die Gruppe verlassen.",
            "[31.12.20, 15:45:21] Ann: \(mark)No idea, but I said it",
        ])
        #expect(parsed.ignored == ["notice", "notice"])
        let data = parsed.messages.map(\.envelope.data)
        #expect(parsed.texts.prefix(4) == ["see", "", "", "later"])
        #expect(data[0].attachments.map(\.status) == [.missing])
        #expect(data[1].attachments.map(\.status) == [.omitted])
        #expect(data[2].attachments.map(\.name) == ["contract.pdf"])
        #expect(data[3].warnings.contains("edited"))
        #expect(parsed.messages[4].envelope.type == .messageDeleted && parsed.texts[4].isEmpty)
        #expect(parsed.texts[5] == "I typed <this: my.way>")
        #expect(parsed.messages[6].envelope.type == .callMissed)
        #expect(parsed.texts[7] == "No idea, but I said it")
    }

    @Test(arguments: [
        ("[31.12.20, 15:45:12] Ann: look here \u{200E}image omitted", "look here", nil),
        ("[31.12.20, 15:45:12] Ann: one\ntwo \u{200E}video omitted", "one\ntwo", nil),
        ("[31.12.20, 15:45:12] Ann: a • b \u{200E}image omitted", "a • b", nil),
        ("[31.12.20, 15:45:12] Ann: x y.pdf • \u{200E}2 pages \u{200E}document omitted", "", "x y.pdf"),
        ("31.12.20, 15:45 - Ann: <Media omitted>\nlook here", "look here", nil),
        ("31.12.20, 15:45 - Ann: <Phương tiện bị bỏ qua>", "", nil),
        ("31.12.20, 15:45 - Ann: <המדיה לא נכללה>", "", nil),
        ("31.12.20, 15:45 - Ann: \u{200F}תמונה.jpg (קובץ מצורף)", "", "תמונה.jpg"),
        ("31.12.20, 15:45 - Ann: Karl.vcf (Datei angehängt)", "", "Karl.vcf"),
        ("31.12.20, 15:45 - Ann: DOC-20240115-WA0002. (file attached)", "", "DOC-20240115-WA0002."),
    ])
    func `What the writer said stays where media were left out`(line: String, text: String, name: String?) throws {
        let data = try #require(try chat([line]).messages.first).envelope.data
        #expect(data.body.text == text)
        #expect(data.attachments.map(\.name) == [name])
    }

    @Test(arguments: [
        "\u{200E}image omitted", "\u{200E}POLL:", "\u{200E}<attached: 00000002-PHOTO-2020-12-31-15-45-12.jpg>",
    ])
    func `A chat that has lost its beginning starts with a message like any other`(body: String) throws {
        let lines = ["\u{200E}[31.12.20, 15:45:12] Shop: \(body)", "[31.12.20, 15:46:12] Ann: thanks"]
        let parsed = try chat(lines, path: "/tmp/none/WhatsApp Chat - Ann/_chat.txt")
        #expect(parsed.order == ["message", "message"])
        #expect(parsed.messages.map(\.envelope.data.direction) == [.outbound, .inbound])
        #expect(try chat(lines).messages[0].envelope.data.conversationID != "whatsapp:Shop")
    }

    @Test func `A cut within the next message's mark and date is no word of the last`() throws {
        let lines = ["[31.12.20, 15:45:12] Ann: hi", "\u{200E}[31.12.20, 15:"]
        let parsed = try chat(lines)
        #expect(parsed.texts == ["hi"])
        #expect(parsed.rejected.map(\.reason) == ["text_truncated"])
    }

    @Test func `Notices behind a person's name are none of theirs, from right to left too`() throws {
        let parsed = try chat([
            "\u{200F}[2024/1/5، 3:07:11 م] Ann: \u{200F}الرسائل والمكالمات مشفرة تمامًا بين الطرفين.",
            "\u{200F}[2024/1/5، 3:07:12 م] Ann: hi", "\u{200F}[2024/1/5، 3:07:13 م] Shop: \u{200E}~\u{202F}Bo left",
            "\u{200F}[2024/1/5، 3:07:14 م] Shop: \u{200E}This business uses a secure service from Meta to manage this chat.",
            "\u{200F}[2024/1/5، 3:07:15 م] Shop: I left",
        ])
        #expect(parsed.texts == ["hi", "I left"])
        #expect(parsed.messages.map(\.envelope.data.direction) == [.inbound, .outbound])
    }

    @Test func `An account that is a number is known in a group, and says nothing of two people`() throws {
        let group = [
            "31.12.20, 15:45 - +49 171 1234567: hi", "31.12.20, 15:46 - Ann: hello", "31.12.20, 15:47 - Bo: hey",
        ]
        let directions = try chat(group, account: "+491711234567").messages.map(\.envelope.data.direction)
        #expect(directions == [.outbound, .inbound, .inbound])
        let pair = ["31.12.20, 15:46 - Ann: hello", "31.12.20, 15:47 - Shop: hey"]
        for (account, expected) in [
            ("+49 30 1234", [Direction.inbound, .outbound]), ("Shop", [.inbound, .outbound]),
            ("Ann", [.outbound, .inbound]),
        ] {
            let data = try chat(pair, path: "/tmp/none/WhatsApp Chat with Ann.txt", account: account).messages
            #expect(data.map(\.envelope.data.direction) == expected, "\(account)")
        }
    }

    @Test func `An answer of a poll is no left out picture`() throws {
        let line = "[31.12.20, 15:45:12] Ann: \u{200E}POLL:\nWhich?\n\u{200E}OPTION: omitted (1 vote)"
        let data = try #require(try chat(["[31.12.20, 15:45:11] Bob: hi", line]).messages.last).envelope.data
        #expect(data.body.text == "POLL:\nWhich?\nOPTION: omitted (1 vote)")
        #expect(data.attachments.isEmpty)
    }

    @Test(arguments: [
        "Tämä viesti poistettiin", "Essa mensagem foi apagada.", "ข้อความนี้ถูกลบแล้ว", "Tin nhắn này đã bị xóa",
        "\u{200E}This message was deleted by admin Bo.",
    ])
    func `What was taken back has no words`(text: String) throws {
        let lines = ["31.12.20, 15:45 - Bob: hi", "31.12.20, 15:45 - Ann: \(text)"]
        let message = try #require(try chat(lines).messages.last).envelope
        #expect(message.type == .messageDeleted && message.data.body.text.isEmpty)
    }

    @Test(arguments: [
        "WhatsApp-keskustelu henkilön Ann kanssa.txt", "Cuộc trò chuyện WhatsApp với Ann.txt", "Annとのトーク.txt",
        "محادثة واتساب مع Ann.txt", "Ann ile WhatsApp Sohbeti.txt",
    ])
    func `A file is called after one of two people in any language`(file: String) throws {
        let lines = ["31.12.20, 15:45 - Ann: hi", "31.12.20, 15:46 - Shop: hello"]
        let data = try chat(lines, path: "/tmp/none/\(file)").messages.map(\.envelope.data)
        #expect(data.map(\.direction) == [.inbound, .outbound])
        #expect(data.allSatisfy { $0.customer?.name == "Ann" && $0.conversationID == "whatsapp:Ann" })
    }

    @Test(arguments: ["Ann.txt", "Joanna.txt", "Ann and Shop.txt", "notes.txt"])
    func `A file that a person has called so tells no direction`(file: String) throws {
        let lines = ["31.12.20, 15:45 - Ann: hi", "31.12.20, 15:46 - Shop: hello"]
        let data = try chat(lines, path: "/tmp/none/\(file)").messages.map(\.envelope.data)
        #expect(data.allSatisfy { $0.warnings.contains("direction_assumed:inbound") })
    }

    @Test func `Media lie beside the text, and a caption below the name`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("whatsapp-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("GIF89a".utf8).write(to: folder.appendingPathComponent("holiday.gif"))
        let path = folder.appendingPathComponent("WhatsApp Chat with Ann.txt").path
        let lines = [
            "31.12.20, 15:45 - Ann: holiday.gif (Datei angehängt)", "look", "31.12.20, 15:46 - Ann: no.gif (really)",
            "31.12.20, 15:47 - Ann: \u{200E}../../etc/passwd.txt (Datei angehängt)",
        ]
        let parsed = try chat(lines, path: path)
        #expect(parsed.texts.prefix(2) == ["look", "no.gif (really)"])
        #expect(parsed.messages[0].contents[0] == Array("GIF89a".utf8))
        #expect(parsed.messages[0].envelope.data.attachments[0].detectedType == "image/gif")
        #expect(parsed.messages[2].envelope.data.warnings.contains("attachment_outside_export"))
    }

    @Test func `The other one of a chat of two is the customer`() throws {
        let lines = ["31.12.20, 15:45 - \u{202A}+49 30 901820\u{202C}: hi", "31.12.20, 15:46 - Me: hello"]
        let parsed = try chat(lines, path: "/x/WhatsApp Chat with +49 30 901820.txt")
        #expect(parsed.messages.map(\.envelope.data.direction) == [.inbound, .outbound])
        #expect(parsed.messages[0].envelope.data.from[0].phone == "+4930901820")
        #expect(try chat(lines, account: "Me").messages.map(\.envelope.data.direction) == [.inbound, .outbound])
    }

    @Test func `A file that ends inside a character gives what is whole and one rejection`() throws {
        let bytes = Array("31.12.20, 15:45 - Ann: one\n31.12.20, 15:46 - Ann: caf\u{E9}".utf8.dropLast())
        let parsed = try parse(bytes, as: "whatsapp")
        #expect(parsed.order == ["message", "rejected:text_truncated"])
        #expect(try chat(["no", "chat"]).order == ["rejected:not_whatsapp"])
        #expect(try chat(["odd", "31.12.20, 15:45 - A: b"]).order == ["rejected:text_before_messages", "message"])
    }

    @Test func `Changed bytes never trap`() throws {
        let whole = try SampleFolder.bytes("whatsapp-android-wrong-address.txt")
        var seed: UInt64 = 7
        func random(_ bound: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33) % bound
        }
        let alphabet = Array("[]:/-.,<>() 019\n\r".utf8) + [0xE2, 0x80, 0x8E, 0xFF, 0xD9, 0xA3]
        for _ in 0..<500 {
            var changed = whole
            for _ in 0...random(12) { changed[random(changed.count)] = alphabet[random(alphabet.count)] }
            _ = try parse(Array(changed.prefix(random(changed.count) + 1)), as: "whatsapp")
        }
    }
}
