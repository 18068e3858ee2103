import Foundation
import Testing

/// A mailbox that others change between polls: each mail becomes one message, and none is lost.
@Suite struct MailboxTests {
    /// What another program does to the mbox; numbers are mails.
    enum Step: Sendable {
        case write([Int])
        /// Mail readers put `Status` and the like into the header.
        case writeMarked([Int])
        case append([Int])
        /// A new file takes the place of the old one.
        case replace([Int])
        case rotate(String)
        case copyAndTruncate(String)
        case remove
        /// `gatehouse poll`, after which each mail so far is there once.
        case poll
    }

    static let histories: [(name: String, steps: [Step])] = [
        ("grows", [.write([1, 2]), .poll, .append([3]), .poll, .poll, .append([4, 5]), .poll]),
        ("shrinks", [.write([1, 2, 3]), .poll, .write([1]), .poll, .append([4]), .poll]),
        ("is compacted, and has its old size again", [.write([1, 2, 3]), .poll, .write([2, 3, 4]), .poll]),
        ("is compacted and grows", [.write([1, 2, 3]), .poll, .write([3, 4, 5, 6]), .poll, .append([7]), .poll]),
        ("is sorted anew", [.write([1, 2, 3]), .poll, .write([3, 1, 2, 4]), .poll]),
        ("is replaced", [.write([1, 2]), .poll, .replace([2, 3]), .poll, .append([4]), .poll]),
        ("is marked as read", [.write([1, 2]), .poll, .writeMarked([1, 2, 3]), .poll, .append([4]), .poll]),
        ("is emptied", [.write([1, 2]), .poll, .write([]), .poll, .write([3]), .poll]),
        ("is removed", [.write([1]), .poll, .remove, .poll, .write([2]), .poll]),
        ("is rotated", [.write([1]), .poll, .append([2]), .rotate("box.1"), .write([3]), .poll, .append([4]), .poll]),
        (
            "is rotated, and the new one comes later",
            [.write([1]), .poll, .append([2]), .rotate("box.1"), .poll, .write([3]), .poll]
        ),
        (
            "is copied and truncated",
            [.write([1]), .poll, .append([2]), .copyAndTruncate("box.1"), .append([3]), .poll]
        ),
        (
            "is rotated and grows beyond",
            [.write([1]), .poll, .append([2]), .rotate("box-1"), .write([3, 4, 5]), .poll]
        ),
    ]

    @Test(arguments: histories)
    func `An mbox between polls loses nothing and doubles nothing`(name: String, steps: [Step]) throws {
        let desk = try Desk()
        try desk.configure(sources: #"[{ "name": "box", "type": "mbox", "path": "box" }]"#)
        let box = desk.folder.appending(path: "box")
        var written: Set<Int> = []
        for step in steps {
            switch step {
            case .write(let mails), .writeMarked(let mails), .append(let mails), .replace(let mails):
                written.formUnion(mails)
                try Self.change(box, step, mails)
            case .rotate(let name):
                try FileManager.default.moveItem(at: box, to: desk.folder.appending(path: name))
            case .copyAndTruncate(let name):
                try FileManager.default.copyItem(at: box, to: desk.folder.appending(path: name))
                try Self.change(box, .write([]), [])
            case .remove: try FileManager.default.removeItem(at: box)
            case .poll:
                let outcome = try desk.gatehouse("poll")
                #expect(outcome.status == 0, "\(outcome.errors)")
                #expect(try desk.inputs("accepted") == written.count, "\(name)")
            }
        }
    }

    /// In place, as mail servers and readers write, but for `replace`.
    private static func change(_ box: URL, _ step: Step, _ mails: [Int]) throws {
        var mark = ""
        var isAppended = false
        switch step {
        case .writeMarked: mark = "Status: RO\nX-Status: A\n"
        case .append: isAppended = true
        case .replace: try FileManager.default.removeItem(at: box)
        default: break
        }
        let text = Data(mails.map { entry($0, mark) }.joined().utf8)
        guard FileManager.default.fileExists(atPath: box.path()) else { return try text.write(to: box) }
        let handle = try FileHandle(forUpdating: box)
        defer { try? handle.close() }
        if isAppended { try handle.seekToEnd() } else { try handle.truncate(atOffset: 0) }
        try handle.write(contentsOf: text)
    }

    /// All are of one length and end alike, as the mails that a form sends.
    private static func entry(_ number: Int, _ mark: String) -> String {
        """
        From form@example.org Fri Jan  2 03:04:05 2026
        Message-ID: <\(number)@example.org>
        From: form@example.org
        \(mark)Subject: From the form

        Request \(number)
        \(String(repeating: "The same words under each mail of this form.\n", count: 60))

        """
    }

    @Test(arguments: ["\"delete\"", "\"move\", \"move_to\": \"done\""])
    func `An mbox of several batches is emptied once all of it is committed`(after: String) throws {
        let desk = try Desk()
        try desk.configure(sources: #"[{ "name": "box", "type": "mbox", "path": "box", "after": \#(after) }]"#)
        let mails = Data(MailMaker.mbox(1...1300).utf8)
        try desk.write(mails, to: "box")
        let outcome = try desk.gatehouse("poll")
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(try desk.inputs("accepted") == 1300)
        #expect(try Data(contentsOf: desk.folder.appending(path: "box")).isEmpty)
        if after != "\"delete\"" { #expect(try Data(contentsOf: desk.folder.appending(path: "done")) == mails) }
    }

    @Test func `A Maildir's messages are marked as seen only once they are committed, in its subfolders too`() throws {
        let desk = try Desk()
        try desk.configure(
            sources: #"[{ "name": "m", "type": "maildir", "path": "m", "after": "seen", "subfolders": true }]"#
        )
        for folder in ["m", "m/.Support", "m/.Trash"] {
            for part in ["new", "cur", "tmp"] { try desk.write("", to: "\(folder)/\(part)/.keep") }
            try desk.write(MailMaker.mail(folder.count), to: "\(folder)/new/1\(folder.count).a")
        }
        #expect(try desk.gatehouse("poll").status == 0)
        #expect(try desk.inputs("accepted") == 2)
        func names(_ path: String) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: desk.folder.appending(path: path).path()).sorted()
        }
        #expect(try names("m/cur") == [".keep", "11.a:2,S"])
        #expect(try names("m/.Support/cur") == [".keep", "110.a:2,S"])
        #expect(try names("m/.Trash/new") == [".keep", "18.a"])
    }
}
