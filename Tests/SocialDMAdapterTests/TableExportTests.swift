import Foundation
import GatehouseCore
import Testing

@testable import SocialDMAdapter

@Suite struct CSVReaderTests {
    private func records(_ bytes: [UInt8], limit: Int = 1000) throws -> [CSVRecord] {
        var reader = CSVReader(ByteReader(bytes: bytes, name: "test"), limit: limit)
        var records: [CSVRecord] = []
        while let record = try reader.next() { records.append(record) }
        return records
    }

    @Test func `A table that ends within the names of its columns was cut`() throws {
        let names = "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,DATE,SUBJECT,CONT"
        #expect(try parse(names, as: "linkedin").rejected.map(\.reason) == ["csv_truncated"])
        #expect(try parse(names + "ENT,FOLDER\n", as: "linkedin").rejected.isEmpty)
    }

    @Test(arguments: [
        ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]), ("a,b\nc,d", [["a", "b"], ["c", "d"]]),
        ("a\rb\r", [["a"], ["b"]]),
        ("\"a,b\",\"c\r\nd\"\n", [["a,b", "c\r\nd"]]), ("\"say \"\"hi\"\"\",x\n", [["say \"hi\"", "x"]]),
        ("a\"b,\"c\"d\n", [["a\"b", "cd"]]), (",,\n", [["", "", ""]]), ("\u{FEFF}a,b\n", [["a", "b"]]), ("", []),
        ("\n\n", []),
        ("a;b\nc;d,e\n", [["a", "b"], ["c", "d,e"]]), ("a\tb\n1\t2\n", [["a", "b"], ["1", "2"]]),
    ])
    func `Fields are what RFC 4180 says, and what real files hold`(text: String, fields: [[String]]) throws {
        #expect(try records(Array(text.utf8)).map(\.fields) == fields)
    }

    @Test func `Records know their bytes and their place`() throws {
        let bytes = Array("\u{FEFF}a,b\r\n\r\n\"x\ny\",2\r\n3".utf8)
        for record in try records(bytes) {
            #expect(Array(bytes[record.offset..<record.offset + record.raw.count]) == record.raw)
        }
        #expect(try records(bytes).map(\.isUnterminated) == [false, false, true])
    }

    @Test func `An open quote, a record that is too large and bytes that are no text are told`() throws {
        #expect(try records(Array("a,\"b\nc".utf8)).map(\.isCut) == [true])
        let large = try records(Array("a,\(String(repeating: "x", count: 50))\nb,c\n".utf8), limit: 10)
        #expect(large.map(\.isTooLarge) == [true, false])
        #expect(large[0].raw.count == 10)
        #expect(try records([0x61, 0xFF, 0x0A])[0].repairs == ["csv_repaired:invalid_utf8"])
    }
}

@Suite struct TableExportTests {
    @Test func `LinkedIn's drafts stay behind, its HTML becomes text, its owner is in every conversation`() throws {
        let parsed = try parse(try SampleFolder.bytes("linkedin-deposit-missing.csv"), as: "linkedin")
        #expect(parsed.order == ["message", "message", "message", "ignored:draft"])
        #expect(parsed.texts[0] == "Guten Tag,\nmeine \"Einzahlung\" fehlt seit gestern.")
        #expect(parsed.texts[2] == "Hello,\n\nwhat are your fees?")
        #expect(parsed.messages.map(\.envelope.data.direction) == [.inbound, .outbound, .inbound])
        #expect(parsed.messages[2].envelope.data.customer?.name == "Weber, Dr. Jonas")
        #expect(parsed.messages[2].envelope.data.attachments.map(\.status) == [.remote])
    }

    @Test func `Old tables of LinkedIn have fewer columns and other dates`() throws {
        let text = "From,To,Date,Subject,Content,Direction,Folder\nAnn,Me,\"1/5/18, 3:04 PM\",Hi,Hello,INCOMING,Inbox\n"
        let data = try #require(try parse(text, as: "linkedin").messages.first).envelope.data
        #expect(data.times.sentAt?.rfc3339 == "2018-01-05T15:04:00Z")
        #expect(data.direction == .inbound)
        #expect(data.warnings == ["date_order_assumed:m/d"])
    }

