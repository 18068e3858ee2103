package import GatehouseCore
import Glibc

/// What happens to a message in its mailbox once it is on disk.
package enum AfterCommit: Sendable, Equatable {
    /// It stays as it is.
    case keep
    /// It moves from `new` to `cur` with the flag `S`.
    case seen
    /// It moves into another Maildir.
    case move(folder: String)
    case delete
}

/// A Maildir (Dan Bernstein, "Using maildir format").
///
/// A message's identity is the unique part of its file name, before `:2,`, so that flags and the way from `new` to
/// `cur` make no
/// new message of it. A poll without news reads names alone. Each known name is one position; a name that is gone is
/// forgotten.
package struct MaildirSource: MessageSource {
    package let name: String
    private let path: String
    private let context: IntakeContext
    private let afterCommit: AfterCommit
    /// The value of each position: what is known of a name is that it was read.
    private static let readMark = "1"

    package init(name: String, path: String, context: IntakeContext, afterCommit: AfterCommit = .keep) {
        self.name = name
        self.path = path
        self.context = context
        self.afterCommit = afterCommit
    }

    package func poll(
        positions: [String: String],
        accept: (SourceInput) throws -> Void
    ) throws -> [PositionUpdate] {
        var seen: Set<String> = []
        seen.reserveCapacity(positions.count)
        var vanished: Set<String> = []
        // One file that can't be read must not keep the others from being read.
        var failure: IntakeError?
        for folder in ["new", "cur"] {
            let fresh = try list(folder, positions, &seen)
            for file in Self.oldestFirst(fresh) {
                let unique = Self.uniquePart(of: file)
                do {
                    let isThere = try hand("\(path)/\(folder)/\(file)", unique, accept)
                    if !isThere { vanished.insert(unique) }
                } catch let error as IntakeError {
                    if failure == nil, !Self.isFolder(error) { failure = error }
                }
            }
        }
        // A mail reader renamed them while we looked; what is gone for good is nobody's any more.
        if !vanished.isEmpty {
            for (unique, place) in try find(vanished).sorted(by: { $0.value < $1.value }) {
                _ = try hand(place, unique, accept)
            }
        }
        if let failure { throw failure }
        return positions.keys.filter { !seen.contains($0) }.sorted().map { PositionUpdate(item: $0, value: nil) }
    }

    private static func isFolder(_ error: IntakeError) -> Bool {
        if case .isDirectory = error { true } else { false }
    }

    /// - Parameter seen: Takes in every name that is there.
    /// - Returns: The file names that have no position yet.
    private func list(
        _ folder: String,
        _ positions: [String: String],
        _ seen: inout Set<String>
    ) throws(IntakeError) -> [String] {
        var fresh: [String] = []
        for file in try Directory.names(in: "\(path)/\(folder)") {
            let unique = Self.uniquePart(of: file)
            guard seen.insert(unique).inserted, positions[unique] == nil else { continue }
            fresh.append(file)
        }
        return fresh
    }

    /// - Returns: False where no file lies there any more.
    private func hand(
        _ place: String,
        _ unique: String,
        _ accept: (SourceInput) throws -> Void
    ) throws -> Bool {
        guard let reader = try open(place) else { return false }
        let input = AdapterInput(bytes: reader, position: place, path: place, context: context)
        try accept(
            SourceInput(
                input: input,
                format: "rfc5322",
                positions: [PositionUpdate(item: unique, value: Self.readMark)],
                receipt: unique
            )
        )
        return true
    }

    /// nil where no file lies there.
    private func open(_ place: String) throws(IntakeError) -> ByteReader? {
        do {
            return try ByteReader(path: place)
        } catch {
            switch error {
            case .missing: return nil
            default: throw error
            }
        }
    }

    package func acknowledge(_ receipts: [String]) throws {
        guard afterCommit != .keep else { return }
        for (unique, place) in try find(Set(receipts)) { try finish(unique, place) }
    }

    private func finish(_ unique: String, _ place: String) throws(IntakeError) {
        let file = place.split(separator: "/").last.map(String.init) ?? unique
        switch afterCommit {
        case .keep: return
        case .seen:
            let target = "\(path)/cur/\(Self.markedSeen(file))"
            if target != place { try rename(place, target) }
        case .move(let folder):
            try makeMaildir(folder)
            try rename(place, "\(folder)/cur/\(Self.markedSeen(file))")
        case .delete:
            guard unsafe unlink(place) != 0, errno != ENOENT else { return }
            throw .unreadable(path: place, reason: "not deleted: \(systemMessage(errno))")
        }
    }

    private func rename(_ source: String, _ target: String) throws(IntakeError) {
        guard unsafe Glibc.rename(source, target) != 0, errno != ENOENT else { return }
        throw .unreadable(path: source, reason: "not moved to \(target): \(systemMessage(errno))")
    }

    private func makeMaildir(_ folder: String) throws(IntakeError) {
        for place in [folder, "\(folder)/tmp", "\(folder)/new", "\(folder)/cur"] {
            guard unsafe mkdir(place, 0o700) != 0, errno != EEXIST else { continue }
            throw .unreadable(path: place, reason: "not made: \(systemMessage(errno))")
        }
    }

    /// Where the messages with these names lie now.
    private func find(_ wanted: Set<String>) throws(IntakeError) -> [String: String] {
        var places: [String: String] = [:]
        for folder in ["new", "cur"] {
            for file in try Directory.names(in: "\(path)/\(folder)") {
                let unique = Self.uniquePart(of: file)
                if wanted.contains(unique) { places[unique] = "\(path)/\(folder)/\(file)" }
            }
        }
        return places
    }

    /// The name up to `:2,`; other separators are in use where a file system has no colon.
    static func uniquePart(of file: String) -> String {
        let isEnd = { (byte: UInt8) in byte == UInt8(ascii: ":") || byte == UInt8(ascii: ";") || byte == 0x21 }
        guard let end = file.utf8.firstIndex(where: isEnd) else { return file }
        return String(file[..<end])
    }

    /// With the flag `S`; flags stand in alphabetic order.
    static func markedSeen(_ file: String) -> String {
        let unique = uniquePart(of: file)
        let info = file.dropFirst(unique.count)
        guard info.count >= 3, info.dropFirst().hasPrefix("2,") else { return "\(unique):2,S" }
        var flags = Set(info.dropFirst(3).utf8)
        flags.insert(UInt8(ascii: "S"))
        return unique + String(info.prefix(3)) + String(decoding: flags.sorted(), as: UTF8.self)
    }

    /// By the time in seconds with which a unique name starts, then by name.
    private static func oldestFirst(_ files: [String]) -> [String] {
        let timed = files.map { (seconds: seconds($0), name: $0) }
        return timed.sorted { $0.seconds == $1.seconds ? $0.name < $1.name : $0.seconds < $1.seconds }.map(\.name)
    }

    private static func seconds(_ file: String) -> Int {
        var seconds = 0
        for byte in file.utf8.prefix(12) {
            guard byte >= 48, byte <= 57 else { break }
            seconds = seconds * 10 + Int(byte - 48)
        }
        return seconds
    }
}
