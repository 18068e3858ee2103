import Foundation
import GatehouseCore
import Testing

@testable import EmailAdapter

@Suite struct `A Maildir between polls` {
    private let folder: TemporaryFolder
    private let reader: SourceReader

    init() throws {
        folder = try TemporaryFolder()
        try folder.makeMaildir()
        reader = SourceReader(MaildirSource(name: "m", path: folder.path, context: context))
    }

    private let context = IntakeContext(source: "/email/test")

    private func use(_ action: AfterCommit, _ subfolders: MaildirSubfolders = .none) {
        reader.source = MaildirSource(
            name: "m",
            path: folder.path,
            context: context,
            afterCommit: action,
            subfolders: subfolders
        )
    }

    private func write(_ text: String, _ name: String) throws { try folder.write("Subject: x\n\n\(text)", name) }

    private func makeSubfolder(_ name: String) throws {
        for part in ["new", "cur", "tmp"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder.path)/\(name)/\(part)",
                withIntermediateDirectories: true
            )
        }
    }

    private func rename(_ from: String, _ to: String) throws {
        try FileManager.default.moveItem(atPath: "\(folder.path)/\(from)", toPath: "\(folder.path)/\(to)")
    }

    @Test func `Each name is read once, new before cur, and forgotten once it is gone`() throws {
        try write("old", "cur/100.a:2,S")
        try write("later", "new/300.c")
        try write("new", "new/200.b")
        try write("half", "tmp/400.d")
        #expect(try reader.poll() == ["new", "later", "old"])
        #expect(try reader.poll() == [])
        try rename("new/200.b", "cur/200.b:2,RS")
        #expect(try reader.poll() == [])
        try FileManager.default.removeItem(atPath: "\(folder.path)/cur/100.a:2,S")
        #expect(try reader.poll() == [])
        #expect(reader.positions.keys.sorted() == ["200.b", "300.c"])
    }

    @Test func `A file that is renamed while others are read is still read, once`() throws {
        for number in 1...5 { try write("\(number)", "new/\(number).a") }
        let path = folder.path
        reader.beforeReading = { place in
            // A mail reader marks all that are left as seen.
            guard place.hasSuffix("/1.a") else { return }
            for number in 2...5 {
                try? FileManager.default.moveItem(
                    atPath: "\(path)/new/\(number).a",
                    toPath: "\(path)/cur/\(number).a:2,S"
                )
            }
        }
        #expect(try reader.poll().sorted() == ["1", "2", "3", "4", "5"])
        #expect(try reader.poll() == [])
    }

    @Test func `A file that is deleted while others are read is left out`() throws {
        for number in 1...3 { try write("\(number)", "new/\(number).a") }
        let path = folder.path
        reader.beforeReading = { _ in try? FileManager.default.removeItem(atPath: "\(path)/new/2.a") }
        #expect(try reader.poll() == ["1", "3"])
        #expect(reader.positions.keys.sorted() == ["1.a", "3.a"])
    }

    // MARK: After the commit

    @Test(arguments: [
        (AfterCommit.keep, ["1.a"], ["2.b:2,F"]), (.seen, [], ["1.a:2,S", "2.b:2,FS"]), (.delete, [], []),
    ])
    func `After the commit, and not before, a message is kept, marked or deleted`(
        after: AfterCommit,
        new: [String],
        cur: [String]
    ) throws {
        try write("a", "new/1.a")
        try write("b", "cur/2.b:2,F")
        use(after)
        #expect(try reader.poll().count == 2)
        #expect(try folder.names("new") == ["1.a"])
        try reader.acknowledge()
        #expect(try folder.names("new") == new)
        #expect(try folder.names("cur") == cur)
        #expect(try reader.pollAndAcknowledge() == [])
        #expect(try folder.names("cur") == cur)
    }

    @Test func `After the commit a message is moved to another Maildir, over no other file`() throws {
        try makeSubfolder(".Done")
        try write("other", ".Done/cur/1.a:2,S")
        try write("a", "new/1.a")
        try write("b", "cur/2.b:2,F")
        use(.move(to: "\(folder.path)/.Done"))
        #expect(try reader.pollAndAcknowledge() == ["a", "b"])
        #expect(try folder.names(".Done/cur") == ["1.a:2,S", "1.a_2:2,S", "2.b:2,FS"])
        #expect(try folder.names("new") + folder.names("cur") == [])
    }

    @Test func `A message that was renamed before it is marked is marked where it lies`() throws {
        try write("a", "new/1.a")
        use(.delete)
        #expect(try reader.poll() == ["a"])
        try rename("new/1.a", "cur/1.a:2,R")
        try reader.acknowledge()
        #expect(try folder.names("cur") == [])
    }

    @Test(arguments: [AfterCommit.seen, .delete])
    func `What a run has committed and not come to finish, the next one finishes`(after: AfterCommit) throws {
        try write("a", "new/1.a")
        use(after)
        #expect(try reader.poll() == ["a"])
        #expect(try reader.poll() == [])
        #expect(try folder.names("new") == [])
        #expect(try folder.names("cur") == (after == .seen ? ["1.a:2,S"] : []))
    }

    @Test func `What was read to be kept is kept when the configuration changes`() throws {
        try write("a", "new/1.a")
        #expect(try reader.pollAndAcknowledge() == ["a"])
        use(.delete)
        try write("b", "new/2.b")
        #expect(try reader.pollAndAcknowledge() == ["b"])
        #expect(try folder.names("new") == ["1.a"])
    }

    // MARK: Subfolders

    @Test func `Subfolders are read if asked for, but for drafts, sent mail, trash, spam and where mail is moved to`()
        throws
    {
        let folders = [".Support", ".Support.VIP", ".Sent", ".Trash.2025", ".INBOX.Junk", ".Drafts", ".Done", ".empty"]
        for (number, name) in folders.dropLast().enumerated() {
            try makeSubfolder(name)
            try write(name, "\(name)/new/\(number).a")
        }
        try FileManager.default.createDirectory(atPath: "\(folder.path)/.empty", withIntermediateDirectories: false)
        try write("inbox", "new/100.a")
        #expect(try reader.pollAndAcknowledge() == ["inbox"])
        use(.move(to: "\(folder.path)/.Done"), .all)
        #expect(try reader.pollAndAcknowledge() == [".Support", ".Support.VIP"])
        #expect(try folder.names(".Done/cur") == ["0.a:2,S", "1.a:2,S"])
        #expect(try folder.names(".Support/new") == [])
        use(.keep, .named(["Sent"]))
        #expect(try reader.poll() == [".Sent"])
    }

    @Test func `A message that is filed into another folder is no new one`() throws {
        try makeSubfolder(".Support")
        try write("a", "new/1.a")
        use(.keep, .all)
        #expect(try reader.poll() == ["a"])
        try rename("new/1.a", ".Support/cur/1.a:2,S")
        #expect(try reader.poll() == [])
        #expect(reader.positions.keys.sorted() == ["1.a"])
    }

    @Test func `A subfolder that is named and missing is an error`() throws {
        use(.keep, .named(["Suport"]))
        #expect(throws: IntakeError.missing(path: "\(folder.path)/.Suport/new")) { try reader.poll() }
    }
}
