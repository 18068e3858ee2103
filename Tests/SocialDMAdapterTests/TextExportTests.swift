import GatehouseCore
import Testing

@testable import SocialDMAdapter

@Suite struct LineChatTests {
    private func chat(_ lines: String..., title: String = "Chat history with Ann") -> String {
        (["[LINE] \(title)", "Saved on: 2024/01/03 09:00", ""] + lines).joined(separator: "\n") + "\n"
    }

    @Test func `LINE's desktop program parts a row by blanks, and names may have some`() throws {
        let text = """
            2025.12.30 火曜日
            21:35 佐藤 花子 出金できません
            21:36 佐藤 花子 スタンプ
            21:37 サポート 確認します
            10:30 に折り返します
            続きです
            21:40 佐藤 花子 ありがとう
            21:41 佐藤 花子 メッセージの送信を取り消しました
            21:42 花子が退出しました

            2025.12.31 水曜日
            09:00 佐藤 花子 届きました
            """
        let format = SocialDMAdapter().recognise(head: Array(text.utf8), name: "chat.txt", headers: [:])
        #expect(format.first?.format == "line")
        let parsed = try parse(text, as: "line", path: "/tmp/none/[LINE] 佐藤 花子とのトーク履歴.txt")
        #expect(parsed.texts == ["出金できません", "", "確認します\n10:30 に折り返します\n続きです", "ありがとう", "届きました"])
        let names = parsed.messages.map { $0.envelope.data.from.first?.name }
        #expect(names == ["佐藤 花子", "佐藤 花子", "サポート", "佐藤 花子", "佐藤 花子"])
        #expect(parsed.messages.map(\.envelope.data.direction) == [.inbound, .inbound, .outbound, .inbound, .inbound])
        #expect(parsed.messages[1].envelope.data.attachments.map(\.status) == [.omitted])
        #expect(parsed.messages.last?.envelope.data.times.sentAt?.rfc3339 == "2025-12-31T09:00:00Z")
        #expect(parsed.messages.last?.envelope.data.conversationID == "line:佐藤 花子")
        #expect(parsed.ignored == ["message_unsent", "system_message"])
        // Without the title the rows themselves tell who writes.
        let untitled = try parse(text, as: "line")
        #expect(Set(untitled.messages.compactMap { $0.envelope.data.from.first?.name }) == ["佐藤 花子", "サポート"])
    }

    @Test(arguments: [
        ("2024.01.02 Tuesday", "03:04"), ("2024/1/2週二", "上午03:04"), ("2024/01/02(火)", "午前3:04"),
        ("2024. 1. 2. 화요일", "오전 3:04"), ("Tue, 1/2/2024", "3:04 AM"), ("Tue, 02/01/2024", "03:04"),
        ("2024年1月2日 星期二", "凌晨03:04"), ("02.01.2024 Вт", "03:04"), ("Di., 02.01.2024", "03:04"),
        ("T3, 02/01/2024", "03:04"), ("2567/01/02 อังคาร", "03:04"), ("mardi 2 janvier 2024", "03:04"),
        ("2024.01.02 Tuesday", "3:04\u{202F}am"),
    ])
    func `Days and times of every language are one moment`(day: String, clock: String) throws {
        let parsed = try parse(chat(day, "\(clock)\tAnn\thello"), as: "line")
        let times = try #require(parsed.messages.first).envelope.data.times
        #expect(times.sentAt?.rfc3339 == "2024-01-02T03:04:00Z")
        #expect((times.precision, times.zone) == (.min, "assumed:UTC"))
    }

    @Test func `The whole file decides which number is the day`() throws {
        let text = chat("03/02/2024", "01:00\tAnn\ta", "", "13/02/2024", "01:00\tAnn\tb")
        let times = try parse(text, as: "line").messages.map { $0.envelope.time?.rfc3339 }
        #expect(times == ["2024-02-03T01:00:00Z", "2024-02-13T01:00:00Z"])
    }

    @Test func `A text in quotes runs over lines and keeps its own quotes`() throws {
        let parsed = try parse(
            chat("2024.01.02 Tuesday", "03:04\tAnn\t\"one", "", "say \"\"two\"\"", "three\"", "03:05\tAnn\tfour"),
            as: "line"
        )
        #expect(parsed.texts == ["one\n\nsay \"two\"\nthree", "four"])
    }

    @Test func `A lone quote costs no other message and no day`() throws {
        let text = chat(
            "2024.01.02 Tuesday",
            "03:04\tAnn\t\"oops",
            "03:05\tBo\tnext",
            "23:00\tAnn\t\"again",
            "",
            "2024.01.03 Wednesday",
            "01:00\tBo\tlast"
        )
        let parsed = try parse(text, as: "line")
        #expect(parsed.texts == ["\"oops", "next", "\"again", "last"])
        #expect(parsed.messages.last?.envelope.time?.rfc3339 == "2024-01-03T01:00:00Z")
    }

