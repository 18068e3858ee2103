import GatehouseCore

/// How an IMAP source's positions are written.
///
/// A folder has one, `folder:me@imap.example.org/INBOX` with `UIDVALIDITY:UID`: all up to that UID is committed. Each message that is still to be
/// marked, moved or deleted has one of its own beside it, written in the same commit, until that is done.
enum IMAPPosition {
    /// - Parameter owner: `MailboxSettings.owner`: where a source is turned to another mailbox, its numbers mean nothing.
    static func folderItem(_ folder: String, of owner: String) -> String { "folder:\(owner)/\(folder)" }

    static func value(_ validity: UInt32, _ uid: UInt32) -> String { "\(validity):\(uid)" }

    /// nil for what is no position, such as that of another version: then the folder is read anew.
    static func read(_ value: String?) -> (validity: UInt32, uid: UInt32)? {
        let pieces = value?.split(separator: ":", omittingEmptySubsequences: false) ?? []
        guard pieces.count == 2, let validity = UInt32(pieces[0]), let uid = UInt32(pieces[1]) else { return nil }
        return (validity, uid)
    }
}

/// A message that is committed, and waits to be marked, moved or deleted.
struct PendingMessage: Hashable {
    /// `MailboxSettings.owner`.
    var owner: String
    var folder: String
    var validity: UInt32
    var uid: UInt32

    /// Its item among the positions; also its receipt.
    var item: String { "\(Self.prefix)\(validity):\(uid):\(owner)/\(folder)" }

    static let prefix = "pending:"

    init(owner: String, folder: String, validity: UInt32, uid: UInt32) {
        self.owner = owner
        self.folder = folder
        self.validity = validity
        self.uid = uid
    }

    /// - Returns: nil where it is none, or that of another mailbox.
    init?(_ item: String, of owner: String) {
        let pieces = item.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
        guard pieces.count == 4, pieces[0] == "pending", let validity = UInt32(pieces[1]), let uid = UInt32(pieces[2])
        else { return nil }
        let prefix = "\(owner)/".utf8
        guard pieces[3].utf8.starts(with: prefix) else { return nil }
        let folder = String(decoding: pieces[3].utf8.dropFirst(prefix.count), as: UTF8.self)
        self.init(owner: owner, folder: folder, validity: validity, uid: uid)
    }
}
