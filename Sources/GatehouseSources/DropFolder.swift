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
        let files = try FolderWalk.files(below: path)
        let newest = Timestamp.now().milliseconds * 1_000_000 - Int64(settleSeconds) * 1_000_000_000
        var firstFailure: (any Error)?
        for file in files where Self.mayHoldMessages(file.relativePath) {
            let position = "\(file.size):\(file.modified)"
            guard positions[file.relativePath] != position, file.modified <= newest else { continue }
            let full = "\(path)/\(file.relativePath)"
            do {
                let input = AdapterInput(
                    bytes: try ByteReader(path: full),
                    position: full,
                    path: full,
                    context: context
                )
                try accept(
                    SourceInput(
                        input: input,
                        format: format,
                        positions: [PositionUpdate(item: file.relativePath, value: position)],
                        receipt: file.relativePath
                    )
                )
            } catch let error as IntakeError {
                // One file that can't be read holds up no other; it has no position, so the next poll tries again.
                firstFailure = firstFailure ?? error
            }
        }
        let present = Set(files.map(\.relativePath))
        let forgotten = positions.keys.filter { !present.contains($0) }.map { PositionUpdate(item: $0, value: nil) }
        if let firstFailure { throw PartialPoll(forgotten: forgotten, cause: firstFailure) }
        return forgotten
    }

    package func acknowledge(_ receipts: [String]) throws {
        switch afterCommit {
        case .keep: return
        case .delete:
            for receipt in receipts where unsafe unlink("\(path)/\(receipt)") != 0 && errno != ENOENT {
                throw IntakeError.unreadable(path: "\(path)/\(receipt)", reason: "not deleted: \(systemMessage(errno))")
            }
        case .move(let folder):
            for receipt in receipts { try move(receipt, into: folder) }
        }
    }

    /// Keeps the file's place in the tree, so that equal names in two folders do not meet.
    private func move(_ receipt: String, into folder: String) throws {
        let target = "\(folder)/\(receipt)"
        let steps = target.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        var parent = ""
        for step in steps {
            parent += step + "/"
            if !step.isEmpty { unsafe mkdir(parent, 0o700) }
        }
        if unsafe rename("\(path)/\(receipt)", target) != 0, errno != ENOENT {
            throw IntakeError.unreadable(path: target, reason: "not moved there: \(systemMessage(errno))")
        }
    }

    /// Photos and the like lie beside an export and are its attachments, not inputs of their own.
    static func mayHoldMessages(_ path: String) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: ".") else { return true }
        let suffix = name[name.index(after: dot)...].lowercased()
        return ["json", "jsonl", "ndjson", "js", "eml", "mbox", "form", "txt", "csv", "xml", "msg"].contains(suffix)
    }
}