    @Test func `Recipients are taken apart only where their addresses tell how many they are`() {
        #expect(LinkedInMessages.recipients(names: "Weber, Dr. Jonas", urls: "u1").map(\.name) == ["Weber, Dr. Jonas"])
        #expect(LinkedInMessages.recipients(names: "A B, C D", urls: "u1,u2").map(\.id) == ["u1", "u2"])
        #expect(LinkedInMessages.recipients(names: "A, B, C", urls: "u1,u2").map(\.name) == ["A, B, C"])
    }

    @Test func `Reddit's deletions, edits, replies and headers are what they are`() throws {
        let mail = try parse(try SampleFolder.bytes("reddit-messages.csv"), as: "reddit")
        #expect(mail.keys == ["reddit:m1", "reddit:m2", "reddit:m3"])
        #expect(mail.messages.map(\.envelope.data.direction) == [.inbound, .outbound, .inbound])
        let chat = try parse(try SampleFolder.bytes("reddit-chat.csv"), as: "reddit")
        #expect(chat.messages[1].envelope.data.inReplyTo == ["reddit:$a1"])
        #expect(chat.messages[1].envelope.data.warnings.contains("edited"))
        let headers = "id,permalink,thread_id,date,ip,from,to\nm1,,t1,2026-01-05 08:00:00 UTC,,a,b\n"
        #expect(try parse(headers, as: "reddit").order == ["ignored:message_header"])
    }

    @Test func `A table that is cut gives what is whole and one rejection`() throws {
        let bytes = try SampleFolder.bytes("reddit-messages.csv")
        let place = try #require(ByteSearch.firstIndex(of: Array("\nplease".utf8), in: bytes, 0..<bytes.count))
        let inQuotes = try parse(Array(bytes.prefix(place + 3)), as: "reddit")
        #expect(inQuotes.order == ["rejected:csv_truncated"])
        #expect(inQuotes.rejected[0].position == "test#52")
        let second = try #require(
            ByteSearch.firstIndex(of: Array(",t1,2026-01-05 09".utf8), in: bytes, 0..<bytes.count)
        )
        #expect(
            try parse(Array(bytes.prefix(second + 6)), as: "reddit").order == ["message", "rejected:csv_truncated"]
        )
    }
}

@Suite struct OtherExportTests {
    @Test(arguments: [
        "Friday, May 29, 2026 at 3:00:29\u{202F}AM UTC", "2026年5月29日星期五 UTC 03:00:29",
        "Freitag, 29. Mai 2026 um 03:00:29 UTC", "vendredi 29 mai 2026 à 03:00:29 UTC",
        "viernes, 29 de mayo de 2026, 3:00:29 UTC", "martes, 29 de mayo de 2026, 3:00:29 UTC",
        "sexta-feira, 29 de maio de 2026 às 03:00:29 UTC", "venerdì 29 maggio 2026 alle ore 03:00:29 UTC",
        "vrijdag 29 mei 2026 om 03:00:29 UTC", "piątek, 29 maja 2026 03:00:29 UTC",
        "fredag 29 maj 2026 kl. 03:00:29 UTC",
        "29 Mayıs 2026 Cuma 03:00:29 UTC", "пятница, 29 мая 2026 г., 03:00:29 UTC",
        "пʼятниця, 29 травня 2026 р. о 03:00:29 UTC",
        "2026年5月29日金曜日 3時00分29秒 UTC", "2026년 5월 29일 금요일 오전 3시 0분 29초 UTC",
        "lúc 03:00:29 UTC Thứ Sáu, 29 tháng 5, 2026", "Jumat, 29 Mei 2026 03:00:29 UTC",
        "वार, 29 मई 2026 को 3:00:29 am UTC",
        "الجمعة، 29 مايو 2026 في 3:00:29 ص UTC", "٢٩ مايو ٢٠٢٦ ٠٣:٠٠:٢٩ UTC", "29 พฤษภาคม 2569 เวลา 03:00:29 UTC",
        "Παρασκευή, 29 Μαΐου 2026 στις 3:00:29 π.μ. UTC", "perjantai 29. toukokuuta 2026 klo 03:00:29 UTC",
        "May 28, 2026, 11:00:29 PM GMT-4", "29 May 2026 05:00:29 +0200",
        "vendredi 29 mai 2026 à 3 h 00 min 29 s UTC", "perjantai 29. toukokuuta 2026 klo 3.00.29 UTC",
        "Jumat, 29 Mei 2026 pukul 03.00.29 UTC", "29.5.2026 klo 03.00.29 UTC",
        "יום שישי, 29 במאי 2026 בשעה 3:00:29 UTC",
        "2026年5月29日 星期五 上午3:00:29 [UTC]", "วันศุกร์ที่ 29 พฤษภาคม 2569 เวลา 03:00:29 น. UTC",
        "Freitag, 29. Mai 2026 um 05:00:29 Uhr GMT+2",
    ])
    func `A date is read in any language`(text: String) throws {
        let parsed = try #require(LocalisedTime(text).parsed(), "\(text)")
        #expect(parsed.timestamp().rfc3339 == "2026-05-29T03:00:29Z", "\(text)")
        #expect(parsed.precision == "s")
    }

