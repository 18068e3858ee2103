import Foundation
import GatehouseCore
import Glibc
import Testing

@testable import EmailAdapter

@Suite struct `An mbox between polls` {
    private let folder: TemporaryFolder
    private let reader: SourceReader

    init() throws {
        folder = try TemporaryFolder()
        reader = SourceReader(MboxSource(name: "m", path: "\(folder.path)/box", context: context))
    }

    private let context = IntakeContext(source: "/email/test")

    private func use(_ action: AfterCommit) {
        reader.source = MboxSource(name: "m", path: "\(folder.path)/box", context: context, afterCommit: action)
    }

    private func entry(_ text: String) -> String { "From a@x Fri Jan  2 03:04:05 2026\nSubject: s\n\n\(text)\n\n" }

    private func write(_ texts: String..., to name: String = "box") throws {
        try folder.write(texts.map(entry).joined(), name)
    }

    private func content(_ name: String = "box") throws -> String {
        try String(contentsOfFile: "\(folder.path)/\(name)", encoding: .utf8)
    }

    private func rename(_ from: String, _ to: String) throws {
        try FileManager.default.moveItem(atPath: "\(folder.path)/\(from)", toPath: "\(folder.path)/\(to)")
    }

    @Test func `What is appended is new, and what was rewritten is read from the start`() throws {
        try write("one", "two")
        #expect(try reader.poll() == ["one", "two"])
        #expect(try reader.poll() == [])
        try write("one", "two", "three")
        #expect(try reader.poll() == ["three"])
        try write("two", "three")
        #expect(try reader.poll() == ["two", "three"])
        try write("six", "seven", "eight")
        #expect(try reader.poll() == ["six", "seven", "eight"])
        try write()
        #expect(try reader.poll() == [])
        try write("nine")
        #expect(try reader.poll() == ["nine"])
        #expect(try folder.names("") == ["box"])
    }

    @Test func `A file of equally long mails that end alike is not taken for the one before`() throws {
        let end = "\n" + String(repeating: "The same words under each mail of this form.\n", count: 40)
        try write("1" + end, "2" + end, "3" + end)
        #expect(try reader.poll().map { $0.prefix(1) } == ["1", "2", "3"])
        // The first two were taken out, two others came.
        try write("3" + end, "4" + end, "5" + end)
        #expect(try reader.poll().map { $0.prefix(1) } == ["3", "4", "5"])
    }

    @Test func `A mail that was read half is read as a whole once the rest is there`() throws {
        let mail = entry("the first line\nthe second line")
        try folder.write(entry("one") + String(mail.prefix(mail.count - 20)), "box")
        #expect(try reader.poll().count == 2)
        try folder.write(entry("one") + mail, "box")
        #expect(try reader.poll() == ["the first line\nthe second line"])
        try folder.write(entry("one") + mail + entry("three"), "box")
        #expect(try reader.poll() == ["three"])
    }

    @Test(arguments: ["box.1", "box-20260102", "box.0", "box.old"])
    func `What arrived before a rotation is read from the file's new name`(name: String) throws {
        try write("one")
        #expect(try reader.poll() == ["one"])
        try write("one", "two")
        try rename("box", name)
        try write("not this mailbox", to: "box.2")
        try write("three")
        #expect(try reader.poll() == ["two", "three"])
        #expect(try reader.poll() == [])
        try write("three", "four")
        #expect(try reader.poll() == ["four"])
    }

    @Test(arguments: [["box.3", "box.2", "box.1"], ["box-20260101", "box-20260102", "box-20260103"]])
    func `What was rotated away more than once between two polls is read too, the oldest first`(names: [String]) throws
    {
        try write("one")
        #expect(try reader.poll() == ["one"])
        try write("one", "two", to: names[0])
        try write("three", to: names[1])
        try write("four", to: names[2])
        try write("another mailbox", to: "box-sent")
        try write("before all of them", to: names[0] == "box.3" ? "box.4" : "box-20251231")
        try write("five")
        #expect(try reader.poll() == ["two", "three", "four", "five"])
        #expect(try reader.poll() == [])
    }

    @Test func `A rotation is noticed before the new file is there`() throws {
        try write("one")
        #expect(try reader.poll() == ["one"])
        try write("one", "two")
        try rename("box", "box.1")
        #expect(try reader.poll() == ["two"])
        #expect(try reader.poll() == [])
        try rename("box.1", "box.2")
        try write("three")
        #expect(try reader.poll() == ["three"])
    }

