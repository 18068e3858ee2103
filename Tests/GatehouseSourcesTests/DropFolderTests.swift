import Foundation
import GatehouseCore
import Glibc
import Testing

@testable import GatehouseSources

/// A folder of its own for each test, gone with it.
final class TemporaryFolder {
    let url = FileManager.default.temporaryDirectory.appending(path: "gatehouse-folder-\(UUID().uuidString)")
    var path: String { url.path() }

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ text: String, to name: String) throws {
        let file = url.appending(path: name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    func holds(_ name: String) -> Bool { unsafe access("\(path)/\(name)", F_OK) == 0 }

    func text(of name: String) throws -> String {
        String(decoding: try Data(contentsOf: url.appending(path: name)), as: UTF8.self)
    }

    func date(_ name: String, secondsFromNow: Double) throws {
        let date = Date(timeIntervalSinceNow: secondsFromNow)
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: "\(path)/\(name)")
    }
}

/// A drop folder and what a pipeline would remember of it.
final class FolderReader {
    let folder: TemporaryFolder
    var positions: [String: String] = [:]
    var failure: (any Error)?
    private let source: DropFolder

    init(_ folder: TemporaryFolder, settleSeconds: Int = 0, afterCommit: FolderAction = .keep) {
        self.folder = folder
        source = DropFolder(
            name: "drop",
            path: folder.path,
            format: nil,
            context: IntakeContext(source: "/folder/drop"),
            settleSeconds: settleSeconds,
            afterCommit: afterCommit
        )
    }

    /// Polls and commits. Returns what was read, as the files' texts.
    ///
    /// - Parameters:
    ///   - acknowledges: False dies between commit and acknowledgement.
    ///   - beforeAcknowledging: What somebody else does meanwhile.
    @discardableResult
    func poll(
        acknowledges: Bool = true,
        beforeAcknowledging: () throws -> Void = {},
        refusing: String? = nil
    ) throws -> [String] {
        var texts: [String] = []
        var receipts: [String] = []
        var updates: [PositionUpdate] = []
        failure = nil
        do {
            updates += try source.poll(positions: positions) { found in
                if let refusing, found.input.position.hasSuffix(refusing) {
                    throw IntakeError.unreadable(path: found.input.position, reason: "Input/output error")
                }
                let (bytes, _) = try found.input.bytes.readAll(limit: 1 << 20)
                texts.append(String(decoding: bytes, as: UTF8.self))
                updates += found.positions
                receipts.append(found.receipt)
            }
        } catch let partial as PartialPoll {
            updates += partial.forgotten
            failure = partial.cause
        }
        for update in updates { positions[update.item] = update.value }
        try beforeAcknowledging()
        if acknowledges { try source.acknowledge(receipts) }
        return texts
    }
}

struct DropFolderTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `A file is read once, and again when it has grown`() throws {
        let reader = FolderReader(folder)
        try folder.write("one", to: "a.json")
        #expect(try reader.poll() == ["one"])
        #expect(try reader.poll() == [])
        try folder.write("one and two", to: "a.json")
        #expect(try reader.poll() == ["one and two"])
    }

    @Test func `A file that still changes is left until it has settled`() throws {
        try folder.write("half", to: "a.json")
        let reader = FolderReader(folder, settleSeconds: 3600)
        #expect(try reader.poll() == [])
        #expect(reader.positions.isEmpty)
        try folder.date("a.json", secondsFromNow: -7200)
        #expect(try reader.poll() == ["half"])
    }

    @Test func `A file with a date in the future is not left for ever`() throws {
        try folder.write("from a clock that runs fast", to: "a.json")
        try folder.date("a.json", secondsFromNow: 10 * 365 * 86_400)
        #expect(try FolderReader(folder).poll().count == 1)
    }

    @Test func `Files come in the order of their names, numbers by value, at any depth`() throws {
        for name in ["message_10.json", "message_2.json", "b/1.json", "message_1.json", "a/x.json"] {
            try folder.write(name, to: name)
        }
        #expect(
            try FolderReader(folder).poll() == [
                "a/x.json", "b/1.json", "message_1.json", "message_2.json", "message_10.json",
            ]
        )
    }

    @Test(arguments: [
        (".hidden.json", false), (".git/a.json", false), ("photo.jpg", false), ("a.json.part", false),
        ("A.JSON", true), ("mail.eml", true), ("no-suffix", true), ("a.form", true), ("list.ndjson", true),
    ])
    func `Hidden files, photos and half-copied files are no inputs`(name: String, isRead: Bool) throws {
        try folder.write("x", to: name)
        #expect(try FolderReader(folder).poll().isEmpty == !isRead)
    }

    @Test func `Links are not followed, neither to files nor to folders`() throws {
        let elsewhere = try TemporaryFolder()
        try elsewhere.write("secret", to: "a.json")
        try #require(unsafe symlink("\(elsewhere.path)/a.json", "\(folder.path)/link.json") == 0)
        try #require(unsafe symlink(elsewhere.path, "\(folder.path)/way-out") == 0)
        try #require(unsafe symlink(folder.path, "\(folder.path)/loop") == 0)
        #expect(try FolderReader(folder).poll() == [])
    }

    @Test func `One file that can't be read stops none of the others, and is tried again`() throws {
        for name in ["a.json", "b.json", "c.json"] { try folder.write(name, to: name) }
        let reader = FolderReader(folder)
        #expect(try reader.poll(refusing: "b.json") == ["a.json", "c.json"])
        #expect(reader.failure != nil)
        #expect(try reader.poll() == ["b.json"])
        #expect(reader.failure == nil)
    }

    @Test(.enabled(if: geteuid() != 0, "root may read every folder"))
    func `A folder below that can't be read stops none of the others, and nothing in it is forgotten`() throws {
        try folder.write("a", to: "a.json")
        try folder.write("b", to: "closed/b.json")
        let reader = FolderReader(folder)
        #expect(try reader.poll().count == 2)
        try folder.write("c", to: "c.json")
        unsafe chmod("\(folder.path)/closed", 0)
        defer { unsafe chmod("\(folder.path)/closed", 0o700) }
        #expect(try reader.poll() == ["c"])
        #expect(reader.failure != nil)
        #expect(reader.positions["closed/b.json"] != nil)
    }

    @Test func `A name that is no UTF-8 is complained of, and the other files are read`() throws {
        try folder.write("fine", to: "fine.json")
        // größ.js in Latin-1.
        let name: [CChar] = [0x67, 0x72, CChar(bitPattern: 0xF6), CChar(bitPattern: 0xDF), 0x2E, 0x6A, 0x73, 0]
        let descriptor = unsafe open(
            folder.path.utf8.map { CChar(bitPattern: $0) } + [0x2F] + name,
            O_WRONLY | O_CREAT,
            0o600
        )
        try #require(descriptor >= 0)
        close(descriptor)
        let reader = FolderReader(folder)
        #expect(try reader.poll() == ["fine"])
        #expect(reader.failure.map { "\($0)" }?.contains("no UTF-8: rename it") == true)
    }

    @Test func `A file that is gone is forgotten, so that one of its name is read anew`() throws {
        let reader = FolderReader(folder)
        try folder.write("old", to: "a.json")
        try reader.poll()
        #expect(reader.positions.keys.sorted() == ["a.json"])
        try FileManager.default.removeItem(atPath: "\(folder.path)/a.json")
        try reader.poll()
        #expect(reader.positions.isEmpty)
    }

    @Test func `A folder that is not there is an error with its path`() throws {
        let missing = "\(folder.path)/nowhere"
        let source = DropFolder(
            name: "drop",
            path: missing,
            format: nil,
            context: IntakeContext(source: "/folder/drop"),
            settleSeconds: 0,
            afterCommit: .keep
        )
        #expect(throws: IntakeError.missing(path: missing)) { try source.poll(positions: [:]) { _ in } }
    }
}