    @Test(arguments: [
        "", "hello", "12:30", "1 2 3 4", "99/99/2026", "2026", "May", "31 February 2026",
        String(repeating: "1 ", count: 500),
    ])
    func `What is no date is none`(text: String) { #expect(LocalisedTime(text).parsed() == nil) }

    @Test func `Google Chat's edits, deletions, bots and spaces`() throws {
        let parsed = try parse(try SampleFolder.bytes("google-chat-locked.json"), as: "google-chat")
        let data = parsed.messages.map(\.envelope.data)
        #expect(
            data.map { $0.times.sentAt?.rfc3339.dropFirst(11) } == [
                "09:41:07Z", "09:43:29Z", "09:44:02Z", "09:45:00Z", "09:46:00Z",
            ]
        )
        #expect(data[1].warnings.contains("edited"))
        #expect(data[1].inReplyTo == ["google_chat:AAAAspace/t1/m1"])
        #expect(parsed.messages[3].envelope.type == .messageDeleted)
        #expect(data[4].automated == .bot)
        #expect(Set(data.map(\.conversationID)) == ["google_chat:AAAAspace"])
        let owned = try parse(
            try SampleFolder.bytes("google-chat-locked.json"),
            as: "google-chat",
            account: "maite@example.com"
        )
        #expect(owned.messages[0].envelope.data.direction == .outbound)
    }