    @Test func `A mailbox that some mail reader has emptied and removed is no error; one that was never there is`()
        throws
    {
        #expect(throws: IntakeError.missing(path: "\(folder.path)/box")) { try reader.poll() }
        try write("one")
        #expect(try reader.poll() == ["one"])
        try FileManager.default.removeItem(atPath: "\(folder.path)/box")
        #expect(try reader.poll() == [])
        #expect(try reader.poll() == [])
        try write("two")
        #expect(try reader.poll() == ["two"])
        try FileManager.default.removeItem(atPath: folder.path)
        #expect(throws: IntakeError.missing(path: "\(folder.path)/box")) { try reader.poll() }
    }

    // MARK: After the commit

    @Test(arguments: [AfterCommit.delete, .move(to: "done")])
    func `A file is emptied once all of it is committed`(action: AfterCommit) throws {
        use(action == .delete ? .delete : .move(to: "\(folder.path)/done"))
        try write("one", "two")
        let first = try content()
        #expect(try reader.poll() == ["one", "two"])
        #expect(try content() == first)
        // What arrives before the acknowledgement is not lost.
        try write("one", "two", "three")
        try reader.acknowledge()
        #expect(try content() == first + entry("three"))
        #expect(try reader.pollAndAcknowledge() == ["three"])
        #expect(try content() == "")
        #expect(try reader.pollAndAcknowledge() == [])
        try write("four")
        #expect(try reader.pollAndAcknowledge() == ["four"])
        #expect(try content() == "")
        #expect(try folder.names("") == (action == .delete ? ["box"] : ["box", "done"]))
        if action != .delete { #expect(try content("done") == first + entry("three") + entry("four")) }
    }

    @Test func `What a run has committed and not come to empty, the next one empties`() throws {
        use(.delete)
        try write("one")
        #expect(try reader.poll() == ["one"])
        #expect(try content() != "")
        #expect(try reader.poll() == [])
        #expect(try content() == "")
    }

    @Test func `What was read to be kept is kept when the configuration changes`() throws {
        try write("one")
        #expect(try reader.pollAndAcknowledge() == ["one"])
        use(.delete)
        #expect(try reader.pollAndAcknowledge() == [])
        #expect(try content() == entry("one"))
    }

    @Test func `An archive that ends without a line end still parts its mails`() throws {
        use(.move(to: "\(folder.path)/done"))
        try folder.write("From a@x Fri Jan  2 03:04:05 2026\nSubject: s\n\nzero", "done")
        try write("one")
        #expect(try reader.pollAndAcknowledge() == ["one"])
        let archive = try Samples.items(Array(content("done").utf8), format: "mbox")
        #expect(archive.count == 2)
    }

    // MARK: Locks

    @Test(arguments: ["4194305\n", "4194305", "nobody"])
    func `A lock file that was left behind is removed`(owner: String) throws {
        try write("one")
        try folder.write(owner, "box.lock")
        if owner == "nobody" {
            var times = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 0)]
            _ = unsafe utimensat(AT_FDCWD, "\(folder.path)/box.lock", &times, 0)
        }
        #expect(try reader.poll() == ["one"])
        #expect(try folder.names("") == ["box"])
    }

    @Test func `A file that another program has locked is waited for, and left alone if that takes long`() throws {
        try write("one")
        // A lock of an open file (F_OFD_SETLK) is another owner's, even in this process.
        let setLock: Int32 = 37
        let other = unsafe open("\(folder.path)/box", O_RDWR)
        defer { close(other) }
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        #expect(unsafe fcntl(other, setLock, &lock) == 0)
        #expect(throws: IntakeError.self) { try reader.poll() }
        #expect(try folder.names("") == ["box"])
        lock.l_type = Int16(F_UNLCK)
        #expect(unsafe fcntl(other, setLock, &lock) == 0)
        #expect(try reader.poll() == ["one"])
    }

    @Test func `A file that a living program has dotlocked is left alone`() throws {
        try write("one")
        try folder.write("\(getppid())\n", "box.lock")
        #expect(throws: IntakeError.self) { try reader.poll() }
        #expect(try folder.names("") == ["box", "box.lock"])
    }
}
