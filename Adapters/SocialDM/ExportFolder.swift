import GatehouseCore
import Glibc

/// The folder of an export, on the disk or in a zip, and the files in it that its messages name.
///
/// Names come from outside: none leaves the folder, and in a zip none becomes a path.
struct ExportFolder {
    enum Content {
        case bytes([UInt8])
        case missing
        case tooLarge(Int)
        /// Absolute, with `..`, through a symbolic link, or no plain file.
        case forbidden
        /// An entry of a zip that can't be unpacked, and why.
        case damaged(String)
    }

    /// Components of a name; more is no attachment.
    private static let maximumDepth = 16

    let directory: String
    /// Where `directory` is a folder in an archive; its root is the empty name.
    let archive: ZipArchive?

    init(directory: String, archive: ZipArchive? = nil) {
        self.directory = directory
        self.archive = archive
    }

    init(beside place: ZipPlace) {
        let parts = Self.split(place.name).dropLast()
        self.init(directory: parts.joined(separator: "/"), archive: place.archive)
    }

    init(besideFile path: String) {
        let bytes = Array(path.utf8)
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else {
            self.init(directory: ".")
            return
        }
        self.init(directory: slash == 0 ? "/" : String(decoding: bytes[..<slash], as: UTF8.self))
    }

    /// The names of the folders that lead here.
    var components: [String] { Self.split(directory) }

    /// The folder above the first of the last eight folders called `name`.
    ///
    /// Messenger names attachments from the export's root, `messages/inbox/…`, while the thread's file lies deep in it.
    func root(above name: String) -> ExportFolder? {
        let parts = components
        guard let index = parts.indices.suffix(8).first(where: { parts[$0] == name }) else { return nil }
        let prefix = archive != nil ? "" : directory.hasPrefix("/") ? "/" : "./"
        return ExportFolder(directory: prefix + parts[..<index].joined(separator: "/"), archive: archive)
    }

    /// The folder in which this one lies; nil at the root of an archive.
    var parent: ExportFolder? {
        let parts = components
        guard archive != nil else { return ExportFolder(directory: directory + "/..") }
        return parts.isEmpty ? nil : ExportFolder(directory: parts.dropLast().joined(separator: "/"), archive: archive)
    }

    /// Reads a file by a name that an export gives it.
    func read(_ name: String, limit: Int) -> Content {
        let parts = Self.split(name).filter { $0 != "." }
        guard !name.hasPrefix("/"), !name.utf8.contains(0), (1...Self.maximumDepth).contains(parts.count) else {
            return .forbidden
        }
        guard !parts.contains(".."), parts.allSatisfy({ $0.utf8.count <= 255 }) else { return .forbidden }
        if let archive { return Self.read(parts, below: directory, in: archive, limit: limit) }
        var current = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard current >= 0 else { return .missing }
        defer { close(current) }
        for part in parts.dropLast() {
            // Without following links a step can only lead down.
            let next = unsafe openat(current, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard next >= 0 else { return errno == ENOENT ? .missing : .forbidden }
            close(current)
            current = next
        }
        let file = unsafe openat(current, parts[parts.count - 1], O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return errno == ENOENT ? .missing : .forbidden }
        defer { close(file) }
        return Self.read(file, name: name, limit: limit)
    }

    private static func read(_ parts: [String], below folder: String, in archive: ZipArchive, limit: Int) -> Content {
        let name = (folder.isEmpty ? parts : [folder] + parts).joined(separator: "/")
        guard let entry = archive.entry(named: name) else { return .missing }
        do {
            guard let bytes = try archive.content(of: entry, limit: limit) else { return .tooLarge(entry.size) }
            return .bytes(bytes)
        } catch {
            return .damaged(error.words)
        }
    }

    private static func read(_ file: Int32, name: String, limit: Int) -> Content {
        var status = stat()
        guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return .forbidden }
        guard status.st_size <= limit else { return .tooLarge(Int(status.st_size)) }
        let reader = ByteReader(descriptor: file, name: name)
        guard let (bytes, isCut) = try? reader.readAll(limit: limit) else { return .missing }
        return isCut ? .tooLarge(bytes.count) : .bytes(bytes)
    }

    static func split(_ path: String) -> [String] {
        path.utf8.split(separator: UInt8(ascii: "/")).map { String(decoding: Array($0), as: UTF8.self) }
    }
}

extension ExportSession {
    /// An attachment that the export names as a file of its own.
    ///
    /// - Parameters:
    ///   - name: As it stands in the export, relative to `folder`.
    ///   - shown: The file's name for people, where the export tells one.
    func attachment(_ name: String, in folder: ExportFolder?, shown: String? = nil, mediaType: String? = nil)
        -> ExportAttachment
    {
        let title = UnicodeText.normalised(shown ?? Self.lastComponent(name))
        switch folder?.read(name, limit: limits.messageBytes) {
        case .bytes(let bytes):
            return ExportAttachment(AttachmentInfo(bytes: bytes, name: title, mediaType: mediaType), bytes: bytes)
        case .tooLarge(let size):
            var info = AttachmentInfo(status: .omitted, name: title, mediaType: mediaType)
            info.size = size
            return ExportAttachment(info, warning: "attachment_too_large:\(UnicodeText.printable(title))")
        case .forbidden:
            let info = AttachmentInfo(status: .missing, name: title, mediaType: mediaType)
            return ExportAttachment(info, warning: "attachment_outside_export")
        case .damaged(let why):
            let info = AttachmentInfo(status: .missing, name: title, mediaType: mediaType)
            return ExportAttachment(info, warning: "attachment_damaged:\(UnicodeText.printable(why))")
        case .missing, nil:
            return ExportAttachment(AttachmentInfo(status: .missing, name: title, mediaType: mediaType))
        }
    }

    /// An attachment that lies on the platform's servers.
    func remoteAttachment(_ url: String) -> ExportAttachment {
        let path = url.utf8.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        let name = Self.lastComponent(String(decoding: Array(path), as: UTF8.self))
        var info = AttachmentInfo(status: .remote, name: name.isEmpty ? nil : name)
        info.url = url
        return ExportAttachment(info)
    }

    /// What follows the last slash.
    static func lastComponent(_ path: String) -> String {
        let bytes = Array(path.utf8)
        let start = bytes.lastIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }.map { $0 + 1 } ?? 0
        return String(decoding: bytes[start...], as: UTF8.self)
    }
}