    @Test func `Of two people the one after whom the chat is called is the customer`() throws {
        let parsed = try parse(chat("2024.01.02 Tuesday", "03:04\tMe\thi", "03:05\tAnn\thello"), as: "line")
        #expect(parsed.messages.map(\.envelope.data.direction) == [.outbound, .inbound])
        #expect(parsed.messages[0].envelope.data.customer?.name == "Ann")
        #expect(parsed.messages.allSatisfy { $0.envelope.data.conversationID == "line:Ann" })
    }

    @Test func `A title in words that are not known has the name in it`() throws {
        let text = "[LINE] 영희님과 대화한 내용\n저장한 날짜: 2024/02/03 09:15\n\n2024.01.31 수요일\n오후 09:15\t영희\t안녕\n오후 09:16\t나\t네\n"
        let data = try parse(text, as: "line").messages.map(\.envelope.data)
        #expect(data.map(\.direction) == [.inbound, .outbound])
        #expect(data.allSatisfy { $0.conversationID == "line:영희" && $0.customer?.name == "영희" })
        let more = try parse(text + "오후 09:17\t철수\t안녕\n", as: "line").messages.map(\.envelope.data.conversationID)
        #expect(Set(more) == ["line:영희"])
    }

    @Test func `A group that has a sender's name in its own is called by all of it`() throws {
        let text = "[LINE] Chat history with Ann's team\n\n2024.01.02 Tuesday\n03:04\tAnn\thi\n03:05\tMe\tyo\n"
        #expect(try parse(text, as: "line").messages.first?.envelope.data.conversationID == "line:Ann's team")
    }

    @Test(arguments: [
        ("[Photo]", "", "Photo"), ("[Hình ảnh]", "", "Hình ảnh"), ("[貼圖]", "", "貼圖"), ("[File] a b.pdf", "", "a b.pdf"),
        ("[Unknown] x", "[Unknown] x", nil),
        ("[null] https://maps.example.org/x", "https://maps.example.org/x", nil),
    ])
    func `Words in brackets stand for attachments`(written: String, text: String, name: String?) throws {
        let data = try #require(
            try parse(chat("2024.01.02 Tuesday", "03:04\tAnn\t\(written)"), as: "line").messages.first
        ).envelope.data
        #expect(data.body.text == text)
        #expect(data.attachments.first?.name == name)
        #expect(data.attachments.allSatisfy { $0.status == .omitted })
    }

    @Test func `Notices and calls are told from messages`() throws {
        let parsed = try parse(
            chat(
                "2024.01.02 Tuesday",
                "03:04\t\tAnn joined",
                "03:05\tAnn unsent a message",
                "03:06\tAnn\t☎ 通話時間 0:12",
                "03:07\tAnn\t☎ Missed call",
                "03:08\tAnn\t☎ Group call started"
            ),
            as: "line"
        )
        #expect(
            parsed.order == [
                "ignored:system_message", "ignored:system_message", "ignored:call", "message", "ignored:call",
            ]
        )
        #expect(parsed.messages[0].envelope.type == .callMissed)
    }

    @Test func `A longer export of the same chat brings only what is new, and equal messages both live`() throws {
        let short = chat("2024.01.02 Tuesday", "03:04\tAnn\tok", "03:04\tAnn\tok")
        let long = short + "03:04\tAnn\tok\n03:05\tAnn\tmore\n"
        let (before, after) = (try parse(short, as: "line").keys, try parse(long, as: "line").keys)
        #expect(Set(before).count == 2)
        #expect(Array(after.prefix(2)) == before)
        #expect(Set(after).count == 4)
    }

    @Test func `A file that ends within quotes rejects that text`() throws {
        let text = String(chat("2024.01.02 Tuesday", "03:04\tAnn\twhole", "03:05\tAnn\t\"half", "of it").dropLast())
        let parsed = try parse(text, as: "line")
        #expect(parsed.texts == ["whole"])
        #expect(parsed.rejected.map(\.reason) == ["text_truncated"])
        #expect(parsed.rejected[0].position.hasSuffix("#\(text.utf8.count - 21)"))
    }

    @Test func `CRLF, a byte order mark and damaged bytes are borne`() throws {
        let text = "\u{FEFF}" + chat("2024.01.02 Tuesday", "03:04\tAnn\thi").replacing("\n", with: "\r\n")
        #expect(try parse(text, as: "line").texts == ["hi"])
        let damaged = Array(chat("2024.01.02 Tuesday", "03:04\tAnn\t").utf8).dropLast() + [0xFF, 0x0A]
        let data = try #require(try parse(Array(damaged), as: "line").messages.first).envelope.data
        #expect(data.warnings.contains("charset_damaged:utf-8"))
    }
}

