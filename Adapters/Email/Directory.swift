import GatehouseCore
import Glibc

/// Names in a folder.
enum Directory {
    /// All names but those that start with a dot, unsorted.
    static func names(in path: String) throws(IntakeError) -> [String] { try names(in: path, hidden: false) }

    /// The names that start with a dot, without `.` and `..`, unsorted.
    static func hiddenNames(in path: String) throws(IntakeError) -> [String] {
        try names(in: path, hidden: true).filter { $0 != "." && $0 != ".." }
    }

    private static func names(in path: String, hidden: Bool) throws(IntakeError) -> [String] {
        guard let stream = unsafe opendir(path) else {
            if errno == ENOENT || errno == ENOTDIR { throw .missing(path: path) }
            throw .unreadable(path: path, reason: systemMessage(errno))
        }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let isHidden = unsafe entry.pointee.d_name.0 == CChar(bitPattern: UInt8(ascii: "."))
            guard isHidden == hidden else { continue }
            names.append(
                unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
                    unsafe field.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
                }
            )
        }
        return names
    }
}
