import GatehouseCore
import Glibc

/// Empties an mbox whose messages are all committed, as a mail reader does that takes mail out of a spool.
///
/// Single messages are never cut out: to move the rest of a file forward could not be undone half way. What arrived since the
/// last poll keeps the file as it is until that is committed too.
struct MboxDisposal {
    let path: String
    let action: AfterCommit

    /// - Parameter position: That of the last message that is committed.
    func finish(_ position: MboxPosition) throws(IntakeError) {
        guard action != .keep, position.mark == action.mark, position.offset > 0 else { return }
        // Not by opening it: while the rest of the file is read, closing it would drop the lock that is held meanwhile.
        var status = stat()
        guard unsafe stat(path, &status) == 0, Int(status.st_size) == position.offset,
            let file = try MboxFile(path: path, access: O_RDWR)
        else { return }
        let lock = try MailboxLock.take(descriptor: file.descriptor, path: path, for: .writing)
        defer { lock.release() }
        guard file.size == position.offset, file.holds(position) else { return }
        if case .move(let target) = action { try append(file, upTo: position.offset, to: target) }
        try file.empty()
    }

    /// Synced when this returns; a copy that fails half way is taken back.
    private func append(_ file: borrowing MboxFile, upTo end: Int, to target: String) throws(IntakeError) {
        let made = unsafe open(target, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard made >= 0 else { throw .unreadable(path: target, reason: "not written: \(systemMessage(errno))") }
        close(made)
        guard let archive = try MboxFile(path: target, access: O_RDWR) else { throw .missing(path: target) }
        let lock = try MailboxLock.take(descriptor: archive.descriptor, path: target, for: .writing)
        defer { lock.release() }
        let before = archive.size
        // A file that ends within a line, or without an empty line, would swallow the next From_ line.
        let last = archive.bytes(max(0, before - 2)..<before)
        var gap: [UInt8] = []
        if before > 0, last != [0x0A, 0x0A] { gap = last.last == 0x0A ? [0x0A] : [0x0A, 0x0A] }
        var isDone = Self.write(gap, to: archive.descriptor, at: before)
        var offset = 0
        while isDone, offset < end {
            let chunk = file.bytes(offset..<min(end, offset + ByteReader.chunkSize))
            isDone = !chunk.isEmpty && Self.write(chunk, to: archive.descriptor, at: before + gap.count + offset)
            offset += chunk.count
        }
        guard isDone, fsync(archive.descriptor) == 0 else {
            let reason = systemMessage(errno)
            _ = ftruncate(archive.descriptor, before)
            throw .unreadable(path: target, reason: "not written: \(reason)")
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32, at offset: Int) -> Bool {
        var written = 0
        while written < bytes.count {
            let rest = bytes[written...]
            let count = unsafe rest.withUnsafeBytes {
                unsafe pwrite(descriptor, $0.baseAddress, $0.count, offset + written)
            }
            guard count > 0 else { return false }
            written += count
        }
        return true
    }
}
