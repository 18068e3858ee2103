import GatehouseCore
import Glibc

/// How far the state had come, in a file of its own beside the database: who puts an older database back is found out.
///
/// It holds the number of the newest message and how many tries there were, twice, so that half a write is no number. It is
/// written after each commit and never synced: it may lag behind, and is never ahead.
struct HighWater: Equatable {
    var messages: Int64
    var tries: Int64

    static let name = "high-water"

    /// - Returns: nil where there is none, or none that can be read.
    static func read(in directory: String) -> HighWater? {
        let descriptor = unsafe open("\(directory)/\(name)", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
        guard count > 0 else { return nil }
        let words = String(decoding: bytes[..<count], as: UTF8.self).split { $0 == " " || $0 == "\n" }
        guard words.count == 4, words[0] == words[2], words[1] == words[3], let messages = Int64(words[0]),
            let tries = Int64(words[1]), messages >= 0, tries >= 0
        else { return nil }
        return HighWater(messages: messages, tries: tries)
    }

    /// A failure costs only the finding out.
    func write(in directory: String) {
        let descriptor = unsafe open("\(directory)/\(Self.name)", O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        func padded(_ number: Int64) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, 19 - digits.utf8.count)) + digits
        }
        let line = "\(padded(messages)) \(padded(tries))"
        let bytes = Array("\(line) \(line)\n".utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }
}

/// A database that is older than what was last written to it.
package struct RestoredState: Sendable, Equatable {
    /// How many messages, and tries to deliver, it does not know of any more; at least.
    package let messages: Int
    package let tries: Int
}

extension Store {
    /// Finds out whether an older database was put back. What waits is then looked up before it is sent, and so is what
    /// comes in again from before now.
    static func findRestore(
        _ connection: Connection,
        was: HighWater?,
        now: Timestamp
    ) throws(StoreError) -> RestoredState? {
        guard let was else { return nil }
        let found = try current(connection)
        guard found.messages < was.messages || found.tries < was.tries else { return nil }
        return try connection.transaction { () throws(StoreError) in
            try connection.run("UPDATE outbox SET outcome_unknown = 1 WHERE state = 'ready'")
            try connection.run(
                "INSERT INTO meta VALUES ('restored_at', ?1) ON CONFLICT DO UPDATE SET value = excluded.value",
                .int(now.milliseconds)
            )
            return RestoredState(
                messages: Int(max(0, was.messages - found.messages)),
                tries: Int(max(0, was.tries - found.tries))
            )
        }
    }

    static func current(_ connection: Connection) throws(StoreError) -> HighWater {
        let messages = try connection.first("SELECT coalesce(max(id), 0) FROM message") { $0.int(0) } ?? 0
        let head = try connection.first("SELECT value FROM meta WHERE name = ?1", .text(AttemptChain.head)) {
            $0.text(0)
        }
        return HighWater(messages: messages, tries: head?.split(separator: ":").first.flatMap { Int64($0) } ?? 0)
    }

    /// Call it after the commit. What another process has written meanwhile may be more, which does no harm.
    func noteHighWater(messages: Int64? = nil, tries: Int64? = nil) {
        guard !connection.isRehearsing, !directory.isEmpty else { return }
        if let messages { highWater.messages = max(highWater.messages, messages) }
        if let tries { highWater.tries = max(highWater.tries, tries) }
        highWater.write(in: directory)
    }
}
