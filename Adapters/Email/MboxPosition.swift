import GatehouseCore

/// How far an mbox has been read: behind which message.
///
/// The offset alone would not tell a file that was rotated, rewritten or compacted and has grown again. So the message that
/// ends there is remembered too, by a digest of its first and last bytes: its From_ line and first fields are its own even
/// where a form makes all mails end alike.
struct MboxPosition: Equatable {
    /// Where the next message starts, or the file ended.
    var offset: Int
    /// Where the last message that was read starts.
    var start: Int
    /// Hex of the SHA-256 of that message's ends (`MboxFile.digest`).
    var digest: String
    /// `AfterCommit.mark` of the run that read it.
    var mark: String

    var text: String { "\(offset):\(start):\(digest):\(mark)" }

    init(offset: Int, start: Int, digest: String, mark: String) {
        self.offset = offset
        self.start = start
        self.digest = digest
        self.mark = mark
    }

    /// nil for what is no position, such as that of another version: then the file is read anew.
    init?(_ text: String) {
        let pieces = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard pieces.count == 4, let offset = Int(pieces[0]), let start = Int(pieces[1]), start >= 0, offset >= start
        else { return nil }
        self.init(offset: offset, start: start, digest: pieces[2], mark: pieces[3])
    }
}
