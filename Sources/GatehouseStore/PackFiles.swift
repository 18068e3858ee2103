import CSQLite
import Glibc

/// Where bytes lie in a pack.
struct Extent: Equatable {
    /// Row of `pack`; the file's number.
    var pack: Int64
    /// Bytes from the file's start.
    var start: Int64
    var size: Int

    var end: Int64 { start &+ Int64(size) }
}

/// The files that hold what many messages brought at once: `pack-1`, `pack-2`… in the state directory.
///
/// A pack is only ever appended to, by the holder of the database's write lock, and it is synced before the commit that
/// names its bytes. What lies past the length that the database knows was written by a process that died before its
/// commit; the next one writes over it.
@safe final class PackFiles {
    let directory: String
    /// Descriptors to read from, by pack, opened when they are needed.
    private var readers: [Int64: Int32] = [:]
    /// The pack that was written to last.
    private var writer: (pack: Int64, descriptor: Int32)?

    init(directory: String) { self.directory = directory }

    deinit {
        for descriptor in readers.values { close(descriptor) }
        if let writer { close(writer.descriptor) }
    }

    func path(of pack: Int64) -> String { "\(directory)/pack-\(pack)" }

    /// The bytes of an extent; nil where the file is gone or too short, which a database from another backup may cause.
    func read(_ extent: Extent) throws(StoreError) -> [UInt8]? {
        guard extent.size > 0 else { return [] }
        guard let descriptor = try reader(of: extent.pack) else { return nil }
        var failure: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: extent.size) { buffer, count in
            count = 0
            while count < extent.size {
                let start = off_t(extent.start) + count
                let got = unsafe pread(descriptor, buffer.baseAddress! + count, extent.size - count, start)
                if got < 0, errno == EINTR { continue }
                if got < 0 { failure = errno }
                guard got > 0 else { break }
                count += got
            }
        }
        guard failure == 0 else { throw .file(path: path(of: extent.pack), action: "read", code: failure) }
        return bytes.count == extent.size ? bytes : nil
    }

    /// Writes whole blocks; the file is made where it is new. When this returns, all of it is on disk.
    ///
    /// - Parameter start: A multiple of `BlockBuffer.block`.
    func write(_ blocks: BlockBuffer, at start: Int64, to pack: Int64) throws(StoreError) {
        let descriptor = try writer(of: pack)
        let failure: Int32 = unsafe blocks.withBlocks { bytes in
            var done = 0
            while done < bytes.count {
                let written = unsafe pwrite(
                    descriptor,
                    bytes.baseAddress! + done,
                    bytes.count - done,
                    off_t(start) + off_t(done)
                )
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { return written < 0 ? errno : ENOSPC }
                done += written
            }
            return 0
        }
        guard failure == 0 else { throw .file(path: path(of: pack), action: "write", code: failure) }
        guard fdatasync(descriptor) == 0 else { throw .file(path: path(of: pack), action: "sync", code: errno) }
    }

    /// Takes a stretch out of a pack: its blocks go back to the disk, and nothing of it can be read any more.
    func punch(start: Int64, length: Int64, of pack: Int64) throws(StoreError) {
        let file = path(of: pack)
        let descriptor = unsafe open(file, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return }
            throw .file(path: file, action: "open", code: errno)
        }
        defer { close(descriptor) }
        if csqlite_punch_hole(descriptor, off_t(start), off_t(length)) == 0 { return }
        guard errno == EOPNOTSUPP || errno == ENOSYS else {
            throw .file(path: file, action: "free a part of", code: errno)
        }
        // This file system knows no holes: the bytes are overwritten at least.
        let zeros = [UInt8](repeating: 0, count: 1 << 16)
        var place = start
        while place < start + length {
            let count = Int(min(Int64(zeros.count), start + length - place))
            let written = unsafe zeros.withUnsafeBytes {
                unsafe pwrite(descriptor, $0.baseAddress, count, off_t(place))
            }
            guard written > 0 else { throw .file(path: file, action: "overwrite a part of", code: errno) }
            place += Int64(written)
        }
    }

    /// Removes a pack of which nothing is in use any more.
    func remove(_ pack: Int64) throws(StoreError) {
        if let descriptor = readers.removeValue(forKey: pack) { close(descriptor) }
        guard unsafe unlink(path(of: pack)) == 0 || errno == ENOENT else {
            throw .file(path: path(of: pack), action: "remove", code: errno)
        }
    }

    /// nil where the file is not there.
    private func reader(of pack: Int64) throws(StoreError) -> Int32? {
        if let known = readers[pack] { return known }
        let descriptor = unsafe open(path(of: pack), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .file(path: path(of: pack), action: "open", code: errno)
        }
        // To read years of packs must not end for want of descriptors.
        if readers.count >= 16 {
            for descriptor in readers.values { close(descriptor) }
            readers = [:]
        }
        readers[pack] = descriptor
        return descriptor
    }

    private func writer(of pack: Int64) throws(StoreError) -> Int32 {
        if let writer, writer.pack == pack { return writer.descriptor }
        let file = path(of: pack)
        let flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW
        // Nobody reads these bytes soon, and the page cache would cost as much again as the disk. Some file systems know
        // no other way.
        var descriptor = unsafe open(file, flags | csqlite_direct_flag(), 0o600)
        if descriptor < 0, errno == EINVAL { descriptor = unsafe open(file, flags, 0o600) }
        guard descriptor >= 0 else { throw .file(path: file, action: "create", code: errno) }
        if let writer { close(writer.descriptor) }
        writer = (pack, descriptor)
        // The umask may have taken even the owner's rights.
        guard fchmod(descriptor, 0o600) == 0 else { throw .file(path: file, action: "protect", code: errno) }
        // A name that is not synced may be gone after a power loss.
        try StateDirectory(path: directory).sync()
        return descriptor
    }
}
