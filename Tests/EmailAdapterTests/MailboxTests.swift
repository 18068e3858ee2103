import GatehouseCore
import Testing

@testable import EmailAdapter

@Suite struct `Mail files` {
    private let context = IntakeContext(source: "/email/test")

    @Test(arguments: ["name=Ivan&phone=8+(495)+123-45-67", "a=1&b=%20\n"])
    func `A form is no mail`(text: String) {
        #expect(EmailAdapter().recognise(head: Array(text.utf8), name: "x", headers: [:]).isEmpty)
    }

    @Test func `The sample mbox holds four messages, one with a From_ line inside`() throws {
        let items = try Samples.items(try Samples.bytes("support.mbox"), format: "mbox")
        let data = items.compactMap { item -> MessageData? in
            if case .message(let held) = item { held.message.envelope.data } else { nil }
        }
        #expect(data.map(\.subject) == ["first", "second", "third, with its length", "fourth"])
        #expect(data[0].body.text == "The first message.\nFrom here on it is text.\n")
        #expect(data[2].body.text.hasSuffix("From x Fri Jan  2 03:06:00 2026\n"))
        #expect(data[0].raw.sourcePosition == "test#0")
    }

    @Test func `An mbox is cut alike in whatever pieces it is read`() throws {
        let one =
            "From a@x Fri Jan  2 03:04:05 2026\nSubject: s\n\n" + String(repeating: "line of text\n", count: 30_000)
            + "\n"
        let items = try Samples.items(Array(String(repeating: one, count: 5).utf8), format: "mbox")
        let offsets = items.compactMap { item -> String? in
            if case .message(let held) = item { held.message.envelope.data.raw.sourcePosition } else { nil }
        }
        #expect(offsets == (0..<5).map { "test#\($0 * one.utf8.count)" })
    }

    @Test func `A message beyond the limit is cut and does not hide the next`() throws {
        let long =
            "From a@x Fri Jan  2 03:04:05 2026\nSubject: long\n\n" + String(repeating: "line of text\n", count: 200_000)
            + "\n"
        let mbox = long + "From b@x Fri Jan  2 03:04:05 2026\nSubject: next\n\nshort\n"
        var context = context
        context.limits.messageBytes = 100_000
        let input = AdapterInput(bytes: ByteReader(bytes: Array(mbox.utf8), name: "m"), position: "m", context: context)
        var data: [MessageData] = []
        try EmailAdapter().parse(input, format: "mbox") {
            if case .message(let held) = $0 { data.append(held.message.envelope.data) }
        }
        #expect(data.map(\.subject) == ["long", "next"])
        #expect(data[0].warnings.contains("limit:message_bytes"))
        #expect(data[1].raw.sourcePosition == "m#\(long.utf8.count)")
    }

    static let bodies: [(form: String, mbox: String, body: String)] = [
        ("mboxo", "A: b\n\n>From me\n", "From me\n"),
        ("mboxrd", "A: b\n\n>>From me\n>From you\n>> From us\n", ">From me\nFrom you\n>> From us\n"),
        ("mboxcl", "Content-Length: 9\n\n>From me\n", "From me\n"),
        ("mboxcl2", "Content-Length: 48\n\n>From me\n\nFrom b@x Fri Jan  2 03:04:05 2026\n\n\n\n", ">From me\n"),
        ("a wrong length", "Content-Length: 4\n\n>From me\n", "From me\n"),
    ]

    @Test(arguments: bodies)
    func `Each form of mbox gives the text as it was sent`(form: String, mbox: String, body: String) throws {
        let line = "From a@x Fri Jan  2 03:04:05 2026\n"
        let items = try Samples.items(Array((line + mbox + "\n" + line + "A: b\n\nnext\n").utf8), format: "mbox")
        let raws = items.compactMap { item -> String? in
            if case .message(let held) = item { String(decoding: held.message.raw, as: UTF8.self) } else { nil }
        }
        #expect(raws.count == 2)
        #expect(raws.first?.contains("\n\n" + body) == true, "\(form): \(raws)")
        #expect(raws.last?.hasSuffix("next\n") == true)
    }

    @Test func `A From_ line with nothing before the next one is no message, unless it is the last`() throws {
        let line = "From a@x Fri Jan  2 03:04:05 2026\n"
        func positions(_ mbox: String) throws -> [String] {
            try Samples.items(Array(mbox.utf8), format: "mbox").compactMap { item in
                if case .message(let held) = item { held.message.envelope.data.raw.sourcePosition } else { nil }
            }
        }
        let size = line.utf8.count
        #expect(
            try positions(line + line + "\n" + line + "A: b\n\nx\n\n" + line) == [
                "test#\(2 * size + 1)", "test#\(3 * size + 10)",
            ]
        )
        let many = 20_000
        #expect(try positions(String(repeating: line + "\n", count: many)) == ["test#\((many - 1) * (size + 1))"])
    }

    @Test(arguments: [
        ("From a@x Fri Jan  2 03:04:05 2026\nSubject: x\n\n", "mbox", Confidence.certain),
        ("From: a@x\nTo: b@x\n\n", "rfc5322", .certain),
        ("Subject: x\n\n", "rfc5322", .likely), ("hello\n", "rfc5322", .possible),
    ])
    func `Mail is recognised by its first lines`(head: String, format: String, confidence: Confidence) {
        #expect(
            EmailAdapter().recognise(head: Array(head.utf8), name: "x", headers: [:]) == [
                FormatMatch(format: format, confidence: confidence)
            ]
        )
    }
}
