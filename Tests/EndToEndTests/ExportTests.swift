import Foundation
import Testing

/// Downloads as people have them: a zip, a folder, a longer export of the same chat.
struct ExportTests {
    private static let chat = [
        "12.01.26, 09:14 - Ana: Hello", "12.01.26, 09:15 - Ana: ok", "12.01.26, 09:15 - Ana: ok",
        "12.01.26, 09:16 - Support: One moment",
    ]

    @Test func `A second, longer export of a chat brings only what is new, and equal messages both live`() throws {
        let desk = try Desk()
        try desk.write(Self.chat.joined(separator: "\n"), to: "a/WhatsApp Chat with Ana.txt")
        let longer = Self.chat + ["12.01.26, 09:20 - Ana: ok", "12.01.26, 09:20 - Ana: ok"]
        try desk.write(longer.joined(separator: "\n"), to: "b/WhatsApp Chat with Ana (1).txt")
        for (name, count) in [("a/WhatsApp Chat with Ana.txt", 4), ("b/WhatsApp Chat with Ana (1).txt", 6)] {
            let outcome = try desk.gatehouse(
                "ingest",
                "--all",
                desk.folder.appending(path: name).path(percentEncoded: false)
            )
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(try desk.inputs("accepted") == count)
        }
    }

    @Test func `A zip is taken once, and the same download in a folder or through a pipe is known`() throws {
        let desk = try Desk()
        let zip = Repository.samples.appending(path: "social_dm/messenger-download.zip")
        let refused = try desk.gatehouse("ingest", zip.path())
        #expect(refused.errors.contains("--since"))
        #expect(try desk.gatehouse("ingest", "--all", zip.path()).status == 0)
        #expect(try desk.inputs("accepted") == 1)
        let piped = try desk.gatehouse("ingest", "--all", "-", input: try Data(contentsOf: zip))
        #expect(piped.status == 0, "\(piped.errors)")
        #expect(try desk.inputs("accepted") == 1)
        #expect(try desk.inputs("duplicate") == 1)
    }

    @Test func `A zip in a drop folder is read, and its picture is kept`() throws {
        let desk = try Desk()
        let zip = Repository.samples.appending(path: "social_dm/whatsapp-ios-download.zip")
        try desk.write(try Data(contentsOf: zip), to: "drop/WhatsApp Chat - Ana.zip")
        try desk.configure(
            sources: #"[{"name": "dm", "type": "folder", "path": "drop", "settle_seconds": 0, "since": "all"}]"#
        )
        let outcome = try desk.gatehouse("poll", "--verbose")
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(try desk.inputs("accepted") == 8)
        let listed = try Program.run("gatehouse", ["parse", zip.path()])
        #expect(listed.output.contains(#""status":"stored""#))
        #expect(try desk.gatehouse("poll").status == 0)
        #expect(try desk.inputs("accepted") == 8)
    }

    @Test func `A folder is read through, and one without messages says so`() throws {
        let desk = try Desk()
        try desk.write(Self.chat.joined(separator: "\n"), to: "export/one/WhatsApp Chat with Ana.txt")
        try desk.write("{\"a\": 1}", to: "export/other.json")
        let outcome = try Program.run("gatehouse", ["parse", desk.folder.appending(path: "export").path()])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.lines.count == 4)
        #expect(outcome.errors.contains("other_file"))
        try desk.write("{\"a\": 1}", to: "empty/other.json")
        let empty = try Program.run("gatehouse", ["parse", desk.folder.appending(path: "empty").path()])
        #expect(empty.status == 65)
        #expect(empty.output.contains("rejected:no_messages_found"))
    }

    @Test func `A zip that is cut gives what stands before the cut, and is kept for review`() throws {
        let desk = try Desk()
        let zip = try Data(contentsOf: Repository.samples.appending(path: "social_dm/slack-download.zip"))
        // The list at its end is gone.
        try desk.write(zip.dropLast(100), to: "cut.zip")
        let outcome = try desk.gatehouse("ingest", "--all", desk.folder.appending(path: "cut.zip").path())
        #expect(outcome.status == 65)
        #expect(outcome.errors.contains("the download was cut"))
        #expect(try desk.inputs("rejected") == 1)
        #expect(try desk.inputs("accepted") == 5)
    }
}
