import GatehouseCore
import Glibc

/// A file found in a folder tree.
struct FoundFile {
    /// Below the folder: `inbox/anna/message_1.json`.
    let relativePath: String
    let size: Int
    /// Nanoseconds since the epoch.
    let modified: Int64
}

/// Finds the regular files below a folder. Links are not followed, so a tree has no loops and no way out.
enum FolderWalk {
    static let maximumDepth = 16
    static let maximumFiles = 1_000_000

    /// - Returns: The files in the order of their paths, numbers in names compared as numbers
    ///   (`message_2` before `message_10`).
    static func files(below root: String) throws(IntakeError) -> [FoundFile] {
        var found: [FoundFile] = []
        var waiting: [(path: String, depth: Int)] = [("", 0)]
        while let (relative, depth) = waiting.popLast() {
            let full = relative.isEmpty ? root : "\(root)/\(relative)"
            guard let folder = unsafe opendir(full) else {
                if relative.isEmpty {
                    if errno == ENOENT { throw .missing(path: root) }
                    throw .unreadable(path: full, reason: systemMessage(errno))
                }
                throw .unreadable(path: full, reason: systemMessage(errno))
            }
            defer { unsafe closedir(folder) }
            while let entry = unsafe readdir(folder) {
                let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
                }
                guard !name.hasPrefix(".") else { continue }
                let path = relative.isEmpty ? name : "\(relative)/\(name)"
                var status = stat()
                guard unsafe lstat("\(root)/\(path)", &status) == 0 else { continue }  // gone between the two calls
                switch status.st_mode & S_IFMT {
                case S_IFDIR where depth < maximumDepth: waiting.append((path, depth + 1))
                case S_IFREG where found.count < maximumFiles:
                    let modified = Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
                    found.append(FoundFile(relativePath: path, size: Int(status.st_size), modified: modified))
                default: continue
                }
            }
        }
        return found.sorted { naturallyPrecedes($0.relativePath, $1.relativePath) }
    }

    /// Compares runs of digits by value and the rest byte by byte.
    static func naturallyPrecedes(_ left: String, _ right: String) -> Bool {
        let left = Array(left.utf8)
        let right = Array(right.utf8)
        var (i, j) = (0, 0)
        while i < left.count, j < right.count {
            let (leftRun, rightRun) = (digitRun(left, i), digitRun(right, j))
            if !leftRun.isEmpty, !rightRun.isEmpty {
                let (a, b) = (left[leftRun].drop { $0 == 48 }, right[rightRun].drop { $0 == 48 })
                if a.count != b.count { return a.count < b.count }
                if !a.elementsEqual(b) { return a.lexicographicallyPrecedes(b) }
                (i, j) = (leftRun.upperBound, rightRun.upperBound)
            } else {
                if left[i] != right[j] { return left[i] < right[j] }
                (i, j) = (i + 1, j + 1)
            }
        }
        return left.count - i < right.count - j
    }

    private static func digitRun(_ bytes: [UInt8], _ start: Int) -> Range<Int> {
        var end = start
        while end < bytes.count, (48...57).contains(bytes[end]) { end += 1 }
        return start..<end
    }
}
