import GatehouseCore
import Glibc

/// The two locks by which programs on one machine share an mbox: `fcntl` on the file, and a file `<mbox>.lock` beside it.
///
/// A dotlock whose owner died would bar everybody for ever: it holds the owner's process id, as liblockfile's do, and is
/// removed where no such process lives, or where it is older than a bound. Where the folder can't be
/// written to, the `fcntl` lock alone has to do, as for other readers.
struct MailboxLock {
    enum Purpose { case reading, writing }

    private let descriptor: Int32
    private let dotLock: String?

    /// Seconds after which a dotlock counts as left behind.
    static let staleAge = 600
    private static let attempts = 50
    private static let pauseMicroseconds: UInt32 = 100_000

    /// - Parameters:
    ///   - descriptor: The open mbox; it stays open until `release`, for closing it drops the lock.
    ///   - path: The mbox's path.
    ///   - purpose: For writing, `descriptor` must be open for writing.
    /// - Throws: `IntakeError` where another program holds the mailbox for longer than five seconds.
    static func take(descriptor: Int32, path: String, for purpose: Purpose) throws(IntakeError) -> MailboxLock {
        let lock = MailboxLock(descriptor: descriptor, dotLock: try takeDotLock("\(path).lock", mailbox: path))
        for attempt in 0..<attempts {
            if lock.setFileLock(purpose == .writing ? F_WRLCK : F_RDLCK) { return lock }
            guard errno == EAGAIN || errno == EACCES, attempt + 1 < attempts else { break }
            usleep(pauseMicroseconds)
        }
        lock.release()
        throw .busy(path: path, reason: "another program holds its lock")
    }

    func release() {
        _ = setFileLock(F_UNLCK)
        if let dotLock { unsafe unlink(dotLock) }
    }

    private func setFileLock(_ kind: Int32) -> Bool {
        var lock = flock()
        lock.l_type = Int16(kind)
        lock.l_whence = Int16(SEEK_SET)
        return unsafe fcntl(descriptor, F_SETLK, &lock) == 0
    }

    private static func takeDotLock(_ path: String, mailbox: String) throws(IntakeError) -> String? {
        guard let claim = ownerFile(beside: path) else { return nil }
        defer { unsafe unlink(claim) }
        for _ in 0..<attempts {
            if unsafe link(claim, path) == 0 { return path }
            guard errno == EEXIST else { return nil }
            if isLeftBehind(path) {
                unsafe unlink(path)
                continue
            }
            usleep(pauseMicroseconds)
        }
        throw .busy(path: mailbox, reason: "another program holds \(path); remove that file if none does")
    }

    /// A file of our own that holds our process id, to be linked to the lock's name.
    ///
    /// The lock so has its owner's id from the moment it is there: a process that is killed half-way leaves no lock that
    /// nobody is known to have taken.
    private static func ownerFile(beside path: String) -> String? {
        let name = "\(path).\(getpid())"
        // What a killed process of the same id has left.
        unsafe unlink(name)
        let made = unsafe open(name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o644)
        guard made >= 0 else { return nil }
        let owner = Array("\(getpid())\n".utf8)
        let written = unsafe owner.withUnsafeBytes { unsafe write(made, $0.baseAddress, $0.count) }
        close(made)
        guard written == owner.count else {
            unsafe unlink(name)
            return nil
        }
        return name
    }

    private static func isLeftBehind(_ path: String) -> Bool {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return false }
        if time(nil) - status.st_mtim.tv_sec > staleAge { return true }
        guard let reader = try? ByteReader(path: path), let content = try? reader.readAll(limit: 64).bytes else {
            return false
        }
        // An empty lock, or one with other words in it, tells nothing of its owner: only its age counts.
        let digits = content.prefix { (48...57).contains($0) }
        guard let owner = pid_t(String(decoding: digits, as: UTF8.self)), owner > 1 else { return false }
        return kill(owner, 0) != 0 && errno == ESRCH
    }
}
