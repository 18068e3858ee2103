import GatehouseCore

/// How an IMAP source's positions are written.
///
/// A folder has one, `folder:INBOX` with `UIDVALIDITY:UID`: all up to that UID is committed. Each message that is still to be
/// marked, moved or deleted has one of its own beside it, written in the same commit, until that is done.
enum IMAPPosition {
    static func folderItem(_ folder: String) -> String { "folder:\(folder)" }

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
    var folder: String
    var validity: UInt32
    var uid: UInt32

    /// Its item among the positions; also its receipt.
    var item: String { "pending:\(validity):\(uid):\(folder)" }

    init(folder: String, validity: UInt32, uid: UInt32) {
        self.folder = folder
        self.validity = validity
        self.uid = uid
    }

    init?(_ item: String) {
        let pieces = item.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
        guard pieces.count == 4, pieces[0] == "pending", let validity = UInt32(pieces[1]), let uid = UInt32(pieces[2])
        else { return nil }
        self.init(folder: pieces[3], validity: validity, uid: uid)
    }
}