@Suite struct SignalTests {
    @Test func `Lines without a head continue the message before`() throws {
        let text = "[2026-01-05, 18:21] Ann: a\nb: c\n\n[2026-01-05 18:22:03] Bo B: d\n"
        let parsed = try parse(text, as: "signal-text", path: "/none/Ann.txt")
        #expect(parsed.texts == ["a\nb: c", "d"])
        #expect(parsed.messages.map { $0.envelope.time?.rfc3339 } == ["2026-01-05T18:21:00Z", "2026-01-05T18:22:03Z"])
        #expect(parsed.messages[0].envelope.data.conversationID == "signal:Ann")
    }

    @Test func `Files that a text links are attachments, other links are words`() throws {
        let text = "[2026-01-05, 18:21] Me: see ![a.jpg](./media/a.jpg) and [x](https://example.org)\n"
        let data = try #require(try parse(text, as: "signal-text").messages.first).envelope.data
        #expect(data.body.text == "see  and [x](https://example.org)")
        #expect(data.attachments.map(\.name) == ["a.jpg"])
        #expect(data.direction == .outbound)
    }

    private func line(_ content: String, at stamp: Int = 5) -> String {
        #"{"jsonrpc":"2.0","method":"receive","params":{"envelope":{"sourceNumber":null,"sourceUuid":"u1","timestamp":\#(stamp),\#(content)},"account":"+49"}}"#
            + "\n"
    }

