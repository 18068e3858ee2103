package import GatehouseCore
import Glibc

/// One mbox file that grows.
///
/// Where the message behind which it was read is no longer at its place, the file was rotated, compacted or rewritten. What
/// is left of it under another name (`inbox.1`, `inbox-20260102`) is read first; then the file from its start, and what is
/// known already falls to the store's claim.
package struct MboxSource: MessageSource {
    package let name: String
    private let path: String
    private let context: IntakeContext
    private let disposal: MboxDisposal

    /// Files of one name with something behind it that are looked at after a rotation.
    private static let rotatedCount = 200

    package init(name: String, path: String, context: IntakeContext, afterCommit: AfterCommit = .keep) {
        self.name = name
        self.path = path
        self.context = context
        disposal = MboxDisposal(path: path, action: afterCommit)
    }

    package func poll(
        positions: [String: String],
        accept: (SourceInput) throws -> Void
    ) throws -> [PositionUpdate] {
        let known = positions[""].flatMap(MboxPosition.init)
        guard let file = try MboxFile(path: path) else {
            // Some mail readers remove a spool that they have emptied: only one that was never there is an error.
            guard let known, unsafe access(folder, F_OK) == 0 else { throw IntakeError.missing(path: path) }
            try readRotated(known, accept)
            return []
        }
        // Without news nothing is locked and no message is read.
        if let known, known.offset == file.size, file.holds(known) {
            try disposal.finish(known)
            return []
        }
        let lock = try MailboxLock.take(descriptor: file.descriptor, path: path, for: .reading)
        defer { lock.release() }
        // The size under the lock: what comes later is the next poll's.
        let end = file.size
        var start = 0
        if let known, file.holds(known) {
            start = file.next(after: known)
        } else if let known {
            try readRotated(known, accept)
        }
        try read(file, from: start, to: end, accept)
        return end == 0 ? [update(file.position(behind: 0, 0, mark: disposal.action.mark))] : []
    }

    /// The last of them tells how far all of it is on disk.
    package func acknowledge(_ receipts: [String]) throws {
        if let position = receipts.last.flatMap(MboxPosition.init) { try disposal.finish(position) }
    }

    private var folder: String {
        let steps = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        return steps.isEmpty ? "." : steps.joined(separator: "/") + "/"
    }

    private func update(_ position: MboxPosition) -> PositionUpdate { PositionUpdate(item: "", value: position.text) }

    private func read(
        _ file: borrowing MboxFile,
        from start: Int,
        to end: Int,
        _ accept: (SourceInput) throws -> Void
    ) throws {
        guard lseek(file.descriptor, start, SEEK_SET) == start else {
            throw IntakeError.unreadable(path: file.path, reason: systemMessage(errno))
        }
        let limit = context.limits.messageBytes
        let input = ByteReader(descriptor: file.descriptor, name: file.path)
        var reader = MboxReader(input, limit: limit, start: start, end: end)
        while let entry = try reader.next() {
            let place = "\(file.path)#\(entry.offset)"
            let position = file.position(behind: entry.offset, entry.end, mark: disposal.action.mark)
            var context = context
            // The adapter cuts at the limit; what was cut here already must show as cut there.
            if entry.isCut { context.limits.messageBytes = max(0, min(limit, entry.message.count - 1)) }
            let bytes = ByteReader(bytes: entry.message, name: place)
            try accept(
                SourceInput(
                    input: AdapterInput(bytes: bytes, position: place, context: context),
                    format: "rfc5322",
                    positions: [update(position)],
                    receipt: position.text,
                    share: Double(entry.end) / Double(max(1, end))
                )
            )
        }
    }

    /// Reads what had not been read of a file that lies beside this one under a longer name, and holds the position; then
    /// those that were rotated away after it.
    ///
    /// Nobody writes there any more, so it is not locked, and never emptied.
    private func readRotated(_ known: MboxPosition, _ accept: (SourceInput) throws -> Void) throws {
        guard known.offset > 0 else { return }
        let names = try rotatedNames().prefix(Self.rotatedCount)
        for rotated in names {
            // One that may not be read is somebody else's.
            guard let file = try? MboxFile(path: rotated), file.holds(known) else { continue }
            try read(file, from: file.next(after: known), to: file.size, accept)
            // It may have been rotated more than once between two polls.
            for later in RotatedName.names(Array(names), after: rotated, of: path) {
                guard let file = try? MboxFile(path: later), file.startsWithFromLine else { continue }
                try read(file, from: 0, to: file.size, accept)
            }
            return
        }
    }

    private func rotatedNames() throws(IntakeError) -> [String] {
        let own = path.split(separator: "/").last.map(String.init) ?? path
        var archive: String?
        if case .move(let target) = disposal.action { archive = target }
        let prefix = folder == "." ? "" : folder
        return try Directory.names(in: folder).filter { name in
            (name.hasPrefix(own + ".") || name.hasPrefix(own + "-")) && !name.hasSuffix(".lock")
        }.map { prefix + $0 }.filter { $0 != archive }.sorted()
    }
}

/// What rotation puts behind a file's name: a number, of which the smallest is the latest, or a date.
private enum RotatedName {
    /// Those that were rotated away after `name`, the oldest first: by `inbox.3` the files `inbox.2` and `inbox.1`.
    ///
    /// Others, such as `inbox-sent` and `inbox.old`, are another mailbox, or tell no order.
    static func names(_ names: [String], after name: String, of path: String) -> [String] {
        func suffix(_ name: String) -> Substring { Substring(name.utf8.dropFirst(path.utf8.count + 1)) }
        let own = suffix(name)
        if let number = number(own) {
            let later = names.compactMap { name in Self.number(suffix(name)).map { (name, $0) } }
            return later.filter { $0.1 < number }.sorted { $0.1 > $1.1 }.map(\.0)
        }
        guard isDate(own) else { return [] }
        return names.filter { isDate(suffix($0)) && suffix($0).count == own.count && suffix($0) > own }.sorted()
    }

    private static func number(_ suffix: Substring) -> Int? {
        suffix.utf8.count <= 4 && suffix.utf8.allSatisfy { (48...57).contains($0) } ? Int(suffix) : nil
    }

    private static func isDate(_ suffix: Substring) -> Bool {
        suffix.utf8.allSatisfy { (48...57).contains($0) || "-._".utf8.contains($0) }
            && suffix.utf8.count { (48...57).contains($0) } >= 6
    }
}
