package import GatehouseCore
import Glibc

/// What happens to an input once it is committed.
package enum FolderAction: Sendable, Equatable {
    case keep
    case move(to: String)
    case delete
}

/// A folder into which exports, JSON files, forms or mails are put, at any depth.
///
/// A file is taken once it has not changed for `settleSeconds`. Its size and time of change are its position: a file
/// that grows or is replaced is read again, and what it held before falls to the duplicate check.
package struct DropFolder: MessageSource {
    package let name: String
    private let path: String
    private let format: String?
    private let context: IntakeContext
    private let settleSeconds: Int
    private let afterCommit: FolderAction

    package init(
        name: String,
        path: String,
        format: String?,
        context: IntakeContext,
        settleSeconds: Int,
        afterCommit: FolderAction
    ) {
        self.name = name
        self.path = path
        self.format = format
        self.context = context
        self.settleSeconds = settleSeconds
        self.afterCommit = afterCommit
    }

    package func poll(
        positions: [String: String],
        accept: (SourceInput) throws -> Void
    ) throws -> [PositionUpdate] {
        let contents = try FolderWalk.files(below: path)
        let newest = Timestamp.now().milliseconds * 1_000_000 - Int64(settleSeconds) * 1_000_000_000
        var firstFailure: (any Error)? = contents.failure
        for file in contents.files where Self.mayHoldMessages(file.relativePath) {
            do {
                guard positions[file.relativePath] != file.position else {
                    // A run that died after its commit has left it lying there.
                    try finish(file)
                    continue
                }
                // A time of change in the future says nothing; the inode's own time is by our clock. The clock's
                // milliseconds are coarser than the file's time: 0 must not compare them at all.
                guard settleSeconds == 0 || min(file.modified, file.changed) <= newest else { continue }
                try accept(try found(file))
            } catch let error as IntakeError {
                // One file that can't be read holds up no other; it has no position, so the next poll tries again.
                firstFailure = firstFailure ?? error
            }
        }
        // What could not be seen is not gone.
        if let failure = contents.failure { throw PartialPoll(forgotten: [], cause: failure) }
        let present = Set(contents.files.map(\.relativePath))
        let forgotten = positions.keys.filter { !present.contains($0) }.map { PositionUpdate(item: $0, value: nil) }
        if let firstFailure { throw PartialPoll(forgotten: forgotten, cause: firstFailure) }
        return forgotten
    }

    private func found(_ file: FoundFile) throws(IntakeError) -> SourceInput {
        let full = "\(path)/\(file.relativePath)"
        var context = context
        // By this machine's clock: whoever wrote the file may have set its own time to anything.
        context.receivedAt = context.receivedAt ?? Timestamp(milliseconds: file.changed / 1_000_000)
        return SourceInput(
            input: AdapterInput(bytes: try ByteReader(path: full), position: full, path: full, context: context),
            format: format,
            positions: [PositionUpdate(item: file.relativePath, value: file.position)],
            receipt: "\(file.position)/\(file.relativePath)"
        )
    }

    /// One that can't be moved or deleted keeps no other from it; the next poll tries again.
    package func acknowledge(_ receipts: [String]) throws {
        guard afterCommit != .keep else { return }
        var firstFailure: (any Error)?
        for receipt in receipts {
            let pieces = receipt.split(separator: "/", maxSplits: 1).map(String.init)
            // What has grown meanwhile holds something that is not stored yet: it stays for the next poll.
            guard pieces.count == 2, let file = FoundFile(at: pieces[1], in: path), file.position == pieces[0] else {
                continue
            }
            do {
                try finish(file)
            } catch {
                firstFailure = firstFailure ?? error
            }
        }
        if let firstFailure { throw firstFailure }
    }

    /// Moves or deletes a file whose messages are committed.
    private func finish(_ file: FoundFile) throws(IntakeError) {
        let full = "\(path)/\(file.relativePath)"
        switch afterCommit {
        case .keep: return
        case .delete:
            guard unsafe unlink(full) != 0, errno != ENOENT else { return }
            throw IntakeError.unreadable(path: full, reason: "not deleted: \(systemMessage(errno))")
        case .move(let folder): try move(file.relativePath, into: folder)
        }
    }

    /// Keeps the file's place in the tree, so that equal names in two folders do not meet.
    private func move(_ relativePath: String, into folder: String) throws(IntakeError) {
        let target = Self.freeName("\(folder)/\(relativePath)")
        let steps = target.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        var parent = ""
        for step in steps {
            parent += step + "/"
            if !step.isEmpty { unsafe mkdir(parent, 0o700) }
        }
        if unsafe rename("\(path)/\(relativePath)", target) != 0, errno != ENOENT {
            throw IntakeError.unreadable(path: target, reason: "not moved there: \(systemMessage(errno))")
        }
    }

    /// `result.json.2` where last month's `result.json` lies already.
    private static func freeName(_ target: String) -> String {
        var status = stat()
        guard unsafe lstat(target, &status) == 0 else { return target }
        let numbered = (2...10_000).lazy.map { "\(target).\($0)" }
        return numbered.first { unsafe lstat($0, &status) != 0 } ?? target
    }

    /// Photos and the like lie beside an export and are its attachments, not inputs of their own.
    package static func mayHoldMessages(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        let name = parts.last ?? ""
        guard let dot = name.lastIndex(of: ".") else { return true }
        let suffix = name[name.index(after: dot)...].lowercased()
        // A zip is put here as it was downloaded; one deep in a tree is somebody's attachment.
        if suffix == "zip" { return parts.count <= 2 }
        // Signal's chats as tools write them; other pages of the kind tell people how to use what lies beside them.
        if suffix == "md" { return name.lowercased() == "chat.md" }
        return ["json", "jsonl", "ndjson", "js", "eml", "mbox", "form", "txt", "csv", "xml", "msg"].contains(suffix)
    }
}