    @Test func `An edit of an edit and a deletion name the first form`() throws {
        let text =
            line(#""dataMessage":{"timestamp":5,"message":"a"}"#)
            + line(#""editMessage":{"targetSentTimestamp":5,"dataMessage":{"timestamp":6,"message":"b"}}"#, at: 6)
            + line(#""editMessage":{"targetSentTimestamp":6,"dataMessage":{"timestamp":7,"message":"c"}}"#, at: 7)
            + line(#""dataMessage":{"timestamp":8,"message":null,"remoteDelete":{"timestamp":7}}"#, at: 8)
        let parsed = try parse(text, as: "signal-cli")
        #expect(parsed.messages.map(\.envelope.data.messageID) == Array(repeating: "signal:u1:5", count: 4))
        #expect(
            parsed.messages.map(\.envelope.type) == [
                .messageCreated, .messageRevised, .messageRevised, .messageDeleted,
            ]
        )
    }

    @Test func `A poll and the note of a payment are words, an edit from another device has its chat`() throws {
        let text =
            line(#""dataMessage":{"timestamp":5,"pollCreate":{"question":"Q","options":["a","b"]}}"#)
            + line(#""dataMessage":{"timestamp":6,"payment":{"note":"for you","receipt":"eA=="}}"#, at: 6)
            + line(
                #""syncMessage":{"sentMessage":{"destinationUuid":"u2","editMessage":{"targetSentTimestamp":5,"dataMessage":{"timestamp":7,"message":"c"}}}}"#,
                at: 7
            )
        let parsed = try parse(text, as: "signal-cli")
        #expect(parsed.texts == ["Q\n- a\n- b", "for you", "c"])
        let edit = try #require(parsed.messages.last).envelope.data
        #expect(edit.conversationID == "signal:u2" && edit.to.map(\.id) == ["u2"])
    }

    @Test(arguments: [
        (#""typingMessage":{}"#, "typing"), (#""receiptMessage":{"isRead":true}"#, "read_receipt"),
        (#""receiptMessage":{}"#, "delivery_receipt"), (#""dataMessage":{"message":null,"reaction":{}}"#, "reaction"),
        (#""dataMessage":{"groupInfo":{"groupId":"g","type":"UPDATE"}}"#, "group_update"),
        (#""syncMessage":{}"#, "sync"),
        (#""callMessage":{}"#, "call_signal"), (#""dataMessage":{"isExpirationUpdate":true}"#, "expiration_update"),
    ])
    func `What is no message is counted by name`(content: String, kind: String) throws {
        #expect(try parse(line(content), as: "signal-cli").ignored == [kind])
    }

    @Test func `A broken line costs itself, and a message that could not be read is told`() throws {
        let text =
            line(#""dataMessage":{"timestamp":5,"message":"a"}"#) + "{\"jsonrpc\":\n"
            + #"{"params":{"envelope":{"timestamp":1},"exception":{"message":"no session"}}}"# + "\n"
            + line(#""dataMessage":{"timestamp":6,"message":"b"}"#, at: 6)
        let parsed = try parse(text, as: "signal-cli")
        #expect(parsed.order == ["message", "rejected:json_invalid", "rejected:signal_exception", "message"])
        let cut = String(text.dropLast(20))
        #expect(try parse(cut, as: "signal-cli").order.last == "rejected:json_truncated")
    }

    @Test func `Several pretty-printed documents are read too`() throws {
        let pretty =
            "{\n \"envelope\": {\n  \"sourceUuid\": \"u\", \"timestamp\": 5,\n  \"dataMessage\": {\"message\": \"a\"}\n }\n}\n"
        let parsed = try parse(pretty + pretty.replacing("5", with: "6"), as: "signal-cli")
        #expect(parsed.keys == ["signal:u:5", "signal:u:6"])
        #expect(parsed.messages.allSatisfy { $0.envelope.data.warnings.allSatisfy { !$0.contains("json") } })
    }

    @Test(arguments: [
        ("whatsapp", "[13.05.24, 09:15:01] Ann: one\r\n[13.05.24, 09:16:02] Ann: tw\u{F6}", 6),
        ("whatsapp", "13.05.24, 09:15 - Ann: one\n13.05.24, 09:16 - Ann: tw\u{F6}", 6),
        ("signal-text", "[2026-05-13, 09:15] Ann: one\n[2026-05-13, 09:16] Ann: tw\u{F6}", 6),
        (
            "line",
            "[LINE] Chat history with Ann\nSaved on: 2026/05/14 09:00\n\n2026/05/13(Wed)\n09:15\tAnn\tone\n09:16\tAnn\ttw\u{F6}",
            4
        ),
    ])
    func `A text that is cut within a character or a date gives what is whole, and the rest is rejected`(
        format: String,
        text: String,
        length: Int
    ) throws {
        let bytes = Array(text.utf8)
        let inCharacter = try parse(Array(bytes.dropLast()), as: format)
        #expect(inCharacter.order == ["message", "rejected:text_truncated"], "\(inCharacter.order)")
        let second = text.utf8.lastIndex(of: 0x0A).map { text.utf8.distance(from: text.startIndex, to: $0) } ?? 0
        let inDate = try parse(Array(bytes.prefix(second + 1 + length)), as: format)
        #expect(inDate.order == ["message", "rejected:text_truncated"], "\(inDate.order)")
        #expect(inDate.rejected.first?.position.hasSuffix("#\(second + 1)") == true)
        let unsure = try parse(Array(bytes.dropLast(2)), as: format)
        #expect(unsure.order == ["message", "message"])
        #expect(unsure.messages.last?.envelope.data.warnings.contains("last_line_unterminated") == true)
    }

    @Test(arguments: [
        ("whatsapp", "13.05.24, 09:15 - Ann: one\n13.05.24, 09:16 - An"),
        ("whatsapp", "[13.05.24, 09:15:01] Ann: one\r\n[13.05.24, 09:16:07] Ann: "),
        ("signal-text", "[2024-05-13, 09:15] Ann: one\n[2024-05-13, 09:16] An"),
        ("signal-text", "[2024-05-13, 09:15] Ann: one\n[2024-05-13, 09:16] Ann: "),
        ("line", "[LINE] Chat history with Ann\n\n2026/05/13(Wed)\n09:15\tAnn\tone\n09:16\tAn"),
        ("line", "[LINE] Chat history with Ann\n\n2026/05/13(Wed)\n09:15\tAnn\tone\n09:16\tAnn\t"),
    ])
    func `A text that is cut before the last message's first word rejects what is left of it`(
        format: String,
        text: String
    ) throws {
        let parsed = try parse(text, as: format)
        #expect(parsed.texts == ["one"])
        #expect(parsed.order.last == "rejected:text_truncated", "\(parsed.order)")
        #expect(parsed.rejected.count == 1)
        let last = text.utf8.lastIndex(of: 0x0A).map { text.utf8.distance(from: text.startIndex, to: $0) + 1 } ?? 0
        #expect(parsed.rejected.first?.position.hasSuffix("#\(last)") == true)
        // With a line end nothing was cut.
        #expect(try parse(text + "\n", as: format).rejected.isEmpty)
    }

    @Test(arguments: [
        "13.05.24, 09:15 - Ann: one\n13.05.24, 09:16 - Ann hat die Gruppe verlassen.",
        "13.05.24, 09:15 - Ann: one\n13.05.24, 09:16 - Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt",
    ])
    func `A notice at the end is one, with a line end and without`(text: String) throws {
        let parsed = try parse(text, as: "whatsapp")
        #expect(parsed.texts == ["one"] && parsed.rejected.isEmpty)
    }
}
