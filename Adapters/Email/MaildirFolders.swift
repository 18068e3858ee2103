import GatehouseCore
import Glibc

/// Which folders of a Maildir are read.
package enum MaildirSubfolders: Sendable, Equatable {
    case none
    /// All but those that hold no incoming mail: drafts, what was sent, the trash, spam.
    case all
    /// These, named as on disk without the first dot: `Support`, `Billing.VIP`.
    case named([String])
}

/// The folders of a Maildir and, as Maildir++ lays them out, the subfolders: `.Support` and `.Support.VIP`, side by side.
struct MaildirFolders {
    let path: String
    let subfolders: MaildirSubfolders
    /// A folder that is never read: what was read moves there.
    let excluded: String?

    /// As IMAP servers name what RFC 6154 calls \Drafts, \Sent, \Trash and \Junk, in lower case.
    private static let withoutIncoming: Set<String> = [
        "drafts", "sent", "sent items", "sent messages", "sent-mail", "outbox", "templates", "trash", "deleted",
        "deleted items", "deleted messages", "junk", "junk e-mail", "junk email", "spam", "bulk mail",
    ]

    /// `new` and `cur` of each folder, the inbox first, `new` before `cur`.
    func parts() throws(IntakeError) -> [String] {
        var folders = [path]
        switch subfolders {
        case .none: break
        case .named(let names): folders += names.map { "\(path)/.\($0)" }
        case .all:
            let hidden = try Directory.hiddenNames(in: path).filter { !Self.isWithoutIncoming($0) }
            folders += hidden.sorted().map { "\(path)/\($0)" }.filter { isMaildir($0) && !isExcluded($0) }
        }
        return folders.flatMap { ["\($0)/new", "\($0)/cur"] }
    }

    /// True also for what lies below such a folder: `.Trash.2025`.
    private static func isWithoutIncoming(_ hidden: String) -> Bool {
        let names = hidden.dropFirst().split(separator: ".").map { $0.lowercased() }
        // Where the server keeps everything below INBOX, `.INBOX.Trash` is meant too.
        let top = names.first == "inbox" ? names.dropFirst().first : names.first
        return top.map(withoutIncoming.contains) ?? true
    }

    private func isMaildir(_ folder: String) -> Bool {
        unsafe access("\(folder)/cur", F_OK) == 0 && access("\(folder)/new", F_OK) == 0
    }

    private func isExcluded(_ folder: String) -> Bool {
        guard let excluded else { return false }
        func steps(_ path: String) -> [Substring] { path.split(separator: "/").filter { $0 != "." } }
        return steps(folder) == steps(excluded)
    }
}
