import GatehouseCore
import Glibc

/// The files of a state directory: who may read them, and how they come to be.
struct StateDirectory {
    let path: String
    var database: String { "\(path)/gatehouse.sqlite3" }
    var keyFile: String { "\(path)/key" }

    /// Makes the directory, and those above it, for this user alone; one that is there stays as it is.
    func make() throws(StoreError) {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += made.isEmpty || made.hasSuffix("/") ? String(part) : "/\(part)"
            if unsafe mkdir(made, 0o700) == 0 {
                // The umask may have taken even the owner's rights.
                _ = unsafe chmod(made, 0o700)
                continue
            }
            let code = errno
            guard unsafe code == EEXIST || access(made, F_OK) == 0 else {
                throw .file(path: made, action: "make the directory", code: code)
            }
        }
    }

    /// The database under construction; it gets its name when it is complete.
    var draft: String { "\(database).new" }

    /// An empty file for SQLite, which gives its own files next to it the same mode.
    func makeDraft() throws(StoreError) {
        // What an earlier starter left when it died. Only the holder of the lock comes here.
        for name in [draft, draft + "-journal", draft + "-wal", draft + "-shm"] { _ = unsafe unlink(name) }
        let descriptor = unsafe open(draft, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .file(path: draft, action: "create", code: errno) }
        defer { close(descriptor) }
        guard fchmod(descriptor, 0o600) == 0 else { throw .file(path: draft, action: "protect", code: errno) }
    }

    /// Gives the finished draft its name, synced.
    func publishDraft() throws(StoreError) {
        guard unsafe rename(draft, database) == 0 else { throw .file(path: database, action: "create", code: errno) }
        try sync()
    }

    /// Puts the names of its files on disk.
    func sync() throws(StoreError) {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(path: path, action: "open", code: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .file(path: path, action: "sync", code: errno) }
    }

    /// The 32 bytes that key fingerprints.
    func readKey() throws(StoreError) -> [UInt8] {
        let descriptor = unsafe open(keyFile, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { throw .key(path: keyFile, reason: "the key is missing") }
            throw .file(path: keyFile, action: "read", code: errno)
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 33)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        guard count == 32 else { throw .key(path: keyFile, reason: "the key must have 32 bytes") }
        bytes.removeLast()
        return bytes
    }

    /// Makes a key if there is none: written in full and synced under another name before it gets its own.
    func makeKey() throws(StoreError) {
        guard unsafe access(keyFile, F_OK) != 0 else { return }
        let draft = "\(keyFile).\(getpid()).\(Hex.encode(randomBytes(8)))"
        let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .file(path: draft, action: "create", code: errno) }
        defer {
            close(descriptor)
            _ = unsafe unlink(draft)
        }
        let bytes = randomBytes(32)
        let count = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        guard count == bytes.count, fchmod(descriptor, 0o600) == 0, fsync(descriptor) == 0 else {
            throw .file(path: draft, action: "write", code: count < 0 ? errno : ENOSPC)
        }
        // link, unlike rename, never replaces a key that another starter has made meanwhile.
        guard unsafe link(draft, keyFile) == 0 || errno == EEXIST else {
            throw .file(path: keyFile, action: "create", code: errno)
        }
    }
}