/// What happens to a file after its messages are on disk, and not before.
struct DropFolderAcknowledgementTests {
    let folder: TemporaryFolder
    let archive: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        archive = try TemporaryFolder()
    }

    private var actions: [FolderAction] { [.delete, .move(to: archive.path)] }

    @Test(arguments: [0, 1])
    func `A file is moved or deleted by its acknowledgement and not before`(action: Int) throws {
        try folder.write("x", to: "in/a.json")
        let reader = FolderReader(folder, afterCommit: actions[action])
        try reader.poll { #expect(folder.holds("in/a.json")) }
        #expect(!folder.holds("in/a.json"))
        #expect(archive.holds("in/a.json") == (action == 1))
    }

    @Test(arguments: [0, 1])
    func `What a run that died after its commit has left is tidied up by the next one, and not read again`(
        action: Int
    ) throws {
        try folder.write("x", to: "a.json")
        let reader = FolderReader(folder, afterCommit: actions[action])
        try reader.poll(acknowledges: false)
        #expect(folder.holds("a.json"))
        #expect(try reader.poll() == [])
        #expect(!folder.holds("a.json"))
    }

    @Test(arguments: [0, 1])
    func `A file that has grown between reading and acknowledgement stays, and is read again`(action: Int) throws {
        try folder.write("one", to: "a.json")
        let reader = FolderReader(folder, afterCommit: actions[action])
        try reader.poll { try folder.write("one and two", to: "a.json") }
        #expect(try folder.text(of: "a.json") == "one and two")
        #expect(try reader.poll() == ["one and two"])
        #expect(!folder.holds("a.json"))
    }

    @Test func `A second file of one name does not replace the first in the archive`() throws {
        let reader = FolderReader(folder, afterCommit: .move(to: archive.path))
        for month in ["May", "June", "July"] {
            try folder.write(month, to: "result.json")
            try reader.poll()
        }
        #expect(try archive.text(of: "result.json") == "May")
        #expect(try archive.text(of: "result.json.2") == "June")
        #expect(try archive.text(of: "result.json.3") == "July")
    }

    @Test func `An archive that can't be made is complained of, and the file stays`() throws {
        try folder.write("x", to: "a.json")
        try archive.write("a file", to: "blocked")
        let reader = FolderReader(folder, afterCommit: .move(to: "\(archive.path)/blocked/below"))
        #expect(throws: IntakeError.self) { try reader.poll() }
        #expect(folder.holds("a.json"))
    }
}

struct FolderWalkTests {
    @Test(arguments: [
        ("message_2", "message_10"), ("a", "b"), ("a", "ab"), ("9", "10"), ("2026-01-09", "2026-01-10"),
        ("a/2/x", "a/10/x"), ("a01", "a1"), ("file", "file1"), ("x99999999999999999999998", "x99999999999999999999999"),
        ("é", "ü"),
    ])
    func `Names are ordered as a person would`(first: String, second: String) {
        #expect(FolderWalk.naturallyPrecedes(first, second))
        #expect(!FolderWalk.naturallyPrecedes(second, first))
        #expect(!FolderWalk.naturallyPrecedes(first, first))
    }

    @Test func `A tree deeper than the bound is read as far as that`() throws {
        let folder = try TemporaryFolder()
        let deep = Array(repeating: "d", count: FolderWalk.maximumDepth + 4).joined(separator: "/")
        try folder.write("too deep", to: "\(deep)/a.json")
        try folder.write("here", to: "d/a.json")
        #expect(try FolderWalk.files(below: folder.path).files.map(\.relativePath) == ["d/a.json"])
    }
}
