import GatehouseStore
import Glibc

/// Files that others read at any time: written beside their place, then renamed, so that nobody reads half of one.
enum WholeFile {
    /// - Parameter mode: Whatever the umask, which is for customers' words.
    static func replace(_ path: String, with bytes: [UInt8], mode: mode_t) throws {
        let draft = "\(path).\(getpid())"
        let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw StoreError.file(path: draft, action: "create", code: errno) }
        _ = fchmod(descriptor, mode)
        var start = 0
        var code: Int32 = 0
        while start < bytes.count, code == 0 {
            let written = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress! + start, $0.count - start)
            }
            if written > 0 { start += written } else if errno != EINTR { code = errno }
        }
        close(descriptor)
        if code == 0, unsafe rename(draft, path) != 0 { code = errno }
        guard code == 0 else {
            _ = unsafe unlink(draft)
            throw StoreError.file(path: path, action: "write", code: code)
        }
    }
}
