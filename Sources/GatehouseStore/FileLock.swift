import CSQLite
import GatehouseCore
import Glibc

/// A lock that ends with the process that holds it, however that ends (`flock(2)`).
package final class FileLock {
    package let path: String
    private let descriptor: Int32

    /// Takes the lock `name` of a state directory.
    ///
    /// - Returns: nil if another process, or another holder in this one, has it.
    package static func attempt(_ name: String, in directory: String) throws(StoreError) -> FileLock? {
        try FileLock(name, in: directory, waits: false)
    }

    /// Waits until the lock is free.
    static func wait(_ name: String, in directory: String) throws(StoreError) -> FileLock {
        guard let lock = try FileLock(name, in: directory, waits: true) else {
            throw .file(path: "\(directory)/lock-\(sanitised(name))", action: "lock", code: EWOULDBLOCK)
        }
        return lock
    }

    /// The process that holds a lock, by the kernel's list (`/proc/locks`): asking takes no lock that another would step aside for.
    ///
    /// - Returns: nil where nobody holds it, or the kernel does not tell.
    package static func holder(of name: String, in directory: String) -> Int? {
        var status = stat()
        guard unsafe stat("\(directory)/lock-\(sanitised(name))", &status) == 0,
            let (bytes, _) = try? ByteReader(path: "/proc/locks").readAll(limit: 1 << 22)
        else { return nil }
        // "1: FLOCK  ADVISORY  WRITE 4711 fe:00:131074 0 EOF"; "->" marks those that wait.
        for line in bytes.split(separator: 0x0A) {
            let words = line.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
            guard words.count >= 6, words[1] == "FLOCK", let process = Int(words[4]) else { continue }
            if words[5].split(separator: ":").last == "\(status.st_ino)" { return process }
        }
        return nil
    }

    private init?(_ name: String, in directory: String, waits: Bool) throws(StoreError) {
        path = "\(directory)/lock-\(Self.sanitised(name))"
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .file(path: path, action: "open", code: errno) }
        while flock(descriptor, waits ? LOCK_EX : LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            let code = errno
            close(descriptor)
            if code == EWOULDBLOCK { return nil }
            throw .file(path: path, action: "lock", code: code)
        }
    }

    deinit { close(descriptor) }

    /// A source's name as part of a file name: what is not a plain letter, digit, `-` or `_` becomes `%` and its hex digits.
    static func sanitised(_ name: String) -> String {
        var result = ""
        for byte in name.utf8.prefix(80) {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: result.unicodeScalars.append(Unicode.Scalar(byte))
            default: result += "%" + Hex.encode([byte])
            }
        }
        // A long name keeps its start, and is told from others by its digest.
        return name.utf8.count > 80 ? "\(result)-\(SHA256.hex(of: Array(name.utf8)).prefix(16))" : result
    }
}
