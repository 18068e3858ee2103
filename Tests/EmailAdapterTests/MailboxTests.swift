import Foundation
import GatehouseCore
import Testing

@testable import EmailAdapter

@Suite struct `Mailboxes` {
    private func poll(_ source: some MessageSource, _ positions: inout [String: String]) throws -> [String] {
        var bodies: [String] = []
        let forgotten = try source.poll(positions: positions) { input in
            let (bytes, _) = try input.input.bytes.readAll(limit: 1 << 20)
            bodies.append(Samples.parse(bytes).envelope.data.body.text.trimmedBlanks)
            for update in input.positions { positions[update.item] = update.value }
        }
        for update in forgotten { positions[update.item] = update.value }
        return bodies
    }

    private let context = IntakeContext(source: "/email/test")

    @Test func `The sample mbox holds four messages, one with a From_ line inside`() throws {
        let items = try Samples.items(try Samples.bytes("support.mbox"), format: "mbox")
        let data = items.compactMap { item -> MessageData? in
            if case .message(let parsed) = item { parsed.envelope.data } else { nil }
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
            if case .message(let parsed) = item { parsed.envelope.data.raw.sourcePosition } else { nil }
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
            if case .message(let parsed) = $0 { data.append(parsed.envelope.data) }
        }
        #expect(data.map(\.subject) == ["long", "next"])
        #expect(data[0].warnings.contains("limit:message_bytes"))
        #expect(data[1].raw.sourcePosition == "m#\(long.utf8.count)")
    }

    @Test func `An mbox that grows gives what is new, and one that was rewritten starts over`() throws {
        let folder = try TemporaryFolder()
        let source = MboxSource(name: "m", path: "\(folder.path)/box", context: context)
        func entry(_ text: String) -> String { "From a@x Fri Jan  2 03:04:05 2026\nSubject: s\n\n\(text)\n\n" }
        var positions: [String: String] = [:]
        try folder.write(entry("one") + entry("two"), "box")
        #expect(try poll(source, &positions) == ["one", "two"])
        #expect(try poll(source, &positions) == [])
        try folder.write(entry("one") + entry("two") + entry("three"), "box")
        #expect(try poll(source, &positions) == ["three"])
        try folder.write(entry("two") + entry("three"), "box")
        #expect(try poll(source, &positions) == ["two", "three"])
        try folder.write(entry("six") + entry("seven") + entry("eight"), "box")
        #expect(try poll(source, &positions) == ["six", "seven", "eight"])
        try folder.write("", "box")
        #expect(try poll(source, &positions) == [])
        try folder.write(entry("nine"), "box")
        #expect(try poll(source, &positions) == ["nine"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["box"])
    }

    @Test func `A Maildir gives each name once, new before cur, and forgets what is gone`() throws {
        let folder = try TemporaryFolder()
        try folder.makeMaildir()
        let source = MaildirSource(name: "m", path: folder.path, context: context)
        var positions: [String: String] = [:]
        try folder.write("Subject: x\n\nold", "cur/100.a:2,S")
        try folder.write("Subject: x\n\nlater", "new/300.c")
        try folder.write("Subject: x\n\nnew", "new/200.b")
        try folder.write("Subject: x\n\nhalf", "tmp/400.d")
        #expect(try poll(source, &positions) == ["new", "later", "old"])
        #expect(try poll(source, &positions) == [])
        try FileManager.default.moveItem(atPath: "\(folder.path)/new/200.b", toPath: "\(folder.path)/cur/200.b:2,RS")
        #expect(try poll(source, &positions) == [])
        try FileManager.default.removeItem(atPath: "\(folder.path)/cur/100.a:2,S")
        #expect(try poll(source, &positions) == [])
        #expect(positions.keys.sorted() == ["200.b", "300.c"])
    }

    @Test(arguments: [
        (AfterCommit.keep, ["1.a"], ["2.b:2,F"]), (.seen, [], ["1.a:2,S", "2.b:2,FS"]), (.delete, [], []),
    ])
    func `After the commit a message is kept, marked or deleted`(after: AfterCommit, new: [String], cur: [String])
        throws
    {
        let folder = try TemporaryFolder()
        try folder.makeMaildir()
        try folder.write("Subject: x\n\na", "new/1.a")
        try folder.write("Subject: x\n\nb", "cur/2.b:2,F")
        let source = MaildirSource(name: "m", path: folder.path, context: context, afterCommit: after)
        var positions: [String: String] = [:]
        #expect(try poll(source, &positions).count == 2)
        #expect(try folder.names("new") == ["1.a"])
        try source.acknowledge(["1.a", "2.b", "3.gone"])
        #expect(try folder.names("new") == new)
        #expect(try folder.names("cur") == cur)
    }

    @Test func `After the commit a message is moved to another Maildir`() throws {
        let folder = try TemporaryFolder()
        try folder.makeMaildir()
        try folder.write("Subject: x\n\na", "new/1.a")
        let source = MaildirSource(
            name: "m",
            path: folder.path,
            context: context,
            afterCommit: .move(folder: "\(folder.path)/.Done")
        )
        try source.acknowledge(["1.a"])
        #expect(try folder.names(".Done/cur") == ["1.a:2,S"])
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
