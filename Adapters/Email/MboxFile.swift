import GatehouseCore
import Glibc

/// An open mbox: its size, and whether a position still fits it.
struct MboxFile: ~Copyable {
    let path: String
    let descriptor: Int32

    /// How many bytes at each end of a message its digest covers.
    private static let digestWindow = 1024

    /// - Parameter access: `O_RDONLY` or `O_RDWR`.
    /// - Returns: nil where there is no such file.
    init?(path: String, access: Int32 = O_RDONLY) throws(IntakeError) {
        // Without waiting: a pipe of that name has no other end.
        let opened = unsafe open(path, access | O_CLOEXEC | O_NONBLOCK)
        guard opened >= 0 else {
            if errno == ENOENT { return nil }
            throw .unreadable(path: path, reason: systemMessage(errno))
        }
        var status = stat()
        guard unsafe fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(opened)
            if status.st_mode & S_IFMT == S_IFDIR { throw .isDirectory(path: path) }
            throw .unreadable(path: path, reason: "it is no file")
        }
        self.path = path
        descriptor = opened
    }

    deinit { close(descriptor) }

    var size: Int {
        var status = stat()
        return unsafe fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    var startsWithFromLine: Bool {
        let head = bytes(0..<4096)
        return MboxReader.isFromLine(head, 0, lineEnd(in: head, 0, head.count))
    }

    /// Fewer bytes where the file ends before.
    func bytes(_ range: Range<Int>) -> [UInt8] {
        var window = [UInt8](repeating: 0, count: range.count)
        let got = unsafe window.withUnsafeMutableBytes { buffer in
            unsafe pread(descriptor, buffer.baseAddress, range.count, range.lowerBound)
        }
        window.removeLast(range.count - max(0, got))
        return window
    }

    /// - Parameters:
    ///   - start: Where the message's From_ line starts.
    ///   - end: Where the next one starts, or the file ends.
    func position(behind start: Int, _ end: Int, mark: String) -> MboxPosition {
        MboxPosition(offset: end, start: start, digest: digest(start, end), mark: mark)
    }

    /// True where the message behind which the position stands is still at its place.
    func holds(_ position: MboxPosition) -> Bool {
        position.offset <= size && position.digest == digest(position.start, position.offset)
    }

    private func digest(_ start: Int, _ end: Int) -> String {
        let head = min(end, start + Self.digestWindow)
        return SHA256.hex(of: bytes(start..<head) + bytes(max(head, end - Self.digestWindow)..<end))
    }

    /// Where to read on from a position that the file holds.
    ///
    /// That is behind it; but where no From_ line follows, the message before it has grown since, for its writer was not
    /// done and took no lock: then it is read again as a whole.
    func next(after position: MboxPosition) -> Int {
        let head = bytes(position.offset..<position.offset + 4096)
        guard let line = head.firstIndex(where: { $0 != 0x0A && $0 != 0x0D }) else { return position.offset }
        let isFresh = MboxReader.isFromLine(head, line, lineEnd(in: head, line, head.count))
        return isFresh ? position.offset : position.start
    }

    /// Empties the file. The caller holds its lock for writing.
    func empty() throws(IntakeError) {
        guard ftruncate(descriptor, 0) != 0 else { return }
        throw .unreadable(path: path, reason: "not emptied: \(systemMessage(errno))")
    }
}
