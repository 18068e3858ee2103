import CSQLite
import Foundation
import GatehouseCore
import Testing

@testable import GatehouseStore

struct StateFileTests {
    let state = TemporaryState()

    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.posixPermissions] as? Int ?? 0) & 0o777
    }

    @Test func `Only the owner may read the state, whatever the umask`() throws {
        let store = try state.open()
        _ = try store.take(Sample())
        #expect(try mode(state.directory) == 0o700)
        let names = try FileManager.default.contentsOfDirectory(atPath: state.directory)
        #expect(Set(names).isSuperset(of: ["gatehouse.sqlite3", "gatehouse.sqlite3-wal", "key"]))
        for name in names { #expect(try mode("\(state.directory)/\(name)") == 0o600, "\(name)") }
        #expect(!names.contains { $0.contains(".new") || $0.hasPrefix("key.") })
    }

    @Test func `Without leave to create, a missing state is an error and nothing is made`() throws {
        #expect(throws: StoreError.self) { try Store(directory: state.directory, create: false) }
        #expect(!FileManager.default.fileExists(atPath: state.directory))
    }

    @Test func `What was committed is there for the next process`() throws {
        var first: Store? = try state.open()
        let positions = [PositionUpdate(item: "a", value: "1"), PositionUpdate(item: "b", value: "2")]
        let id = try first?.commit([Sample().entry], positions: positions, of: "inbox", now: noon)[0].id
        _ = try first?.commit([], positions: [PositionUpdate(item: "b", value: nil)], of: "inbox", now: noon)
        first = nil
        let second = try Store(directory: state.directory, create: false)
        #expect(try second.positions(of: "inbox") == ["a": "1"])
        #expect(try second.positions(of: "other").isEmpty)
        #expect(try second.message(id: id ?? "-")?.summary.id == id)
        #expect(try second.takeOne(Sample()).state == .duplicate, "the key is the same")
    }

    @Test func `Many starters at once make one state`() throws {
        let directory = state.directory
        let failures = Failures()
        DispatchQueue.concurrentPerform(iterations: 8) { number in
            do {
                let store = try Store(directory: directory, create: true)
                _ = try store.take(Sample(keys: [IdentityKey(.claimed, "\(number)")]))
            } catch {
                failures.add("\(error)")
            }
        }
        #expect(failures.all == [])
        let store = try state.open()
        #expect(try store.list(MessageFilter()).count == 8)
        #expect(try store.reconcile().holds)
    }

    @Test func `A newer schema is refused with words`() throws {
        _ = try state.open()
        let connection = try Connection(path: "\(state.directory)/gatehouse.sqlite3", busySeconds: 1)
        try connection.run("UPDATE meta SET value = 99 WHERE name = 'schema'")
        let error = #expect(throws: StoreError.self) { try state.open() }
        #expect(error?.description.contains("newer gatehouse") == true)
        #expect(error?.exitCode == .configuration)
    }

    @Test func `A lost or foreign key is noticed before anything is stored`() throws {
        _ = try state.open()
        let key = "\(state.directory)/key"
        try FileManager.default.removeItem(atPath: key)
        #expect(throws: StoreError.self) { try state.open() }
        #expect(!FileManager.default.fileExists(atPath: key), "no other key takes its place")
        try Data(repeating: 1, count: 32).write(to: URL(filePath: key))
        let error = #expect(throws: StoreError.self) { try state.open() }
        #expect(error?.description.contains("not the key") == true)
    }

    @Test func `A file that is no state of ours is refused and stays as it is`() throws {
        try FileManager.default.createDirectory(atPath: state.directory, withIntermediateDirectories: true)
        try Data(repeating: 7, count: 32).write(to: URL(filePath: "\(state.directory)/key"))
        let path = "\(state.directory)/gatehouse.sqlite3"
        let text = Data("this is not a database, it is a letter of more than one hundred bytes; see for yourself.".utf8)
        for content in [text + text, Data()] {
            try content.write(to: URL(filePath: path))
            #expect(throws: StoreError.self) { try state.open() }
            #expect(try Data(contentsOf: URL(filePath: path)) == content)
        }
    }

    @Test func `A second writer waits, and says so when it has waited too long`() throws {
        let first = try state.open()
        var options = Store.Options()
        options.busySeconds = 0
        let second = try state.open(options)
        try first.connection.run("BEGIN IMMEDIATE")
        let error = #expect(throws: StoreError.self) { try second.take(Sample()) }
        #expect(error?.exitCode == .tryAgainLater)
        #expect(error?.description.contains("Another gatehouse") == true)
        #expect(try second.list(MessageFilter()).isEmpty, "reading goes on")
        try first.connection.run("COMMIT")
        #expect(try second.takeOne(Sample()).state == .accepted)
    }

    @Test func `A full disk stores all or nothing, and the store goes on when there is room`() throws {
        let store = try state.open()
        let pages = try store.connection.first("PRAGMA page_count") { $0.int(0) } ?? 0
        try store.connection.execute(script: "PRAGMA max_page_count = \(pages)")
        let big = Sample(keys: [IdentityKey(.claimed, "big")], raw: String(repeating: "x", count: 60_000))
        let small = Sample(account: "new@example.org", keys: [IdentityKey(.claimed, "small")])
        let error = #expect(throws: StoreError.self) { try store.take(small, big) }
        #expect(error?.exitCode == .tryAgainLater)
        #expect(error?.description.contains("full") == true)
        #expect(try store.list(MessageFilter()).isEmpty)
        try store.connection.execute(script: "PRAGMA max_page_count = 1000000")
        #expect(try store.take(small, big).map(\.state) == [.accepted, .accepted])
        #expect(try store.reconcile().holds)
    }

    @Test(arguments: [0, 1, 256 * 1024, 256 * 1024 + 1, 1_000_000])
    func `Bytes of any length come back as they were, each content once`(count: Int) throws {
        let store = try state.open()
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        for number in 0..<2 {
            let sample = Sample(keys: [IdentityKey(.claimed, "\(number)")], text: "\(number)", attachment: bytes)
            _ = try store.take(sample)
        }
        #expect(try store.blob(SHA256.hex(of: bytes)) == bytes)
        let digest = SQLValue.bytes(SHA256.digest(of: bytes))
        #expect(try store.connection.first("SELECT uses FROM blob WHERE sha256 = ?1", digest) { $0.int(0) } == 2)
        #expect(try store.blob("not a digest") == nil)
    }

    @Test func `A lock is held once and ends with its holder`() throws {
        _ = try state.open()
        var lock = try FileLock.attempt("poll/../inbox", in: state.directory)
        #expect(lock?.path == "\(state.directory)/lock-poll%2f%2e%2e%2finbox")
        #expect(try FileLock.attempt("poll/../inbox", in: state.directory) == nil)
        #expect(try FileLock.attempt("other", in: state.directory) != nil)
        lock = nil
        #expect(try FileLock.attempt("poll/../inbox", in: state.directory) != nil)
    }
}

private final class Failures: @unchecked Sendable {
    private let lock = NSLock()
    private var texts: [String] = []

    func add(_ text: String) { lock.withLock { texts.append(text) } }
    var all: [String] { lock.withLock { texts } }
}
