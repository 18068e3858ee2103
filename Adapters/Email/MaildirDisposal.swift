import GatehouseCore
import Glibc

/// Marks, moves or deletes a message in a Maildir.
struct MaildirDisposal {
    let action: AfterCommit

    /// - Parameter place: The file's path, in `new` or `cur`.
    /// - Returns: False where no file lies there any more: somebody else has renamed it or taken it away.
    func finish(_ place: String) throws(IntakeError) -> Bool {
        let steps = place.split(separator: "/", omittingEmptySubsequences: false)
        let file = String(steps.last ?? "")
        switch action {
        case .keep: return true
        case .seen:
            let folder = steps.dropLast(2).joined(separator: "/")
            let target = "\(folder)/cur/\(MaildirName.markedSeen(file))"
            if target == place { return true }
            return try rename(place, target)
        case .move(let folder):
            try makeMaildir(folder)
            return try move(place, file, to: folder)
        case .delete:
            if unsafe unlink(place) == 0 { return true }
            if errno == ENOENT { return false }
            throw .unreadable(path: place, reason: "not deleted: \(systemMessage(errno))")
        }
    }

    private func rename(_ source: String, _ target: String) throws(IntakeError) -> Bool {
        if unsafe Glibc.rename(source, target) == 0 { return true }
        if errno == ENOENT { return false }
        throw .unreadable(path: source, reason: "not moved to \(target): \(systemMessage(errno))")
    }

    /// Never over another file: names are unique where programs keep to the rules, and archives get copied together.
    private func move(_ place: String, _ file: String, to folder: String) throws(IntakeError) -> Bool {
        let seen = MaildirName.markedSeen(file)
        let unique = MaildirName.uniquePart(of: seen)
        let info = seen.dropFirst(unique.count)
        var target = "\(folder)/cur/\(seen)"
        var number = 2
        while unsafe access(target, F_OK) == 0, number < 10_000 {
            target = "\(folder)/cur/\(unique)_\(number)\(info)"
            number += 1
        }
        return try rename(place, target)
    }

    private func makeMaildir(_ folder: String) throws(IntakeError) {
        for place in [folder, "\(folder)/tmp", "\(folder)/new", "\(folder)/cur"] {
            guard unsafe mkdir(place, 0o700) != 0, errno != EEXIST else { continue }
            throw .unreadable(path: place, reason: "not made: \(systemMessage(errno))")
        }
    }
}