    @Test func `Whose Takeout it is stands beside its spaces`() throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("takeout-\(UUID().uuidString)")
        let (space, user) = (root.appendingPathComponent("Groups/DM x"), root.appendingPathComponent("Users/User 1"))
        defer { try? FileManager.default.removeItem(at: root) }
        for folder in [space, user] {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        let path = space.appendingPathComponent("messages.json").path
        let text = #"""
            {"messages":[{"creator":{"name":"Shop","email":"Shop@x.org"},"created_date":"Friday, May 29, 2026 at 3:00:29 PM UTC","text":"a","message_id":"1/1"},
            {"creator":{"name":"Ann","email":"ann@x.org"},"created_date":"Friday, May 29, 2026 at 3:00:30 PM UTC","text":"b","message_id":"1/2"}]}
            """#
        #expect(try parse(text, as: "google-chat", path: path).messages[0].envelope.data.direction == .inbound)
        let info = Data(#"{"user":{"name":"Shop","email":"shop@x.org","user_type":"Human"},"membership_info":[]}"#.utf8)
        try info.write(to: user.appendingPathComponent("user_info.json"))
        let data = try parse(text, as: "google-chat", path: path).messages.map(\.envelope.data)
        #expect(data.map(\.direction) == [.outbound, .inbound])
        #expect(data[1].to.map(\.email) == ["shop@x.org"] && data.allSatisfy { $0.warnings.isEmpty })
    }

    @Test func `Snapchat's number of microseconds is believed where it fits the text`() throws {
        let parsed = try parse(try SampleFolder.bytes("snapchat-hacked.json"), as: "snapchat")
        let times = parsed.messages.map { $0.envelope.time?.rfc3339 }
        #expect(
            times == [
                "2026-01-05T07:29:22.686Z", "2026-01-05T07:30:02.001Z", "2026-01-05T07:31:00Z", "2026-01-05T07:32:00Z",
                "2026-01-05T07:33:00Z",
            ]
        )
        #expect(parsed.messages.map(\.envelope.type).suffix(2) == [.messageDeleted, .callMissed])
        #expect(parsed.messages.map(\.envelope.data.direction) == [.inbound, .outbound, .inbound, .inbound, .inbound])
        #expect(parsed.messages[1].envelope.data.customer?.id == "jo_example")
    }

    @Test func `TikTok's chats are found in either layout, and who is not the other one is the owner`() throws {
        let parsed = try parse(try SampleFolder.bytes("tiktok-fees.json"), as: "tiktok")
        #expect(parsed.messages.map(\.envelope.data.direction) == [.inbound, .outbound, .inbound, .inbound])
        #expect(Set(parsed.keys).count == 4)
        let second =
            #"{"Direct Messages":{"Chat History":{"ChatHistory":{"Chat History with a:":[{"Date":"2026-01-05 17:35:24 UTC","From":"a","Content":"x"}]}}}}"#
        let other = try parse(second, as: "tiktok")
        #expect(other.messages.first?.envelope.data.times.zone == "UTC")
        #expect(other.messages.first?.envelope.data.conversationID == "tiktok:a")
    }

    @Test(arguments: [
        ("@me", [Direction.inbound, .outbound]), ("Me & Co", [.inbound, .outbound]), ("a", [.outbound, .inbound]),
    ])
    func `An account says who is who in a chat, or its name does`(account: String, expected: [Direction]) throws {
        let text =
            #"{"Direct Message":{"Direct Messages":{"ChatHistory":{"Chat History with a:":[{"Date":"2026-01-05 17:35:24","From":"a","Content":"x"},{"Date":"2026-01-05 17:35:25","From":"me","Content":"y"}]}}}}"#
        let data = try parse(text, as: "tiktok", account: account).messages.map(\.envelope.data)
        #expect(data.map(\.direction) == expected)
        #expect(data[1].customer?.id == (expected[1] == .outbound ? "a" : "me"))
    }

    @Test func `TikTok's groups are called after nobody`() throws {
        let text = #"""
            {"Direct Message":{"Group Chat":{"GroupChat":{"Group Chat History with Team:":[{"Date":"2026-01-05 17:35:24","From":"bo","Content":"x"}]}},
            "Direct Messages":{"ChatHistory":{"Chat History with a:":[{"Date":"2026-01-05 17:35:24","From":"me","Content":"y"}]}}}}
            """#
        let data = try parse(text, as: "tiktok").messages.map(\.envelope.data)
        #expect(data.map(\.conversationID) == ["tiktok:group:Team", "tiktok:a"])
        #expect(data.map(\.subject) == ["Team", nil])
        #expect(data.map(\.direction) == [.inbound, .outbound])
    }

    @Test func `A table in UTF-16 is one`() throws {
        let text = "\u{FEFF}FROM,TO,DATE,CONTENT,FOLDER\r\nAnn,Shop,2026-01-05 17:35:24 UTC,Grüße 🌸,INBOX\r\n"
        let little = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let big = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        for bytes in [little, big] {
            #expect(SocialDMAdapter().recognise(head: bytes, name: "m.csv", headers: [:]).first?.format == "linkedin")
            let parsed = try parse(bytes, as: "linkedin", account: "Shop")
            #expect(parsed.texts == ["Grüße 🌸"])
            #expect(parsed.messages.first?.envelope.data.to.map(\.name) == ["Shop"])
        }
        // Cut within a unit.
        let cut = try parse(Array(little.dropLast(5)), as: "linkedin")
        #expect(cut.messages.isEmpty == false || cut.rejected.isEmpty == false)
    }

    @Test func `Whose Reddit download it is stands beside the messages`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("reddit-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("statistic,value\naccount_name,shop\n".utf8).write(to: folder.appendingPathComponent("statistics.csv"))
        let text = "id,permalink,thread_id,date,from,to,subject,body\n1,x,,2026-01-05 17:35:24 UTC,ann,shop,s,hi\n"
        let parsed = try parse(text, as: "reddit", path: folder.appendingPathComponent("messages.csv").path)
        let data = try #require(parsed.messages.first).envelope.data
        #expect(data.direction == .inbound && data.to.map(\.id) == ["shop"])
        #expect(!data.warnings.contains { $0.hasPrefix("direction") })
    }
}
