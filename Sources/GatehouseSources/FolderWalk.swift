package import GatehouseCore
import Glibc

/// A file found in a folder tree.
struct FoundFile {
    /// Below the folder: `inbox/anna/message_1.json`.
    let relativePath: String
    let size: Int
    /// Nanoseconds since the epoch; whoever writes a file may set it to any time.
    let modified: Int64
    /// Nanoseconds since the epoch, by this machine's clock.
    let changed: Int64
}

/// What a walk has found, and the first thing that kept it from finding more.
struct FolderContents {
    var files: [FoundFile] = []
    var failure: IntakeError?
}

/// Finds the regular files below a folder. Links are not followed, so a tree has no loops and no way out.
package enum FolderWalk {
    static let maximumDepth = 16
    static let maximumFiles = 1_000_000

    /// - Returns: The files in the order of their paths, numbers in names compared as numbers
    ///   (`message_2` before `message_10`).
    /// - Throws: If `root` itself can't be read. A folder below it that can't be is a failure beside the files.
    static func files(below root: String) throws(IntakeError) -> FolderContents {
        var found = FolderContents()
        var waiting: [(path: String, depth: Int)] = [("", 0)]
        while let (relative, depth) = waiting.popLast() {
            let full = relative.isEmpty ? root : "\(root)/\(relative)"
            guard let folder = unsafe opendir(full) else {
                let code = errno
                if relative.isEmpty {
                    throw code == ENOENT ? .missing(path: root) : .unreadable(path: root, reason: systemMessage(code))
                }
                if code == ENOENT { continue }  // gone since its parent was read
                found.note(.unreadable(path: full, reason: systemMessage(code)))
                continue
            }
            defer { unsafe closedir(folder) }
            while let entry = unsafe readdir(folder) {
                let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                        unsafe (valid: String(validatingCString: $0), shown: String(cString: $0))
                    }
                }
                guard !name.shown.hasPrefix(".") else { continue }
                guard let valid = name.valid else {
                    found.note(.unreadable(path: "\(full)/\(name.shown)", reason: "its name is no UTF-8: rename it"))
                    continue
                }
                let path = relative.isEmpty ? valid : "\(relative)/\(valid)"
                if let below = look(at: path, in: root, found: &found), depth < maximumDepth {
                    waiting.append((below, depth + 1))
                }
            }
        }
        found.files.sort { naturallyPrecedes($0.relativePath, $1.relativePath) }
        return found
    }

    /// The files below `root` that may hold messages, as paths that start with `root`, in their order.
    ///
    /// - Returns: Also the first thing that kept the walk from seeing all.
    package static func documents(below root: String) throws(IntakeError) -> (paths: [String], failure: IntakeError?) {
        let found = try files(below: root)
        let names = found.files.map(\.relativePath).filter(DropFolder.mayHoldMessages)
        return (names.map { "\(root)/\($0)" }, found.failure)
    }

    /// - Returns: `path` itself, where it is a folder.
    private static func look(at path: String, in root: String, found: inout FolderContents) -> String? {
        var status = stat()
        guard unsafe lstat("\(root)/\(path)", &status) == 0 else { return nil }  // gone since the folder was read
        switch status.st_mode & S_IFMT {
        case S_IFDIR: return path
        case S_IFREG where found.files.count < maximumFiles: found.files.append(FoundFile(path, status))
        default: break
        }
        return nil
    }

    /// Compares runs of digits by value and the rest byte by byte.
    package static func naturallyPrecedes(_ left: String, _ right: String) -> Bool {
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
        if left.count - i != right.count - j { return left.count - i < right.count - j }
        return left.lexicographicallyPrecedes(right)  // `a01` and `a1` are two names, and have one order
    }

    private static func digitRun(_ bytes: [UInt8], _ start: Int) -> Range<Int> {
        var end = start
        while end < bytes.count, (48...57).contains(bytes[end]) { end += 1 }
        return start..<end
    }
}

extension FolderContents {
    fileprivate mutating func note(_ error: IntakeError) { failure = failure ?? error }
}

extension FoundFile {
    fileprivate init(_ path: String, _ status: stat) {
        func nanoseconds(_ time: timespec) -> Int64 { Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec) }
        self.init(
            relativePath: path,
            size: Int(status.st_size),
            modified: nanoseconds(status.st_mtim),
            changed: nanoseconds(status.st_ctim)
        )
    }

    /// What tells this state of the file from another one.
    var position: String { "\(size):\(modified)" }

    /// The file at `path` as it is now; nil if there is none.
    init?(at path: String, in root: String) {
        var status = stat()
        guard unsafe lstat("\(root)/\(path)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        self.init(path, status)
    }
}
